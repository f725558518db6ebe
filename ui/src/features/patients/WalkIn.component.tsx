import { Button, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ErrorState, Loading } from "../../components/States.component";
import classes from "./Patients.module.css";
import { practitioners, walkIn } from "./patients.resource";
import { say } from "./say";

/** Puts a patient who is here now into the queue of one practitioner. */
export function WalkIn({ patientId, focus = false, onDone }: { patientId: string; focus?: boolean; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: ["Practitioner", "bookable"], queryFn: practitioners });
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  // Doctors first: most walk in for one.
  const people = [...data].sort((a, b) => Number(b.roles.includes("doctor")) - Number(a.roles.includes("doctor")));
  const who = chosen ?? people[0]?.id;
  if (!who) return <Text c="dimmed">{t("walkIn.nobody")}</Text>;

  const send = async () => {
    setBusy(true);
    setFault(null);
    try {
      const entry = await walkIn(patientId, who, reason.trim());
      await Promise.all([client.invalidateQueries({ queryKey: ["Encounter"] }), client.invalidateQueries({ queryKey: ["Appointment"] })]);
      say(t("walkIn.done", { name: entry.patientName, practitioner: entry.practitionerName }));
      onDone();
    } catch (thrown) {
      setFault(thrown);
      setBusy(false);
    }
  };
  return (
    <form
      aria-label={t("walkIn.now")}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Stack gap="sm">
        <div className={classes.pair}>
          <NativeSelect label={t("walkIn.who")} data={people.map(({ id, name }) => ({ value: id, label: name }))} value={who} onChange={(event) => setChosen(event.currentTarget.value)} />
          <TextInput label={t("walkIn.reason")} autoComplete="off" dir="auto" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        </div>
        {fault !== null && <ErrorState error={fault} />}
        <Button type="submit" loading={busy} autoFocus={focus} style={{ alignSelf: "flex-start" }}>
          {t("walkIn.now")}
        </Button>
      </Stack>
    </form>
  );
}
