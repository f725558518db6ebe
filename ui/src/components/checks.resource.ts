import { commands } from "../bindings.gen";
import { call } from "../lib/call";

export type { DeskCheck } from "../bindings.gen";

export const deskChecks = () => call(commands.deskChecks());
