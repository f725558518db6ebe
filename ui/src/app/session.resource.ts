import { commands, events } from "../bindings.gen";
import { call } from "../lib/call";
import { saveOpenForms } from "../lib/beforeLock";

export type { DeskState, PermissionCode as Permission, SessionEvent, SessionView, StatusView } from "../bindings.gen";

export const deskState = () => call(commands.deskState());
export const session = () => call(commands.session());
export const status = () => call(commands.status());
export const touch = () => call(commands.touch());
export const stepUp = (password: string) => call(commands.stepUp(password));
export const setLanguage = (language: string) => call(commands.setLanguage(language));
export const deleteDemo = () => call(commands.deleteDemo());

/** Saves open forms, then locks. */
export async function lock(): Promise<void> {
  await saveOpenForms();
  await call(commands.lock());
}

export const onSession = (listener: (event: import("../bindings.gen").SessionEvent) => void) =>
  events.sessionEvent.listen((event) => listener(event.payload));
/** Tells which record types changed, so that what shows them is fetched again. */
export const onDataChanged = (listener: (recordTypes: string[]) => void) =>
  events.dataChanged.listen((event) => listener(event.payload.recordTypes));
/** Tells that a recording began, ended, or lost or found its microphone; levels and words are the consultation's. */
export const onRecording = (listener: () => void) =>
  events.recorderEvent.listen(({ payload }) => {
    if (payload.kind !== "level" && payload.kind !== "turn" && payload.kind !== "gap" && payload.kind !== "hint") listener();
  });
