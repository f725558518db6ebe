import { Drawer } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Consultation } from "../features/consultation/Consultation.component";
import { BookForm, MoveForm } from "../features/diary/Book.form";
import { Diary } from "../features/diary/Diary.component";
import { Manage } from "../features/manage/Manage.component";
import { StaffForm } from "../features/manage/Staff.form";
import { PatientPage } from "../features/patients/Patient.component";
import { Patients } from "../features/patients/Patients.component";
import { EditPatientForm, RegisterForm } from "../features/patients/Register.form";
import { Today } from "../features/today/Today.component";
import { type Panel, useNavigation } from "./route";

/** One workspace at a time. */
export function Workspace() {
  const { route } = useNavigation();
  switch (route.page) {
    case "today":
      return <Today />;
    case "diary":
      return <Diary />;
    case "patients":
      return <Patients />;
    case "patient":
      return <PatientPage key={route.patientId} patientId={route.patientId} />;
    case "consultation":
      return <Consultation key={route.encounterId} encounterId={route.encounterId} />;
    case "manage":
      return <Manage section={route.section} />;
  }
}

/** A form beside the work. Esc closes it; what was typed stays sealed for the next time. */
export function SidePanel() {
  const { t } = useTranslation();
  const { panel, close } = useNavigation();
  return (
    <Drawer
      opened={panel !== null}
      onClose={close}
      position="right"
      size="lg"
      title={panel && t(`panel.${panel.form}`)}
      closeButtonProps={{ "aria-label": t("panel.close") }}
    >
      {panel && <Form panel={panel} />}
    </Drawer>
  );
}

function Form({ panel }: { panel: Panel }) {
  switch (panel.form) {
    case "register":
      return <RegisterForm name={panel.name} />;
    case "editPatient":
      return <EditPatientForm patientId={panel.patientId} />;
    case "book":
      return <BookForm {...panel} />;
    case "move":
      return <MoveForm appointmentId={panel.appointmentId} />;
    case "addStaff":
      return <StaffForm />;
  }
}
