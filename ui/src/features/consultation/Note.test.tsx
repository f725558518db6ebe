import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { RouteProvider, useNavigation } from "../../app/route";
import { SessionProvider } from "../../app/session";
import { saveOpenForms } from "../../lib/beforeLock";
import { fakeDesk, refuse } from "../../testing/desk";
import { brokenRules, renderInApp } from "../../testing/render";
import { chartOfSiti, doctorMay, sessionWith } from "../patients/fixtures";
import { Consultation } from "./Consultation.component";
import type { EncounterView, NoteEdit, NoteSentence, NoteView } from "./consultation.resource";
import { draft, said, sentence, visit } from "./fixtures";

vi.mock("@tauri-apps/api/core");
vi.mock("@tauri-apps/api/event");

let now: EncounterView;
let desk: ReturnType<typeof fakeDesk>;
let forms: Map<string, string>;

/** The desk's rules on edits, as far as the window can tell. */
function edited(note: NoteView, edit: NoteEdit): NoteView {
  const change = (id: string, more: Partial<NoteSentence>) =>
    note.sections.map((section) => ({ ...section, sentences: section.sentences.map((one) => (one.id === id ? { ...one, ...more } : one)) }));
  const add = (code: string, added: NoteSentence) => {
    const known = note.sections.some((section) => section.code === code);
    const sections = known ? note.sections : [...note.sections, { code, title: code, sentences: [] }];
    return sections.map((section) => (section.code === code ? { ...section, sentences: [...section.sentences, added] } : section));
  };
  const sections =
    edit.kind === "keep" ? change(edit.sentenceId, { state: "kept" })
    : edit.kind === "strike" ? change(edit.sentenceId, { state: "struck" })
    : edit.kind === "restore" ? change(edit.sentenceId, { state: "pending" })
    : edit.kind === "edit" ? change(edit.sentenceId, { state: "kept", origin: "edited", text: edit.text })
    : edit.kind === "write" ? add(edit.section, sentence("w1", edit.text, { origin: "written", state: "kept" }))
    : add(edit.section, sentence("o1", `Said: “${edit.quote}”`, { origin: "omission", state: "kept" }));
  const omissions = edit.kind === "addOmission" ? note.omissions.filter(({ quote }) => quote !== edit.quote) : note.omissions;
  const blockers = sections.flatMap((section) => section.sentences).filter((one) => one.support === "needs_review" && one.state === "pending").length;
  return { ...note, sections, omissions, blockers };
}

const keep = (note: NoteView) => {
  now = { ...now, note };
  return note;
};

beforeEach(() => {
  window.matchMedia = ((media: string) => ({ matches: media.includes("1100px"), media, addEventListener() {}, removeEventListener() {} })) as never;
  now = { ...said, note: draft };
  forms = new Map();
  desk = fakeDesk({
    open_encounter: () => now,
    chart: () => chartOfSiti,
    status: () => ({ savedAt: null, sync: "this_desk_only", idleLeftSeconds: 300, idleLimitSeconds: 300, sessionLeftSeconds: 9000, recording: null }),
    audio_devices: () => [],
    load_form: ({ key }: { key: string }) => forms.get(key) ?? null,
    save_form: ({ key, content }: { key: string; content: string }) => void forms.set(key, content),
    drop_form: ({ key }: { key: string }) => void forms.delete(key),
    draft_note: () => keep(now.transcript.turns.length > 0 ? draft : { ...draft, engine: null, sections: [], omissions: [], blockers: 0 }),
    edit_note: ({ edit }: { edit: NoteEdit }) => keep(edited(now.note as NoteView, edit)),
    sign_note: () => keep({ ...(now.note as NoteView), status: "final", signedBy: "Dr Aisyah", signedAt: "2026-11-24T03:00:00Z" }),
    add_addendum: ({ text }: { text: string }) => keep({ ...(now.note as NoteView), addenda: [{ id: "d1", text, author: "Dr Aisyah", at: "2026-11-24T04:00:00Z" }] }),
  });
});

function Here() {
  return <p>{JSON.stringify(useNavigation().route)}</p>;
}

const show = (permissions = doctorMay) =>
  renderInApp(
    <SessionProvider session={sessionWith(permissions)}>
      <RouteProvider start={{ page: "consultation", encounterId: "e1" }}>
        <Consultation encounterId="e1" />
        <Here />
      </RouteProvider>
    </SessionProvider>,
  );
