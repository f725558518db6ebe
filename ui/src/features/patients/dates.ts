import i18n from "../../i18n";
import { locale } from "../../lib/locale";

/** FHIR partial dates as a person types and reads them. What is typed with slashes is read day first, and shown in words before it is kept. */
export type Typed = { iso: string; fault: null } | { iso: null; fault: "impossible_date" | "in_the_future" | null };

const DIGITS = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0be6-\u0bef\uff10-\uff19]/g;
/** Zeros of scripts that clinics write dates in: every digit is counted from its zero. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xbe6, 0xff10];

/** Digits of any of these scripts as 0 to 9. */
function latinDigits(text: string): string {
  return text.replace(DIGITS, (digit) => {
    const code = digit.charCodeAt(0);
    const zero = ZEROS.find((start) => code >= start && code <= start + 9) ?? code;
    return String(code - zero);
  });
}

const two = (part: number) => String(part).padStart(2, "0");

/** Reads YYYY, YYYY-MM, YYYY-MM-DD, and day first: 3/5/1980, 3.5.80, 03051980, 5/1980. Nothing typed is no fault. */
export function readDate(typed: string, now = new Date()): Typed {
  const text = latinDigits(typed).trim();
  if (text === "") return { iso: null, fault: null };
  const parts = split(text, now);
  const iso = parts && real(parts);
  if (!iso) return { iso: null, fault: "impossible_date" };
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return iso > today.slice(0, iso.length) ? { iso: null, fault: "in_the_future" } : { iso, fault: null };
}

type Parts = { year: number; month?: number; day?: number };

function split(text: string, now: Date): Parts | null {
  const eight = /^(\d{4})(\d{4})$/.exec(text);
  if (eight) {
    const yearFirst = { year: Number(eight[1]), month: Number(text.slice(4, 6)), day: Number(text.slice(6)) };
    return yearFirst.year >= 1850 && real(yearFirst) ? yearFirst : { year: Number(eight[2]), month: Number(text.slice(2, 4)), day: Number(text.slice(0, 2)) };
  }
  const fields = text.split(/\s*[-/.\s]\s*/);
  if (fields.some((field) => !/^\d+$/.test(field))) return null;
  const [a, b, c] = fields.map(Number);
  const first = fields[0]?.length ?? 0;
  const last = fields.at(-1)?.length ?? 0;
  if (fields.length === 1 && first === 4 && a !== undefined) return { year: a };
  if (fields.length === 2 && a !== undefined && b !== undefined) {
    if (first === 4) return { year: a, month: b };
    if (last === 4) return { year: b, month: a };
  }
  if (fields.length === 3 && a !== undefined && b !== undefined && c !== undefined) {
    if (first === 4) return { year: a, month: b, day: c };
    if (last === 4) return { year: c, month: b, day: a };
    // Two figures of a year: the last such year that has come.
    if (last === 2) return { year: c + (c <= now.getFullYear() % 100 ? 2000 : 1900), month: b, day: a };
  }
  return null;
}

/** The date as FHIR writes it, or null where the calendar has no such day. */
function real({ year, month, day }: Parts): string | null {
  if (year < 1000 || year > 9999) return null;
  if (month === undefined) return String(year);
  if (month < 1 || month > 12) return null;
  if (day === undefined) return `${year}-${two(month)}`;
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? `${year}-${two(month)}-${two(day)}` : null;
}

/** `18 June 1959`, `June 1959`, `1959`; an instant or local date-time gives its day. Unreadable text stays as it is. */
export function dateInWords(iso: string | null, month: "long" | "short" = "short"): string {
  if (!iso) return "";
  const partial = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(iso);
  if (!partial) {
    const at = new Date(iso);
    return Number.isNaN(at.getTime()) ? iso : new Intl.DateTimeFormat(locale(), { day: "numeric", month, year: "numeric" }).format(at);
  }
  const [, year, m, d] = partial;
  const date = new Date(Number(year), m ? Number(m) - 1 : 0, d ? Number(d) : 1);
  return new Intl.DateTimeFormat(locale(), { year: "numeric", ...(m ? { month } : {}), ...(d ? { day: "numeric" as const } : {}) }).format(date);
}

/** Day and time of an instant or a local date-time. */
export function timeInWords(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** The desk says `66 y`, `14 mo`, `5 d`: in the reader's language. */
export function ageInWords(ageText: string): string {
  const age = /^(\d+) (y|mo|d)$/.exec(ageText);
  return age ? i18n.t(`patient.age.${age[2]}`, { count: Number(age[1]) }) : ageText;
}
