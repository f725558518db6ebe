//! Records that come from elsewhere and go elsewhere: whole or not at all, known again, and never on the wrong person.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod harness;

use std::{collections::BTreeMap, path::PathBuf};

use clinic::{
    ClinicError, PatientId, Session,
    allergy::{self, AllergyRequest},
    chart,
    consent::{self, ConsentDecision, ConsentGiver, ConsentMethod, ConsentRequest},
    encounter,
    fhir::{self, ImportReport, validate::validate},
    medication::{self, MedicationRequestRequest},
    note::{self, NoteEdit},
    observation::{self, VitalsRequest},
    patient,
    types::Identifier,
};
use harness::*;
use serde_json::{Value, json};

fn data(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/fhir").join(name)).unwrap()
}

fn synthea() -> Value {
    serde_json::from_slice(&data("synthea-trimmed.json")).unwrap()
}

fn take_in(desk: &mut Session, files: &[(&str, &Value)]) -> ImportReport {
    let files: Vec<_> = files.iter().map(|(name, value)| ((*name).to_owned(), value.to_string().into_bytes())).collect();
    fhir::import(desk, &files).unwrap()
}

fn created(counts: &[(&str, u64)]) -> BTreeMap<String, u64> {
    counts.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect()
}

/// Paths and errors of what was refused.
fn refusals(report: &ImportReport) -> Vec<(&str, &str)> {
    report.refused.iter().map(|refused| (refused.path.as_str(), refused.error.as_str())).collect()
}

fn everyone(desk: &mut Session) -> Vec<PatientId> {
    patient::recent(desk).unwrap().into_iter().map(|hit| hit.id).collect()
}

fn out(desk: &mut Session, patient: PatientId) -> Value {
    serde_json::from_str(&fhir::export_patient(desk, patient).unwrap()).unwrap()
}

fn resources<'v>(bundle: &'v Value, kind: &str) -> Vec<&'v Value> {
    let entries = bundle["entry"].as_array().unwrap().iter();
    entries.map(|entry| &entry["resource"]).filter(|resource| resource["resourceType"] == kind).collect()
}

fn bundle(kind: &str, resources: &[Value]) -> Value {
    let entries: Vec<Value> = resources
        .iter()
        .map(|resource| {
            let url =
                format!("http://example.org/fhir/{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
            json!({ "fullUrl": url, "resource": resource })
        })
        .collect();
    json!({ "resourceType": "Bundle", "type": kind, "entry": entries })
}

fn someone(id: &str, given: &str, birth: &str) -> Value {
    json!({ "resourceType": "Patient", "id": id, "name": [{ "family": "Rahman", "given": [given] }], "birthDate": birth,
        "identifier": [{ "system": "http://example.org/card", "value": "C-77" }] })
}

fn problem(id: &str, subject: Value) -> Value {
    json!({ "resourceType": "Condition", "id": id, "subject": subject, "code": { "text": "Asthma" } })
}

#[test]
fn a_bundle_becomes_a_chart_and_the_same_bundle_again_changes_nothing() {
    let mut clinic = TestClinic::new();
    let desk = clinic.as_(MANAGER);
    let report = take_in(desk, &[("synthea.json", &synthea())]);
    assert_eq!(refusals(&report), []);
    let all = [
        ("Patient", 1),
        ("Observation", 39),
        ("Encounter", 9),
        ("Goal", 5),
        ("AllergyIntolerance", 4),
        ("MedicationRequest", 4),
        ("Condition", 4),
        ("Procedure", 4),
        ("Immunization", 4),
        ("DiagnosticReport", 4),
        ("CarePlan", 3),
        ("Organization", 2),
        ("Practitioner", 2),
        ("Claim", 2),
        ("ExplanationOfBenefit", 1),
    ];
    assert_eq!((&report.created, &report.matched), (&created(&all), &created(&[])));
    assert_eq!(serde_json::to_value(&report).unwrap()["created"]["Patient"], 1);

    let found = patient::find(desk, "delagarza").unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].birth_date.as_deref(), Some(resources(&synthea(), "Patient")[0]["birthDate"].as_str().unwrap()));
    let before = out(desk, found[0].id);

    let again = take_in(desk, &[("copy.json", &synthea())]);
    assert_eq!((again.created, again.matched), (created(&[]), created(&all)));
    let renamed = patient::read(desk, found[0].id).unwrap();
    let request = patient::PatientRequest {
        names: vec![clinic::types::HumanName { family: "Menon".to_owned(), ..Default::default() }],
        birth_date: renamed.birth_date.clone(),
        identifiers: renamed.identifiers.clone(),
        gender: renamed.gender,
        ..Default::default()
    };
    patient::update(desk, found[0].id, request).unwrap();
    let third = take_in(desk, &[("copy.json", &synthea())]);
    assert_eq!(third.created, created(&[]), "a person who was renamed here is still the one who came");
    assert_eq!(everyone(desk), [found[0].id]);
    let after = out(desk, found[0].id);
    assert_eq!(before["entry"].as_array().unwrap().len(), after["entry"].as_array().unwrap().len());
    assert_eq!(clinic.trail("import").len(), 3);
}