const focus = (element: HTMLElement) => act(() => element.focus());
const pain = () => screen.findByRole("group", { name: /^Chest pain for 3 days/ });

test("a sentence under the cursor lights its words in the transcript, and Space plays them", async () => {
  show();
  const user = userEvent.setup();
  focus(await pain());
  const marks = [...document.querySelectorAll("mark")];
  expect(marks.map((mark) => mark.textContent).join("")).toBe("chest pain for three days");
  await user.keyboard(" ");
  expect(desk.asked("play_span")).toEqual([{ encounterId: "e1", startS: 12.85, endS: 18.15 }]);
  expect(screen.getByRole("button", { name: "Stop playing" })).toBeVisible();
  await user.keyboard(" ");
  expect(desk.asked("stop_playing")).toHaveLength(1);
  expect(await brokenRules()).toEqual([]);
});

test("Y keeps, X strikes and brings back, E edits, W writes: nothing needs the mouse", async () => {
  show();
  const user = userEvent.setup();
  const edits = () => desk.asked("edit_note").map((args) => (args as { edit: NoteEdit }).edit);
  focus(await pain());
  await user.keyboard("y");
  await waitFor(() => expect(screen.getByRole("group", { name: /^Chest pain for 3 days.*Kept$/ })).toHaveFocus());
  await user.keyboard("x");
  await waitFor(() => expect(screen.getByRole("group", { name: /Struck$/ })).toHaveFocus());
  await user.keyboard("x");
  await waitFor(() => expect(screen.getByRole("group", { name: /Not decided$/ })).toHaveFocus());
  await user.keyboard("e");
  const field = await screen.findByRole("textbox", { name: "Sentence" });
  expect(field).toHaveFocus();
  await user.clear(field);
  await user.type(field, "Chest pain since Sunday.{Enter}");
  await waitFor(() => expect(screen.getByRole("group", { name: /^Chest pain since Sunday/ })).toHaveFocus());
  await user.keyboard("w");
  await user.type(await screen.findByRole("textbox", { name: "New sentence in Chief complaint" }), "Worse at night.{Enter}");
  await waitFor(() => expect(screen.getByRole("group", { name: /^Worse at night/ })).toHaveFocus());
  expect(edits()).toEqual([
    { kind: "keep", sentenceId: "s1" },
    { kind: "strike", sentenceId: "s1" },
    { kind: "restore", sentenceId: "s1" },
    { kind: "edit", sentenceId: "s1", text: "Chest pain since Sunday." },
    { kind: "write", section: "chief_complaint", text: "Worse at night." },
  ]);
});

test("nothing amber can be signed: it says why, N leads there, keeping it opens Sign", async () => {
  show();
  const user = userEvent.setup();
  const sign = await screen.findByRole("button", { name: "Sign" });
  expect(sign).toBeDisabled();
  expect(screen.getByText("1 sentence needs a look")).toBeVisible();
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(desk.asked("sign_note")).toEqual([]);
  await user.keyboard("n");
  const amber = screen.getByRole("group", { name: /^Take amlodipine 50 mg/ });
  expect(amber).toHaveFocus();
  expect(amber).toHaveTextContent("A dose or its unit differs from what was said. The check found something that does not agree.");
  await user.keyboard("y");
  await waitFor(() => expect(sign).toBeEnabled());
  expect(screen.getByText("Ready to sign")).toBeVisible();
});

test("signing asks who it is, then the note stands; Done closes the visit", async () => {
  now = { ...said, note: { ...draft, sections: draft.sections.slice(0, 1), blockers: 0 } };
  const signNote = desk.answers.sign_note;
  desk.answers.sign_note = () => refuse("step_up_needed");
  show();
  const user = userEvent.setup();
  await pain();
  await user.keyboard("{Control>}{Enter}{/Control}");
  const question = within(await screen.findByRole("dialog", { name: "Is it you?" }));
  desk.answers.sign_note = signNote as never;
  await user.type(question.getByLabelText("Password"), "correct horse");
  await user.click(question.getByRole("button", { name: "Confirm" }));
  expect(await screen.findByText(/^Signed by Dr Aisyah, 24 Nov 2026/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Sign" })).not.toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Record" })).toBeDisabled();
  await user.click(screen.getByRole("button", { name: "Done" }));
  expect(desk.asked("set_stage")).toEqual([{ encounterId: "e1", stage: "done" }]);
  expect(await screen.findByText('{"page":"today"}')).toBeVisible();
});

