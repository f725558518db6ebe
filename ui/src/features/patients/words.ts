import i18n from "../../i18n";
import type { CodeableConcept } from "./chart.resource";
import type { HumanName, Identifier, PatientView } from "./patients.resource";

/** A concept as the clinician wrote it, else as its code is called. */
export const label = (concept: CodeableConcept): string => concept.text || concept.coding[0]?.display || concept.coding[0]?.code || "";

/** As one line: the written form, else the parts in order. */
export function wholeName(name: HumanName): string {
  return name.text || [...name.prefix, ...name.given, name.family, ...name.suffix].filter(Boolean).join(" ");
}

/** Every other way this person is written or called. */
export function otherNames(patient: PatientView): string[] {
  const names = patient.names.map(wholeName).filter((name) => name !== "" && name !== patient.displayName);
  return [...new Set(names)];
}

export const identifierKinds = ["national-id", "passport", "clinic-number", "insurance"] as const;
export const identifierSystem = (kind: (typeof identifierKinds)[number]) => `urn:gladstone:${kind}`;

/** What kind of number it is, where that is known. */
export function identifierKind(system: string): string {
  const kind = identifierKinds.find((known) => system.endsWith(known));
  return kind ? i18n.t(`patient.identifierKind.${kind}`) : "";
}

export const identifierWords = (identifier: Identifier): string => [identifierKind(identifier.system), identifier.value].filter(Boolean).join(" ");
