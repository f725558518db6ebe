//! FHIR Observation: vitals measured here, and results that were imported.

use serde::{Deserialize, Serialize};

use crate::{
    access::{About, WriteVitals},
    changes::{Record, RecordType},
    encounter::Encounter,
    error::ClinicError,
    ids::{EncounterId, ObservationId, PatientId, RecordId},
    session::Session,
    types::{CodeableConcept, Coding, now_millis},
};

pub const LOINC: &str = "http://loinc.org";
pub const UCUM: &str = "http://unitsofmeasure.org";
/// HL7's category system and the code of vital signs in it.
pub const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
pub const VITAL_SIGNS: &str = "vital-signs";

/// A number with its UCUM unit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    pub value: f64,
    /// As a person reads it.
    pub unit: String,
    /// UCUM code.
    pub code: String,
}

/// One part of a panel, as systolic in a blood pressure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Component {
    pub code: CodeableConcept,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A measurement or result, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    pub id: ObservationId,
    pub patient_id: PatientId,
    #[serde(default)]
    pub encounter_id: Option<EncounterId>,
    /// registered | preliminary | final | amended | ..
    pub status: String,
    #[serde(default)]
    pub categories: Vec<CodeableConcept>,
    pub code: CodeableConcept,
    /// Partial date or instant.
    pub effective: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// A value that is a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concept: Option<CodeableConcept>,
    /// A value in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// The imported resource this record came from: FHIR R4 JSON, references turned to `urn:uuid:` and record ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it was imported from, so that it is known again: an address, a `urn:`, or `Type/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Observation {
    pub fn is_vital(&self) -> bool {
        self.categories.iter().flat_map(|category| &category.coding).any(|coding| coding.code == VITAL_SIGNS)
    }
}

