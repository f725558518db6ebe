import { Notifications, notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { configure } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useEffect } from "react";

import { type Panel, type Route, RouteProvider, useNavigation } from "../app/route";
import { SessionProvider } from "../app/session";
import { onDataChanged, type SessionView } from "../app/session.resource";
import { SidePanel, Workspace } from "../app/Workspace.component";
import type { AppointmentView, PatientHit, PractitionerView, QueueEntry } from "../bindings.gen";
import { renderInApp } from "./render";

// Whole screens are large to search by role, and the computer may be busy; a failing test still ends well before its own limit.
configure({ asyncUtilTimeout: 8000 });

/** People and bookings of a small clinic, to be changed as a test needs. */
export const aisyah: PractitionerView = { id: "s1", name: "Dr Aisyah", roles: ["doctor"] };
export const kumar: PractitionerView = { id: "s2", name: "Dr Kumar", roles: ["doctor"] };

export const receptionist: SessionView = {
  staffId: "s9", name: "Mei Ling", roles: ["receptionist"], permissions: ["read_demographics", "write_demographics", "read_diary", "write_diary", "check_in"],
  clinic: "Klinik Bangsar", demo: false, keyring: "os", idleLimitSeconds: 300, language: "en", formKeys: [],
};
export const doctor: SessionView = { ...receptionist, staffId: aisyah.id, name: aisyah.name, roles: ["doctor"], permissions: [...receptionist.permissions, "read_chart"] };

export function hit(id: string, displayName: string, fields: Partial<PatientHit> = {}): PatientHit {
  return { id, displayName, otherName: null, birthDate: "1979-03-11", ageText: "47 y", gender: "female", phone: null, identifier: null, ...fields };
}

export function booking(id: string, patientName: string, start: string, end: string, fields: Partial<AppointmentView> = {}): AppointmentView {
  return { id, patientId: `p-${id}`, patientName, practitionerId: aisyah.id, start, end, status: "booked", stage: null, encounterId: null, reason: "", walkIn: false, overlaps: false, ...fields };
}

export function entry(encounterId: string, patientName: string, fields: Partial<QueueEntry> = {}): QueueEntry {
  const arrivedAt = new Date(Date.now() - 12 * 60_000).toISOString();
  return { encounterId, appointmentId: null, patientId: `p-${encounterId}`, patientName, ageText: "47 y", practitionerId: aisyah.id, practitionerName: aisyah.name, stage: "arrived", since: arrivedAt, arrivedAt, appointmentStart: null, walkIn: true, ...fields };
}

/** Opens a place as the frame does: with its side panel, its corner for notices, and fetching again what changed. */
export function openPlace(session: SessionView, start: Route, startPanel: Panel | null = null) {
  notifications.clean();
  renderInApp(
    <SessionProvider session={session}>
      <Notifications transitionDuration={0} />
      <RouteProvider start={start} startPanel={startPanel}>
        <Refetch />
        <Workspace />
        <SidePanel />
        <Place />
      </RouteProvider>
    </SessionProvider>,
  );
  return userEvent.setup();
}

/** As the app does it. */
function Refetch() {
  const client = useQueryClient();
  useEffect(() => {
    const listening = onDataChanged((types) => types.forEach((type) => void client.invalidateQueries({ queryKey: [type] })));
    return () => void listening.then((stop) => stop());
  }, [client]);
  return null;
}

/** Where the person is, for tests that go somewhere. */
function Place() {
  const { route, panel } = useNavigation();
  return <output data-testid="place">{JSON.stringify({ route, panel })}</output>;
}
