import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/States.component";

export function BookForm(props: { patientId?: string; practitionerId?: string; start?: string }) {
  const { t } = useTranslation();
  return <EmptyState key={JSON.stringify(props)} title={t("frame.notHere")} />;
}

export function MoveForm(props: { appointmentId: string }) {
  const { t } = useTranslation();
  return <EmptyState key={JSON.stringify(props)} title={t("frame.notHere")} />;
}
