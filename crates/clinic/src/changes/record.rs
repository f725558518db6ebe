//! Records as fields: how a typed struct becomes per-field changes and comes back from what the registers show.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::RecordState;
use crate::ids::{PatientId, RecordId};

/// Kind of record. A name this version does not know is kept as it came, so that an old desk never overwrites a newer value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum RecordType {
    Practitioner,
    Patient,
    Appointment,
    Encounter,
    Composition,
    Addendum,
    Condition,
    AllergyIntolerance,
    MedicationRequest,
    Observation,
    Immunization,
    Consent,
    Recording,
    Transcript,
    Settings,
    /// A FHIR resource of a type without a record of its own, kept as it came.
    Resource,
    Unknown(String),
}

impl RecordType {
    pub fn name(&self) -> &str {
        match self {
            Self::Practitioner => "Practitioner",
            Self::Patient => "Patient",
            Self::Appointment => "Appointment",
            Self::Encounter => "Encounter",
            Self::Composition => "Composition",
            Self::Addendum => "Addendum",
            Self::Condition => "Condition",
            Self::AllergyIntolerance => "AllergyIntolerance",
            Self::MedicationRequest => "MedicationRequest",
            Self::Observation => "Observation",
            Self::Immunization => "Immunization",
            Self::Consent => "Consent",
            Self::Recording => "Recording",
            Self::Transcript => "Transcript",
            Self::Settings => "Settings",
            Self::Resource => "Resource",
            Self::Unknown(name) => name,
        }
    }
}

impl From<String> for RecordType {
    fn from(name: String) -> Self {
        match name.as_str() {
            "Practitioner" => Self::Practitioner,
            "Patient" => Self::Patient,
            "Appointment" => Self::Appointment,
            "Encounter" => Self::Encounter,
            "Composition" => Self::Composition,
            "Addendum" => Self::Addendum,
            "Condition" => Self::Condition,
            "AllergyIntolerance" => Self::AllergyIntolerance,
            "MedicationRequest" => Self::MedicationRequest,
            "Observation" => Self::Observation,
            "Immunization" => Self::Immunization,
            "Consent" => Self::Consent,
            "Recording" => Self::Recording,
            "Transcript" => Self::Transcript,
            "Settings" => Self::Settings,
            "Resource" => Self::Resource,
            _ => Self::Unknown(name),
        }
    }
}

impl From<RecordType> for String {
    fn from(record_type: RecordType) -> Self {
        record_type.name().to_owned()
    }
}

/// A typed record. Its serde fields are the registers; `id` is the record's own and no field.
pub trait Record: Serialize + DeserializeOwned {
    const TYPE: RecordType;
    fn record_id(&self) -> RecordId;
    /// The patient it is about.
    fn subject(&self) -> Option<PatientId>;
    /// Brings the record's row in its table to what the record says.
    fn project(&self, conn: &rusqlite::Connection) -> rusqlite::Result<()>;
    /// After this state nothing may be edited any more.
    fn sealed(&self) -> bool {
        false
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("a {record_type} does not have the shape this version knows")]
    Shape { record_type: String, source: serde_json::Error },
    #[error("a {0} is not an object")]
    NotAnObject(String),
}

/// The fields of a record, without its id.
pub(crate) fn fields_of<R: Record>(record: &R) -> Result<Map<String, Value>, RecordError> {
    let shape = |source| RecordError::Shape { record_type: R::TYPE.name().to_owned(), source };
    match serde_json::to_value(record).map_err(shape)? {
        Value::Object(mut fields) => {
            fields.remove("id");
            Ok(fields)
        }
        _ => Err(RecordError::NotAnObject(R::TYPE.name().to_owned())),
    }
}

/// The record that a merged state shows.
pub fn shown_record<R: Record>(id: RecordId, state: &RecordState) -> Result<R, RecordError> {
    // A field that was emptied is as one that never was: each type says what that means for it.
    let mut fields: Map<String, Value> =
        state.shown().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value.clone())).collect();
    fields.insert("id".to_owned(), Value::String(id.to_string()));
    serde_json::from_value(Value::Object(fields)).map_err(|source| RecordError::Shape { record_type: R::TYPE.name().to_owned(), source })
}
