import { Badge, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { EmptyState, ErrorState, Loading } from "../../components/States.component";
import { whoLooked } from "./chart.resource";
import { timeInWords } from "./dates";

/** Everybody who opened or tried to open this record, from the log that cannot be altered unseen. */
export function Looked({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ queryKey: ["AuditEvent", "looked", patientId], queryFn: () => whoLooked(patientId) });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  if (data.length === 0) return <EmptyState title={t("looked.none")} text={t("looked.noneWhy")} />;
  const roles = (names: string) =>
    names
      .split(/[\s,]+/)
      .filter(Boolean)
      .map((role) => t(`role.${role}`, { defaultValue: role }))
      .join(", ");
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table fz="md" verticalSpacing="xs" aria-label={t("looked.title")}>
        <Table.Thead>
          <Table.Tr>
            {(["when", "who", "action", "outcome"] as const).map((column) => (
              <Table.Th key={column}>{t(`audit.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.map((event) => (
            <Table.Tr key={event.seq}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{timeInWords(event.recorded)}</Table.Td>
              <Table.Td>
                <bdi>{event.actor}</bdi>{" "}
                <Text span c="dimmed" fz="inherit">
                  {roles(event.role)}
                </Text>
              </Table.Td>
              <Table.Td>{t(`audit.did.${event.action}`, { defaultValue: event.action })}</Table.Td>
              <Table.Td>
                {event.outcome === "success" ? (
                  t("audit.success")
                ) : (
                  <Badge color="red" variant="light" size="lg">
                    {t(`audit.${event.outcome}`)}
                  </Badge>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
