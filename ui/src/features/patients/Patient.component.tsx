import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/States.component";

export function PatientPage(props: { patientId: string }) {
  const { t } = useTranslation();
  return <EmptyState key={JSON.stringify(props)} title={t("frame.notHere")} />;
}
