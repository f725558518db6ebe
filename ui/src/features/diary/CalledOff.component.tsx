import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useMay } from "../../app/session";
import type { AppointmentView } from "./diary.resource";
import { timeOf } from "./times";
import { useActions } from "./useActions";

/** Cancelled appointments take no time in the diary; they are listed below it, to be taken back. */
export function CalledOff({ appointments }: { appointments: AppointmentView[] }) {
  const { t } = useTranslation();
  const { restore } = useActions();
  const mayWrite = useMay("write_diary");
  if (appointments.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={2} fz="md">
        {t("diary.calledOff", { count: appointments.length })}
      </Title>
      <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {appointments.map((appointment) => (
          <Group component="li" key={appointment.id} gap="sm">
            <Text>
              {timeOf(appointment.start)} <bdi>{appointment.patientName}</bdi>
            </Text>
            {mayWrite && (
              <Button variant="subtle" size="compact-sm" onClick={() => void restore(appointment)} aria-label={t("diary.restoreName", { name: appointment.patientName })}>
                {t("diary.do.restore.cancelled")}
              </Button>
            )}
          </Group>
        ))}
      </ul>
    </Stack>
  );
}
