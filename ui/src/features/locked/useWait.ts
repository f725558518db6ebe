import { useCallback, useEffect, useState } from "react";

/** Counts down after wrong tries. The desk refuses by itself; this only says how long. */
export function useWait(initial: number): { seconds: number; wait: (seconds: number) => void } {
  const [until, setUntil] = useState(() => Date.now() + initial * 1000);
  const [now, setNow] = useState(Date.now);
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setTimeout(() => setNow(Date.now()), 250);
    return () => clearTimeout(timer);
  }, [now, seconds]);
  const wait = useCallback((more: number) => {
    setNow(Date.now());
    setUntil(Date.now() + more * 1000);
  }, []);
  return { seconds, wait };
}
