import { Button, Group, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../../components/States.component";
import { fieldFault } from "../../lib/errors";
import { focusFirst } from "../../lib/focusFirst";
import { useSealedForm } from "../../lib/useSealedForm";

type Props<Values extends Record<string, unknown>> = {
  /** Names the sealed draft: the form and whom it is about. */
  draft: string;
  label: string;
  save: string;
  form: UseFormReturnType<Values>;
  onSave: (values: Values) => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
};

/** A short form within a chart: Ctrl Enter saves, Esc closes it and keeps what was typed. */
export function ChartForm<Values extends Record<string, unknown>>({ draft, label, save, form, onSave, onClose, children }: Props<Values>) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { restored, drop } = useSealedForm(draft, form);

  const send = async (values: Values) => {
    if (busy) return;
    setBusy(true);
    setFault(null);
    try {
      await onSave(values);
      await drop();
      onClose();
    } catch (thrown) {
      const field = fieldFault(thrown);
      if (field && field.field in values) {
        form.setFieldError(field.field, field.words);
        focusFirst();
      } else setFault(thrown);
      setBusy(false);
    }
  };
  const submit = form.onSubmit((values) => void send(values), focusFirst);
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    // A list that is open in a field takes Esc for itself.
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.stopPropagation();
      onClose();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      event.currentTarget.requestSubmit();
    }
  };
  return (
    <form onSubmit={submit} onKeyDown={onKeyDown} noValidate aria-label={label}>
      <Stack gap="sm" py="xs">
        {restored && (
          <Text fz="sm" c="dimmed" role="status">
            {t("common.restored")}
          </Text>
        )}
        {children}
        {fault !== null && <ErrorState error={fault} />}
        <Group gap="xs">
          <Button type="submit" loading={busy} title="Ctrl Enter">
            {save}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
