import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconLanguage, IconMoon, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { languages } from "../i18n";

/** Light or dark, whatever the computer says. */
export function useThemeToggle(): { next: "light" | "dark"; toggle: () => void } {
  const { setColorScheme } = useMantineColorScheme();
  const next = useComputedColorScheme("light") === "dark" ? "light" : "dark";
  return { next, toggle: () => setColorScheme(next) };
}

export function ThemeToggle() {
  const { t } = useTranslation();
  const { next, toggle } = useThemeToggle();
  return (
    <Tooltip label={t(`theme.${next}`)}>
      <ActionIcon variant="subtle" color="gray" size="lg" onClick={toggle} aria-label={t(`theme.${next}`)}>
        {next === "dark" ? <IconMoon size={20} aria-hidden /> : <IconSun size={20} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

/** Languages in their own names. `onChoose` keeps the choice for the person, where there is one. */
export function LanguageMenu({ onChoose }: { onChoose?: (language: string) => void }) {
  const { t, i18n } = useTranslation();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("frame.language")} title={t("frame.language")}>
          <IconLanguage size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(languages).map(([code, name]) => (
          <Menu.Item
            key={code}
            lang={code}
            rightSection={i18n.language === code && <IconCheck size={16} aria-hidden />}
            onClick={() => {
              void i18n.changeLanguage(code);
              onChoose?.(code);
            }}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
