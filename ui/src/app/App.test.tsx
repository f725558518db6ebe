import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { beforeLock } from "../lib/beforeLock";
import { loadForm, saveForm } from "../lib/forms.resource";
import { brokenRules, renderInApp } from "../testing/render";
import { App } from "./App.component";
import { searchPatients } from "./palette.resource";
import { deskState, lock, onDataChanged, onRecording, onSession, type Permission, type SessionEvent, session, status, touch } from "./session.resource";

vi.mock("./session.resource");
vi.mock("./palette.resource");
vi.mock("../lib/forms.resource");
vi.mock("../features/today/Today.component", () => ({ Today: () => <h1>Today</h1> }));
vi.mock("../features/diary/Diary.component", () => ({ Diary: () => <h1>Diary</h1> }));
vi.mock("../features/patients/Patients.component", () => ({ Patients: () => <h1>Patients</h1> }));
vi.mock("../features/patients/Patient.component", () => ({ PatientPage: ({ patientId }: { patientId: string }) => <h1>Chart of {patientId}</h1> }));
vi.mock("../features/patients/Register.form", () => ({ RegisterForm: ({ name }: { name: string }) => <p>Registering {name}</p>, EditPatientForm: () => null }));
vi.mock("../features/diary/Book.form", () => ({ BookForm: () => <p>Booking</p>, MoveForm: () => null }));
vi.mock("../features/consultation/Consultation.component", () => ({ Consultation: () => <h1>Consultation</h1> }));
vi.mock("../features/consultation/Recovered.component", () => ({ RecoveredOffer: () => null }));

const staff = [{ id: "s1", name: "Dr Aisyah" }];
const desk = { clinic: "Klinik Bangsar", staff, keyring: "os" as const, waitSeconds: 0, demo: false, demoPassword: null, recording: null };
const all: Permission[] = ["read_demographics", "write_demographics", "read_diary", "write_diary", "check_in"];
const aisyah = { staffId: "s1", name: "Dr Aisyah", roles: ["doctor" as const], permissions: all, clinic: "Klinik Bangsar", demo: false, keyring: "os" as const, idleLimitSeconds: 300, language: "en", formKeys: [] };
const hit = { id: "p1", displayName: "Siti Nurhaliza", otherName: null, birthDate: "1979-03-11", ageText: "47 y", gender: "female" as const, phone: null, identifier: null };
let tell: (event: SessionEvent) => void = () => undefined;
const tellAll = new Set<(event: SessionEvent) => void>();

beforeEach(() => {
  vi.resetAllMocks();
  tellAll.clear();
  tell = (event) => act(() => tellAll.forEach((listener) => listener(event)));
  vi.mocked(onSession).mockImplementation(async (listener) => {
    tellAll.add(listener);
    return () => tellAll.delete(listener);
  });
  vi.mocked(onDataChanged).mockResolvedValue(() => undefined);
  vi.mocked(onRecording).mockResolvedValue(() => undefined);
  vi.mocked(deskState).mockResolvedValue({ phase: "unlocked", ...desk });
  vi.mocked(session).mockResolvedValue(aisyah);
  vi.mocked(status).mockResolvedValue({ savedAt: "2026-11-24T10:42:00", sync: "this_desk_only", idleLeftSeconds: 250, idleLimitSeconds: 300, sessionLeftSeconds: 40000, recording: { encounterId: "e1", state: "recording", seconds: 252 } });
  vi.mocked(touch).mockResolvedValue(null);
  vi.mocked(loadForm).mockResolvedValue(null);
  vi.mocked(saveForm).mockResolvedValue(null);
  vi.mocked(searchPatients).mockResolvedValue([hit]);
});

