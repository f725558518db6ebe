import i18n from "../../i18n";
import { locale } from "../../lib/locale";

/** `10:42` of an instant. */
export function clockTime(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? instant : new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** Day and time of an instant. */
export function dayAndTime(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? instant : new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** Who speaks, in words; what nobody named stays a number. */
export function speakerWords(speaker: string): string {
  const numbered = /^S(\d+)$/.exec(speaker);
  if (numbered) return i18n.t("consultation.speaker.numbered", { number: numbered[1] });
  return i18n.t(`consultation.speaker.${speaker}`, { defaultValue: speaker });
}

/** The clinic's template names sections in its own words; these are known in the reader's language too. */
export function sectionTitle(code: string, title: string): string {
  const own = title || code.replaceAll("_", " ");
  return i18n.language === "en" && title ? own : i18n.t(`consultation.section.${code}`, { defaultValue: own });
}

/** Codes of all sections, in the order of the default template. */
export const SECTIONS = [
  "chief_complaint", "history_of_present_illness", "past_medical_history", "past_surgical_history", "family_social_history", "gynecologic_history", "other_history", "allergies", "medications",
  "immunizations", "review_of_systems", "vitals", "examination", "labs", "imaging", "procedures", "ed_course", "diagnosis", "assessment", "plan", "disposition",
] as const;

/** Why a sentence needs a look; an engine may know reasons that this window does not. */
export const flagWords = (flag: string): string => i18n.t(`consultation.flag.${flag}`, { defaultValue: i18n.t("consultation.flag.other") });
