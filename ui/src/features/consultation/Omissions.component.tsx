import { Badge, Button, NativeSelect, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import classes from "./Consultation.module.css";
import type { OmissionView } from "./consultation.resource";
import { SECTIONS, sectionTitle } from "./words";

type Props = {
  omissions: OmissionView[];
  active: string | null;
  /** Where each would go: chosen by hand, else by its kind. */
  sections: Record<string, string>;
  onSection: (id: string, section: string) => void;
  onAdd: (omission: OmissionView) => void;
};

export const omissionId = ({ turn, quote }: OmissionView) => `o:${turn}:${quote}`;

/** Most of what is wrong with drafts is what they leave out: shown, and added by one key. */
export function Omissions({ omissions, active, sections, onSection, onAdd }: Props) {
  const { t } = useTranslation();
  if (omissions.length === 0) return null;
  return (
    <section className={classes.omissions} aria-label={t("consultation.omission.title")}>
      <Title order={3} fz="md">
        {t("consultation.omission.title")}
      </Title>
      <Text fz="sm" c="dimmed">
        {t("consultation.omission.why")}
      </Text>
      <ul className={classes.plain}>
        {omissions.map((omission) => {
          const id = omissionId(omission);
          const kind = t(`consultation.omission.kind.${omission.kind}`, { defaultValue: t("consultation.omission.kind.other") });
          return (
            <li key={id}>
              <div
                role="group"
                className={classes.omission}
                tabIndex={active === id ? 0 : -1}
                data-item={id}
                data-active={active === id || undefined}
                aria-label={`${kind}: ${omission.quote}`}
              >
                <Badge variant="light" color={omission.kind === "red_flag" || omission.kind === "allergy" ? "red" : "gray"} size="lg">
                  {kind}
                </Badge>
                <Text dir="auto" flex={1} miw={160}>
                  “{omission.quote}”
                </Text>
                <NativeSelect
                  size="sm"
                  aria-label={t("consultation.omission.section", { quote: omission.quote })}
                  value={sectionOf(omission, sections)}
                  onChange={(event) => onSection(id, event.currentTarget.value)}
                  data={SECTIONS.map((code) => ({ value: code, label: sectionTitle(code, "") }))}
                />
                <Button
                  variant="default"
                  size="compact-md"
                  leftSection={<IconPlus size={16} aria-hidden />}
                  aria-label={t("consultation.omission.addQuote", { quote: omission.quote })}
                  title={`${t("consultation.omission.add")}  A`}
                  onClick={() => onAdd(omission)}
                >
                  {t("consultation.omission.add")}
                </Button>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Where its kind is looked for in a note. */
const BY_KIND: Record<string, string> = { allergy: "allergies", medicine: "medications", dose: "medications", action: "plan" };

export const sectionOf = (omission: OmissionView, chosen: Record<string, string>) => chosen[omissionId(omission)] ?? BY_KIND[omission.kind] ?? "history_of_present_illness";
