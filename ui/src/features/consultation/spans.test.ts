import { expect, test } from "vitest";

import { turn, turns } from "./fixtures";
import { litSpans, nextSpeaker, pieces, rows, stretch } from "./spans";

test("a quote lights exactly its words, wherever certainty changes within them", () => {
  const lit = litSpans([{ turn: 1, quote: "chest pain for three days" }], turns);
  const cut = pieces(turns[1] as never, lit.get(1) ?? []);
  expect(cut.map(({ text }) => text).join("")).toBe("I have had chest pain for three days now.");
  expect(cut.filter((piece) => piece.lit).map(({ text }) => text).join("")).toBe("chest pain for three days");
  expect(cut.filter((piece) => piece.unsure).map(({ text }) => text)).toEqual(["chest"]);
});

test("what was not said like that lights nothing", () => {
  expect(litSpans([{ turn: 1, quote: "chest pain for four days" }, { turn: 9, quote: "chest" }, { turn: 0, quote: "" }], turns).size).toBe(0);
});

test("playing is narrowed to the words of the quote", () => {
  expect(stretch([{ turn: 1, quote: "chest pain for three days" }], turns)).toEqual({ start: 13, end: 18 });
  expect(stretch([{ turn: 0, quote: "What brings you in?" }, { turn: 1, quote: "chest pain" }], turns)).toEqual({ start: 0, end: 15 });
});

test("without timed words the whole turn plays; quotes far apart play the first", () => {
  const untimed = { ...turn("patient", 100, "It hurts"), words: [] };
  expect(stretch([{ turn: 0, quote: "hurts" }], [untimed])).toEqual({ start: 100, end: 102 });
  expect(stretch([{ turn: 0, quote: "What" }, { turn: 1, quote: "hurts" }], [turns[0] as never, untimed])).toEqual({ start: 0, end: 1 });
  expect(stretch([{ turn: 7, quote: "hurts" }], turns)).toBeNull();
});

test("what was not understood stands where it was", () => {
  const order = rows(turns, [{ start_s: 40, end_s: 41, reason: "" }, { start_s: 22, end_s: 26, reason: "" }]);
  expect(order.map((row) => (row.kind === "gap" ? "gap" : row.index))).toEqual([0, 1, "gap", 2, "gap"]);
});

test("one key goes round the speakers", () => {
  expect(["S1", "S2", "doctor", "patient", "companion", "nurse"].map(nextSpeaker)).toEqual(["doctor", "patient", "patient", "companion", "doctor", "doctor"]);
});