test("what was left out is added by one key to the section chosen", async () => {
  show();
  const user = userEvent.setup();
  await user.selectOptions(await screen.findByRole("combobox", { name: "Section for “allergic to penicillin”" }), "Past medical history");
  focus(screen.getByRole("group", { name: "Allergy: allergic to penicillin" }));
  expect(document.querySelector("mark")).toHaveTextContent("allergic to penicillin");
  await user.keyboard("a");
  expect(desk.asked("edit_note")).toEqual([{ noteId: "n1", edit: { kind: "addOmission", section: "past_medical_history", turn: 2, quote: "allergic to penicillin" } }]);
  expect(await screen.findByRole("group", { name: /^Said: “allergic to penicillin”/ })).toBeVisible();
  expect(screen.queryByRole("region", { name: "Left out" })).not.toBeInTheDocument();
});

test("a note is drafted by itself once all words are there, and only then", async () => {
  now = { ...said, transcript: { ...said.transcript, settled: false } };
  show();
  expect(await screen.findByRole("button", { name: "Draft note" })).toBeVisible();
  expect(desk.asked("draft_note")).toEqual([]);
  now = said;
  await desk.send("recorder-event", { kind: "settled", encounterId: "e1" });
  expect(await screen.findByText("Drafted by rules; review each sentence")).toBeVisible();
  expect(desk.asked("draft_note")).toHaveLength(1);
});

test("without a recording the note is written by hand", async () => {
  now = visit;
  show();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Write by hand" }));
  expect(screen.getByRole("button", { name: "Sign" })).toBeDisabled();
  await user.click(await screen.findByRole("button", { name: "Write in Plan" }));
  await user.type(await screen.findByRole("textbox", { name: "New sentence in Plan" }), "Rest.");
  await user.click(screen.getByRole("button", { name: "Save sentence" }));
  expect(await screen.findByRole("group", { name: /^Rest/ })).toBeVisible();
  expect(screen.getByRole("button", { name: "Sign" })).toBeEnabled();
});

test("a lock in the middle of a sentence loses nothing", async () => {
  const { unmount } = show();
  const user = userEvent.setup();
  focus(await pain());
  await user.keyboard("e");
  await user.type(await screen.findByRole("textbox", { name: "Sentence" }), " And cough.");
  await saveOpenForms();
  unmount();
  show();
  expect(await screen.findByRole("textbox", { name: "Sentence" })).toHaveValue("Chest pain for 3 days. And cough.");
  expect(screen.getByRole("button", { name: "Sign" })).toBeDisabled();
});

test("a signed note only grows by addenda, which are sealed while typed", async () => {
  now = { ...said, stage: "done", audioKept: false, note: { ...draft, status: "final", blockers: 0, signedBy: "Dr Aisyah", signedAt: "2026-11-24T03:00:00Z" } };
  show();
  const user = userEvent.setup();
  const field = await screen.findByRole("textbox", { name: "Addendum" });
  expect(screen.getByRole("button", { name: "Add addendum" })).toBeDisabled();
  expect(screen.getByText("The sound of this visit was deleted; its words stay.")).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await user.type(field, "Called back: better.");
  await waitFor(() => expect(forms.get("addendum:n1")).toContain("better"));
  await user.click(screen.getByRole("button", { name: "Add addendum" }));
  expect(desk.asked("add_addendum")).toEqual([{ noteId: "n1", text: "Called back: better." }]);
  const list = within(await screen.findByRole("region", { name: "Addenda" }));
  expect(list.getByText("Called back: better.")).toBeVisible();
  expect(forms.has("addendum:n1")).toBe(false);
  expect(screen.getByRole("textbox", { name: "Addendum" })).toHaveValue("");
});

test("a nurse records but writes no note, and is told who does", async () => {
  show(doctorMay.filter((permission) => permission !== "write_note" && permission !== "sign_note"));
  expect(await screen.findByText("Doctors write notes.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Record" })).toBeEnabled();
  expect(screen.queryByRole("button", { name: "Sign" })).not.toBeInTheDocument();
});
