import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { getHotkeyHandler } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../../components/States.component";
import { offerUndo } from "../../components/Undo.component";
import { fieldFault } from "../../lib/errors";
import { focusFirst } from "../../lib/focusFirst";
import { useSealedForm } from "../../lib/useSealedForm";
import { type AppointmentView, cancelAppointment, restoreAppointment } from "./diary.resource";
import { timeOf } from "./times";

/** Why an appointment is given up; the time becomes free at once and can be taken back. */
export function CancelForm({ appointment, onDone }: { appointment: AppointmentView; onDone: () => void }) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const form = useForm({ initialValues: { reason: "" }, validate: { reason: (reason) => (reason.trim() === "" ? t("reason.required") : null) } });
  const { drop } = useSealedForm(`cancel:${appointment.id}`, form);

  const cancel = async ({ reason }: { reason: string }) => {
    setBusy(true);
    setFault(null);
    try {
      await cancelAppointment(appointment.id, reason.trim());
      await drop();
      onDone();
      offerUndo(t("diary.cancelled", { name: appointment.patientName }), () => restoreAppointment(appointment.id));
    } catch (thrown) {
      const field = fieldFault(thrown);
      if (field?.field === "reason") form.setFieldError("reason", field.words);
      else setFault(thrown);
      setBusy(false);
    }
  };
  const submit = form.onSubmit((values) => void cancel(values), focusFirst);

  return (
    <form onSubmit={submit} onKeyDown={getHotkeyHandler([["mod+Enter", () => submit()]])} noValidate>
      <Stack>
        <Text>
          {timeOf(appointment.start)} <bdi>{appointment.patientName}</bdi>
        </Text>
        <TextInput label={t("diary.cancel.reason")} description={t("diary.cancel.reasonWhy")} required data-autofocus autoComplete="off" dir="auto" {...form.getInputProps("reason")} />
        {fault !== null && <ErrorState error={fault} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t("diary.cancel.keep")}
          </Button>
          <Button type="submit" color="red" loading={busy} title="Ctrl Enter">
            {t("diary.cancel.do")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
