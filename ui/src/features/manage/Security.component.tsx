import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { DeskChecks, useDeskChecks } from "../../components/DeskChecks.component";

/** How well this desk is guarded, and what of it needs a hand. */
export function Security() {
  const { t } = useTranslation();
  const { keyring } = useSession();
  const { data, isFetching, refetch } = useDeskChecks();
  const look = data?.filter((check) => !check.ok).length ?? 0;
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <Title order={2} fz="lg">
          <span role="status">{!data ? t("security.looking") : look === 0 ? t("security.well", { count: data.length }) : t("security.look", { count: look, all: data.length })}</span>
        </Title>
        <Button onClick={() => void refetch()} loading={isFetching}>
          {t("security.again")}
        </Button>
      </Group>
      <Alert color={keyring === "os" ? "green" : "yellow"} variant="light" title={t(`security.keyring.${keyring}.title`)}>
        <Text>{t(`security.keyring.${keyring}.why`)}</Text>
      </Alert>
      <Title order={3} fz="md">
        {t("checks.title")}
      </Title>
      <DeskChecks />
    </Stack>
  );
}
