// Provisional, by hand, in the shape that tauri-specta writes. Replaced by the generated file; do not edit by habit.
import { invoke } from "@tauri-apps/api/core";
import { listen, type UnlistenFn } from "@tauri-apps/api/event";

export type Result<T, E> = { status: "ok"; data: T } | { status: "error"; error: E };

/* ---------- errors ---------- */
export type ErrorCode =
  | "locked" | "denied" | "no_care_relation" | "not_found" | "invalid" | "conflict" | "signed" | "step_up_needed" | "no_consent"
  | "wrong_password" | "wait" | "weak_password" | "keyring_unavailable" | "keyring_locked" | "keyring_lost" | "damaged" | "newer_version" | "in_use"
  | "disk_full" | "disk" | "no_microphone" | "microphone_lost" | "already_recording" | "model_missing" | "unreadable_audio" | "recovery_words" | "internal";
/** `field` names the faulty input as a path (`names[0].family`), `reason` is a stable key for i18n (`required`, `too_long`, `impossible_date`, ..). */
export type AppError = { code: ErrorCode; field: string | null; reason: string | null; waitSeconds: number | null };

/* ---------- desk and session ---------- */
export type Role = "doctor" | "nurse" | "receptionist" | "manager";
export type StaffTile = { id: string; name: string };
export type DeskPhase = "new" | "locked" | "unlocked" | "damaged";
export type KeyringMode = "os" | "none" | "unavailable" | "locked" | "lost";
export type DeskState = { phase: DeskPhase; clinic: string | null; staff: StaffTile[]; keyring: KeyringMode; waitSeconds: number; demo: boolean; demoPassword: string | null };
export type PasswordStrength = { score: number; acceptable: boolean; /** i18n key: too_short | too_common | contains_name | guessable | null */ reason: string | null };
export type SetUpRequest = { clinic: string; managerName: string; alsoDoctor: boolean; password: string; acceptNoKeyring: boolean };
export type RecoveryKit = { clinic: string; words: string[]; qrSvg: string; madeOn: string };
export type SessionView = { staffId: string; name: string; roles: Role[]; permissions: Permission[]; clinic: string; demo: boolean; keyring: KeyringMode; idleLimitSeconds: number; language: string; formKeys: string[] };
export type Permission =
  | "read_demographics" | "write_demographics" | "read_diary" | "write_diary" | "check_in" | "read_chart" | "write_vitals" | "write_chart" | "write_note" | "sign_note"
  | "record" | "read_audit" | "manage_staff" | "manage_clinic" | "export" | "import";
export type StatusView = { savedAt: string | null; sync: "this_desk_only"; idleLeftSeconds: number; idleLimitSeconds: number; sessionLeftSeconds: number; recording: RecordingStatus | null };
export type RecordingStatus = { encounterId: string; state: "starting" | "recording" | "paused" | "device_lost"; seconds: number };
export type StaffView = { id: string; name: string; roles: Role[]; active: boolean };
export type StaffRequest = { name: string; roles: Role[]; password: string };

/* ---------- patients ---------- */
export type AdministrativeGender = "male" | "female" | "other" | "unknown";
export type HumanName = { use: "official" | "usual" | "maiden" | "nickname" | "old"; prefix: string[]; given: string[]; family: string; suffix: string[]; /** whole name as written, for scripts and cultures without parts */ text: string };
export type ContactPoint = { system: "phone" | "email"; value: string; use: "home" | "work" | "mobile" };
export type Identifier = { system: string; value: string };
export type Address = { line: string[]; city: string; district: string; state: string; postalCode: string; country: string };
export type PatientContact = { name: string; relationship: string; phone: string };
/** Give birthDate (YYYY, YYYY-MM or YYYY-MM-DD) or ageYears; an age is kept as an estimated birth year. */
export type PatientRequest = { names: HumanName[]; birthDate: string | null; ageYears: number | null; gender: AdministrativeGender; telecom: ContactPoint[]; identifiers: Identifier[]; address: Address | null; contacts: PatientContact[]; language: string | null };
export type PatientView = { id: string; displayName: string; names: HumanName[]; birthDate: string | null; birthDateEstimated: boolean; ageText: string; gender: AdministrativeGender; telecom: ContactPoint[]; identifiers: Identifier[]; address: Address | null; contacts: PatientContact[]; language: string | null; deceased: boolean };
export type PatientHit = { id: string; displayName: string; otherName: string | null; birthDate: string | null; ageText: string; gender: AdministrativeGender; phone: string | null; identifier: Identifier | null };
export type DuplicateView = { patient: PatientHit; /** same_name | similar_name | same_birth_date | swapped_day_month | same_phone | same_identifier */ reasons: string[] };
/** One change of one record, newest first. */
export type HistoryEntry = { at: string; author: string; desk: string; fields: { name: string; before: string | null; after: string | null }[] };

