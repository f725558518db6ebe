import { type AllergyRequest, commands, type ConditionRequest, type ListItemKind, type MedicationRequestRequest, type VitalsRequest } from "../../bindings.gen";
import { call } from "../../lib/call";

export type {
  AllergyRequest, AllergyView, AuditEventView, ChartView, CodeableConcept, ConditionView, EncounterView, ImmunizationView, ListItemKind, MedicationView, NoteView, ObservationView, VisitSummary, VitalsRequest,
} from "../../bindings.gen";

export const chart = (patientId: string) => call(commands.chart(patientId));
export const addAllergy = (request: AllergyRequest) => call(commands.addAllergy(request));
export const recordNoKnownAllergies = (patientId: string) => call(commands.recordNoKnownAllergies(patientId));
export const addCondition = (request: ConditionRequest) => call(commands.addCondition(request));
export const addMedication = (request: MedicationRequestRequest) => call(commands.addMedication(request));
export const setListItemStatus = (kind: ListItemKind, id: string, status: string) => call(commands.setListItemStatus(kind, id, status));
export const recordVitals = (request: VitalsRequest) => call(commands.recordVitals(request));
export const openEncounter = (encounterId: string) => call(commands.openEncounter(encounterId));
export const addAddendum = (noteId: string, text: string) => call(commands.addAddendum(noteId, text));
export const whoLooked = (patientId: string) => call(commands.whoLooked(patientId));
