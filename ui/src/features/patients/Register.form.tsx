import { Button, Collapse, Group, Stack, Text } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { useNavigation } from "../../app/route";
import { useMay } from "../../app/session";
import { ErrorState, Loading, NoPermission } from "../../components/States.component";
import { fieldFault } from "../../lib/errors";
import { focusFirst } from "../../lib/focusFirst";
import { useSealedForm } from "../../lib/useSealedForm";
import { Duplicates } from "./Duplicates.component";
import { MoreFields } from "./MoreFields.component";
import { PatientFields } from "./PatientFields.component";
import classes from "./Patients.module.css";
import { patient as readPatient, type PatientRequest, type PatientView, registerPatient, updatePatient } from "./patients.resource";
import { fieldOf, type PatientValues, requestOf, valuesFromQuery, valuesOf } from "./patientValues";
import { Registered } from "./Registered.component";
import { say } from "./say";
import { usePatientForm } from "./usePatientForm";

/** A new patient in one go from the keyboard. `name` is what was searched for in vain. */
export function RegisterForm({ name }: { name: string }) {
  const { t } = useTranslation();
  const may = useMay("write_demographics");
  const [registered, setRegistered] = useState<PatientView | null>(null);
  const [another, setAnother] = useState(false);
  if (!may) return <NoPermission who={t("reason.write_demographics")} />;
  if (registered)
    return (
      <Registered
        patient={registered}
        onAnother={() => {
          setRegistered(null);
          setAnother(true);
        }}
      />
    );
  return <PatientForm draft="patient:new" except={null} initial={valuesFromQuery(another ? "" : name)} save={t("register.save")} send={registerPatient} onSaved={setRegistered} />;
}

export function EditPatientForm({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const { close } = useNavigation();
  const may = useMay("write_demographics");
  const { data, error, refetch } = useQuery({ queryKey: ["Patient", patientId], queryFn: () => readPatient(patientId) });
  if (!may) return <NoPermission who={t("reason.write_demographics")} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <PatientForm
      draft={`patient:${patientId}`}
      except={patientId}
      initial={valuesOf(data)}
      save={t("register.saveChanges")}
      send={(request) => updatePatient(patientId, request)}
      onSaved={(saved) => {
        say(t("register.saved", { name: saved.displayName }));
        close();
      }}
    />
  );
}

type Props = {
  draft: string;
  /** The patient that is changed: never a duplicate of itself. */
  except: string | null;
  initial: PatientValues;
  save: string;
  send: (request: PatientRequest) => Promise<PatientView>;
  onSaved: (patient: PatientView) => void;
};

/** Throws a draft away by starting the form anew: a form that was dropped keeps nothing any more. */
function PatientForm(props: Props) {
  const [round, setRound] = useState(0);
  return <Fields key={round} {...props} onStartAgain={() => setRound(round + 1)} />;
}

function Fields({ draft, except, initial, save, send, onSaved, onStartAgain }: Props & { onStartAgain: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { go, close } = useNavigation();
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [more, setMore] = useState(false);
  const form = usePatientForm(initial);
  const { restored, drop } = useSealedForm(draft, form);

  const keep = async (values: PatientValues) => {
    if (busy) return;
    setBusy(true);
    setFault(null);
    try {
      const saved = await send(requestOf(values));
      await drop();
      await Promise.all([client.invalidateQueries({ queryKey: ["Patient"] }), client.invalidateQueries({ queryKey: ["Chart"] })]);
      onSaved(saved);
    } catch (thrown) {
      setBusy(false);
      const faulty = fieldFault(thrown);
      const field = faulty && fieldOf(faulty.field, values);
      if (!faulty || !field) return setFault(thrown);
      // A field that is folded away could not be seen to be wrong.
      if (/^(names|telecom|identifiers|contacts|address|language)\b/.test(field)) setMore(true);
      form.setFieldError(field, faulty.words);
      focusFirst();
    }
  };
  const submit = form.onSubmit((values) => void keep(values), focusFirst);
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  };
  const openInstead = (id: string) => {
    go({ page: "patient", patientId: id });
    close();
  };

  return (
    <form className={classes.form} onSubmit={submit} onKeyDown={onKeyDown} noValidate>
      <Stack>
        {restored && (
          <Group gap="xs" role="status">
            <Text c="dimmed">{t("common.restored")}</Text>
            <Button variant="subtle" size="compact-md" onClick={() => void drop().then(onStartAgain, setFault)}>
              {t("register.startAgain")}
            </Button>
          </Group>
        )}
        <PatientFields form={form} beside={<Duplicates request={requestOf(form.values)} except={except} onOpen={openInstead} />} />
        <div>
          <Button
            variant="subtle"
            color="gray"
            aria-expanded={more}
            aria-describedby="register-more"
            rightSection={more ? <IconChevronUp size={18} aria-hidden /> : <IconChevronDown size={18} aria-hidden />}
            onClick={() => setMore(!more)}
          >
            {t("register.more")}
          </Button>
          <Text id="register-more" fz="sm" c="dimmed" px="sm">
            {t("register.moreWhat")}
          </Text>
        </div>
        <Collapse expanded={more} transitionDuration={0}>
          {more && <MoreFields form={form} />}
        </Collapse>
        {fault !== null && <ErrorState error={fault} />}
        <Group justify="flex-end" className={classes.actions ?? ""}>
          <Button variant="default" onClick={close}>
            {t("common.close")}
          </Button>
          <Button type="submit" loading={busy} title="Ctrl Enter">
            {save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
