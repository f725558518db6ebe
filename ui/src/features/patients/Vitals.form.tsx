import { NumberInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";

import { recordVitals, type VitalsRequest } from "./chart.resource";
import { ChartForm } from "./ChartForm.component";
import classes from "./Patients.module.css";
import { useChartChanged } from "./useChart";

const FIELDS = ["systolic", "diastolic", "pulse", "temperatureC", "respiratoryRate", "spo2", "weightKg", "heightCm"] as const satisfies (keyof VitalsRequest)[];
type Field = (typeof FIELDS)[number];
type Values = Record<Field, number | string>;

/** What was measured now; what is left empty was not measured. The desk knows what a living person can have. */
export function VitalsForm({ patientId, encounterId, onClose }: { patientId: string; encounterId: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const changed = useChartChanged(patientId);
  const form = useForm<Values>({
    initialValues: { systolic: "", diastolic: "", pulse: "", temperatureC: "", respiratoryRate: "", spo2: "", weightKg: "", heightCm: "" },
    validate: { systolic: (_, values) => (FIELDS.every((field) => values[field] === "") ? t("vitals.oneNeeded") : null) },
  });
  const given = (value: number | string) => (typeof value === "number" ? value : null);
  return (
    <ChartForm
      draft={`vitals:${patientId}`}
      label={t("vitals.record")}
      save={t("vitals.save")}
      form={form}
      onClose={onClose}
      onSave={async (values) => {
        await recordVitals({
          patientId,
          encounterId,
          systolic: given(values.systolic),
          diastolic: given(values.diastolic),
          pulse: given(values.pulse),
          temperatureC: given(values.temperatureC),
          respiratoryRate: given(values.respiratoryRate),
          spo2: given(values.spo2),
          weightKg: given(values.weightKg),
          heightCm: given(values.heightCm),
        });
        await changed();
      }}
    >
      <div className={classes.pair}>
        {FIELDS.map((field, at) => (
          <NumberInput
            key={field}
            label={t(`vitals.field.${field}`)}
            autoFocus={at === 0}
            hideControls
            allowNegative={false}
            decimalScale={2}
            allowedDecimalSeparators={[".", ","]}
            autoComplete="off"
            {...form.getInputProps(field)}
          />
        ))}
      </div>
    </ChartForm>
  );
}
