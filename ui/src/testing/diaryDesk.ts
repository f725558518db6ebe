import { mockIPC } from "@tauri-apps/api/mocks";
import { emit } from "@tauri-apps/api/event";

import type { AppError, AppointmentRequest, AppointmentStatus, AppointmentView, PatientHit, PractitionerView, QueueEntry, Stage } from "../bindings.gen";

type Calls = { name: string; args: Record<string, unknown> }[];

/**
 * A desk behind the window's one door: it answers the commands of diary and queue as the real one does, as far as the screens can tell.
 * `calls` is what was asked of it; `refuse` makes the next call of a command fail.
 */
export function fakeDesk(start: { practitioners: PractitionerView[]; appointments?: AppointmentView[]; queue?: QueueEntry[]; patients?: PatientHit[] }) {
  const { practitioners, patients = [] } = start;
  let appointments = start.appointments ?? [];
  let queue = start.queue ?? [];
  const calls: Calls = [];
  const refusals = new Map<string, AppError>();
  const drafts = new Map<string, string>();

  const change = (recordTypes: string[]) => void emit("data-changed", { recordTypes });
  const update = (id: string, fields: Partial<AppointmentView>) => {
    appointments = marked(appointments.map((one) => (one.id === id ? { ...one, ...fields } : one)));
    change(["Appointment"]);
    return find(id);
  };
  const find = (id: string) => appointments.find((one) => one.id === id) ?? refuseWith("not_found");
  const nameOf = (id: string) => practitioners.find((one) => one.id === id)?.name ?? "";
  const arrive = (patientId: string, patientName: string, practitionerId: string, appointment: AppointmentView | null) => {
    const now = new Date().toISOString();
    const entry: QueueEntry = { encounterId: `e${queue.length + 1}`, appointmentId: appointment?.id ?? null, patientId, patientName, ageText: "47 y", practitionerId, practitionerName: nameOf(practitionerId), stage: "arrived", since: now, arrivedAt: now, appointmentStart: appointment?.start ?? null, walkIn: appointment === null };
    queue = [...queue, entry];
    change(["Appointment", "Encounter"]);
    return entry;
  };
  const free = (practitionerId: string, from: string, to: string, except: string, allowed: boolean) => {
    const taken = appointments.some((one) => one.id !== except && one.practitionerId === practitionerId && takesTime(one.status) && one.start < to && one.end > from);
    if (taken && !allowed) refuseWith("conflict", "overlap");
  };

  const answers: Record<string, (args: Record<string, unknown>) => unknown> = {
    practitioners: () => practitioners,
    appointments: ({ from, to }) => appointments.filter((one) => one.start >= text(from) && one.start < text(to)),
    queue: () => queue,
    search_patients: ({ query }) => patients.filter((one) => one.displayName.toLowerCase().includes(text(query).toLowerCase()) || one.phone === query),
    patient: ({ id }) => patients.find((one) => one.id === id) ?? refuseWith("not_found"),
    book: (args) => {
      const { allowOverlap, ...request } = args["request"] as AppointmentRequest;
      free(request.practitionerId, request.start, request.end, "", allowOverlap);
      const made: AppointmentView = { id: `a${appointments.length + 1}`, ...request, patientName: patients.find((one) => one.id === request.patientId)?.displayName ?? "", status: "booked", stage: null, encounterId: null, walkIn: false, overlaps: false };
      appointments = marked([...appointments, made]);
      change(["Appointment"]);
      return made;
    },
    move_appointment: ({ id, practitionerId, start: from, end, allowOverlap }) => {
      free(text(practitionerId), text(from), text(end), text(id), allowOverlap === true);
      return update(text(id), { practitionerId: text(practitionerId), start: text(from), end: text(end) });
    },
    cancel_appointment: ({ id }) => update(text(id), { status: "cancelled" }),
    restore_appointment: ({ id }) => update(text(id), { status: "booked" }),
    mark_no_show: ({ id }) => update(text(id), { status: "noshow" }),
    check_in: ({ appointmentId }) => {
      const appointment = update(text(appointmentId), { status: "arrived", stage: "arrived" });
      return arrive(appointment.patientId, appointment.patientName, appointment.practitionerId, appointment);
    },
    walk_in: ({ patientId, practitionerId }) => arrive(text(patientId), patients.find((one) => one.id === patientId)?.displayName ?? "", text(practitionerId), null),
    set_stage: ({ encounterId, stage }) => {
      queue = queue.map((one) => (one.encounterId === encounterId ? { ...one, stage: stage as Stage, since: new Date().toISOString() } : one));
      const moved = queue.find((one) => one.encounterId === encounterId);
      appointments = appointments.map((one) => (one.id === moved?.appointmentId ? { ...one, status: stage === "done" ? "fulfilled" : "arrived", stage: stage as Stage } : one));
      change(["Encounter"]);
      return moved;
    },
    load_form: ({ key }) => drafts.get(text(key)) ?? null,
    save_form: ({ key, content }) => (drafts.set(text(key), text(content)), null),
    drop_form: ({ key }) => (drafts.delete(text(key)), null),
  };

  mockIPC(
    (name, payload) => {
      const args = (payload ?? {}) as Record<string, unknown>;
      calls.push({ name, args });
      const refusal = refusals.get(name);
      if (refusal) {
        refusals.delete(name);
        throw refusal;
      }
      const answer = answers[name];
      if (!answer) throw new Error(`the desk has no ${name}`);
      return answer(args);
    },
    { shouldMockEvents: true },
  );

  return {
    drafts,
    asked: (name: string) => calls.filter((one) => one.name === name).map(({ args }) => args),
    refuse: (name: string, code: AppError["code"], reason: string | null = null) => refusals.set(name, { code, field: null, reason, waitSeconds: null }),
  };
}

const text = (value: unknown) => String(value);
const takesTime = (status: AppointmentStatus) => status !== "cancelled" && status !== "noshow";

function refuseWith(code: AppError["code"], reason: string | null = null): never {
  const refusal: AppError = { code, field: null, reason, waitSeconds: null };
  throw refusal;
}

function marked(all: AppointmentView[]): AppointmentView[] {
  return all.map((one) => ({
    ...one,
    overlaps: takesTime(one.status) && all.some((other) => other.id !== one.id && other.practitionerId === one.practitionerId && takesTime(other.status) && other.start < one.end && other.end > one.start),
  }));
}
