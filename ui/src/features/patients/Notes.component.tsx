import { Badge, Box, Button, Group, Stack, Text, Textarea, Title, UnstyledButton } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { EmptyState, ErrorState, Loading } from "../../components/States.component";
import { addAddendum, type ChartView, type NoteView, openEncounter } from "./chart.resource";
import { ChartForm } from "./ChartForm.component";
import { timeInWords } from "./dates";
import classes from "./Patients.module.css";
import { useChartChanged } from "./useChart";

/** Past notes to read. What is signed never changes here: more is said in an addendum. */
export function Notes({ chart }: { chart: ChartView }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const visits = chart.visits.filter((visit) => visit.noteId !== null).sort((a, b) => b.date.localeCompare(a.date));
  if (visits.length === 0) return <EmptyState title={t("note.noneTitle")} text={t("note.none")} />;
  return (
    <div className={classes.notes}>
      <nav aria-label={t("note.list")}>
        <ul className={classes.hits}>
          {visits.map((visit) => (
            <li key={visit.encounterId}>
              <UnstyledButton
                className={classes.noteButton ?? ""}
                aria-current={visit.encounterId === chosen}
                aria-label={[t("note.open", { date: timeInWords(visit.date) }), visit.practitioner].filter(Boolean).join(", ")}
                onClick={() => setChosen(visit.encounterId)}
              >
                <Group gap="xs">
                  <Text fw={600}>{timeInWords(visit.date)}</Text>
                  <Text c="dimmed" dir="auto">
                    {visit.practitioner}
                  </Text>
                  {visit.noteStatus !== "final" && (
                    <Badge variant="light" color="yellow" size="lg">
                      {t("note.unsigned")}
                    </Badge>
                  )}
                </Group>
                <Text lineClamp={2} dir="auto">
                  {visit.firstLines || visit.reason || t("note.empty")}
                </Text>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </nav>
      {chosen === null ? <Text c="dimmed">{t("note.choose")}</Text> : <PastNote key={chosen} encounterId={chosen} patientId={chart.patient.id} />}
    </div>
  );
}

function PastNote({ encounterId, patientId }: { encounterId: string; patientId: string }) {
  const { t } = useTranslation();
  const { go } = useNavigation();
  const { data, error, refetch } = useQuery({ queryKey: ["Composition", "past", encounterId], queryFn: () => openEncounter(encounterId) });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const toVisit = (
    <Button variant="default" onClick={() => go({ page: "consultation", encounterId })}>
      {t("note.toVisit")}
    </Button>
  );
  if (!data.note) return <EmptyState title={t("note.nothing")} action={toVisit} />;
  const { note } = data;
  return (
    <Stack component="article" gap="sm" aria-label={t("note.open", { date: data.startedAt ? timeInWords(data.startedAt) : data.reason })}>
      <Group justify="space-between">
        <Text c="dimmed">{note.status === "final" ? t("note.signed", { who: note.signedBy ?? "", when: note.signedAt ? timeInWords(note.signedAt) : "" }) : t("note.notSigned")}</Text>
        {toVisit}
      </Group>
      <Written note={note} />
      {note.status === "final" && <Addenda note={note} encounterId={encounterId} patientId={patientId} />}
    </Stack>
  );
}

function Written({ note }: { note: NoteView }) {
  const sections = note.sections.map((section) => ({ ...section, sentences: section.sentences.filter((sentence) => sentence.state !== "struck") })).filter((section) => section.sentences.length > 0);
  return (
    <>
      {sections.map((section) => (
        <section key={section.code} aria-label={section.title}>
          <Title order={2} fz="md">
            {section.title}
          </Title>
          <Text dir="auto" style={{ whiteSpace: "pre-line" }}>
            {section.sentences.map((sentence) => sentence.text).join(" ")}
          </Text>
        </section>
      ))}
    </>
  );
}

function Addenda({ note, encounterId, patientId }: { note: NoteView; encounterId: string; patientId: string }) {
  const { t } = useTranslation();
  const may = useMay("write_note");
  const [adding, setAdding] = useState(false);
  return (
    <section aria-label={t("note.addenda")}>
      {note.addenda.length > 0 && (
        <Title order={2} fz="md">
          {t("note.addenda")}
        </Title>
      )}
      {note.addenda.map((addendum) => (
        <Box key={addendum.id} mb="xs">
          <Text fz="sm" c="dimmed">
            {t("note.by", { who: addendum.author, when: timeInWords(addendum.at) })}
          </Text>
          <Text dir="auto" style={{ whiteSpace: "pre-line" }}>
            {addendum.text}
          </Text>
        </Box>
      ))}
      {may && !adding && (
        <Button variant="default" onClick={() => setAdding(true)}>
          {t("note.addAddendum")}
        </Button>
      )}
      {adding && <AddendumForm noteId={note.id} encounterId={encounterId} patientId={patientId} onClose={() => setAdding(false)} />}
    </section>
  );
}

function AddendumForm({ noteId, encounterId, patientId, onClose }: { noteId: string; encounterId: string; patientId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const changed = useChartChanged(patientId);
  const form = useForm({ initialValues: { text: "" }, validate: { text: (text: string) => (text.trim() === "" ? t("reason.required") : null) } });
  return (
    <ChartForm
      draft={`addendum:${noteId}`}
      label={t("note.addAddendum")}
      save={t("note.saveAddendum")}
      form={form}
      onClose={onClose}
      onSave={async ({ text }) => {
        await addAddendum(noteId, text.trim());
        await Promise.all([client.invalidateQueries({ queryKey: ["Composition", "past", encounterId] }), changed()]);
      }}
    >
      <Textarea label={t("note.addendum")} description={t("note.addendumWhy")} required autoFocus rows={4} resize="vertical" dir="auto" {...form.getInputProps("text")} />
    </ChartForm>
  );
}
