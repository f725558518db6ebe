import { ActionIcon, Badge, Burger, Button, Group, Kbd, Stack, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconKeyboard, IconLock, IconSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { LanguageMenu, ThemeToggle } from "../components/Appearance.component";
import { tell } from "../lib/tell";
import classes from "./Frame.module.css";
import { keys } from "./KeysHelp.component";
import { openPalette } from "./Palette.component";
import { useSession } from "./session";
import { setLanguage } from "./session.resource";

type Props = { menuOpen: boolean; onMenu: () => void; onLock: () => void; onHelp: () => void; onDeleteDemo: (() => void) | null };

export function Header({ menuOpen, onMenu, onLock, onHelp, onDeleteDemo }: Props) {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
      <Group gap="sm" wrap="nowrap" miw={0} flex={1}>
        <Burger opened={menuOpen} onClick={onMenu} hiddenFrom="sm" size="sm" aria-label={t("frame.menu")} />
        <Text fw={700} c="var(--mantine-color-anchor)" style={{ flexShrink: 0 }}>
          Gladstone
        </Text>
        <Text truncate visibleFrom="md" title={session.clinic}>
          {session.clinic}
        </Text>
        {session.demo && <DemoBadge onDelete={onDeleteDemo} />}
      </Group>
      <UnstyledButton className={classes.search} onClick={openPalette} aria-label={`${t("palette.open")} ${keys.palette}`}>
        <IconSearch size={18} aria-hidden />
        <Text component="span" truncate flex={1} visibleFrom="sm">
          {t("palette.open")}
        </Text>
        {" "}
        <Kbd visibleFrom="md">{keys.palette}</Kbd>
      </UnstyledButton>
      <Group gap="xs" wrap="nowrap" justify="flex-end" flex={1}>
        <Stack gap={0} align="flex-end" visibleFrom="sm" miw={0} maw={180}>
          <Text fw={600} truncate maw="100%" lh={1.25} title={session.name}>
            {session.name}
          </Text>
          <Text fz="sm" c="dimmed" lh={1.25} truncate maw="100%">
            {session.roles.map((role) => t(`role.${role}`)).join(", ")}
          </Text>
        </Stack>
        <Tooltip label={`${t("keys.title")}  ${keys.help}`}>
          <ActionIcon variant="subtle" color="gray" size="lg" onClick={onHelp} aria-label={t("keys.title")} visibleFrom="lg">
            <IconKeyboard size={20} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <ThemeToggle />
        <LanguageMenu onChoose={(language) => setLanguage(language).catch(tell)} />
        <Tooltip label={`${t("frame.lockWhy")}  ${keys.lock}`}>
          <Button variant="default" leftSection={<IconLock size={18} aria-hidden />} onClick={onLock}>
            {t("frame.lock")}
          </Button>
        </Tooltip>
      </Group>
    </Group>
  );
}

/** Nobody should mistake the demo for a clinic; a manager removes it from here or from the palette. */
function DemoBadge({ onDelete }: { onDelete: (() => void) | null }) {
  const { t } = useTranslation();
  return (
    <Group gap={6} wrap="nowrap" style={{ flexShrink: 0 }}>
      <Tooltip label={t("demo.why")}>
        <Badge variant="light" color="yellow" size="lg" tabIndex={0} style={{ flexShrink: 0 }}>
          {t("demo.badge")}
        </Badge>
      </Tooltip>
      {onDelete && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={onDelete} visibleFrom="lg">
          {t("demo.delete")}
        </Button>
      )}
    </Group>
  );
}
