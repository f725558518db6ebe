import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/States.component";

export function Consultation(props: { encounterId: string }) {
  const { t } = useTranslation();
  return <EmptyState key={JSON.stringify(props)} title={t("frame.notHere")} />;
}
