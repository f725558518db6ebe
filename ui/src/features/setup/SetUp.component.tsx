import { Alert, Button, Divider, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Page } from "../../components/Page.component";
import { ErrorState } from "../../components/States.component";
import { Kit } from "./Kit.component";
import { type DeskState, type RecoveryKit, startDemo } from "./setup.resource";
import { SetUpForm } from "./SetUp.form";

/** The first minutes of a desk: a clinic of one's own or a demo, then the recovery kit, once. */
export function SetUp({ state, onDone }: { state: DeskState; onDone: () => Promise<void> }) {
  const { t } = useTranslation();
  const [step, setStep] = useState<"choose" | "form">("choose");
  const [kit, setKit] = useState<RecoveryKit | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const demo = async () => {
    setBusy(true);
    setFault(null);
    try {
      await startDemo();
      await onDone();
    } catch (thrown) {
      setFault(thrown);
    } finally {
      setBusy(false);
    }
  };

  if (kit) return <Kit kit={kit} onDone={onDone} />;
  if (step === "form")
    return (
      <Page title={t("setup.title")}>
        <SetUpForm keyring={state.keyring} onBack={() => setStep("choose")} onMade={setKit} />
      </Page>
    );
  return (
    <Page title={t("setup.welcome")}>
      <Stack>
        <Text>{t("setup.what")}</Text>
        {state.keyring === "locked" && (
          <Alert color="yellow" variant="light" title={t("error.keyring_locked.title")}>
            {t("keyring.locked")}
          </Alert>
        )}
        <Button size="md" onClick={() => setStep("form")} autoFocus>
          {t("setup.mine")}
        </Button>
        <Text c="dimmed">{t("setup.mineWhy")}</Text>
        <Divider />
        <Button size="md" variant="default" onClick={() => void demo()} loading={busy}>
          {t("setup.demo")}
        </Button>
        <Text c="dimmed">{t("setup.demoWhy")}</Text>
        {busy && <Text role="status">{t("setup.making")}</Text>}
        {fault !== null && <ErrorState error={fault} onRetry={() => void demo()} />}
      </Stack>
    </Page>
  );
}
