import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { RouteProvider, useNavigation } from "../../app/route";
import { SessionProvider } from "../../app/session";
import { fakeDesk } from "../../testing/desk";
import { brokenRules, renderInApp } from "../../testing/render";
import { doctorMay, receptionistMay, sessionWith } from "../patients/fixtures";
import type { RecordingView } from "./consultation.resource";
import { RecoveredOffer } from "./Recovered.component";

vi.mock("@tauri-apps/api/core");
vi.mock("@tauri-apps/api/event");

const found = (id: string, patientName: string): RecordingView => ({ id, encounterId: `visit-${id}`, patientName, startedAt: "2026-11-24T02:40:00Z", seconds: 252, state: "interrupted" });
let desk: ReturnType<typeof fakeDesk>;

beforeEach(() => {
  desk = fakeDesk({ recovered_recordings: () => [found("r1", "Siti Nurhaliza"), found("r2", "Lim Wei")] });
});

function Here() {
  return <p>{JSON.stringify(useNavigation().route)}</p>;
}

const show = (permissions = doctorMay) =>
  renderInApp(
    <SessionProvider session={sessionWith(permissions)}>
      <RouteProvider start={{ page: "today" }}>
        <RecoveredOffer />
        <Here />
      </RouteProvider>
    </SessionProvider>,
  );

test("a recording that ended without a stop is offered, and recovering it opens its visit", async () => {
  show();
  const offer = within(await screen.findByRole("region", { name: "Recordings that ended without a stop" }));
  expect(offer.getAllByText(/4:12 long/)).toHaveLength(2);
  expect(await brokenRules()).toEqual([]);
  await userEvent.click(offer.getByRole("button", { name: "Recover the recording of Siti Nurhaliza" }));
  expect(desk.asked("recover_recording")).toEqual([{ id: "r1" }]);
  expect(await screen.findByText('{"page":"consultation","encounterId":"visit-r1"}')).toBeVisible();
  expect(offer.queryByText("Siti Nurhaliza")).not.toBeInTheDocument();
});

test("discarding asks by name, since it cannot be undone", async () => {
  show();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Discard the recording of Lim Wei" }));
  const question = within(await screen.findByRole("dialog", { name: "Discard the recording of Lim Wei?" }));
  expect(desk.asked("discard_recording")).toEqual([]);
  await user.click(question.getByRole("button", { name: "Discard the recording" }));
  expect(desk.asked("discard_recording")).toEqual([{ id: "r2" }]);
  await waitFor(() => expect(screen.queryByText("Lim Wei")).not.toBeInTheDocument());
});

test("a receptionist is not even told that there are any", () => {
  show(receptionistMay);
  expect(desk.asked("recovered_recordings")).toEqual([]);
});
