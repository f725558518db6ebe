import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useMay } from "../../app/session";
import type { ChartView, ObservationView } from "./chart.resource";
import { timeInWords } from "./dates";
import { NothingYet, Panel } from "./Panel.component";
import classes from "./Patients.module.css";
import { Sparkline } from "./Sparkline.component";
import { VitalsForm } from "./Vitals.form";
import { label } from "./words";

/** LOINC codes that have a name in the reader's language, in the order a clinician looks. */
const KNOWN = ["85354-9", "8867-4", "8310-5", "9279-1", "2708-6", "29463-7", "8302-2", "39156-5"];

/** A measurement in the reader's language where it is a usual one. */
export function useMeasurementName(): (observation: ObservationView) => string {
  const { t } = useTranslation();
  return (observation) => {
    const code = observation.code.coding.find((coding) => KNOWN.includes(coding.code))?.code;
    return code ? t(`vitals.name.${code}`) : label(observation.code);
  };
}

/** Each vital sign: the last value, when, and its trend. */
export function VitalsPanel({ chart, encounterId = null }: { chart: ChartView; encounterId?: string | null }) {
  const { t } = useTranslation();
  const nameOf = useMeasurementName();
  const may = useMay("write_vitals");
  const patientId = chart.patient.id;
  const groups = new Map<string, ObservationView[]>();
  for (const reading of chart.vitals) {
    const code = reading.code.coding[0]?.code ?? label(reading.code);
    groups.set(code, [...(groups.get(code) ?? []), reading]);
  }
  const place = (code: string) => (KNOWN.includes(code) ? KNOWN.indexOf(code) : KNOWN.length);
  const shown = [...groups].sort(([a], [b]) => place(a) - place(b));
  return (
    <Panel
      title={t("vitals.title")}
      add={may ? { label: t("vitals.record"), form: (close) => <VitalsForm patientId={patientId} encounterId={encounterId} onClose={close} /> } : undefined}
    >
      {shown.length === 0 && <NothingYet>{t("vitals.none")}</NothingYet>}
      {shown.map(([code, readings]) => {
        const last = readings[0];
        if (!last) return null;
        return (
          <div key={code} className={classes.vital}>
            <div>
              <Text fz="md">
                {nameOf(last)}{" "}
                <Text span fw={600} fz="inherit">
                  <bdi>
                    {last.value} {last.unit}
                  </bdi>
                </Text>
              </Text>
              {last.effective && (
                <Text fz="sm" c="dimmed">
                  {timeInWords(last.effective)}
                </Text>
              )}
            </div>
            <Sparkline name={nameOf(last)} readings={readings} />
          </div>
        );
      })}
    </Panel>
  );
}
