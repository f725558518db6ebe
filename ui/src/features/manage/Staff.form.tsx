import { Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useSession } from "../../app/session";
import { NewPassword } from "../../components/Password.component";
import { ErrorState } from "../../components/States.component";
import { useStepUp } from "../../components/StepUp.component";
import { refusal } from "../../lib/call";
import { explain, fieldFault } from "../../lib/errors";
import { focusFirst } from "../../lib/focusFirst";
import { useSealedForm } from "../../lib/useSealedForm";
import { addStaff, type Role } from "./manage.resource";

const ROLES: Role[] = ["doctor", "nurse", "receptionist", "manager"];

/** Somebody new: name, roles, a first password. The password is in no draft. */
export function StaffForm() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const withStepUp = useStepUp();
  const { clinic } = useSession();
  const { close } = useNavigation();
  const [password, setPassword] = useState("");
  const [weak, setWeak] = useState<string | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const form = useForm<{ name: string; roles: Role[] }>({
    initialValues: { name: "", roles: [] },
    validate: {
      name: (name) => (name.trim() === "" ? t("reason.required") : null),
      roles: (roles) => (roles.length === 0 ? t("manage.staff.roleNeeded") : null),
    },
  });
  const { drop } = useSealedForm("staff:new", form);

  const add = async ({ name, roles }: typeof form.values) => {
    setBusy(true);
    setFault(null);
    setWeak(null);
    try {
      const person = await withStepUp(() => addStaff({ name: name.trim(), roles, password }));
      await drop();
      await client.invalidateQueries({ queryKey: ["Practitioner"] });
      notifications.show({ color: "green", message: t("manage.staff.added", { name: person.name }) });
      close();
    } catch (thrown) {
      const field = fieldFault(thrown);
      if (refusal(thrown).code === "weak_password") setWeak(explain(thrown).advice);
      else if (field && field.field in form.values) form.setFieldError(field.field, field.words);
      else setFault(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={form.onSubmit((values) => void add(values), focusFirst)} noValidate>
      <Stack>
        <TextInput label={t("manage.staff.fullName")} required data-autofocus autoComplete="off" {...form.getInputProps("name")} />
        <Checkbox.Group label={t("manage.staff.roles")} required {...form.getInputProps("roles")}>
          <Stack gap="xs" mt="xs">
            {ROLES.map((role) => (
              <Checkbox key={role} value={role} label={t(`role.${role}`)} description={t(`manage.staff.does.${role}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NewPassword label={t("manage.staff.firstPassword")} value={password} onChange={setPassword} names={[form.values.name, clinic]} error={weak} />
        <Text c="dimmed">{t("manage.staff.tell")}</Text>
        {fault !== null && <ErrorState error={fault} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={password === ""}>
            {t("manage.staff.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
