import { commands } from "../bindings.gen";
import { call } from "../lib/call";

export type { PatientHit } from "../bindings.gen";

export const searchPatients = (query: string) => call(commands.searchPatients(query));
