import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { RouteProvider, useNavigation } from "../../app/route";
import { SessionProvider } from "../../app/session";
import type { Permission } from "../../app/session.resource";
import { CallError } from "../../lib/call";
import { brokenRules, renderInApp } from "../../testing/render";
import { receptionistMay, sessionWith } from "./fixtures";
import { Patients } from "./Patients.component";
import { type PatientHit, recentPatients, searchPatients } from "./patients.resource";

vi.mock("./patients.resource");

const hit = (id: string, displayName: string, more: Partial<PatientHit> = {}): PatientHit => ({
  id, displayName, otherName: null, birthDate: "1979-03-11", ageText: "47 y", gender: "female", phone: "07700 900123", identifier: { system: "x/national-id", value: "790311-00-9002" }, ...more,
});

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(recentPatients).mockResolvedValue([hit("p9", "Kumar Selvam", { gender: "male" })]);
  vi.mocked(searchPatients).mockResolvedValue([hit("p1", "Siti Nurhaliza", { otherName: "ستي" }), hit("p2", "Siti Aminah")]);
});

function Where() {
  const { route, panel } = useNavigation();
  return <output>{JSON.stringify(panel ?? route)}</output>;
}

function show(permissions: Permission[] = receptionistMay) {
  renderInApp(
    <SessionProvider session={sessionWith(permissions)}>
      <RouteProvider start={{ page: "patients" }}>
        <Patients />
        <Where />
      </RouteProvider>
    </SessionProvider>,
  );
  return userEvent.setup();
}
const where = () => screen.getByText(/^\{"/).textContent;

test("a person is found as one types, chosen by arrows and opened by Enter", async () => {
  const user = show();
  expect(await screen.findByRole("option", { name: /Kumar Selvam/ })).toBeVisible();
  expect(screen.getByRole("combobox", { name: "Search patients" })).toHaveFocus();
  await user.keyboard("siti");
  const found = await screen.findByRole("option", { name: /Siti Nurhaliza/ });
  expect(found).toHaveTextContent("ستي");
  expect(found).toHaveTextContent("11 Mar 1979, 47 yFemale07700 900123National ID 790311-00-9002");
  expect(found).toHaveAttribute("aria-selected", "true");
  expect(await brokenRules()).toEqual([]);
  await user.keyboard("{ArrowDown}");
  expect(screen.getByRole("option", { name: /Siti Aminah/ })).toHaveAttribute("aria-selected", "true");
  await user.keyboard("{Enter}");
  expect(where()).toBe(JSON.stringify({ page: "patient", patientId: "p2" }));
  expect(searchPatients).toHaveBeenLastCalledWith("siti");
});

test("what was found stays while the next is looked for, and a fast Enter opens nobody else", async () => {
  const user = show();
  await user.keyboard("siti");
  await screen.findByRole("option", { name: /Siti Aminah/ });
  vi.mocked(searchPatients).mockReturnValue(new Promise(() => undefined));
  await user.keyboard("x");
  await waitFor(() => expect(searchPatients).toHaveBeenLastCalledWith("sitix"));
  expect(screen.getByRole("option", { name: /Siti Aminah/ })).toBeVisible();
  await user.keyboard("{Enter}");
  expect(where()).toBe(JSON.stringify({ page: "patients" }));
});

test("an Enter before the search is done opens what it finds", async () => {
  const user = show();
  await screen.findByRole("option", { name: /Kumar Selvam/ });
  await user.keyboard("siti{Enter}");
  await waitFor(() => expect(where()).toBe(JSON.stringify({ page: "patient", patientId: "p1" })));
});

test("who is not found is registered with what was typed", async () => {
  vi.mocked(searchPatients).mockResolvedValue([]);
  const user = show();
  await user.keyboard("陈美玲");
  expect(await screen.findByRole("heading", { name: "Nobody fits “陈美玲”" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Register 陈美玲" })).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await user.keyboard("{Enter}");
  expect(where()).toBe(JSON.stringify({ form: "register", name: "陈美玲" }));
});

test("an empty clinic offers the first step; a fault is said with a way to try again", async () => {
  vi.mocked(recentPatients).mockRejectedValueOnce(new CallError({ code: "disk", field: null, reason: null, waitSeconds: null })).mockResolvedValue([]);
  const user = show();
  expect(await screen.findByRole("alert")).toHaveTextContent("The disk refused");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "No patients yet" })).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Register a patient" }));
  expect(where()).toBe(JSON.stringify({ form: "register", name: "" }));
});

test("who may not look is told so", () => {
  show([]);
  expect(screen.getByText("Your role does not open the patient list.")).toBeVisible();
  expect(searchPatients).not.toHaveBeenCalled();
});
