import { Button, Group, Modal } from "@mantine/core";
import { IconCalendarPlus, IconPencil, IconStethoscope, IconWalk } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { useStartVisit } from "./useStartVisit";
import { WalkIn } from "./WalkIn.component";

/** What is done with a patient from their page. `mayStart` where the chart is open: elsewhere the visit is offered with its reason. */
export function PatientActions({ patientId, mayStart }: { patientId: string; mayStart: boolean }) {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { start, busy } = useStartVisit(patientId);
  const [walking, setWalking] = useState(false);
  const mayBook = useMay("write_diary");
  const mayCheckIn = useMay("check_in");
  const mayEdit = useMay("write_demographics");
  return (
    <Group gap="xs">
      {mayStart && (
        <Button leftSection={<IconStethoscope size={18} aria-hidden />} loading={busy} onClick={start}>
          {t("patient.startVisit")}
        </Button>
      )}
      {mayBook && (
        <Button variant="default" leftSection={<IconCalendarPlus size={18} aria-hidden />} onClick={() => open({ form: "book", patientId })}>
          {t("patient.book")}
        </Button>
      )}
      {mayCheckIn && (
        <Button variant="default" leftSection={<IconWalk size={18} aria-hidden />} onClick={() => setWalking(true)}>
          {t("walkIn.title")}
        </Button>
      )}
      {mayEdit && (
        <Button variant="default" leftSection={<IconPencil size={18} aria-hidden />} onClick={() => open({ form: "editPatient", patientId })}>
          {t("patient.edit")}
        </Button>
      )}
      <Modal opened={walking} onClose={() => setWalking(false)} title={t("walkIn.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
        <WalkIn patientId={patientId} onDone={() => setWalking(false)} />
      </Modal>
    </Group>
  );
}
