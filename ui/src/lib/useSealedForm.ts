import type { UseFormReturnType } from "@mantine/form";
import { useCallback, useEffect, useRef, useState } from "react";

import { beforeLock } from "./beforeLock";
import { dropForm, loadForm, saveForm } from "./forms.resource";

const SAVE_AFTER_MS = 300;

/**
 * Keeps what is typed as a sealed draft of this person: saved while typing, before a lock and when the form goes away; restored when it opens again.
 * `key` names the form and what it is about by id. Call `drop` once the form was taken.
 */
export function useSealedForm<Values>(key: string, form: UseFormReturnType<Values>): { restored: boolean; drop: () => Promise<void> } {
  const [restored, setRestored] = useState(false);
  const typed = JSON.stringify(form.values);
  const saved = useRef(typed);
  const current = useRef(typed);
  const dropped = useRef(false);
  const loaded = useRef(false);
  current.current = typed;

  const flush = useCallback(async () => {
    if (dropped.current || !loaded.current || current.current === saved.current) return;
    saved.current = current.current;
    await saveForm(key, current.current);
  }, [key]);

  useEffect(() => {
    let gone = false;
    dropped.current = false;
    void loadForm(key).then((content) => {
      if (gone) return;
      loaded.current = true;
      if (content === null) return;
      saved.current = content;
      form.setValues(JSON.parse(content) as Values);
      setRestored(true);
    });
    const forget = beforeLock(flush);
    return () => {
      gone = true;
      forget();
      void flush();
    };
    // The form object is new on every render; what it is about is the key.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [key, flush]);

  useEffect(() => {
    const timer = setTimeout(() => void flush(), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, flush]);

  const drop = useCallback(async () => {
    dropped.current = true;
    setRestored(false);
    await dropForm(key);
  }, [key]);

  return { restored, drop };
}
