import type { AppointmentView } from "../diary/diary.resource";
import { minuteOf } from "../diary/times";
import type { PatientHit, QueueEntry } from "./today.resource";

/** What "Who is here?" offers for what was typed, the likeliest first. */
export type Offer =
  /** `patient` is there once the search has answered, to tell two people of one name apart. */
  | { kind: "checkIn"; appointment: AppointmentView; patient: PatientHit | undefined }
  | { kind: "here"; entry: QueueEntry }
  | { kind: "walkIn"; patient: PatientHit }
  | { kind: "register"; name: string };

/** Two letters, or one sign of a script in which one sign is a syllable or a word. */
export function longEnough(typed: string): boolean {
  return typed.length >= 2 || /[^\p{Script=Latin}\p{Number}\p{Punctuation}\s]/u.test(typed);
}

/** Every typed word begins a word of the name; accents and case aside. */
export function beginsName(name: string, typed: string): boolean {
  const words = plain(name).split(/[\s'’/.-]+/);
  const spaceless = plain(name).replace(/\s/g, "");
  return plain(typed)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)) || (/[^\p{Script=Latin}]/u.test(part) && spaceless.includes(part)));
}

type Known = { typed: string; appointments: AppointmentView[]; queue: QueueEntry[]; patients: PatientHit[]; minuteNow: number; mayRegister: boolean };

/** The booked come first, nearest in time before others, also where only the desk's search knows the spelling. */
export function offersFor({ typed, appointments, queue, patients, minuteNow, mayRegister }: Known): Offer[] {
  const found = new Map(patients.map((patient) => [patient.id, patient]));
  const booked = appointments
    .filter((one) => one.status === "booked" && (beginsName(one.patientName, typed) || found.has(one.patientId)))
    .sort((a, b) => distance(a, minuteNow) - distance(b, minuteNow));
  const bookedIds = new Set(booked.map(({ patientId }) => patientId));
  const here = queue.filter((one) => one.stage !== "done" && (beginsName(one.patientName, typed) || found.has(one.patientId)));
  const hereIds = new Set(here.map(({ patientId }) => patientId));
  const offers: Offer[] = [
    ...booked.filter(({ patientId }) => !hereIds.has(patientId)).map((appointment) => ({ kind: "checkIn" as const, appointment, patient: found.get(appointment.patientId) })),
    ...patients.filter(({ id }) => !bookedIds.has(id) && !hereIds.has(id)).map((patient) => ({ kind: "walkIn" as const, patient })),
    ...here.map((entry) => ({ kind: "here" as const, entry })),
  ];
  return offers.length === 0 && mayRegister ? [{ kind: "register", name: typed.trim() }] : offers;
}

const plain = (text: string) => text.normalize("NFKD").replace(/\p{Diacritic}/gu, "").toLocaleLowerCase().trim();
const distance = (appointment: AppointmentView, minuteNow: number) => Math.abs(minuteOf(appointment.start) - minuteNow);
