import { Box, Center, Group, Paper, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

import { LanguageMenu, ThemeToggle } from "./Appearance.component";

/** A page without a session: one calm sheet in the middle, language and light at hand. */
export function Page({ title, width = 480, children }: { title: string; width?: number; children: ReactNode }) {
  return (
    <Box mih="100vh" bg="light-dark(var(--mantine-color-gray-0), var(--mantine-color-dark-8))">
      <Group component="header" justify="space-between" px="md" h={56}>
        <Text fw={700} c="var(--mantine-color-anchor)">
          Gladstone
        </Text>
        <Group gap="xs">
          <ThemeToggle />
          <LanguageMenu />
        </Group>
      </Group>
      <Center component="main" mih="calc(100vh - 112px)" px="md" pb="xl">
        <Paper withBorder p="xl" w="100%" maw={width}>
          <Title order={1} fz="1.5rem" mb="lg">
            {title}
          </Title>
          {children}
        </Paper>
      </Center>
    </Box>
  );
}
