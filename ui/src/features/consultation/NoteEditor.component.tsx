import { Button, Group, Menu, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useHotkeys } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { tell } from "../../lib/tell";
import { useSealedForm } from "../../lib/useSealedForm";
import classes from "./Consultation.module.css";
import { editNote, type Evidence, type NoteEdit, type NoteSection, type NoteView, type Turn } from "./consultation.resource";
import { omissionId, Omissions, sectionOf } from "./Omissions.component";
import { blocks, Sentence, type SentenceStep } from "./Sentence.component";
import { SignBar } from "./SignBar.component";
import { stretch } from "./spans";
import type { Player } from "./usePlayer";
import { SECTIONS, sectionTitle } from "./words";
import { WriteForm } from "./Write.form";

type Props = {
  note: NoteView;
  turns: Turn[];
  player: Player | null;
  /** The transcript is not beside the note. */
  alone: boolean;
  /** Why it may not be signed yet, beside what stands in the note itself. */
  notYet: string | null;
  /** All that was recorded became words. */
  settled: boolean;
  onNote: (note: NoteView) => Promise<void>;
  onLight: (evidence: Evidence[]) => void;
  onDraft: () => void;
  drafting: boolean;
  onSigned: () => void;
};

/** What is being typed, by what it is about (`edit:<sentence>`, `write:<section>`), and which of them is open. */
type Typed = { open: string; texts: Record<string, string> };
const BY_HAND = ["chief_complaint", "history_of_present_illness", "examination", "assessment", "plan"];

