import { Button, Group, Stack, Text, Title, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconCheck } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../../app/KeysHelp.component";
import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { tell } from "../../lib/tell";
import { AddendumForm } from "./Addendum.form";
import classes from "./Consultation.module.css";
import { type NoteView, setStage } from "./consultation.resource";
import { dayAndTime, sectionTitle } from "./words";

type Props = { note: NoteView; done: boolean; /** Signed just now: the next step has the keyboard. */ fresh: boolean; onNote: (note: NoteView) => Promise<void> };

/** A signed note as it stays, with what was added later. */
export function SignedNote({ note, done, fresh, onNote }: Props) {
  const { t } = useTranslation();
  const mayAdd = useMay("write_note");
  const mayMove = useMay("check_in");
  const { go } = useNavigation();
  const button = useRef<HTMLButtonElement>(null);
  const [busy, setBusy] = useState(false);
  const canFinish = mayMove && !done;
  useEffect(() => {
    if (fresh) button.current?.focus();
  }, [fresh]);

  const finish = async () => {
    if (!canFinish || busy) return;
    setBusy(true);
    try {
      await setStage(note.encounterId, "done");
      go({ page: "today" });
    } catch (thrown) {
      setBusy(false);
      tell(thrown);
    }
  };
  useHotkeys([["mod+Enter", () => void finish()]]);

  const sections = note.sections.map((section) => ({ ...section, sentences: section.sentences.filter((sentence) => sentence.state !== "struck") })).filter((section) => section.sentences.length > 0);
  return (
    <>
      <div className={classes.scroll}>
        <Stack gap="md">
          <div>
            <Text fw={600} c="var(--mantine-color-green-text)">
              {t("consultation.note.signed", { name: note.signedBy ?? "", time: note.signedAt ? dayAndTime(note.signedAt) : "" })}
            </Text>
            <Text fz="sm" c="dimmed">
              {note.engine ? t("consultation.note.draftedThen", { engine: note.engine }) : t("consultation.note.byHand")}
            </Text>
          </div>
          {sections.map((section) => {
            const title = sectionTitle(section.code, section.title);
            return (
              <section key={section.code} aria-label={title}>
                <Title order={3} fz="md">
                  {title}
                </Title>
                <ul className={classes.plain}>
                  {section.sentences.map((sentence) => (
                    <li key={sentence.id}>
                      <Text dir="auto">
                        {sentence.text}
                        {sentence.origin !== "drafted" && (
                          <Text component="span" fz="sm" c="dimmed">
                            {" "}
                            {t(`consultation.note.origin.${sentence.origin}`)}
                          </Text>
                        )}
                      </Text>
                    </li>
                  ))}
                </ul>
              </section>
            );
          })}
          {note.addenda.length > 0 && (
            <section aria-label={t("consultation.addendum.list")}>
              <Title order={3} fz="md">
                {t("consultation.addendum.list")}
              </Title>
              <ul className={classes.plain}>
                {note.addenda.map((addendum) => (
                  <li key={addendum.id} className={classes.addendum}>
                    <Text dir="auto" style={{ whiteSpace: "pre-wrap" }}>
                      {addendum.text}
                    </Text>
                    <Text fz="sm" c="dimmed">
                      {t("consultation.addendum.by", { name: addendum.author, time: dayAndTime(addendum.at) })}
                    </Text>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {/* Anew for each addendum, so that the next draft is sealed too. */}
          {mayAdd && <AddendumForm key={note.addenda.length} noteId={note.id} onAdded={onNote} />}
        </Stack>
      </div>
      {canFinish && (
        <div className={classes.sign}>
          <Group justify="flex-end">
            <Tooltip label={`${t("consultation.done")}  ${keys.primary}`}>
              <Button ref={button} leftSection={<IconCheck size={18} aria-hidden />} onClick={() => void finish()} loading={busy}>
                {t("consultation.done")}
              </Button>
            </Tooltip>
          </Group>
        </div>
      )}
    </>
  );
}
