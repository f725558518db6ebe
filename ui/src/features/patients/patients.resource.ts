import { commands, type PatientRequest } from "../../bindings.gen";
import { call } from "../../lib/call";

export type {
  Address, AdministrativeGender, AppointmentView, ContactPoint, DuplicateView, HistoryEntry, HumanName, Identifier, PatientContact, PatientHit, PatientRequest, PatientView, PractitionerView,
} from "../../bindings.gen";

export const searchPatients = (query: string) => call(commands.searchPatients(query));
export const recentPatients = () => call(commands.recentPatients());
export const patient = (id: string) => call(commands.patient(id));
export const registerPatient = (request: PatientRequest) => call(commands.registerPatient(request));
export const updatePatient = (id: string, request: PatientRequest) => call(commands.updatePatient(id, request));
export const likelyDuplicates = (request: PatientRequest) => call(commands.likelyDuplicates(request));
export const patientHistory = (id: string) => call(commands.recordHistory("Patient", id));
export const practitioners = () => call(commands.practitioners());
export const walkIn = (patientId: string, practitionerId: string, reason: string) => call(commands.walkIn(patientId, practitionerId, reason));
export const startVisit = (patientId: string, reason: string) => call(commands.startVisit(patientId, reason));
export const appointments = (from: string, to: string) => call(commands.appointments(from, to));