/** The note before it is signed: a person looks at each sentence, mends it and adds what is missing. All by keys. */
export function NoteEditor({ note, turns, player, alone, notYet, settled, onNote, onLight, onDraft, drafting, onSigned }: Props) {
  const { t } = useTranslation();
  const pane = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const [focusNext, setFocusNext] = useState<string | null>(null);
  const [places, setPlaces] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const form = useForm<Typed>({ initialValues: { open: "", texts: {} } });
  const { drop } = useSealedForm(`note:${note.id}`, form);
  const { open, texts } = form.values;

  const sentences = note.sections.flatMap((section) => section.sentences);
  const items = [...sentences.map((sentence) => `s:${sentence.id}`), ...note.omissions.map(omissionId)];
  const current = active !== null && items.includes(active) ? active : (items[0] ?? null);
  const focusItem = (id: string | undefined) => {
    // Ids carry words of the talk: compared, never put into a selector.
    const all = [...(pane.current?.querySelectorAll<HTMLElement>("[data-item]") ?? [])];
    const item = all.find((one) => one.dataset.item === id);
    item?.focus();
    return item !== undefined;
  };

  // Where the keyboard goes next may not be there before the note is drawn anew.
  useEffect(() => {
    if (focusNext !== null && focusItem(focusNext)) setFocusNext(null);
  }, [focusNext, note, open]);

  const apply = async (edit: NoteEdit): Promise<NoteView | null> => {
    setBusy(true);
    try {
      const changed = await editNote(note.id, edit);
      await onNote(changed);
      setSaid(t(`consultation.note.done.${edit.kind}`));
      return changed;
    } catch (thrown) {
      tell(thrown);
      return null;
    } finally {
      setBusy(false);
    }
  };

  const openForm = (about: string, text: string) => form.setValues({ open: about, texts: { ...texts, [about]: texts[about] ?? text } });
  const closeForm = () => {
    form.setValues({ open: "", texts });
    setFocusNext(current);
  };
  const taken = (about: string) => {
    const { [about]: _, ...others } = texts;
    form.setValues({ open: "", texts: others });
  };
  const saveEdit = async (sentenceId: string) => {
    const about = `edit:${sentenceId}`;
    if (!(await apply({ kind: "edit", sentenceId, text: texts[about] ?? "" }))) return;
    taken(about);
    setFocusNext(`s:${sentenceId}`);
  };
  const saveNew = async (section: string) => {
    const about = `write:${section}`;
    const changed = await apply({ kind: "write", section, text: texts[about] ?? "" });
    if (!changed) return;
    taken(about);
    const written = changed.sections.find(({ code }) => code === section)?.sentences.at(-1);
    if (written) setFocusNext(`s:${written.id}`);
  };
  const addOmission = async (id: string) => {
    const omission = note.omissions.find((one) => omissionId(one) === id);
    if (!omission) return;
    const at = note.omissions.indexOf(omission);
    const next = note.omissions[at + 1] ?? note.omissions[at - 1];
    if (await apply({ kind: "addOmission", section: sectionOf(omission, places), turn: omission.turn, quote: omission.quote })) setFocusNext(next ? omissionId(next) : (items[0] ?? null));
  };
  const step = (sentenceId: string, name: SentenceStep) => {
    const sentence = sentences.find(({ id }) => id === sentenceId);
    if (!sentence) return;
    if (name === "edit") openForm(`edit:${sentenceId}`, sentence.text);
    else if (name === "play") play(`s:${sentenceId}`, sentence.evidence);
    else void apply({ kind: name, sentenceId }).then(() => setFocusNext(`s:${sentenceId}`));
  };
  const play = (id: string, evidence: Evidence[]) => {
    const times = stretch(evidence, turns);
    if (player && times) void player.toggle(id, times);
  };
  const nextBlocker = () => {
    const from = sentences.findIndex(({ id }) => `s:${id}` === active);
    const next = sentences.slice(from + 1).find(blocks) ?? sentences.find(blocks);
    focusItem(next && `s:${next.id}`);
  };
  useHotkeys([["N", nextBlocker]]);

  const onFocus = ({ target }: FocusEvent<HTMLElement>) => {
    const id = target.closest<HTMLElement>("[data-item]")?.dataset.item;
    if (id === undefined) return;
    setFocusNext(null);
    setActive(id);
    const omission = note.omissions.find((one) => omissionId(one) === id);
    onLight(omission ? [{ turn: omission.turn, quote: omission.quote }] : (sentences.find((one) => `s:${one.id}` === id)?.evidence ?? []));
  };
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select")) return;
    const item = target.closest<HTMLElement>("[data-item]");
    const id = item?.dataset.item;
    const sentence = sentences.find((one) => `s:${one.id}` === id);
    const omission = note.omissions.find((one) => omissionId(one) === id);
    const section = sentence && note.sections.find((one) => one.sentences.includes(sentence));
    const at = items.indexOf(id ?? "");
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "ArrowDown" || key === "j") focusItem(items[at + 1]);
    else if (key === "ArrowUp" || key === "k") focusItem(items[Math.max(0, at - 1)]);
    else if (key === " " && target === item && sentence) step(sentence.id, "play");
    else if (key === " " && target === item && omission) play(omissionId(omission), [{ turn: omission.turn, quote: omission.quote }]);
    else if (key === "y" && sentence && sentence.state === "pending") step(sentence.id, "keep");
    else if (key === "e" && sentence && sentence.state !== "struck") step(sentence.id, "edit");
    else if (key === "x" && sentence) step(sentence.id, sentence.state === "struck" ? "restore" : "strike");
    else if (key === "w" && section) openForm(`write:${section.code}`, "");
    else if (key === "a" && omission) void addOmission(omissionId(omission));
    else return;
    event.preventDefault();
  };

  const filled = note.sections.filter((section) => section.sentences.length > 0 || open === `write:${section.code}`);
  const shown: NoteSection[] = filled.length > 0 ? filled : BY_HAND.map((code) => ({ code, title: "", sentences: [] }));
  const opened = open.startsWith("write:") ? open.slice("write:".length) : null;
  if (opened && !shown.some(({ code }) => code === opened)) shown.push({ code: opened, title: "", sentences: [] });
  const others = SECTIONS.filter((code) => !shown.some((section) => section.code === code));

  return (
    <>
      <div ref={pane} className={classes.scroll} onFocus={onFocus} onKeyDown={onKey}>
        <Stack gap="md">
          {note.engine && (
            <div>
              <Text fw={600}>{t("consultation.note.draftedBy", { engine: note.engine.split(" ")[0] })}</Text>
              <Text fz="sm" c="dimmed">
                {t("consultation.note.engine", { engine: note.engine })}
              </Text>
            </div>
          )}
          {shown.map((section) => {
            const title = sectionTitle(section.code, section.title);
            return (
              <section key={section.code} aria-label={title}>
                <Group justify="space-between" gap="xs">
                  <Title order={3} fz="md">
                    {title}
                  </Title>
                  <Button variant="subtle" color="gray" size="compact-sm" leftSection={<IconPencil size={14} aria-hidden />} onClick={() => openForm(`write:${section.code}`, "")} title={`${t("consultation.note.write")}  W`} aria-label={t("consultation.note.writeIn", { section: title })}>
                    {t("consultation.note.write")}
                  </Button>
                </Group>
                <ul className={classes.plain}>
                  {section.sentences.map((sentence) => {
                    const id = `s:${sentence.id}`;
                    const about = `edit:${sentence.id}`;
                    return open === about ? (
                      <li key={id}>
                        <WriteForm
                          label={t("consultation.note.sentence")}
                          value={texts[about] ?? sentence.text}
                          onChange={(text) => form.setValues({ open, texts: { ...texts, [about]: text } })}
                          onSave={() => void saveEdit(sentence.id)}
                          onClose={closeForm}
                          busy={busy}
                        />
                      </li>
                    ) : (
                      <Sentence
                        key={id}
                        sentence={sentence}
                        active={active === id}
                        focusable={current === id}
                        playing={player?.playing === id}
                        mayPlay={player !== null}
                        quoted={alone ? turns : null}
                        onStep={(name) => step(sentence.id, name)}
                      />
                    );
                  })}
                </ul>
                {opened === section.code && (
                  <WriteForm
                    label={t("consultation.note.newSentence", { section: title })}
                    value={texts[open] ?? ""}
                    onChange={(text) => form.setValues({ open, texts: { ...texts, [open]: text } })}
                    onSave={() => void saveNew(section.code)}
                    onClose={closeForm}
                    busy={busy}
                  />
                )}
              </section>
            );
          })}
          <Group gap="xs">
            <Menu position="bottom-start">
              <Menu.Target>
                <Button variant="default" size="compact-md">
                  {t("consultation.note.addSection")}
                </Button>
              </Menu.Target>
              <Menu.Dropdown mah={320} style={{ overflow: "auto" }}>
                {others.map((code) => (
                  <Menu.Item key={code} onClick={() => openForm(`write:${code}`, "")}>
                    {sectionTitle(code, "")}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            {turns.length > 0 && (
              <Button variant="subtle" color="gray" size="compact-md" onClick={onDraft} loading={drafting} title={t("consultation.note.draftAgainWhy")}>
                {t(note.engine ? "consultation.note.draftAgain" : "consultation.note.draft")}
              </Button>
            )}
          </Group>
          <Omissions omissions={note.omissions} active={active} sections={places} onSection={(id, section) => setPlaces({ ...places, [id]: section })} onAdd={(omission) => void addOmission(omissionId(omission))} />
        </Stack>
        <VisuallyHidden role="status">{said}</VisuallyHidden>
      </div>
      <SignBar
        note={note}
        notYet={open !== "" ? t("consultation.sign.writing") : notYet}
        settled={settled}
        onNextBlocker={nextBlocker}
        onSigned={async (signed) => {
          await drop();
          await onNote(signed);
          onSigned();
        }}
      />
    </>
  );
}
