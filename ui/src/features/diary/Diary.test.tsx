import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { aisyah, booking, doctor, kumar, openPlace, receptionist } from "../../testing/clinic";
import { fakeDesk } from "../../testing/diaryDesk";
import { brokenRules } from "../../testing/render";

const day = "2026-11-24";
const siti = booking("a1", "Siti Nurhaliza", `${day}T10:00`, `${day}T10:15`, { reason: "Cough" });
const raju = booking("a2", "முத்துசாமி ராஜு", `${day}T10:00`, `${day}T10:30`, { practitionerId: kumar.id });

let desk: ReturnType<typeof fakeDesk>;
beforeEach(() => void vi.setSystemTime(new Date(`${day}T09:20:00`)));
afterEach(() => void vi.useRealTimers());

function clinic(start: Partial<Parameters<typeof fakeDesk>[0]> = {}) {
  desk = fakeDesk({ practitioners: [aisyah, kumar], appointments: [siti, raju], ...start });
}
const column = (name: RegExp) => screen.findByRole("group", { name });
const drag = (what: HTMLElement, where: HTMLElement, minute: number) => {
  // 13 hours of 2 px a minute; jsdom has no layout of its own.
  vi.spyOn(where, "getBoundingClientRect").mockReturnValue({ top: 0, height: 1560 } as DOMRect);
  const dataTransfer = { setData: vi.fn(), effectAllowed: "" };
  fireEvent.dragStart(what, { dataTransfer, clientY: 0 });
  fireEvent.dragOver(where, { dataTransfer });
  const event = new MouseEvent("drop", { bubbles: true, cancelable: true, clientY: (minute - 420) * 2 });
  fireEvent(where, event);
};