impl Record for Observation {
    const TYPE: RecordType = RecordType::Observation;
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
pub struct ObservationView {
    pub id: ObservationId,
    pub code: CodeableConcept,
    /// As a person reads it, without the unit.
    pub value: String,
    pub number: Option<f64>,
    pub unit: String,
    pub effective: Option<String>,
}

impl From<Observation> for ObservationView {
    fn from(observation: Observation) -> Self {
        let part = |quantity: &Quantity| trimmed(quantity.value);
        let (value, unit) = match (&observation.quantity, &observation.concept, &observation.text) {
            (Some(quantity), ..) => (part(quantity), quantity.unit.clone()),
            (_, Some(concept), _) => (concept.label().to_owned(), String::new()),
            (_, _, Some(text)) => (text.clone(), String::new()),
            _ => {
                let quantities: Vec<&Quantity> = observation.components.iter().filter_map(|c| c.quantity.as_ref()).collect();
                (
                    quantities.iter().map(|q| part(q)).collect::<Vec<_>>().join("/"),
                    quantities.first().map(|q| q.unit.clone()).unwrap_or_default(),
                )
            }
        };
        let number = observation.quantity.as_ref().or(observation.components.first().and_then(|c| c.quantity.as_ref())).map(|q| q.value);
        Self { id: observation.id, code: observation.code, value, number, unit, effective: observation.effective }
    }
}

fn trimmed(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What was measured now; what is absent was not.
#[derive(Debug, Clone, Default, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct VitalsRequest {
    pub patient_id: Option<PatientId>,
    pub encounter_id: Option<EncounterId>,
    pub systolic: Option<f64>,
    pub diastolic: Option<f64>,
    pub pulse: Option<f64>,
    pub temperature_c: Option<f64>,
    pub respiratory_rate: Option<f64>,
    pub spo2: Option<f64>,
    pub weight_kg: Option<f64>,
    pub height_cm: Option<f64>,
}

/// LOINC code, name, unit, UCUM code, and the range a living person can have.
struct Vital(&'static str, &'static str, &'static str, &'static str, f64, f64);

const SYSTOLIC: Vital = Vital("8480-6", "Systolic blood pressure", "mmHg", "mm[Hg]", 20.0, 320.0);
const DIASTOLIC: Vital = Vital("8462-4", "Diastolic blood pressure", "mmHg", "mm[Hg]", 10.0, 250.0);
const PULSE: Vital = Vital("8867-4", "Heart rate", "/min", "/min", 10.0, 350.0);
const TEMPERATURE: Vital = Vital("8310-5", "Body temperature", "°C", "Cel", 20.0, 46.0);
const RESPIRATION: Vital = Vital("9279-1", "Respiratory rate", "/min", "/min", 2.0, 120.0);
const SPO2: Vital = Vital("2708-6", "Oxygen saturation", "%", "%", 20.0, 100.0);
const WEIGHT: Vital = Vital("29463-7", "Body weight", "kg", "kg", 0.2, 650.0);
const HEIGHT: Vital = Vital("8302-2", "Body height", "cm", "cm", 15.0, 280.0);

/// Records vital signs measured now.
pub fn record_vitals(session: &mut Session, request: VitalsRequest) -> Result<Vec<ObservationView>, ClinicError> {
    let patient = request.patient_id.ok_or(ClinicError::invalid("patientId", "required"))?;
    let blank = || Observation {
        id: ObservationId::make(),
        patient_id: patient,
        encounter_id: request.encounter_id,
        status: "final".to_owned(),
        categories: vec![CodeableConcept {
            coding: vec![Coding { system: CATEGORY.to_owned(), code: VITAL_SIGNS.to_owned(), display: "Vital Signs".to_owned() }],
            text: String::new(),
        }],
        code: CodeableConcept::default(),
        effective: Some(jiff::Timestamp::from_millisecond(now_millis()).map(|at| at.to_string()).unwrap_or_default()),
        quantity: None,
        concept: None,
        text: None,
        components: Vec::new(),
        source: None,
        origin: None,
    };
    let mut observations = Vec::new();
    match (request.systolic, request.diastolic) {
        (Some(systolic), Some(diastolic)) => {
            if diastolic >= systolic {
                return Err(ClinicError::invalid("diastolic", "not_below_systolic"));
            }
            let components = vec![
                Component { code: concept(&SYSTOLIC), quantity: Some(quantity("systolic", &SYSTOLIC, systolic)?), text: None },
                Component { code: concept(&DIASTOLIC), quantity: Some(quantity("diastolic", &DIASTOLIC, diastolic)?), text: None },
            ];
            let panel = Vital("85354-9", "Blood pressure", "mmHg", "mm[Hg]", 0.0, 0.0);
            observations.push(Observation { code: concept(&panel), components, ..blank() });
        }
        (None, None) => {}
        (Some(_), None) => return Err(ClinicError::invalid("diastolic", "required")),
        (None, Some(_)) => return Err(ClinicError::invalid("systolic", "required")),
    }
    for (field, vital, value) in [
        ("pulse", &PULSE, request.pulse),
        ("temperatureC", &TEMPERATURE, request.temperature_c),
        ("respiratoryRate", &RESPIRATION, request.respiratory_rate),
        ("spo2", &SPO2, request.spo2),
        ("weightKg", &WEIGHT, request.weight_kg),
        ("heightCm", &HEIGHT, request.height_cm),
    ] {
        if let Some(value) = value {
            observations.push(Observation { code: concept(vital), quantity: Some(quantity(field, vital, value)?), ..blank() });
        }
    }
    if observations.is_empty() {
        return Err(ClinicError::invalid("systolic", "required"));
    }
    let access = session.authorize::<WriteVitals>(About::patient(patient).detail("vitals"))?;
    session.write(access, |tx| {
        if let Some(visit) = request.encounter_id {
            // The gate opened one patient: another's visit is refused here.
            tx.load::<Encounter>(visit)?;
        }
        observations.iter().try_for_each(|observation| tx.create(observation))
    })?;
    Ok(observations.into_iter().map(ObservationView::from).collect())
}

fn concept(vital: &Vital) -> CodeableConcept {
    CodeableConcept {
        coding: vec![Coding { system: LOINC.to_owned(), code: vital.0.to_owned(), display: vital.1.to_owned() }],
        text: vital.1.to_owned(),
    }
}

fn quantity(field: &str, vital: &Vital, value: f64) -> Result<Quantity, ClinicError> {
    if !value.is_finite() || value < vital.4 || value > vital.5 {
        return Err(ClinicError::invalid(field, "out_of_range"));
    }
    Ok(Quantity { value, unit: vital.2.to_owned(), code: vital.3.to_owned() })
}
