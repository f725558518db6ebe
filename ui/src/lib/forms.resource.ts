import { commands } from "../bindings.gen";
import { call } from "./call";

export const saveForm = (key: string, content: string) => call(commands.saveForm(key, content));
export const loadForm = (key: string) => call(commands.loadForm(key));
export const dropForm = (key: string) => call(commands.dropForm(key));
