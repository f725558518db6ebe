import { ActionIcon, Button, Fieldset, Group, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";

import { languageName } from "./Details.component";
import { kindsWith } from "./PatientFields.component";
import classes from "./Patients.module.css";
import type { OtherName } from "./patientValues";
import type { PatientForm } from "./usePatientForm";

const USES: OtherName["use"][] = ["usual", "official", "maiden", "nickname", "old"];
const LANGUAGES = ["en", "ms", "zh", "ta", "hi", "ar", "bn", "id", "th", "vi", "my", "ne", "tl", "ur", "fa", "sw", "fr", "es", "pt"];
const PLACES = ["city", "district", "state", "postalCode", "country"] as const;

/** What is worth asking once the patient sits down. */
export function MoreFields({ form }: { form: PatientForm }) {
  const { t, i18n } = useTranslation();
  const { values } = form;
  const languages = values.language && !LANGUAGES.includes(values.language) ? [values.language, ...LANGUAGES] : LANGUAGES;
  const numbered = (key: string, at: number) => t(`register.${key}`, { number: at + 1 });
  return (
    <Stack gap="md">
      <Rows form={form} list="names" title={t("register.otherNames")} add={t("register.addName")} onAdd={() => form.insertListItem("names", { text: "", use: "usual", stored: null })} rowName={(at) => numbered("otherName", at)}>
        {(at) => (
          <>
            <TextInput label={numbered("otherName", at)} autoComplete="off" dir="auto" {...form.getInputProps(`names.${at}.text`)} />
            <NativeSelect label={numbered("nameUse", at)} data={USES.map((use) => ({ value: use, label: t(`register.use.${use}`) }))} {...form.getInputProps(`names.${at}.use`)} />
          </>
        )}
      </Rows>
      <Rows form={form} list="telecom" title={t("register.contacts")} add={t("register.addContact")} onAdd={() => form.insertListItem("telecom", { system: "phone", value: "", use: "mobile" })} rowName={(at) => numbered("contact", at)}>
        {(at) => (
          <>
            <TextInput label={numbered("contact", at)} autoComplete="off" {...form.getInputProps(`telecom.${at}.value`)} />
            <NativeSelect
              label={numbered("contactKind", at)}
              data={(["phone", "email"] as const).map((system) => ({ value: system, label: t(`register.contactUse.${system}`) }))}
              {...form.getInputProps(`telecom.${at}.system`)}
            />
          </>
        )}
      </Rows>
      <Rows form={form} list="identifiers" title={t("register.identifiers")} add={t("register.addIdentifier")} onAdd={() => form.insertListItem("identifiers", { system: "", value: "" })} rowName={(at) => numbered("identifierNumber", at + 1)}>
        {(at) => (
          <>
            <TextInput label={numbered("identifierNumber", at + 1)} autoComplete="off" {...form.getInputProps(`identifiers.${at}.value`)} />
            <NativeSelect label={numbered("identifierKindNumber", at + 1)} data={kindsWith(values.identifiers[at]?.system ?? "", t("register.noKind"))} {...form.getInputProps(`identifiers.${at}.system`)} />
          </>
        )}
      </Rows>
      <Fieldset legend={t("register.address")}>
        <Stack gap="xs">
          <Textarea label={t("register.addressLines")} rows={2} resize="vertical" dir="auto" {...form.getInputProps("address.lines")} />
          <div className={classes.pair}>
            {PLACES.map((place) => (
              <TextInput key={place} label={t(`register.${place}`)} autoComplete="off" dir="auto" {...form.getInputProps(`address.${place}`)} />
            ))}
          </div>
        </Stack>
      </Fieldset>
      <Rows form={form} list="contacts" title={t("register.kin")} add={t("register.addKin")} onAdd={() => form.insertListItem("contacts", { name: "", relationship: "", phone: "" })} rowName={(at) => numbered("kinName", at)}>
        {(at) => (
          <>
            <TextInput label={numbered("kinName", at)} autoComplete="off" dir="auto" {...form.getInputProps(`contacts.${at}.name`)} />
            <TextInput label={numbered("kinRelationship", at)} autoComplete="off" dir="auto" {...form.getInputProps(`contacts.${at}.relationship`)} />
            <TextInput label={numbered("kinPhone", at)} type="tel" autoComplete="off" {...form.getInputProps(`contacts.${at}.phone`)} />
          </>
        )}
      </Rows>
      <NativeSelect
        label={t("register.language")}
        data={[{ value: "", label: t("register.languageNotSaid") }, ...languages.map((code) => ({ value: code, label: languageName(code, i18n.language) }))]}
        {...form.getInputProps("language")}
      />
    </Stack>
  );
}

type RowsProps = {
  form: PatientForm;
  list: "names" | "telecom" | "identifiers" | "contacts";
  title: string;
  add: string;
  onAdd: () => void;
  rowName: (at: number) => string;
  children: (at: number) => ReactNode;
};

function Rows({ form, list, title, add, onAdd, rowName, children }: RowsProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const addRow = () => {
    onAdd();
    // Hands stay on the keyboard: the new row is what one types into next.
    requestAnimationFrame(() => [...(box.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])].at(-1)?.querySelector("input")?.focus());
  };
  return (
    <Fieldset legend={title}>
      <Stack gap="xs" ref={box}>
        {form.values[list].map((_, at) => (
          // Rows have nothing of their own to be known by; their fields are controlled, so a place is enough.
          // oxlint-disable-next-line react/no-array-index-key
          <Group key={at} data-row wrap="nowrap" align="flex-end" gap="xs">
            <div className={classes.pair} style={{ flex: 1 }}>
              {children(at)}
            </div>
            <ActionIcon variant="subtle" color="gray" size="lg" mb={2} aria-label={t("register.remove", { what: rowName(at) })} onClick={() => form.removeListItem(list, at)}>
              <IconX size={18} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Button variant="subtle" leftSection={<IconPlus size={16} aria-hidden />} style={{ alignSelf: "flex-start" }} onClick={addRow}>
          {add}
        </Button>
      </Stack>
    </Fieldset>
  );
}
