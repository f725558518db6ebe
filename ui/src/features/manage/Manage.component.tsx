import { Tabs, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { type Route, useNavigation } from "../../app/route";
import { useSession } from "../../app/session";
import type { Permission } from "../../app/session.resource";
import { NoPermission } from "../../components/States.component";
import { Audit } from "./Audit.component";
import { Clinic } from "./Clinic.form";
import { Security } from "./Security.component";
import { Staff } from "./Staff.component";

type Section = Extract<Route, { page: "manage" }>["section"];

const sections: { section: Section; needs: Permission; shows: () => React.ReactNode }[] = [
  { section: "staff", needs: "manage_staff", shows: () => <Staff /> },
  { section: "audit", needs: "read_audit", shows: () => <Audit /> },
  { section: "security", needs: "manage_clinic", shows: () => <Security /> },
  { section: "clinic", needs: "manage_clinic", shows: () => <Clinic /> },
];

/** What a manager answers for; each part opens with its state in one sentence. */
export function Manage({ section }: { section: Section }) {
  const { t } = useTranslation();
  const { go } = useNavigation();
  const { permissions } = useSession();
  const open = sections.filter(({ needs }) => permissions.includes(needs));
  const shown = open.find((one) => one.section === section) ?? open[0];
  if (!shown) return <NoPermission who={t("reason.manage_clinic")} />;
  return (
    <>
      <Title order={1} fz="1.5rem" mb="md">
        {t("nav.manage")}
      </Title>
      <Tabs value={shown.section} onChange={(next) => next && go({ page: "manage", section: next as Section })} keepMounted={false}>
        <Tabs.List mb="lg" aria-label={t("manage.parts")}>
          {open.map((one) => (
            <Tabs.Tab key={one.section} value={one.section} fz="md">
              {t(`manage.${one.section}.name`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {open.map((one) => (
          <Tabs.Panel key={one.section} value={one.section}>
            {one.shows()}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
