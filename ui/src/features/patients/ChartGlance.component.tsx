import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { ChartView } from "./chart.resource";
import { AllergiesPanel, MedicinesPanel, ProblemsPanel } from "./ChartLists.component";
import { dateInWords } from "./dates";
import { NothingYet, Panel } from "./Panel.component";
import classes from "./Patients.module.css";
import { VitalsPanel } from "./Vitals.component";
import { label } from "./words";

const LAST_NOTES = 3;

/** The chart in one column beside the work. `encounterId` ties vital signs to the visit they were taken in. */
export function ChartGlance({ chart, encounterId = null }: { chart: ChartView; encounterId?: string | null }) {
  return (
    <Stack gap="lg">
      <AllergiesPanel chart={chart} />
      <ProblemsPanel chart={chart} />
      <MedicinesPanel chart={chart} />
      <VitalsPanel chart={chart} encounterId={encounterId} />
      <LastNotesPanel chart={chart} besides={encounterId} />
    </Stack>
  );
}

/** How the last visits went, in their first lines. `besides` leaves out the visit that is open. */
export function LastNotesPanel({ chart, besides = null }: { chart: ChartView; besides?: string | null }) {
  const { t } = useTranslation();
  const visits = [...chart.visits]
    .filter((visit) => visit.noteId !== null && visit.encounterId !== besides)
    .sort((a, b) => b.date.localeCompare(a.date))
    .slice(0, LAST_NOTES);
  return (
    <Panel title={t("note.last")}>
      {visits.length === 0 && <NothingYet>{t("note.none")}</NothingYet>}
      <ul className={classes.hits}>
        {visits.map((visit) => (
          <li key={visit.encounterId} className={classes.item}>
            <div>
              <Text fz="sm" c="dimmed">
                {[dateInWords(visit.date), visit.practitioner, visit.noteStatus === "final" ? "" : t("note.unsigned")].filter(Boolean).join(", ")}
              </Text>
              <Text dir="auto" lineClamp={3}>
                {visit.firstLines || visit.reason || t("note.empty")}
              </Text>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function ImmunizationsPanel({ chart }: { chart: ChartView }) {
  const { t } = useTranslation();
  const given = [...chart.immunizations].sort((a, b) => (b.occurrence ?? "").localeCompare(a.occurrence ?? ""));
  return (
    <Panel title={t("immunization.title")}>
      {given.length === 0 && <NothingYet>{t("immunization.none")}</NothingYet>}
      <ul className={classes.hits}>
        {given.map((one) => (
          <li key={one.id} className={classes.item}>
            <Text dir="auto">{label(one.vaccine)}</Text>
            <Text c="dimmed" style={{ whiteSpace: "nowrap" }}>
              {dateInWords(one.occurrence)}
            </Text>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
