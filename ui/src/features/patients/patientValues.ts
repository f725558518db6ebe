import { type Typed, readDate } from "./dates";
import type { AdministrativeGender, ContactPoint, HumanName, Identifier, PatientContact, PatientRequest, PatientView } from "./patients.resource";
import { identifierSystem, wholeName } from "./words";

/** The form as it is typed: plain text, so that it can be kept sealed and put back. */
export type PatientValues = {
  /** Whether the name is one piece of text or given and family name. */
  asOne: boolean;
  given: string;
  family: string;
  whole: string;
  /** The stored name that these fields show; kept with all its parts while its words stay. */
  storedName: HumanName | null;
  birth: string;
  age: number | string;
  gender: AdministrativeGender | "";
  phone: string;
  phoneUse: ContactPoint["use"];
  identifier: string;
  identifierSystem: string;
  names: OtherName[];
  telecom: ContactPoint[];
  identifiers: Identifier[];
  address: { lines: string; city: string; district: string; state: string; postalCode: string; country: string };
  contacts: PatientContact[];
  language: string;
};
export type OtherName = { text: string; use: HumanName["use"]; stored: HumanName | null };

const NO_ADDRESS = { lines: "", city: "", district: "", state: "", postalCode: "", country: "" };
const EMPTY: PatientValues = {
  asOne: false, given: "", family: "", whole: "", storedName: null, birth: "", age: "", gender: "", phone: "", phoneUse: "mobile", identifier: "", identifierSystem: identifierSystem("national-id"),
  names: [], telecom: [], identifiers: [], address: NO_ADDRESS, contacts: [], language: "",
};

/** Words between names that tell that there is no family name to take apart: Ali bin Ahmad, Devi a/p Kumar. */
const PATRONYMIC = /\s(bin|binti|bt|b|a\/l|a\/p|anak|ibn|bint)\.?\s/i;
const LETTER = /\p{Letter}/u;

/** Starts a form from what was searched for: a date, a number or a name goes where it belongs. */
export function valuesFromQuery(query: string): PatientValues {
  const text = query.trim();
  if (text === "") return EMPTY;
  if (!LETTER.test(text)) {
    const digits = text.replace(/\D/g, "").length;
    if (/[-/.]/.test(text) && readDate(text).iso) return { ...EMPTY, birth: text };
    // 12 figures are an identity card, 7 to 11 or a plus a phone.
    if (text.startsWith("+") || (digits >= 7 && digits <= 11)) return { ...EMPTY, phone: text };
    return { ...EMPTY, identifier: text };
  }
  if (/\d/.test(text)) return { ...EMPTY, identifier: text };
  return { ...EMPTY, ...nameFromText(text) };
}

