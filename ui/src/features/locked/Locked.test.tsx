import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { CallError } from "../../lib/call";
import { brokenRules, renderInApp } from "../../testing/render";
import { Damaged } from "./Damaged.component";
import { Locked } from "./Locked.component";
import { type DeskState, deskState, recover, unlock } from "./locked.resource";

vi.mock("./locked.resource");
vi.mock("../../components/password.resource", () => ({ passwordStrength: async () => ({ score: 4, acceptable: true, reason: null }) }));
vi.mock("../../components/checks.resource", () => ({ deskChecks: async () => [{ name: "disk", ok: false, detail: "0.1 GB free", advice: "Make room on this disk." }] }));

const staff = [
  { id: "s1", name: "Dr Aisyah" },
  { id: "s2", name: "Kumar Selvam" },
];
const state: DeskState = { phase: "locked", clinic: "Klinik Bangsar", staff, keyring: "os", waitSeconds: 0, demo: false, demoPassword: null, recording: null };
const refused = (code: "wrong_password" | "wait" | "not_found", waitSeconds: number | null = null) => new CallError({ code, field: null, reason: null, waitSeconds });
const done = vi.fn(async () => undefined);
const session = { staffId: "s1", name: "Dr Aisyah", roles: [], permissions: [], clinic: "", demo: false, keyring: "os" as const, idleLimitSeconds: 300, language: "en", formKeys: [] };

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(deskState).mockResolvedValue(state);
  vi.mocked(unlock).mockResolvedValue(session);
  vi.mocked(recover).mockResolvedValue(session);
});

test("a tile, the password and Enter unlock the desk", async () => {
  renderInApp(<Locked state={state} lockedBy="idle" onUnlocked={done} />);
  expect(screen.getByRole("heading", { name: "Klinik Bangsar" })).toBeVisible();
  expect(screen.getByRole("status")).toHaveTextContent("Half-written forms are kept");
  expect(await brokenRules()).toEqual([]);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Kumar Selvam" }));
  expect(screen.getByLabelText("Password")).toHaveFocus();
  await user.keyboard("correct horse{Enter}");
  expect(unlock).toHaveBeenCalledWith("s2", "correct horse");
  await waitFor(() => expect(done).toHaveBeenCalledOnce());
});

test("a wrong password says so, empties the field, and the wait is counted", async () => {
  vi.mocked(unlock).mockRejectedValueOnce(refused("wrong_password")).mockRejectedValueOnce(refused("wait", 32));
  renderInApp(<Locked state={state} lockedBy={null} onUnlocked={done} />);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Dr Aisyah" }));
  await user.keyboard("wrong{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("That is not the password");
  expect(screen.getByLabelText("Password")).toHaveValue("");
  await user.type(screen.getByLabelText("Password"), "wrong{Enter}");
  expect(await screen.findByRole("timer")).toHaveTextContent("You can try again in 0:3");
  expect(screen.getByRole("button", { name: "Unlock" })).toBeDisabled();
  expect(done).not.toHaveBeenCalled();
});

test("where tiles are hidden a name is typed", async () => {
  vi.mocked(unlock).mockRejectedValueOnce(refused("not_found"));
  renderInApp(<Locked state={{ ...state, staff: [] }} lockedBy={null} onUnlocked={done} />);
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: "Your name" }), " Dr Aisyah ");
  await user.type(screen.getByLabelText("Password"), "secret{Enter}");
  expect(unlock).toHaveBeenCalledWith("Dr Aisyah", "secret");
  expect(await screen.findByRole("alert")).toHaveTextContent("Nobody here has that name and password");
});

test("the recovery kit opens the desk, however its words were copied", async () => {
  renderInApp(<Locked state={{ ...state, keyring: "lost" }} lockedBy={null} onUnlocked={done} />);
  expect(await brokenRules()).toEqual([]);
  const user = userEvent.setup();
  expect(screen.getByRole("button", { name: "Open the desk" })).toBeDisabled();
  const words = Array.from({ length: 24 }, (_, place) => `Word${String.fromCharCode(97 + place)}`);
  await user.click(screen.getByRole("textbox", { name: "Recovery words" }));
  await user.paste(words.map((word, place) => `${place + 1}. ${word}`).join("\n"));
  expect(screen.getByText("24 of 24 words")).toBeVisible();
  await user.click(screen.getByRole("combobox", { name: "Whose password" }));
  await user.click(await screen.findByRole("option", { name: "Kumar Selvam" }));
  await user.type(screen.getByLabelText(/^New password/), "purple kettle walks north");
  await user.click(screen.getByRole("button", { name: "Open the desk" }));
  expect(recover).toHaveBeenCalledWith(words.join(" ").toLowerCase(), "s2", "purple kettle walks north");
  await waitFor(() => expect(done).toHaveBeenCalled());
});

test("the demo says its password; a desk without its keyring says what to do", async () => {
  renderInApp(<Locked state={{ ...state, demo: true, demoPassword: "open-for-all", keyring: "locked" }} lockedBy={null} onUnlocked={done} />);
  expect(screen.getByText("open-for-all")).toBeVisible();
  expect(screen.getByText("The computer's keyring is locked")).toBeVisible();
});

test("a damaged desk says what is safe and what to do, in order", async () => {
  renderInApp(<Damaged state={{ ...state, phase: "damaged" }} onRetry={done} />);
  expect(screen.getByRole("alert")).toHaveTextContent("Nothing was overwritten");
  expect(await screen.findByText("Make room on this disk.")).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(done).toHaveBeenCalledOnce();
});
