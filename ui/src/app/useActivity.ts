import { useEffect } from "react";

import { touch } from "./session.resource";

const AT_MOST_EVERY_MS = 5000;
const SIGNS = ["pointerdown", "pointermove", "wheel", "keydown"] as const;

/** Tells the desk that somebody is at work, at most every 5 s. Only hands count: what the window asks by itself never does. */
export function useActivity(enabled: boolean) {
  useEffect(() => {
    if (!enabled) return;
    let told = -Infinity;
    const tell = () => {
      const now = performance.now();
      if (now - told < AT_MOST_EVERY_MS) return;
      told = now;
      touch().catch(() => undefined);
    };
    for (const sign of SIGNS) window.addEventListener(sign, tell, { passive: true, capture: true });
    return () => {
      for (const sign of SIGNS) window.removeEventListener(sign, tell, { capture: true });
    };
  }, [enabled]);
}
