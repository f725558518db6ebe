import { expect, test } from "vitest";

import { ageInWords, dateInWords, readDate } from "./dates";

const now = new Date(2026, 10, 25);
const iso = (typed: string) => readDate(typed, now).iso;

test("partial dates and day-first dates are read", () => {
  expect(iso("1959")).toBe("1959");
  expect(iso("1959-06")).toBe("1959-06");
  expect(iso("1959-06-18")).toBe("1959-06-18");
  expect(iso("3/5/1980")).toBe("1980-05-03");
  expect(iso(" 3.5.1980 ")).toBe("1980-05-03");
  expect(iso("3 5 1980")).toBe("1980-05-03");
  expect(iso("5/1980")).toBe("1980-05");
  expect(iso("03051980")).toBe("1980-05-03");
  expect(iso("19800503")).toBe("1980-05-03");
  expect(iso("20051980")).toBe("1980-05-20");
  expect(iso("3/5/80")).toBe("1980-05-03");
  expect(iso("3/5/26")).toBe("2026-05-03");
  expect(iso("٣/٥/١٩٨٠")).toBe("1980-05-03");
});

test("what no calendar has, and what has not come, is told apart", () => {
  for (const bad of ["31/2/1980", "1980-13-01", "5/13/1980", "59", "soon", "1/2/3/4", "29/2/2023"]) expect(readDate(bad, now).fault, bad).toBe("impossible_date");
  expect(readDate("26/11/2026", now).fault).toBe("in_the_future");
  expect(readDate("2027", now).fault).toBe("in_the_future");
  expect(iso("2026")).toBe("2026");
  expect(readDate("  ", now)).toEqual({ iso: null, fault: null });
});

test("dates and ages are said in words that cannot be misread", () => {
  expect(dateInWords("1980-05-03", "long")).toBe("3 May 1980");
  expect(dateInWords("1980-05", "long")).toBe("May 1980");
  expect(dateInWords("1980")).toBe("1980");
  expect(dateInWords(null)).toBe("");
  expect(dateInWords("?")).toBe("?");
  expect(ageInWords("66 y")).toBe("66 y");
  expect(ageInWords("")).toBe("");
});
