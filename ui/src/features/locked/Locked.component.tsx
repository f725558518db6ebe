import { Alert, Anchor, Button, Code, Divider, Group, List, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Trans, useTranslation } from "react-i18next";

import { ErrorState } from "../../components/States.component";
import { Page } from "../../components/Page.component";
import { deleteDemo, type DeskState } from "./locked.resource";
import { RecoverForm } from "./Recover.form";
import { UnlockForm } from "./Unlock.form";

const REASONS = ["idle", "limit", "os_lock", "suspend"];

/** Holds nothing of any patient: the clinic's name, who may open it, and how. */
export function Locked({ state, lockedBy, onUnlocked }: { state: DeskState; lockedBy: string | null; onUnlocked: () => Promise<void> }) {
  const { t } = useTranslation();
  const [recovering, setRecovering] = useState(state.keyring === "lost");
  const [protects, setProtects] = useState(false);
  if (recovering)
    return (
      <Page title={t("recover.title")}>
        <Keyring state={state} />
        <RecoverForm state={state} onUnlocked={onUnlocked} onBack={() => setRecovering(false)} />
      </Page>
    );
  return (
    <Page title={state.clinic ?? t("locked.title")}>
      <Stack>
        {/* Said to screen readers too: the screen has just changed under the person's hands. */}
        <Text c="dimmed" role="status">
          {lockedBy !== null && REASONS.includes(lockedBy) ? t(`locked.by.${lockedBy}`) : t("locked.locked")}
        </Text>
        {state.recording && (
          <Alert color="red" variant="light" title={t("locked.recording")}>
            {t("locked.recordingWhy")}
          </Alert>
        )}
        <Keyring state={state} />
        {state.demo && <Demo state={state} onDeleted={onUnlocked} />}
        {/* Another list of people is another form: nobody stays chosen from the one before. */}
        <UnlockForm key={state.staff.map((person) => person.id).join(" ")} state={state} onUnlocked={onUnlocked} />
        <Divider />
        <Group justify="space-between">
          <Anchor component="button" type="button" onClick={() => setRecovering(true)}>
            {t("locked.forgot")}
          </Anchor>
          <Anchor component="button" type="button" onClick={() => setProtects((shown) => !shown)} aria-expanded={protects}>
            {t("locked.protects")}
          </Anchor>
        </Group>
        {protects && (
          <List spacing="xs">
            {(["encrypted", "noKeys", "recording", "log"] as const).map((point) => (
              <List.Item key={point}>{t(`locked.point.${point}`)}</List.Item>
            ))}
          </List>
        )}
      </Stack>
    </Page>
  );
}

function Keyring({ state }: { state: DeskState }) {
  const { t } = useTranslation();
  if (state.keyring === "os" || state.keyring === "none") return null;
  return (
    <Alert color="yellow" variant="light" title={t(`error.keyring_${state.keyring}.title`)} mb="md">
      {t(`keyring.${state.keyring}`)}
    </Alert>
  );
}

function Demo({ state, onDeleted }: { state: DeskState; onDeleted: () => Promise<void> }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  return (
    <Alert variant="light" title={t("demo.title")}>
      <Stack gap="xs" align="flex-start">
        <Text>
          <Trans i18nKey="demo.password" values={{ password: state.demoPassword ?? "" }} components={{ code: <Code fz="md" /> }} />
        </Text>
        {fault !== null && <ErrorState error={fault} />}
        {asked ? (
          <Group gap="xs">
            <Text>{t("demo.deleteWhy")}</Text>
            <Button color="red" size="compact-md" onClick={() => void deleteDemo().then(onDeleted, setFault)}>
              {t("demo.deleteYes")}
            </Button>
            <Button variant="default" size="compact-md" onClick={() => setAsked(false)}>
              {t("common.cancel")}
            </Button>
          </Group>
        ) : (
          <Anchor component="button" type="button" onClick={() => setAsked(true)}>
            {t("demo.delete")}
          </Anchor>
        )}
      </Stack>
    </Alert>
  );
}
