import { Badge, Button, Group, Stack, Table, Text, Title } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { ErrorState, Loading } from "../../components/States.component";
import { type Role, staff } from "./manage.resource";

const ROLES: Role[] = ["doctor", "nurse", "receptionist", "manager"];

/** Who works here and what they may. There is always somebody: the one who set the desk up. */
export function Staff() {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { data, error, refetch } = useQuery({ queryKey: ["Practitioner", "staff"], queryFn: staff });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const active = data.filter((person) => person.active);
  const counts = ROLES.map((role) => ({ role, count: active.filter((person) => person.roles.includes(role)).length })).filter(({ count }) => count > 0);
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} fz="lg">
            {t("manage.staff.state", { count: active.length })}
          </Title>
          <Text c="dimmed">{counts.map(({ role, count }) => t(`manage.staff.count.${role}`, { count })).join(", ")}</Text>
        </div>
        <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => open({ form: "addStaff" })}>
          {t("manage.staff.add")}
        </Button>
      </Group>
      <Table.ScrollContainer minWidth={480}>
        <Table verticalSpacing="sm" fz="md" aria-label={t("manage.staff.list")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("manage.staff.person")}</Table.Th>
              <Table.Th>{t("manage.staff.roles")}</Table.Th>
              <Table.Th>{t("manage.staff.may")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.map((person) => (
              <Table.Tr key={person.id}>
                <Table.Td fw={600}>{person.name}</Table.Td>
                <Table.Td>
                  <Group gap={6}>
                    {person.roles.map((role) => (
                      <Badge key={role} variant="default" size="lg" tt="none" fw={500}>
                        {t(`role.${role}`)}
                      </Badge>
                    ))}
                  </Group>
                </Table.Td>
                <Table.Td>{person.active ? t("manage.staff.active") : t("manage.staff.inactive")}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
