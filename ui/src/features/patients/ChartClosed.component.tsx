import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useStartVisit } from "./useStartVisit";

/** The chart opens to whoever cares for the patient: says so, and how that comes about. */
export function ChartClosed({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const { start, busy } = useStartVisit(patientId);
  return (
    <Alert color="yellow" variant="light" icon={<IconLock aria-hidden />} title={t("error.no_care_relation.title")}>
      <Stack gap="sm" c="var(--mantine-color-text)">
        <Text>{t("error.no_care_relation.advice")}</Text>
        <Text>{t("patient.chartClosedHow")}</Text>
        <Group>
          <Button loading={busy} onClick={start}>
            {t("patient.startVisit")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