#[test]
fn a_file_with_one_fault_is_refused_whole_and_stops_no_other() {
    let mut clinic = TestClinic::new();
    let desk = clinic.as_(MANAGER);
    let mut bad = synthea();
    let at = bad["entry"].as_array().unwrap().iter().position(|entry| entry["resource"]["resourceType"] == "Patient").unwrap();
    bad["entry"][at]["resource"]["birthDate"] = json!("1980-02-30");
    let good = bundle("collection", &[someone("1", "Siti", "1980-05-17"), problem("c", json!({ "reference": "Patient/1" }))]);
    let report = take_in(desk, &[("bad.json", &bad), ("good.json", &good)]);
    assert_eq!(report.created, created(&[("Condition", 1), ("Patient", 1)]));
    assert_eq!(report.refused.len(), 1, "{:?}", report.refused);
    assert_eq!((report.refused[0].file.as_str(), report.refused[0].path.clone()), ("bad.json", format!("entry[{at}].resource.birthDate")));
    assert!(!report.refused[0].error.contains("1980-02-30"), "an error holds no value");
    assert_eq!(everyone(desk).len(), 1);
    assert!(patient::find(desk, "delagarza").unwrap().is_empty());
    assert_eq!(clinic.trail("import").len(), 2, "who tried is told, whatever became of it");
}

#[test]
fn each_broken_example_is_refused_with_its_place() {
    let mut clinic = TestClinic::new();
    let desk = clinic.as_(MANAGER);
    let manifest: Vec<Value> = serde_json::from_slice(&data("invalid/manifest.json")).unwrap();
    assert!(manifest.len() > 10);
    for broken in &manifest {
        let name = broken["file"].as_str().unwrap();
        let report = fhir::import(desk, &[(name.to_owned(), data(&format!("invalid/{name}")))]).unwrap();
        assert!(!report.refused.is_empty() && report.created.is_empty() && report.matched.is_empty(), "{name}");
        assert!(report.refused.iter().all(|refused| !refused.path.is_empty() && refused.file == name), "{:?}", report.refused);
    }
    for text in ["", "{", "[]", "null", "{\"resourceType\":\"Patient\"", "{\"resourceType\":\"Bundle\",\"type\":\"collection\"}"] {
        let report = fhir::import(desk, &[("text".to_owned(), text.as_bytes().to_vec())]).unwrap();
        assert_eq!(report.created, created(&[]), "{text}");
    }
    assert!(everyone(desk).is_empty());
}