/** A name typed in one go as its parts, where it is sure to have two. */
export function nameFromText(text: string): Pick<PatientValues, "asOne" | "given" | "family" | "whole"> {
  const latin = /^[\p{Script=Latin}\p{Mark}\s'’.,/@-]+$/u.test(text);
  if (!latin || PATRONYMIC.test(text)) return { asOne: true, given: "", family: "", whole: text };
  const words = text.trim().split(/\s+/);
  const family = words.length > 1 ? (words.at(-1) ?? "") : "";
  return { asOne: false, given: words.slice(0, family ? -1 : undefined).join(" "), family, whole: "" };
}

export function valuesOf(patient: PatientView): PatientValues {
  const main = patient.names.find((name) => name.use === "official") ?? patient.names[0] ?? null;
  const asOne = main !== null && (main.text !== "" || (main.given.length === 0 && main.family === ""));
  const phone = patient.telecom.find((point) => point.system === "phone");
  const identifier = patient.identifiers[0];
  const address = patient.address;
  return {
    asOne,
    given: main && !asOne ? main.given.join(" ") : "",
    family: main && !asOne ? main.family : "",
    whole: main && asOne ? main.text : "",
    storedName: main,
    birth: patient.birthDateEstimated ? "" : (patient.birthDate ?? ""),
    age: estimatedAge(patient),
    gender: patient.gender,
    phone: phone?.value ?? "",
    phoneUse: phone?.use ?? "mobile",
    identifier: identifier?.value ?? "",
    identifierSystem: identifier?.system ?? EMPTY.identifierSystem,
    names: patient.names.filter((name) => name !== main).map((name) => ({ text: wholeName(name), use: name.use, stored: name })),
    telecom: patient.telecom.filter((point) => point !== phone),
    identifiers: patient.identifiers.slice(1),
    address: address ? { ...address, lines: address.line.join("\n") } : NO_ADDRESS,
    contacts: patient.contacts,
    language: patient.language ?? "",
  };
}

/** An age is stored as a birth year; giving the same age back keeps that year. */
function estimatedAge(patient: PatientView): number | string {
  const year = patient.birthDateEstimated && patient.birthDate ? Number(patient.birthDate.slice(0, 4)) : Number.NaN;
  return Number.isNaN(year) ? "" : new Date().getFullYear() - year;
}

export const birthOf = (values: PatientValues): Typed => readDate(values.birth);

export function requestOf(values: PatientValues): PatientRequest {
  const rows = keptRows(values);
  const birth = birthOf(values).iso;
  return {
    names: [mainName(values), ...rows.names.map(({ row }) => otherName(row))],
    birthDate: birth,
    ageYears: birth === null && typeof values.age === "number" ? values.age : null,
    gender: values.gender || "unknown",
    telecom: [...(values.phone.trim() ? [{ system: "phone" as const, value: values.phone.trim(), use: values.phoneUse }] : []), ...rows.telecom.map(({ row }) => row)],
    identifiers: [...(values.identifier.trim() ? [{ system: values.identifierSystem, value: values.identifier.trim() }] : []), ...rows.identifiers.map(({ row }) => row)],
    address: addressOf(values.address),
    contacts: rows.contacts.map(({ row }) => row),
    language: values.language || null,
  };
}

/** Rows that hold something, with their places in the form. */
function keptRows(values: PatientValues) {
  const keep = <Row>(rows: Row[], filled: (row: Row) => string) => rows.map((row, place) => ({ row, place })).filter(({ row }) => filled(row).trim() !== "");
  return {
    names: keep(values.names, (row) => row.text),
    telecom: keep(values.telecom, (row) => row.value),
    identifiers: keep(values.identifiers, (row) => row.value),
    contacts: keep(values.contacts, (row) => row.name + row.relationship + row.phone),
  };
}

function mainName(values: PatientValues): HumanName {
  const { storedName: stored } = values;
  const given = values.given.trim();
  const family = values.family.trim();
  const whole = values.whole.trim();
  const unchanged = stored && (values.asOne ? whole === stored.text : given === stored.given.join(" ") && family === stored.family);
  if (unchanged) return stored;
  const kept = { use: stored?.use ?? ("official" as const), prefix: stored?.prefix ?? [], suffix: stored?.suffix ?? [] };
  return values.asOne ? { ...kept, prefix: [], suffix: [], given: [], family: "", text: whole } : { ...kept, given: given ? [given] : [], family, text: "" };
}

function otherName({ text, use, stored }: OtherName): HumanName {
  if (stored && wholeName(stored) === text.trim()) return { ...stored, use };
  return { use, prefix: [], given: [], family: "", suffix: [], text: text.trim() };
}

function addressOf({ lines, ...rest }: PatientValues["address"]): PatientRequest["address"] {
  const line = lines.split("\n").map((one) => one.trim()).filter(Boolean);
  return line.length === 0 && Object.values(rest).every((part) => part.trim() === "") ? null : { line, ...rest };
}

/** The form field behind a path that the desk complains about, as `names[0].family`; null where there is none. */
export function fieldOf(path: string, values: PatientValues): string | null {
  const found = /^(\w+)(?:\[(\d+)\])?(?:\.(\w+))?/.exec(path);
  if (!found) return null;
  const [, list = "", number, part = ""] = found;
  const at = Number(number ?? 0);
  const rows = keptRows(values);
  switch (list) {
    case "names":
      if (at === 0) return values.asOne ? "whole" : part === "family" ? "family" : "given";
      return row("names", rows.names[at - 1]?.place, part === "use" ? "use" : "text");
    case "telecom":
      return values.phone.trim() && at === 0 ? "phone" : row("telecom", rows.telecom[at - (values.phone.trim() ? 1 : 0)]?.place, "value");
    case "identifiers":
      return values.identifier.trim() && at === 0 ? "identifier" : row("identifiers", rows.identifiers[at - (values.identifier.trim() ? 1 : 0)]?.place, "value");
    case "contacts":
      return row("contacts", rows.contacts[at]?.place, part || "name");
    case "address":
      return `address.${part === "line" ? "lines" : part}`;
    case "birthDate":
      return "birth";
    case "ageYears":
      return "age";
    case "gender":
    case "language":
      return list;
    default:
      return null;
  }
}

const row = (list: string, place: number | undefined, part: string) => (place === undefined ? null : `${list}.${place}.${part}`);
