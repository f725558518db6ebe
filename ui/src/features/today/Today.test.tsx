import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { aisyah, booking, doctor, entry, hit, kumar, openPlace, receptionist } from "../../testing/clinic";
import { fakeDesk } from "../../testing/diaryDesk";
import { brokenRules } from "../../testing/render";
import { beginsName, longEnough } from "./matches";

vi.mock("../patients/Register.form", () => ({ RegisterForm: ({ name }: { name: string }) => <p>Registering {name}</p>, EditPatientForm: () => null }));
vi.mock("../consultation/Consultation.component", () => ({ Consultation: ({ encounterId }: { encounterId: string }) => <h1>Consultation {encounterId}</h1> }));

const day = "2026-11-24";
const siti = booking("a1", "Siti Nurhaliza", `${day}T10:15`, `${day}T10:30`, { reason: "Cough" });
const raju = booking("a2", "Raju Muthusamy", `${day}T11:30`, `${day}T11:45`, { practitionerId: kumar.id });
const lim = hit("p5", "Lim Wei", { phone: "0123456789" });

let desk: ReturnType<typeof fakeDesk>;
beforeEach(() => void vi.setSystemTime(new Date(`${day}T10:20:00`)));
afterEach(() => void vi.useRealTimers());

function clinic(start: Partial<Parameters<typeof fakeDesk>[0]> = {}) {
  desk = fakeDesk({ practitioners: [aisyah, kumar], appointments: [siti, raju], patients: [lim], ...start });
}
const who = () => screen.findByRole("combobox", { name: "Who is here?" });
const column = (name: RegExp) => within(screen.getByRole("group", { name }));

test("two letters and Enter check a booked patient in", async () => {
  clinic();
  const user = openPlace(receptionist, { page: "today" });
  const field = await who();
  expect(field).toHaveFocus();
  expect(screen.getByRole("heading", { name: "Nobody is here yet" })).toBeVisible();
  await user.type(field, "si");
  const offer = screen.getByRole("option", { name: /^Check in Siti Nurhaliza/ });
  expect(offer).toHaveAttribute("aria-selected", "true");
  expect(field).toHaveAttribute("aria-activedescendant", offer.id);
  expect(await brokenRules()).toEqual([]);
  await user.keyboard("{Enter}");
  expect(await screen.findByText("Siti Nurhaliza is checked in")).toBeVisible();
  expect(desk.asked("check_in")).toEqual([{ appointmentId: "a1" }]);
  await waitFor(() => expect(column(/^Arrived/).getByText("Siti Nurhaliza")).toBeVisible());
  expect(field).toHaveValue("");
  // The diary's list says it too, and offers it no more.
  expect(screen.queryByRole("button", { name: "Check in Siti Nurhaliza" })).not.toBeInTheDocument();
  await user.type(field, "si");
  const here = await screen.findByRole("option", { name: /^Already here: Siti Nurhaliza/ });
  expect(here).toHaveAttribute("aria-disabled", "true");
});

test("the booked come by time, are told apart, and another is chosen by key", async () => {
  const first = booking("a3", "Siti Aminah", `${day}T11:00`, `${day}T11:15`);
  clinic({ appointments: [first, siti], patients: [hit("p-a1", "Siti Nurhaliza", { ageText: "31 y" })] });
  const user = openPlace(receptionist, { page: "today" });
  await user.type(await who(), "siti");
  expect(await screen.findByRole("option", { name: /Siti Nurhaliza.*31 y/ })).toHaveAttribute("aria-selected", "true");
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual([expect.stringContaining("Siti Nurhaliza"), expect.stringContaining("Siti Aminah")]);
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("option")).not.toBeInTheDocument();
  await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  await waitFor(() => expect(desk.asked("check_in")).toEqual([{ appointmentId: "a3" }]));
});

test("a known patient without a booking walks in, to a practitioner, also when Enter comes first", async () => {
  clinic();
  const user = openPlace(receptionist, { page: "today" });
  await user.type(await who(), "lim{Enter}");
  const form = within(await screen.findByRole("dialog", { name: "Walk-in" }));
  expect(form.getByText("Lim Wei")).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await user.click(form.getByRole("button", { name: "Check in" }));
  expect(await form.findByText("Please fill this in.")).toBeVisible();
  await user.click(form.getByRole("combobox", { name: "Practitioner" }));
  await user.click(await screen.findByRole("option", { name: "Dr Kumar" }));
  await user.type(form.getByRole("textbox", { name: "Reason" }), "Fever{Control>}{Enter}{/Control}");
  await waitFor(() => expect(desk.asked("walk_in")).toEqual([{ patientId: "p5", practitionerId: "s2", reason: "Fever" }]));
  await waitFor(() => expect(column(/^Arrived/).getByText("Lim Wei")).toBeVisible());
});

test("somebody nobody knows is registered with the name as typed", async () => {
  clinic();
  const user = openPlace(receptionist, { page: "today" });
  await user.type(await who(), "Zainab{Enter}");
  expect(await screen.findByText("Registering Zainab")).toBeVisible();
});

