import { Button, Select, type SelectProps, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { explain } from "../../lib/errors";
import { type PatientHit, searchPatients } from "./diary.resource";

const PAUSE_MS = 120;

export type Chosen = { id: string; displayName: string };
type Props = { value: Chosen | null; onChange: (patient: Chosen | null) => void; error: ReactNode; autoFocus?: boolean };

/** Finds a patient as one types; the desk decides what matches. Offers to register a name nobody has. */
export function PatientPicker({ value, onChange, error, autoFocus = false }: Props) {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const mayRegister = useMay("write_demographics");
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [query] = useDebouncedValue(typed.trim(), PAUSE_MS);
  // The field shows the chosen name as if it were typed; that asks for nobody.
  const asks = query !== "" && query !== value?.displayName;
  const found = useQuery({ queryKey: ["Patient", "pick", query], queryFn: () => searchPatients(query), enabled: asks, placeholderData: (before) => before, gcTime: 0 });

  const hits = asks ? (found.data ?? []) : [];
  const byId = new Map(hits.map((hit) => [hit.id, hit]));
  const options = hits.map((hit) => ({ value: hit.id, label: hit.displayName }));
  if (value && !byId.has(value.id)) options.unshift({ value: value.id, label: value.displayName });
  const nobody = asks && query === typed.trim() && !found.isFetching && !found.error && hits.length === 0;

  const about: NonNullable<SelectProps["renderOption"]> = ({ option }) => {
    const hit = byId.get(option.value);
    return (
      <Stack gap={0}>
        <bdi>{option.label}</bdi>
        {hit && (
          <Text fz="sm" c="dimmed">
            {[hit.ageText, t(`gender.${hit.gender}`), hit.birthDate, hit.identifier?.value, hit.phone].filter(Boolean).join(" · ")}
          </Text>
        )}
      </Stack>
    );
  };

  return (
    <Stack gap="xs" align="stretch">
      <Select
        ref={field}
        label={t("diary.book.patient")}
        placeholder={t("diary.book.patientHow")}
        required
        searchable
        // Nothing is offered before something is typed: an empty list that is open would take the Esc that closes the form.
        openOnFocus={false}
        clearable
        clearButtonProps={{ "aria-label": t("diary.book.clearPatient") }}
        autoComplete="off"
        dir="auto"
        {...(autoFocus ? { "data-autofocus": true } : {})}
        data={options}
        value={value?.id ?? null}
        onChange={(id) => {
          const hit = id === null ? null : (byId.get(id) ?? null);
          if (id === null || hit) onChange(hit && { id: hit.id, displayName: hit.displayName });
        }}
        // The field empties itself as it is left; the offer to register must outlast that to be reached.
        onSearchChange={(text) => (text !== "" || document.activeElement === field.current) && setTyped(text)}
        // What the desk found is shown as it is: names match across spellings and scripts.
        filter={({ options: all }) => all}
        selectFirstOptionOnChange
        renderOption={about}
        nothingFoundMessage={nobody ? t("diary.book.nobody") : undefined}
        error={error ?? (found.error && explain(found.error).title)}
      />
      {nobody && mayRegister && (
        <Button variant="default" leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => open({ form: "register", name: typed.trim() })} style={{ alignSelf: "flex-start" }}>
          {t("diary.book.register")} <bdi>{typed.trim()}</bdi>
        </Button>
      )}
    </Stack>
  );
}

export type { PatientHit };
