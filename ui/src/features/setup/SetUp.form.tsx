import { Alert, Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { NewPassword } from "../../components/Password.component";
import { ErrorState } from "../../components/States.component";
import { refusal } from "../../lib/call";
import { explain, fieldFault } from "../../lib/errors";
import { focusFirst } from "../../lib/focusFirst";
import { type DeskState, type RecoveryKit, setUp } from "./setup.resource";

type Props = { keyring: DeskState["keyring"]; onBack: () => void; onMade: (kit: RecoveryKit) => void };

/** Four answers make a clinic. Nothing is kept before the vault is there to keep it in. */
export function SetUpForm({ keyring, onBack, onMade }: Props) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [noKeyring, setNoKeyring] = useState(keyring !== "os");
  const filled = (value: string) => (value.trim() === "" ? t("reason.required") : null);
  const form = useForm({
    initialValues: { clinic: "", managerName: "", alsoDoctor: false, password: "", acceptNoKeyring: false },
    validate: { clinic: filled, managerName: filled, password: filled, acceptNoKeyring: (accepted) => (noKeyring && !accepted ? t("setup.acceptNeeded") : null) },
  });

  const make = async (values: typeof form.values) => {
    setBusy(true);
    setFault(null);
    try {
      onMade(await setUp({ ...values, clinic: values.clinic.trim(), managerName: values.managerName.trim() }));
    } catch (thrown) {
      const error = refusal(thrown);
      const field = fieldFault(thrown);
      if (error.code === "keyring_unavailable") setNoKeyring(true);
      if (error.code === "weak_password") form.setFieldError("password", explain(thrown).advice);
      else if (field && field.field in form.values) form.setFieldError(field.field, field.words);
      else setFault(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={form.onSubmit((values) => void make(values), focusFirst)} noValidate>
      <Stack>
        <TextInput label={t("setup.clinic")} required autoFocus autoComplete="off" {...form.getInputProps("clinic")} />
        <TextInput label={t("setup.manager")} description={t("setup.managerWhy")} required autoComplete="off" {...form.getInputProps("managerName")} />
        <Checkbox label={t("setup.alsoDoctor")} {...form.getInputProps("alsoDoctor", { type: "checkbox" })} />
        <NewPassword
          names={[form.values.clinic, form.values.managerName]}
          value={form.values.password}
          onChange={(password) => form.setFieldValue("password", password)}
          error={form.errors.password}
        />
        {noKeyring && (
          <Alert color="yellow" variant="light" title={t("setup.noKeyring")}>
            <Stack gap="sm">
              <Text>{t("setup.noKeyringWhy")}</Text>
              <Checkbox label={t("setup.acceptNoKeyring")} {...form.getInputProps("acceptNoKeyring", { type: "checkbox" })} />
            </Stack>
          </Alert>
        )}
        {fault !== null && <ErrorState error={fault} />}
        {busy && (
          <Text role="status" c="dimmed">
            {t("setup.making")}
          </Text>
        )}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack} disabled={busy}>
            {t("common.back")}
          </Button>
          <Button type="submit" loading={busy}>
            {t("setup.make")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
