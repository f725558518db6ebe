import { Alert, Button, Group, List, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { DeskChecks } from "../../components/DeskChecks.component";
import { Page } from "../../components/Page.component";
import type { DeskState } from "./locked.resource";

/** The record cannot be opened: it was set aside, never made anew. What to do is said in order. */
export function Damaged({ state, onRetry }: { state: DeskState; onRetry: () => Promise<void> }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const again = () => {
    setBusy(true);
    void onRetry().finally(() => setBusy(false));
  };
  return (
    <Page title={state.clinic ?? t("damaged.title")} width={640}>
      <Stack>
        <Alert color="red" variant="light" role="alert" title={t("error.damaged.title")}>
          {t("damaged.safe")}
        </Alert>
        <Title order={2} fz="lg">
          {t("damaged.next")}
        </Title>
        <List type="ordered" spacing="xs">
          {(["disk", "folder", "backup", "help"] as const).map((step) => (
            <List.Item key={step}>{t(`damaged.step.${step}`)}</List.Item>
          ))}
        </List>
        <Group>
          <Button onClick={again} loading={busy}>
            {t("common.retry")}
          </Button>
        </Group>
        <Title order={2} fz="lg">
          {t("checks.title")}
        </Title>
        <Text c="dimmed">{t("damaged.checks")}</Text>
        <DeskChecks />
      </Stack>
    </Page>
  );
}
