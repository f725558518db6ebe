import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import { status, type StatusView } from "../../app/session.resource";
import { onRecorder, pauseRecording, type RecordingStatus, resumeRecording, startRecording, stopRecording } from "./consultation.resource";

export type Phase = "idle" | RecordingStatus["state"];
type Hint = "no_speech" | "clipping" | "model_missing";
/** What is said aloud, once each time it becomes true. */
type Said = "started" | "paused" | "resumed" | "stopped" | "deviceBack" | null;

const HINT_MS = 10000;

/** The recorder as it is for this visit. The desk's status is the truth; a lock or another screen changes nothing about it. */
export function useRecorder(encounterId: string) {
  const client = useQueryClient();
  const { data, dataUpdatedAt } = useQuery({ queryKey: ["status"], queryFn: status });
  // Pressed, but no sound has arrived: nobody may be told that it records.
  const [waiting, setWaiting] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const [hint, setHint] = useState<Hint | null>(null);
  const [diskFull, setDiskFull] = useState(false);
  const [said, setSaid] = useState<Said>(null);

  const running = data?.recording ?? null;
  const ours = running?.encounterId === encounterId ? running : null;
  const phase: Phase = waiting ? "starting" : (ours?.state ?? "idle");

  // Trouble with a microphone names no visit: it is this one's only while this one records.
  const mine = useRef(false);
  mine.current = waiting || ours !== null;

  const turnTo = useCallback(
    (state: RecordingStatus["state"] | null) =>
      client.setQueryData<StatusView>(["status"], (now) => {
        if (!now || (now.recording && now.recording.encounterId !== encounterId)) return now;
        if (state === null) return { ...now, recording: null };
        const before = now.recording ?? { encounterId, state: "starting" as const, seconds: 0 };
        const at = Date.now();
        const since = (at - (client.getQueryState(["status"])?.dataUpdatedAt ?? at)) / 1000;
        return { ...now, recording: { ...before, state, seconds: before.seconds + (before.state === "recording" ? since : 0) } };
      }),
    [client, encounterId],
  );

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (next: Hint) => {
      clearTimeout(timer);
      setHint(next);
      if (next === "clipping") timer = setTimeout(() => setHint(null), HINT_MS);
    };
    const listening = onRecorder((event) => {
      if ("encounterId" in event ? event.encounterId !== encounterId : !mine.current) return;
      switch (event.kind) {
        case "started":
          setWaiting(false);
          setHint(null);
          setDiskFull(false);
          setSaid("started");
          turnTo("recording");
          break;
        case "turn":
          setHint((now) => (now === "no_speech" ? null : now));
          break;
        case "hint":
          show(event.hint);
          break;
        case "deviceLost":
          turnTo("device_lost");
          break;
        case "deviceBack":
          setSaid("deviceBack");
          turnTo("recording");
          break;
        case "diskFull":
          setDiskFull(true);
          break;
        case "stopped":
          setWaiting(false);
          setHint(null);
          setSaid("stopped");
          turnTo(null);
          break;
      }
    });
    return () => {
      clearTimeout(timer);
      void listening.then((stop) => stop());
    };
  }, [encounterId, turnTo]);

  const run = async (action: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setFault(null);
    try {
      await action();
      return true;
    } catch (thrown) {
      setFault(thrown);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const start = async (deviceId: string | null) => {
    setWaiting(true);
    setSaid(null);
    if (!(await run(() => startRecording(encounterId, deviceId)))) setWaiting(false);
  };
  const pause = async () => {
    if (!(await run(pauseRecording))) return;
    setSaid("paused");
    turnTo("paused");
  };
  const resume = async () => {
    if (!(await run(resumeRecording))) return;
    setSaid("resumed");
    turnTo("recording");
  };
  const stop = async () => {
    if (!(await run(stopRecording))) return;
    setWaiting(false);
    setSaid("stopped");
    turnTo(null);
  };
  /** The desk ended it by itself, as when consent was withdrawn. */
  const ended = () => {
    setWaiting(false);
    turnTo(null);
  };
  const elsewhere = running && !ours ? running.encounterId : null;
  return { phase, seconds: ours?.seconds ?? 0, at: dataUpdatedAt, elsewhere, busy, fault, hint, diskFull, said, start, pause, resume, stop, ended };
}

export type Recorder = ReturnType<typeof useRecorder>;
