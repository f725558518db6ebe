import { Notifications, notifications } from "@mantine/notifications";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { type Panel, RouteProvider, useNavigation } from "../../app/route";
import { SessionProvider } from "../../app/session";
import { SidePanel } from "../../app/Workspace.component";
import { CallError } from "../../lib/call";
import { dropForm, loadForm, saveForm } from "../../lib/forms.resource";
import { brokenRules, renderInApp } from "../../testing/render";
import { receptionistMay, sessionWith, siti } from "./fixtures";
import { likelyDuplicates, patient, practitioners, registerPatient, updatePatient, walkIn } from "./patients.resource";

vi.mock("./patients.resource");
vi.mock("../../lib/forms.resource");
vi.mock("../diary/Book.form", () => ({ BookForm: ({ patientId }: { patientId: string }) => <p>Booking {patientId}</p>, MoveForm: () => null }));

const refused = (field: string, reason: string) => new CallError({ code: "invalid", field, reason, waitSeconds: null });
const entry = { encounterId: "e1", appointmentId: null, patientId: "p1", patientName: "Siti Nurhaliza", ageText: "47 y", practitionerId: "s1", practitionerName: "Dr Aisyah", stage: "arrived" as const, since: "", arrivedAt: "", appointmentStart: null, walkIn: true };

beforeEach(() => {
  vi.resetAllMocks();
  notifications.clean();
  vi.mocked(loadForm).mockResolvedValue(null);
  vi.mocked(saveForm).mockResolvedValue(null);
  vi.mocked(dropForm).mockResolvedValue(null);
  vi.mocked(likelyDuplicates).mockResolvedValue([]);
  vi.mocked(registerPatient).mockResolvedValue(siti);
  vi.mocked(patient).mockResolvedValue(siti);
  vi.mocked(updatePatient).mockResolvedValue(siti);
  vi.mocked(practitioners).mockResolvedValue([
    { id: "s2", name: "Nurse Lim", roles: ["nurse"] },
    { id: "s1", name: "Dr Aisyah", roles: ["doctor"] },
  ]);
  vi.mocked(walkIn).mockResolvedValue(entry);
});

function Where() {
  const { route, panel } = useNavigation();
  return <output>{JSON.stringify(panel ?? route)}</output>;
}

function open(panel: Panel = { form: "register", name: "" }, permissions = receptionistMay) {
  renderInApp(
    <SessionProvider session={sessionWith(permissions)}>
      <RouteProvider start={{ page: "patients" }} startPanel={panel}>
        <Notifications />
        <SidePanel />
        <Where />
      </RouteProvider>
    </SessionProvider>,
  );
  return userEvent.setup();
}
const field = (name: string) => screen.getByRole("textbox", { name });

test("a new patient is registered by keyboard alone and taken in at once", async () => {
  const user = open();
  await waitFor(() => expect(field("Given name")).toHaveFocus());
  expect(await brokenRules()).toEqual([]);
  await user.keyboard("Siti{Tab}Nurhaliza{Tab}{Tab}11/3/1979");
  expect(screen.getByText("11 March 1979")).toBeVisible();
  await user.keyboard("{Tab}{Tab} {Tab}07700 900123{Tab}790311-00-9002{Control>}{Enter}{/Control}");
  expect(await screen.findByRole("heading", { name: "Siti Nurhaliza is registered" })).toBeVisible();
  expect(registerPatient).toHaveBeenCalledExactlyOnceWith({
    names: [{ use: "official", prefix: [], given: ["Siti"], family: "Nurhaliza", suffix: [], text: "" }],
    birthDate: "1979-03-11",
    ageYears: null,
    gender: "female",
    telecom: [{ system: "phone", value: "07700 900123", use: "mobile" }],
    identifiers: [{ system: "urn:gladstone:national-id", value: "790311-00-9002" }],
    address: null,
    contacts: [],
    language: null,
  });
  expect(dropForm).toHaveBeenCalledWith("patient:new");

  const now = await screen.findByRole("button", { name: "Walk-in now" });
  expect(now).toHaveFocus();
  expect(screen.getByRole("combobox", { name: "Practitioner" })).toHaveValue("s1");
  expect(await brokenRules()).toEqual([]);
  await user.keyboard("{Enter}");
  expect(await screen.findByText("Siti Nurhaliza waits for Dr Aisyah")).toBeVisible();
  expect(walkIn).toHaveBeenCalledWith("p1", "s1", "");
});

test("from registered one books or opens the chart", async () => {
  const user = open({ form: "register", name: "Siti Nurhaliza" });
  await user.click(await screen.findByRole("radio", { name: "Female" }));
  await user.click(screen.getByRole("button", { name: "Register" }));
  await user.click(await screen.findByRole("button", { name: "Book" }));
  expect(screen.getByText("Booking p1")).toBeVisible();
});

