import { useState } from "react";

import { useNavigation } from "../../app/route";
import { tell } from "../../lib/tell";
import { startVisit } from "./patients.resource";

/** Takes the patient in and goes to the consultation; the visit is what opens the chart. */
export function useStartVisit(patientId: string): { start: () => void; busy: boolean } {
  const { go } = useNavigation();
  const [busy, setBusy] = useState(false);
  const start = () => {
    setBusy(true);
    startVisit(patientId, "")
      .then(({ id }) => go({ page: "consultation", encounterId: id }), tell)
      .finally(() => setBusy(false));
  };
  return { start, busy };
}
