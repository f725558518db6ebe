import { Alert, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import type { UseFormReturnType } from "@mantine/form";
import { IconArrowsRightLeft } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import i18n from "../../i18n";
import { addMinutes, readTime } from "./times";
import { usePractitioners } from "./useDiary";

const DURATIONS = [10, 15, 20, 30, 45, 60];

/** With whom, when and for how long, as it is typed. */
export type When = { practitionerId: string | null; day: string | null; time: string; minutes: string };

export const whenFaults = {
  practitionerId: (id: string | null) => (id ? null : i18n.t("reason.required")),
  day: (day: string | null) => (day ? null : i18n.t("reason.required")),
  time: (time: string) => (readTime(time) ? null : i18n.t("diary.book.timeFault")),
};

/** Valid values as the desk takes them. */
export function slotOf({ practitionerId, day, time, minutes }: When): { practitionerId: string; start: string; end: string } {
  const start = `${day}T${readTime(time)}`;
  return { practitionerId: practitionerId ?? "", start, end: addMinutes(start, Number(minutes)) };
}

/** The field of the form that the desk found faulty. */
export const whenField = (field: string) => (field === "start" ? "time" : field === "end" ? "minutes" : field);

export function WhenFields<Values extends When>({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useTranslation();
  const practitioners = usePractitioners();
  const minutes = Number(form.values.minutes);
  const durations = DURATIONS.includes(minutes) ? DURATIONS : [...DURATIONS, minutes].sort((a, b) => a - b);
  return (
    <>
      <Select
        label={t("diary.practitioner")}
        required
        searchable
        data={(practitioners.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        {...form.getInputProps("practitionerId")}
      />
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <DateInput label={t("diary.date")} required valueFormat="DD MMM YYYY" miw={150} {...form.getInputProps("day")} />
        <TextInput label={t("diary.book.time")} placeholder="09:30" required autoComplete="off" inputMode="numeric" miw={110} {...form.getInputProps("time")} />
        <Select label={t("diary.book.duration")} allowDeselect={false} miw={130} data={durations.map((value) => ({ value: String(value), label: t("diary.minutes", { count: value }) }))} {...form.getInputProps("minutes")} />
      </Group>
    </>
  );
}

/** Says that the time is taken, and offers to take it all the same. */
export function OverlapOffer({ label, busy, onAnyway }: { label: string; busy: boolean; onAnyway: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert color="yellow" variant="light" role="alert" icon={<IconArrowsRightLeft aria-hidden />} title={t("diary.overlap.title")}>
      <Stack gap="sm" align="flex-start">
        <Text>{t("diary.overlap.why")}</Text>
        <Button variant="default" loading={busy} onClick={onAnyway}>
          {label}
        </Button>
      </Stack>
    </Alert>
  );
}
