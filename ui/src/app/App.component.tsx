import { Center, Container } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications, notifications } from "@mantine/notifications";
import { spotlight } from "@mantine/spotlight";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import { ErrorState, Loading } from "../components/States.component";
import { Damaged } from "../features/locked/Damaged.component";
import { Locked } from "../features/locked/Locked.component";
import { SetUp } from "../features/setup/SetUp.component";
import i18n from "../i18n";
import { Frame } from "./Frame.component";
import { SessionProvider } from "./session";
import { deskState, type DeskState, onDataChanged, onSession, session, type SessionView } from "./session.resource";

type Desk = { state: DeskState; session: SessionView | null };

/** Which face the desk shows: set-up, locked, damaged, or the frame for the person who unlocked it. */
export function App() {
  const client = useQueryClient();
  const [desk, setDesk] = useState<Desk | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [lockedBy, setLockedBy] = useState<string | null>(null);
  const inSession = useRef(false);

  const look = useCallback(async () => {
    try {
      const state = await deskState();
      const person = state.phase === "unlocked" ? await session() : null;
      if (person) await i18n.changeLanguage(person.language);
      inSession.current = person !== null;
      setFault(null);
      setDesk({ state, session: person });
    } catch (thrown) {
      setFault(thrown);
    }
  }, []);

  // The session and everything that was fetched or shown in it goes at once; the desk is asked afterwards.
  const left = useCallback(
    async (reason: string) => {
      // Before the first session there is only set-up: its recovery kit is shown once and must outlast a lock.
      if (!inSession.current) return;
      inSession.current = false;
      setLockedBy(reason);
      setDesk((now) => now && { state: { ...now.state, phase: "locked" }, session: null });
      notifications.clean();
      notifications.cleanQueue();
      spotlight.close();
      await client.cancelQueries();
      client.clear();
      await look();
    },
    [client, look],
  );

  useEffect(() => {
    void look();
    const session = onSession((event) => {
      if (event.kind === "locked") void left(event.reason);
    });
    const data = onDataChanged((recordTypes) => {
      for (const type of recordTypes) void client.invalidateQueries({ queryKey: [type] });
    });
    return () => {
      void session.then((stop) => stop());
      void data.then((stop) => stop());
    };
  }, [client, left, look]);

  if (fault)
    return (
      <Container size="sm" py="xl">
        <ErrorState error={fault} onRetry={() => void look()} />
      </Container>
    );
  if (!desk)
    return (
      <Center mih="100vh">
        <Loading />
      </Center>
    );
  if (desk.state.phase === "new") return <SetUp state={desk.state} onDone={look} />;
  if (desk.state.phase === "damaged") return <Damaged state={desk.state} onRetry={look} />;
  if (!desk.session) return <Locked state={desk.state} lockedBy={lockedBy} onUnlocked={look} />;
  return (
    <SessionProvider session={desk.session}>
      {/* Inside of the session: what a dialog or a notification shows goes with it. */}
      <ModalsProvider>
        <Notifications position="bottom-right" limit={4} />
        <Frame key={desk.session.staffId} onLeft={left} onDemoDeleted={look} />
      </ModalsProvider>
    </SessionProvider>
  );
}
