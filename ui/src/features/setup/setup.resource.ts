import { commands, type RecoveryKitView as RecoveryKit, type SetUpRequest } from "../../bindings.gen";
import { call } from "../../lib/call";

export type { DeskState, RecoveryKitView as RecoveryKit } from "../../bindings.gen";

export const setUp = (request: SetUpRequest) => call(commands.setUp(request));
export const startDemo = () => call(commands.startDemo());
export const saveRecoveryKit = (kit: RecoveryKit) => call(commands.saveRecoveryKit(kit));
