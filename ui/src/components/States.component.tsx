import { Alert, Box, Button, Center, Loader, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { explain } from "../lib/errors";

const SHOWN_AFTER_MS = 300;

/** Data is local: a sign of waiting that flashes by only disturbs, so it comes after 300 ms. */
export function Loading({ label }: { label?: string }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Center mih={120} role="status" aria-live="polite">
      {shown && (
        <Stack align="center" gap="xs">
          <Loader size="sm" aria-hidden />
          <Text c="dimmed">{label ?? t("common.loading")}</Text>
        </Stack>
      )}
    </Center>
  );
}

/** What happened, what is safe, what to do next; with a way to try again where trying helps. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { title, advice } = explain(error);
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle aria-hidden />} title={title}>
      <Stack gap="sm" align="flex-start">
        <Text>{advice}</Text>
        {onRetry && (
          <Button variant="default" onClick={onRetry}>
            {t("common.retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Says what would be here and offers the first step. */
export function EmptyState({ title, text, icon, action }: { title: string; text?: ReactNode; icon?: ReactNode; action?: ReactNode }) {
  return (
    <Center mih={160} p="lg">
      <Stack align="center" gap="xs" maw={460}>
        {icon && (
          <Box c="dimmed" aria-hidden>
            {icon}
          </Box>
        )}
        <Title order={3} fz="lg" ta="center">
          {title}
        </Title>
        {text && (
          <Text c="dimmed" ta="center">
            {text}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}

/** Says who can, so that nobody looks for a fault. */
export function NoPermission({ who }: { who?: string }) {
  const { t } = useTranslation();
  return <EmptyState icon={<IconLock size={28} />} title={t("common.noPermissionTitle")} text={who ?? t("common.noPermissionAdvice")} />;
}
