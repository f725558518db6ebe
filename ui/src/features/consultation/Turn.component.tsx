import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import { minutes } from "../../lib/clock";
import classes from "./Consultation.module.css";
import type { Gap, Turn } from "./consultation.resource";
import { pieces, type Span } from "./spans";
import { speakerWords } from "./words";

const nothingLit: readonly Span[] = [];

type TurnProps = { index: number; turn: Turn; lit: readonly Span[] | undefined; focusable: boolean; onSwap: ((index: number) => void) | null };

/** One turn of a talk that may have thousands: drawn again only when its own words or light change. */
export const TurnRow = memo(function TurnRow({ index, turn, lit = nothingLit, focusable, onSwap }: TurnProps) {
  const { t } = useTranslation();
  const speaker = speakerWords(turn.speaker);
  return (
    <li className={classes.turn} tabIndex={focusable ? 0 : -1} data-turn={index} data-lit={lit.length > 0 || undefined}>
      <span className={classes.time}>{minutes(turn.start_s)}</span>
      {onSwap ? (
        <button
          type="button"
          className={classes.speaker}
          data-speaker={turn.speaker}
          tabIndex={-1}
          onClick={() => onSwap(index)}
          title={`${t("consultation.transcript.swap")}  S`}
          aria-label={t("consultation.transcript.swapOf", { speaker, number: index + 1 })}
        >
          {speaker}
        </button>
      ) : (
        <span className={classes.speaker} data-speaker={turn.speaker}>
          {speaker}
        </span>
      )}
      <span className={classes.said} dir="auto">
        {pieces(turn, lit).map((piece, place) => {
          const words = piece.unsure ? (
            <span className={classes.unsure} title={t("consultation.transcript.unsure")}>
              {piece.text}
            </span>
          ) : (
            piece.text
          );
          return piece.lit ? <mark key={place}>{words}</mark> : <span key={place}>{words}</span>;
        })}
      </span>
    </li>
  );
});

type GapProps = { gap: Gap; playing: boolean; onPlay: ((gap: Gap) => void) | null };

/** Speech that nobody understood is shown where it was, never passed over. */
export const GapRow = memo(function GapRow({ gap, playing, onPlay }: GapProps) {
  const { t } = useTranslation();
  const seconds = Math.max(1, Math.round(gap.end_s - gap.start_s));
  const at = minutes(gap.start_s);
  return (
    <li className={classes.gap}>
      <span className={classes.time}>{at}</span>
      <span>{t("consultation.transcript.gap", { seconds })}</span>
      {onPlay && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          onClick={() => onPlay(gap)}
          aria-label={playing ? t("consultation.transcript.stopGap", { at }) : t("consultation.transcript.playGap", { at })}
        >
          {playing ? t("consultation.stopPlaying") : t("consultation.play")}
        </Button>
      )}
    </li>
  );
});
