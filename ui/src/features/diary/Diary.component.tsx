import { ActionIcon, Button, Group, SegmentedControl, Select, Stack, Text, Title, Tooltip } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useHotkeys } from "@mantine/hooks";
import { IconCalendarPlus, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay, useSession } from "../../app/session";
import { EmptyState, ErrorState, Loading, NoPermission } from "../../components/States.component";
import { UndoRegion } from "../../components/Undo.component";
import { locale } from "../../lib/locale";
import { useNow } from "../../lib/useNow";
import { CalledOff } from "./CalledOff.component";
import type { AppointmentView, PractitionerView } from "./diary.resource";
import { type Column, Grid } from "./Grid.component";
import { addDays, addMinutes, dayOf, minutesBetween, mondayOf, today } from "./times";
import { useActions } from "./useActions";
import { useAppointments, usePractitioners, useSharedRefresh } from "./useDiary";

type View = "day" | "week";
const WEEK = 7;

/** Who is booked with whom: a day of everybody, or a week of one. */
export function Diary() {
  const { t } = useTranslation();
  return useMay("read_diary") ? <Allowed /> : <NoPermission who={t("reason.read_diary")} />;
}

function Allowed() {
  const { t, i18n } = useTranslation();
  const { staffId } = useSession();
  const { open, panel } = useNavigation();
  const mayWrite = useMay("write_diary");
  const now = useNow();
  const actions = useActions();
  const [view, setView] = useState<View>("day");
  const [day, setDay] = useState(today);
  const [chosen, choose] = useState<string | null>(null);
  useSharedRefresh();

  const days = view === "day" ? 1 : WEEK;
  const from = view === "day" ? day : mondayOf(day);
  const practitioners = usePractitioners();
  const appointments = useAppointments(from, days);
  const people = practitioners.data ?? [];
  const one = people.find(({ id }) => id === (chosen ?? staffId)) ?? people[0];

  const turn = (by: number) => setDay((shown) => addDays(shown, by * days));
  // From anywhere but an open form, where the day behind it must stay still.
  const rtl = i18n.dir() === "rtl";
  const [Back, On] = rtl ? [IconChevronRight, IconChevronLeft] : [IconChevronLeft, IconChevronRight];
  const key = (action: () => void) => () => panel === null && action();
  useHotkeys([
    ["alt+ArrowLeft", key(() => turn(rtl ? 1 : -1))],
    ["alt+ArrowRight", key(() => turn(rtl ? -1 : 1))],
    ["alt+Home", key(() => setDay(today()))],
  ]);

  const error = practitioners.error ?? appointments.error;
  const shown = appointments.data?.filter(({ start }) => dayOf(start) >= from && dayOf(start) < addDays(from, days));
  const live = shown?.filter(({ status }) => status !== "cancelled");
  const columns = live && (view === "day" ? dayColumns(live, people, day, t("diary.others")) : one ? weekColumns(live, one, from, locale()) : []);
  const heading = headingOf(from, days, locale());

  return (
    <Stack gap="sm">
      <UndoRegion />
      <Group justify="space-between">
        <div>
          <Title order={1} fz="1.5rem">
            {t("nav.diary")}
          </Title>
          <Text role="status">{heading}</Text>
        </div>
        {mayWrite && (
          <Tooltip label={`${t("panel.book")}  Ctrl B`}>
            <Button leftSection={<IconCalendarPlus size={18} aria-hidden />} onClick={() => open({ form: "book" })}>
              {t("diary.book.book")}
            </Button>
          </Tooltip>
        )}
      </Group>
      <Group align="flex-end" role="group" aria-label={t("diary.shown")}>
        <Group gap={4}>
          <Turn label={t(`diary.previous.${view}`)} keys={rtl ? "Alt →" : "Alt ←"} icon={<Back size={20} aria-hidden />} onTurn={() => turn(-1)} />
          <Tooltip label={`${t("diary.today")}  Alt Home`}>
            <Button variant="default" onClick={() => setDay(today())}>
              {t("diary.today")}
            </Button>
          </Tooltip>
          <Turn label={t(`diary.next.${view}`)} keys={rtl ? "Alt ←" : "Alt →"} icon={<On size={20} aria-hidden />} onTurn={() => turn(1)} />
        </Group>
        <SegmentedControl aria-label={t("diary.view")} value={view} onChange={(next) => setView(next as View)} data={(["day", "week"] as const).map((value) => ({ value, label: t(`diary.${value}`) }))} transitionDuration={0} />
        <DateInput aria-label={t("diary.date")} valueFormat="DD MMM YYYY" value={day} onChange={(next) => next && setDay(next)} w={150} />
        {view === "week" && <Select aria-label={t("diary.practitioner")} data={people.map(({ id, name }) => ({ value: id, label: name }))} value={one?.id ?? null} onChange={choose} allowDeselect={false} searchable w={220} />}
      </Group>
      {error && <ErrorState error={error} onRetry={() => void Promise.all([practitioners.refetch(), appointments.refetch()])} />}
      {!error && (!columns || practitioners.isPending) && <Loading />}
      {!error && columns && practitioners.isSuccess && columns.length === 0 && <EmptyState title={t("diary.nobody")} text={t("diary.nobodyWhy")} />}
      {!error && columns && columns.length > 0 && (
        <>
          {columns.every((column) => column.appointments.length === 0) && <Text c="dimmed">{mayWrite ? t("diary.emptyBook") : t("diary.empty")}</Text>}
          <Grid
            columns={columns}
            now={now}
            onBook={mayWrite ? (column, start) => open({ form: "book", start, ...(column.practitionerId ? { practitionerId: column.practitionerId } : {}) }) : null}
            onDrop={({ appointment, practitionerId, start }) =>
              void actions.move(appointment, { practitionerId: practitionerId || appointment.practitionerId, start, end: addMinutes(start, minutesBetween(appointment.start, appointment.end)) })
            }
          />
          <CalledOff appointments={(shown ?? []).filter(({ status, practitionerId }) => status === "cancelled" && (view === "day" || practitionerId === one?.id))} />
        </>
      )}
    </Stack>
  );
}

