import type { AppError } from "../bindings.gen";

/** What a command gives: data, or the desk's refusal. */
export type Result<T, E> = { status: "ok"; data: T } | { status: "error"; error: E };

/** A refusal from the desk, thrown so that queries and mutations carry it. */
export class CallError extends Error {
  readonly error: AppError;

  constructor(error: AppError) {
    super(error.code);
    this.error = error;
  }
}

/** Data, or a thrown CallError. */
export async function call<T>(result: Promise<Result<T, AppError>>): Promise<T> {
  const settled = await result;
  if (settled.status === "error") throw new CallError(settled.error);
  return settled.data;
}

/** The refusal inside anything that was thrown. */
export function refusal(thrown: unknown): AppError {
  return thrown instanceof CallError ? thrown.error : { code: "internal", field: null, reason: null, waitSeconds: null };
}
