import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { RouteProvider, useNavigation } from "../../app/route";
import { SessionProvider } from "../../app/session";
import { onDataChanged, type Permission } from "../../app/session.resource";
import { CallError } from "../../lib/call";
import { brokenRules, renderInApp } from "../../testing/render";
import { addAddendum, chart, type EncounterView, openEncounter, whoLooked } from "./chart.resource";
import { chartOfSiti, doctorMay, managerMay, receptionistMay, sessionWith, siti } from "./fixtures";
import { said } from "./History.component";
import { PatientPage } from "./Patient.component";
import { appointments, patient, patientHistory, practitioners, startVisit } from "./patients.resource";

vi.mock("./chart.resource");
vi.mock("./patients.resource");
vi.mock("../../app/session.resource");
vi.mock("../../lib/forms.resource", () => ({ loadForm: async () => null, saveForm: async () => null, dropForm: async () => null }));

const refused = (code: "no_care_relation" | "disk") => new CallError({ code, field: null, reason: null, waitSeconds: null });
const sentence = (id: string, words: string, state: "kept" | "struck" = "kept") => ({ id, text: words, origin: "drafted" as const, state, support: "supported" as const, flags: [], evidence: [] });
const visit: EncounterView = {
  id: "e1", patientId: "p1", practitionerName: "Dr Aisyah", stage: "done", startedAt: "2026-11-20T12:00:00Z", reason: "Cough", consent: null, recording: null, audioKept: false,
  transcript: { turns: [], gaps: [], settled: true, behindSeconds: 0 },
  note: {
    id: "n1", encounterId: "e1", status: "final", engine: null, omissions: [], signedBy: "Dr Aisyah", signedAt: "2026-11-20T12:30:00Z", blockers: 0,
    sections: [{ code: "cc", title: "Chief complaint", sentences: [sentence("t1", "Cough for three days."), sentence("t2", "Smokes.", "struck")] }],
    addenda: [{ id: "d1", text: "X-ray was clear.", author: "Dr Aisyah", at: "2026-11-21T12:30:00Z" }],
  },
};
let changed: (recordTypes: string[]) => void = () => undefined;

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(onDataChanged).mockImplementation(async (listener) => {
    changed = listener;
    return () => undefined;
  });
  vi.mocked(chart).mockResolvedValue(chartOfSiti);
  vi.mocked(patient).mockResolvedValue(siti);
  vi.mocked(practitioners).mockResolvedValue([{ id: "s1", name: "Dr Aisyah", roles: ["doctor"] }]);
  vi.mocked(appointments).mockResolvedValue(chartOfSiti.appointments);
  vi.mocked(openEncounter).mockResolvedValue(visit);
  vi.mocked(startVisit).mockResolvedValue({ ...visit, id: "e5" });
  vi.mocked(whoLooked).mockResolvedValue([
    { seq: 4, recorded: "2026-11-24T10:41:00Z", actor: "Kumar Selvam", role: "receptionist", action: "read_chart", patientName: "Siti Nurhaliza", detail: "", outcome: "denied" },
  ]);
  vi.mocked(patientHistory).mockResolvedValue([
    { at: "2026-11-24T10:41:00Z", author: "Kumar Selvam", desk: "0123456789abcdef", fields: [{ name: "gender", before: "unknown", after: "female" }, { name: "source", before: null, after: "{}" }] },
  ]);
});

function Where() {
  const { route, panel } = useNavigation();
  return <output>{JSON.stringify(panel ?? route)}</output>;
}

function show(permissions: Permission[] = doctorMay) {
  renderInApp(
    <SessionProvider session={sessionWith(permissions)}>
      <RouteProvider start={{ page: "patient", patientId: "p1" }}>
        <PatientPage patientId="p1" />
        <Where />
      </RouteProvider>
    </SessionProvider>,
  );
  return userEvent.setup();
}
const where = () => screen.getByText(/^\{"/).textContent;
const tabs = () => screen.getAllByRole("tab").map((tab) => tab.textContent);

test("a doctor sees the chart, part by part, and every part holds the rules", async () => {
  const user = show();
  expect(await screen.findByRole("heading", { name: "Siti Nurhaliza" })).toBeVisible();
  expect(tabs()).toEqual(["Summary", "Timeline", "Notes", "Results", "Appointments", "Details", "History"]);
  expect(screen.getByRole("region", { name: "Problems" })).toHaveTextContent("Hypertensionsince 2019");
  expect(screen.getByRole("region", { name: "Immunisations" })).toHaveTextContent("Influenza");
  expect(await brokenRules()).toEqual([]);

  await user.click(screen.getByRole("tab", { name: "Timeline" }));
  const day = screen.getByRole("region", { name: "20 Nov 2026" });
  expect(day).toHaveTextContent("Dr Aisyah. Cough. Cough for three days.");
  expect(day).toHaveTextContent("Blood pressure 138/86 mmHg");
  expect(within(day).queryByText("Appointment")).not.toBeInTheDocument();
  expect(await brokenRules()).toEqual([]);

  await user.click(screen.getByRole("tab", { name: "Results" }));
  expect(screen.getByRole("row", { name: /Haemoglobin/ })).toHaveTextContent("13.2 g/dL");
  await user.click(screen.getByRole("tab", { name: "Appointments" }));
  expect(await screen.findByRole("row", { name: /Cough/ })).toHaveTextContent("20 Nov 2026, 10:00Dr AisyahCoughDone");
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("tab", { name: "Details" }));
  expect(screen.getByText("790311-00-9002", { exact: false, selector: "dd bdi" })).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("tab", { name: "History" }));
  expect(await screen.findByRole("row", { name: "Sex Unknown Female" })).toBeVisible();
  expect(screen.getByText("Kumar Selvam on desk abcdef")).toBeVisible();
  expect(screen.queryByText("source")).not.toBeInTheDocument();
  expect(await brokenRules()).toEqual([]);
});

