import { ActionIcon, Button, Group, Menu, Paper, Text, Title, Tooltip } from "@mantine/core";
import { IconArrowsRightLeft, IconDots } from "@tabler/icons-react";
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../../app/session";
import { EmptyState } from "../../components/States.component";
import { offerUndo } from "../../components/Undo.component";
import { tell } from "../../lib/tell";
import { timeOf } from "../diary/times";
import classes from "./Today.module.css";
import { type QueueEntry, setStage, type Stage } from "./today.resource";
import { inOrder, justNow, localTime, waited } from "./waiting";

const STAGES: Stage[] = ["arrived", "called", "in_room", "done"];

/** Who is where: four columns, moved by button, by arrow keys on a card, or by dragging; every move can be taken back. */
export function Queue({ entries, now }: { entries: QueueEntry[]; now: Date }) {
  const { t, i18n } = useTranslation();
  const mayMove = useMay("check_in");
  const board = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState<Stage | null>(null);
  const held = useRef<string | null>(null);
  // The card moves to another column and with it the button that had the keyboard; it gets it back.
  const follow = useRef<string | null>(null);

  const move = async (entry: QueueEntry, stage: Stage) => {
    if (stage === entry.stage) return;
    try {
      await setStage(entry.encounterId, stage);
      offerUndo(t(`today.moved.${stage}`, { name: entry.patientName }), () => setStage(entry.encounterId, entry.stage));
    } catch (thrown) {
      follow.current = null;
      tell(thrown);
    }
  };
  useEffect(() => {
    if (!follow.current) return;
    const [encounterId, stage] = follow.current.split(" ");
    if (!entries.some((entry) => entry.encounterId === encounterId && entry.stage === stage)) return;
    follow.current = null;
    board.current?.querySelector<HTMLElement>(`[data-encounter="${encounterId}"] button`)?.focus();
  }, [entries]);
  const moveAndFollow = (entry: QueueEntry, stage: Stage) => {
    follow.current = `${entry.encounterId} ${stage}`;
    void move(entry, stage);
  };

  const onKey = (entry: QueueEntry) => (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || (event.key !== "ArrowRight" && event.key !== "ArrowLeft")) return;
    event.preventDefault();
    const step = (event.key === "ArrowRight") === (i18n.dir() === "ltr") ? 1 : -1;
    const stage = STAGES[STAGES.indexOf(entry.stage) + step];
    if (stage) moveAndFollow(entry, stage);
  };
  const drop = (event: DragEvent, stage: Stage) => {
    event.preventDefault();
    setOver(null);
    const entry = entries.find(({ encounterId }) => encounterId === held.current);
    held.current = null;
    if (entry) void move(entry, stage);
  };

  return (
    <section aria-labelledby="queue-title" className={classes.queue}>
      <Title order={2} fz="lg" mb="xs" id="queue-title">
        {t("today.queue")}
      </Title>
      {entries.length === 0 ? (
        <EmptyState title={t("today.queueEmpty")} text={mayMove ? t("today.queueEmptyWhy") : undefined} />
      ) : (
        <div className={classes.board} ref={board}>
          {STAGES.map((stage) => {
            const inStage = inOrder(entries, stage);
            return (
              <Paper
                key={stage}
                withBorder
                p="xs"
                role="group"
                aria-labelledby={`queue-${stage}`}
                className={classes.stage ?? ""}
                data-over={over === stage || undefined}
                onDragOver={(event) => {
                  if (!held.current) return;
                  event.preventDefault();
                  setOver(stage);
                }}
                onDragLeave={() => setOver(null)}
                onDrop={(event) => drop(event, stage)}
              >
                <Title order={3} fz="md" mb="xs" id={`queue-${stage}`}>
                  {t(`today.stage.${stage}`)}{" "}
                  <Text span c="dimmed" inherit fw={400}>
                    {inStage.length}
                  </Text>
                </Title>
                <ul className={classes.plain}>
                  {inStage.map((entry) => (
                    <Paper
                      component="li"
                      key={entry.encounterId}
                      withBorder
                      p="xs"
                      mb="xs"
                      data-encounter={entry.encounterId}
                      draggable={mayMove}
                      onDragStart={(event: DragEvent) => {
                        held.current = entry.encounterId;
                        // Nothing of a patient leaves the window with the drag.
                        event.dataTransfer.setData("text/plain", "Gladstone");
                        event.dataTransfer.effectAllowed = "move";
                      }}
                      onDragEnd={() => {
                        held.current = null;
                        setOver(null);
                      }}
                    >
                      <Who entry={entry} now={now} />
                      {mayMove && <Moves entry={entry} onMove={(to) => moveAndFollow(entry, to)} onKey={onKey(entry)} />}
                    </Paper>
                  ))}
                </ul>
                {inStage.length === 0 && <Text c="dimmed">{t("today.nobodyIn")}</Text>}
              </Paper>
            );
          })}
        </div>
      )}
    </section>
  );
}

/** A person of the queue: name, age, to whom, since when. */
export function Who({ entry, now }: { entry: QueueEntry; now: Date }) {
  const { t } = useTranslation();
  const long = (from: string) => {
    const { hours, minutes } = waited(from, now);
    return hours > 0 ? t("today.hours", { hours, minutes }) : t("diary.minutes", { count: minutes });
  };
  const since = {
    arrived: () => t("today.waiting", { time: long(entry.arrivedAt) }),
    called: () => t(justNow(entry.since, now) ? "today.waitingJustCalled" : "today.waitingCalled", { time: long(entry.arrivedAt), called: long(entry.since) }),
    in_room: () => t("today.inRoomFor", { time: long(entry.since) }),
    done: () => t("today.doneAt", { time: localTime(entry.since) }),
  }[entry.stage]();
  return (
    <>
      <Text fw={600}>
        <bdi>{entry.patientName}</bdi>{" "}
        <Text span c="dimmed" fw={400} inherit>
          <bdi>{entry.ageText}</bdi>
        </Text>
      </Text>
      <Text fz="sm">{since}</Text>
      <Text fz="sm" c="dimmed">
        {entry.walkIn ? t("today.walkedIn") : entry.appointmentStart && t("today.bookedAt", { time: timeOf(entry.appointmentStart) })}
        {entry.practitionerName && " · "}
        <bdi>{entry.practitionerName}</bdi>
      </Text>
    </>
  );
}

function Moves({ entry, onMove, onKey }: { entry: QueueEntry; onMove: (stage: Stage) => void; onKey: (event: KeyboardEvent) => void }) {
  const { t } = useTranslation();
  const name = entry.patientName;
  const next = STAGES[STAGES.indexOf(entry.stage) + 1];
  return (
    <Group gap={4} mt="xs">
      {next && (
        <Tooltip label={t("today.moveKeys")}>
          <Button size="compact-sm" variant="light" onClick={() => onMove(next)} onKeyDown={onKey} aria-label={t(`today.move.${next}Name`, { name })}>
            {t(`today.move.${next}`)}
          </Button>
        </Tooltip>
      )}
      <Menu position="bottom-end" shadow="md" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={30} aria-label={t("today.moveName", { name })} title={t("today.moveKeys")} onKeyDown={onKey}>
            {next ? <IconDots size={18} aria-hidden /> : <IconArrowsRightLeft size={18} aria-hidden />}
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {STAGES.filter((stage) => stage !== entry.stage).map((stage) => (
            <Menu.Item key={stage} onClick={() => onMove(stage)}>
              {t("today.moveTo", { stage: t(`today.stage.${stage}`) })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
