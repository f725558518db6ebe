import { AppShell, NavLink, Stack } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconAddressBook, IconCalendar, IconCalendarPlus, IconKeyboard, IconLock, IconMoon, IconSettings, IconSun, IconTrash, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useThemeToggle } from "../components/Appearance.component";
import { Loading } from "../components/States.component";
import { RecoveredOffer } from "../features/consultation/Recovered.component";
import classes from "./Frame.module.css";
import { Header } from "./Header.component";
import { IdleWarning } from "./IdleWarning.component";
import { KeysHelp, keys } from "./KeysHelp.component";
import { type Action, openPalette, Palette } from "./Palette.component";
import { KeepPlace, useSavedPlace } from "./place";
import { type Route, RouteProvider, useNavigation } from "./route";
import { useSession } from "./session";
import { lock, type Permission, type SessionView } from "./session.resource";
import { StateBar } from "./StateBar.component";
import { useActivity } from "./useActivity";
import { useDeleteDemo } from "./useDeleteDemo";
import { SidePanel, Workspace } from "./Workspace.component";

type Props = { onLeft: (reason: string) => Promise<void>; onDemoDeleted: () => void };

type Entry = { page: "today" | "diary" | "patients" | "manage"; route: Route; icon: ReactNode; any: Permission[] };
const entries: Entry[] = [
  { page: "today", route: { page: "today" }, icon: <IconUsers size={20} aria-hidden />, any: ["read_diary"] },
  { page: "diary", route: { page: "diary" }, icon: <IconCalendar size={20} aria-hidden />, any: ["read_diary"] },
  { page: "patients", route: { page: "patients" }, icon: <IconAddressBook size={20} aria-hidden />, any: ["read_demographics"] },
  { page: "manage", route: { page: "manage", section: "staff" }, icon: <IconSettings size={20} aria-hidden />, any: ["manage_staff", "read_audit", "manage_clinic"] },
];

/** Each role lands where its day begins. */
export function landing(session: SessionView): Route {
  const managesOnly = session.roles.every((role) => role === "manager");
  return managesOnly ? { page: "manage", section: "staff" } : { page: "today" };
}

/** Everything around the work of one person: where they go, what state they are in, what ends it. */
export function Frame({ onLeft, onDemoDeleted }: Props) {
  const session = useSession();
  const place = useSavedPlace(landing(session));
  if (!place) return <Loading />;
  return (
    <RouteProvider start={place.route} startPanel={place.panel}>
      <KeepPlace />
      <Shell onLeft={onLeft} onDemoDeleted={onDemoDeleted} />
    </RouteProvider>
  );
}

function Shell({ onLeft, onDemoDeleted }: Props) {
  const { t } = useTranslation();
  const session = useSession();
  const { route, go, open } = useNavigation();
  const theme = useThemeToggle();
  const deleteDemo = useDeleteDemo(onDemoDeleted);
  const [menuOpen, menu] = useDisclosure();
  const [helpOpen, help] = useDisclosure();
  const [warned, setWarned] = useState(false);
  useActivity(!warned);

  const may = (any: Permission[]) => any.some((permission) => session.permissions.includes(permission));
  const allowed = entries.filter((entry) => may(entry.any));
  // A patient is reached from Patients, a consultation from Today.
  const here = route.page === "patient" ? "patients" : route.page === "consultation" ? "today" : route.page;

  const actions = useMemo(() => {
    const lockNow = () => void lock().catch(() => undefined).then(() => onLeft("user"));
    const register: Action = { id: "register", label: t("keys.register"), keys: keys.register, icon: <IconUserPlus size={20} aria-hidden />, run: () => open({ form: "register", name: "" }) };
    const book: Action = { id: "book", label: t("keys.book"), keys: keys.book, icon: <IconCalendarPlus size={20} aria-hidden />, run: () => open({ form: "book" }) };
    const locking: Action = { id: "lock", label: t("keys.lock"), keys: keys.lock, icon: <IconLock size={20} aria-hidden />, run: lockNow };
    return { register: may(["write_demographics"]) ? register : null, book: may(["write_diary"]) ? book : null, lock: locking };
    // What a person may does not change within a session.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [t, open, onLeft]);

  const listed: Action[] = [
    ...allowed.map((entry) => ({ id: entry.page, label: t(`nav.goTo`, { where: t(`nav.${entry.page}`) }), icon: entry.icon, run: () => go(entry.route) })),
    ...[actions.register, actions.book].filter((action) => action !== null),
    { id: "theme", label: t(`theme.${theme.next}`), icon: theme.next === "dark" ? <IconMoon size={20} aria-hidden /> : <IconSun size={20} aria-hidden />, run: theme.toggle },
    { id: "help", label: t("keys.title"), keys: keys.help, icon: <IconKeyboard size={20} aria-hidden />, run: help.open },
    ...(deleteDemo ? [{ id: "deleteDemo", label: t("demo.delete"), icon: <IconTrash size={20} aria-hidden />, run: deleteDemo }] : []),
    actions.lock,
  ];

  // From anywhere, also while typing; only "?" is a character of its own.
  useHotkeys([["mod+K", openPalette], ["mod+L", actions.lock.run], ["mod+N", () => actions.register?.run()], ["mod+B", () => actions.book?.run()]], [], true);
  useHotkeys([["shift+?", help.open], ["?", help.open]]);

  return (
    <AppShell header={{ height: 56 }} footer={{ height: 32 }} navbar={{ width: 176, breakpoint: "sm", collapsed: { mobile: !menuOpen } }} padding="md" transitionDuration={0}>
      <a href="#work" className={classes.skip} onClick={(event) => (event.preventDefault(), document.getElementById("work")?.focus())}>
        {t("frame.skip")}
      </a>
      <AppShell.Header>
        <Header menuOpen={menuOpen} onMenu={menu.toggle} onLock={actions.lock.run} onHelp={help.open} onDeleteDemo={deleteDemo} />
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t("frame.places")}>
        <Stack gap={4}>
          {allowed.map((entry) => (
            <NavLink
              key={entry.page}
              component="button"
              className={classes.nav ?? ""}
              label={t(`nav.${entry.page}`)}
              leftSection={entry.icon}
              active={here === entry.page}
              aria-current={here === entry.page ? "page" : undefined}
              onClick={() => (go(entry.route), menu.close())}
            />
          ))}
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main id="work" tabIndex={-1} style={{ outline: "none" }}>
        <RecoveredOffer />
        <Workspace />
      </AppShell.Main>
      <AppShell.Footer>
        <StateBar />
      </AppShell.Footer>
      <SidePanel />
      <Palette actions={listed} />
      <KeysHelp opened={helpOpen} onClose={help.close} />
      <IdleWarning onChange={setWarned} />
    </AppShell>
  );
}
