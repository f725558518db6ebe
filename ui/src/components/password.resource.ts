import { commands } from "../bindings.gen";
import { call } from "../lib/call";

export type { PasswordStrength } from "../bindings.gen";

export const passwordStrength = (password: string, names: string[]) => call(commands.passwordStrength(password, names));
