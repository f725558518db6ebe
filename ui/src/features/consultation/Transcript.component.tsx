import { Badge, Button, Group, Text, Title } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { type KeyboardEvent, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/States.component";
import { tell } from "../../lib/tell";
import classes from "./Consultation.module.css";
import { type Gap, swapSpeaker, type TranscriptView } from "./consultation.resource";
import { nextSpeaker, rows, type Span } from "./spans";
import { GapRow, TurnRow } from "./Turn.component";
import type { Player } from "./usePlayer";

const BEHIND_S = 10;
/** This near the end a reader follows what is said. */
const AT_END_PX = 48;

type Props = {
  encounterId: string;
  transcript: TranscriptView;
  lit: Map<number, Span[]>;
  recording: boolean;
  player: Player | null;
  mayName: boolean;
  onNamed: (transcript: TranscriptView) => Promise<void>;
};

/** What was said, as it comes; who said it; what was not understood. */
export function Transcript({ encounterId, transcript, lit, recording, player, mayName, onNamed }: Props) {
  const { t } = useTranslation();
  const { turns, gaps, settled, behindSeconds } = transcript;
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const [away, setAway] = useState(false);
  const [focused, setFocused] = useState(0);
  const shown = useMemo(() => rows(turns, gaps), [turns, gaps]);

  const toEnd = useCallback(() => {
    const element = list.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);
  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
  }, [shown, toEnd]);
  useLayoutEffect(() => {
    const first = Math.min(...lit.keys());
    if (Number.isFinite(first)) list.current?.querySelector(`[data-turn="${first}"]`)?.scrollIntoView({ block: "nearest" });
  }, [lit]);

  // Rows are memoised: what they are given must not change with every word.
  const latest = useRef({ turns, onNamed, player });
  latest.current = { turns, onNamed, player };
  const swap = useCallback(
    (index: number) => {
      const turn = latest.current.turns[index];
      if (turn) swapSpeaker(encounterId, index, nextSpeaker(turn.speaker)).then((named) => latest.current.onNamed(named), tell);
    },
    [encounterId],
  );
  const playGap = useCallback((gap: Gap) => void latest.current.player?.toggle(gapId(gap), { start: gap.start_s, end: gap.end_s }), []);

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-turn]");
    if (!row || row !== event.target) return;
    const index = Number(row.dataset.turn);
    const turn = turns[index];
    const go = (to: number) => list.current?.querySelector<HTMLElement>(`[data-turn="${to}"]`)?.focus();
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "ArrowDown" || key === "j") go(index + 1);
    else if (key === "ArrowUp" || key === "k") go(index - 1);
    else if (key === "Home") go(0);
    else if (key === "End") go(turns.length - 1);
    else if (key === "s" && mayName) swap(index);
    else if (key === " " && player && turn) void player.toggle(`turn-${index}`, { start: turn.start_s, end: turn.end_s });
    else return;
    event.preventDefault();
  };

  return (
    <section className={classes.transcript} aria-label={t("consultation.transcript.title")}>
      <Group justify="space-between" gap="xs" mih={36}>
        <Title order={2} fz="md">
          {t("consultation.transcript.title")}
        </Title>
        {behindSeconds > BEHIND_S && (
          <Badge color="yellow" variant="light" size="lg">
            {t("consultation.transcript.behind", { seconds: Math.round(behindSeconds) })}
          </Badge>
        )}
        {!settled && !recording && behindSeconds <= BEHIND_S && turns.length > 0 && (
          <Text fz="sm" c="dimmed">
            {t("consultation.transcript.settling")}
          </Text>
        )}
      </Group>
      {shown.length === 0 ? (
        <EmptyState title={t(recording ? "consultation.transcript.listening" : "consultation.transcript.empty")} text={t(recording ? "consultation.transcript.listeningWhy" : "consultation.transcript.emptyWhy")} />
      ) : (
        <>
          <ol
            ref={list}
            className={classes.turns}
            aria-label={t("consultation.transcript.turns")}
            onKeyDown={onKey}
            onFocus={(event) => {
              const index = (event.target as HTMLElement).dataset.turn;
              if (index !== undefined) setFocused(Number(index));
            }}
            onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
              atEnd.current = scrollHeight - scrollTop - clientHeight < AT_END_PX;
              setAway(!atEnd.current);
            }}
          >
            {shown.map((row) =>
              row.kind === "turn" ? (
                <TurnRow
                  key={row.index}
                  index={row.index}
                  turn={row.turn}
                  lit={lit.get(row.index)}
                  focusable={row.index === Math.min(focused, turns.length - 1)}
                  onSwap={mayName ? swap : null}
                />
              ) : (
                <GapRow key={gapId(row.gap)} gap={row.gap} playing={player?.playing === gapId(row.gap)} onPlay={player && playGap} />
              ),
            )}
          </ol>
          {away && recording && (
            <Button variant="default" size="compact-md" leftSection={<IconArrowDown size={16} aria-hidden />} onClick={toEnd} className={classes.newest ?? ""}>
              {t("consultation.transcript.newest")}
            </Button>
          )}
        </>
      )}
      {!player && turns.length > 0 && (
        <Text fz="sm" c="dimmed">
          {t("consultation.transcript.noSound")}
        </Text>
      )}
    </section>
  );
}

const gapId = (gap: Gap) => `gap-${gap.start_s}`;
