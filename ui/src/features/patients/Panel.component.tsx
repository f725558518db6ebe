import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";

import classes from "./Patients.module.css";

type Props = {
  title: string;
  /** Words of the button, and the form it opens in place; absent for those who may not. */
  add?: { label: string; form: (close: () => void) => ReactNode } | undefined;
  children: ReactNode;
};

/** One list of the chart with its first step beside its name. */
export function Panel({ title, add, children }: Props) {
  const [adding, setAdding] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const wasAdding = useRef(false);
  useEffect(() => {
    // The keyboard comes back to where it was.
    if (wasAdding.current && !adding) opener.current?.focus();
    wasAdding.current = adding;
  }, [adding]);
  return (
    <section className={classes.panel} aria-label={title}>
      <Group justify="space-between" gap="xs" mb={4} mih={36}>
        <Title order={2} fz="md">
          {title}
        </Title>
        {add && !adding && (
          <Button ref={opener} variant="subtle" size="compact-md" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {add.label}
          </Button>
        )}
      </Group>
      {adding && add?.form(() => setAdding(false))}
      <Stack gap={0}>{children}</Stack>
    </section>
  );
}

/** What would be here; short, since several such stand on one screen. */
export function NothingYet({ children }: { children: ReactNode }) {
  return <Text c="dimmed">{children}</Text>;
}
