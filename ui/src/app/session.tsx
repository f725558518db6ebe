import { createContext, type ReactNode, useContext } from "react";

import type { Permission, SessionView } from "./session.resource";

const Context = createContext<SessionView | null>(null);

export function SessionProvider({ session, children }: { session: SessionView; children: ReactNode }) {
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

/** The person at the desk. */
export function useSession(): SessionView {
  const session = useContext(Context);
  if (!session) throw new Error("outside of a session");
  return session;
}

/** Whether this person may; what they may not is not shown. */
export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}
