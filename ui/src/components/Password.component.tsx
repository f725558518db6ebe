import { Box, PasswordInput, type PasswordInputProps, Progress, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { type PasswordStrength, passwordStrength } from "./password.resource";

const PAUSE_MS = 250;

/** A password field as everywhere in the window: kept nowhere, shown on demand. */
export function PasswordField(props: PasswordInputProps) {
  const { t } = useTranslation();
  return <PasswordInput autoComplete="off" spellCheck={false} aria-invalid={Boolean(props.error)} visibilityToggleButtonProps={{ "aria-label": t("password.show") }} {...props} />;
}

type Props = Omit<PasswordInputProps, "value" | "onChange"> & {
  value: string;
  onChange: (password: string) => void;
  /** What an attacker knows: the person, the clinic. */
  names: string[];
};

/** A new password with how well it would hold, judged by the desk while it is typed. */
export function NewPassword({ value, onChange, names, ...rest }: Props) {
  const { t } = useTranslation();
  const [asked] = useDebouncedValue(value, PAUSE_MS);
  const known = names.join("\n");
  const [strength, setStrength] = useState<PasswordStrength | null>(null);

  useEffect(() => {
    if (asked === "") return setStrength(null);
    let gone = false;
    passwordStrength(asked, known.split("\n").filter(Boolean)).then(
      (found) => !gone && setStrength(found),
      () => !gone && setStrength(null),
    );
    return () => {
      gone = true;
    };
  }, [asked, known]);

  const words = !strength ? t("password.hint") : strength.acceptable ? t(`password.score.${strength.score}`) : t(`reason.${strength.reason ?? "guessable"}`);
  return (
    <Stack gap={6}>
      <PasswordField label={t("common.password")} required value={value} onChange={(event) => onChange(event.currentTarget.value)} {...rest} />
      <Progress value={strength ? 10 + strength.score * 22.5 : 0} color={strength?.acceptable ? "green" : "yellow"} size="sm" aria-label={t("password.strength")} transitionDuration={0} />
      <Box role="status" aria-live="polite">
        <Text fz="sm" c="dimmed">
          {words}
        </Text>
      </Box>
    </Stack>
  );
}
