//! The policy, in one place: which role may do what, and which permission reaches which records.

use serde::{Deserialize, Serialize};

use super::Role;
use crate::{
    allergy::Allergy,
    appointment::Appointment,
    condition::Condition,
    consent::Consent,
    encounter::Encounter,
    fhir::StoredResource,
    immunization::Immunization,
    medication::Medication,
    note::{Addendum, Note},
    observation::Observation,
    patient::Patient,
    practitioner::Practitioner,
    recording::{Recording, StoredTranscript},
    settings::ClinicSettings,
};

/// May read records of type `R`.
pub trait MayRead<R> {}
/// May write records of type `R`.
pub trait MayWrite<R> {}

/// A permission as a type, so that a query asks for it in its signature.
pub trait Permission {
    const CODE: PermissionCode;
    /// Reads are audited when the access is given; writes in the write's own transaction.
    const WRITES: bool;
    /// Needs a care relation with the patient.
    const CARE_RELATION: bool;
    /// Asks again for a factor when the last proof is older than five minutes.
    const STEP_UP: bool;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident $code:literal roles [$($role:ident)*] $kind:ident $($flag:ident)*
        ; reads [$($read:ty),*] writes [$($write:ty),*];)+) => {
        /// Every permission, as stored, audited and sent to the window.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
        #[serde(rename_all = "snake_case")]
        pub enum PermissionCode { $($(#[$doc])* $name),+ }

        impl PermissionCode {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            fn roles(self) -> &'static [Role] {
                match self { $(Self::$name => &[$(Role::$role),*]),+ }
            }
        }

        $($(#[$doc])* pub enum $name {}

        impl Permission for $name {
            const CODE: PermissionCode = PermissionCode::$name;
            const WRITES: bool = permissions!(@kind $kind);
            const CARE_RELATION: bool = false $(|| permissions!(@relation $flag))*;
            const STEP_UP: bool = false $(|| permissions!(@step_up $flag))*;
        }
        $(impl MayRead<$read> for $name {})*
        $(impl MayWrite<$write> for $name {})*)+
    };
    (@kind read) => { false };
    (@kind write) => { true };
    (@relation relation) => { true };
    (@relation step_up) => { false };
    (@step_up step_up) => { true };
    (@step_up relation) => { false };
}

permissions! {
    /// See who a patient is, never why they come.
    ReadDemographics "read_demographics" roles [Doctor Nurse Receptionist Manager] read
        ; reads [Patient, Practitioner] writes [];
    WriteDemographics "write_demographics" roles [Doctor Nurse Receptionist Manager] write
        ; reads [Patient] writes [Patient];
    ReadDiary "read_diary" roles [Doctor Nurse Receptionist Manager] read
        ; reads [Appointment, Encounter, Patient, Practitioner] writes [];
    WriteDiary "write_diary" roles [Doctor Nurse Receptionist Manager] write
        ; reads [Appointment, Patient, Practitioner, Encounter] writes [Appointment];
    CheckIn "check_in" roles [Doctor Nurse Receptionist Manager] write
        ; reads [Appointment, Encounter, Patient, Practitioner] writes [Appointment, Encounter];
    /// Take a patient in without waiting for the desk; it makes the care relation.
    StartVisit "start_visit" roles [Doctor Nurse] write
        ; reads [Appointment, Encounter, Patient, Practitioner] writes [Encounter];
    ReadChart "read_chart" roles [Doctor Nurse] read relation
        ; reads [Patient, Practitioner, Appointment, Encounter, Allergy, Condition, Medication, Observation, Immunization, Note, Addendum, Consent, Recording, StoredTranscript] writes [];
    WriteVitals "write_vitals" roles [Doctor Nurse] write relation
        ; reads [Encounter] writes [Observation];
    WriteChart "write_chart" roles [Doctor Nurse] write relation
        ; reads [Allergy, Condition, Patient] writes [Allergy, Condition, Immunization];
    Prescribe "prescribe" roles [Doctor] write relation
        ; reads [Allergy, Medication, Patient] writes [Medication];
    WriteNote "write_note" roles [Doctor] write relation
        ; reads [Encounter, Note, StoredTranscript, Recording] writes [Note, Addendum, StoredTranscript];
    SignNote "sign_note" roles [Doctor] write relation step_up
        ; reads [Note, Encounter, Recording] writes [Note, Encounter, Recording];
    /// Record a consultation, with consent; when consent goes, what was drafted from the words goes too.
    Record "record" roles [Doctor Nurse] write relation
        ; reads [Encounter, Consent, Recording, StoredTranscript, Note] writes [Consent, Recording, StoredTranscript, Note];
    /// A person's own choices, as the language of the window.
    OwnSettings "own_settings" roles [Doctor Nurse Receptionist Manager] write
        ; reads [Practitioner] writes [Practitioner];
    ReadAudit "read_audit" roles [Manager] read
        ; reads [Practitioner, Patient] writes [];
    ManageStaff "manage_staff" roles [Manager] write step_up
        ; reads [Practitioner] writes [Practitioner];
    ManageClinic "manage_clinic" roles [Manager] write step_up
        ; reads [ClinicSettings] writes [ClinicSettings];
    Export "export" roles [Manager] read step_up
        ; reads [Patient, Practitioner, Appointment, Encounter, Allergy, Condition, Medication, Observation, Immunization, Note, Addendum, Consent, ClinicSettings, StoredResource] writes [];
    Import "import" roles [Manager] write step_up
        ; reads [Patient, Appointment, Encounter, Allergy, Condition, Medication, Observation, Immunization, StoredResource] writes [Patient, Appointment, Encounter, Allergy, Condition, Medication, Observation, Immunization, StoredResource];
}

/// Whether any of these roles may.
pub fn allows(roles: &[Role], permission: PermissionCode) -> bool {
    roles.iter().any(|role| permission.roles().contains(role))
}

/// All that these roles may, in a fixed order.
pub fn permissions_of(roles: &[Role]) -> Vec<PermissionCode> {
    PermissionCode::ALL.iter().copied().filter(|permission| allows(roles, *permission)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receptionist_sees_no_chart_and_a_manager_no_note() {
        use PermissionCode as P;
        for chart in [P::ReadChart, P::WriteChart, P::WriteNote, P::SignNote, P::Record, P::WriteVitals] {
            assert!(!allows(&[Role::Receptionist], chart), "{chart:?}");
            assert!(!allows(&[Role::Manager], chart), "{chart:?}");
        }
        for manage in [P::ReadAudit, P::ManageStaff, P::ManageClinic, P::Export, P::Import] {
            assert!(allows(&[Role::Manager], manage));
            assert!(!allows(&[Role::Doctor, Role::Nurse, Role::Receptionist], manage), "{manage:?}");
        }
        assert!(allows(&[Role::Manager, Role::Doctor], P::SignNote), "roles add up");
        assert!(!allows(&[Role::Nurse], P::SignNote));
    }
}
