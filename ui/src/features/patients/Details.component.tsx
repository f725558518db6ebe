import { Box, Text } from "@mantine/core";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { dateInWords } from "./dates";
import classes from "./Patients.module.css";
import type { PatientView } from "./patients.resource";
import { identifierWords, wholeName } from "./words";

/** Who the patient is said to be, in full. */
export function Details({ patient }: { patient: PatientView }) {
  const { t, i18n } = useTranslation();
  const { address } = patient;
  const place = address ? [...address.line, address.postalCode, address.city, address.district, address.state, address.country].filter(Boolean).join(", ") : "";
  const born = dateInWords(patient.birthDate, "long");
  const of = (system: "phone" | "email") => patient.telecom.filter((point) => point.system === system).map(({ value }) => value);
  const rows: [string, string[]][] = [
    ["names", patient.names.map((name) => (name.use === "official" ? wholeName(name) : `${wholeName(name)} (${t(`register.use.${name.use}`)})`))],
    ["birthDate", born ? [patient.birthDateEstimated ? t("patient.estimated", { date: born }) : born] : []],
    ["sex", [t(`gender.${patient.gender}`)]],
    ["identifiers", patient.identifiers.map(identifierWords)],
    ["phone", of("phone")],
    ["email", of("email")],
    ["address", place ? [place] : []],
    ["kin", patient.contacts.map(({ name, relationship, phone }) => [name, relationship, phone].filter(Boolean).join(", "))],
    ["language", patient.language ? [languageName(patient.language, i18n.language)] : []],
  ];
  return (
    <Box component="dl" className={classes.details ?? ""} aria-label={t("patient.tab.details")}>
      {rows.map(([name, values]) => (
        <Line key={name} name={t(`patient.${name}`)}>
          {values.length === 0 ? (
            <Text c="dimmed">{t("patient.notKnown")}</Text>
          ) : (
            values.map((value) => (
              <Text key={value}>
                <bdi>{value}</bdi>
              </Text>
            ))
          )}
        </Line>
      ))}
    </Box>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.line}>
      <Text component="dt" c="dimmed">
        {name}
      </Text>
      <Box component="dd" m={0} miw={0}>
        {children}
      </Box>
    </div>
  );
}

/** The language's name; an imported code that is none stands as it is. */
export function languageName(code: string, inLanguage: string): string {
  try {
    return new Intl.DisplayNames([inLanguage], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
