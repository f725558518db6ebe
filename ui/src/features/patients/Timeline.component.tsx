import { Button, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { EmptyState } from "../../components/States.component";
import type { ChartView, ObservationView } from "./chart.resource";
import { dateInWords } from "./dates";
import classes from "./Patients.module.css";
import { useMeasurementName } from "./Vitals.component";
import { label } from "./words";

const DAYS_AT_ONCE = 15;

type Kind = "visit" | "appointment" | "measurement" | "result" | "immunization";
type Happening = { key: string; at: string; kind: Kind; words: string; encounterId?: string };

/** Everything that happened, newest day first. */
export function Timeline({ chart }: { chart: ChartView }) {
  const { t } = useTranslation();
  const { go } = useNavigation();
  const nameOf = useMeasurementName();
  const [shownDays, setShownDays] = useState(DAYS_AT_ONCE);
  const days = [...byDay(happenings(chart, nameOf, (status) => t(`visits.appointmentStatus.${status}`, { defaultValue: status })))].sort(([a], [b]) => b.localeCompare(a));
  if (days.length === 0) return <EmptyState title={t("timeline.none")} text={t("timeline.noneWhy")} />;
  return (
    <Stack gap="md" maw={860}>
      {days.slice(0, shownDays).map(([day, events]) => (
        <section key={day} aria-label={day ? dateInWords(day) : t("timeline.undated")}>
          <Title order={2} fz="md" mb={4}>
            {day ? dateInWords(day, "long") : t("timeline.undated")}
          </Title>
          {events.map((event) => (
            <div key={event.key} className={classes.event}>
              <Text c="dimmed">{t(`timeline.${event.kind}`)}</Text>
              <div>
                <Text dir="auto">{event.words}</Text>
                {event.encounterId && (
                  <Button variant="subtle" size="compact-md" px={0} aria-label={t("timeline.openVisit", { date: dateInWords(event.at) })} onClick={() => event.encounterId && go({ page: "consultation", encounterId: event.encounterId })}>
                    {t("note.toVisit")}
                  </Button>
                )}
              </div>
            </div>
          ))}
        </section>
      ))}
      {days.length > shownDays && (
        <Button variant="default" style={{ alignSelf: "flex-start" }} onClick={() => setShownDays(shownDays + DAYS_AT_ONCE)}>
          {t("timeline.more")}
        </Button>
      )}
    </Stack>
  );
}

function happenings(chart: ChartView, nameOf: (observation: ObservationView) => string, statusOf: (status: string) => string): Happening[] {
  const measured = (kind: Kind) => (one: ObservationView) => ({ key: one.id, at: one.effective ?? "", kind, words: `${nameOf(one)} ${one.value} ${one.unit}`.trim() });
  const visited = new Set(chart.visits.map((visit) => visit.encounterId));
  return [
    ...chart.visits.map((visit) => ({
      key: visit.encounterId,
      at: visit.date,
      kind: "visit" as const,
      words: [visit.practitioner, visit.reason, visit.firstLines].filter(Boolean).join(". "),
      encounterId: visit.encounterId,
    })),
    // An appointment that became a visit is told by the visit.
    ...chart.appointments
      .filter((one) => one.encounterId === null || !visited.has(one.encounterId))
      .map((one) => ({ key: one.id, at: one.start, kind: "appointment" as const, words: [one.start.slice(11, 16), one.reason, statusOf(one.status)].filter(Boolean).join(", ") })),
    ...chart.vitals.map(measured("measurement")),
    ...chart.observations.map(measured("result")),
    ...chart.immunizations.map((one) => ({ key: one.id, at: one.occurrence ?? "", kind: "immunization" as const, words: label(one.vaccine) })),
  ];
}

/** By the day on this desk's clock; partial dates stand under what they say. */
function byDay(all: Happening[]): Map<string, Happening[]> {
  const days = new Map<string, Happening[]>();
  for (const one of [...all].sort((a, b) => b.at.localeCompare(a.at))) {
    const day = localDay(one.at);
    days.set(day, [...(days.get(day) ?? []), one]);
  }
  return days;
}

function localDay(at: string): string {
  if (at.length <= 10) return at;
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at.slice(0, 10);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}
