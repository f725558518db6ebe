import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { saveOpenForms } from "../../lib/beforeLock";
import { aisyah, booking, hit, kumar, openPlace, receptionist } from "../../testing/clinic";
import { fakeDesk } from "../../testing/diaryDesk";
import { brokenRules } from "../../testing/render";

vi.mock("../patients/Register.form", () => ({ RegisterForm: ({ name }: { name: string }) => <p>Registering {name}</p>, EditPatientForm: () => null }));

const day = "2026-11-24";
const siti = booking("a1", "Siti Nurhaliza", `${day}T10:00`, `${day}T10:15`);
const lim = hit("p5", "Lim Wei");
const slot = { practitionerId: aisyah.id, start: `${day}T10:00` };

let desk: ReturnType<typeof fakeDesk>;
beforeEach(() => {
  vi.setSystemTime(new Date(`${day}T09:20:00`));
  desk = fakeDesk({ practitioners: [aisyah, kumar], appointments: [siti], patients: [lim] });
});
afterEach(() => void vi.useRealTimers());

const form = async (name = "Book an appointment") => within(await screen.findByRole("dialog", { name }));

test("a patient is found by typing and booked by key; undo cancels it", async () => {
  const user = openPlace(receptionist, { page: "today" }, { form: "book" });
  const book = await form();
  await user.click(book.getByRole("button", { name: "Book" }));
  expect(await book.findByText("Give a time, for example 9:30.")).toBeVisible();
  expect(await brokenRules()).toEqual([]);
  await user.type(book.getByRole("combobox", { name: "Patient" }), "lim");
  await user.click(await screen.findByRole("option", { name: /^Lim Wei/ }));
  await user.click(book.getByRole("combobox", { name: "Practitioner" }));
  await user.click(await screen.findByRole("option", { name: "Dr Kumar" }));
  await user.type(book.getByRole("textbox", { name: "Time" }), "1430");
  await user.click(book.getByRole("combobox", { name: "Duration" }));
  await user.click(await screen.findByRole("option", { name: "45 min" }));
  await user.type(book.getByRole("textbox", { name: "Reason" }), "Review{Control>}{Enter}{/Control}");
  await waitFor(() => expect(desk.asked("book")).toEqual([{ request: { patientId: "p5", practitionerId: "s2", start: `${day}T14:30`, end: `${day}T15:15`, reason: "Review", allowOverlap: false } }]));
  expect(await screen.findByText("14:30")).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(desk.asked("cancel_appointment")).toEqual([{ id: "a2", reason: "Booked by mistake" }]));
});

test("a taken time is said, and booked only knowingly", async () => {
  const user = openPlace(receptionist, { page: "today" }, { form: "book", patientId: "p5", ...slot });
  const book = await form();
  await waitFor(() => expect(book.getByRole("combobox", { name: "Patient" })).toHaveValue("Lim Wei"));
  await user.click(book.getByRole("button", { name: "Book" }));
  expect(await book.findByRole("alert")).toHaveTextContent("This time is taken");
  expect(await brokenRules()).toEqual([]);

  // The offer was for that time only.
  await user.type(book.getByRole("textbox", { name: "Time" }), "{Backspace}5");
  expect(book.queryByRole("button", { name: "Book anyway" })).not.toBeInTheDocument();
  await user.click(book.getByRole("button", { name: "Book" }));
  await user.click(await book.findByRole("button", { name: "Book anyway" }));
  await waitFor(() => expect(desk.asked("book")).toHaveLength(3));
  expect(desk.asked("book")[2]).toEqual({ request: { patientId: "p5", practitionerId: "s1", start: `${day}T10:05`, end: `${day}T10:20`, reason: "", allowOverlap: true } });
  await waitFor(() => expect(screen.getAllByText("Overlaps").length).toBeGreaterThan(0));
});

test("a half-written booking survives a lock, and leaves nothing behind once booked", async () => {
  desk.drafts.set(`book:p5:${slot.practitionerId}:${slot.start}`, JSON.stringify({ patient: { id: "p5", displayName: "Lim Wei" }, practitionerId: "s1", day, time: "11:00", minutes: "30", reason: "Wound" }));
  const user = openPlace(receptionist, { page: "today" }, { form: "book", patientId: "p5", ...slot });
  const book = await form();
  expect(await book.findByText("What you typed before is back.")).toBeVisible();
  await user.type(book.getByRole("textbox", { name: "Reason" }), " check");
  await saveOpenForms();
  expect([...desk.drafts.values()].join()).toContain("Wound check");
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(desk.asked("book")[0]).toMatchObject({ request: { start: `${day}T11:00`, end: `${day}T11:30`, reason: "Wound check" } }));
  await waitFor(() => expect(desk.drafts.size).toBe(0));
});

test("a name nobody has can be registered from here", async () => {
  const user = openPlace(receptionist, { page: "today" }, { form: "book" });
  const book = await form();
  await user.type(book.getByRole("combobox", { name: "Patient" }), "Zainab");
  await user.click(await book.findByRole("button", { name: "Register Zainab" }));
  expect(await screen.findByText("Registering Zainab")).toBeVisible();
});

test("an appointment is moved by form, over a taken time only knowingly, and back", async () => {
  const other = booking("a2", "Lim Wei", `${day}T11:00`, `${day}T11:25`);
  desk = fakeDesk({ practitioners: [aisyah, kumar], appointments: [siti, other] });
  const user = openPlace(receptionist, { page: "diary" });
  await user.click(await screen.findByRole("button", { name: /^11:00 Lim Wei/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Move" }));
  const move = await form("Move the appointment");
  const time = await move.findByRole("textbox", { name: "Time" });
  expect(move.getByRole("combobox", { name: "Duration" })).toHaveValue("25 min");
  expect(await brokenRules()).toEqual([]);
  await user.clear(time);
  await user.type(time, "10:10{Enter}");
  await user.click(await move.findByRole("button", { name: "Move anyway" }));
  expect(await screen.findByRole("button", { name: /^10:10 Lim Wei Booked Overlaps until 10:35$/ })).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("button", { name: /^11:00 Lim Wei Booked until 11:25$/ })).toBeVisible();
});

test("after a restart the appointment is found although no screen shows it", async () => {
  desk = fakeDesk({ practitioners: [aisyah], appointments: [{ ...siti, start: "2026-12-03T10:00", end: "2026-12-03T10:15" }] });
  openPlace(receptionist, { page: "today" }, { form: "move", appointmentId: "a1" });
  expect(await (await form("Move the appointment")).findByText("Siti Nurhaliza")).toBeVisible();
});

test("an appointment that has begun says that it cannot move", async () => {
  desk = fakeDesk({ practitioners: [aisyah], appointments: [{ ...siti, status: "arrived", stage: "arrived" }] });
  openPlace(receptionist, { page: "diary" }, { form: "move", appointmentId: "a1" });
  expect(await screen.findByRole("heading", { name: "This appointment can no longer be moved" })).toBeVisible();
});
