import { Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../../app/session";
import { ErrorState, Loading, NoPermission } from "../../components/States.component";
import { UndoRegion } from "../../components/Undo.component";
import { locale } from "../../lib/locale";
import { useNow } from "../../lib/useNow";
import { today } from "../diary/times";
import { isOn, useAppointments, usePractitioners, useSharedRefresh } from "../diary/useDiary";
import { DayList } from "./DayList.component";
import { MyPatients } from "./MyPatients.component";
import { Queue } from "./Queue.component";
import classes from "./Today.module.css";
import { queue } from "./today.resource";
import { WhoIsHere } from "./WhoIsHere.component";

/** Where the day is run: who is here, who is next, who is booked. */
export function Today() {
  const { t } = useTranslation();
  return useMay("read_diary") ? <Allowed /> : <NoPermission who={t("reason.read_diary")} />;
}

function Allowed() {
  const { t } = useTranslation();
  const { staffId, roles } = useSession();
  const mayCheckIn = useMay("check_in");
  const mayOpen = useMay("read_chart");
  const now = useNow();
  const day = today(now);
  useSharedRefresh();
  const waiting = useQuery({ queryKey: ["Encounter", "queue", day], queryFn: () => queue(day) });
  const booked = useAppointments(day);
  const practitioners = usePractitioners();

  const all = [waiting, booked, practitioners];
  const error = all.find((one) => one.error)?.error;
  const entries = waiting.data;
  const people = practitioners.data;
  const appointments = booked.data?.filter(isOn(day));
  // A nurse's patients are mostly a doctor's: the list is there once somebody waits for the nurse.
  const clinical = mayOpen && (roles.includes("doctor") || (entries ?? []).some((entry) => entry.practitionerId === staffId && entry.stage !== "done"));

  return (
    <Stack>
      <UndoRegion />
      <div>
        <Title order={1} fz="1.5rem">
          {t("nav.today")}
        </Title>
        <Text>{new Intl.DateTimeFormat(locale(), { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(now)}</Text>
      </div>
      {error && <ErrorState error={error} onRetry={() => void Promise.all(all.map((one) => one.refetch()))} />}
      {!error && !(entries && people && appointments) && <Loading />}
      {!error && entries && people && appointments && (
        <>
          {clinical && <MyPatients entries={entries} staffId={staffId} now={now} />}
          {mayCheckIn && <WhoIsHere appointments={appointments} queue={entries} practitioners={people} now={now} autoFocus={!clinical} />}
          <div className={classes.halves}>
            <Queue entries={entries} now={now} />
            <DayList appointments={appointments} practitioners={people} ownId={staffId} now={now} />
          </div>
        </>
      )}
    </Stack>
  );
}
