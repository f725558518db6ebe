import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

import i18n from "../../i18n";
import { tell } from "../../lib/tell";

const OFFERED_MS = 12000;

const named = () => ({ withCloseButton: true, closeButtonProps: { "aria-label": i18n.t("common.close") } });

/** Says what was done. */
export function say(words: string): void {
  notifications.show({ color: "green", message: words, ...named() });
}

/** Says what was done and offers to take it back, instead of asking beforehand. */
export function offerUndo(words: string, undo: () => Promise<unknown>): void {
  const id = `undo-${Date.now()}`;
  const takeBack = () => {
    notifications.hide(id);
    undo().catch(tell);
  };
  notifications.show({
    id,
    color: "green",
    autoClose: OFFERED_MS,
    ...named(),
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text>{words}</Text>
        <Button variant="default" size="compact-md" onClick={takeBack}>
          {i18n.t("common.undo")}
        </Button>
      </Group>
    ),
  });
}
