import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/States.component";

export function RegisterForm(props: { name: string }) {
  const { t } = useTranslation();
  return <EmptyState key={JSON.stringify(props)} title={t("frame.notHere")} />;
}

export function EditPatientForm(props: { patientId: string }) {
  const { t } = useTranslation();
  return <EmptyState key={JSON.stringify(props)} title={t("frame.notHere")} />;
}