test("a past note is read as it was signed, and an addendum is added below it", async () => {
  const user = show();
  await user.click(await screen.findByRole("tab", { name: "Notes" }));
  await user.click(screen.getByRole("button", { name: /^Note of 20 Nov 2026/ }));
  const note = await screen.findByRole("article");
  expect(note).toHaveTextContent("Signed by Dr Aisyah");
  expect(note).toHaveTextContent("Cough for three days.");
  expect(note).not.toHaveTextContent("Smokes.");
  expect(note).toHaveTextContent("X-ray was clear.");
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Add addendum" }));
  await user.type(screen.getByRole("textbox", { name: "Addendum" }), "Better today.");
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(addAddendum).toHaveBeenCalledWith("n1", "Better today.");
  await waitFor(() => expect(openEncounter).toHaveBeenCalledTimes(2));
});

test("who may not write notes reads them without a way to add", async () => {
  const user = show(doctorMay.filter((permission) => permission !== "write_note"));
  await user.click(await screen.findByRole("tab", { name: "Notes" }));
  await user.click(screen.getByRole("button", { name: /^Note of 20 Nov 2026/ }));
  await screen.findByRole("article");
  expect(screen.queryByRole("button", { name: "Add addendum" })).not.toBeInTheDocument();
});

test("a receptionist sees who it is and the diary, and no word of the chart", async () => {
  const user = show(receptionistMay);
  expect(await screen.findByRole("heading", { name: "Siti Nurhaliza" })).toBeVisible();
  expect(tabs()).toEqual(["Details", "Appointments", "History"]);
  expect(chart).not.toHaveBeenCalled();
  expect(screen.queryByText(/allerg/i)).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Start visit" })).not.toBeInTheDocument();
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("tab", { name: "Appointments" }));
  expect(await screen.findByRole("row", { name: /Cough/ })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Change details" }));
  expect(where()).toBe(JSON.stringify({ form: "editPatient", patientId: "p1" }));
});

test("a manager sees who looked", async () => {
  const user = show(managerMay);
  await user.click(await screen.findByRole("tab", { name: "Who looked" }));
  const row = await screen.findByRole("row", { name: /Kumar Selvam/ });
  expect(row).toHaveTextContent("Receptionist");
  expect(row).toHaveTextContent("Looked at a chart");
  expect(row).toHaveTextContent("Denied");
  expect(await brokenRules()).toEqual([]);
});

test("outside of a care relation the chart says how it opens", async () => {
  vi.mocked(chart).mockRejectedValue(refused("no_care_relation"));
  const user = show();
  const why = await screen.findByRole("alert", { name: "This patient is not in your care" });
  expect(why).toHaveTextContent("The chart opens once the patient has an appointment or a visit with you.");
  expect(tabs()).toEqual(["Details", "Appointments", "History"]);
  expect(await brokenRules()).toEqual([]);
  await user.click(within(why).getByRole("button", { name: "Start visit" }));
  await waitFor(() => expect(where()).toBe(JSON.stringify({ page: "consultation", encounterId: "e5" })));
  expect(startVisit).toHaveBeenCalledWith("p1", "");
});

test("a chart that cannot be read still says who it is, and is tried again", async () => {
  vi.mocked(chart).mockRejectedValueOnce(refused("disk"));
  const user = show();
  expect(await screen.findByText("The disk refused")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("tab", { name: "Summary" })).toBeVisible();
});

test("what changed in the chart is fetched again, what did not is not", async () => {
  show();
  await screen.findByRole("tab", { name: "Summary" });
  expect(chart).toHaveBeenCalledOnce();
  act(() => changed(["Settings"]));
  expect(chart).toHaveBeenCalledOnce();
  vi.mocked(chart).mockResolvedValue({ ...chartOfSiti, conditions: [] });
  act(() => changed(["Condition"]));
  expect(await screen.findByText("No problems are recorded.")).toBeVisible();
});

test("a walk-in from the page goes to the practitioner that is chosen", async () => {
  const user = show(receptionistMay);
  await user.click(await screen.findByRole("button", { name: "Walk-in" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Walk-in" }));
  expect(await dialog.findByRole("combobox", { name: "Practitioner" })).toHaveValue("s1");
  expect(await brokenRules()).toEqual([]);
});

test("stored values are said as words", () => {
  expect(said("names", JSON.stringify(siti.names))).toBe("Siti Nurhaliza; ستي نورهاليزا");
  expect(said("birthDate", "1979-03-11")).toBe("11 March 1979");
  expect(said("birthDateEstimated", "true")).toBe("yes");
  expect(said("telecom", JSON.stringify(siti.telecom))).toBe("+44 7700 900123");
  expect(said("language", null)).toBe("empty");
  expect(said("language", "[broken")).toBe("[broken");
});
