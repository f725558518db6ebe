import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useSession } from "../../app/session";
import { onDataChanged } from "../../app/session.resource";
import { chart } from "./chart.resource";

/** What a chart is made of: a change of any of them, here or on another desk, fetches it again. */
const SHOWN = new Set(["Patient", "AllergyIntolerance", "Condition", "MedicationRequest", "Observation", "Immunization", "Encounter", "Composition", "Addendum", "Appointment"]);

/** One patient's chart, kept as the desk has it. */
export function useChart(patientId: string, enabled = true) {
  const client = useQueryClient();
  useEffect(() => {
    const listening = onDataChanged((recordTypes) => {
      if (recordTypes.some((type) => SHOWN.has(type))) void client.invalidateQueries({ queryKey: ["Chart", patientId] });
    });
    return () => void listening.then((stop) => stop());
  }, [client, patientId]);
  // Each reading stands in the audit trail: only what changed is a reason for another, never that the window was looked at again.
  return useQuery({ queryKey: ["Chart", patientId], queryFn: () => chart(patientId), enabled, refetchOnWindowFocus: false });
}

/** To call after writing into a chart: nobody looks at what was before. */
export function useChartChanged(patientId: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["Chart", patientId] });
}

/** Prescribing is a permission of its own on the desk: nurses write in the chart but add no medicine. */
export function useMayPrescribe(): boolean {
  const permissions: readonly string[] = useSession().permissions;
  return permissions.includes("prescribe");
}
