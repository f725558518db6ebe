import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";

import { RouteProvider, useNavigation } from "../../app/route";
import { SessionProvider } from "../../app/session";
import { fakeDesk, refuse } from "../../testing/desk";
import { brokenRules, renderInApp } from "../../testing/render";
import { chartOfSiti, doctorMay, receptionistMay, sessionWith } from "../patients/fixtures";
import { Consultation } from "./Consultation.component";
import type { ConsentRequest, EncounterView, RecordingStatus, Turn } from "./consultation.resource";
import { consent, said, turn, turns, visit } from "./fixtures";
import type { Span } from "./spans";
import { Transcript } from "./Transcript.component";

vi.mock("@tauri-apps/api/core");
vi.mock("@tauri-apps/api/event");

const nothingLit = new Map<number, Span[]>();
let now: EncounterView;
let running: RecordingStatus | null;
let desk: ReturnType<typeof fakeDesk>;

beforeEach(() => {
  wide(true);
  now = visit;
  running = null;
  desk = fakeDesk({
    open_encounter: () => now,
    chart: () => chartOfSiti,
    status: () => ({ savedAt: null, sync: "this_desk_only", idleLeftSeconds: 300, idleLimitSeconds: 300, sessionLeftSeconds: 9000, recording: running }),
    audio_devices: () => [{ id: "d1", name: "Desk microphone", isDefault: true }, { id: "d2", name: "Headset", isDefault: false }],
    record_consent: ({ request }: { request: ConsentRequest }) => {
      now = { ...now, consent: { ...consent, ...request } };
      return now.consent;
    },
    draft_note: () => null,
  });
});

/** Three panes stand side by side only in a wide window. */
function wide(matches: boolean) {
  window.matchMedia = ((media: string) => ({ matches: matches && media.includes("1100px"), media, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} })) as never;
}

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

