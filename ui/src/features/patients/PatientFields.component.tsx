import { Group, NativeSelect, NumberInput, Radio, Stack, Switch, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { dateInWords } from "./dates";
import classes from "./Patients.module.css";
import { birthOf, nameFromText } from "./patientValues";
import type { PatientForm } from "./usePatientForm";
import { identifierKind, identifierKinds, identifierSystem } from "./words";

const GENDERS = ["female", "male", "other", "unknown"] as const;

/** The six that tell one person from another. `beside` comes right after the name, where a likely duplicate is seen in time. */
export function PatientFields({ form, beside }: { form: PatientForm; beside: ReactNode }) {
  const { t } = useTranslation();
  const { values } = form;
  // The keyboard starts where the search left off; decided once, or typing would move it.
  const [first] = useState(() => firstEmpty(form));
  const start = (field: string) => (field === first ? { "data-autofocus": true } : {});
  const read = birthOf(values);
  const year = typeof values.age === "number" ? new Date().getFullYear() - values.age : null;

  const toggle = (asOne: boolean) =>
    form.setValues(asOne ? { asOne, whole: values.whole || `${values.given} ${values.family}`.trim() } : { asOne, ...(values.given || values.family ? {} : split(values.whole)) });

  return (
    <Stack gap="sm">
      {values.asOne ? (
        <TextInput label={t("register.whole")} description={t("register.wholeHint")} required autoComplete="off" dir="auto" {...start("whole")} {...form.getInputProps("whole")} />
      ) : (
        <div className={classes.pair}>
          <TextInput label={t("register.given")} required autoComplete="off" dir="auto" {...start("given")} {...form.getInputProps("given")} />
          <TextInput label={t("register.family")} autoComplete="off" dir="auto" {...start("family")} {...form.getInputProps("family")} />
        </div>
      )}
      <Switch label={t("register.asOne")} checked={values.asOne} onChange={(event) => toggle(event.currentTarget.checked)} />
      {beside}
      <div className={classes.pair}>
        <TextInput
          label={t("register.birthDate")}
          description={read.iso ? dateInWords(read.iso, "long") : t("patient.dateHint")}
          descriptionProps={{ "aria-live": "polite", fw: read.iso ? 600 : 400 }}
          autoComplete="off"
          inputMode="text"
          {...start("birth")}
          {...form.getInputProps("birth")}
          onChange={(event) => form.setValues({ birth: event.currentTarget.value, ...(event.currentTarget.value ? { age: "" } : {}) })}
        />
        <NumberInput
          label={t("register.age")}
          description={year === null ? "\u00a0" : t("register.ageMeans", { year })}
          hideControls
          allowNegative={false}
          allowDecimal={false}
          autoComplete="off"
          {...form.getInputProps("age")}
          onChange={(age) => form.setValues({ age, ...(age === "" ? {} : { birth: "" }) })}
        />
      </div>
      <Radio.Group label={t("register.sex")} required {...form.getInputProps("gender")}>
        <Group gap="lg" mt={6} mb={4}>
          {GENDERS.map((gender) => (
            <Radio key={gender} value={gender} label={t(`gender.${gender}`)} error={Boolean(form.errors.gender)} />
          ))}
        </Group>
      </Radio.Group>
      <TextInput label={t("register.phone")} type="tel" autoComplete="off" {...start("phone")} {...form.getInputProps("phone")} />
      <div className={classes.pair}>
        <TextInput label={t("register.identifier")} autoComplete="off" {...form.getInputProps("identifier")} />
        <NativeSelect label={t("register.identifierKind")} data={kindsWith(values.identifierSystem, t("register.noKind"))} {...form.getInputProps("identifierSystem")} />
      </div>
    </Stack>
  );
}

function firstEmpty({ values }: PatientForm): string {
  if (values.asOne) return values.whole ? "birth" : "whole";
  if (!values.given && !values.family) return "given";
  return values.family ? "birth" : "family";
}

function split(whole: string) {
  const { given, family } = nameFromText(whole);
  return given || family ? { given, family } : { given: whole, family: "" };
}

/** The usual kinds, and the one that is stored where it is another. */
export function kindsWith(system: string, noKind: string): { value: string; label: string }[] {
  const usual = identifierKinds.map((kind) => ({ value: identifierSystem(kind), label: identifierKind(kind) }));
  const known = system === "" || usual.some(({ value }) => value === system);
  return [...(known ? [] : [{ value: system, label: identifierKind(system) || system }]), ...usual, { value: "", label: noKind }];
}
