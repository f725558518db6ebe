import { ActionIcon, Button, Group, Menu, Text, Title } from "@mantine/core";
import { IconCalendarPlus, IconDots } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { EmptyState } from "../../components/States.component";
import { ActionItems } from "../diary/Actions.component";
import type { AppointmentView, PractitionerView } from "../diary/diary.resource";
import { Status } from "../diary/Status.component";
import { localNow, timeOf } from "../diary/times";
import { useActions } from "../diary/useActions";
import classes from "./Today.module.css";

type Props = { appointments: AppointmentView[]; practitioners: PractitionerView[]; ownId: string; now: Date };

/** Today's diary as a list by practitioner; one's own first. */
export function DayList({ appointments, practitioners, ownId, now }: Props) {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const mayWrite = useMay("write_diary");
  const live = appointments.filter(({ status }) => status !== "cancelled");
  const known = new Set(practitioners.map(({ id }) => id));
  const groups = [
    ...practitioners.map(({ id, name }) => ({ id, name, list: live.filter((one) => one.practitionerId === id) })).sort((a, b) => Number(b.id === ownId) - Number(a.id === ownId)),
    { id: "others", name: t("diary.others"), list: live.filter((one) => !known.has(one.practitionerId)) },
  ].filter(({ list }) => list.length > 0);

  return (
    <section aria-labelledby="day-title">
      <Title order={2} fz="lg" mb="xs" id="day-title">
        {t("today.diary")}
      </Title>
      {groups.length === 0 && (
        <EmptyState
          title={t("today.diaryEmpty")}
          text={t("today.diaryEmptyWhy")}
          action={
            mayWrite && (
              <Button variant="default" leftSection={<IconCalendarPlus size={18} aria-hidden />} onClick={() => open({ form: "book" })}>
                {t("panel.book")}
              </Button>
            )
          }
        />
      )}
      {groups.map(({ id, name, list }) => (
        <div key={id} role="group" aria-labelledby={`day-${id}`}>
          <Title order={3} fz="md" mt="sm" id={`day-${id}`}>
            <bdi>{name}</bdi>{" "}
            <Text span c="dimmed" inherit fw={400}>
              {list.length}
            </Text>
          </Title>
          <ul className={classes.plain}>
            {list.map((appointment) => (
              <Line key={appointment.id} appointment={appointment} begun={appointment.start <= localNow(now)} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Line({ appointment, begun }: { appointment: AppointmentView; begun: boolean }) {
  const { t } = useTranslation();
  const actions = useActions();
  const mayCheckIn = useMay("check_in");
  const mayWrite = useMay("write_diary");
  const name = appointment.patientName;
  const booked = appointment.status === "booked";
  return (
    <li className={classes.line} data-overlaps={appointment.overlaps || undefined}>
      <Text fw={600} className={classes.time ?? ""}>{timeOf(appointment.start)}</Text>
      <div>
        <Text>
          <bdi>{name}</bdi>
        </Text>
        <Status appointment={appointment} />
        {appointment.reason && (
          <Text fz="sm" c="dimmed" dir="auto">
            {appointment.reason}
          </Text>
        )}
        <Group gap={4} mt={4}>
          {booked && mayCheckIn && (
            <Button size="compact-md" variant="light" onClick={() => void actions.arrive(appointment)} aria-label={t("today.checkInName", { name })}>
              {t("diary.do.checkIn")}
            </Button>
          )}
          {booked && begun && mayWrite && (
            <Button size="compact-md" variant="subtle" color="gray" onClick={() => void actions.noShow(appointment)} aria-label={t("today.noShowName", { name })}>
              {t("diary.do.noShow")}
            </Button>
          )}
        </Group>
      </div>
      <Menu position="bottom-end" shadow="md" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={30} aria-label={t("today.moreName", { name, time: timeOf(appointment.start) })} title={t("today.more")}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <ActionItems appointment={appointment} />
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