/* ---------- diary and queue ---------- */
export type AppointmentStatus = "booked" | "arrived" | "fulfilled" | "cancelled" | "noshow";
export type Stage = "arrived" | "called" | "in_room" | "done";
export type PractitionerView = { id: string; name: string; roles: Role[] };
export type AppointmentRequest = { patientId: string; practitionerId: string; start: string; end: string; reason: string; /** book although it overlaps */ allowOverlap: boolean };
/** start and end are local date-times `YYYY-MM-DDTHH:MM`. */
export type AppointmentView = { id: string; patientId: string; patientName: string; practitionerId: string; start: string; end: string; status: AppointmentStatus; stage: Stage | null; encounterId: string | null; reason: string; walkIn: boolean; overlaps: boolean };
export type QueueEntry = { encounterId: string; appointmentId: string | null; patientId: string; patientName: string; ageText: string; practitionerId: string; practitionerName: string; stage: Stage; /** instant the stage began, RFC 3339 */ since: string; arrivedAt: string; appointmentStart: string | null; walkIn: boolean };

/* ---------- chart ---------- */
export type Coding = { system: string; code: string; display: string };
export type CodeableConcept = { coding: Coding[]; text: string };
export type AllergyView = { id: string; substance: CodeableConcept; criticality: "low" | "high" | "unable-to-assess" | null; reaction: string; status: "active" | "inactive" | "resolved"; recorded: string | null };
export type ConditionView = { id: string; code: CodeableConcept; onset: string | null; status: "active" | "inactive" | "resolved"; recorded: string | null };
export type MedicationView = { id: string; medication: CodeableConcept; dosage: string; status: "active" | "stopped" | "completed" | "on-hold"; authoredOn: string | null };
export type ObservationView = { id: string; code: CodeableConcept; value: string; number: number | null; unit: string; effective: string | null };
export type ImmunizationView = { id: string; vaccine: CodeableConcept; occurrence: string | null };
export type VisitSummary = { encounterId: string; noteId: string | null; date: string; practitioner: string; reason: string; noteStatus: "preliminary" | "final" | null; firstLines: string };
export type ChartView = { patient: PatientView; allergies: AllergyView[]; noKnownAllergies: boolean; conditions: ConditionView[]; medications: MedicationView[]; vitals: ObservationView[]; observations: ObservationView[]; immunizations: ImmunizationView[]; visits: VisitSummary[]; appointments: AppointmentView[] };
export type AllergyRequest = { patientId: string; substance: string; criticality: "low" | "high" | "unable-to-assess" | null; reaction: string };
export type ConditionRequest = { patientId: string; text: string; code: Coding | null; onset: string | null };
export type MedicationRequestRequest = { patientId: string; medication: string; dosage: string };
export type VitalsRequest = { patientId: string; encounterId: string | null; systolic: number | null; diastolic: number | null; pulse: number | null; temperatureC: number | null; respiratoryRate: number | null; spo2: number | null; weightKg: number | null; heightCm: number | null };
export type ListItemKind = "allergy" | "condition" | "medication";

/* ---------- consultation ---------- */
export type ConsentDecision = "given" | "refused" | "withdrawn";
export type ConsentRequest = { encounterId: string; decision: ConsentDecision; method: "spoken" | "written"; givenBy: "patient" | "parent" | "guardian" | "other"; name: string };
export type ConsentView = { decision: ConsentDecision; method: "spoken" | "written"; givenBy: "patient" | "parent" | "guardian" | "other"; name: string; recordedBy: string; at: string };
export type AudioDevice = { id: string; name: string; isDefault: boolean };
export type RecordingState = "recording" | "paused" | "interrupted" | "stopped" | "decoding" | "transcribed" | "deleted" | "kept";
export type RecordingView = { id: string; encounterId: string | null; patientName: string | null; startedAt: string; seconds: number; state: RecordingState };
export type Word = { text: string; start_s: number; end_s: number; probability: number };
export type Turn = { speaker: string; start_s: number; end_s: number; text: string; confidence: number; words?: Word[] };
export type Gap = { start_s: number; end_s: number; reason: string };
export type TranscriptView = { turns: Turn[]; gaps: Gap[]; settled: boolean; behindSeconds: number };
export type Evidence = { turn: number; quote: string };
export type SentenceOrigin = "drafted" | "edited" | "written" | "omission";
export type SentenceState = "pending" | "kept" | "struck";
export type NoteSentence = { id: string; text: string; origin: SentenceOrigin; state: SentenceState; /** needs_review blocks signing until kept, edited or struck */ support: "supported" | "needs_review"; flags: string[]; evidence: Evidence[] };
export type NoteSection = { code: string; title: string; sentences: NoteSentence[] };
export type OmissionView = { turn: number; quote: string; kind: string };
export type AddendumView = { id: string; text: string; author: string; at: string };
export type NoteView = { id: string; encounterId: string; status: "preliminary" | "final"; engine: string | null; sections: NoteSection[]; omissions: OmissionView[]; addenda: AddendumView[]; signedBy: string | null; signedAt: string | null; blockers: number };
export type EncounterView = { id: string; patientId: string; practitionerName: string; stage: Stage; startedAt: string | null; reason: string; consent: ConsentView | null; recording: RecordingView | null; transcript: TranscriptView; note: NoteView | null; audioKept: boolean };
export type NoteEdit =
  | { kind: "keep"; sentenceId: string } | { kind: "strike"; sentenceId: string } | { kind: "restore"; sentenceId: string }
  | { kind: "edit"; sentenceId: string; text: string } | { kind: "write"; section: string; text: string } | { kind: "addOmission"; section: string; turn: number; quote: string };

