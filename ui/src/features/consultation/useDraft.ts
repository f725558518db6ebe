import { useEffect, useRef, useState } from "react";

import { useMay } from "../../app/session";
import { draftNote, type EncounterView, type NoteView, type TranscriptView } from "./consultation.resource";

/** Drafts the note: once by itself when all words are there and nobody began one, then as often as a person asks. */
export function useDraft(visit: EncounterView, transcript: TranscriptView, recording: boolean, onNote: (note: NoteView) => Promise<void>) {
  const may = useMay("write_note");
  const [drafting, setDrafting] = useState(false);
  const [fault, setFault] = useState<unknown>(null);

  const draft = async () => {
    setDrafting(true);
    setFault(null);
    try {
      await onNote(await draftNote(visit.id));
    } catch (thrown) {
      setFault(thrown);
    } finally {
      setDrafting(false);
    }
  };

  // After a fault a person asks again.
  const tried = useRef(false);
  const ready = may && visit.note === null && transcript.settled && !recording && transcript.turns.length > 0;
  useEffect(() => {
    if (!ready || tried.current) return;
    tried.current = true;
    void draft();
    // What it drafts from is on the desk; only the moment matters.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [ready]);
  return { draft: () => void draft(), drafting, fault };
}

export type Drafting = ReturnType<typeof useDraft>;
