import { Button, Group, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { getHotkeyHandler } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../../components/States.component";
import { fieldFault } from "../../lib/errors";
import { useSealedForm } from "../../lib/useSealedForm";
import { addAddendum, type NoteView } from "./consultation.resource";

/** Words to a signed note; they stand below it under the name of whoever adds them, and never change either. */
export function AddendumForm({ noteId, onAdded }: { noteId: string; onAdded: (note: NoteView) => Promise<void> }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const form = useForm({ initialValues: { text: "" } });
  const { drop } = useSealedForm(`addendum:${noteId}`, form);
  const empty = form.values.text.trim() === "";

  const add = async () => {
    if (empty || busy) return;
    setBusy(true);
    setFault(null);
    try {
      const note = await addAddendum(noteId, form.values.text.trim());
      await drop();
      await onAdded(note);
    } catch (thrown) {
      const field = fieldFault(thrown);
      if (field?.field === "text") form.setFieldError("text", field.words);
      else setFault(thrown);
      setBusy(false);
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Textarea label={t("consultation.addendum.label")} description={t("consultation.addendum.why")} rows={3} resize="vertical" dir="auto" onKeyDown={getHotkeyHandler([["mod+Enter", () => void add()]])} {...form.getInputProps("text")} />
      {fault !== null && <ErrorState error={fault} />}
      <Group justify="flex-end" mt="xs">
        <Button type="submit" variant="default" disabled={empty} loading={busy}>
          {t("consultation.addendum.add")}
        </Button>
      </Group>
    </form>
  );
}