test("nothing is recorded before consent is given, and the reason is said", async () => {
  show();
  const user = userEvent.setup();
  expect(await screen.findByRole("heading", { name: "Siti Nurhaliza" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Record" })).toBeDisabled();
  expect(screen.getByText("Record opens once consent is noted.")).toBeVisible();
  await user.keyboard("{F2}");
  expect(desk.asked("start_recording")).toEqual([]);
  expect(await brokenRules()).toEqual([]);

  await user.click(screen.getByRole("button", { name: "Save consent" }));
  expect(screen.getByText("Choose whether it was given or refused.")).toBeVisible();
  await user.click(screen.getByRole("radio", { name: "Given" }));
  await user.click(screen.getByRole("radio", { name: "Parent" }));
  await user.click(screen.getByRole("button", { name: "Save consent" }));
  expect(desk.asked("record_consent")).toEqual([]);
  await user.type(screen.getByRole("textbox", { name: "Name of the person who decided" }), "Aminah");
  await user.click(screen.getByRole("button", { name: "Save consent" }));
  expect(desk.asked("record_consent")).toEqual([{ request: { encounterId: "e1", decision: "given", method: "spoken", givenBy: "parent", name: "Aminah" } }]);
  expect(await screen.findByText("Consent given")).toBeVisible();
  expect(screen.getByRole("button", { name: "Record" })).toBeEnabled();
});

test("a refusal is shown and keeps the recorder closed", async () => {
  show();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("radio", { name: "Refused" }));
  await user.click(screen.getByRole("button", { name: "Save consent" }));
  expect(await screen.findByText("Recording was refused")).toBeVisible();
  expect(screen.getByRole("button", { name: "Record" })).toBeDisabled();
  expect(screen.getByText("Recording was refused, so nothing is recorded.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Decide again" })).toBeVisible();
});

test("it says that it records only once the first sound is there; F2 pauses and goes on", async () => {
  now = { ...visit, consent };
  show();
  const user = userEvent.setup();
  await user.selectOptions(await screen.findByRole("combobox", { name: "Microphone" }), await screen.findByRole("option", { name: "Headset" }));
  await user.click(screen.getByRole("button", { name: "Record" }));
  expect(desk.asked("start_recording")).toEqual([{ encounterId: "e1", deviceId: "d2" }]);
  expect(screen.getByText(/^Starting/)).toBeVisible();
  expect(document.body).not.toHaveTextContent("Recording started");
  expect(screen.queryByRole("button", { name: "Pause" })).not.toBeInTheDocument();

  running = { encounterId: "e1", state: "recording", seconds: 0 };
  await desk.send("recorder-event", { kind: "started", encounterId: "e1" });
  expect(screen.getByText("Recording started")).toBeInTheDocument();
  await desk.send("recorder-event", { kind: "level", rms: 0.1, peak: 0.2, clipping: false });
  expect(screen.getByRole("meter", { name: "Sound level" })).toHaveAttribute("aria-valuetext", "good");
  expect(await brokenRules()).toEqual([]);

  await user.keyboard("{F2}");
  expect(desk.asked("pause_recording")).toHaveLength(1);
  expect(await screen.findByRole("button", { name: "Resume" })).toBeVisible();
  await user.keyboard("{F2}");
  expect(desk.asked("resume_recording")).toHaveLength(1);
  await user.click(await screen.findByRole("button", { name: "Stop" }));
  expect(await screen.findByText("Recording stopped")).toBeInTheDocument();
  expect(await screen.findByRole("button", { name: "Record" })).toBeVisible();
});

test("what stands in the way of recording is said with what to do", async () => {
  now = { ...visit, consent };
  desk.answers.start_recording = () => refuse("no_microphone");
  show();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Record" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("No microphone was found");
  expect(screen.getByRole("button", { name: "Record" })).toBeEnabled();
});

test("a recording goes on over a lock; trouble with it is said at once", async () => {
  now = { ...said, transcript: { ...said.transcript, settled: false } };
  running = { encounterId: "e1", state: "recording", seconds: 252 };
  show();
  expect(await screen.findByRole("timer")).toHaveTextContent("4:12");
  expect(document.body).not.toHaveTextContent("Recording started");
  await desk.send("recorder-event", { kind: "hint", hint: "no_speech" });
  expect(screen.getByText(/^No speech is heard/)).toBeVisible();
  await desk.send("recorder-event", { kind: "diskFull" });
  expect(screen.getByText("The disk is full")).toBeVisible();
  await desk.send("recorder-event", { kind: "deviceLost" });
  expect(await screen.findByText("The microphone was lost")).toBeVisible();
  await desk.send("recorder-event", { kind: "deviceBack" });
  expect(screen.getAllByText("The microphone is back; the recording goes on").length).toBeGreaterThan(0);
  expect(screen.getByRole("button", { name: "Pause" })).toBeVisible();
});

test("trouble of a recording of another visit is not told as this one's", async () => {
  now = { ...visit, consent };
  running = { encounterId: "e2", state: "recording", seconds: 9 };
  show();
  const user = userEvent.setup();
  expect(await screen.findByText("Another visit is being recorded. Stop it there first.")).toBeVisible();
  await desk.send("recorder-event", { kind: "deviceLost" });
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Go to that visit" }));
  expect(screen.getByText('{"page":"consultation","encounterId":"e2"}')).toBeVisible();
});

test("withdrawing consent says what is deleted, and ends the recording and the words on the screen", async () => {
  now = said;
  running = { encounterId: "e1", state: "recording", seconds: 5 };
  show();
  const user = userEvent.setup();
  await desk.send("recorder-event", { kind: "turn", encounterId: "e1", index: 3, turn: turn("patient", 50, "Please stop.") });
  await user.click(await screen.findByRole("button", { name: "Withdraw consent" }));
  expect(await screen.findByText(/transcript are deleted for good/)).toBeVisible();
  running = null;
  now = visit;
  await user.click(screen.getByRole("button", { name: "Withdraw and delete" }));
  expect(desk.asked("record_consent")).toEqual([{ request: { encounterId: "e1", decision: "withdrawn", method: "spoken", givenBy: "patient", name: "" } }]);
  expect(await screen.findByText("Consent was withdrawn")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Stop" })).not.toBeInTheDocument();
  await waitFor(() => expect(document.body).not.toHaveTextContent("Please stop."));
});

test("words appear as they come, with who spoke, what is unsure and what was not understood", async () => {
  now = { ...visit, consent, transcript: { turns: turns.slice(0, 1), gaps: [], settled: false, behindSeconds: 23 } };
  running = { encounterId: "e1", state: "recording", seconds: 30 };
  show();
  const user = userEvent.setup();
  const talk = within(await screen.findByRole("region", { name: "Transcript" }));
  expect(talk.getByText("behind 23 s")).toBeVisible();
  await desk.send("recorder-event", { kind: "turn", encounterId: "e1", index: 1, turn: turns[1] as never });
  await desk.send("recorder-event", { kind: "gap", encounterId: "e1", gap: { start_s: 22, end_s: 26, reason: "not_understood" } });
  await desk.send("recorder-event", { kind: "turn", encounterId: "other", index: 2, turn: turn("patient", 3, "Not of this visit.") });
  expect(talk.getAllByRole("listitem")).toHaveLength(3);
  expect(talk.getByText("chest")).toHaveAttribute("title", "The recogniser was unsure of this");
  expect(talk.getByText("Not understood, 4 s")).toBeVisible();
  expect(document.body).not.toHaveTextContent("Not of this visit.");
  await user.click(talk.getByRole("button", { name: "Play what was not understood at 0:22" }));
  expect(desk.asked("play_span")).toEqual([{ encounterId: "e1", startS: 21.85, endS: 26.15 }]);

  now = said;
  await desk.send("recorder-event", { kind: "settled", encounterId: "e1" });
  expect(await talk.findByText("Speaker 1")).toBeVisible();
});

test("one key names the speaker of the turn that has the keyboard", async () => {
  now = said;
  desk.answers.swap_speaker = ({ speaker }: { speaker: string }) => ({ ...said.transcript, turns: said.transcript.turns.map((one, at) => (at === 2 ? { ...one, speaker } : one)) });
  show();
  const user = userEvent.setup();
  const talk = within(await screen.findByRole("region", { name: "Transcript" }));
  act(() => talk.getAllByRole("listitem")[0]?.focus());
  await user.keyboard("jjs");
  expect(desk.asked("swap_speaker")).toEqual([{ encounterId: "e1", turn: 2, speaker: "doctor" }]);
  expect(await talk.findByRole("button", { name: "Turn 3, Doctor: change the speaker" })).toBeInTheDocument();
});

test("a long talk is shown whole, and a new turn draws only itself", async () => {
  let drawn = 0;
  const many = Array.from({ length: 500 }, (_, at): Turn => {
    const one = turn(at % 2 ? "patient" : "doctor", at * 5, `Turn number ${at}`);
    return Object.defineProperty({ ...one }, "words", { get: () => (drawn++, one.words) });
  });
  const shown = (all: Turn[]) => (
    <Transcript encounterId="e1" transcript={{ turns: all, gaps: [], settled: false, behindSeconds: 0 }} lit={nothingLit} recording player={null} mayName onNamed={async () => undefined} />
  );
  function Growing() {
    const [all, setAll] = useState(many);
    return (
      <>
        <button type="button" onClick={() => setAll([...all, turn("patient", 10000, "One more")])}>
          Say more
        </button>
        {shown(all)}
      </>
    );
  }
  renderInApp(<Growing />);
  expect(screen.getByText("Turn number 499")).toBeInTheDocument();
  drawn = 0;
  await userEvent.click(screen.getByText("Say more"));
  expect(screen.getByText("One more")).toBeInTheDocument();
  expect(drawn).toBe(0);
});

test("in a small window the panes fold to tabs and the recorder stays in sight", async () => {
  wide(false);
  now = said;
  show();
  const user = userEvent.setup();
  expect(await screen.findByRole("button", { name: "Record" })).toBeVisible();
  expect(screen.getByRole("tab", { name: "Transcript" })).toHaveAttribute("aria-selected", "true");
  await user.click(screen.getByRole("tab", { name: "Chart at a glance" }));
  expect(await screen.findByText("Amlodipine")).toBeVisible();
  expect(await brokenRules()).toEqual([]);
});

test("who may not open charts is told who can; a refusal can be tried again", async () => {
  const { unmount } = show(receptionistMay);
  expect(screen.getByText("Doctors and nurses open charts.")).toBeVisible();
  expect(desk.asked("open_encounter")).toEqual([]);
  unmount();
  desk.answers.open_encounter = () => refuse("no_care_relation");
  show();
  expect(await screen.findByRole("alert")).toHaveTextContent("not in your care");
  expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
});
