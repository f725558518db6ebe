//! A FHIR resource of a type without a record of its own, kept as it came so that nothing of an import is lost.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::table;
use crate::{
    changes::{Record, RecordType},
    ids::{PatientId, RecordId, ResourceId},
    types::Identifier,
};

/// A checked resource, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredResource {
    pub id: ResourceId,
    /// Whose it is; `None` for what is no one's, as an Organization.
    pub patient_id: Option<PatientId>,
    /// FHIR type, as `Procedure`.
    pub resource_type: String,
    /// Identifiers of people and places, by which others refer to them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// FHIR R4 JSON, references turned to `urn:uuid:` and record ids.
    pub source: String,
    /// Where it was imported from: an address, a `urn:`, or `Type/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Record for StoredResource {
    const TYPE: RecordType = RecordType::Resource;
    fn record_id(&self) -> RecordId {
        self.id.into()
    }
    fn subject(&self) -> Option<PatientId> {
        self.patient_id
    }
    fn project(&self, conn: &Connection) -> rusqlite::Result<()> {
        table::project_resource(self, conn)
    }
}
