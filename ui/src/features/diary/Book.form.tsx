import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { getHotkeyHandler } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { EmptyState, ErrorState, Loading } from "../../components/States.component";
import { offerUndo } from "../../components/Undo.component";
import { refusal } from "../../lib/call";
import { fieldFault } from "../../lib/errors";
import { focusFirst } from "../../lib/focusFirst";
import { useSealedForm } from "../../lib/useSealedForm";
import { type AppointmentView, book, cancelAppointment, moveAppointment, patient as patientOf } from "./diary.resource";
import { type Chosen, PatientPicker } from "./PatientPicker.component";
import { dayOf, minutesBetween, timeOf, today } from "./times";
import { useActions } from "./useActions";
import { useAppointment } from "./useDiary";
import { OverlapOffer, slotOf, type When, WhenFields, whenFaults, whenField } from "./When.component";

type Props = { patientId?: string; practitionerId?: string; start?: string };

/** A new appointment: who, with whom, when, why. What is known already is filled in. */
export function BookForm({ patientId, practitionerId, start }: Props) {
  const { t } = useTranslation();
  const { close } = useNavigation();
  const preset = useQuery({ queryKey: ["Patient", patientId], queryFn: () => patientOf(patientId ?? ""), enabled: patientId !== undefined });
  const form = useForm<When & { patient: Chosen | null; reason: string }>({
    initialValues: {
      patient: null,
      practitionerId: practitionerId ?? null,
      day: start ? dayOf(start) : today(),
      time: start ? timeOf(start) : "",
      minutes: "15",
      reason: "",
    },
    validate: { ...whenFaults, patient: (chosen) => (chosen ? null : t("reason.required")) },
  });
  // A draft of its own for each patient and slot, so that an old one never moves the time that was clicked.
  const { restored, drop } = useSealedForm(`book:${patientId ?? "any"}:${practitionerId ?? "any"}:${start ?? "any"}`, form);
  const { fault, overlap, busy, submit } = useSubmit(form.values);

  const found = preset.data;
  useEffect(() => {
    if (found) form.setFieldValue("patient", { id: found.id, displayName: found.displayName });
    // The form object is new on every render.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [found?.id]);

  const save = (allowOverlap: boolean) => {
    const { patient, reason, ...when } = form.values;
    if (!patient) return;
    const slot = slotOf(when);
    void submit(
      async () => {
        const made = await book({ patientId: patient.id, ...slot, reason: reason.trim(), allowOverlap });
        await drop();
        close();
        offerUndo(t("diary.book.done", { name: patient.displayName, time: timeOf(slot.start) }), () => cancelAppointment(made.id, t("diary.book.undoReason")));
      },
      (field, words) => form.setFieldError(field, words),
    );
  };
  const onSubmit = form.onSubmit(() => save(false), focusFirst);

  if (preset.error) return <ErrorState error={preset.error} onRetry={() => void preset.refetch()} />;
  return (
    <form onSubmit={onSubmit} onKeyDown={getHotkeyHandler([["mod+Enter", () => onSubmit()]])} noValidate>
      <Stack>
        {restored && <Text c="dimmed">{t("common.restored")}</Text>}
        <PatientPicker value={form.values.patient} onChange={(chosen) => form.setFieldValue("patient", chosen)} error={form.errors.patient} autoFocus={patientId === undefined} />
        <WhenFields form={form} />
        <TextInput label={t("diary.book.reason")} autoComplete="off" dir="auto" {...form.getInputProps("reason")} />
        {overlap && <OverlapOffer label={t("diary.overlap.bookAnyway")} busy={busy} onAnyway={() => save(true)} />}
        {fault !== null && <ErrorState error={fault} />}
        <Buttons label={t("diary.book.book")} busy={busy} onClose={close} />
      </Stack>
    </form>
  );
}

/** Another time or practitioner for an appointment that has not begun. */
export function MoveForm({ appointmentId }: { appointmentId: string }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useAppointment(appointmentId);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loading />;
  if (data?.status !== "booked") return <EmptyState title={t("diary.move.gone")} text={t("diary.move.goneWhy")} />;
  return <MoveFields appointment={data} />;
}

function MoveFields({ appointment }: { appointment: AppointmentView }) {
  const { t } = useTranslation();
  const { close } = useNavigation();
  const { sayMoved } = useActions();
  const form = useForm<When>({
    initialValues: {
      practitionerId: appointment.practitionerId || null,
      day: dayOf(appointment.start),
      time: timeOf(appointment.start),
      minutes: String(minutesBetween(appointment.start, appointment.end)),
    },
    validate: whenFaults,
  });
  const { restored, drop } = useSealedForm(`move:${appointment.id}`, form);
  const { fault, overlap, busy, submit } = useSubmit(form.values);

  const save = (allowOverlap: boolean) => {
    const slot = slotOf(form.values);
    void submit(
      async () => {
        await moveAppointment(appointment.id, slot, allowOverlap);
        await drop();
        close();
        sayMoved(appointment, slot);
      },
      (field, words) => form.setFieldError(field, words),
    );
  };
  const onSubmit = form.onSubmit(() => save(false), focusFirst);

  return (
    <form onSubmit={onSubmit} onKeyDown={getHotkeyHandler([["mod+Enter", () => onSubmit()]])} noValidate>
      <Stack>
        <Text fw={600}>
          <bdi>{appointment.patientName}</bdi>
        </Text>
        {restored && <Text c="dimmed">{t("common.restored")}</Text>}
        <WhenFields form={form} />
        {overlap && <OverlapOffer label={t("diary.overlap.moveAnyway")} busy={busy} onAnyway={() => save(true)} />}
        {fault !== null && <ErrorState error={fault} />}
        <Buttons label={t("diary.move.move")} busy={busy} onClose={close} />
      </Stack>
    </form>
  );
}

function Buttons({ label, busy, onClose }: { label: string; busy: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onClose} title="Esc">
        {t("common.cancel")}
      </Button>
      <Button type="submit" loading={busy} title="Ctrl Enter">
        {label}
      </Button>
    </Group>
  );
}

/** Runs what a form asks for and sorts its refusal: a taken time, one faulty field, or anything else. */
function useSubmit(values: When) {
  const [fault, setFault] = useState<unknown>(null);
  const [overlapOf, setOverlapOf] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const asked = [values.practitionerId, values.day, values.time, values.minutes].join();

  const submit = async (action: () => Promise<void>, mark: (field: string, words: string) => void) => {
    setBusy(true);
    setFault(null);
    setOverlapOf(null);
    try {
      await action();
    } catch (thrown) {
      const field = fieldFault(thrown);
      if (refusal(thrown).reason === "overlap") setOverlapOf(asked);
      else if (field) mark(whenField(field.field), field.words);
      else setFault(thrown);
    } finally {
      setBusy(false);
    }
  };
  // The offer stands for the time it was made for, not for another one chosen since.
  return { fault, busy, overlap: overlapOf === asked, submit };
}
