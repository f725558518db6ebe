import type { Evidence, Gap, Turn } from "./consultation.resource";

/** Places of words within turns: which are lit, which are unsure, and when they were said. Pure. */
export type Span = readonly [start: number, end: number];
export type Piece = { text: string; lit: boolean; unsure: boolean };
export type Times = { start: number; end: number };
export type Row = { kind: "turn"; index: number; turn: Turn } | { kind: "gap"; gap: Gap };

/** Words below this are shown as unsure. */
const UNSURE_BELOW = 0.5;
/** Quotes further apart are not played in one go: the first says where to listen. */
const LONGEST_S = 60;

/** Where each recognised word stands in the turn's text; words that are not there are left out. */
function placed(turn: Turn) {
  const places: { start: number; end: number; from: number; to: number; probability: number }[] = [];
  let at = 0;
  for (const word of turn.words ?? []) {
    const text = word.text.trim();
    const start = text === "" ? -1 : turn.text.indexOf(text, at);
    if (start < 0) continue;
    at = start + text.length;
    places.push({ start, end: at, from: word.start_s, to: word.end_s, probability: word.probability });
  }
  return places;
}

function quoteSpan(turn: Turn, quote: string): Span | null {
  const start = quote === "" ? -1 : turn.text.indexOf(quote);
  return start < 0 ? null : [start, start + quote.length];
}

/** The spans that evidence lights, by turn. */
export function litSpans(evidence: Evidence[], turns: Turn[]): Map<number, Span[]> {
  const lit = new Map<number, Span[]>();
  for (const { turn: index, quote } of evidence) {
    const turn = turns[index];
    const span = turn && quoteSpan(turn, quote);
    if (span) lit.set(index, [...(lit.get(index) ?? []), span]);
  }
  return lit;
}

/** A turn's text cut where light or certainty changes. */
export function pieces(turn: Turn, lit: readonly Span[]): Piece[] {
  const unsure: Span[] = placed(turn).filter((word) => word.probability < UNSURE_BELOW).map((word) => [word.start, word.end]);
  const cuts = new Set([0, turn.text.length, ...lit.flat(), ...unsure.flat()]);
  const sorted = [...cuts].sort((a, b) => a - b);
  const within = (spans: readonly Span[], start: number, end: number) => spans.some((span) => span[0] <= start && end <= span[1]);
  return sorted.slice(1).map((end, place) => {
    const start = sorted[place] ?? 0;
    return { text: turn.text.slice(start, end), lit: within(lit, start, end), unsure: within(unsure, start, end) };
  });
}

/** When a quote was said: its words where they are timed, else the whole turn. */
function quoteTimes(turn: Turn, quote: string): Times {
  const span = quoteSpan(turn, quote);
  const words = span ? placed(turn).filter((word) => word.start < span[1] && span[0] < word.end) : [];
  const [first, last] = [words[0], words.at(-1)];
  return first && last ? { start: first.from, end: last.to } : { start: turn.start_s, end: turn.end_s };
}

/** The stretch of sound that evidence stands on, or null where nothing of it was heard. */
export function stretch(evidence: Evidence[], turns: Turn[]): Times | null {
  const times = evidence.flatMap(({ turn: index, quote }) => {
    const turn = turns[index];
    return turn ? [quoteTimes(turn, quote)] : [];
  });
  const first = times[0];
  if (!first) return null;
  const all = { start: Math.min(...times.map((one) => one.start)), end: Math.max(...times.map((one) => one.end)) };
  return all.end - all.start > LONGEST_S ? first : all;
}

/** Turns in order with what was not understood between them. */
export function rows(turns: Turn[], gaps: Gap[]): Row[] {
  const waiting = [...gaps].sort((a, b) => a.start_s - b.start_s);
  const all: Row[] = [];
  turns.forEach((turn, index) => {
    while (waiting[0] && waiting[0].start_s < turn.start_s) all.push({ kind: "gap", gap: waiting.shift() as Gap });
    all.push({ kind: "turn", index, turn });
  });
  return [...all, ...waiting.map((gap) => ({ kind: "gap", gap }) as const)];
}

const ROLES = ["doctor", "patient", "companion"] as const;

/** Whose words they are after one press: the first voices are most often doctor and patient. */
export function nextSpeaker(speaker: string): string {
  if (speaker === "S2") return "patient";
  const at = ROLES.findIndex((role) => role === speaker);
  return ROLES[(at + 1) % ROLES.length] ?? "doctor";
}