test("moves through the queue are said, keep the keyboard, and can be taken back", async () => {
  clinic({ queue: [entry("e1", "Tan Ah Kow")] });
  const user = openPlace(receptionist, { page: "today" });
  expect(await screen.findByText("Waiting 12 min")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Call Tan Ah Kow" }));
  await waitFor(() => expect(column(/^Called/).getByText("Tan Ah Kow")).toBeVisible());
  expect(screen.getAllByRole("status").some((region) => region.textContent === "Tan Ah Kow is called")).toBe(true);
  expect(await brokenRules()).toEqual([]);
  await waitFor(() => expect(screen.getByRole("button", { name: "In room Tan Ah Kow" })).toHaveFocus());

  await user.keyboard("{ArrowRight}");
  await waitFor(() => expect(screen.getByRole("button", { name: "Done Tan Ah Kow" })).toHaveFocus());
  await user.keyboard("{Control>}z{/Control}");
  await waitFor(() => expect(column(/^Called/).getByText("Tan Ah Kow")).toBeVisible());
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(column(/^Arrived/).getByText("Tan Ah Kow")).toBeVisible());
  expect(desk.asked("set_stage").map(({ stage }) => stage)).toEqual(["called", "in_room", "called", "arrived"]);
});

test("the day's list follows the queue, although only visits changed", async () => {
  clinic({ appointments: [{ ...siti, status: "arrived", stage: "arrived" }], queue: [entry("e1", "Siti Nurhaliza", { appointmentId: "a1", walkIn: false })] });
  const user = openPlace(receptionist, { page: "today" });
  expect(within(await screen.findByRole("group", { name: /^Dr Aisyah/ })).getByText("Arrived")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Call Siti Nurhaliza" }));
  expect(await within(screen.getByRole("group", { name: /^Dr Aisyah/ })).findByText("Called")).toBeVisible();
});

test("a card is dragged to another column", async () => {
  clinic({ queue: [entry("e1", "Tan Ah Kow")] });
  openPlace(receptionist, { page: "today" });
  const card = (await screen.findByText("Tan Ah Kow")).closest("li") as HTMLElement;
  const dataTransfer = { setData: vi.fn(), effectAllowed: "" };
  fireEvent.dragStart(card, { dataTransfer });
  const target = screen.getByRole("group", { name: /^Done/ });
  fireEvent.dragOver(target, { dataTransfer });
  fireEvent.drop(target, { dataTransfer });
  await waitFor(() => expect(desk.asked("set_stage")).toEqual([{ encounterId: "e1", stage: "done" }]));
  expect(dataTransfer.setData).not.toHaveBeenCalledWith(expect.anything(), expect.stringContaining("Tan"));
});

test("a no-show is marked once the time has come, and taken back", async () => {
  clinic();
  const user = openPlace(receptionist, { page: "today" });
  await screen.findByRole("button", { name: "Check in Raju Muthusamy" });
  expect(screen.queryByRole("button", { name: "No-show Raju Muthusamy" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "No-show Siti Nurhaliza" }));
  await waitFor(() => expect(within(screen.getByRole("group", { name: /^Dr Aisyah/ })).getByText("No-show")).toBeVisible());
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("button", { name: "No-show Siti Nurhaliza" })).toBeVisible();
  expect(desk.asked("restore_appointment")).toEqual([{ id: "a1" }]);
});

test("a doctor opens the next patient with one key", async () => {
  clinic({
    queue: [
      entry("e1", "Tan Ah Kow", { practitionerId: kumar.id, practitionerName: kumar.name }),
      entry("e2", "Mary Wong", { appointmentStart: `${day}T10:30` }),
      entry("e3", "John Lee", { appointmentStart: `${day}T10:00` }),
    ],
  });
  const user = openPlace(doctor, { page: "today" });
  const mine = within(await screen.findByRole("region", { name: "My next patients" }));
  expect(mine.getAllByRole("listitem").map((item) => within(item).getByText(/Mary|John|Tan/).textContent)).toEqual(["John Lee", "Mary Wong"]);
  expect(mine.getByRole("button", { name: "Open next patient" })).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(await screen.findByRole("heading", { name: "Consultation e3" })).toBeVisible();
  expect(desk.asked("set_stage")).toEqual([{ encounterId: "e3", stage: "in_room" }]);
});

test("what a role may not do is not shown", async () => {
  clinic({ queue: [entry("e1", "Tan Ah Kow")] });
  openPlace({ ...receptionist, permissions: ["read_diary"] }, { page: "today" });
  expect(await screen.findByText("Tan Ah Kow")).toBeVisible();
  expect(screen.queryByRole("combobox", { name: "Who is here?" })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /^(Call|Check in|Move|No-show)/ })).not.toBeInTheDocument();
});

test("who may not see the diary is told", () => {
  clinic();
  openPlace({ ...receptionist, permissions: [] }, { page: "today" });
  expect(screen.getByText("Your role does not open the diary.")).toBeVisible();
});

test("a fault says so and is tried again", async () => {
  clinic();
  desk.refuse("queue", "disk");
  const user = openPlace(receptionist, { page: "today" });
  expect(await screen.findByRole("alert")).toHaveTextContent("The disk refused");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await who()).toBeVisible();
});

test("a refusal while checking in changes nothing and says why", async () => {
  clinic();
  const user = openPlace(receptionist, { page: "today" });
  await screen.findByRole("button", { name: "Check in Siti Nurhaliza" });
  desk.refuse("check_in", "conflict");
  await user.click(screen.getByRole("button", { name: "Check in Siti Nurhaliza" }));
  expect(await screen.findByText("Somebody changed this in the meantime")).toBeVisible();
});

test("names match by the beginnings of their words, in any script", () => {
  expect(beginsName("Siti Nurhaliza", "nur si")).toBe(true);
  expect(beginsName("José Álvarez", "alv")).toBe(true);
  expect(beginsName("Siti Nurhaliza", "liza")).toBe(false);
  expect(beginsName("王小明", "小明")).toBe(true);
  expect(beginsName("முத்துசாமி", "முத்")).toBe(true);
  expect(longEnough("s")).toBe(false);
  expect(longEnough("王")).toBe(true);
});