#[test]
fn what_came_goes_out_and_comes_in_elsewhere_as_it_was() {
    let (mut first, mut second) = (TestClinic::new(), TestClinic::new());
    let (one, other) = (first.as_(MANAGER), second.as_(MANAGER));
    take_in(one, &[("synthea.json", &synthea())]);
    let patient = everyone(one)[0];
    let exported = out(one, patient);
    let report = take_in(other, &[("exported.json", &exported)]);
    assert_eq!(refusals(&report), []);
    assert_eq!(report.created.values().sum::<u64>() as usize, synthea()["entry"].as_array().unwrap().len());
    let patient = everyone(other)[0];
    let again = out(other, patient);
    assert_eq!(without_ids(&exported), without_ids(&again));

    let back = take_in(one, &[("back.json", &exported)]);
    assert_eq!(back.created, created(&[]), "what this desk gave out is known to it");

    // Beyond ids, references and the order of members, nothing of the first file is lost.
    let came = synthea();
    for kind in ["Patient", "Observation", "Claim", "MedicationRequest", "CarePlan"] {
        let bare = |bundle: &Value| {
            let mut all: Vec<String> =
                resources(bundle, kind).into_iter().map(|resource| without_addresses(resource).to_string()).collect();
            all.sort();
            all
        };
        assert_eq!(bare(&came), bare(&exported), "{kind}");
    }
}

/// The Bundle with each UUID named by its order of appearance, entries in the order of what they say.
fn without_ids(bundle: &Value) -> Vec<String> {
    let mut texts: Vec<String> =
        bundle["entry"].as_array().unwrap().iter().map(|entry| without_addresses(&entry["resource"]).to_string()).collect();
    texts.sort();
    texts
}

