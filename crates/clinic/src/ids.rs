//! Ids are UUIDv7 newtypes, so that a patient's id never passes for an appointment's. Bare strings never cross a boundary.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An id that is not a UUID.
#[derive(Debug, thiserror::Error)]
#[error("not an id")]
pub struct MalformedId(#[from] uuid::Error);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        #[derive(specta::Type)]
        #[specta(transparent)]
        pub struct $name(#[specta(type = String)] pub Uuid);

        impl $name {
            /// New, random, ordered by the time it was made.
            pub fn make() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = MalformedId;
            fn from_str(text: &str) -> Result<Self, MalformedId> {
                Ok(Self(Uuid::parse_str(text)?))
            }
        }

        impl rusqlite::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.0.as_bytes().as_slice().into())
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                let bytes = <[u8; 16]>::column_result(value)?;
                Ok(Self(Uuid::from_bytes(bytes)))
            }
        }

        impl From<$name> for RecordId {
            fn from(id: $name) -> Self {
                Self(id.0)
            }
        }
    )+};
}

/// Id of a record of any type, as the change log names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub Uuid);

impl std::fmt::Display for RecordId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl rusqlite::ToSql for RecordId {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(self.0.as_bytes().as_slice().into())
    }
}

impl rusqlite::types::FromSql for RecordId {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        Ok(Self(Uuid::from_bytes(<[u8; 16]>::column_result(value)?)))
    }
}

ids! {
    /// FHIR Practitioner: a member of staff, the same at every desk.
    PractitionerId,
    /// FHIR Patient.
    PatientId,
    /// FHIR Appointment.
    AppointmentId,
    /// FHIR Encounter: one visit.
    EncounterId,
    /// FHIR Composition: the note of a visit.
    NoteId,
    /// An addition to a signed note.
    AddendumId,
    /// FHIR Condition.
    ConditionId,
    /// FHIR AllergyIntolerance.
    AllergyId,
    /// FHIR MedicationRequest.
    MedicationId,
    /// FHIR Observation.
    ObservationId,
    /// FHIR Immunization.
    ImmunizationId,
    /// FHIR Consent.
    ConsentId,
    /// One sound recording of a visit.
    RecordingId,
    /// What was said in a visit, as text.
    TranscriptId,
    /// The clinic's settings.
    SettingsId,
    /// A FHIR resource kept as it came.
    ResourceId,
}
