import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { getHotkeyHandler } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { ErrorState } from "../../components/States.component";
import { fieldFault } from "../../lib/errors";
import { focusFirst } from "../../lib/focusFirst";
import { useSealedForm } from "../../lib/useSealedForm";
import type { PractitionerView } from "../diary/diary.resource";
import { type PatientHit, walkIn } from "./today.resource";

type Props = { patient: PatientHit; practitioners: PractitionerView[]; onDone: () => void };

/** A patient without a booking: to whom, and why. */
export function WalkInForm({ patient, practitioners, onDone }: Props) {
  const { t } = useTranslation();
  const { staffId } = useSession();
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  // Whoever sees patients and types this usually means themselves; otherwise the only one there is.
  const likely = practitioners.find(({ id }) => id === staffId) ?? (practitioners.length === 1 ? practitioners[0] : undefined);
  const form = useForm<{ practitionerId: string | null; reason: string }>({
    initialValues: { practitionerId: likely?.id ?? null, reason: "" },
    validate: { practitionerId: (id) => (id ? null : t("reason.required")) },
  });
  const { restored, drop } = useSealedForm(`walkIn:${patient.id}`, form);

  const take = async ({ practitionerId, reason }: typeof form.values) => {
    setBusy(true);
    setFault(null);
    try {
      await walkIn(patient.id, practitionerId ?? "", reason.trim());
      await drop();
      onDone();
      notifications.show({ color: "green", message: t("today.checkedIn", { name: patient.displayName }), closeButtonProps: { "aria-label": t("common.close") } });
    } catch (thrown) {
      const field = fieldFault(thrown);
      if (field && field.field in form.values) form.setFieldError(field.field, field.words);
      else setFault(thrown);
      setBusy(false);
    }
  };
  const submit = form.onSubmit((values) => void take(values), focusFirst);

  return (
    <form onSubmit={submit} onKeyDown={getHotkeyHandler([["mod+Enter", () => submit()]])} noValidate>
      <Stack>
        <Text fw={600}>
          <bdi>{patient.displayName}</bdi>
        </Text>
        <Text c="dimmed">{t("today.walkIn.why")}</Text>
        {restored && <Text c="dimmed">{t("common.restored")}</Text>}
        <Select label={t("diary.practitioner")} required searchable {...(likely ? {} : { "data-autofocus": true })} data={practitioners.map(({ id, name }) => ({ value: id, label: name }))} {...form.getInputProps("practitionerId")} />
        <TextInput label={t("diary.book.reason")} {...(likely ? { "data-autofocus": true } : {})} autoComplete="off" dir="auto" {...form.getInputProps("reason")} />
        {fault !== null && <ErrorState error={fault} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone} title="Esc">
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={busy} title="Ctrl Enter">
            {t("today.walkIn.take")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
