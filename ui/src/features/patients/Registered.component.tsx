import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconCalendarPlus, IconFolderOpen, IconUserPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { dateInWords } from "./dates";
import type { PatientView } from "./patients.resource";
import { WalkIn } from "./WalkIn.component";

/** Registered is rarely the end: they are here now, or want a time. */
export function Registered({ patient, onAnother }: { patient: PatientView; onAnother: () => void }) {
  const { t } = useTranslation();
  const { go, open, close } = useNavigation();
  const mayBook = useMay("write_diary");
  const mayCheckIn = useMay("check_in");
  return (
    <Stack>
      <div role="status">
        <Title order={3} fz="lg">
          <bdi>{t("register.done", { name: patient.displayName })}</bdi>
        </Title>
        <Text c="dimmed">{[dateInWords(patient.birthDate, "long"), t(`gender.${patient.gender}`)].filter(Boolean).join(", ")}</Text>
      </div>
      <Text>{t("register.next")}</Text>
      {mayCheckIn && <WalkIn patientId={patient.id} focus onDone={close} />}
      <Group gap="xs">
        {mayBook && (
          <Button variant="default" leftSection={<IconCalendarPlus size={18} aria-hidden />} onClick={() => open({ form: "book", patientId: patient.id })}>
            {t("register.book")}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconFolderOpen size={18} aria-hidden />}
          autoFocus={!mayCheckIn}
          onClick={() => {
            go({ page: "patient", patientId: patient.id });
            close();
          }}
        >
          {t("register.open")}
        </Button>
        <Button variant="default" leftSection={<IconUserPlus size={18} aria-hidden />} onClick={onAnother}>
          {t("register.another")}
        </Button>
      </Group>
    </Stack>
  );
}