test("a day shows everybody's column, states in words, and walks by key", async () => {
  clinic();
  const user = openPlace(receptionist, { page: "diary" });
  const mine = within(await column(/^Dr Aisyah/));
  expect(mine.getByRole("button", { name: "10:00 Siti Nurhaliza Booked Cough until 10:15" })).toBeVisible();
  expect(within(await column(/^Dr Kumar/)).getByText("முத்துசாமி ராஜு").tagName).toBe("BDI");
  expect(screen.getByText(/^Tuesday,? 24 November 2026$/)).toBeVisible();
  expect(await brokenRules()).toEqual([]);

  await user.keyboard("{Alt>}{ArrowRight}{/Alt}");
  expect(await screen.findByText(/^Wednesday,? 25 November 2026$/)).toBeVisible();
  expect(await screen.findByText(/^No appointments here\. Choose a free time/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Previous day" }));
  await user.click(screen.getByRole("button", { name: "Previous day" }));
  expect(await screen.findByText(/^Monday,? 23 November 2026$/)).toBeVisible();
  await user.keyboard("{Alt>}{Home}{/Alt}");
  expect(await screen.findByText(/^Tuesday,? 24 November 2026$/)).toBeVisible();
});

test("a free slot is found by arrow keys and booked by Enter", async () => {
  clinic();
  const user = openPlace(receptionist, { page: "diary" });
  const slot = within(await column(/^Dr Aisyah/)).getByRole("button", { name: "Book 09:00, Dr Aisyah" });
  expect(slot).toHaveAttribute("tabindex", "0");
  slot.focus();
  await user.keyboard("{ArrowDown}{ArrowRight}");
  expect(screen.getByRole("button", { name: "Book 09:30, Dr Kumar" })).toHaveFocus();
  await user.keyboard("{Enter}");
  const form = within(await screen.findByRole("dialog", { name: "Book an appointment" }));
  expect(await form.findByRole("combobox", { name: "Practitioner" })).toHaveValue("Dr Kumar");
  expect(form.getByRole("textbox", { name: "Time" })).toHaveValue("09:30");
  expect(form.getByRole("textbox", { name: "Date" })).toHaveValue("24 Nov 2026");
});

test("a week shows one practitioner, and another when asked", async () => {
  clinic({ appointments: [siti, raju, booking("a3", "Lim Wei", "2026-11-27T08:00", "2026-11-27T08:20")] });
  const user = openPlace(doctor, { page: "diary" });
  await column(/^Dr Aisyah/);
  await user.click(screen.getByRole("radio", { name: "Week" }));
  const practitioner = await screen.findByRole("combobox", { name: "Practitioner" });
  expect(practitioner).toHaveValue("Dr Aisyah");
  expect(within(await column(/^Fri/)).getByText("Lim Wei")).toBeVisible();
  expect(within(await column(/^Tue/)).getByText("Siti Nurhaliza")).toBeVisible();
  expect(screen.queryByText("முத்துசாமி ராஜு")).not.toBeInTheDocument();
  expect(await brokenRules()).toEqual([]);
  await user.click(practitioner);
  await user.click(await screen.findByRole("option", { name: "Dr Kumar" }));
  expect(within(await column(/^Tue/)).getByText("முத்துசாமி ராஜு")).toBeVisible();
  await user.click(screen.getByLabelText("Next week"));
  expect(desk.asked("appointments")).toContainEqual({ from: "2026-11-30", to: "2026-12-07" });
});

test("an appointment is dragged to a free time and put back", async () => {
  clinic();
  const user = openPlace(receptionist, { page: "diary" });
  const there = await column(/^Dr Kumar/);
  drag(await screen.findByRole("button", { name: /Siti Nurhaliza/ }), there, 11 * 60 + 20);
  await waitFor(() => expect(within(there).getByRole("button", { name: /^11:15 Siti Nurhaliza .*until 11:30$/ })).toBeVisible());
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(async () => expect(within(await column(/^Dr Aisyah/)).getByRole("button", { name: /^10:00 Siti Nurhaliza/ })).toBeVisible());
  expect(desk.asked("move_appointment")).toEqual([
    { id: "a1", practitionerId: "s2", start: `${day}T11:15`, end: `${day}T11:30`, allowOverlap: false },
    { id: "a1", practitionerId: "s1", start: `${day}T10:00`, end: `${day}T10:15`, allowOverlap: true },
  ]);
});

test("a drag onto a taken time asks first, then both say that they overlap", async () => {
  clinic();
  const user = openPlace(receptionist, { page: "diary" });
  const there = await column(/^Dr Kumar/);
  drag(await screen.findByRole("button", { name: /Siti Nurhaliza/ }), there, 10 * 60);
  const question = within(await screen.findByRole("dialog", { name: "This time is taken" }));
  await user.click(question.getByRole("button", { name: "Move anyway" }));
  await waitFor(() => expect(within(there).getAllByText("Overlaps")).toHaveLength(2));
  expect(within(there).getByRole("button", { name: /Siti Nurhaliza Booked Overlaps/ })).toBeVisible();
});

test("an appointment is cancelled with a reason, taken back, cancelled again and restored", async () => {
  clinic();
  const user = openPlace(receptionist, { page: "diary" });
  const cancel = async (reason: string) => {
    await user.click(await screen.findByRole("button", { name: /^10:00 Siti Nurhaliza/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Cancel the appointment" }));
    const form = within(await screen.findByRole("dialog", { name: "Cancel the appointment of Siti Nurhaliza?" }));
    await user.click(form.getByRole("button", { name: "Cancel the appointment" }));
    expect(await form.findByText("Please fill this in.")).toBeVisible();
    await user.type(form.getByRole("textbox", { name: "Why" }), reason);
    expect(await brokenRules()).toEqual([]);
    await user.click(form.getByRole("button", { name: "Cancel the appointment" }));
    expect(await screen.findByRole("heading", { name: "1 cancelled" })).toBeVisible();
  };
  await cancel("Rang to say no");
  expect(desk.asked("cancel_appointment")).toEqual([{ id: "a1", reason: "Rang to say no" }]);
  expect(screen.queryByRole("button", { name: /^10:00 Siti Nurhaliza/ })).not.toBeInTheDocument();
  await user.keyboard("{Control>}z{/Control}");
  expect(await screen.findByRole("button", { name: /^10:00 Siti Nurhaliza/ })).toBeVisible();
  await cancel("Once more");
  await user.click(screen.getByRole("button", { name: "Restore Siti Nurhaliza" }));
  expect(await screen.findByRole("button", { name: /^10:00 Siti Nurhaliza Booked/ })).toBeVisible();
});

test("bookings with somebody who left stay in sight", async () => {
  clinic({ appointments: [{ ...siti, practitionerId: "" }] });
  openPlace(receptionist, { page: "diary" });
  expect(within(await column(/^Others/)).getByText("Siti Nurhaliza")).toBeVisible();
});

test("who may only look gets no slots and no changes", async () => {
  clinic();
  const user = openPlace({ ...receptionist, permissions: ["read_diary"] }, { page: "diary" });
  await user.click(await screen.findByRole("button", { name: /Siti Nurhaliza/ }));
  expect(screen.queryByRole("button", { name: /^Book/ })).not.toBeInTheDocument();
  expect(screen.queryByRole("menuitem")).not.toBeInTheDocument();
});

test("a clinic without doctors is told how to begin; a fault is tried again", async () => {
  clinic({ practitioners: [], appointments: [] });
  desk.refuse("practitioners", "disk");
  const user = openPlace(receptionist, { page: "diary" });
  expect(await screen.findByRole("alert")).toHaveTextContent("The disk refused");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "Nobody sees patients here yet" })).toBeVisible();
});
