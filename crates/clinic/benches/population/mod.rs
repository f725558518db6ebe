//! Generated people of several cultures, the same in every run, and ten years of visits for some of them.

use clinic::{
    AllergyId, ConditionId, EncounterId, MedicationId, NoteId, ObservationId, PatientId, PractitionerId, Session,
    access::{About, Import, WriteNote},
    allergy::Allergy,
    condition::Condition,
    encounter::Encounter,
    medication::Medication,
    note::Note,
    observation::{CATEGORY, Observation, VITAL_SIGNS},
    patient::Patient,
    types::{CodeableConcept, Coding, HumanName},
};
use serde_json::json;

const GIVEN: &[&str] = &[
    "Nur", "Siti", "Mohd", "Ahmad", "Wei", "Mei", "Hui", "Kumar", "Priya", "Lakshmi", "Grace", "Joseph", "Amina", "Fatou", "Kwame", "Ines",
    "Jean", "Marie", "Thi", "Van", "Chinwe", "Olu", "Zanele", "Thabo", "Yusuf", "Leila", "Omar", "Hana", "Ana", "Luis",
];
const MIDDLE: &[&str] =
    &["binti", "bin", "a/l", "a/p", "Ling", "Jun", "Kiptoo", "Wanjiku", "de", "van", "Minh", "Abeba", "Raj", "Devi", "Salim", "Noor"];
const STARTS: &[&str] =
    &["Rah", "Abd", "Tan", "Lim", "Ngu", "Oti", "Wan", "Mbe", "Dia", "Fer", "San", "Kri", "Sub", "Has", "Ism", "Che", "Gar", "Had"];
const MIDDLES: &[&str] = &["ma", "ul", "ye", "eno", "ji", "ki", "lo", "ra", "shna", "ri", "sa", "to", "na", "ve", "du", "pe"];
const ENDS: &[&str] = &["n", "lah", "h", "ng", "ru", "le", "k", "do", "ez", "m", "wi", "mba", "yan", "d"];
const SCRIPTS: &[&str] = &["王小明", "李秀英", "张伟", "प्रिया शर्मा", "محمد علي", "أمينة حسن", "ወንድሙ", "สมชาย ใจดี"];

pub struct Population {
    ids: Vec<PatientId>,
}

impl Population {
    pub fn new(len: usize) -> Self {
        // A few more than are filled in: the ones that register later.
        Self { ids: (0..len + 1000).map(|_| PatientId::make()).collect() }
    }

    pub fn len(&self) -> usize {
        self.ids.len() - 1000
    }

