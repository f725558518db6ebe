import { Badge, Group, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { deskChecks } from "./checks.resource";
import { ErrorState, Loading } from "./States.component";

export const useDeskChecks = () => useQuery({ queryKey: ["deskChecks"], queryFn: deskChecks });

/** What of this computer is well, and what to do where it is not. */
export function DeskChecks() {
  const { t, i18n } = useTranslation();
  const { data, error, refetch } = useDeskChecks();
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <List listStyleType="none" spacing="md" aria-label={t("checks.title")}>
      {data.map((check) => {
        // The desk speaks English; where the advice is known it is said in the reader's language.
        const known = i18n.language !== "en" && i18n.exists(`checks.${check.name}.advice`);
        return (
          <List.Item key={check.name} icon={check.ok ? <IconCircleCheck color="var(--mantine-color-green-7)" aria-hidden /> : <IconAlertTriangle color="var(--mantine-color-yellow-8)" aria-hidden />}>
            <Stack gap={2}>
              <Group gap="xs">
                <Text fw={600}>{t(`checks.${check.name}.name`, { defaultValue: check.name })}</Text>
                <Badge variant="light" color={check.ok ? "green" : "yellow"} tt="none" size="lg" autoContrast>
                  {check.ok ? t("checks.ok") : t("checks.look")}
                </Badge>
              </Group>
              <Text c="dimmed">{check.detail}</Text>
              {!check.ok && <Text>{known ? t(`checks.${check.name}.advice`) : check.advice}</Text>}
            </Stack>
          </List.Item>
        );
      })}
    </List>
  );
}
