import { Badge, Box, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { ChartView } from "./chart.resource";
import { ageInWords, dateInWords } from "./dates";
import classes from "./Patients.module.css";
import type { PatientView } from "./patients.resource";
import { identifierWords, label, otherNames } from "./words";

/** Who this is and what may harm them: the head of everything that is about one patient. */
export function PatientBanner({ chart }: { chart: ChartView }) {
  return <Identity patient={chart.patient} chart={chart} />;
}

/** The same head for those who may not open the chart: no word on allergies, not even that there are none. */
export function IdentityBanner({ patient }: { patient: PatientView }) {
  return <Identity patient={patient} chart={null} />;
}

function Identity({ patient, chart }: { patient: PatientView; chart: ChartView | null }) {
  const { t } = useTranslation();
  const others = otherNames(patient);
  const identifier = patient.identifiers[0];
  const born = patient.birthDate && t(patient.birthDateEstimated ? "patient.bornAbout" : "patient.born", { date: dateInWords(patient.birthDate) });
  return (
    <section className={classes.banner} aria-label={t("patient.banner")}>
      <Title order={1} fz="1.375rem" miw={0}>
        <bdi>{patient.displayName}</bdi>
      </Title>
      {others.map((name) => (
        <Text key={name} c="dimmed" fz="md">
          <bdi>{name}</bdi>
        </Text>
      ))}
      {patient.deceased && (
        <Badge color="gray" variant="filled" size="lg">
          {t("patient.deceased")}
        </Badge>
      )}
      <Text fz="md">
        <bdi>{[ageInWords(patient.ageText), born].filter(Boolean).join(", ") || t("patient.noBirthDate")}</bdi>
      </Text>
      <Text fz="md">{t(`gender.${patient.gender}`)}</Text>
      {identifier && (
        <Text fz="md">
          <bdi>{identifierWords(identifier)}</bdi>
        </Text>
      )}
      {chart && (
        <Box className={classes.allergies ?? ""}>
          <Allergies chart={chart} />
        </Box>
      )}
    </section>
  );
}

/** Said in words, so that it is heard, printed and seen without colour. */
function Allergies({ chart }: { chart: ChartView }) {
  const { t } = useTranslation();
  const active = chart.allergies.filter((allergy) => allergy.status === "active");
  if (active.length === 0)
    return chart.noKnownAllergies ? (
      <Text fz="md">{t("allergy.noneKnown")}</Text>
    ) : (
      <Text fz="md" fw={600} c="var(--mantine-color-yellow-text)">
        {t("allergy.notRecorded")}
      </Text>
    );
  const words = active.map((allergy) => {
    const more = [allergy.reaction, allergy.criticality === "high" ? t("allergy.criticality.high") : ""].filter(Boolean).join(", ");
    return { id: allergy.id, words: more ? `${label(allergy.substance)} (${more})` : label(allergy.substance) };
  });
  return (
    <Text fz="md" fw={700} c="var(--mantine-color-red-text)">
      <IconAlertTriangle size={18} aria-hidden style={{ verticalAlign: "text-bottom", marginInlineEnd: 6 }} />
      {t("allergy.title").toLocaleUpperCase()}:{" "}
      {words.map((one, at) => (
        <span key={one.id}>
          {at > 0 && "; "}
          <bdi>{one.words}</bdi>
        </span>
      ))}
    </Text>
  );
}
