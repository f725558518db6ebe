import { Badge, Button, Group, Select, Stack, Table, Text, Title } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../../app/session";
import { EmptyState, ErrorState, Loading } from "../../components/States.component";
import { auditEvents, type AuditEventView, type AuditFilter, staff } from "./manage.resource";
import { Verify } from "./Verify.component";

const PAGE = 100;
const ACTIONS = [
  "unlock", "unlock_failed", "lock", "step_up", "recover", "set_up", "chain_fault", "read_demographics", "write_demographics", "read_diary", "write_diary", "check_in", "start_visit",
  "read_chart", "write_vitals", "write_chart", "write_note", "sign_note", "record", "own_settings", "read_audit", "manage_staff", "manage_clinic", "export", "import",
];

/** Who saw and did what, whose, when; and whether the log itself was touched. */
export function Audit() {
  const { t } = useTranslation();
  const [actorId, setActor] = useState<string | null>(null);
  const [action, setAction] = useState<string | null>(null);
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const filter: AuditFilter = { actorId, patientId: null, action, from, to, before: null, limit: PAGE };
  const people = useQuery({ queryKey: ["Practitioner", "staff"], queryFn: staff, enabled: useMay("manage_staff") });
  const events = useInfiniteQuery({
    queryKey: ["AuditEvent", filter],
    queryFn: ({ pageParam }) => auditEvents({ ...filter, before: pageParam }),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.length < PAGE ? undefined : last[last.length - 1]?.seq),
  });
  const rows = events.data?.pages.flat() ?? [];
  const filtered = Boolean(actorId || action || from || to);

  return (
    <Stack>
      <Verify />
      <Title order={3} fz="md">
        {t("audit.events")}
      </Title>
      <Group align="flex-end" role="search" aria-label={t("audit.filter")}>
        <Select label={t("audit.who")} placeholder={t("audit.anyone")} data={(people.data ?? []).map((one) => ({ value: one.id, label: one.name }))} value={actorId} onChange={setActor} clearable searchable w={200} clearButtonProps={{ "aria-label": t("audit.clear") }} />
        <Select label={t("audit.action")} placeholder={t("audit.anything")} data={ACTIONS.map((one) => ({ value: one, label: t(`audit.did.${one}`) }))} value={action} onChange={setAction} clearable searchable w={240} clearButtonProps={{ "aria-label": t("audit.clear") }} />
        <DateInput label={t("audit.from")} valueFormat="DD MMM YYYY" value={from} onChange={setFrom} clearable w={150} clearButtonProps={{ "aria-label": t("audit.clear") }} />
        <DateInput label={t("audit.to")} valueFormat="DD MMM YYYY" value={to} onChange={setTo} clearable w={150} clearButtonProps={{ "aria-label": t("audit.clear") }} />
        <Button variant="default" onClick={() => void events.refetch()}>
          {t("audit.refresh")}
        </Button>
      </Group>
      {events.error && <ErrorState error={events.error} onRetry={() => void events.refetch()} />}
      {events.isPending && <Loading />}
      {events.isSuccess && rows.length === 0 && <EmptyState title={t("audit.none")} text={filtered ? t("audit.noneFiltered") : undefined} />}
      {rows.length > 0 && <Events rows={rows} />}
      {events.hasNextPage && (
        <Button variant="default" onClick={() => void events.fetchNextPage()} loading={events.isFetchingNextPage} style={{ alignSelf: "center" }}>
          {t("audit.older")}
        </Button>
      )}
    </Stack>
  );
}

function Events({ rows }: { rows: AuditEventView[] }) {
  const { t } = useTranslation();
  const roles = (names: string) =>
    names
      .split(/[\s,]+/)
      .filter(Boolean)
      .map((role) => t(`role.${role}`, { defaultValue: role }))
      .join(", ");
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table verticalSpacing="xs" fz="sm" aria-label={t("audit.events")} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {(["when", "who", "action", "patient", "detail", "outcome"] as const).map((column) => (
              <Table.Th key={column} style={{ whiteSpace: "nowrap" }}>{t(`audit.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((event) => (
            <Table.Tr key={event.seq}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{dayjs(event.recorded).format("DD MMM YYYY HH:mm:ss")}</Table.Td>
              <Table.Td>
                {event.actor}
                {event.role && (
                  <Text span c="dimmed" fz="inherit">
                    {" "}
                    {roles(event.role)}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{t(`audit.did.${event.action}`, { defaultValue: event.action })}</Table.Td>
              <Table.Td>{event.patientName}</Table.Td>
              <Table.Td>{event.detail}</Table.Td>
              <Table.Td>{event.outcome === "success" ? t("audit.success") : <Badge color="red" variant="light" size="lg" tt="none">{t(`audit.${event.outcome}`)}</Badge>}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
