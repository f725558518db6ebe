import type { ConsentView, EncounterView, NoteSentence, NoteView, Turn } from "./consultation.resource";

/** A visit for tests of this folder. Everything is invented. */
export const consent: ConsentView = { decision: "given", method: "spoken", givenBy: "patient", name: "", recordedBy: "Dr Aisyah", at: "2026-11-24T02:40:00Z" };

/** A turn whose words are said evenly, all sure but those named. */
export function turn(speaker: string, start: number, text: string, unsure: string[] = []): Turn {
  const spoken = text.split(" ");
  const words = spoken.map((word, place) => ({ text: ` ${word}`, start_s: start + place, end_s: start + place + 1, probability: unsure.includes(word) ? 0.3 : 0.95 }));
  return { speaker, start_s: start, end_s: start + spoken.length, text, confidence: 0.9, words };
}

export const turns: Turn[] = [
  turn("doctor", 0, "What brings you in?"),
  turn("patient", 10, "I have had chest pain for three days now.", ["chest"]),
  turn("S1", 30, "I am allergic to penicillin."),
];

export const sentence = (id: string, text: string, more: Partial<NoteSentence> = {}): NoteSentence => ({
  id, text, origin: "drafted", state: "pending", support: "supported", flags: [], evidence: [], ...more,
});

export const draft: NoteView = {
  id: "n1",
  encounterId: "e1",
  status: "preliminary",
  engine: "rules 1",
  sections: [
    { code: "chief_complaint", title: "Chief complaint", sentences: [sentence("s1", "Chest pain for 3 days.", { evidence: [{ turn: 1, quote: "chest pain for three days" }] })] },
    { code: "plan", title: "Plan", sentences: [sentence("s2", "Take amlodipine 50 mg.", { support: "needs_review", flags: ["dose", "not_known_here"] })] },
  ],
  omissions: [{ turn: 2, quote: "allergic to penicillin", kind: "allergy" }],
  addenda: [],
  signedBy: null,
  signedAt: null,
  blockers: 1,
};

export const visit: EncounterView = {
  id: "e1",
  patientId: "p1",
  practitionerName: "Dr Aisyah",
  stage: "in_room",
  startedAt: "2026-11-24T02:35:00Z",
  reason: "Cough",
  consent: null,
  recording: null,
  transcript: { turns: [], gaps: [], settled: true, behindSeconds: 0 },
  note: null,
  audioKept: true,
};

export const said: EncounterView = { ...visit, consent, transcript: { turns, gaps: [{ start_s: 22, end_s: 26, reason: "not_understood" }], settled: true, behindSeconds: 0 } };
