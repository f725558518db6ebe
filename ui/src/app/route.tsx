import { createContext, type ReactNode, useContext, useMemo, useState } from "react";

/** Where the person is. Kept in memory only: a locked or closed desk remembers no patient. */
export type Route =
  | { page: "today" }
  | { page: "diary" }
  | { page: "patients" }
  | { page: "patient"; patientId: string }
  | { page: "consultation"; encounterId: string }
  | { page: "manage"; section: "staff" | "audit" | "security" | "clinic" };

/** A form in the side panel; Esc closes it and keeps what was typed. */
export type Panel =
  | { form: "register"; name: string }
  | { form: "editPatient"; patientId: string }
  | { form: "book"; patientId?: string; practitionerId?: string; start?: string }
  | { form: "move"; appointmentId: string }
  | { form: "addStaff" };

type Navigation = { route: Route; go: (route: Route) => void; panel: Panel | null; open: (panel: Panel) => void; close: () => void };

const Context = createContext<Navigation | null>(null);

export function RouteProvider({ start, startPanel = null, children }: { start: Route; startPanel?: Panel | null; children: ReactNode }) {
  const [route, go] = useState<Route>(start);
  const [panel, setPanel] = useState<Panel | null>(startPanel);
  const navigation = useMemo(() => ({ route, go, panel, open: setPanel, close: () => setPanel(null) }), [route, panel]);
  return <Context.Provider value={navigation}>{children}</Context.Provider>;
}

export function useNavigation(): Navigation {
  const navigation = useContext(Context);
  if (!navigation) throw new Error("outside of the frame");
  return navigation;
}
