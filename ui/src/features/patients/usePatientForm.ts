import { type UseFormReturnType, useForm } from "@mantine/form";
import i18n from "../../i18n";
import { birthOf, type PatientValues } from "./patientValues";

export type PatientForm = UseFormReturnType<PatientValues>;

/** What can be told without the desk; the rest it says itself. */
export function usePatientForm(initialValues: PatientValues): PatientForm {
  return useForm<PatientValues>({
    initialValues,
    validate: {
      given: (given, values) => (!values.asOne && (given + values.family).trim() === "" ? i18n.t("reason.required") : null),
      whole: (whole, values) => (values.asOne && whole.trim() === "" ? i18n.t("reason.required") : null),
      birth: (_, values) => {
        const { fault } = birthOf(values);
        return fault && i18n.t(`reason.${fault}`);
      },
      gender: (gender) => (gender === "" ? i18n.t("register.sexNeeded") : null),
    },
  });
}
