import { useCallback, useEffect, useRef, useState } from "react";

import { tell } from "../../lib/tell";
import { playSpan, stopPlaying } from "./consultation.resource";
import type { Times } from "./spans";

/** A little before and after, so that no word is cut. */
const MARGIN_S = 0.15;

/** Plays one stretch of the visit at a time; asking for the same again stops it. */
export function usePlayer(encounterId: string) {
  const [playing, setPlaying] = useState<string | null>(null);
  const now = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const mark = useCallback((id: string | null) => {
    clearTimeout(timer.current);
    now.current = id;
    setPlaying(id);
  }, []);
  const toggle = useCallback(
    async (id: string, times: Times) => {
      try {
        if (now.current === id) {
          mark(null);
          await stopPlaying();
          return;
        }
        const start = Math.max(0, times.start - MARGIN_S);
        const end = times.end + MARGIN_S;
        mark(id);
        await playSpan(encounterId, start, end);
        // The desk does not tell when it ends.
        if (now.current === id) timer.current = setTimeout(() => mark(null), (end - start) * 1000);
      } catch (thrown) {
        mark(null);
        tell(thrown);
      }
    },
    [encounterId, mark],
  );
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      if (now.current !== null) stopPlaying().catch(() => undefined);
    },
    [],
  );
  return { playing, toggle };
}

export type Player = ReturnType<typeof usePlayer>;
