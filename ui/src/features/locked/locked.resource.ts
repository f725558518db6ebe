import { commands } from "../../bindings.gen";
import { call } from "../../lib/call";

export type { DeskState, KeyringMode, StaffTile } from "../../bindings.gen";

/** By id from a tile, or by the name a person typed. */
export const unlock = (who: string, password: string) => call(commands.unlock(who, password));
export const recover = (words: string, staffId: string | null, newPassword: string) => call(commands.recover(words, staffId, newPassword));
export const deskState = () => call(commands.deskState());
export const deleteDemo = () => call(commands.deleteDemo());