/* ---------- manage ---------- */
export type AuditEventView = { seq: number; recorded: string; actor: string; role: string; action: string; patientName: string | null; detail: string; outcome: "success" | "denied" | "failed" };
export type AuditFilter = { actorId: string | null; patientId: string | null; action: string | null; from: string | null; to: string | null; before: number | null; limit: number };
export type AuditVerification = { events: number; chains: number; ok: boolean; faults: { desk: string; seq: number; kind: string }[] };
export type DeskCheck = { name: string; ok: boolean; detail: string; advice: string };
export type ClinicSettings = { clinic: string; keepAudio: boolean; showStaffTiles: boolean; idleLimitSeconds: number };

const call = async <T>(name: string, args?: Record<string, unknown>): Promise<Result<T, AppError>> => {
  try { return { status: "ok", data: await invoke<T>(name, args) }; }
  catch (error) { if (error instanceof Error) throw error; return { status: "error", error: error as AppError }; }
};

export const commands = {
  /* before unlock */
  deskState: () => call<DeskState>("desk_state"),
  passwordStrength: (password: string, names: string[]) => call<PasswordStrength>("password_strength", { password, names }),
  setUp: (request: SetUpRequest) => call<RecoveryKit>("set_up", { request }),
  startDemo: () => call<DeskState>("start_demo"),
  deleteDemo: () => call<DeskState>("delete_demo"),
  saveRecoveryKit: (kit: RecoveryKit) => call<boolean>("save_recovery_kit", { kit }),
  unlock: (staffId: string, password: string) => call<SessionView>("unlock", { staffId, password }),
  recover: (words: string, staffId: string | null, newPassword: string) => call<SessionView>("recover", { words, staffId, newPassword }),
  lock: () => call<null>("lock"),
  deskChecks: () => call<DeskCheck[]>("desk_checks"),
  /* session */
  session: () => call<SessionView>("session"),
  status: () => call<StatusView>("status"),
  touch: () => call<null>("touch"),
  stepUp: (password: string) => call<null>("step_up", { password }),
  setLanguage: (language: string) => call<null>("set_language", { language }),
  saveForm: (key: string, content: string) => call<null>("save_form", { key, content }),
  loadForm: (key: string) => call<string | null>("load_form", { key }),
  dropForm: (key: string) => call<null>("drop_form", { key }),
  /* patients */
  registerPatient: (request: PatientRequest) => call<PatientView>("register_patient", { request }),
  updatePatient: (id: string, request: PatientRequest) => call<PatientView>("update_patient", { id, request }),
  patient: (id: string) => call<PatientView>("patient", { id }),
  searchPatients: (query: string) => call<PatientHit[]>("search_patients", { query }),
  recentPatients: () => call<PatientHit[]>("recent_patients"),
  likelyDuplicates: (request: PatientRequest) => call<DuplicateView[]>("likely_duplicates", { request }),
  recordHistory: (recordType: string, id: string) => call<HistoryEntry[]>("record_history", { recordType, id }),
  /* diary and queue */
  practitioners: () => call<PractitionerView[]>("practitioners"),
  appointments: (from: string, to: string) => call<AppointmentView[]>("appointments", { from, to }),
  book: (request: AppointmentRequest) => call<AppointmentView>("book", { request }),
  moveAppointment: (id: string, practitionerId: string, start: string, end: string, allowOverlap: boolean) => call<AppointmentView>("move_appointment", { id, practitionerId, start, end, allowOverlap }),
  cancelAppointment: (id: string, reason: string) => call<AppointmentView>("cancel_appointment", { id, reason }),
  restoreAppointment: (id: string) => call<AppointmentView>("restore_appointment", { id }),
  markNoShow: (id: string) => call<AppointmentView>("mark_no_show", { id }),
  checkIn: (appointmentId: string) => call<QueueEntry>("check_in", { appointmentId }),
  walkIn: (patientId: string, practitionerId: string, reason: string) => call<QueueEntry>("walk_in", { patientId, practitionerId, reason }),
  queue: (date: string) => call<QueueEntry[]>("queue", { date }),
  setStage: (encounterId: string, stage: Stage) => call<QueueEntry>("set_stage", { encounterId, stage }),
  /* chart */
  chart: (patientId: string) => call<ChartView>("chart", { patientId }),
  addAllergy: (request: AllergyRequest) => call<AllergyView>("add_allergy", { request }),
  recordNoKnownAllergies: (patientId: string) => call<null>("record_no_known_allergies", { patientId }),
  addCondition: (request: ConditionRequest) => call<ConditionView>("add_condition", { request }),
  addMedication: (request: MedicationRequestRequest) => call<MedicationView>("add_medication", { request }),
  setListItemStatus: (kind: ListItemKind, id: string, status: string) => call<null>("set_list_item_status", { kind, id, status }),
  recordVitals: (request: VitalsRequest) => call<ObservationView[]>("record_vitals", { request }),
  whoLooked: (patientId: string) => call<AuditEventView[]>("who_looked", { patientId }),
  /* consultation */
  openEncounter: (encounterId: string) => call<EncounterView>("open_encounter", { encounterId }),
  startVisit: (patientId: string, reason: string) => call<EncounterView>("start_visit", { patientId, reason }),
  recordConsent: (request: ConsentRequest) => call<ConsentView>("record_consent", { request }),
  audioDevices: () => call<AudioDevice[]>("audio_devices"),
  startRecording: (encounterId: string, deviceId: string | null) => call<RecordingView>("start_recording", { encounterId, deviceId }),
  pauseRecording: () => call<null>("pause_recording"),
  resumeRecording: () => call<null>("resume_recording"),
  stopRecording: () => call<RecordingView>("stop_recording"),
  recoveredRecordings: () => call<RecordingView[]>("recovered_recordings"),
  recoverRecording: (id: string) => call<RecordingView>("recover_recording", { id }),
  discardRecording: (id: string) => call<null>("discard_recording", { id }),
  playSpan: (encounterId: string, startS: number, endS: number) => call<null>("play_span", { encounterId, startS, endS }),
  stopPlaying: () => call<null>("stop_playing"),
  swapSpeaker: (encounterId: string, turn: number, speaker: string) => call<TranscriptView>("swap_speaker", { encounterId, turn, speaker }),
  draftNote: (encounterId: string) => call<NoteView>("draft_note", { encounterId }),
  editNote: (noteId: string, edit: NoteEdit) => call<NoteView>("edit_note", { noteId, edit }),
  signNote: (noteId: string) => call<NoteView>("sign_note", { noteId }),
  addAddendum: (noteId: string, text: string) => call<NoteView>("add_addendum", { noteId, text }),
  /* manage */
  staff: () => call<StaffView[]>("staff"),
  addStaff: (request: StaffRequest) => call<StaffView>("add_staff", { request }),
  auditEvents: (filter: AuditFilter) => call<AuditEventView[]>("audit_events", { filter }),
  verifyAudit: () => call<AuditVerification>("verify_audit"),
  clinicSettings: () => call<ClinicSettings>("clinic_settings"),
  saveClinicSettings: (settings: ClinicSettings) => call<ClinicSettings>("save_clinic_settings", { settings }),
};

/** The session ended or is about to. `reason`: user | idle | limit | os_lock | suspend. */
export type SessionEvent = { kind: "locked"; reason: string } | { kind: "warning"; secondsLeft: number } | { kind: "resumed" };
/** Rows of these record types changed (`Patient`, `Appointment`, ..): refetch what shows them. */
export type DataChanged = { recordTypes: string[] };
export type RecorderEvent =
  | { kind: "started"; encounterId: string } | { kind: "level"; rms: number; peak: number; clipping: boolean } | { kind: "turn"; encounterId: string; index: number; turn: Turn }
  | { kind: "gap"; encounterId: string; gap: Gap } | { kind: "hint"; hint: "no_speech" | "clipping" } | { kind: "deviceLost" } | { kind: "deviceBack" } | { kind: "diskFull" }
  | { kind: "stopped"; encounterId: string; seconds: number } | { kind: "settled"; encounterId: string };

const event = <T>(name: string) => ({ listen: (cb: (e: { payload: T }) => void): Promise<UnlistenFn> => listen<T>(name, cb) });
export const events = {
  sessionEvent: event<SessionEvent>("session-event"),
  dataChanged: event<DataChanged>("data-changed"),
  recorderEvent: event<RecorderEvent>("recorder-event"),
};
