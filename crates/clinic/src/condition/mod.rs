//! FHIR Condition: a problem on the list.

use serde::{Deserialize, Serialize};

use crate::{
    access::{About, WriteChart},
    changes::{Record, RecordType},
    error::ClinicError,
    ids::{ConditionId, EncounterId, PatientId, RecordId},
    session::Session,
    types::{CodeableConcept, Coding, instant, now_millis, partial_date, required_line},
};

/// A problem, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    pub id: ConditionId,
    pub patient_id: PatientId,
    #[serde(default)]
    pub encounter_id: Option<EncounterId>,
    pub code: CodeableConcept,
    /// Partial date or instant.
    pub onset: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abatement: Option<String>,
    /// active | inactive | resolved
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CodeableConcept>,
    /// Milliseconds since 1970.
    pub recorded: Option<i64>,
    /// The imported resource this record came from: FHIR R4 JSON, references turned to `urn:uuid:` and record ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it was imported from, so that it is known again: an address, a `urn:`, or `Type/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Record for Condition {
    const TYPE: RecordType = RecordType::Condition;
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

#[derive(Debug, Clone, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ConditionRequest {
    pub patient_id: PatientId,
    pub text: String,
    pub code: Option<Coding>,
    pub onset: Option<String>,
}

#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ConditionView {
    pub id: ConditionId,
    pub code: CodeableConcept,
    pub onset: Option<String>,
    pub status: String,
    pub recorded: Option<String>,
}

impl From<Condition> for ConditionView {
    fn from(condition: Condition) -> Self {
        Self {
            id: condition.id,
            code: condition.code,
            onset: condition.onset,
            status: condition.status,
            recorded: condition.recorded.map(instant),
        }
    }
}

pub fn add(session: &mut Session, request: ConditionRequest) -> Result<ConditionView, ClinicError> {
    let onset = request.onset.filter(|text| !text.is_empty());
    if let Some(onset) = &onset {
        partial_date("onset", onset)?;
    }
    let condition = Condition {
        id: ConditionId::make(),
        patient_id: request.patient_id,
        encounter_id: None,
        code: CodeableConcept { coding: request.code.into_iter().collect(), text: required_line("text", &request.text)? },
        onset,
        abatement: None,
        status: "active".to_owned(),
        verification: None,
        categories: Vec::new(),
        recorded: Some(now_millis()),
        source: None,
        origin: None,
    };
    let access =
        session.authorize::<WriteChart>(About::patient(request.patient_id).record(RecordType::Condition, condition.id).detail("add"))?;
    session.write(access, |tx| tx.create(&condition))?;
    Ok(condition.into())
}

pub fn set_status(session: &mut Session, id: ConditionId, status: &str) -> Result<(), ClinicError> {
    if !["active", "inactive", "resolved"].contains(&status) {
        return Err(ClinicError::invalid("status", "unknown_code"));
    }
    let about = crate::chart::about_record(session, RecordType::Condition, id)?.detail(status);
    let access = session.authorize::<WriteChart>(about)?;
    session.write(access, |tx| {
        tx.update(id, |condition: &mut Condition| {
            condition.status = status.to_owned();
            Ok(())
        })
        .map(drop)
    })
}
