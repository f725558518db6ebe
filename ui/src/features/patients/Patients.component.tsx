import { Box, Button, Group, Text, TextInput, Title, VisuallyHidden } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAddressBook, IconSearch, IconUserPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { EmptyState, ErrorState, Loading, NoPermission } from "../../components/States.component";
import { ageInWords, dateInWords } from "./dates";
import classes from "./Patients.module.css";
import { type PatientHit, recentPatients, searchPatients } from "./patients.resource";
import { identifierWords } from "./words";

const PAUSE_MS = 100;

/** Finds a person by anything that is known of them, by keyboard alone: type, arrow, Enter. */
export function Patients() {
  const { t } = useTranslation();
  const { go, open } = useNavigation();
  const mayRead = useMay("read_demographics");
  const mayRegister = useMay("write_demographics");
  const [typed, setTyped] = useState("");
  const [query] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const [at, setAt] = useState(0);
  const [waiting, setWaiting] = useState(false);
  const listId = useId();
  const optionId = (place: number) => `${listId}-${place}`;

  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["Patient", "search", query],
    queryFn: async () => ({ query, hits: await (query === "" ? recentPatients() : searchPatients(query)) }),
    enabled: mayRead,
    // What was found before stays until the next is there: nothing flickers under the eyes.
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const hits = data?.hits ?? [];
  const chosen = Math.min(at, hits.length - 1);
  const settled = !isFetching && query === typed.trim();
  useEffect(() => {
    document.getElementById(optionId(chosen))?.scrollIntoView({ block: "nearest" });
    // The ids belong to this list for as long as it is shown.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [chosen]);

  const openHit = (hit: PatientHit) => go({ page: "patient", patientId: hit.id });
  const register = () => open({ form: "register", name: typed.trim() });
  const take = () => {
    const hit = hits[chosen];
    if (hit) openHit(hit);
    else if (typed.trim() !== "" && mayRegister && !error) register();
  };
  // Hands are faster than the search: Enter waits for what belongs to the words that stand there, and never opens somebody else.
  useEffect(() => {
    if (!waiting || !settled) return;
    setWaiting(false);
    take();
    // Only the end of the search counts.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [waiting, settled]);

  if (!mayRead) return <NoPermission who={t("reason.read_demographics")} />;

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + 8, PageUp: chosen - 8 };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(next, hits.length - 1)));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing && !event.ctrlKey) {
      event.preventDefault();
      if (settled) take();
      else setWaiting(true);
    } else if (event.key === "Escape" && typed !== "") {
      setTyped("");
      setAt(0);
    }
  };
  const registerButton = mayRegister && (
    <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={register} h="auto" mih={36} styles={{ label: { whiteSpace: "normal" } }}>
      {typed.trim() ? t("patients.register", { name: typed.trim() }) : t("patients.registerNew")}
    </Button>
  );
  const title = !data?.query ? t("patients.recent") : t("patients.results");

  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={1} fz="1.5rem">
          {t("nav.patients")}
        </Title>
        {hits.length > 0 && registerButton}
      </Group>
      <TextInput
        role="combobox"
        aria-label={t("patients.search")}
        aria-expanded={hits.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={hits.length > 0 ? optionId(chosen) : undefined}
        placeholder={t("patients.placeholder")}
        description={t("patients.hint")}
        inputWrapperOrder={["input", "description"]}
        size="md"
        dir="auto"
        autoFocus
        autoComplete="off"
        spellCheck={false}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
          setWaiting(false);
        }}
        onKeyDown={onKeyDown}
        mb="md"
      />
      <VisuallyHidden role="status">{settled && query !== "" ? t("patients.count", { count: hits.length }) : ""}</VisuallyHidden>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <Title order={2} fz="md" mb={4}>
          {title}
        </Title>
      )}
      <Box component="ul" id={listId} role="listbox" aria-label={title} className={classes.hits ?? ""} hidden={hits.length === 0}>
        {hits.map((hit, place) => (
          // The field keeps the keyboard; a row is chosen from there or clicked.
          <li key={hit.id} id={optionId(place)} role="option" aria-selected={place === chosen} className={classes.hit} onMouseDown={(event) => event.preventDefault()} onClick={() => openHit(hit)}>
            <Hit hit={hit} />
          </li>
        ))}
      </Box>
      {data && !error && hits.length === 0 && (
        <EmptyState
          icon={<IconAddressBook size={28} />}
          title={data.query === "" ? t("patients.empty") : t("patients.none", { query: data.query })}
          text={data.query === "" ? t("patients.emptyWhy") : t("patients.noneWhy")}
          action={registerButton}
        />
      )}
    </>
  );
}

/** Enough to tell two people of one name apart. */
function Hit({ hit }: { hit: PatientHit }) {
  const { t } = useTranslation();
  return (
    <>
      <span>
        <Text span fw={600} fz="md" dir="auto">
          <bdi>{hit.displayName}</bdi>
        </Text>
        {hit.otherName && (
          <Text span c="dimmed" fz="md">
            {" "}
            <bdi>{hit.otherName}</bdi>
          </Text>
        )}
      </span>
      <Text span>{[dateInWords(hit.birthDate), ageInWords(hit.ageText)].filter(Boolean).join(", ")}</Text>
      <Text span>{t(`gender.${hit.gender}`)}</Text>
      <Text span>
        <bdi>{hit.phone}</bdi>
      </Text>
      <Text span>
        <bdi>{hit.identifier && identifierWords(hit.identifier)}</bdi>
      </Text>
    </>
  );
}
