import dayjs from "dayjs";

/** Wall-clock arithmetic on days `YYYY-MM-DD` and local times `YYYY-MM-DDTHH:MM`; no time zone takes part in it. */
const DAY_MINUTES = 24 * 60;
const OPENS = 7 * 60;
const CLOSES = 20 * 60;

export const dayOf = (at: string) => at.slice(0, 10);
export const timeOf = (at: string) => at.slice(11, 16);
export const minuteOf = (at: string) => Number(at.slice(11, 13)) * 60 + Number(at.slice(14, 16));
export const today = (now = new Date()) => dayjs(now).format("YYYY-MM-DD");
export const localNow = (now = new Date()) => dayjs(now).format("YYYY-MM-DDTHH:mm");
export const addDays = (day: string, days: number) => dayjs(day).add(days, "day").format("YYYY-MM-DD");
export const mondayOf = (day: string) => addDays(day, -((dayjs(day).day() + 6) % 7));

/** `09:05` from minutes since midnight. */
export function clock(minute: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** A local time from a day and minutes since its midnight, also of later days. */
export function at(day: string, minute: number): string {
  return `${addDays(day, Math.floor(minute / DAY_MINUTES))}T${clock(((minute % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES)}`;
}

export const addMinutes = (start: string, minutes: number) => at(dayOf(start), minuteOf(start) + minutes);

export function minutesBetween(start: string, end: string): number {
  const days = Math.round(dayjs(dayOf(end)).diff(dayOf(start), "hour") / 24);
  return days * DAY_MINUTES + minuteOf(end) - minuteOf(start);
}

/** What people type for a time of day (`9`, `930`, `9.30`, `09:30`) as `HH:MM`; null when it is none. */
export function readTime(typed: string): string | null {
  const parts = /^(\d{1,2})[:.\s]?(\d{2})?$/.exec(typed.trim());
  const hour = Number(parts?.[1] ?? NaN);
  const minute = Number(parts?.[2] ?? 0);
  return hour < 24 && minute < 60 ? clock(hour * 60 + minute) : null;
}

type Timed = { id: string; start: string; end: string };

/** Full hours to show: the working day, and more where something is booked outside of it. */
export function hoursShown(timed: Timed[]): { from: number; to: number } {
  const from = Math.min(OPENS, ...timed.map(({ start }) => Math.floor(minuteOf(start) / 60) * 60));
  const to = Math.max(CLOSES, ...timed.map(({ start, end }) => Math.ceil((minuteOf(start) + minutesBetween(start, end)) / 60) * 60));
  return { from, to: Math.min(to, DAY_MINUTES) };
}

/** Those who share time stand side by side: which lane of how many each takes. */
export function lanes(timed: Timed[]): Map<string, { lane: number; lanes: number }> {
  const placed = new Map<string, { lane: number; lanes: number }>();
  let together: { lane: number; lanes: number }[] = [];
  let ends: string[] = [];
  for (const one of [...timed].sort((a, b) => a.start.localeCompare(b.start) || a.end.localeCompare(b.end))) {
    if (ends.every((end) => end <= one.start)) [together, ends] = [[], []];
    const free = ends.findIndex((end) => end <= one.start);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = one.end;
    const place = { lane, lanes: 0 };
    together.push(place);
    for (const other of together) other.lanes = ends.length;
    placed.set(one.id, place);
  }
  return placed;
}
