import { Alert, Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { NewPassword } from "../../components/Password.component";
import { explain } from "../../lib/errors";
import { type DeskState, recover } from "./locked.resource";

const KIT_WORDS = 24;

/** The recovery kit opens the desk where a password, the computer's keyring or the computer itself is gone. */
export function RecoverForm({ state, onUnlocked, onBack }: { state: DeskState; onUnlocked: () => Promise<void>; onBack: () => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [staffId, setStaffId] = useState<string | null>(state.staff.length === 1 ? (state.staff[0]?.id ?? null) : null);
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  // Kits are copied with numbers and line breaks: only the words count.
  const typed = words.toLowerCase().match(/\p{L}+/gu) ?? [];
  const person = state.staff.find((one) => one.id === staffId);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    try {
      await recover(typed.join(" "), staffId, password);
      await onUnlocked();
    } catch (thrown) {
      setFault(thrown);
    } finally {
      setBusy(false);
    }
  };

  const said = fault === null ? null : explain(fault);
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <Text>{t("recover.why")}</Text>
        <Textarea
          label={t("recover.words")}
          description={t("recover.count", { count: typed.length, total: KIT_WORDS })}
          rows={4}
          required
          autoFocus
          spellCheck={false}
          autoComplete="off"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        {state.staff.length > 0 && (
          <Select label={t("recover.whose")} data={state.staff.map((one) => ({ value: one.id, label: one.name }))} value={staffId} onChange={setStaffId} required allowDeselect={false} />
        )}
        <NewPassword label={t("recover.newPassword")} value={password} onChange={setPassword} names={[state.clinic ?? "", person?.name ?? ""]} />
        {said && (
          <Alert color="red" variant="light" role="alert" title={said.title}>
            {said.advice}
          </Alert>
        )}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            {t("common.back")}
          </Button>
          <Button type="submit" loading={busy} disabled={typed.length !== KIT_WORDS || password === ""}>
            {t("recover.open")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
