import { Stack, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../../app/session";
import { ErrorState, Loading, NoPermission } from "../../components/States.component";
import { refusal } from "../../lib/call";
import { AppointmentsOf, AppointmentTable } from "./Appointments.component";
import type { ChartView } from "./chart.resource";
import { ChartClosed } from "./ChartClosed.component";
import { ImmunizationsPanel, LastNotesPanel } from "./ChartGlance.component";
import { AllergiesPanel, MedicinesPanel, ProblemsPanel } from "./ChartLists.component";
import { Details } from "./Details.component";
import { History } from "./History.component";
import { Looked } from "./Looked.component";
import { Notes } from "./Notes.component";
import { IdentityBanner, PatientBanner } from "./PatientBanner.component";
import { PatientActions } from "./PatientActions.component";
import classes from "./Patients.module.css";
import { patient as readPatient } from "./patients.resource";
import { Results } from "./Results.component";
import { Timeline } from "./Timeline.component";
import { useChart } from "./useChart";
import { VitalsPanel } from "./Vitals.component";

type Part = { name: string; shows: () => ReactNode };

/** All of one patient that this person may see; what they may not is not hinted at. */
export function PatientPage({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const mayRead = useMay("read_demographics");
  const mayReadChart = useMay("read_chart");
  const mayReadAudit = useMay("read_audit");
  const mayReadDiary = useMay("read_diary");
  const chart = useChart(patientId, mayReadChart);
  // Who somebody is can be seen by more people than why they come.
  const withoutChart = mayRead && (!mayReadChart || chart.isError);
  const person = useQuery({ queryKey: ["Patient", patientId], queryFn: () => readPatient(patientId), enabled: withoutChart });

  if (!mayRead) return <NoPermission who={t("reason.read_demographics")} />;
  if (chart.data) {
    const found = chart.data;
    return (
      <Stack>
        <PatientBanner chart={found} />
        <PatientActions patientId={patientId} mayStart />
        <Parts parts={[...chartParts(found), ...recordParts(patientId, mayReadAudit)]} />
      </Stack>
    );
  }
  if (mayReadChart && chart.isPending) return <Loading />;
  if (person.error) return <ErrorState error={person.error} onRetry={() => void person.refetch()} />;
  if (!person.data) return <Loading />;
  const found = person.data;
  const parts: Part[] = [
    { name: "details", shows: () => <Details patient={found} /> },
    ...(mayReadDiary ? [{ name: "appointments", shows: () => <AppointmentsOf patientId={patientId} /> }] : []),
    ...recordParts(patientId, mayReadAudit),
  ];
  return (
    <Stack>
      <IdentityBanner patient={found} />
      <PatientActions patientId={patientId} mayStart={false} />
      {chart.error &&
        (refusal(chart.error).code === "no_care_relation" ? <ChartClosed patientId={patientId} /> : <ErrorState error={chart.error} onRetry={() => void chart.refetch()} />)}
      <Parts parts={parts} />
    </Stack>
  );
}

function chartParts(chart: ChartView): Part[] {
  return [
    { name: "summary", shows: () => <Summary chart={chart} /> },
    { name: "timeline", shows: () => <Timeline chart={chart} /> },
    { name: "notes", shows: () => <Notes chart={chart} /> },
    { name: "results", shows: () => <Results chart={chart} /> },
    { name: "appointments", shows: () => <AppointmentTable appointments={chart.appointments} /> },
    { name: "details", shows: () => <Details patient={chart.patient} /> },
  ];
}

function recordParts(patientId: string, mayReadAudit: boolean): Part[] {
  return [
    { name: "history", shows: () => <History patientId={patientId} /> },
    ...(mayReadAudit ? [{ name: "looked", shows: () => <Looked patientId={patientId} /> }] : []),
  ];
}

function Parts({ parts }: { parts: Part[] }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = parts.find((part) => part.name === chosen) ?? parts[0];
  if (!shown) return null;
  return (
    <Tabs value={shown.name} onChange={setChosen} keepMounted={false}>
      <Tabs.List mb="md" aria-label={t("patient.tabs")}>
        {parts.map(({ name }) => (
          <Tabs.Tab key={name} value={name} fz="md" px="sm">
            {t(`patient.tab.${name}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {parts.map(({ name, shows }) => (
        <Tabs.Panel key={name} value={name}>
          {shows()}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Summary({ chart }: { chart: ChartView }) {
  return (
    <div className={classes.summary}>
      <Stack gap="lg">
        <AllergiesPanel chart={chart} />
        <ProblemsPanel chart={chart} />
      </Stack>
      <Stack gap="lg">
        <MedicinesPanel chart={chart} />
        <ImmunizationsPanel chart={chart} />
      </Stack>
      <Stack gap="lg">
        <VitalsPanel chart={chart} />
        <LastNotesPanel chart={chart} />
      </Stack>
    </div>
  );
}
