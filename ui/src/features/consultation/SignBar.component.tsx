import { Button, Group, Kbd, Text, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSignature } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../../app/KeysHelp.component";
import { useMay } from "../../app/session";
import { ErrorState } from "../../components/States.component";
import { useStepUp } from "../../components/StepUp.component";
import { refusal } from "../../lib/call";
import classes from "./Consultation.module.css";
import { type NoteView, signNote } from "./consultation.resource";

type Props = { note: NoteView; notYet: string | null; settled: boolean; onNextBlocker: () => void; onSigned: (note: NoteView) => Promise<void> };

/** A person signs, once nothing is amber; until then it says what is in the way and leads there. */
export function SignBar({ note, notYet, settled, onNextBlocker, onSigned }: Props) {
  const { t } = useTranslation();
  const may = useMay("sign_note");
  const withStepUp = useStepUp();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const empty = note.sections.every((section) => section.sentences.every((sentence) => sentence.state === "struck"));
  const whyNot = !may ? t("reason.sign_note") : note.blockers > 0 ? t("consultation.sign.blockers", { count: note.blockers }) : empty ? t("consultation.sign.empty") : notYet;

  const sign = async () => {
    if (whyNot !== null || busy) return;
    setBusy(true);
    setFault(null);
    try {
      const signed = await withStepUp(() => signNote(note.id));
      await onSigned(signed);
    } catch (thrown) {
      // The question was closed: nothing happened, and nobody needs telling.
      if (refusal(thrown).code !== "step_up_needed") setFault(thrown);
    } finally {
      setBusy(false);
    }
  };
  useHotkeys([["mod+Enter", () => void sign()]]);

  return (
    <div className={classes.sign}>
      {fault !== null && <ErrorState error={fault} />}
      <Group justify="space-between" gap="sm">
        <div>
          <Text id="sign-why-not" role="status" fw={note.blockers > 0 ? 600 : 400} c={note.blockers > 0 ? "var(--mantine-color-yellow-text)" : "dimmed"}>
            {whyNot ?? t("consultation.sign.ready")}
          </Text>
          {/* Nobody waits to sign; but what is not in words yet goes with the sound. */}
          {whyNot === null && !settled && <Text c="var(--mantine-color-yellow-text)">{t("consultation.sign.unsettled")}</Text>}
        </div>
        <Group gap="xs" ms="auto">
          {note.blockers > 0 && (
            <Button variant="default" onClick={onNextBlocker} rightSection={<Kbd size="xs" aria-hidden>N</Kbd>}>
              {t("consultation.sign.next")}
            </Button>
          )}
          <Tooltip label={`${t("consultation.sign.sign")}  ${keys.primary}`}>
            <Button leftSection={<IconSignature size={18} aria-hidden />} onClick={() => void sign()} disabled={whyNot !== null} loading={busy} aria-describedby="sign-why-not">
              {t("consultation.sign.sign")}
            </Button>
          </Tooltip>
        </Group>
      </Group>
    </div>
  );
}
