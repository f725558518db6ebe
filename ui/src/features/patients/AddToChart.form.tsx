import { NativeSelect, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";

import { addAllergy, addCondition, addMedication, type AllergyRequest } from "./chart.resource";
import { ChartForm } from "./ChartForm.component";
import { dateInWords, readDate } from "./dates";
import { useChartChanged } from "./useChart";

type Props = { patientId: string; onClose: () => void };
const blank = (words: string) => (text: string) => (text.trim() === "" ? words : null);
const CRITICALITIES = ["high", "low", "unable-to-assess"] as const;

export function AllergyForm({ patientId, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useChartChanged(patientId);
  const form = useForm({ initialValues: { substance: "", criticality: "", reaction: "" }, validate: { substance: blank(t("reason.required")) } });
  return (
    <ChartForm
      draft={`allergy:${patientId}`}
      label={t("allergy.add")}
      save={t("allergy.save")}
      form={form}
      onClose={onClose}
      onSave={async ({ substance, criticality, reaction }) => {
        await addAllergy({ patientId, substance: substance.trim(), criticality: (criticality || null) as AllergyRequest["criticality"], reaction: reaction.trim() });
        await changed();
      }}
    >
      <TextInput label={t("allergy.substance")} required autoFocus autoComplete="off" dir="auto" {...form.getInputProps("substance")} />
      <NativeSelect
        label={t("allergy.criticality.label")}
        data={[{ value: "", label: t("allergy.criticality.notSaid") }, ...CRITICALITIES.map((value) => ({ value, label: t(`allergy.criticality.${value}`) }))]}
        {...form.getInputProps("criticality")}
      />
      <TextInput label={t("allergy.reaction")} autoComplete="off" dir="auto" {...form.getInputProps("reaction")} />
    </ChartForm>
  );
}

export function ProblemForm({ patientId, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useChartChanged(patientId);
  const form = useForm({
    initialValues: { text: "", onset: "" },
    validate: {
      text: blank(t("reason.required")),
      onset: (typed) => {
        const { fault } = readDate(typed);
        return fault && t(`reason.${fault}`);
      },
    },
  });
  const onset = readDate(form.values.onset).iso;
  return (
    <ChartForm
      draft={`condition:${patientId}`}
      label={t("problem.add")}
      save={t("problem.save")}
      form={form}
      onClose={onClose}
      onSave={async (values) => {
        await addCondition({ patientId, text: values.text.trim(), code: null, onset: readDate(values.onset).iso });
        await changed();
      }}
    >
      <TextInput label={t("problem.text")} required autoFocus autoComplete="off" dir="auto" {...form.getInputProps("text")} />
      <TextInput label={t("problem.onset")} description={onset ? dateInWords(onset, "long") : t("patient.dateHint")} autoComplete="off" {...form.getInputProps("onset")} />
    </ChartForm>
  );
}

export function MedicineForm({ patientId, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useChartChanged(patientId);
  const form = useForm({ initialValues: { medication: "", dosage: "" }, validate: { medication: blank(t("reason.required")) } });
  return (
    <ChartForm
      draft={`medication:${patientId}`}
      label={t("medicine.add")}
      save={t("medicine.save")}
      form={form}
      onClose={onClose}
      onSave={async ({ medication, dosage }) => {
        await addMedication({ patientId, medication: medication.trim(), dosage: dosage.trim() });
        await changed();
      }}
    >
      <TextInput label={t("medicine.name")} required autoFocus autoComplete="off" dir="auto" {...form.getInputProps("medication")} />
      <TextInput label={t("medicine.dosage")} description={t("medicine.dosageHint")} autoComplete="off" dir="auto" {...form.getInputProps("dosage")} />
    </ChartForm>
  );
}
