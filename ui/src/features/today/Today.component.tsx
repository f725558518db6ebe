import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/States.component";

export function Today() {
  const { t } = useTranslation();
  return <EmptyState title={t("frame.notHere")} />;
}
