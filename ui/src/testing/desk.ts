import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { act } from "@testing-library/react";
import { vi } from "vitest";

import type { AppError, DataChanged, RecorderEvent, SessionEvent } from "../bindings.gen";

type Answers = Record<string, (args: never) => unknown>;
type Events = { "recorder-event": RecorderEvent; "session-event": SessionEvent; "data-changed": DataChanged };

/**
 * A desk behind the one boundary of the window: what each command answers, what was asked, and events to send.
 * The test mocks `@tauri-apps/api/core` and `@tauri-apps/api/event`. A command without an answer gives null.
 */
export function fakeDesk(answers: Answers) {
  const asked: { command: string; args: unknown }[] = [];
  const listeners = new Map<string, Set<(event: { payload: unknown }) => void>>();
  vi.mocked(invoke).mockImplementation(async (command, args) => {
    asked.push({ command, args });
    // As the real boundary: what comes back shares nothing with the desk.
    return structuredClone(answers[command]?.((args ?? {}) as never) ?? null) as never;
  });
  vi.mocked(listen).mockImplementation(async (name, listener) => {
    const all = listeners.get(name) ?? new Set();
    listeners.set(name, all.add(listener as never));
    return () => void all.delete(listener as never);
  });
  return {
    answers,
    /** Arguments of each time this command was called. */
    asked: (command: string) => asked.filter((one) => one.command === command).map((one) => one.args),
    send: <Name extends keyof Events>(name: Name, payload: Events[Name]) => act(async () => listeners.get(name)?.forEach((listener) => listener({ payload }))),
  };
}

/** A refusal as the boundary throws it. */
export const refuse = (code: AppError["code"], reason: string | null = null) => {
  const error: AppError = { code, field: null, reason, waitSeconds: null };
  // The boundary rejects with plain data, not with an Error.
  // oxlint-disable-next-line no-throw-literal
  throw error;
};
