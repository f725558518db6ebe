import { Tabs } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../../app/session";
import { ErrorState, Loading, NoPermission } from "../../components/States.component";
import { ChartGlance } from "../patients/ChartGlance.component";
import { PatientBanner } from "../patients/PatientBanner.component";
import { useChart } from "../patients/useChart";
import { Consent } from "./Consent.form";
import classes from "./Consultation.module.css";
import type { ConsentDecision, EncounterView, Evidence } from "./consultation.resource";
import { Note } from "./Note.component";
import { RecorderBar } from "./Recorder.component";
import { litSpans } from "./spans";
import { Transcript } from "./Transcript.component";
import { useConsultation } from "./useConsultation";
import { useDraft } from "./useDraft";
import { usePlayer } from "./usePlayer";
import { useRecorder } from "./useRecorder";

/** From here on three panes stand side by side. */
const WIDE = "(min-width: 1100px)";

/** One visit: the chart at a glance, what is said, and the note. */
export function Consultation({ encounterId }: { encounterId: string }) {
  const { t } = useTranslation();
  if (!useMay("read_chart")) return <NoPermission who={t("reason.read_chart")} />;
  return <Visit encounterId={encounterId} />;
}

function Visit({ encounterId }: { encounterId: string }) {
  const consultation = useConsultation(encounterId);
  const { data, error, refetch } = consultation.query;
  if (data) return <Panes visit={data} consultation={consultation} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <Loading />;
}

type PanesProps = { visit: EncounterView; consultation: ReturnType<typeof useConsultation> };

function Panes({ visit, consultation }: PanesProps) {
  const { t } = useTranslation();
  const { transcript, again, forget, setNote, setTranscript } = consultation;
  const wide = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false });
  const chart = useChart(visit.patientId);
  const recorder = useRecorder(visit.id);
  const playback = usePlayer(visit.id);
  const mayWrite = useMay("write_note");
  const [evidence, setEvidence] = useState<Evidence[]>([]);
  const lit = useMemo(() => litSpans(evidence, transcript.turns), [evidence, transcript.turns]);
  const recording = recorder.phase !== "idle";
  // Here, since a folded-away pane does nothing by itself.
  const drafting = useDraft(visit, transcript, recording, setNote);
  const player = visit.audioKept ? playback : null;
  const signed = visit.note?.status === "final";

  const decided = async (decision: ConsentDecision) => {
    if (decision !== "given") recorder.ended();
    await forget();
  };

  const consent = <Consent encounterId={visit.id} consent={visit.consent} closed={signed} onDecided={decided} />;
  const bar = <RecorderBar recorder={recorder} consent={visit.consent} signed={signed} />;
  const glance = chart.data ? <ChartGlance chart={chart.data} encounterId={visit.id} /> : chart.error ? <ErrorState error={chart.error} onRetry={() => void chart.refetch()} /> : <Loading />;
  // Before consent there is one thing to do, and it has the middle of the window.
  const words = (!wide || visit.consent !== null || transcript.turns.length > 0) && (
    <Transcript encounterId={visit.id} transcript={transcript} lit={lit} recording={recording} player={player} mayName={mayWrite && !signed} onNamed={setTranscript} />
  );
  const note = <Note visit={visit} transcript={transcript} recording={recording} drafting={drafting} player={player} alone={!wide} onNote={setNote} onLight={setEvidence} onSigned={() => void again()} />;

  return (
    <div className={classes.visit}>
      {chart.data && <PatientBanner chart={chart.data} />}
      {wide ? (
        <div className={classes.panes}>
          <section className={classes.pane} aria-label={t("consultation.chart")}>
            {glance}
          </section>
          <div className={classes.middle}>
            {consent}
            {words}
            {bar}
          </div>
          {note}
        </div>
      ) : (
        <>
          <div className={classes.sound}>
            {consent}
            {bar}
          </div>
          <Tabs defaultValue="transcript" className={classes.tabs ?? ""} classNames={{ panel: classes.panel ?? "" }} keepMounted>
            <Tabs.List>
              <Tabs.Tab value="chart">{t("consultation.chart")}</Tabs.Tab>
              <Tabs.Tab value="transcript">{t("consultation.transcript.title")}</Tabs.Tab>
              <Tabs.Tab value="note">{t("consultation.note.title")}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="chart">{glance}</Tabs.Panel>
            <Tabs.Panel value="transcript">{words}</Tabs.Panel>
            <Tabs.Panel value="note">{note}</Tabs.Panel>
          </Tabs>
        </>
      )}
    </div>
  );
}
