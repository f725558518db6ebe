import { Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import i18n from "../../i18n";
import { EmptyState, ErrorState, Loading } from "../../components/States.component";
import { dateInWords, timeInWords } from "./dates";
import { type HistoryEntry, patientHistory } from "./patients.resource";

/** How the record keeps itself, of no meaning to a person. */
const INNER = new Set(["id", "source", "origin"]);

/** Who changed what of the details, when, from what to what. */
export function History({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ queryKey: ["Patient", "history", patientId], queryFn: () => patientHistory(patientId) });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const entries = data.map((entry) => ({ ...entry, fields: entry.fields.filter((field) => !INNER.has(field.name)) })).filter((entry) => entry.fields.length > 0);
  if (entries.length === 0) return <EmptyState title={t("history.none")} text={t("history.noneWhy")} />;
  return (
    <Stack gap="lg">
      <Title order={2} fz="md">
        {t("history.title")}
      </Title>
      {entries.map((entry) => (
        <Entry key={`${entry.at} ${entry.desk}`} entry={entry} />
      ))}
    </Stack>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslation();
  const who = entry.author || t("history.imported");
  const when = timeInWords(entry.at);
  return (
    <div>
      <Text>
        <Text span fw={600}>
          {when}
        </Text>{" "}
        <bdi>{t("history.who", { who, desk: entry.desk.slice(-6) })}</bdi>
      </Text>
      <Table.ScrollContainer minWidth={480}>
        <Table fz="md" layout="fixed" aria-label={t("note.by", { who, when })}>
          <Table.Thead>
            <Table.Tr>
              {(["field", "before", "after"] as const).map((column) => (
                <Table.Th key={column}>{t(`history.${column}`)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entry.fields.map((field) => (
              <Table.Tr key={field.name}>
                <Table.Td>{t(`history.name.${field.name}`, { defaultValue: field.name })}</Table.Td>
                <Table.Td dir="auto">{said(field.name, field.before)}</Table.Td>
                <Table.Td dir="auto">{said(field.name, field.after)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

/** A stored value as a person would say it: lists and groups come as JSON. */
export function said(name: string, value: string | null): string {
  if (value === null || value === "") return i18n.t("history.empty");
  if (name === "gender") return i18n.t(`gender.${value}`, { defaultValue: value });
  if (name === "birthDate" || name === "deceasedAt") return dateInWords(value, "long");
  if (value === "true" || value === "false") return i18n.t(value === "true" ? "history.yes" : "history.no");
  if (!/^[[{]/.test(value)) return value;
  try {
    return words(JSON.parse(value)) || i18n.t("history.empty");
  } catch {
    return value;
  }
}

function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).filter(Boolean).join(typeof value[0] === "object" ? "; " : " ");
  if (value === null || typeof value !== "object") return String(value ?? "");
  // Codes that tell how to use a value, not what it is.
  const entries = Object.entries(value).filter(([key]) => key !== "use" && key !== "system");
  const isName = "family" in value;
  return entries.map(([, part]) => words(part)).filter(Boolean).join(isName ? " " : ", ");
}
