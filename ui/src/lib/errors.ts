import i18n from "../i18n";
import { refusal } from "./call";

/** What happened, what is safe, what to do next, in the reader's language. */
export function explain(thrown: unknown): { title: string; advice: string } {
  const error = refusal(thrown);
  const reason = error.reason ? i18n.t(`reason.${error.reason}`, { defaultValue: "" }) : "";
  const values = { seconds: error.waitSeconds ?? 0, reason };
  return { title: i18n.t(`error.${error.code}.title`, values), advice: reason || i18n.t(`error.${error.code}.advice`, values) };
}

/** The words for one faulty field, or null when the refusal is about something else. */
export function fieldFault(thrown: unknown): { field: string; words: string } | null {
  const error = refusal(thrown);
  if (error.code !== "invalid" || !error.field) return null;
  return { field: error.field, words: i18n.t(`reason.${error.reason ?? "invalid"}`) };
}
