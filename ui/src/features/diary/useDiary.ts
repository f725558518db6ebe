import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { onDataChanged } from "../../app/session.resource";
import { addDays, dayOf, today } from "./times";
import { appointments, type AppointmentView, practitioners } from "./diary.resource";

const LOOKED_THROUGH_DAYS = 366;

/** Who sees patients, by name. */
export const usePractitioners = () => useQuery({ queryKey: ["Practitioner", "seeing"], queryFn: practitioners });

/** The diary of some days from a first one. */
export const useAppointments = (from: string, days = 1) =>
  useQuery({ queryKey: ["Appointment", from, days], queryFn: () => appointments(from, addDays(from, days)), placeholderData: (before) => before });

/** One appointment. It is asked for by its day; after a restart of the window that is unknown, and the coming and the past year are looked through. */
export function useAppointment(id: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: ["Appointment", "one", id],
    queryFn: async () => {
      const seen = client.getQueriesData<unknown>({ queryKey: ["Appointment"] }).flatMap(([, data]) => (Array.isArray(data) ? (data as AppointmentView[]) : []));
      const day = seen.find((one) => one.id === id)?.start.slice(0, 10);
      const [from, to] = day ? [day, addDays(day, 1)] : [addDays(today(), -LOOKED_THROUGH_DAYS), addDays(today(), LOOKED_THROUGH_DAYS)];
      return (await appointments(from, to)).find((one) => one.id === id) ?? null;
    },
  });
}

/**
 * The diary shows stages of visits, the queue times of bookings, both show names: each is fetched again when records of the others change.
 * What changes under its own record type is fetched again by the app.
 */
export function useSharedRefresh(): void {
  const client = useQueryClient();
  useEffect(() => {
    const listening = onDataChanged((types) => {
      if (!types.some((type) => type === "Appointment" || type === "Encounter" || type === "Patient")) return;
      for (const key of ["Appointment", "Encounter"]) if (!types.includes(key)) void client.invalidateQueries({ queryKey: [key] });
    });
    return () => void listening.then((stop) => stop());
  }, [client]);
}

export const isOn = (day: string) => (appointment: AppointmentView) => dayOf(appointment.start) === day;
