import dayjs from "dayjs";

import type { QueueEntry, Stage } from "./today.resource";

/** Whole hours and minutes since an instant; a clock that was set back counts as no time. */
export function waited(since: string, now: Date): { hours: number; minutes: number } {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 60_000));
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}

export function justNow(since: string, now: Date): boolean {
  const { hours, minutes } = waited(since, now);
  return hours + minutes === 0;
}

export const localTime = (instant: string) => dayjs(instant).format("HH:mm");

/** Those of one stage: who came first is first, but who was done last. */
export function inOrder(entries: QueueEntry[], stage: Stage): QueueEntry[] {
  const those = entries.filter((entry) => entry.stage === stage);
  return stage === "done" ? those.sort((a, b) => b.since.localeCompare(a.since)) : those.sort((a, b) => a.arrivedAt.localeCompare(b.arrivedAt));
}

/** The patients of one practitioner in the order they are seen: in the room, called, then waiting by booked time or arrival. */
export function mine(entries: QueueEntry[], practitionerId: string): { inRoom: QueueEntry[]; waiting: QueueEntry[] } {
  const own = entries.filter((entry) => entry.practitionerId === practitionerId);
  const due = (entry: QueueEntry) => Date.parse(entry.appointmentStart ?? entry.arrivedAt);
  const arrived = own.filter(({ stage }) => stage === "arrived").sort((a, b) => due(a) - due(b));
  return { inRoom: inOrder(own, "in_room"), waiting: [...inOrder(own, "called"), ...arrived] };
}
