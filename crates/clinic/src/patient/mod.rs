//! FHIR Patient: who someone is. Nothing clinical stands here.

pub mod search;
pub(crate) mod table;
mod verbs;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    changes::{Record, RecordType},
    ids::{PatientId, RecordId},
    types::{Address, AdministrativeGender, ContactPoint, HumanName, Identifier, PatientContact, age_text, partial_date},
};

pub use verbs::*;

/// A registered person, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Patient {
    pub id: PatientId,
    pub names: Vec<HumanName>,
    /// YYYY, YYYY-MM or YYYY-MM-DD.
    pub birth_date: Option<String>,
    /// Taken from an age.
    #[serde(default)]
    pub birth_date_estimated: bool,
    pub gender: AdministrativeGender,
    #[serde(default)]
    pub telecom: Vec<ContactPoint>,
    #[serde(default)]
    pub identifiers: Vec<Identifier>,
    #[serde(default)]
    pub address: Option<Address>,
    #[serde(default)]
    pub contacts: Vec<PatientContact>,
    #[serde(default)]
    pub language: Option<String>,
    #[serde(default)]
    pub deceased: bool,
    /// Instant or partial date, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deceased_at: Option<String>,
    /// Marital status, as imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marital_status: Option<crate::types::CodeableConcept>,
    #[serde(default = "yes")]
    pub active: bool,
    /// The imported resource this record came from: FHIR R4 JSON, references turned to `urn:uuid:` and record ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it was imported from, so that it is known again: an address, a `urn:`, or `Type/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

fn yes() -> bool {
    true
}

impl Patient {
    /// The name to show: the official one, else the first.
    pub fn display_name(&self) -> String {
        self.names.iter().find(|name| name.name_use == "official").or(self.names.first()).map(HumanName::display).unwrap_or_default()
    }

    pub(crate) fn birth_day(&self) -> Option<Date> {
        partial_date("birthDate", self.birth_date.as_deref()?).ok()
    }
}

impl Record for Patient {
    const TYPE: RecordType = RecordType::Patient;
    fn record_id(&self) -> RecordId {
        self.id.into()
    }
    fn subject(&self) -> Option<PatientId> {
        Some(self.id)
    }
    fn project(&self, conn: &rusqlite::Connection) -> rusqlite::Result<()> {
        table::project(self, conn)?;
        crate::fhir::table::project_patient(self, conn)
    }
}

/// What the register form gives: birthDate or ageYears.
#[derive(Debug, Clone, Default, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct PatientRequest {
    pub names: Vec<HumanName>,
    pub birth_date: Option<String>,
    pub age_years: Option<u32>,
    pub gender: AdministrativeGender,
    pub telecom: Vec<ContactPoint>,
    pub identifiers: Vec<Identifier>,
    pub address: Option<Address>,
    pub contacts: Vec<PatientContact>,
    pub language: Option<String>,
}

#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct PatientView {
    pub id: PatientId,
    pub display_name: String,
    pub names: Vec<HumanName>,
    pub birth_date: Option<String>,
    pub birth_date_estimated: bool,
    pub age_text: String,
    pub gender: AdministrativeGender,
    pub telecom: Vec<ContactPoint>,
    pub identifiers: Vec<Identifier>,
    pub address: Option<Address>,
    pub contacts: Vec<PatientContact>,
    pub language: Option<String>,
    pub deceased: bool,
}

impl PatientView {
    pub(crate) fn of(patient: Patient, today: Date) -> Self {
        Self {
            id: patient.id,
            display_name: patient.display_name(),
            age_text: age_text(patient.birth_day(), today),
            names: patient.names,
            birth_date: patient.birth_date,
            birth_date_estimated: patient.birth_date_estimated,
            gender: patient.gender,
            telecom: patient.telecom,
            identifiers: patient.identifiers,
            address: patient.address,
            contacts: patient.contacts,
            language: patient.language,
            deceased: patient.deceased,
        }
    }
}

/// One line of a search result.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct PatientHit {
    pub id: PatientId,
    pub display_name: String,
    pub other_name: Option<String>,
    pub birth_date: Option<String>,
    pub age_text: String,
    pub gender: AdministrativeGender,
    pub phone: Option<String>,
    pub identifier: Option<Identifier>,
}

/// Someone who may be the same person, and why it seems so.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct DuplicateView {
    pub patient: PatientHit,
    /// same_name | similar_name | same_birth_date | swapped_day_month | same_phone | same_identifier
    pub reasons: Vec<String>,
}