    pub fn patient(&self, at: usize) -> Patient {
        let number = mixed(at);
        let pick = |list: &[&'static str], shift: u32| list[(number >> shift) as usize % list.len()];
        let family = format!("{}{}{}", pick(STARTS, 7), pick(MIDDLES, 13), pick(ENDS, 19));
        let mut names = vec![HumanName {
            name_use: "official".to_owned(),
            given: vec![pick(GIVEN, 25).to_owned(), pick(MIDDLE, 31).to_owned()],
            family,
            ..HumanName::default()
        }];
        if at.is_multiple_of(10) {
            names.push(HumanName { name_use: "usual".to_owned(), text: pick(SCRIPTS, 37).to_owned(), ..HumanName::default() });
        }
        stored(json!({
            "id": self.ids[at],
            "names": names,
            "birthDate": format!("{}-{:02}-{:02}", 1935 + number % 90, 1 + (number >> 8) % 12, 1 + (number >> 12) % 28),
            "gender": "unknown",
            "telecom": [{
                "system": "phone",
                "value": format!("+60 1{}-{:07}", number % 10, (number >> 16) % 10_000_000),
                "use": "mobile",
            }],
            "identifiers": [{ "system": "urn:clinic:number", "value": format!("C{at:07}") }],
        }))
    }

    /// What someone types to find this person: mostly the name, else a phone, a number, a date.
    pub fn query(&self, at: usize) -> String {
        let patient = self.patient(at);
        match mixed(at) % 10 {
            0 => patient.identifiers[0].value.clone(),
            1 => patient.telecom[0].value.clone(),
            2 => format!("{} {}", patient.names[0].family, patient.birth_date.unwrap_or_default()),
            3..=5 => {
                format!("{} {} {}", patient.names[0].family, patient.names[0].given.join(" "), &patient.birth_date.unwrap_or_default()[..4])
            }
            _ => patient.names[0].display(),
        }
    }
}

/// SplitMix64: scattered, and the same in every run.
fn mixed(at: usize) -> u64 {
    let mut number = (at as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

fn concept(system: &str, code: &str, text: &str) -> CodeableConcept {
    CodeableConcept {
        coding: vec![Coding { system: system.to_owned(), code: code.to_owned(), display: text.to_owned() }],
        text: text.to_owned(),
    }
}

/// Six visits a year for ten years: each with a note, vital signs and results; problems, medicines and allergies besides.
pub fn ten_years(session: &mut Session, patients: &[PatientId], me: PractitionerId) {
    let now = jiff::Timestamp::now().as_millisecond();
    for patient in patients.iter().copied() {
        session.timer.proved();
        let visits: Vec<Encounter> = (0..60_i64)
            .map(|visit| {
                let started = now - (60 - visit) * 61 * 86_400_000;
                stored(json!({
                    "id": EncounterId::make(),
                    "patientId": patient,
                    "practitionerId": me,
                    "stages": [{ "stage": "arrived", "since": started }, { "stage": "done", "since": started + 900_000 }],
                    "reason": "follow-up of diabetes and blood pressure",
                    "started": started,
                    "ended": started + 900_000,
                }))
            })
            .collect();
        let access = session.authorize::<Import>(About::patient(patient).detail("bench")).unwrap();
        session
            .write(access, |tx| {
                for visit in &visits {
                    tx.create(visit)?;
                    for measured in 0..9 {
                        tx.create(&observation(visit, measured))?;
                    }
                }
                for number in 0..12 {
                    tx.create(&condition(patient, number))?;
                    tx.create(&medication(patient, number))?;
                }
                for number in 0..4 {
                    tx.create(&allergy(patient, number))?;
                }
                Ok(())
            })
            .unwrap();
        let access = session.authorize::<WriteNote>(About::patient(patient).detail("bench")).unwrap();
        session.write(access, |tx| visits.iter().try_for_each(|visit| tx.create(&note(visit, me)))).unwrap();
    }
}

fn observation(visit: &Encounter, number: u32) -> Observation {
    let category = if number < 5 { VITAL_SIGNS } else { "laboratory" };
    stored(json!({
        "id": ObservationId::make(),
        "patientId": visit.patient_id,
        "encounterId": visit.id,
        "status": "final",
        "categories": [concept(CATEGORY, category, category)],
        "code": concept("http://loinc.org", &format!("88{number}-7"), "Heart rate or another thing that is measured"),
        "effective": jiff::Timestamp::from_millisecond(visit.started).unwrap().to_string(),
        "quantity": { "value": 72.5 + f64::from(number), "unit": "/min", "code": "/min" },
    }))
}

fn condition(patient: PatientId, number: u32) -> Condition {
    stored(json!({
        "id": ConditionId::make(),
        "patientId": patient,
        "code": concept("http://hl7.org/fhir/sid/icd-10", &format!("E1{number}.9"), "Type 2 diabetes mellitus without complications"),
        "onset": "2016-03",
        "status": if number < 5 { "active" } else { "resolved" },
    }))
}

fn medication(patient: PatientId, number: u32) -> Medication {
    stored(json!({
        "id": MedicationId::make(),
        "patientId": patient,
        "medication": CodeableConcept::text(format!("metformin {number} 500 mg tablet")),
        "dosage": "1 tablet twice a day with food",
        "status": if number < 5 { "active" } else { "stopped" },
        "authoredOn": "2018-05-01",
    }))
}

fn allergy(patient: PatientId, number: u32) -> Allergy {
    stored(json!({
        "id": AllergyId::make(),
        "patientId": patient,
        "substance": CodeableConcept::text(format!("penicillin {number}")),
        "criticality": "high",
        "reaction": "rash",
        "status": "active",
    }))
}

fn note(visit: &Encounter, author_id: PractitionerId) -> Note {
    let section = |code: &str| {
        let sentence = |number: usize| {
            json!({
                "id": format!("{code}-{number}"),
                "text": "Blood glucose at home between six and nine, no dizziness, takes the tablets as told.",
                "origin": "written", "state": "kept", "support": "supported", "flags": [], "evidence": [],
            })
        };
        json!({ "code": code, "title": code, "sentences": (0..5).map(sentence).collect::<Vec<_>>() })
    };
    let codes = ["history", "examination", "assessment", "plan"];
    let mut fields = json!({
        "id": NoteId::make(),
        "patientId": visit.patient_id,
        "encounterId": visit.id,
        "authorId": author_id,
        "status": "final",
        "order": codes,
        "omissions": [],
        "signedBy": author_id,
        "signedAt": visit.started,
    });
    for code in codes {
        fields[format!("section:{code}")] = section(code);
    }
    stored(fields)
}

/// A record from its stored form: what the desk does not ask for is left out.
pub fn stored<T: serde::de::DeserializeOwned>(fields: serde_json::Value) -> T {
    serde_json::from_value(fields).unwrap()
}