fn without_addresses(resource: &Value) -> Value {
    match resource {
        Value::Object(members) => members
            .iter()
            .filter(|(name, value)| !(matches!(name.as_str(), "reference" | "id") && value.is_string()))
            .map(|(name, value)| (name.clone(), without_addresses(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(without_addresses).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_record_of_someone_unknown_is_refused_until_they_are_here() {
    let mut clinic = TestClinic::new();
    let desk = clinic.as_(MANAGER);
    let lone = problem("c1", json!({ "reference": "Patient/1" }));
    let unknown = "no patient of this file or this clinic is known by this reference";
    assert_eq!(refusals(&take_in(desk, &[("lone.json", &lone)])), [("subject.reference", unknown)]);
    let inside = bundle("collection", &[someone("1", "Siti", "1980-05-17"), problem("c2", json!({ "reference": "Patient/2" }))]);
    assert_eq!(refusals(&take_in(desk, &[("inside.json", &inside)])), [("entry[1].resource.subject.reference", unknown)]);
    let nameless = problem("c3", json!({ "display": "Siti Rahman" }));
    assert_eq!(refusals(&take_in(desk, &[("nameless.json", &nameless)]))[0].0, "subject.reference");
    assert!(everyone(desk).is_empty(), "nothing of a refused file is here");

    // Whichever comes first.
    let report = take_in(desk, &[("lone.json", &lone), ("siti.json", &someone("1", "Siti", "1980-05-17"))]);
    assert_eq!((refusals(&report), &report.created), (vec![], &created(&[("Condition", 1), ("Patient", 1)])));
    let siti = everyone(desk)[0];
    assert_eq!(resources(&out(desk, siti), "Condition").len(), 1);
    let other_name = problem("c4", json!({ "reference": "Patient/1", "display": "Ravi Menon" }));
    assert_eq!(refusals(&take_in(desk, &[("other.json", &other_name)]))[0].0, "subject.display");
}

#[test]
fn two_persons_with_one_number_stay_two() {
    let mut clinic = TestClinic::new();
    let desk = clinic.as_(MANAGER);
    let (siti, sara) = (someone("1", "Siti", "1980-05-17"), someone("1", "Sara", "1984-01-02"));
    let report = take_in(desk, &[("a.json", &siti), ("b.json", &sara)]);
    assert_eq!(report.created, created(&[("Patient", 2)]), "the same id and the same card, and not the same person");
    let again = take_in(desk, &[("b.json", &sara), ("a.json", &siti)]);
    assert_eq!((again.created, again.matched), (created(&[]), created(&[("Patient", 2)])));

    let ambiguous = "more than one patient is known by this reference";
    let lone = problem("c1", json!({ "reference": "Patient/1" }));
    assert_eq!(refusals(&take_in(desk, &[("lone.json", &lone)])), [("subject.reference", ambiguous)]);
    let card = problem("c2", json!({ "reference": "Patient?identifier=http://example.org/card|C-77" }));
    assert_eq!(refusals(&take_in(desk, &[("card.json", &card)])), [("subject.reference", ambiguous)]);
    let twice = bundle(
        "collection",
        &[siti.clone(), {
            let mut twin = siti;
            twin["id"] = json!("2");
            twin
        }],
    );
    assert_eq!(refusals(&take_in(desk, &[("twice.json", &twice)]))[0].1, "another entry of this file is the same person");
    assert_eq!(everyone(desk).len(), 2);
}

#[test]
fn an_identifier_leads_to_the_one_who_has_it() {
    let mut clinic = TestClinic::new();
    let desk = clinic.as_(MANAGER);
    let mut request = person("Lim");
    request.identifiers = vec![Identifier { system: "http://example.org/card".to_owned(), value: "C-1".to_owned() }];
    let lim = patient::register(desk, request).unwrap().id;
    let mut same = someone("9", "Nur", "1980-05-17");
    same["name"][0]["family"] = json!("Lim");
    same["identifier"][0]["value"] = json!("C-1");
    let by_card = json!({ "reference": "Patient?identifier=http%3A%2F%2Fexample.org%2Fcard%7CC-1" });
    let report = take_in(desk, &[("same.json", &same), ("card.json", &problem("c1", by_card))]);
    assert_eq!(
        (refusals(&report), &report.created),
        (vec![], &created(&[("Condition", 1)])),
        "registered here, known by card, name and birth"
    );
    let logical = json!({ "identifier": { "system": "http://example.org/card", "value": "C-1" }, "display": "Lim" });
    assert_eq!(take_in(desk, &[("logical.json", &problem("c2", logical))]).created, created(&[("Condition", 1)]));
    same["birthDate"] = json!("1980-05-18");
    same["id"] = json!("10");
    assert_eq!(take_in(desk, &[("other.json", &same)]).created, created(&[("Patient", 1)]), "another birthday, another person");
    assert_eq!(resources(&out(desk, lim), "Condition").len(), 2);
}

#[test]
fn nothing_stands_in_another_patients_visit() {
    let mut clinic = TestClinic::new();
    let desk = clinic.as_(MANAGER);
    let visit = json!({ "resourceType": "Encounter", "id": "e", "status": "finished", "subject": { "reference": "Patient/1" },
        "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB" } });
    let mut stray = problem("c", json!({ "reference": "Patient/2" }));
    stray["encounter"] = json!({ "reference": "Encounter/e" });
    let file = bundle("collection", &[someone("1", "Siti", "1980-05-17"), someone("2", "Sara", "1984-01-02"), visit, stray]);
    assert_eq!(
        refusals(&take_in(desk, &[("file.json", &file)])),
        [("entry[3].resource.encounter.reference", "this belongs to another patient")]
    );
    for kind in ["history", "batch-response"] {
        let report = take_in(desk, &[("file.json", &json!({ "resourceType": "Bundle", "type": kind }))]);
        assert_eq!(report.refused[0].path, "type", "{kind}");
    }
    let delete = json!({ "resourceType": "Bundle", "type": "transaction",
        "entry": [{ "request": { "method": "DELETE", "url": "Patient/1" } }] });
    assert_eq!(take_in(desk, &[("delete.json", &delete)]).refused[0].path, "entry[0].request.method");
    assert!(everyone(desk).is_empty());
}

#[test]
fn what_has_no_address_is_still_known_again() {
    let mut clinic = TestClinic::new();
    let desk = clinic.as_(MANAGER);
    let weight = |kg: f64| {
        json!({ "resourceType": "Observation", "status": "final", "code": { "text": "Weight" }, "valueQuantity": { "value": kg },
            "subject": { "reference": "http://example.org/fhir/Patient/1" } })
    };
    let mut file = bundle("collection", &[someone("1", "Siti", "1980-05-17")]);
    for kg in [70.5, 70.5, 71.0] {
        file["entry"].as_array_mut().unwrap().push(json!({ "resource": weight(kg) }));
    }
    let all = [("Observation", 3), ("Patient", 1)];
    let report = take_in(desk, &[("file.json", &file)]);
    assert_eq!((refusals(&report), &report.created), (vec![], &created(&all)), "two that say the same are still two");
    let again = take_in(desk, &[("file.json", &file)]);
    assert_eq!((again.created, again.matched), (created(&[]), created(&all)));
    let told = json!({ "resourceType": "Provenance", "id": "p", "recorded": "2026-01-01T00:00:00Z", "agent": [{ "who": { "display": "Clerk" } }],
        "target": [{ "reference": "Condition/late" }] });
    let late = problem("late", json!({ "reference": "http://example.org/fhir/Patient/1" }));
    take_in(desk, &[("told.json", &told), ("late.json", &late)]);
    let again = take_in(desk, &[("told.json", &told), ("late.json", &late)]);
    assert_eq!((again.created, again.matched), (created(&[]), created(&[("Condition", 1), ("Provenance", 1)])));
    let more = take_in(desk, &[("more.json", &weight(72.0))]);
    assert_eq!((refusals(&more), &more.created), (vec![], &created(&[("Observation", 1)])));
}

#[test]
fn a_visit_here_goes_out_as_valid_resources_and_nobody_elses_with_it() {
    let mut clinic = TestClinic::new().with_doctor();
    let (lim, visit) = clinic.visit("Lim");
    let (ngo, _) = clinic.visit("Ngo");
    let doctor = clinic.id_of(DOCTOR);
    let desk = clinic.as_(DOCTOR);
    let vitals = VitalsRequest {
        patient_id: Some(lim),
        encounter_id: Some(visit),
        systolic: Some(132.0),
        diastolic: Some(84.0),
        temperature_c: Some(37.2),
        ..VitalsRequest::default()
    };
    observation::record_vitals(desk, vitals).unwrap();
    let request = AllergyRequest {
        patient_id: lim,
        substance: "Penicillin <b>".to_owned(),
        criticality: Some("high".to_owned()),
        reaction: "rash & wheeze".to_owned(),
    };
    allergy::add(desk, request).unwrap();
    medication::add(desk, MedicationRequestRequest { patient_id: lim, medication: "Salbutamol".to_owned(), dosage: "2 puffs".to_owned() })
        .unwrap();
    let given = ConsentRequest {
        encounter_id: visit,
        decision: ConsentDecision::Given,
        method: ConsentMethod::Spoken,
        given_by: ConsentGiver::Parent,
        name: "Mary Lim".to_owned(),
    };
    consent::record(desk, given).unwrap();
    let draft = note::draft(desk, visit, None).unwrap();
    note::edit(desk, draft.id, NoteEdit::Write { section: "plan".to_owned(), text: "Peak flow < 300 & falling".to_owned() }).unwrap();
    let written = note::edit(desk, draft.id, NoteEdit::Write { section: "history".to_owned(), text: "Struck words".to_owned() }).unwrap();
    let struck = written.sections.iter().find(|section| section.code == "history").unwrap().sentences[0].id.clone();
    note::edit(desk, draft.id, NoteEdit::Strike { sentence_id: struck }).unwrap();
    note::sign(desk, draft.id).unwrap();
    note::add_addendum(desk, draft.id, "Called: better.").unwrap();
    assert!(matches!(fhir::export_patient(desk, lim), Err(ClinicError::Denied(_))));

    let desk = clinic.as_(MANAGER);
    let exported = out(desk, lim);
    let compositions = resources(&exported, "Composition");
    assert_eq!(compositions.len(), 2);
    let (note, addendum) = (compositions[0], compositions[1]);
    let text = note["section"].to_string();
    assert!(text.contains("Peak flow &lt; 300 &amp; falling") && !text.contains("Struck"), "{text}");
    assert_eq!(
        (note["status"].as_str(), note["attester"][0]["party"]["reference"].as_str()),
        (Some("final"), Some(&*format!("urn:uuid:{doctor}")))
    );
    assert_eq!(addendum["relatesTo"][0]["targetReference"]["reference"], format!("urn:uuid:{}", draft.id));
    assert_eq!(resources(&exported, "Practitioner").len(), 1, "who wrote it goes along");
    assert_eq!(resources(&exported, "Consent")[0]["performer"][0]["display"], "Mary Lim (parent)");
    assert_eq!(resources(&exported, "Observation").len(), 2);
    assert_eq!(resources(&exported, "Patient").len(), 1);
    assert!(!exported.to_string().contains(&ngo.to_string()) && !exported.to_string().contains("Ngo"));
    assert_eq!(clinic.trail("export").len(), 2, "and who was denied it");

    let mut elsewhere = TestClinic::new();
    let desk = elsewhere.as_(MANAGER);
    let report = take_in(desk, &[("lim.json", &exported)]);
    assert_eq!(refusals(&report), []);
    let patient = everyone(desk)[0];
    assert_eq!(without_ids(&exported), without_ids(&out(desk, patient)));
}

#[test]
fn everything_goes_out_as_files_in_an_empty_folder_or_not_at_all() {
    let mut clinic = TestClinic::new().with_doctor();
    clinic.visit("Lim");
    let desk = clinic.as_(MANAGER);
    take_in(desk, &[("synthea.json", &synthea())]);
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("export");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("mine.txt"), "keep").unwrap();
    assert!(matches!(fhir::export_all(desk, &folder), Err(ClinicError::Invalid(fault)) if fault.reason == "not_empty"));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing half done is left");
    std::fs::remove_file(folder.join("mine.txt")).unwrap();

    let report = fhir::export_all(desk, &folder).unwrap();
    assert_eq!((report.exported["Patient"], report.exported["Encounter"], report.exported["Practitioner"]), (2, 10, 4));
    let mut resources = BTreeMap::new();
    for (name, bytes) in files(&folder) {
        let kind = name.strip_suffix(".ndjson").unwrap();
        for line in std::str::from_utf8(&bytes).unwrap().lines() {
            validate(line.as_bytes()).unwrap_or_else(|refusal| panic!("{name}: {:?}", refusal.faults));
            let resource: Value = serde_json::from_str(line).unwrap();
            assert_eq!(resource["resourceType"], kind);
            resources.insert(format!("{kind}/{}", resource["id"].as_str().unwrap()), resource);
        }
    }
    assert_eq!(resources.len() as u64, report.exported.values().sum::<u64>());
    for resource in resources.values() {
        let text = resource.to_string();
        assert!(!text.contains("urn:uuid:"), "{text}");
        for found in text.split("\"reference\":\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(found.starts_with('#') || resources.contains_key(found), "{found} leads nowhere");
        }
    }
    assert!(matches!(fhir::export_all(desk, &folder), Err(ClinicError::Invalid(_))));
    let doctor = clinic.as_(DOCTOR);
    assert!(matches!(fhir::export_all(doctor, &dir.path().join("other")), Err(ClinicError::Denied(_))));
    assert!(matches!(fhir::import(doctor, &[("a".to_owned(), Vec::new())]), Err(ClinicError::Denied(_))));
}

#[test]
fn what_came_shows_in_the_chart() {
    let mut clinic = TestClinic::new().with_doctor();
    let desk = clinic.as_(MANAGER);
    take_in(desk, &[("synthea.json", &synthea())]);
    let patient = everyone(desk)[0];
    let desk = clinic.as_(DOCTOR);
    encounter::start_visit(desk, patient, "check").unwrap();
    let chart = chart::read(desk, patient).unwrap();
    assert_eq!((chart.allergies.len(), chart.conditions.len(), chart.medications.len(), chart.immunizations.len()), (4, 4, 4, 4));
    assert_eq!(chart.visits.len(), 10);
    assert!(chart.vitals.iter().any(|vital| vital.number.is_some()));
    assert!(chart.allergies.iter().all(|allergy| !allergy.substance.label().is_empty()));
}
