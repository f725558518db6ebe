import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";

import { offerUndo } from "../../components/Undo.component";
import { refusal } from "../../lib/call";
import { tell } from "../../lib/tell";
import { CancelForm } from "./Cancel.form";
import { type AppointmentView, checkIn, markNoShow, moveAppointment, restoreAppointment } from "./diary.resource";
import { timeOf } from "./times";

export type Slot = { practitionerId: string; start: string; end: string };

/** What can be done to an appointment, each said when done and, where the desk can take it back, with its undo. */
export function useActions() {
  const { t } = useTranslation();

  const arrive = (appointment: AppointmentView) =>
    checkIn(appointment.id).then(() => notifications.show({ color: "green", message: t("today.checkedIn", { name: appointment.patientName }), closeButtonProps: { "aria-label": t("common.close") } }), tell);

  const noShow = (appointment: AppointmentView) =>
    markNoShow(appointment.id).then(() => offerUndo(t("diary.markedNoShow", { name: appointment.patientName }), () => restoreAppointment(appointment.id)), tell);

  const restore = (appointment: AppointmentView) =>
    restoreAppointment(appointment.id).then(() => notifications.show({ color: "green", message: t("diary.restored", { name: appointment.patientName }), closeButtonProps: { "aria-label": t("common.close") } }), tell);

  const cancel = (appointment: AppointmentView) => {
    const modalId = "cancel-appointment";
    modals.open({
      modalId,
      title: t("diary.cancel.title", { name: appointment.patientName }),
      closeButtonProps: { "aria-label": t("common.close") },
      children: <CancelForm appointment={appointment} onDone={() => modals.close(modalId)} />,
    });
  };

  /** A second booking at a taken time is made only knowingly. */
  const move = async (appointment: AppointmentView, to: Slot, allowOverlap = false): Promise<void> => {
    try {
      await moveAppointment(appointment.id, to, allowOverlap);
      sayMoved(appointment, to);
    } catch (thrown) {
      if (refusal(thrown).reason !== "overlap") return tell(thrown);
      modals.openConfirmModal({
        title: t("diary.overlap.title"),
        closeButtonProps: { "aria-label": t("common.close") },
        children: <Text>{t("diary.overlap.why")}</Text>,
        labels: { confirm: t("diary.overlap.moveAnyway"), cancel: t("common.cancel") },
        onConfirm: () => void move(appointment, to, true),
      });
    }
  };

  const sayMoved = (before: AppointmentView, to: Slot) =>
    // Where it was is free or was shared knowingly, so undo never asks.
    offerUndo(t("diary.moved", { name: before.patientName, time: timeOf(to.start) }), () =>
      moveAppointment(before.id, { practitionerId: before.practitionerId, start: before.start, end: before.end }, true),
    );

  return { arrive, noShow, restore, cancel, move, sayMoved };
}
