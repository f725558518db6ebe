import { Alert, Button, SimpleGrid, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { PasswordField } from "../../components/Password.component";
import { minutes } from "../../lib/clock";
import { refusal } from "../../lib/call";
import { explain } from "../../lib/errors";
import classes from "./Locked.module.css";
import { deskState, type DeskState, unlock } from "./locked.resource";
import { useWait } from "./useWait";

/** Who, then the password, then Enter. */
export function UnlockForm({ state, onUnlocked }: { state: DeskState; onUnlocked: () => Promise<void> }) {
  const { t } = useTranslation();
  const only = state.staff.length === 1 ? state.staff[0] : undefined;
  const [staffId, setStaffId] = useState(only?.id ?? "");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { seconds, wait } = useWait(state.waitSeconds);
  const field = useRef<HTMLInputElement>(null);
  const tiles = state.staff.length > 0;
  const who = tiles ? staffId : name.trim();

  const choose = (id: string) => {
    setStaffId(id);
    setFault(null);
    field.current?.focus();
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || who === "" || password === "" || seconds > 0) return;
    setBusy(true);
    setFault(null);
    try {
      await unlock(who, password);
      await onUnlocked();
    } catch (thrown) {
      setFault(thrown);
      setPassword("");
      // A wrong try may cost a wait already: the desk knows.
      const error = refusal(thrown);
      wait(error.waitSeconds ?? (await deskState().then((now) => now.waitSeconds, () => 0)));
      field.current?.focus();
    } finally {
      setBusy(false);
    }
  };

  const words = fault === null || refusal(fault).code === "wait" ? null : refusal(fault).code === "not_found" ? { title: t("locked.unknown"), advice: t("error.wrong_password.advice") } : explain(fault);
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        {tiles ? (
          <div role="group" aria-label={t("locked.who")}>
            <Text fw={500} mb={6} aria-hidden>
              {t("locked.who")}
            </Text>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
              {state.staff.map((person) => (
                <UnstyledButton key={person.id} className={classes.tile ?? ""} aria-pressed={person.id === staffId} onClick={() => choose(person.id)} autoFocus={!only && person === state.staff[0]}>
                  {person.name}
                </UnstyledButton>
              ))}
            </SimpleGrid>
          </div>
        ) : (
          <TextInput label={t("locked.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} autoComplete="off" autoFocus />
        )}
        <PasswordField ref={field} label={t("common.password")} value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoFocus={tiles && only !== undefined} />
        {seconds > 0 && (
          <Alert color="yellow" variant="light" title={t("error.wait.title")}>
            <span role="timer">{t("locked.wait", { time: minutes(seconds) })}</span>
          </Alert>
        )}
        {words && (
          <Alert color="red" variant="light" role="alert" title={words.title}>
            {words.advice}
          </Alert>
        )}
        <Button type="submit" size="md" loading={busy} disabled={seconds > 0}>
          {t("locked.unlock")}
        </Button>
      </Stack>
    </form>
  );
}
