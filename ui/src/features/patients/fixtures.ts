import type { Permission, SessionView } from "../../app/session.resource";
import type { ChartView } from "./chart.resource";
import type { PatientView } from "./patients.resource";

/** People and a chart for tests of this folder. All are invented. */
export const siti: PatientView = {
  id: "p1",
  displayName: "Siti Nurhaliza",
  names: [
    { use: "official", prefix: [], given: ["Siti"], family: "Nurhaliza", suffix: [], text: "" },
    { use: "usual", prefix: [], given: [], family: "", suffix: [], text: "ستي نورهاليزا" },
  ],
  birthDate: "1979-03-11",
  birthDateEstimated: false,
  ageText: "47 y",
  gender: "female",
  telecom: [{ system: "phone", value: "+44 7700 900123", use: "mobile" }],
  identifiers: [{ system: "https://gladstone.example/demo/national-id", value: "790311-00-9002" }],
  address: null,
  contacts: [],
  language: "ms",
  deceased: false,
};

const text = (words: string, code = "") => ({ coding: code ? [{ system: "http://loinc.org", code, display: words }] : [], text: words });
const pressure = (id: string, value: string, effective: string) => ({ id, code: text("Blood pressure", "85354-9"), value, number: Number(value.split("/")[0]), unit: "mmHg", effective });

export const chartOfSiti: ChartView = {
  patient: siti,
  allergies: [{ id: "a1", substance: text("Penicillin"), criticality: "high", reaction: "rash", status: "active", recorded: "2026-01-05T09:00:00Z" }],
  noKnownAllergies: false,
  conditions: [
    { id: "c1", code: text("Hypertension"), onset: "2019", status: "active", recorded: null },
    { id: "c2", code: text("Bronchitis"), onset: null, status: "resolved", recorded: null },
  ],
  medications: [{ id: "m1", medication: text("Amlodipine"), dosage: "5 mg once a day", status: "active", authoredOn: "2026-01-05" }],
  vitals: [pressure("v2", "138/86", "2026-11-20T12:00:00Z"), pressure("v1", "150/95", "2026-05-20T12:00:00Z")],
  observations: [{ id: "o1", code: text("Haemoglobin", "718-7"), value: "13.2", number: 13.2, unit: "g/dL", effective: "2026-05-21" }],
  immunizations: [{ id: "i1", vaccine: text("Influenza"), occurrence: "2026-03-01" }],
  visits: [
    { encounterId: "e1", noteId: "n1", date: "2026-11-20T12:00:00Z", practitioner: "Dr Aisyah", reason: "Cough", noteStatus: "final", firstLines: "Cough for three days." },
    { encounterId: "e0", noteId: null, date: "2026-05-20T12:00:00Z", practitioner: "Dr Aisyah", reason: "Check", noteStatus: null, firstLines: "" },
  ],
  appointments: [
    { id: "b1", patientId: "p1", patientName: "Siti Nurhaliza", practitionerId: "s1", start: "2026-11-20T10:00", end: "2026-11-20T10:15", status: "fulfilled", stage: "done", encounterId: "e1", reason: "Cough", walkIn: false, overlaps: false },
  ],
};

export const doctorMay = ["read_demographics", "write_demographics", "read_diary", "write_diary", "check_in", "read_chart", "write_vitals", "write_chart", "write_note", "sign_note", "record", "prescribe"] as Permission[];
export const receptionistMay: Permission[] = ["read_demographics", "write_demographics", "read_diary", "write_diary", "check_in"];
export const managerMay: Permission[] = [...receptionistMay, "read_audit", "manage_staff", "manage_clinic"];

export const sessionWith = (permissions: Permission[]): SessionView => ({
  staffId: "s1", name: "Dr Aisyah", roles: ["doctor"], permissions, clinic: "Klinik Bangsar", demo: false, keyring: "os", idleLimitSeconds: 300, language: "en", formKeys: [],
});
