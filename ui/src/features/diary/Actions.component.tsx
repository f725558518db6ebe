import { Menu } from "@mantine/core";
import { IconArrowBackUp, IconCalendarTime, IconCalendarX, IconUser, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import type { AppointmentView } from "./diary.resource";
import { localNow } from "./times";
import { useActions } from "./useActions";

/** The menu of one appointment: what this person may do with it in the state it is in. Goes into a Menu.Dropdown. */
export function ActionItems({ appointment }: { appointment: AppointmentView }) {
  const { t } = useTranslation();
  const { go, open } = useNavigation();
  const actions = useActions();
  const mayCheckIn = useMay("check_in");
  const mayWrite = useMay("write_diary");
  const mayRead = useMay("read_demographics");
  const booked = appointment.status === "booked";
  return (
    <>
      {booked && mayCheckIn && (
        <Menu.Item leftSection={<IconUserCheck size={18} aria-hidden />} onClick={() => void actions.arrive(appointment)}>
          {t("diary.do.checkIn")}
        </Menu.Item>
      )}
      {booked && mayWrite && (
        <>
          <Menu.Item leftSection={<IconCalendarTime size={18} aria-hidden />} onClick={() => open({ form: "move", appointmentId: appointment.id })}>
            {t("diary.do.move")}
          </Menu.Item>
          {/* Who is not due yet cannot have stayed away. */}
          {appointment.start <= localNow() && (
            <Menu.Item leftSection={<IconUserOff size={18} aria-hidden />} onClick={() => void actions.noShow(appointment)}>
              {t("diary.do.noShow")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconCalendarX size={18} aria-hidden />} onClick={() => actions.cancel(appointment)}>
            {t("diary.do.cancel")}
          </Menu.Item>
        </>
      )}
      {(appointment.status === "noshow" || appointment.status === "cancelled") && mayWrite && (
        <Menu.Item leftSection={<IconArrowBackUp size={18} aria-hidden />} onClick={() => void actions.restore(appointment)}>
          {t(`diary.do.restore.${appointment.status}`)}
        </Menu.Item>
      )}
      {mayRead && (
        <Menu.Item leftSection={<IconUser size={18} aria-hidden />} onClick={() => go({ page: "patient", patientId: appointment.patientId })}>
          {t("diary.do.patient")}
        </Menu.Item>
      )}
    </>
  );
}
