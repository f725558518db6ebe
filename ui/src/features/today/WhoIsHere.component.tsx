import { Box, Group, Modal, Paper, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconUserCheck, IconUserPlus, IconUsers, IconWalk } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { explain } from "../../lib/errors";
import type { AppointmentView, PractitionerView } from "../diary/diary.resource";
import { timeOf } from "../diary/times";
import { useActions } from "../diary/useActions";
import { longEnough, type Offer, offersFor } from "./matches";
import classes from "./Today.module.css";
import { type PatientHit, type QueueEntry, searchPatients } from "./today.resource";
import { WalkInForm } from "./WalkIn.form";

const PAUSE_MS = 120;

type Props = { appointments: AppointmentView[]; queue: QueueEntry[]; practitioners: PractitionerView[]; now: Date; autoFocus: boolean };

/** Two letters and Enter: checks in who is booked, takes in a walk-in, or registers somebody new. */
export function WhoIsHere({ appointments, queue, practitioners, now, autoFocus }: Props) {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const actions = useActions();
  const mayFind = useMay("read_demographics");
  const mayRegister = useMay("write_demographics");
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [markedKey, mark] = useState<string | null>(null);
  const [shown, show] = useState(false);
  const [entered, enter] = useState(false);
  const [walkingIn, setWalkingIn] = useState<PatientHit | null>(null);
  const [query] = useDebouncedValue(typed.trim(), PAUSE_MS);

  const asks = longEnough(typed.trim());
  const found = useQuery({ queryKey: ["Patient", "here", query], queryFn: () => searchPatients(query), enabled: mayFind && longEnough(query), gcTime: 0 });
  const settled = !mayFind || (query === typed.trim() && !found.isFetching);
  const patients = settled ? (found.data ?? []) : [];
  const minuteNow = now.getHours() * 60 + now.getMinutes();
  // Nobody is called new before the search has answered.
  const offers = asks ? offersFor({ typed, appointments, queue, patients, minuteNow, mayRegister: mayRegister && settled && !found.error }) : [];
  const listed = shown && offers.length > 0;
  // By what it is, not by its place: the list may grow above it while it is looked at.
  const marked = Math.max(0, offers.findIndex((offer) => keyOf(offer) === markedKey));

  const take = (offer: Offer | undefined) => {
    if (!offer || offer.kind === "here") return;
    setTyped("");
    show(false);
    if (offer.kind === "checkIn") void actions.arrive(offer.appointment);
    else if (offer.kind === "walkIn") setWalkingIn(offer.patient);
    else open({ form: "register", name: offer.name });
  };

  // Enter may come before the search has answered: then the first answer is taken.
  const first = offers[0];
  useEffect(() => {
    if (!entered || !settled) return;
    enter(false);
    take(first);
    // `take` is new on every render and only sets state.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [entered, settled, first]);

  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") show(false);
    else if (event.key === "Enter" && asks) {
      event.preventDefault();
      const offer = offers[marked];
      if (shown && offer && (settled || offer.kind !== "here")) take(offer);
      else if (!settled) enter(true);
      else show(true);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && offers.length > 0) {
      event.preventDefault();
      const next = offers[(marked + (event.key === "ArrowDown" ? 1 : offers.length - 1)) % offers.length];
      if (!shown) show(true);
      else if (next) mark(keyOf(next));
    }
  };

  return (
    <Box pos="relative" maw={640}>
      <TextInput
        ref={field}
        label={t("today.who")}
        description={t("today.whoHow")}
        size="md"
        role="combobox"
        aria-expanded={listed}
        aria-controls={listed ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={listed ? `${listId}-${marked}` : undefined}
        autoComplete="off"
        spellCheck={false}
        dir="auto"
        autoFocus={autoFocus}
        value={typed}
        error={asks && found.error && explain(found.error).title}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          mark(null);
          enter(false);
          show(true);
        }}
        onKeyDown={onKey}
        onBlur={() => show(false)}
      />
      {listed && (
        <Paper withBorder shadow="md" className={classes.offers ?? ""}>
          <ul id={listId} role="listbox" aria-label={t("today.offers")} className={classes.plain}>
            {offers.map((offer, index) => (
              <li
                key={keyOf(offer)}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === marked}
                aria-disabled={offer.kind === "here" || undefined}
                className={classes.offer}
                // The field keeps the keyboard.
                onMouseDown={(event) => event.preventDefault()}
                onMouseEnter={() => mark(keyOf(offer))}
                onClick={() => take(offer)}
              >
                <OfferWords offer={offer} practitioners={practitioners} />
              </li>
            ))}
          </ul>
        </Paper>
      )}
      <Modal opened={walkingIn !== null} onClose={() => setWalkingIn(null)} title={t("today.walkIn.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
        {walkingIn && <WalkInForm patient={walkingIn} practitioners={practitioners} onDone={() => setWalkingIn(null)} />}
      </Modal>
    </Box>
  );
}

function OfferWords({ offer, practitioners }: { offer: Offer; practitioners: PractitionerView[] }) {
  const { t } = useTranslation();
  switch (offer.kind) {
    case "checkIn": {
      const { patientName, start, practitionerId } = offer.appointment;
      const { ageText, birthDate, identifier } = offer.patient ?? {};
      const withWhom = practitioners.find(({ id }) => id === practitionerId)?.name;
      return <Words icon={<IconUserCheck size={20} aria-hidden />} verb={t("today.offer.checkIn")} name={patientName} about={[timeOf(start), withWhom, ageText, birthDate, identifier?.value]} />;
    }
    case "walkIn": {
      const { displayName, otherName, ageText, gender, birthDate, identifier, phone } = offer.patient;
      return <Words icon={<IconWalk size={20} aria-hidden />} verb={t("today.offer.walkIn")} name={displayName} about={[otherName, ageText, t(`gender.${gender}`), birthDate, identifier?.value, phone]} />;
    }
    case "here":
      return <Words icon={<IconUsers size={20} aria-hidden />} verb={t("today.offer.here")} name={offer.entry.patientName} about={[t(`today.stage.${offer.entry.stage}`), offer.entry.practitionerName]} />;
    case "register":
      return <Words icon={<IconUserPlus size={20} aria-hidden />} verb={t("today.offer.register")} name={offer.name} about={[t("today.offer.nobody")]} />;
  }
}

function Words({ icon, verb, name, about }: { icon: React.ReactNode; verb: string; name: string; about: (string | null | undefined)[] }) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      {icon}
      <div>
        <Text>
          {verb}{" "}
          <Text span fw={600} inherit>
            <bdi>{name}</bdi>
          </Text>{" "}
        </Text>
        <Text fz="sm" c="dimmed">
          {about.filter(Boolean).join(" · ")}
        </Text>
      </div>
    </Group>
  );
}

function keyOf(offer: Offer): string {
  if (offer.kind === "checkIn") return offer.appointment.id;
  if (offer.kind === "here") return offer.entry.encounterId;
  return offer.kind === "walkIn" ? offer.patient.id : "register";
}
