import { Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { notifications, notificationsStore } from "@mantine/notifications";
import { useEffect, useSyncExternalStore } from "react";

import i18n from "../i18n";
import { tell } from "../lib/tell";

const OFFERED_MS = 20_000;

type Offer = { id: string; undo: () => Promise<unknown> };
let last: Offer | null = null;
let said = "";
const listeners = new Set<() => void>();

/** Says what was done, and takes it back by the button in the corner or by Ctrl+Z while the button is there. */
export function offerUndo(text: string, undo: () => Promise<unknown>): void {
  say(text);
  const id = notifications.show({
    // Spoken by the region of the screen; as an alert of its own it would be heard twice.
    role: "group",
    "aria-label": text,
    autoClose: OFFERED_MS,
    closeButtonProps: { "aria-label": i18n.t("common.close") },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text dir="auto">{text}</Text>
        <Button variant="default" style={{ flexShrink: 0 }} title="Ctrl Z" onClick={() => void takeBack(offer)}>
          {i18n.t("common.undo")}
        </Button>
      </Group>
    ),
  });
  const offer = { id, undo };
  last = offer;
}

/** Says something for those who do not see the screen; needs an UndoRegion on it. */
export function say(text: string): void {
  said = text;
  for (const listener of listeners) listener();
}

/** The live region and the key for undo. One on each screen that offers it. */
export function UndoRegion() {
  useHotkeys([["mod+Z", () => last && shown(last) && void takeBack(last)]]);
  // The next person at this desk must neither hear nor take back what this one did.
  useEffect(
    () => () => {
      said = "";
      last = null;
    },
    [],
  );
  const words = useSyncExternalStore(
    (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
    () => said,
  );
  return <VisuallyHidden role="status">{words}</VisuallyHidden>;
}

async function takeBack(offer: Offer): Promise<void> {
  notifications.hide(offer.id);
  if (last === offer) last = null;
  try {
    await offer.undo();
    say(i18n.t("diary.undone"));
  } catch (thrown) {
    tell(thrown);
  }
}

function shown({ id }: Offer): boolean {
  return notificationsStore.getState().notifications.some((notification) => notification.id === id);
}
