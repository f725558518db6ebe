import { ActionIcon, Badge, Box, Button, Group, Menu, Text } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../../app/session";
import { tell } from "../../lib/tell";
import { AllergyForm, MedicineForm, ProblemForm } from "./AddToChart.form";
import { type ChartView, type ListItemKind, recordNoKnownAllergies, setListItemStatus } from "./chart.resource";
import { dateInWords } from "./dates";
import { NothingYet, Panel } from "./Panel.component";
import classes from "./Patients.module.css";
import { offerUndo } from "./say";
import { useChartChanged, useMayPrescribe } from "./useChart";
import { label } from "./words";

/** Statuses a person can choose, the current one first. */
const STATUSES: Record<ListItemKind, string[]> = {
  allergy: ["active", "inactive", "resolved"],
  condition: ["active", "inactive", "resolved"],
  medication: ["active", "stopped", "completed", "on-hold"],
};

type Item = { id: string; name: string; status: string; detail: ReactNode };

export function ProblemsPanel({ chart }: { chart: ChartView }) {
  const { t } = useTranslation();
  const may = useMay("write_chart");
  const patientId = chart.patient.id;
  const items = chart.conditions.map((one) => ({ id: one.id, name: label(one.code), status: one.status, detail: one.onset && t("problem.since", { date: dateInWords(one.onset) }) }));
  return (
    <Panel title={t("problem.title")} add={may ? { label: t("problem.add"), form: (close) => <ProblemForm patientId={patientId} onClose={close} /> } : undefined}>
      <Items kind="condition" items={items} patientId={patientId} mayChange={may} none={t("problem.none")} />
    </Panel>
  );
}

export function MedicinesPanel({ chart }: { chart: ChartView }) {
  const { t } = useTranslation();
  const may = useMayPrescribe();
  const patientId = chart.patient.id;
  const items = chart.medications.map((one) => ({ id: one.id, name: label(one.medication), status: one.status, detail: one.dosage && <bdi>{one.dosage}</bdi> }));
  return (
    <Panel title={t("medicine.title")} add={may ? { label: t("medicine.add"), form: (close) => <MedicineForm patientId={patientId} onClose={close} /> } : undefined}>
      <Items kind="medication" items={items} patientId={patientId} mayChange={may} none={t("medicine.none")} />
    </Panel>
  );
}

export function AllergiesPanel({ chart }: { chart: ChartView }) {
  const { t } = useTranslation();
  const may = useMay("write_chart");
  const patientId = chart.patient.id;
  const items = chart.allergies.map((one) => ({
    id: one.id,
    name: label(one.substance),
    status: one.status,
    detail: (
      <Group component="span" gap={6} display="inline-flex">
        {one.criticality && (
          <Badge component="span" variant="light" color={one.criticality === "high" ? "red" : "gray"} size="lg" fw={600}>
            {t(`allergy.criticality.${one.criticality}`)}
          </Badge>
        )}
        <bdi>{one.reaction}</bdi>
      </Group>
    ),
  }));
  const anyActive = items.some((item) => item.status === "active");
  return (
    <Panel title={t("allergy.title")} add={may ? { label: t("allergy.add"), form: (close) => <AllergyForm patientId={patientId} onClose={close} /> } : undefined}>
      {!anyActive && <NoAllergy patientId={patientId} known={chart.noKnownAllergies} mayRecord={may} />}
      <Items kind="allergy" items={items} patientId={patientId} mayChange={may} none={null} />
    </Panel>
  );
}

/** That nobody asked is another thing than that there is none. */
function NoAllergy({ patientId, known, mayRecord }: { patientId: string; known: boolean; mayRecord: boolean }) {
  const { t } = useTranslation();
  const changed = useChartChanged(patientId);
  const [busy, setBusy] = useState(false);
  if (known) return <Text>{t("allergy.noneKnown")}</Text>;
  const record = () => {
    setBusy(true);
    recordNoKnownAllergies(patientId)
      .then(changed, tell)
      .finally(() => setBusy(false));
  };
  return (
    <Group gap="xs">
      <Text c="var(--mantine-color-yellow-text)" fw={600}>
        {t("allergy.notRecorded")}
      </Text>
      {mayRecord && (
        <Button variant="default" size="compact-md" loading={busy} onClick={record} h="auto" mih={26} py={4} styles={{ label: { whiteSpace: "normal" } }}>
          {t("allergy.recordNone")}
        </Button>
      )}
    </Group>
  );
}

type ItemsProps = { kind: ListItemKind; items: Item[]; patientId: string; mayChange: boolean; none: string | null };

/** What counts now; what is over stays at hand, folded. */
function Items({ kind, items, patientId, mayChange, none }: ItemsProps) {
  const { t } = useTranslation();
  const [showPast, setShowPast] = useState(false);
  const current = items.filter((item) => item.status === "active" || item.status === "on-hold");
  const past = items.filter((item) => !current.includes(item));
  const row = (item: Item) => <Row key={item.id} kind={kind} item={item} patientId={patientId} mayChange={mayChange} />;
  return (
    <>
      {current.length === 0 && none !== null && <NothingYet>{none}</NothingYet>}
      {current.length > 0 && <ul className={classes.hits}>{current.map(row)}</ul>}
      {past.length > 0 && (
        <Box mt={4}>
          <Button variant="subtle" color="gray" size="compact-md" aria-expanded={showPast} onClick={() => setShowPast(!showPast)}>
            {t(`list.past.${kind}`, { count: past.length })}
          </Button>
          {showPast && <ul className={classes.hits}>{past.map(row)}</ul>}
        </Box>
      )}
    </>
  );
}

function Row({ kind, item, patientId, mayChange }: { kind: ListItemKind; item: Item; patientId: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const changed = useChartChanged(patientId);
  const set = async (status: string) => {
    await setListItemStatus(kind, item.id, status);
    await changed();
  };
  const choose = (status: string) =>
    set(status).then(() => offerUndo(t("list.changed", { name: item.name, status: t(`status.${status}`) }), () => set(item.status)), tell);
  return (
    <li className={classes.item}>
      <div>
        <Text fw={item.status === "active" ? 600 : 400} fz="md">
          <bdi>{item.name}</bdi>
        </Text>
        <Text component="div" fz="sm" c="dimmed">
          {item.status !== "active" && t(`status.${item.status}`)}
          {item.status !== "active" && item.detail && ", "}
          {item.detail}
        </Text>
      </div>
      {mayChange && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("list.change", { name: item.name })} title={t("list.change", { name: item.name })}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {STATUSES[kind]
              .filter((status) => status !== item.status)
              .map((status) => (
                <Menu.Item key={status} onClick={() => void choose(status)}>
                  {t(`mark.${status}`)}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
