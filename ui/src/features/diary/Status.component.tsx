import { Group, Text } from "@mantine/core";
import { IconArrowsRightLeft, IconBell, IconCalendarX, IconCheck, IconCircle, IconDoor, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { AppointmentView } from "./diary.resource";

/** How far an appointment has come; each state has a shape and a word of its own, none is told by colour alone. */
const shapes = {
  booked: IconCircle,
  arrived: IconUserCheck,
  called: IconBell,
  in_room: IconDoor,
  done: IconCheck,
  cancelled: IconCalendarX,
  noshow: IconUserOff,
} as const;
export type State = keyof typeof shapes;

export function stateOf({ status, stage }: Pick<AppointmentView, "status" | "stage">): State {
  if (status === "fulfilled") return "done";
  return status === "arrived" ? (stage ?? "arrived") : status;
}

export function Status({ appointment }: { appointment: AppointmentView }) {
  const { t } = useTranslation();
  const state = stateOf(appointment);
  const Shape = shapes[state];
  return (
    <Group gap="0 var(--mantine-spacing-sm)" component="span">
      <Group gap={4} wrap="nowrap" component="span">
        <Shape size={16} aria-hidden style={{ flexShrink: 0 }} />
        <Text span fz="sm" lh="inherit">
          {t(`diary.state.${state}`)}
        </Text>
      </Group>{" "}
      {appointment.overlaps && (
        <Group gap={4} wrap="nowrap" component="span" c="yellow">
          <IconArrowsRightLeft size={16} aria-hidden style={{ flexShrink: 0 }} />
          <Text span fz="sm" fw={600} lh="inherit">
            {t("diary.overlaps")}
          </Text>
        </Group>
      )}
    </Group>
  );
}
