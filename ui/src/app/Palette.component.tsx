import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import { IconSearch, IconUser, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { explain } from "../lib/errors";
import { type PatientHit, searchPatients } from "./palette.resource";
import { useNavigation } from "./route";
import { useMay } from "./session";

export type Action = { id: string; label: string; icon: ReactNode; keys?: string; run: () => void };

const PAUSE_MS = 120;

/** Patients as one types, and everything the person may do, from any screen. */
export function Palette({ actions }: { actions: Action[] }) {
  const { t } = useTranslation();
  const { go, open } = useNavigation();
  const mayRead = useMay("read_demographics");
  const mayRegister = useMay("write_demographics");
  const [typed, setTyped] = useState("");
  const [query] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const patients = useQuery({
    queryKey: ["Patient", "palette", query],
    queryFn: () => searchPatients(query),
    enabled: mayRead && query.length > 0,
    placeholderData: (before) => before,
    gcTime: 0,
  });

  const wanted = typed.trim().toLocaleLowerCase();
  const hits = wanted ? (patients.data ?? []) : [];
  const shown = actions.filter((action) => action.label.toLocaleLowerCase().includes(wanted));
  const settled = !patients.isFetching && query === typed.trim();
  const offerToRegister = mayRegister && wanted !== "" && settled && hits.length === 0 && !patients.error;

  return (
    <Spotlight.Root query={typed} onQueryChange={setTyped} shortcut={null} scrollable maxHeight="60vh" size="lg" overlayProps={{ blur: 0 }} transitionProps={{ duration: 0 }} attributes={{ content: { "aria-label": t("palette.title") } }}>
      <Spotlight.Search placeholder={t("palette.placeholder")} aria-label={t("palette.placeholder")} leftSection={<IconSearch size={18} aria-hidden />} />
      <Spotlight.ActionsList>
        {hits.length > 0 && (
          <Spotlight.ActionsGroup label={t("palette.patients")}>
            {hits.map((hit) => (
              <Spotlight.Action
                key={hit.id}
                label={hit.displayName}
                description={about(hit, t(`gender.${hit.gender}`))}
                leftSection={<IconUser size={20} aria-hidden />}
                onClick={() => go({ page: "patient", patientId: hit.id })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {offerToRegister && (
          <Spotlight.Action
            label={t("palette.register", { name: typed.trim() })}
            leftSection={<IconUserPlus size={20} aria-hidden />}
            onClick={() => open({ form: "register", name: typed.trim() })}
          />
        )}
        {shown.length > 0 && (
          <Spotlight.ActionsGroup label={t("palette.actions")}>
            {shown.map((action) => (
              <Spotlight.Action key={action.id} label={action.label} leftSection={action.icon} rightSection={action.keys} onClick={action.run} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {patients.error && wanted !== "" && <Spotlight.Empty>{explain(patients.error).title}</Spotlight.Empty>}
        {settled && hits.length === 0 && shown.length === 0 && !offerToRegister && !patients.error && <Spotlight.Empty>{t("palette.nothing")}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

export const openPalette = () => spotlight.open();

/** Enough to tell two people of one name apart. */
function about(hit: PatientHit, gender: string): string {
  return [hit.otherName, hit.ageText, gender, hit.birthDate, hit.identifier?.value, hit.phone].filter(Boolean).join(" · ");
}
