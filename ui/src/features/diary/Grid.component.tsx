import { Box, Menu, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { type CSSProperties, type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { ActionItems } from "./Actions.component";
import classes from "./Diary.module.css";
import type { AppointmentView } from "./diary.resource";
import { Status, stateOf } from "./Status.component";
import { at, clock, hoursShown, lanes, minuteOf, minutesBetween, timeOf, today } from "./times";

/** One day of one practitioner. */
export type Column = { key: string; label: string; practitionerId: string; day: string; appointments: AppointmentView[] };
export type Dropped = { appointment: AppointmentView; practitionerId: string; start: string };

const SLOT = 30;
/** Dropped appointments start on a quarter of an hour. */
const SNAP = 15;

type Props = {
  columns: Column[];
  now: Date;
  /** Null where this person may not change the diary. */
  onBook: ((column: Column, start: string) => void) | null;
  onDrop: (dropped: Dropped) => void;
};

/** Columns of appointments by time. Arrow keys walk over the free slots, Enter books; Tab goes on to the appointments. */
export function Grid({ columns, now, onBook, onDrop }: Props) {
  const { t, i18n } = useTranslation();
  const { from, to } = hoursShown(columns.flatMap((column) => column.appointments));
  const hours = Array.from({ length: (to - from) / 60 }, (_, hour) => from + hour * 60);
  const scroll = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState({ column: 0, minute: 9 * 60 });

  // The hour before now is seen first, not seven o'clock; once, so that it never jumps under the hand.
  const first = useRef({ from, to, minute: (now.getHours() - 1) * 60 });
  useEffect(() => {
    const { from, to, minute } = first.current;
    if (scroll.current && minute > from) scroll.current.scrollTop = ((minute - from) / (to - from)) * scroll.current.scrollHeight;
  }, []);

  const walk = (event: KeyboardEvent, column: number, minute: number) => {
    const forward = i18n.dir() === "rtl" ? -1 : 1;
    const steps: Record<string, [number, number]> = { ArrowUp: [0, -SLOT], ArrowDown: [0, SLOT], ArrowLeft: [-forward, 0], ArrowRight: [forward, 0] };
    const step = event.altKey || event.ctrlKey ? undefined : steps[event.key];
    if (!step) return;
    event.preventDefault();
    const next = { column: Math.min(Math.max(column + step[0], 0), columns.length - 1), minute: Math.min(Math.max(minute + step[1], from), to - SLOT) };
    setCursor(next);
    scroll.current?.querySelector<HTMLElement>(`[data-slot="${next.column}:${next.minute}"]`)?.focus();
  };
  // One slot is in the tab order; when columns or hours went away under the cursor, the nearest one is.
  const tabbed = { column: Math.min(cursor.column, columns.length - 1), minute: Math.min(Math.max(cursor.minute, from), to - SLOT) };

  return (
    <div className={classes.scroll} ref={scroll} role="region" aria-label={t("diary.grid")} tabIndex={onBook ? -1 : 0}>
      <div className={classes.columns} style={{ "--columns": columns.length, "--minutes": to - from } as CSSProperties}>
        <div className={`${classes.head} ${classes.corner}`} />
        {columns.map((column) => (
          <div key={column.key} className={classes.head} id={`diary-${column.key}`}>
            <Text fw={600}>
              <bdi>{column.label}</bdi>
            </Text>
            <Text fz="sm" c="dimmed">
              {t("diary.count", { count: column.appointments.length })}
            </Text>
          </div>
        ))}
        <div className={classes.hours} aria-hidden>
          {hours.map((hour) => (
            <span key={hour} className={classes.hour} style={{ "--at": hour - from } as CSSProperties}>
              {clock(hour)}
            </span>
          ))}
        </div>
        {columns.map((column, index) => (
          <DayColumn key={column.key} column={column} from={from} to={to} now={now} onDrop={onBook ? onDrop : null}>
            {onBook &&
              Array.from({ length: (to - from) / SLOT }, (_, slot) => from + slot * SLOT).map((minute) => (
                <UnstyledButton
                  key={minute}
                  className={classes.slot}
                  style={{ "--at": minute - from } as CSSProperties}
                  data-slot={`${index}:${minute}`}
                  tabIndex={tabbed.column === index && tabbed.minute === minute ? 0 : -1}
                  aria-label={t("diary.bookSlot", { time: clock(minute), who: column.label })}
                  onFocus={() => setCursor({ column: index, minute })}
                  onKeyDown={(event) => walk(event, index, minute)}
                  onClick={() => onBook(column, at(column.day, minute))}
                >
                  {clock(minute)}
                </UnstyledButton>
              ))}
          </DayColumn>
        ))}
      </div>
    </div>
  );
}

type DayColumnProps = { column: Column; from: number; to: number; now: Date; onDrop: ((dropped: Dropped) => void) | null; children: React.ReactNode };

/** What is dragged over the window and how far below its start it was taken: the browser tells neither until the drop. */
let dragged: { appointment: AppointmentView; below: number } | null = null;

function DayColumn({ column, from, to, now, onDrop, children }: DayColumnProps) {
  const placed = lanes(column.appointments);
  const minuteNow = now.getHours() * 60 + now.getMinutes();

  const drop = (event: DragEvent<HTMLDivElement>) => {
    event.preventDefault();
    const held = dragged;
    dragged = null;
    if (!held || !onDrop) return;
    const minute = from + minutesAt(event, to - from) - held.below;
    const start = at(column.day, Math.min(Math.max(Math.round(minute / SNAP) * SNAP, from), to - SNAP));
    if (start !== held.appointment.start || column.practitionerId !== held.appointment.practitionerId) onDrop({ appointment: held.appointment, practitionerId: column.practitionerId, start });
  };

  return (
    <div className={classes.column} role="group" aria-labelledby={`diary-${column.key}`} onDragOver={(event) => dragged && onDrop && event.preventDefault()} onDrop={drop}>
      {children}
      {column.day === today(now) && minuteNow >= from && minuteNow < to && <div className={classes.now} style={{ "--at": minuteNow - from } as CSSProperties} aria-hidden />}
      {column.appointments.map((appointment) => {
        const place = placed.get(appointment.id);
        const length = minutesBetween(appointment.start, appointment.end);
        return (
          <Box
            key={appointment.id}
            className={classes.place}
            style={{ "--at": minuteOf(appointment.start) - from, "--length": length, "--lane": place?.lane ?? 0, "--lanes": place?.lanes ?? 1 } as CSSProperties}
          >
            <AppointmentBlock appointment={appointment} movable={onDrop !== null && appointment.status === "booked"} length={length} />
          </Box>
        );
      })}
    </div>
  );
}

function AppointmentBlock({ appointment, movable, length }: { appointment: AppointmentView; movable: boolean; length: number }) {
  const { t } = useTranslation();
  const state = stateOf(appointment);
  return (
    <Menu position="bottom-start" shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton
          className={length < SNAP ? `${classes.appointment} ${classes.short}` : (classes.appointment ?? "")}
          title={[`${timeOf(appointment.start)}–${timeOf(appointment.end)}`, appointment.patientName, appointment.reason].filter(Boolean).join(" ")}
          data-state={state}
          data-overlaps={appointment.overlaps || undefined}
          draggable={movable}
          onDragStart={(event) => {
            dragged = { appointment, below: minutesAt(event, length) };
            // Nothing of a patient leaves the window with the drag.
            event.dataTransfer.setData("text/plain", "Gladstone");
            event.dataTransfer.effectAllowed = "move";
          }}
          onDragEnd={() => (dragged = null)}
        >
          <span className={classes.who} data-lines={length < SLOT ? 1 : 2}>
            <span className={classes.time}>{timeOf(appointment.start)}</span> <bdi>{appointment.patientName}</bdi>
          </span>{" "}
          <Status appointment={appointment} />{" "}
          {appointment.reason && (
            <Text span fz="sm" c="dimmed" dir="auto">
              {appointment.reason}
            </Text>
          )}{" "}
          <VisuallyHidden component="span">{t("diary.until", { time: timeOf(appointment.end) })}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <ActionItems appointment={appointment} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** How many minutes below the top of what it happened on, which is `minutes` high. */
function minutesAt(event: DragEvent<HTMLElement>, minutes: number): number {
  const { top, height } = event.currentTarget.getBoundingClientRect();
  return height > 0 ? ((event.clientY - top) / height) * minutes : 0;
}
