import { commands, type Stage } from "../../bindings.gen";
import { call } from "../../lib/call";

export type { PatientHit, QueueEntry, Stage } from "../../bindings.gen";

export const queue = (day: string) => call(commands.queue(day));
export const walkIn = (patientId: string, practitionerId: string, reason: string) => call(commands.walkIn(patientId, practitionerId, reason));
export const setStage = (encounterId: string, stage: Stage) => call(commands.setStage(encounterId, stage));
export const searchPatients = (query: string) => call(commands.searchPatients(query));
