import { Button, Group, NumberInput, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ErrorState, Loading } from "../../components/States.component";
import { useStepUp } from "../../components/StepUp.component";
import { fieldFault } from "../../lib/errors";
import { focusFirst } from "../../lib/focusFirst";
import { useSealedForm } from "../../lib/useSealedForm";
import { type ClinicSettings, clinicSettings, saveClinicSettings } from "./manage.resource";

const SHORTEST_MINUTES = 0.5;
const LONGEST_MINUTES = 15;

export function Clinic() {
  const { data, error, refetch } = useQuery({ queryKey: ["Settings"], queryFn: clinicSettings });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  // What was stored anew starts the form anew.
  return <SettingsForm key={JSON.stringify(data)} stored={data} />;
}

function SettingsForm({ stored }: { stored: ClinicSettings }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const withStepUp = useStepUp();
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const form = useForm({
    initialValues: { clinic: stored.clinic, idleMinutes: stored.idleLimitSeconds / 60, keepAudio: stored.keepAudio, showStaffTiles: stored.showStaffTiles },
    validate: {
      clinic: (clinic) => (clinic.trim() === "" ? t("reason.required") : null),
      idleMinutes: (minutes) => (minutes >= SHORTEST_MINUTES && minutes <= LONGEST_MINUTES ? null : t("clinic.idleRange")),
    },
  });
  const { drop } = useSealedForm("clinic:settings", form);

  const save = async ({ idleMinutes, ...values }: typeof form.values) => {
    setBusy(true);
    setFault(null);
    try {
      const settings = { ...stored, ...values, clinic: values.clinic.trim(), idleLimitSeconds: Math.round(idleMinutes * 60) };
      const saved = await withStepUp(() => saveClinicSettings(settings));
      await drop();
      client.setQueryData(["Settings"], saved);
      notifications.show({ color: "green", message: t("clinic.saved") });
    } catch (thrown) {
      const field = fieldFault(thrown);
      if (field?.field === "clinic") form.setFieldError("clinic", field.words);
      else if (field?.field === "idleLimitSeconds") form.setFieldError("idleMinutes", t("clinic.idleRange"));
      else setFault(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={form.onSubmit((values) => void save(values), focusFirst)} noValidate>
      <Stack maw={560}>
        <div>
          <Title order={2} fz="lg">
            {t("clinic.state", { clinic: stored.clinic, minutes: stored.idleLimitSeconds / 60 })}
          </Title>
          <Text c="dimmed">{stored.keepAudio ? t("clinic.audioKept") : t("clinic.audioDeleted")}</Text>
        </div>
        <TextInput label={t("setup.clinic")} required autoComplete="off" {...form.getInputProps("clinic")} />
        <NumberInput label={t("clinic.idle")} description={t("clinic.idleWhy")} min={SHORTEST_MINUTES} max={LONGEST_MINUTES} step={1} clampBehavior="none" maw={360} {...form.getInputProps("idleMinutes")} />
        <Switch label={t("clinic.tiles")} description={t("clinic.tilesWhy")} {...form.getInputProps("showStaffTiles", { type: "checkbox" })} />
        <Switch label={t("clinic.audio")} description={t("clinic.audioWhy")} {...form.getInputProps("keepAudio", { type: "checkbox" })} />
        {fault !== null && <ErrorState error={fault} />}
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={!form.isDirty()}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
