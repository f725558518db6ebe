import { notifications } from "@mantine/notifications";

import { explain } from "./errors";

/** Says a refusal in a corner, where the screen it came from has no place for it. */
export function tell(thrown: unknown): void {
  const { title, advice } = explain(thrown);
  notifications.show({ color: "red", title, message: advice, autoClose: 10000 });
}
