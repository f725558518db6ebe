import { Alert, Box, Button, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ageInWords, dateInWords } from "./dates";
import { type PatientHit, likelyDuplicates, type PatientRequest } from "./patients.resource";
import { identifierWords, wholeName } from "./words";

const PAUSE_MS = 250;
const SHORTEST_NAME = 2;

/** Who may already be registered as this person, while there is time to notice. `except` is the patient that is being changed. */
export function Duplicates({ request, except, onOpen }: { request: PatientRequest; except: string | null; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  // Only what tells people apart: an address typed further down asks nothing anew.
  const typed = JSON.stringify({ names: request.names, birthDate: request.birthDate, telecom: request.telecom, identifiers: request.identifiers });
  const [asked] = useDebouncedValue(typed, PAUSE_MS);
  const worth = request.names.some((name) => wholeName(name).length >= SHORTEST_NAME) || request.telecom.length > 0 || request.identifiers.length > 0;
  const { data } = useQuery({
    queryKey: ["Patient", "duplicates", asked],
    queryFn: () => likelyDuplicates({ ...request, ...(JSON.parse(asked) as Partial<PatientRequest>) }),
    enabled: worth,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const found = worth ? (data ?? []).filter(({ patient }) => patient.id !== except) : [];
  return (
    <Box role="status" aria-live="polite">
      {found.length > 0 && (
        <Alert role="group" color="yellow" variant="light" title={t("duplicate.title", { count: found.length })}>
          <Stack gap="sm">
            {found.map(({ patient, reasons }) => (
              <div key={patient.id}>
                <Text fw={600} c="var(--mantine-color-text)">
                  <bdi>{patient.displayName}</bdi>
                  {patient.otherName && (
                    <>
                      {" · "}
                      <bdi>{patient.otherName}</bdi>
                    </>
                  )}
                </Text>
                <Text c="var(--mantine-color-text)">
                  <About hit={patient} />
                </Text>
                <Text fz="sm">{reasons.map((reason) => t(`duplicate.reason.${reason}`, { defaultValue: reason })).join(", ")}</Text>
                <Button variant="default" mt={6} h="auto" mih={32} py={4} px="sm" onClick={() => onOpen(patient.id)} styles={{ label: { whiteSpace: "normal" } }}>
                  {t("duplicate.open", { name: patient.displayName })}
                </Button>
              </div>
            ))}
          </Stack>
        </Alert>
      )}
    </Box>
  );
}

function About({ hit }: { hit: PatientHit }) {
  const { t } = useTranslation();
  return <bdi>{[dateInWords(hit.birthDate), ageInWords(hit.ageText), t(`gender.${hit.gender}`), hit.phone, hit.identifier && identifierWords(hit.identifier)].filter(Boolean).join(" · ")}</bdi>;
}
