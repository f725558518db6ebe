import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { onDataChanged, type StatusView } from "../../app/session.resource";
import { type EncounterView, type Gap, type NoteView, onRecorder, openEncounter, type TranscriptView, type Turn } from "./consultation.resource";

/** What this screen is made of. */
const SHOWN = new Set(["Encounter", "Consent", "Recording", "Transcript", "Composition", "Addendum"]);
/** These change with every few words; while people talk the words come as events. */
const WITH_EVERY_TURN = new Set(["Recording", "Transcript"]);
const OF_NOTE = ["Composition", "Addendum"];
const PAUSE_MS = 300;

type Live = { turns: Map<number, Turn>; gaps: Gap[] };
const nothing: Live = { turns: new Map(), gaps: [] };

export const consultationKey = (encounterId: string) => ["Consultation", encounterId];

/** One visit as the desk has it, with the words that arrive meanwhile. */
export function useConsultation(encounterId: string) {
  const client = useQueryClient();
  const [live, setLive] = useState(nothing);
  const key = useMemo(() => consultationKey(encounterId), [encounterId]);
  const running = useCallback(() => client.getQueryData<StatusView>(["status"])?.recording?.encounterId === encounterId, [client, encounterId]);
  const query = useQuery({
    queryKey: key,
    queryFn: () => openEncounter(encounterId),
    // Every look is audited: only what happened here is a reason to look again.
    refetchOnWindowFocus: false,
  });
  const again = useCallback(() => client.invalidateQueries({ queryKey: key }), [client, key]);

  const transcript = useMemo(() => joined(query.data?.transcript, live), [query.data?.transcript, live]);
  const shown = useRef(0);
  shown.current = transcript.turns.length;

  const changed = useRef(new Set<string>());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const due = changed.current;
    const data = onDataChanged((types) => {
      for (const type of types) if (SHOWN.has(type) && !(WITH_EVERY_TURN.has(type) && running())) due.add(type);
      // Several records change in one step: one look is enough.
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (due.size > 0) void again();
        due.clear();
      }, PAUSE_MS);
    });
    const recorder = onRecorder((event) => {
      if (!("encounterId" in event) || event.encounterId !== encounterId) return;
      if (event.kind === "turn") {
        setLive((now) => ({ ...now, turns: new Map(now.turns).set(event.index, event.turn) }));
        // Words before it were missed, as while the desk was locked.
        if (event.index > shown.current) void again();
      } else if (event.kind === "gap") setLive((now) => ({ ...now, gaps: [...now.gaps, event.gap] }));
      else if (event.kind === "settled") void again().then(() => setLive(nothing));
      else void again();
    });
    return () => {
      clearTimeout(timer);
      for (const one of [data, recorder]) void one.then((stop) => stop());
    };
  }, [again, encounterId, running]);

  const update = useCallback(
    async (change: Partial<EncounterView>) => {
      // An answer that was asked for before this step would undo it on the screen.
      await client.cancelQueries({ queryKey: key });
      client.setQueryData<EncounterView>(key, (visit) => visit && { ...visit, ...change });
    },
    [client, key],
  );
  const setNote = useCallback(
    (note: NoteView) => {
      // The answer to an edit is the note as it is now: no reason for another look, which would be audited too.
      for (const type of OF_NOTE) changed.current.delete(type);
      return update({ note });
    },
    [update],
  );
  const setTranscript = useCallback((changed: TranscriptView) => update({ transcript: changed }), [update]);
  /** Consent does not stand: words that came live go with the stored ones. */
  const forget = useCallback(() => {
    setLive(nothing);
    return again();
  }, [again]);
  return { query, transcript, again, forget, setNote, setTranscript };
}

/** Stored words first, then those that came since. */
function joined(stored: TranscriptView | undefined, live: Live): TranscriptView {
  const base = stored ?? { turns: [], gaps: [], settled: true, behindSeconds: 0 };
  const turns = [...base.turns];
  for (let next = live.turns.get(turns.length); next; next = live.turns.get(turns.length)) turns.push(next);
  const known = new Set(base.gaps.map((gap) => gap.start_s));
  return { ...base, turns, gaps: [...base.gaps, ...live.gaps.filter((gap) => !known.has(gap.start_s))] };
}
