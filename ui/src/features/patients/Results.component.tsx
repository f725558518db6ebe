import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { EmptyState } from "../../components/States.component";
import type { ChartView, ObservationView } from "./chart.resource";
import { dateInWords } from "./dates";
import { Sparkline } from "./Sparkline.component";
import { label } from "./words";

/** What was measured elsewhere: each kind once with its last value, its trend and all before it. */
export function Results({ chart }: { chart: ChartView }) {
  const { t } = useTranslation();
  const kinds = new Map<string, ObservationView[]>();
  for (const result of chart.observations) {
    const name = label(result.code);
    kinds.set(name, [...(kinds.get(name) ?? []), result]);
  }
  if (kinds.size === 0) return <EmptyState title={t("results.none")} text={t("results.noneWhy")} />;
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table fz="md" verticalSpacing="xs" aria-label={t("results.title")}>
        <Table.Thead>
          <Table.Tr>
            {(["what", "value", "when", "earlier", "trend"] as const).map((column) => (
              <Table.Th key={column}>{t(`results.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...kinds].map(([name, [last, ...before]]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} dir="auto">
                {name}
              </Table.Th>
              <Table.Td fw={600}>
                <bdi>
                  {last?.value} {last?.unit}
                </bdi>
              </Table.Td>
              <Table.Td>{dateInWords(last?.effective ?? null)}</Table.Td>
              <Table.Td c="dimmed">
                {before
                  .slice(0, 3)
                  .map(({ value }) => value)
                  .join(", ")}
              </Table.Td>
              <Table.Td>{last && <Sparkline name={name} readings={[last, ...before]} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
