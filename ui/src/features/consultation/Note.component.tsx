import { Button, Title } from "@mantine/core";
import { IconNotes } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../../app/session";
import { EmptyState, ErrorState } from "../../components/States.component";
import classes from "./Consultation.module.css";
import type { EncounterView, Evidence, NoteView, TranscriptView } from "./consultation.resource";
import { NoteEditor } from "./NoteEditor.component";
import { SignedNote } from "./SignedNote.component";
import type { Drafting } from "./useDraft";
import type { Player } from "./usePlayer";

type Props = {
  visit: EncounterView;
  transcript: TranscriptView;
  /** A recording of this visit runs. */
  recording: boolean;
  drafting: Drafting;
  player: Player | null;
  alone: boolean;
  onNote: (note: NoteView) => Promise<void>;
  onLight: (evidence: Evidence[]) => void;
  onSigned: () => void;
};

/** The note of the visit: offered, worked on, or signed. */
export function Note({ visit, transcript, recording, drafting, player, alone, onNote, onLight, onSigned }: Props) {
  const { t } = useTranslation();
  const may = useMay("write_note");
  const [fresh, setFresh] = useState(false);
  const { note } = visit;
  const { turns, settled } = transcript;

  const body = () => {
    if (note?.status === "final") return <SignedNote note={note} done={visit.stage === "done"} fresh={fresh} onNote={onNote} />;
    if (note && may) {
      return (
        <NoteEditor
          note={note}
          turns={turns}
          player={player}
          alone={alone}
          notYet={recording ? t("consultation.sign.recording") : null}
          settled={settled}
          onNote={onNote}
          onLight={onLight}
          onDraft={drafting.draft}
          drafting={drafting.drafting}
          onSigned={() => {
            setFresh(true);
            onSigned();
          }}
        />
      );
    }
    if (!may) return <EmptyState icon={<IconNotes size={28} />} title={t(note ? "consultation.note.unsigned" : "consultation.note.none")} text={t("reason.write_note")} />;
    return (
      <EmptyState
        icon={<IconNotes size={28} />}
        title={t("consultation.note.none")}
        text={t(turns.length > 0 ? "consultation.note.noneWhy" : "consultation.note.noneYet")}
        action={
          <Button onClick={drafting.draft} loading={drafting.drafting} variant={turns.length > 0 ? "filled" : "default"}>
            {t(turns.length > 0 ? "consultation.note.draft" : "consultation.note.writeByHand")}
          </Button>
        }
      />
    );
  };
  return (
    <section className={classes.note} aria-label={t("consultation.note.title")}>
      <Title order={2} fz="md" mih={36}>
        {t("consultation.note.title")}
      </Title>
      {drafting.fault !== null && <ErrorState error={drafting.fault} />}
      {body()}
    </section>
  );
}
