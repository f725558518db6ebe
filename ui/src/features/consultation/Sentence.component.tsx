import { Button, Group, Kbd, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import classes from "./Consultation.module.css";
import type { NoteSentence, Turn } from "./consultation.resource";
import { flagWords, speakerWords } from "./words";

export type SentenceStep = "keep" | "strike" | "restore" | "edit" | "play";
type Props = {
  sentence: NoteSentence;
  active: boolean;
  focusable: boolean;
  playing: boolean;
  mayPlay: boolean;
  /** Where the transcript is not beside the note, the evidence is quoted below. */
  quoted: Turn[] | null;
  onStep: (step: SentenceStep) => void;
};

/** It needs a look before the note can be signed. */
export const blocks = (sentence: NoteSentence) => sentence.support === "needs_review" && sentence.state === "pending";

/** One sentence with what it rests on and what a person makes of it. */
export function Sentence({ sentence, active, focusable, playing, mayPlay, quoted, onStep }: Props) {
  const { t } = useTranslation();
  const amber = blocks(sentence);
  const state = amber ? t("consultation.note.needsLook") : t(`consultation.note.state.${sentence.state}`);
  const reasons = amber ? sentence.flags.map(flagWords) : [];
  const step = (name: SentenceStep, key: string) => (
    <Button key={name} variant="default" size="compact-sm" rightSection={<Kbd size="xs" aria-hidden>{key}</Kbd>} onClick={() => onStep(name)} aria-keyshortcuts={key}>
      {name === "play" && playing ? t("consultation.stopPlaying") : t(`consultation.note.step.${name}`)}
    </Button>
  );
  return (
    <li>
      <div
        role="group"
        className={classes.sentence}
        tabIndex={focusable ? 0 : -1}
        data-item={`s:${sentence.id}`}
        data-amber={amber || undefined}
        data-active={active || undefined}
        aria-label={[sentence.text, state, ...reasons].join(" ")}
      >
        <Text dir="auto" className={(sentence.state === "struck" && classes.struck) || ""} component={sentence.state === "struck" ? "s" : "span"} c={sentence.state === "struck" ? "dimmed" : "var(--mantine-color-text)"}>
          {sentence.text}
        </Text>{" "}
        {sentence.state === "kept" && <IconCheck size={16} color="var(--mantine-color-green-text)" aria-hidden style={{ verticalAlign: "text-bottom" }} />}
        {sentence.origin !== "drafted" && (
          <Text component="span" fz="sm" c="dimmed">
            {" "}
            {t(`consultation.note.origin.${sentence.origin}`)}
          </Text>
        )}
        {amber && (
          <Text fz="sm" c="var(--mantine-color-yellow-text)" fw={600}>
            <IconAlertTriangle size={16} aria-hidden style={{ verticalAlign: "text-bottom", marginInlineEnd: 4 }} />
            {t("consultation.note.needsLook")}: {reasons.join(" ")}
          </Text>
        )}
        {active && quoted && <Quotes sentence={sentence} turns={quoted} />}
        {active && (
          <Group gap={6} mt={6}>
            {sentence.state === "struck" ? (
              step("restore", "X")
            ) : (
              <>
                {sentence.state === "pending" && step("keep", "Y")}
                {step("edit", "E")}
                {step("strike", "X")}
              </>
            )}
            {mayPlay && sentence.evidence.length > 0 && step("play", "Space")}
          </Group>
        )}
      </div>
    </li>
  );
}

function Quotes({ sentence, turns }: { sentence: NoteSentence; turns: Turn[] }) {
  return sentence.evidence.map(({ turn, quote }) => (
    <Text key={`${turn}:${quote}`} fz="sm" c="dimmed" dir="auto">
      {speakerWords(turns[turn]?.speaker ?? "")}: “{quote}”
    </Text>
  ));
}
