import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { minutes } from "../../lib/clock";
import { explain } from "../../lib/errors";
import { tell } from "../../lib/tell";
import classes from "./Consultation.module.css";
import { discardRecording, recoveredRecordings, recoverRecording, type RecordingView } from "./consultation.resource";
import { consultationKey } from "./useConsultation";
import { dayAndTime } from "./words";

const KEY = ["recovered"];

/** After an unlock: recordings that ended without a stop, offered calmly to those who may open them. */
export function RecoveredOffer() {
  // Both are needed: a receptionist is not even told that there are any.
  const mayRead = useMay("read_chart");
  const mayRecord = useMay("record");
  return mayRead && mayRecord ? <Offer /> : null;
}

function Offer() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { go } = useNavigation();
  const [busy, setBusy] = useState<string | null>(null);
  // Asked once after each unlock: one that is stopped and decoded in this session is no find.
  const { data, error, refetch } = useQuery({ queryKey: KEY, queryFn: recoveredRecordings, staleTime: Infinity, refetchOnWindowFocus: false });

  const name = (recording: RecordingView) => recording.patientName ?? t("consultation.recovered.unnamed");
  const settle = async (recording: RecordingView, action: () => Promise<unknown>) => {
    setBusy(recording.id);
    try {
      await action();
      client.setQueryData<RecordingView[]>(KEY, (now) => now?.filter(({ id }) => id !== recording.id));
      return true;
    } catch (thrown) {
      tell(thrown);
      return false;
    } finally {
      setBusy(null);
    }
  };
  const recover = async (recording: RecordingView) => {
    if (!(await settle(recording, () => recoverRecording(recording.id))) || recording.encounterId === null) return;
    await client.invalidateQueries({ queryKey: consultationKey(recording.encounterId) });
    go({ page: "consultation", encounterId: recording.encounterId });
  };
  const discard = (recording: RecordingView) =>
    modals.openConfirmModal({
      title: t("consultation.recovered.discardTitle", { name: name(recording) }),
      closeButtonProps: { "aria-label": t("common.close") },
      children: <Text>{t("consultation.recovered.discardWhy", { length: minutes(recording.seconds), time: dayAndTime(recording.startedAt) })}</Text>,
      labels: { confirm: t("consultation.recovered.discardYes"), cancel: t("common.cancel") },
      confirmProps: { color: "red.9" },
      onConfirm: () => void settle(recording, () => discardRecording(recording.id)),
    });

  if (error)
    return (
      <Alert color="yellow" variant="light" mb="md" title={explain(error).title}>
        <Group>
          <Text>{t("consultation.recovered.fault")}</Text>
          <Button variant="default" size="compact-md" onClick={() => void refetch()}>
            {t("common.retry")}
          </Button>
        </Group>
      </Alert>
    );
  if (!data || data.length === 0) return null;
  return (
    <Alert variant="light" color="bag" mb="md" role="region" aria-label={t("consultation.recovered.title")} title={t("consultation.recovered.title")}>
      <Stack gap="xs">
        <Text>{t("consultation.recovered.why")}</Text>
        <ul className={classes.plain}>
          {data.map((recording) => (
            <li key={recording.id}>
              <Group justify="space-between" gap="sm" mb={6}>
                <Text>
                  <bdi>
                    <b>{name(recording)}</b>
                  </bdi>
                  , {t("consultation.recovered.when", { time: dayAndTime(recording.startedAt), length: minutes(recording.seconds) })}
                </Text>
                <Group gap="xs">
                  <Button size="compact-md" loading={busy === recording.id} onClick={() => void recover(recording)} aria-label={t("consultation.recovered.recoverOf", { name: name(recording) })}>
                    {t("consultation.recovered.recover")}
                  </Button>
                  <Button variant="default" size="compact-md" disabled={busy === recording.id} onClick={() => discard(recording)} aria-label={t("consultation.recovered.discardOf", { name: name(recording) })}>
                    {t("consultation.recovered.discard")}
                  </Button>
                </Group>
              </Group>
            </li>
          ))}
        </ul>
      </Stack>
    </Alert>
  );
}
