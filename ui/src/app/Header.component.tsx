import { ActionIcon, Badge, Box, Burger, Button, Group, Kbd, Stack, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { IconKeyboard, IconLock, IconSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { LanguageMenu, ThemeToggle } from "../components/Appearance.component";
import { explain } from "../lib/errors";
import classes from "./Frame.module.css";
import { keys } from "./KeysHelp.component";
import { openPalette } from "./Palette.component";
import { useMay, useSession } from "./session";
import { deleteDemo, setLanguage } from "./session.resource";

type Props = { menuOpen: boolean; onMenu: () => void; onLock: () => void; onHelp: () => void; onDemoDeleted: () => void };

export function Header({ menuOpen, onMenu, onLock, onHelp, onDemoDeleted }: Props) {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
      <Group gap="sm" wrap="nowrap" miw={0}>
        <Burger opened={menuOpen} onClick={onMenu} hiddenFrom="sm" size="sm" aria-label={t("frame.menu")} />
        <Text fw={700} c="var(--mantine-color-anchor)">
          Gladstone
        </Text>
        <Text truncate visibleFrom="md" title={session.clinic}>
          {session.clinic}
        </Text>
        {session.demo && <DemoBadge onDeleted={onDemoDeleted} />}
      </Group>
      <UnstyledButton className={classes.search} onClick={openPalette} aria-label={t("palette.open")}>
        <IconSearch size={18} aria-hidden />
        <Text component="span" truncate flex={1} visibleFrom="sm">
          {t("palette.open")}
        </Text>
        <Kbd visibleFrom="md">{keys.palette}</Kbd>
      </UnstyledButton>
      <Group gap="xs" wrap="nowrap">
        <Stack gap={0} align="flex-end" visibleFrom="sm" miw={0} maw={180}>
          <Text fw={600} truncate maw="100%" lh={1.25} title={session.name}>
            {session.name}
          </Text>
          <Text fz="xs" c="dimmed" lh={1.25} truncate maw="100%">
            {session.roles.map((role) => t(`role.${role}`)).join(", ")}
          </Text>
        </Stack>
        <Tooltip label={`${t("keys.title")}  ${keys.help}`}>
          <ActionIcon variant="subtle" color="gray" size="lg" onClick={onHelp} aria-label={t("keys.title")} visibleFrom="md">
            <IconKeyboard size={20} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <ThemeToggle />
        <LanguageMenu onChoose={(language) => setLanguage(language).catch((thrown: unknown) => notifications.show({ color: "red", ...words(thrown) }))} />
        <Tooltip label={`${t("frame.lockWhy")}  ${keys.lock}`}>
          <Button variant="default" leftSection={<IconLock size={18} aria-hidden />} onClick={onLock}>
            {t("frame.lock")}
          </Button>
        </Tooltip>
      </Group>
    </Group>
  );
}

function words(thrown: unknown) {
  const { title, advice } = explain(thrown);
  return { title, message: advice };
}

/** Nobody should mistake the demo for a clinic; a manager removes it from here. */
function DemoBadge({ onDeleted }: { onDeleted: () => void }) {
  const { t } = useTranslation();
  const manager = useMay("manage_clinic");
  const { clinic } = useSession();
  const ask = () =>
    modals.openConfirmModal({
      title: t("demo.deleteTitle", { clinic }),
      children: <Text>{t("demo.deleteWhy")}</Text>,
      labels: { confirm: t("demo.delete"), cancel: t("common.cancel") },
      confirmProps: { color: "red" },
      onConfirm: () => deleteDemo().then(onDeleted, (thrown: unknown) => notifications.show({ color: "red", ...words(thrown) })),
    });
  return (
    <Group gap={6} wrap="nowrap">
      <Tooltip label={t("demo.why")}>
        <Badge variant="outline" color="yellow.8" size="lg" tt="none" tabIndex={0} style={{ flexShrink: 0 }}>
          {t("demo.badge")}
        </Badge>
      </Tooltip>
      {manager && (
        <Box visibleFrom="md">
          <Button variant="subtle" color="gray" size="compact-sm" onClick={ask}>
            {t("demo.delete")}
          </Button>
        </Box>
      )}
    </Group>
  );
}
