import { Button, Group, Paper, Text, Title, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconDoorEnter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { tell } from "../../lib/tell";
import { Who } from "./Queue.component";
import classes from "./Today.module.css";
import { type QueueEntry, setStage } from "./today.resource";
import { mine } from "./waiting";

/** Whose turn it is with this practitioner; the next one opens with one key. */
export function MyPatients({ entries, staffId, now }: { entries: QueueEntry[]; staffId: string; now: Date }) {
  const { t } = useTranslation();
  const { go, panel } = useNavigation();
  const mayMove = useMay("check_in");
  const { inRoom, waiting } = mine(entries, staffId);
  const next = mayMove ? waiting[0] : undefined;

  const open = async (entry: QueueEntry) => {
    try {
      if (entry.stage !== "in_room") await setStage(entry.encounterId, "in_room");
      go({ page: "consultation", encounterId: entry.encounterId });
    } catch (thrown) {
      tell(thrown);
    }
  };
  // In a form or a dialog the key is the form's.
  useHotkeys([["mod+Enter", () => next && panel === null && !document.querySelector("[role=dialog]") && void open(next)]], []);

  return (
    <section aria-labelledby="mine-title">
      <Group justify="space-between" mb="xs">
        <Title order={2} fz="lg" id="mine-title">
          {t("today.mine")}
        </Title>
        {next && (
          <Tooltip label={`${t("today.openNext")}  Ctrl Enter`}>
            <Button leftSection={<IconDoorEnter size={18} aria-hidden />} onClick={() => void open(next)}>
              {t("today.openNext")}
            </Button>
          </Tooltip>
        )}
      </Group>
      {inRoom.length + waiting.length === 0 && <Text c="dimmed">{t("today.mineEmpty")}</Text>}
      <ol className={classes.mine}>
        {[...inRoom, ...waiting].map((entry) => (
          <Paper component="li" key={entry.encounterId} withBorder p="sm" aria-current={entry === next ? "step" : undefined}>
            <Text fz="sm" fw={600}>
              {entry === next ? t("today.next") : t(`today.stage.${entry.stage}`)}
            </Text>
            <Who entry={entry} now={now} />
            {(mayMove || entry.stage === "in_room") && (
              <Button size="compact-md" variant="light" mt="xs" onClick={() => void open(entry)} aria-label={t("today.openName", { name: entry.patientName })}>
                {t("today.open")}
              </Button>
            )}
          </Paper>
        ))}
      </ol>
    </section>
  );
}
