//! FHIR AllergyIntolerance. Each is a record of its own, so that adding on two desks keeps both.

use serde::{Deserialize, Serialize};

use crate::{
    access::{About, WriteChart},
    changes::{Record, RecordType},
    db::WriteTx,
    error::ClinicError,
    ids::{AllergyId, PatientId, RecordId},
    session::Session,
    types::{CodeableConcept, Coding, instant, line, now_millis, required_line},
};

/// SNOMED CT "No known allergy", FHIR's way to say that someone asked.
pub const NO_KNOWN_ALLERGY: &str = "716186003";
pub const SNOMED: &str = "http://snomed.info/sct";

/// An allergy or intolerance, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Allergy {
    pub id: AllergyId,
    pub patient_id: PatientId,
    pub substance: CodeableConcept,
    /// low | high | unable-to-assess
    pub criticality: Option<String>,
    pub reaction: String,
    /// active | inactive | resolved
    pub status: String,
    /// Milliseconds since 1970.
    pub recorded: Option<i64>,
    /// unconfirmed | confirmed | refuted | entered-in-error, as imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Structured reactions of an imported record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<CodeableConcept>,
    /// The imported resource this record came from: FHIR R4 JSON, references turned to `urn:uuid:` and record ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it was imported from, so that it is known again: an address, a `urn:`, or `Type/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Allergy {
    pub fn is_no_known_allergy(&self) -> bool {
        self.substance.coding.iter().any(|coding| coding.code == NO_KNOWN_ALLERGY)
    }
}

impl Record for Allergy {
    const TYPE: RecordType = RecordType::AllergyIntolerance;
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
pub struct AllergyRequest {
    pub patient_id: PatientId,
    pub substance: String,
    pub criticality: Option<String>,
    pub reaction: String,
}

#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct AllergyView {
    pub id: AllergyId,
    pub substance: CodeableConcept,
    pub criticality: Option<String>,
    pub reaction: String,
    pub status: String,
    pub recorded: Option<String>,
}

impl From<Allergy> for AllergyView {
    fn from(allergy: Allergy) -> Self {
        Self {
            id: allergy.id,
            substance: allergy.substance,
            criticality: allergy.criticality,
            reaction: allergy.reaction,
            status: allergy.status,
            recorded: allergy.recorded.map(instant),
        }
    }
}

pub fn add(session: &mut Session, request: AllergyRequest) -> Result<AllergyView, ClinicError> {
    if let Some(criticality) = &request.criticality
        && !["low", "high", "unable-to-assess"].contains(&criticality.as_str())
    {
        return Err(ClinicError::invalid("criticality", "unknown_code"));
    }
    let substance = CodeableConcept::text(required_line("substance", &request.substance)?);
    let reaction = line("reaction", &request.reaction)?;
    store(session, request.patient_id, substance, request.criticality, reaction)
}

/// Someone asked, and there is none. Refused while an allergy is active; adding one later ends this statement.
pub fn record_none_known(session: &mut Session, patient: PatientId) -> Result<(), ClinicError> {
    let coding = Coding { system: SNOMED.to_owned(), code: NO_KNOWN_ALLERGY.to_owned(), display: "No known allergy".to_owned() };
    let substance = CodeableConcept { coding: vec![coding], text: "No known allergy".to_owned() };
    store(session, patient, substance, None, String::new()).map(drop)
}

/// The statements that there is none, which a new allergy ends.
fn ends_statement(tx: &WriteTx<'_, WriteChart>, new: &Allergy) -> Result<Vec<AllergyId>, ClinicError> {
    let active: Vec<Allergy> = tx.all_of::<Allergy>(new.patient_id)?.into_iter().filter(|earlier| earlier.status == "active").collect();
    if new.is_no_known_allergy() && active.iter().any(|earlier| !earlier.is_no_known_allergy()) {
        return Err(ClinicError::Conflict("there is an active allergy"));
    }
    Ok(active.into_iter().filter(Allergy::is_no_known_allergy).map(|earlier| earlier.id).collect())
}

pub fn set_status(session: &mut Session, id: AllergyId, status: &str) -> Result<(), ClinicError> {
    if !["active", "inactive", "resolved"].contains(&status) {
        return Err(ClinicError::invalid("status", "unknown_code"));
    }
    let about = crate::chart::about_record(session, RecordType::AllergyIntolerance, id)?.detail(status);
    let access = session.authorize::<WriteChart>(about)?;
    session.write(access, |tx| {
        tx.update(id, |allergy: &mut Allergy| {
            allergy.status = status.to_owned();
            Ok(())
        })
        .map(drop)
    })
}

fn store(
    session: &mut Session,
    patient_id: PatientId,
    substance: CodeableConcept,
    criticality: Option<String>,
    reaction: String,
) -> Result<AllergyView, ClinicError> {
    let allergy = Allergy {
        id: AllergyId::make(),
        patient_id,
        substance,
        criticality,
        reaction,
        status: "active".to_owned(),
        recorded: Some(now_millis()),
        verification: None,
        categories: Vec::new(),
        kind: None,
        reactions: Vec::new(),
        source: None,
        origin: None,
    };
    let access =
        session.authorize::<WriteChart>(About::patient(patient_id).record(RecordType::AllergyIntolerance, allergy.id).detail("add"))?;
    session.write(access, |tx| {
        for earlier in ends_statement(tx, &allergy)? {
            tx.update(earlier, |stored: &mut Allergy| {
                stored.status = "inactive".to_owned();
                Ok(())
            })?;
        }
        tx.create(&allergy)
    })?;
    Ok(allergy.into())
}
