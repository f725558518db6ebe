import { Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { EmptyState, ErrorState, Loading } from "../../components/States.component";
import { timeInWords } from "./dates";
import { appointments, type AppointmentView, practitioners } from "./patients.resource";

const MONTHS_BACK = 6;
const MONTHS_AHEAD = 12;

function day(monthsFromNow: number): string {
  const date = new Date();
  date.setMonth(date.getMonth() + monthsFromNow);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}

/** One patient's appointments out of the diary, for those who may not open the chart that lists them. */
export function AppointmentsOf({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["Appointment", "of", patientId],
    queryFn: () => appointments(day(-MONTHS_BACK), day(MONTHS_AHEAD)),
    select: (all) => all.filter((one) => one.patientId === patientId),
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <Stack>
      <AppointmentTable appointments={data} />
      <Text c="dimmed">{t("visits.range", { back: MONTHS_BACK, ahead: MONTHS_AHEAD })}</Text>
    </Stack>
  );
}

/** What is coming first, then what was, newest first. */
export function AppointmentTable({ appointments: all }: { appointments: AppointmentView[] }) {
  const { t } = useTranslation();
  const people = useQuery({ queryKey: ["Practitioner", "bookable"], queryFn: practitioners });
  if (all.length === 0) return <EmptyState title={t("visits.none")} text={t("visits.noneWhy")} />;
  const nameOf = (id: string) => people.data?.find((person) => person.id === id)?.name ?? "";
  const now = Date.now();
  const isComing = (one: AppointmentView) => new Date(one.end).getTime() >= now;
  const coming = all.filter(isComing).sort((a, b) => a.start.localeCompare(b.start));
  const past = all.filter((one) => !isComing(one)).sort((a, b) => b.start.localeCompare(a.start));
  return (
    <Stack>
      {([["coming", coming], ["past", past]] as const).map(
        ([part, rows]) =>
          rows.length > 0 && (
            <div key={part}>
              <Title order={2} fz="md" mb="xs">
                {t(`visits.${part}`)}
              </Title>
              <Table.ScrollContainer minWidth={520}>
                <Table fz="md" aria-label={t(`visits.${part}`)}>
                  <Table.Thead>
                    <Table.Tr>
                      {(["when", "who", "reason", "status"] as const).map((column) => (
                        <Table.Th key={column}>{t(`visits.${column}`)}</Table.Th>
                      ))}
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {rows.map((one) => (
                      <Table.Tr key={one.id}>
                        <Table.Td>{timeInWords(one.start)}</Table.Td>
                        <Table.Td dir="auto">{nameOf(one.practitionerId)}</Table.Td>
                        <Table.Td dir="auto">{one.reason}</Table.Td>
                        <Table.Td>
                          {t(`visits.appointmentStatus.${one.status}`, { defaultValue: one.status })}
                          {one.walkIn && `, ${t("visits.walkIn")}`}
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </div>
          ),
      )}
    </Stack>
  );
}