test("the frame shows what the person may, and the state of the desk", async () => {
  renderInApp(<App />);
  expect(await screen.findByRole("heading", { name: "Today" })).toBeVisible();
  const places = within(screen.getByRole("navigation", { name: "Places" }));
  expect(places.getAllByRole("button").map((button) => button.textContent)).toEqual(["Today", "Diary", "Patients"]);
  expect(places.getByRole("button", { name: "Today" })).toHaveAttribute("aria-current", "page");
  expect(await screen.findByText("Saved 10:42")).toBeVisible();
  expect(screen.getByText("This desk only")).toBeVisible();
  expect(screen.getByText("REC 4:12")).toBeVisible();
  expect(screen.getByText("Locks in 4:10")).toBeVisible();
  expect(await brokenRules()).toEqual([]);
});

test("the palette finds a patient by keyboard alone and opens the chart", async () => {
  renderInApp(<App />);
  await screen.findByRole("heading", { name: "Today" });
  const user = userEvent.setup();
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByPlaceholderText(/^Name, phone/), "siti");
  expect(await screen.findByText("Siti Nurhaliza")).toBeVisible();
  await user.keyboard("{ArrowDown}{Enter}");
  expect(await screen.findByRole("heading", { name: "Chart of p1" })).toBeVisible();
  expect(touch).toHaveBeenCalled();
});

test("a name nobody has offers to register it", async () => {
  vi.mocked(searchPatients).mockResolvedValue([]);
  renderInApp(<App />);
  await screen.findByRole("heading", { name: "Today" });
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Search patients, actions Ctrl K" }));
  await user.type(await screen.findByPlaceholderText(/^Name, phone/), "Lim Wei");
  await user.click(await screen.findByRole("button", { name: "Register Lim Wei" }));
  expect(await screen.findByText("Registering Lim Wei")).toBeVisible();
});

test("a lock takes everything of a patient off the screen at once", async () => {
  const sealed = vi.fn(async () => undefined);
  const forget = beforeLock(sealed);
  vi.mocked(loadForm).mockResolvedValue(JSON.stringify({ day: new Date().toDateString(), route: { page: "patient", patientId: "p1" }, panel: { form: "register", name: "Siti" } }));
  renderInApp(<App />);
  expect(await screen.findByText("Registering Siti")).toBeVisible();
  vi.mocked(deskState).mockResolvedValue({ phase: "locked", ...desk });
  tell({ kind: "locked", reason: "idle" });
  expect(document.body).not.toHaveTextContent(/p1|Siti/);
  expect(screen.getByText(/nobody used it for a while/)).toBeVisible();
  await waitFor(() => expect(screen.getByLabelText("Password")).toHaveFocus());
  forget();
});

test("Ctrl L locks even while typing, and the person comes back to where they were", async () => {
  vi.mocked(lock).mockResolvedValue(undefined);
  renderInApp(<App />);
  await screen.findByRole("heading", { name: "Today" });
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Diary" }));
  expect(saveForm).toHaveBeenLastCalledWith("place", expect.stringContaining('"page":"diary"'));
  vi.mocked(deskState).mockResolvedValue({ phase: "locked", ...desk });
  await user.keyboard("{Control>}l{/Control}");
  expect(lock).toHaveBeenCalledOnce();
  expect(await screen.findByText("The desk is locked.")).toBeVisible();
});

test("the warning counts down and Stay keeps the desk open", async () => {
  renderInApp(<App />);
  await screen.findByRole("heading", { name: "Today" });
  tell({ kind: "warning", secondsLeft: 30 });
  const warning = within(await screen.findByRole("dialog", { name: "Still there?" }));
  expect(warning.getByRole("timer")).toHaveTextContent("30 seconds");
  expect(await brokenRules()).toEqual([]);
  vi.mocked(touch).mockClear();
  await userEvent.click(warning.getByRole("button", { name: "Stay" }));
  expect(touch).toHaveBeenCalled();
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("the questions of the window are answered by keys", async () => {
  renderInApp(<App />);
  await screen.findByRole("heading", { name: "Today" });
  const user = userEvent.setup();
  await user.keyboard("?");
  expect(await screen.findByRole("dialog", { name: "Keys" })).toBeVisible();
  await user.keyboard("{Escape}");
  await user.keyboard("{Control>}b{/Control}");
  expect(await screen.findByText("Booking")).toBeVisible();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByText("Booking")).not.toBeInTheDocument());
});
