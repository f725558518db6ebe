import { useEffect, useState } from "react";

const MINUTE_MS = 60_000;

/** The time, told again at the start of every minute. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      timer = setTimeout(() => {
        setNow(new Date());
        wait();
      }, MINUTE_MS - (Date.now() % MINUTE_MS));
    };
    wait();
    return () => clearTimeout(timer);
  }, []);
  return now;
}
