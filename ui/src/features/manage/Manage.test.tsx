import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { RouteProvider } from "../../app/route";
import { SessionProvider } from "../../app/session";
import { type Permission, stepUp } from "../../app/session.resource";
import { SidePanel, Workspace } from "../../app/Workspace.component";
import { CallError } from "../../lib/call";
import { brokenRules, renderInApp } from "../../testing/render";
import { addStaff, auditEvents, clinicSettings, saveClinicSettings, staff, verifyAudit } from "./manage.resource";

vi.mock("./manage.resource");
vi.mock("../../app/session.resource");
vi.mock("../../lib/forms.resource", () => ({ loadForm: async () => null, saveForm: async () => null, dropForm: async () => null }));
vi.mock("../../components/password.resource", () => ({ passwordStrength: async () => ({ score: 4, acceptable: true, reason: null }) }));
vi.mock("../../components/checks.resource", () => ({
  deskChecks: async () => [
    { name: "microphone", ok: false, detail: "no microphone was found", advice: "Plug a microphone in." },
    { name: "disk", ok: true, detail: "41 GB free", advice: "" },
  ],
}));

const event = { seq: 7, recorded: "2026-11-24T10:41:00Z", actor: "Dr Aisyah", role: "doctor manager", action: "read_chart", patientName: "Siti Nurhaliza", detail: "", outcome: "denied" as const };
const settings = { clinic: "Klinik Bangsar", keepAudio: false, showStaffTiles: true, idleLimitSeconds: 300, demo: false };
const stepUpNeeded = new CallError({ code: "step_up_needed", field: null, reason: null, waitSeconds: null });

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(staff).mockResolvedValue([{ id: "s1", name: "Dr Aisyah", roles: ["doctor", "manager"], active: true }]);
  vi.mocked(auditEvents).mockResolvedValue([event]);
  vi.mocked(verifyAudit).mockResolvedValue({ events: 412, changes: 380, chains: 2, ok: true, faults: [] });
  vi.mocked(clinicSettings).mockResolvedValue(settings);
  vi.mocked(saveClinicSettings).mockImplementation(async (saved) => saved);
  vi.mocked(stepUp).mockResolvedValue(null);
});

function open(permissions: Permission[] = ["manage_staff", "read_audit", "manage_clinic"]) {
  const session = { staffId: "s1", name: "Dr Aisyah", roles: ["manager" as const], permissions, clinic: "Klinik Bangsar", demo: false, keyring: "none" as const, idleLimitSeconds: 300, language: "en", formKeys: [] };
  renderInApp(
    <SessionProvider session={session}>
      <RouteProvider start={{ page: "manage", section: "staff" }}>
        <Workspace />
        <SidePanel />
      </RouteProvider>
    </SessionProvider>,
  );
  return userEvent.setup();
}

test("somebody new is added after the manager proved to be there", async () => {
  vi.mocked(addStaff).mockRejectedValueOnce(stepUpNeeded).mockResolvedValueOnce({ id: "s2", name: "Lim Wei", roles: ["nurse"], active: true });
  const user = open();
  expect(await screen.findByRole("heading", { name: "1 person works here" })).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Add staff" }));
  const form = within(await screen.findByRole("dialog", { name: "Add to the staff" }));
  await user.type(form.getByRole("textbox", { name: "Name" }), "Lim Wei");
  await user.click(form.getByRole("checkbox", { name: "Nurse" }));
  await user.type(form.getByLabelText(/^First password/), "purple kettle walks north");
  expect(await brokenRules()).toEqual([]);
  await user.click(form.getByRole("button", { name: "Add staff" }));

  const question = within(await screen.findByRole("dialog", { name: "Is it you?" }));
  await user.type(question.getByLabelText("Password"), "mine");
  await user.click(question.getByRole("button", { name: "Confirm" }));
  expect(stepUp).toHaveBeenCalledWith("mine");
  expect(addStaff).toHaveBeenCalledTimes(2);
  expect(addStaff).toHaveBeenLastCalledWith({ name: "Lim Wei", roles: ["nurse"], password: "purple kettle walks north" });
});

test("closing the question adds nobody and says why", async () => {
  vi.mocked(addStaff).mockRejectedValue(stepUpNeeded);
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Add staff" }));
  const form = within(await screen.findByRole("dialog", { name: "Add to the staff" }));
  await user.type(form.getByRole("textbox", { name: "Name" }), "Lim Wei");
  await user.click(form.getByRole("checkbox", { name: "Nurse" }));
  await user.type(form.getByLabelText(/^First password/), "purple kettle walks north");
  await user.click(form.getByRole("button", { name: "Add staff" }));
  await user.click(within(await screen.findByRole("dialog", { name: "Is it you?" })).getByRole("button", { name: "Cancel" }));
  expect(await form.findByRole("alert")).toHaveTextContent("Nothing was changed yet");
  expect(addStaff).toHaveBeenCalledOnce();
});

test("the log is read in words and verified from end to end", async () => {
  const user = open();
  await user.click(await screen.findByRole("tab", { name: "Audit" }));
  expect(screen.getByRole("heading", { name: "The log was not checked in this session" })).toBeVisible();
  const row = within(await screen.findByRole("row", { name: /Siti Nurhaliza/ }));
  expect(row.getByText("Looked at a chart")).toBeVisible();
  expect(row.getByText("Denied")).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Verify now" }));
  expect(await screen.findByRole("heading", { name: /^412 events, none altered/ })).toBeVisible();

  vi.mocked(verifyAudit).mockResolvedValueOnce({ events: 412, changes: 380, chains: 2, ok: false, faults: [{ desk: "d1", chain: "audit", seq: 17, kind: "edited" }] });
  await user.click(screen.getByRole("button", { name: "Verify now" }));
  expect(await screen.findByText("Entry 17 of desk d1 was edited.")).toBeVisible();

  await user.click(screen.getByRole("combobox", { name: "What" }));
  await user.click(await screen.findByRole("option", { name: "Signed a note" }));
  expect(auditEvents).toHaveBeenLastCalledWith(expect.objectContaining({ action: "sign_note", before: null }));
});

test("security says what needs a look, and keeps showing the weaker mode", async () => {
  const user = open();
  await user.click(await screen.findByRole("tab", { name: "Security" }));
  expect(await screen.findByRole("heading", { name: "1 of 2 checks needs a look" })).toBeVisible();
  expect(screen.getByText("Plug a microphone in.")).toBeVisible();
  expect(screen.getByText("Guarded by passwords alone")).toBeVisible();
  expect(await brokenRules()).toEqual([]);
});

test("the clinic's settings are saved as minutes turned to seconds", async () => {
  const user = open();
  await user.click(await screen.findByRole("tab", { name: "Clinic" }));
  const minutes = await screen.findByRole("textbox", { name: "Lock after (minutes)" });
  await user.clear(minutes);
  await user.type(minutes, "20");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Choose between 0.5 and 15 minutes.")).toBeVisible();
  await user.clear(minutes);
  await user.type(minutes, "2");
  await user.click(screen.getByRole("switch", { name: /^Keep recordings after signing/ }));
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(saveClinicSettings).toHaveBeenCalledWith({ ...settings, idleLimitSeconds: 120, keepAudio: true });
});

test("who may not manage is told who can", () => {
  open(["read_diary"]);
  expect(screen.getByText("Managers change clinic settings.")).toBeVisible();
});
