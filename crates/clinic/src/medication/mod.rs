//! FHIR MedicationRequest: a medicine the patient is to take.

use serde::{Deserialize, Serialize};

use crate::{
    access::{About, Prescribe},
    changes::{Record, RecordType},
    error::ClinicError,
    ids::{EncounterId, MedicationId, PatientId, RecordId},
    session::Session,
    types::{CodeableConcept, line, required_line},
};

/// A medicine, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Medication {
    pub id: MedicationId,
    pub patient_id: PatientId,
    #[serde(default)]
    pub encounter_id: Option<EncounterId>,
    pub medication: CodeableConcept,
    /// Dose and use, as a person reads it.
    pub dosage: String,
    /// active | on-hold | cancelled | completed | entered-in-error | stopped | draft | unknown
    pub status: String,
    /// FHIR intent, `order` unless imported otherwise.
    #[serde(default = "order")]
    pub intent: String,
    /// Partial date or instant.
    pub authored_on: Option<String>,
    /// The imported resource this record came from: FHIR R4 JSON, references turned to `urn:uuid:` and record ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it was imported from, so that it is known again: an address, a `urn:`, or `Type/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

fn order() -> String {
    "order".to_owned()
}

impl Record for Medication {
    const TYPE: RecordType = RecordType::MedicationRequest;
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

/// What the form for one more medicine gives.
#[derive(Debug, Clone, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct MedicationRequestRequest {
    pub patient_id: PatientId,
    pub medication: String,
    pub dosage: String,
}

#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct MedicationView {
    pub id: MedicationId,
    pub medication: CodeableConcept,
    pub dosage: String,
    pub status: String,
    pub authored_on: Option<String>,
}

impl From<Medication> for MedicationView {
    fn from(medication: Medication) -> Self {
        Self {
            id: medication.id,
            medication: medication.medication,
            dosage: medication.dosage,
            status: medication.status,
            authored_on: medication.authored_on,
        }
    }
}

pub fn add(session: &mut Session, request: MedicationRequestRequest) -> Result<MedicationView, ClinicError> {
    let medication = Medication {
        id: MedicationId::make(),
        patient_id: request.patient_id,
        encounter_id: None,
        medication: CodeableConcept::text(required_line("medication", &request.medication)?),
        dosage: line("dosage", &request.dosage)?,
        status: "active".to_owned(),
        intent: order(),
        authored_on: Some(jiff::ZonedDateTime::now().date().to_string()),
        source: None,
        origin: None,
    };
    let about = About::patient(request.patient_id).record(RecordType::MedicationRequest, medication.id).detail("add");
    let access = session.authorize::<Prescribe>(about)?;
    session.write(access, |tx| tx.create(&medication))?;
    Ok(medication.into())
}

pub fn set_status(session: &mut Session, id: MedicationId, status: &str) -> Result<(), ClinicError> {
    if !["active", "stopped", "completed", "on-hold"].contains(&status) {
        return Err(ClinicError::invalid("status", "unknown_code"));
    }
    let about = crate::chart::about_record(session, RecordType::MedicationRequest, id)?.detail(status);
    let access = session.authorize::<Prescribe>(about)?;
    session.write(access, |tx| {
        tx.update(id, |medication: &mut Medication| {
            medication.status = status.to_owned();
            Ok(())
        })
        .map(drop)
    })
}
