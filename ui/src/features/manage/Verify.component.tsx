import { Alert, Button, Group, List, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../../components/States.component";
import { verifyAudit } from "./manage.resource";

/** Reads the chains from end to end and says in words what was found. */
export function Verify() {
  const { t } = useTranslation();
  const check = useMutation({ mutationFn: async () => ({ ...(await verifyAudit()), at: dayjs().format("HH:mm") }) });
  const found = check.data;
  const sentence = !found ? t("audit.notChecked") : found.ok ? t("audit.sound", { count: found.events, at: found.at }) : t("audit.touched", { count: found.faults.length, at: found.at });
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} fz="lg">
            <span role="status">{sentence}</span>
          </Title>
          <Text c="dimmed">{t("audit.what")}</Text>
        </div>
        <Button onClick={() => check.mutate()} loading={check.isPending}>
          {t("audit.verify")}
        </Button>
      </Group>
      {check.error && <ErrorState error={check.error} onRetry={() => check.mutate()} />}
      {found?.ok && (
        <Alert color="green" variant="light">
          {t("audit.soundWhy", { count: found.chains })}
        </Alert>
      )}
      {found && !found.ok && (
        <Alert color="red" variant="light" role="alert" title={t("audit.touchedTitle")}>
          <Text mb="xs">{t("audit.touchedWhy")}</Text>
          <List>
            {found.faults.map((fault) => (
              <List.Item key={`${fault.desk}-${fault.chain}-${fault.seq}-${fault.kind}`}>{t(`audit.fault.${fault.kind}`, { seq: fault.seq, desk: fault.desk, defaultValue: `${fault.kind} ${fault.seq} ${fault.desk}` })}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </Stack>
  );
}
