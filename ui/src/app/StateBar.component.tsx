import { Group, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconPlayerRecordFilled } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { explain } from "../lib/errors";
import { minutes } from "../lib/clock";
import { onDataChanged, onRecording, status } from "./session.resource";

const SOON_SECONDS = 60;

/** What a person wants to be sure of without asking: saved, where, recording, when it locks. Asking for it never counts as work. */
export function StateBar() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data, error, dataUpdatedAt } = useQuery({ queryKey: ["status"], queryFn: status, refetchInterval: 5000, refetchIntervalInBackground: true });
  const [now, setNow] = useState(Date.now);

  useEffect(() => {
    const again = () => void client.invalidateQueries({ queryKey: ["status"] });
    const listening = [onDataChanged(again), onRecording(again)];
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => {
      clearInterval(timer);
      for (const one of listening) void one.then((stop) => stop());
    };
  }, [client]);

  if (error) return <Text c="red">{explain(error).title}</Text>;
  if (!data) return null;
  const since = Math.max(0, Math.round((now - dataUpdatedAt) / 1000));
  const left = Math.max(0, Math.min(data.idleLeftSeconds, data.sessionLeftSeconds) - since);
  const { recording } = data;
  return (
    <Group gap="lg" wrap="nowrap" h="100%" px="md" style={{ overflow: "hidden", whiteSpace: "nowrap" }}>
      <Text fz="sm">{data.savedAt ? t("state.saved", { time: dayjs(data.savedAt).format("HH:mm") }) : t("state.nothingToSave")}</Text>
      <Tooltip label={t("state.syncWhy")}>
        <Text fz="sm" c="dimmed" tabIndex={0}>
          {t(`state.${data.sync}`)}
        </Text>
      </Tooltip>
      {recording && (
        <Group gap={6} wrap="nowrap" c={recording.state === "recording" ? "red" : "dimmed"}>
          <IconPlayerRecordFilled size={14} aria-hidden />
          <Text fz="sm" fw={600}>
            {t(`state.rec.${recording.state}`, { time: minutes(recording.seconds + (recording.state === "recording" ? since : 0)) })}
          </Text>
        </Group>
      )}
      <VisuallyHidden role="status">{recording ? t(`state.said.${recording.state}`) : ""}</VisuallyHidden>
      <Text fz="sm" ms="auto" c={left <= SOON_SECONDS ? "var(--mantine-color-text)" : "dimmed"} fw={left <= SOON_SECONDS ? 600 : 400}>
        {t("state.locksIn", { time: minutes(left) })}
      </Text>
    </Group>
  );
}