test("who may already be here is shown with reasons while the name is typed, and opened instead", async () => {
  const hit = { id: "p7", displayName: "Siti Nor Haliza", otherName: "ستي", birthDate: "1979-11-03", ageText: "47 y", gender: "female" as const, phone: null, identifier: null };
  vi.mocked(likelyDuplicates).mockResolvedValue([{ patient: hit, reasons: ["similar_name", "swapped_day_month"] }]);
  const user = open();
  await user.type(await screen.findByRole("textbox", { name: "Given name" }), "Siti");
  expect(await screen.findByText("1 person here may be the same")).toBeVisible();
  expect(screen.getByText("similar name, day and month of birth exchanged")).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Open Siti Nor Haliza instead" }));
  expect(screen.getByText(/^\{"/)).toHaveTextContent(JSON.stringify({ page: "patient", patientId: "p7" }));
});

test("what is missing or impossible is marked before and after the desk was asked", async () => {
  vi.mocked(registerPatient).mockRejectedValueOnce(refused("names[0].family", "too_long")).mockRejectedValueOnce(refused("contacts[0].name", "required"));
  const user = open();
  await user.type(await screen.findByRole("textbox", { name: "Birth date" }), "31/2/1980");
  await user.click(screen.getByRole("button", { name: "Register" }));
  expect(screen.getByText("There is no such date.")).toBeVisible();
  expect(screen.getByText("Please fill this in.")).toBeVisible();
  expect(screen.getByText("Choose one; Unknown is an answer too.")).toBeVisible();
  await waitFor(() => expect(field("Given name")).toHaveFocus());
  expect(registerPatient).not.toHaveBeenCalled();

  await user.type(field("Given name"), "Siti");
  await user.type(field("Or age in years"), "47");
  expect(field("Birth date")).toHaveValue("");
  expect(screen.getByText(`Kept as born about ${new Date().getFullYear() - 47}`)).toBeVisible();
  await user.click(screen.getByRole("radio", { name: "Unknown" }));
  await user.click(screen.getByRole("button", { name: "More details" }));
  await user.click(screen.getByRole("button", { name: "Add next of kin" }));
  await waitFor(() => expect(field("Name of next of kin 1")).toHaveFocus());
  await user.type(field("Relationship 1"), "son");
  await user.click(screen.getByRole("button", { name: "More details" }));
  await user.click(screen.getByRole("button", { name: "Register" }));
  expect(await screen.findByText("This is too long.")).toBeVisible();
  expect(field("Family name")).toBeInvalid();
  await user.type(field("Family name"), "N");
  await user.click(screen.getByRole("button", { name: "Register" }));
  expect(registerPatient).toHaveBeenLastCalledWith(expect.objectContaining({ ageYears: 47, birthDate: null, gender: "unknown" }));
  await waitFor(() => expect(field("Name of next of kin 1")).toBeInvalid());
  expect(await brokenRules()).toEqual([]);
});

test("a half-written form is back after a lock, and can be started again", async () => {
  const user = open();
  await user.type(await screen.findByRole("textbox", { name: "Given name" }), "Half");
  await waitFor(() => expect(saveForm).toHaveBeenCalledWith("patient:new", expect.stringContaining("Half")));
  const kept = vi.mocked(saveForm).mock.lastCall?.[1] ?? "";
  vi.mocked(loadForm).mockResolvedValueOnce(kept);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());

  open({ form: "register", name: "陈美玲" });
  await waitFor(() => expect(field("Given name")).toHaveValue("Half"));
  await user.click(screen.getByRole("button", { name: "Start again" }));
  expect(await screen.findByRole("textbox", { name: "Whole name" })).toHaveValue("陈美玲");
  expect(dropForm).toHaveBeenCalledWith("patient:new");
});

test("details are changed without losing what the form does not show", async () => {
  const user = open({ form: "editPatient", patientId: "p1" });
  const panel = within(await screen.findByRole("dialog", { name: "Change patient details" }));
  expect(await panel.findByRole("textbox", { name: "Given name" })).toHaveValue("Siti");
  await user.clear(field("Phone"));
  await user.type(field("Phone"), "07700 900999");
  await user.click(screen.getByRole("button", { name: "More details" }));
  expect(field("Other name 1")).toHaveValue("ستي نورهاليزا");
  expect(await brokenRules()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Save changes" }));
  expect(updatePatient).toHaveBeenCalledWith("p1", expect.objectContaining({ names: siti.names, telecom: [{ system: "phone", value: "07700 900999", use: "mobile" }] }));
  expect(await screen.findByText("Siti Nurhaliza is saved")).toBeVisible();
});
