import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useTranslation } from "react-i18next";

import { tell } from "../lib/tell";
import { useMay, useSession } from "./session";
import { deleteDemo } from "./session.resource";

/** Asks by name, since it cannot be undone; null for those who may not, and where there is no demo. */
export function useDeleteDemo(onDeleted: () => void): (() => void) | null {
  const { t } = useTranslation();
  const manager = useMay("manage_clinic");
  const { clinic, demo } = useSession();
  if (!demo || !manager) return null;
  return () =>
    modals.openConfirmModal({
      title: t("demo.deleteTitle", { clinic }),
      closeButtonProps: { "aria-label": t("common.close") },
      children: <Text>{t("demo.deleteWhy")}</Text>,
      labels: { confirm: t("demo.deleteYes"), cancel: t("common.cancel") },
      confirmProps: { color: "red" },
      onConfirm: () => void deleteDemo().then(onDeleted, tell),
    });
}
