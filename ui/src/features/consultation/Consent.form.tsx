import { Alert, Button, Group, Radio, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { modals } from "@mantine/modals";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../../components/States.component";
import { fieldFault } from "../../lib/errors";
import { focusFirst } from "../../lib/focusFirst";
import { tell } from "../../lib/tell";
import { useSealedForm } from "../../lib/useSealedForm";
import classes from "./Consultation.module.css";
import { type ConsentDecision, type ConsentView, recordConsent } from "./consultation.resource";
import { clockTime } from "./words";

type Props = { encounterId: string; consent: ConsentView | null; /** The note is signed: nothing more is recorded, the decision stays as it was. */ closed: boolean; onDecided: (decision: ConsentDecision) => Promise<void> };

/** What was decided about recording, and the way to decide it or to decide anew. */
export function Consent({ encounterId, consent, closed, onDecided }: Props) {
  const { t } = useTranslation();
  const [anew, setAnew] = useState(false);
  const decided = async (decision: ConsentDecision) => {
    setAnew(false);
    await onDecided(decision);
  };
  if (closed) return consent && <Decision consent={consent} />;
  if (!consent || anew) return <ConsentForm key={String(anew)} encounterId={encounterId} onDecided={decided} onCancel={anew ? () => setAnew(false) : null} />;

  const withdraw = () =>
    modals.openConfirmModal({
      title: t("consultation.consent.withdrawTitle"),
      closeButtonProps: { "aria-label": t("common.close") },
      children: <Text>{t("consultation.consent.withdrawWhy")}</Text>,
      labels: { confirm: t("consultation.consent.withdrawYes"), cancel: t("common.cancel") },
      confirmProps: { color: "red.9" },
      onConfirm: () =>
        void recordConsent({ encounterId, decision: "withdrawn", method: consent.method, givenBy: consent.givenBy, name: consent.name }).then(() => decided("withdrawn"), tell),
    });
  return (
    <div className={classes.consent}>
      <Decision consent={consent}>
        {consent.decision === "given" ? (
          <Button variant="subtle" color="gray" size="compact-md" onClick={withdraw} aria-label={t("consultation.consent.withdraw")}>
            {t("consultation.consent.withdrawShort")}
          </Button>
        ) : (
          <Button variant="subtle" size="compact-md" onClick={() => setAnew(true)}>
            {t("consultation.consent.anew")}
          </Button>
        )}
      </Decision>
    </div>
  );
}

function Decision({ consent, children }: { consent: ConsentView; children?: ReactNode }) {
  const { t } = useTranslation();
  const who = consent.givenBy === "patient" ? t("consultation.consent.by.patient") : `${t(`consultation.consent.by.${consent.givenBy}`)}, ${consent.name}`;
  const how = t("consultation.consent.how", { who, method: t(`consultation.consent.${consent.method}`).toLocaleLowerCase(), recordedBy: consent.recordedBy, time: clockTime(consent.at) });
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text fw={600} c={consent.decision === "given" ? "var(--mantine-color-green-text)" : "var(--mantine-color-text)"}>
          {t(`consultation.consent.is.${consent.decision}`)}
        </Text>
        {children}
      </Group>
      <Text fz="sm" c="dimmed" dir="auto">
        {how}
      </Text>
      {consent.decision !== "given" && <Text fz="sm">{t("consultation.consent.byHand")}</Text>}
    </div>
  );
}

type FormProps = { encounterId: string; onDecided: (decision: ConsentDecision) => Promise<void>; onCancel: (() => void) | null };
type Values = { decision: "given" | "refused" | ""; method: "spoken" | "written"; givenBy: "patient" | "parent" | "guardian" | "other"; name: string };

function ConsentForm({ encounterId, onDecided, onCancel }: FormProps) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const form = useForm<Values>({
    initialValues: { decision: "", method: "spoken", givenBy: "patient", name: "" },
    validate: {
      decision: (decision) => (decision === "" ? t("consultation.consent.decisionNeeded") : null),
      name: (name, { givenBy }) => (givenBy !== "patient" && name.trim() === "" ? t("reason.required") : null),
    },
  });
  const { drop } = useSealedForm(`consent:${encounterId}`, form);

  const save = async ({ decision, name, ...rest }: Values) => {
    if (decision === "") return;
    setBusy(true);
    setFault(null);
    try {
      await recordConsent({ encounterId, decision, ...rest, name: rest.givenBy === "patient" ? "" : name.trim() });
      await drop();
      await onDecided(decision);
    } catch (thrown) {
      const field = fieldFault(thrown);
      if (field?.field === "name") form.setFieldError("name", field.words);
      else setFault(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className={classes.consent} onSubmit={form.onSubmit((values) => void save(values), focusFirst)} noValidate aria-label={t("consultation.consent.title")}>
      <Stack gap="sm">
        <div>
          <Title order={3} fz="md">
            {t("consultation.consent.title")}
          </Title>
          <Text c="dimmed">{t("consultation.consent.ask")}</Text>
        </div>
        <Radio.Group label={t("consultation.consent.decision")} required {...form.getInputProps("decision")}>
          <Group mt={6}>
            <Radio value="given" label={t("consultation.consent.given")} />
            <Radio value="refused" label={t("consultation.consent.refused")} />
          </Group>
        </Radio.Group>
        <Radio.Group label={t("consultation.consent.method")} {...form.getInputProps("method")}>
          <Group mt={6}>
            <Radio value="spoken" label={t("consultation.consent.spoken")} />
            <Radio value="written" label={t("consultation.consent.written")} />
          </Group>
        </Radio.Group>
        <Radio.Group label={t("consultation.consent.givenBy")} {...form.getInputProps("givenBy")}>
          <Group mt={6}>
            {(["patient", "parent", "guardian", "other"] as const).map((giver) => (
              <Radio key={giver} value={giver} label={t(`consultation.consent.by.${giver}`)} />
            ))}
          </Group>
        </Radio.Group>
        {form.values.givenBy !== "patient" && <TextInput label={t("consultation.consent.name")} required autoComplete="off" {...form.getInputProps("name")} />}
        {form.values.decision === "refused" && (
          <Alert color="yellow" variant="light">
            {t("consultation.consent.refusedWhy")}
          </Alert>
        )}
        {fault !== null && <ErrorState error={fault} />}
        <Group justify="flex-end">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              {t("common.cancel")}
            </Button>
          )}
          <Button type="submit" loading={busy}>
            {t("consultation.consent.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
