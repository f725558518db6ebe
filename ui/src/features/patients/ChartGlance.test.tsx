import { Notifications } from "@mantine/notifications";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { SessionProvider } from "../../app/session";
import { CallError } from "../../lib/call";
import { brokenRules, renderInApp } from "../../testing/render";
import { addAllergy, addMedication, type ChartView, recordNoKnownAllergies, recordVitals, setListItemStatus } from "./chart.resource";
import { ChartGlance } from "./ChartGlance.component";
import { chartOfSiti, doctorMay, receptionistMay, sessionWith } from "./fixtures";
import { PatientBanner } from "./PatientBanner.component";

vi.mock("./chart.resource");
vi.mock("../../lib/forms.resource", () => ({ loadForm: async () => null, saveForm: async () => null, dropForm: async () => null }));

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(setListItemStatus).mockResolvedValue(null);
  vi.mocked(recordNoKnownAllergies).mockResolvedValue(null);
});

function show(chart: ChartView = chartOfSiti, permissions = doctorMay) {
  renderInApp(
    <SessionProvider session={sessionWith(permissions)}>
      <Notifications />
      <PatientBanner chart={chart} />
      <ChartGlance chart={chart} encounterId="e9" />
    </SessionProvider>,
  );
  return userEvent.setup();
}

test("the banner says who it is and what may harm them, in words", async () => {
  show();
  const banner = screen.getByRole("region", { name: "Patient" });
  expect(within(banner).getByRole("heading", { name: "Siti Nurhaliza" })).toBeVisible();
  expect(banner).toHaveTextContent("ستي نورهاليزا");
  expect(banner).toHaveTextContent("47 y, born 11 Mar 1979");
  expect(banner).toHaveTextContent("National ID 790311-00-9002");
  expect(banner).toHaveTextContent("ALLERGIES: Penicillin (rash, high risk)");
  expect(await brokenRules()).toEqual([]);
});

test("no allergy and nobody having asked are two things", async () => {
  const user = show({ ...chartOfSiti, allergies: [] });
  expect(screen.getByRole("region", { name: "Patient" })).toHaveTextContent("Allergies not recorded");
  await user.click(screen.getByRole("button", { name: "Record no known allergies" }));
  expect(recordNoKnownAllergies).toHaveBeenCalledWith("p1");
});

test("none known is said", () => {
  show({ ...chartOfSiti, allergies: [], noKnownAllergies: true });
  expect(screen.getByRole("region", { name: "Patient" })).toHaveTextContent("No known allergies");
  expect(screen.queryByRole("button", { name: "Record no known allergies" })).not.toBeInTheDocument();
});

test("the trend is told in words; earlier problems are folded", async () => {
  const user = show();
  expect(screen.getByRole("img", { name: "Blood pressure, 2 readings from 20 May 2026 to 20 Nov 2026: lowest 138, highest 150, last 138/86 mmHg" })).toBeVisible();
  expect(screen.queryByText("Bronchitis")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Earlier problems (1)" }));
  expect(screen.getByText("Bronchitis")).toBeVisible();
  expect(screen.getByRole("region", { name: "Last notes" })).toHaveTextContent("Cough for three days.");
});

test("an allergy is added by keyboard alone", async () => {
  vi.mocked(addAllergy).mockRejectedValueOnce(new CallError({ code: "invalid", field: "substance", reason: "too_long", waitSeconds: null }));
  const user = show();
  await user.click(screen.getByRole("button", { name: "Add allergy" }));
  expect(screen.getByRole("textbox", { name: "Substance" })).toHaveFocus();
  expect(await brokenRules()).toEqual([]);
  await user.keyboard("Latex{Tab}{Tab}hives{Control>}{Enter}{/Control}");
  expect(await screen.findByText("This is too long.")).toBeVisible();
  await user.selectOptions(screen.getByRole("combobox", { name: "Criticality" }), "high");
  await user.click(screen.getByRole("button", { name: "Save allergy" }));
  expect(addAllergy).toHaveBeenLastCalledWith({ patientId: "p1", substance: "Latex", criticality: "high", reaction: "hives" });
  await waitFor(() => expect(screen.getByRole("button", { name: "Add allergy" })).toHaveFocus());
});

test("a medicine is stopped, and stopping is taken back", async () => {
  const user = show();
  await user.click(screen.getByRole("button", { name: "Change Amlodipine" }));
  await user.click(await screen.findByRole("menuitem", { name: "Stopped" }));
  expect(setListItemStatus).toHaveBeenCalledWith("medication", "m1", "stopped");
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(setListItemStatus).toHaveBeenLastCalledWith("medication", "m1", "active");
});

test("an impossible measurement is marked at its field; Esc closes the form", async () => {
  vi.mocked(recordVitals).mockRejectedValueOnce(new CallError({ code: "invalid", field: "temperatureC", reason: "out_of_range", waitSeconds: null }));
  const user = show();
  await user.click(screen.getByRole("button", { name: "Record vital signs" }));
  await user.click(screen.getByRole("button", { name: "Save vital signs" }));
  expect(screen.getByText("Give at least one measurement.")).toBeVisible();
  await user.type(screen.getByRole("textbox", { name: "Systolic (mmHg)" }), "140");
  await user.type(screen.getByRole("textbox", { name: "Diastolic (mmHg)" }), "90");
  await user.type(screen.getByRole("textbox", { name: "Temperature (°C)" }), "367");
  await user.click(screen.getByRole("button", { name: "Save vital signs" }));
  expect(recordVitals).toHaveBeenCalledWith(expect.objectContaining({ patientId: "p1", encounterId: "e9", systolic: 140, diastolic: 90, temperatureC: 367, pulse: null }));
  expect(await screen.findByText("This is outside of what is possible.")).toBeVisible();
  expect(screen.getByRole("textbox", { name: "Temperature (°C)" })).toBeInvalid();
  expect(await brokenRules()).toEqual([]);
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("form", { name: "Record vital signs" })).not.toBeInTheDocument();
});

test("who may not write sees no way to", () => {
  show(chartOfSiti, [...receptionistMay, "read_chart"]);
  expect(screen.queryByRole("button", { name: /^Add|^Record|^Change/ })).not.toBeInTheDocument();
  expect(addMedication).not.toHaveBeenCalled();
});
