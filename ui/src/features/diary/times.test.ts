import { expect, test } from "vitest";

import { addMinutes, hoursShown, lanes, minutesBetween, mondayOf, readTime } from "./times";

test("times of day are read as people type them", () => {
  expect(["9", "930", "9.30", "09:30", "1745", "9:5", "2460", "25", "soon", ""].map(readTime)).toEqual(["09:00", "09:30", "09:30", "09:30", "17:45", null, null, null, null, null]);
});

test("wall clocks add across midnight and months", () => {
  expect(addMinutes("2026-11-30T23:45", 30)).toBe("2026-12-01T00:15");
  expect(addMinutes("2026-11-24T00:10", -20)).toBe("2026-11-23T23:50");
  expect(minutesBetween("2026-11-30T23:45", "2026-12-01T00:15")).toBe(30);
});

test("weeks begin on Monday", () => {
  expect(mondayOf("2026-11-24")).toBe("2026-11-23");
  expect(mondayOf("2026-11-29")).toBe("2026-11-23");
  expect(mondayOf("2026-11-23")).toBe("2026-11-23");
});

test("the working day grows where something is booked outside of it", () => {
  expect(hoursShown([])).toEqual({ from: 420, to: 1200 });
  const early = { id: "1", start: "2026-11-24T05:40", end: "2026-11-24T06:00" };
  const late = { id: "2", start: "2026-11-24T23:30", end: "2026-11-25T00:30" };
  expect(hoursShown([early, late])).toEqual({ from: 300, to: 1440 });
});

test("those who share time get lanes, those who only touch do not", () => {
  const one = (id: string, from: string, to: string) => ({ id, start: `2026-11-24T${from}`, end: `2026-11-24T${to}` });
  const placed = lanes([one("a", "09:00", "10:00"), one("b", "09:30", "09:45"), one("c", "09:45", "10:15"), one("d", "10:15", "10:30")]);
  expect(Object.fromEntries(placed)).toEqual({ a: { lane: 0, lanes: 2 }, b: { lane: 1, lanes: 2 }, c: { lane: 1, lanes: 2 }, d: { lane: 0, lanes: 1 } });
});
