import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import classes from "./Consultation.module.css";
import { onRecorder } from "./consultation.resource";

/** Speech lies between these, in decibels below the loudest a microphone can give. */
const QUIETEST_DB = -60;
/** How much of a level is left after a tenth of a second of silence. */
const FALL = 0.9;

type Level = { percent: number; clipping: boolean };

/** How loud it is, ten times a second; by itself, so that nothing else is drawn anew. */
export function LevelMeter() {
  const { t } = useTranslation();
  const [level, setLevel] = useState<Level>({ percent: 0, clipping: false });
  useEffect(() => {
    const listening = onRecorder((event) => {
      // Falls slowly: pauses between words should not flicker.
      if (event.kind === "level") setLevel((before) => ({ percent: Math.max(percentOf(event.rms), Math.floor(before.percent * FALL)), clipping: event.clipping }));
    });
    return () => void listening.then((stop) => stop());
  }, []);
  const words = level.clipping ? "clipping" : level.percent < 10 ? "silent" : level.percent < 40 ? "quiet" : "good";
  return (
    <span className={classes.level} role="meter" aria-label={t("consultation.level.title")} aria-valuemin={0} aria-valuemax={100} aria-valuenow={level.percent} aria-valuetext={t(`consultation.level.${words}`)}>
      <span className={classes.bar} aria-hidden>
        <span className={classes.fill} data-clipping={level.clipping || undefined} style={{ inlineSize: `${level.percent}%` }} />
      </span>
      <span aria-hidden>{t(`consultation.level.${words}`)}</span>
    </span>
  );
}

function percentOf(rms: number): number {
  if (rms <= 0) return 0;
  const decibels = 20 * Math.log10(rms);
  return Math.round(Math.min(100, Math.max(0, ((decibels - QUIETEST_DB) / -QUIETEST_DB) * 100)));
}
