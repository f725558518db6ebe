import { Alert, Button, Group, NativeSelect, Stack, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconMicrophone, IconPlayerPause, IconPlayerRecordFilled, IconPlayerStopFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../../app/KeysHelp.component";
import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { ErrorState } from "../../components/States.component";
import { minutes } from "../../lib/clock";
import { explain } from "../../lib/errors";
import classes from "./Consultation.module.css";
import { audioDevices, type ConsentView } from "./consultation.resource";
import { LevelMeter } from "./Level.component";
import type { Recorder } from "./useRecorder";

type Props = { recorder: Recorder; consent: ConsentView | null; signed: boolean };

/** Record, pause, stop; how long, how loud, and in words whatever stands in the way. */
export function RecorderBar({ recorder, consent, signed }: Props) {
  const { t } = useTranslation();
  const { go } = useNavigation();
  const may = useMay("record");
  const [deviceId, setDeviceId] = useState<string>("");
  const { phase, elsewhere } = recorder;
  const noConsent = consent?.decision === "given" ? null : t(`consultation.recorder.no.${consent?.decision ?? "consent"}`);
  const whyNot = !may ? t("reason.record") : signed ? t("consultation.recorder.signed") : elsewhere ? t("consultation.recorder.elsewhere") : noConsent;

  const record = () => void recorder.start(deviceId || null);
  // The key does what the bar shows, also when it is pressed before the listener was renewed.
  const turn = useRef<() => void>(() => undefined);
  turn.current = () => {
    if (recorder.busy) return;
    if (phase === "idle" && whyNot === null) record();
    else if (phase === "recording") void recorder.pause();
    else if (phase === "paused") void recorder.resume();
  };
  useHotkeys([["F2", () => turn.current()]], [], true);

  const going = phase === "recording" || phase === "paused" || phase === "device_lost";
  return (
    <section className={classes.recorder} aria-label={t("consultation.recorder.title")}>
      <Stack gap="xs">
        <Troubles recorder={recorder} />
        {!going && (
          <Group gap="sm" align="flex-end" wrap="nowrap">
            {may && !signed && <Microphone value={deviceId} onChange={setDeviceId} disabled={phase === "starting"} />}
            <Tooltip label={`${t("consultation.recorder.record")}  ${keys.record}`} disabled={whyNot !== null}>
              <Button
                color="red.9"
                leftSection={<IconPlayerRecordFilled size={16} aria-hidden />}
                onClick={record}
                disabled={whyNot !== null || phase === "starting"}
                loading={phase === "starting"}
                style={{ flexShrink: 0 }}
                aria-describedby={whyNot === null ? undefined : "record-why-not"}
              >
                {t("consultation.recorder.record")}
              </Button>
            </Tooltip>
            {phase === "starting" && <Text>{t("consultation.recorder.starting")}</Text>}
            {phase === "starting" && <Stop recorder={recorder} />}
          </Group>
        )}
        {going && (
          <Group gap="sm">
            <Text fw={700} c={phase === "recording" ? "var(--mantine-color-red-text)" : "dimmed"}>
              {t(`consultation.recorder.is.${phase}`)} <Elapsed recorder={recorder} />
            </Text>
            {phase === "recording" && <LevelMeter />}
            {phase === "recording" && (
              <Tooltip label={`${t("consultation.recorder.pause")}  ${keys.record}`}>
                <Button variant="default" leftSection={<IconPlayerPause size={16} aria-hidden />} onClick={() => void recorder.pause()} disabled={recorder.busy}>
                  {t("consultation.recorder.pause")}
                </Button>
              </Tooltip>
            )}
            {phase === "paused" && (
              <Tooltip label={`${t("consultation.recorder.resume")}  ${keys.record}`}>
                <Button color="red.9" leftSection={<IconPlayerRecordFilled size={16} aria-hidden />} onClick={() => void recorder.resume()} disabled={recorder.busy}>
                  {t("consultation.recorder.resume")}
                </Button>
              </Tooltip>
            )}
            <Stop recorder={recorder} />
          </Group>
        )}
        {whyNot !== null && !going && (
          <Group gap="sm">
            <Text id="record-why-not">{whyNot}</Text>
            {elsewhere && (
              <Button variant="default" size="compact-md" onClick={() => go({ page: "consultation", encounterId: elsewhere })}>
                {t("consultation.recorder.goThere")}
              </Button>
            )}
          </Group>
        )}
      </Stack>
      <VisuallyHidden role="status" aria-live="assertive">
        {recorder.said ? t(`consultation.recorder.said.${recorder.said}`) : ""}
      </VisuallyHidden>
    </section>
  );
}

function Stop({ recorder }: { recorder: Recorder }) {
  const { t } = useTranslation();
  return (
    <Button variant="default" leftSection={<IconPlayerStopFilled size={16} aria-hidden />} onClick={() => void recorder.stop()} disabled={recorder.busy}>
      {t("consultation.recorder.stop")}
    </Button>
  );
}

/** Seconds go on here alone, so that the rest of the screen rests. */
function Elapsed({ recorder: { phase, seconds, at } }: { recorder: Recorder }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [phase]);
  const since = phase === "recording" ? Math.max(0, (now - at) / 1000) : 0;
  return <span role="timer">{minutes(seconds + since)}</span>;
}

/** Everything that needs a hand while recording, most urgent first; what was recorded so far is always kept, and said to be. */
function Troubles({ recorder: { phase, fault, hint, diskFull, said } }: { recorder: Recorder }) {
  const { t } = useTranslation();
  return (
    <>
      {fault !== null && <ErrorState error={fault} />}
      {phase === "device_lost" && (
        <Alert color="red" variant="light" role="alert" title={t("error.microphone_lost.title")}>
          {t("consultation.recorder.lost")}
        </Alert>
      )}
      {diskFull && (
        <Alert color="red" variant="light" role="alert" title={t("error.disk_full.title")}>
          {t("consultation.recorder.diskFull")}
        </Alert>
      )}
      {hint && (
        <Alert color="yellow" variant="light" role="status">
          {t(`consultation.hint.${hint}`)}
        </Alert>
      )}
      {said === "deviceBack" && phase === "recording" && (
        <Alert color="green" variant="light">
          {t("consultation.recorder.said.deviceBack")}
        </Alert>
      )}
    </>
  );
}

function Microphone({ value, onChange, disabled }: { value: string; onChange: (id: string) => void; disabled: boolean }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ queryKey: ["audioDevices"], queryFn: audioDevices });
  const none = data?.length === 0;
  const words = error ? explain(error) : null;
  const usual = data?.find((device) => device.isDefault);
  return (
    <Group gap="xs" align="flex-end" className={classes.microphone ?? ""}>
      <NativeSelect
        flex={1}
        miw={0}
        aria-label={t("consultation.recorder.microphone")}
        title={t("consultation.recorder.microphone")}
        leftSection={<IconMicrophone size={18} aria-hidden />}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        // Microphones come and go while the window is open.
        onFocus={() => void refetch()}
        disabled={disabled}
        error={words ? `${words.title}. ${words.advice}` : none ? `${t("error.no_microphone.title")}. ${t("consultation.recorder.plugIn")}` : undefined}
        data={[
          { value: "", label: usual ? t("consultation.recorder.usual", { name: usual.name }) : t("consultation.recorder.usualUnknown") },
          ...(data ?? []).filter((device) => !device.isDefault).map((device) => ({ value: device.id, label: device.name })),
        ]}
      />
      {(none || error) && (
        <Button variant="default" onClick={() => void refetch()}>
          {t("consultation.recorder.lookAgain")}
        </Button>
      )}
    </Group>
  );
}
