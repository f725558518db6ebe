//! Both ways, for what came from elsewhere and for what was made here.

use proptest::prelude::*;

use super::*;
use crate::{
    allergy::Allergy,
    appointment::Appointment,
    condition::Condition,
    encounter::Encounter,
    fhir::validate::validate,
    immunization::Immunization,
    medication::Medication,
    observation::{Observation, Quantity, UCUM},
    patient::Patient,
    types::{Address, AdministrativeGender, Coding, ContactPoint, HumanName, Identifier},
};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/fhir/examples");

/// What an untouched record gives out is what came, but for its id.
fn unchanged<R: Mapped>(name: &str, text: &str) -> bool {
    let came = validate(text.as_bytes()).unwrap();
    let id = Uuid::now_v7();
    let Some(mut record) = R::read(&came, Links::new(id, PatientId(id))) else { return false };
    record.set_source(text.to_owned(), None);
    let out = record.to_fhir();
    let mut expected = came.clone();
    with_id(&mut expected, id);
    if R::NAME == "Appointment" {
        // The patient joins participants that came as references to elsewhere.
        let given = reread(&out).unwrap();
        expected.set("participant", given.get("participant").cloned());
    }
    assert_eq!(out, expected.to_text(), "{name}");
    true
}

#[test]
fn what_was_not_changed_here_goes_out_as_it_came() {
    let mut met = 0;
    for file in std::fs::read_dir(EXAMPLES).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        met += u32::from(match name.split('-').next().unwrap() {
            "Patient" => unchanged::<Patient>(&name, &text),
            "Condition" => unchanged::<Condition>(&name, &text),
            "AllergyIntolerance" => unchanged::<Allergy>(&name, &text),
            "MedicationRequest" => unchanged::<Medication>(&name, &text),
            "Observation" => unchanged::<Observation>(&name, &text),
            "Immunization" => unchanged::<Immunization>(&name, &text),
            "Encounter" => unchanged::<Encounter>(&name, &text),
            "Appointment" => unchanged::<Appointment>(&name, &text),
            _ => false,
        });
    }
    assert!(met >= 20, "{met}");
}

/// A line as a form stores it: trimmed, of any script; or nothing.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(String::new()), 4 => "[\\PC&&[^\\pZ]]{1,12}( [\\PC&&[^\\pZ]]{1,8})?"]
}

fn words() -> impl Strategy<Value = String> {
    line().prop_filter("something", |text| !text.is_empty())
}

fn date() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        Just(None),
        (1900..2026i32, 1..=12u32, 1..=28u32).prop_map(|(year, month, day)| Some(format!("{year:04}-{month:02}-{day:02}"))),
        (1900..2026i32, 1..=12u32).prop_map(|(year, month)| Some(format!("{year:04}-{month:02}"))),
        (1900..2026i32).prop_map(|year| Some(format!("{year:04}"))),
    ]
}

/// Valid, and read again it says the same.
fn both_ways<R: Mapped + PartialEq + std::fmt::Debug>(record: &R) -> Result<(), TestCaseError> {
    let out = record.to_fhir();
    let tree = match validate(out.as_bytes()) {
        Ok(tree) => tree,
        Err(refusal) => return Err(TestCaseError::fail(format!("{out}: {:?}", refusal.faults))),
    };
    let again = R::read(&tree, record.links());
    prop_assert_eq!(again.as_ref(), Some(record), "{}", out);
    Ok(())
}

proptest! {
    #[test]
    fn a_patient_made_here_is_the_same_elsewhere(
        (given, family, phone, value, city) in (words(), words(), words(), words(), words()),
        birth_date in date(), gender in 0..4u8, deceased: bool, active: bool,
    ) {
        let patient = Patient {
            names: vec![HumanName { name_use: "official".to_owned(), text: format!("{given} {family}"), given: vec![given], family, ..HumanName::default() }],
            birth_date,
            gender: [AdministrativeGender::Male, AdministrativeGender::Female, AdministrativeGender::Other, AdministrativeGender::Unknown][usize::from(gender)],
            telecom: vec![ContactPoint { system: "phone".to_owned(), value: phone, point_use: "mobile".to_owned() }],
            identifiers: vec![Identifier { system: "http://example.org/card".to_owned(), value }],
            address: Some(Address { city, ..Address::default() }),
            deceased,
            active,
            ..blank_patient(PatientId::make())
        };
        both_ways(&patient)?;
    }

    #[test]
    fn a_problem_and_an_allergy_made_here_are_the_same_elsewhere(
        (text, reaction) in (words(), line()), onset in date(), at in 0..3usize, recorded in prop::option::of(0..4_000_000_000_000i64),
    ) {
        let patient = PatientId::make();
        let coding = vec![Coding { system: "http://snomed.info/sct".to_owned(), code: "195967001".to_owned(), display: text.clone() }];
        let code = CodeableConcept { coding, text };
        let status = ["active", "inactive", "resolved"][at].to_owned();
        let problem = Condition { code: code.clone(), onset, status: status.clone(), recorded, ..Condition::blank(Links::new(Uuid::now_v7(), patient)) };
        both_ways(&problem)?;
        let criticality = Some(["low", "high", "unable-to-assess"][at].to_owned());
        let reactions = if reaction.is_empty() { Vec::new() } else { vec![CodeableConcept::text(&*reaction)] };
        let allergy = Allergy { substance: code, criticality, reaction, reactions, status, recorded, ..Allergy::blank(Links::new(Uuid::now_v7(), patient)) };
        both_ways(&allergy)?;
    }

    #[test]
    fn a_measurement_and_a_medicine_made_here_are_the_same_elsewhere(
        (text, dosage) in (words(), line()), value in -1e6..1e6f64, effective in date(), authored_on in date(),
    ) {
        let patient = PatientId::make();
        let observation = Observation {
            status: "final".to_owned(),
            code: CodeableConcept::text(&*text),
            effective,
            quantity: Some(Quantity { value, unit: "kg".to_owned(), code: "kg".to_owned() }),
            ..Observation::blank(Links::new(Uuid::now_v7(), patient))
        };
        assert!(observation.to_fhir().contains(UCUM));
        both_ways(&observation)?;
        let medicine = Medication {
            medication: CodeableConcept::text(text),
            dosage,
            status: "active".to_owned(),
            intent: "order".to_owned(),
            authored_on,
            ..Medication::blank(Links::new(Uuid::now_v7(), patient))
        };
        both_ways(&medicine)?;
    }
}
