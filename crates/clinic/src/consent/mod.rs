//! FHIR Consent to recording: given, refused or withdrawn, how, by whom. Without one that is given there is no recording.

use serde::{Deserialize, Serialize};

use crate::{
    access::{About, Record as RecordPermission},
    changes::{Record, RecordType},
    error::ClinicError,
    ids::{ConsentId, EncounterId, PatientId, PractitionerId, RecordId},
    practitioner,
    session::Session,
    types::{instant, line, now_millis},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ConsentDecision {
    Given,
    Refused,
    Withdrawn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ConsentMethod {
    Spoken,
    Written,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ConsentGiver {
    Patient,
    Parent,
    Guardian,
    Other,
}

/// One decision, as stored. The newest of a visit stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Consent {
    pub id: ConsentId,
    pub patient_id: PatientId,
    pub encounter_id: EncounterId,
    pub decision: ConsentDecision,
    pub method: ConsentMethod,
    pub given_by: ConsentGiver,
    /// Name of the person who decided, when it was not the patient.
    pub name: String,
    pub recorded_by: PractitionerId,
    /// Milliseconds since 1970.
    pub at: i64,
}

impl Record for Consent {
    const TYPE: RecordType = RecordType::Consent;
    fn record_id(&self) -> RecordId {
        self.id.into()
    }
    fn subject(&self) -> Option<PatientId> {
        Some(self.patient_id)
    }
    /// Read by patient from the record state; there is no list across patients.
    fn project(&self, _conn: &rusqlite::Connection) -> rusqlite::Result<()> {
        Ok(())
    }
}

#[derive(Debug, Clone, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentRequest {
    pub encounter_id: EncounterId,
    pub decision: ConsentDecision,
    pub method: ConsentMethod,
    pub given_by: ConsentGiver,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentView {
    pub decision: ConsentDecision,
    pub method: ConsentMethod,
    pub given_by: ConsentGiver,
    pub name: String,
    pub recorded_by: String,
    pub at: String,
}

/// Writes down a decision.
pub fn record(session: &mut Session, request: ConsentRequest) -> Result<ConsentView, ClinicError> {
    let patient_id =
        crate::encounter::table::patient_of(&session.conn, request.encounter_id)?.ok_or(ClinicError::NotFound(RecordType::Encounter))?;
    let name = line("name", &request.name)?;
    if request.given_by != ConsentGiver::Patient && name.is_empty() {
        return Err(ClinicError::invalid("name", "required"));
    }
    let consent = Consent {
        id: ConsentId::make(),
        patient_id,
        encounter_id: request.encounter_id,
        decision: request.decision,
        method: request.method,
        given_by: request.given_by,
        name,
        recorded_by: session.actor().id,
        at: now_millis(),
    };
    let access =
        session.authorize::<RecordPermission>(About::patient(patient_id).record(RecordType::Consent, consent.id).detail("consent"))?;
    session.write(access, |tx| tx.create(&consent))?;
    view(&session.conn, &consent)
}

/// The decision that stands for a visit.
pub(crate) fn standing(consents: impl IntoIterator<Item = Consent>, encounter: EncounterId) -> Option<Consent> {
    consents.into_iter().filter(|consent| consent.encounter_id == encounter).max_by_key(|consent| (consent.at, consent.id))
}

pub(crate) fn view(conn: &rusqlite::Connection, consent: &Consent) -> Result<ConsentView, ClinicError> {
    Ok(ConsentView {
        decision: consent.decision,
        method: consent.method,
        given_by: consent.given_by,
        name: consent.name.clone(),
        recorded_by: practitioner::name_of(conn, consent.recorded_by)?,
        at: instant(consent.at),
    })
}
