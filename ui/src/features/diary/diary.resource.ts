import { type AppointmentRequest, commands } from "../../bindings.gen";
import { call } from "../../lib/call";

export type { AppointmentRequest, AppointmentStatus, AppointmentView, PatientHit, PractitionerView, Stage } from "../../bindings.gen";

export const practitioners = () => call(commands.practitioners());
/** `from` and `to` are days; the last is not included. */
export const appointments = (from: string, to: string) => call(commands.appointments(from, to));
export const book = (request: AppointmentRequest) => call(commands.book(request));
export const moveAppointment = (id: string, to: { practitionerId: string; start: string; end: string }, allowOverlap: boolean) =>
  call(commands.moveAppointment(id, to.practitionerId, to.start, to.end, allowOverlap));
export const cancelAppointment = (id: string, reason: string) => call(commands.cancelAppointment(id, reason));
export const restoreAppointment = (id: string) => call(commands.restoreAppointment(id));
export const markNoShow = (id: string) => call(commands.markNoShow(id));
export const checkIn = (appointmentId: string) => call(commands.checkIn(appointmentId));
export const patient = (id: string) => call(commands.patient(id));
export const searchPatients = (query: string) => call(commands.searchPatients(query));
