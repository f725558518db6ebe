//! FHIR Immunization: vaccines given, here or elsewhere.

use serde::{Deserialize, Serialize};

use crate::{
    changes::{Record, RecordType},
    ids::{EncounterId, ImmunizationId, PatientId, RecordId},
    types::CodeableConcept,
};

/// A vaccine given or not given, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Immunization {
    pub id: ImmunizationId,
    pub patient_id: PatientId,
    #[serde(default)]
    pub encounter_id: Option<EncounterId>,
    /// completed | entered-in-error | not-done
    pub status: String,
    pub vaccine: CodeableConcept,
    /// Partial date or instant.
    pub occurrence: Option<String>,
    #[serde(default)]
    pub primary_source: Option<bool>,
    /// The imported resource this record came from: FHIR R4 JSON, references turned to `urn:uuid:` and record ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it was imported from, so that it is known again: an address, a `urn:`, or `Type/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Record for Immunization {
    const TYPE: RecordType = RecordType::Immunization;
    fn record_id(&self) -> RecordId {
        self.id.into()
    }
    fn subject(&self) -> Option<PatientId> {
        Some(self.patient_id)
    }
    /// Read by patient from the record state; there is no list across patients.
    fn project(&self, conn: &rusqlite::Connection) -> rusqlite::Result<()> {
        crate::fhir::table::project(conn, &Self::TYPE, self.id.into(), self.origin.as_deref())
    }
}

#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ImmunizationView {
    pub id: ImmunizationId,
    pub vaccine: CodeableConcept,
    pub occurrence: Option<String>,
}

impl From<Immunization> for ImmunizationView {
    fn from(immunization: Immunization) -> Self {
        Self { id: immunization.id, vaccine: immunization.vaccine, occurrence: immunization.occurrence }
    }
}
