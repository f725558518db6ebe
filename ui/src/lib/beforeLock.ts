/** What must be saved before the desk locks: open forms register here, the lock waits for them. */
const waiting = new Set<() => Promise<void>>();

export function beforeLock(save: () => Promise<void>): () => void {
  waiting.add(save);
  return () => waiting.delete(save);
}

/** Saves all open forms. A form that cannot be saved never holds the lock up. */
export async function saveOpenForms(): Promise<void> {
  await Promise.allSettled([...waiting].map((save) => save()));
}