function Turn({ label, keys, icon, onTurn }: { label: string; keys: string; icon: React.ReactNode; onTurn: () => void }) {
  return (
    <Tooltip label={`${label}  ${keys}`}>
      <ActionIcon variant="default" size={36} onClick={onTurn} aria-label={label}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

/** A column for everybody who sees patients, and one for bookings with people who no longer do. */
function dayColumns(live: AppointmentView[], people: PractitionerView[], day: string, others: string): Column[] {
  const known = new Set(people.map(({ id }) => id));
  const columns = people.map(({ id, name }) => ({ key: id, label: name, practitionerId: id, day, appointments: live.filter((one) => one.practitionerId === id) }));
  const rest = live.filter((one) => !known.has(one.practitionerId));
  return rest.length === 0 ? columns : [...columns, { key: "others", label: others, practitionerId: "", day, appointments: rest }];
}

function weekColumns(live: AppointmentView[], { id }: PractitionerView, monday: string, language: string): Column[] {
  const format = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short" });
  return Array.from({ length: WEEK }, (_, index) => {
    const day = addDays(monday, index);
    return { key: day, label: format.format(localDate(day)), practitionerId: id, day, appointments: live.filter((one) => one.practitionerId === id && dayOf(one.start) === day) };
  });
}

function headingOf(from: string, days: number, language: string): string {
  const format = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return days === 1 ? format.format(localDate(from)) : format.formatRange(localDate(from), localDate(addDays(from, days - 1)));
}

/** Noon, so that no clock change moves the day. */
const localDate = (day: string) => new Date(`${day}T12:00`);
