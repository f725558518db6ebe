import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";

import { stepUp } from "../app/session.resource";
import { refusal } from "../lib/call";
import { explain } from "../lib/errors";

/**
 * Runs an action; where the desk wants a fresh proof of who is there, asks the password and runs it again.
 * Closing the question throws the refusal, as if nobody had asked.
 */
export function useStepUp(): <T>(action: () => Promise<T>) => Promise<T> {
  const { t } = useTranslation();
  return useCallback(
    async (action) => {
      try {
        return await action();
      } catch (thrown) {
        if (refusal(thrown).code !== "step_up_needed") throw thrown;
        await new Promise<void>((proven, refused) => {
          const modalId = "step-up";
          const done = () => {
            proven();
            modals.close(modalId);
          };
          modals.open({
            modalId,
            title: t("stepUp.title"),
            closeButtonProps: { "aria-label": t("common.close") },
            // After `done` the promise is settled and this changes nothing.
            onClose: () => refused(thrown),
            children: <Question onProven={done} onCancel={() => modals.close(modalId)} />,
          });
        });
        return action();
      }
    },
    [t],
  );
}

function Question({ onProven, onCancel }: { onProven: () => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const confirm = async () => {
    setBusy(true);
    setFault(null);
    try {
      await stepUp(password);
      onProven();
    } catch (thrown) {
      setFault(thrown);
      setPassword("");
    } finally {
      setBusy(false);
    }
  };
  const words = fault === null ? null : explain(fault);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
    >
      <Stack>
        <Text>{t("stepUp.why")}</Text>
        <PasswordInput
          label={t("common.password")}
          data-autofocus
          autoComplete="off"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={words && `${words.title}. ${words.advice}`}
          visibilityToggleButtonProps={{ "aria-label": t("password.show") }}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={password === ""}>
            {t("stepUp.confirm")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
