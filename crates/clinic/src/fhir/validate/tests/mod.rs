//! The validator against official examples, named defects, random defects and hostile bytes.

mod hostile;
mod mutation;
mod rule_by_rule;

use std::fs;
use std::path::PathBuf;

use super::*;

fn data(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/fhir").join(folder)
}

/// The official examples and one Synthea bundle, by name.
fn examples() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(data("examples")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.push(data("synthea-trimmed.json"));
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect()
}

fn faults(text: &str) -> Vec<Fault> {
    validate(text.as_bytes()).err().map_or(Vec::new(), |refusal| refusal.faults)
}

fn paths(text: &str) -> Vec<String> {
    faults(text).into_iter().map(|fault| fault.path).collect()
}

#[test]
fn official_examples_and_a_synthea_bundle_are_taken() {
    let examples = examples();
    assert!(examples.len() > 80);
    for (name, bytes) in examples {
        if let Err(refusal) = validate(&bytes) {
            panic!("{name}: {:?}", refusal.faults);
        }
    }
}

#[test]
fn each_named_defect_is_refused_at_its_place() {
    let places = [
        ("appt-start-no-end.json", "end"),
        ("appt-status-bad.json", "status"),
        ("audit-missing-recorded.json", "recorded"),
        ("cond-missing-subject.json", "subject"),
        ("docref-status-bad.json", "status"),
        ("enc-missing-class.json", "class"),
        ("medreq-r5-medication.json", "medication"),
        ("obs-dar-with-value.json", "dataAbsentReason"),
        ("pat-active-string.json", "active"),
        ("pat-birthdate-array.json", "birthDate"),
        ("pat-birthdate-impossible.json", "birthDate"),
        ("pat-deceased-two.json", "deceasedDateTime"),
        ("prov-missing-agent.json", "agent"),
    ];
    let files = fs::read_dir(data("invalid")).unwrap().count();
    assert_eq!(files, places.len() + 1, "a file for each place, and the manifest");
    for (file, place) in places {
        let bytes = fs::read(data("invalid").join(file)).unwrap();
        let refusal = validate(&bytes).expect_err(file);
        assert_eq!(refusal.faults[0].path, place, "{file}");
    }
}

#[test]
fn a_fault_in_a_bundle_is_named_from_the_top() {
    let bundle = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient"}},
        {"resource":{"resourceType":"Patient","birthDate":"2023-02-29",
         "contact":[{"name":{"given":["A",7]}}]}}]}"#;
    assert_eq!(paths(bundle), ["entry[1].resource.birthDate", "entry[1].resource.contact[0].name.given[1]"]);
}

#[test]
fn no_value_of_the_input_is_in_a_fault() {
    let marker = "Zq7Marker";
    let input = format!(
        r#"{{"resourceType":"Patient","gender":"{marker}","birthDate":"{marker}","id":"{marker} {marker}",
        "managingOrganization":{{"reference":"{marker}"}},"{marker} Street 1":1,"active":"{marker}",
        "link":[{{"type":"{marker}","other":{{"reference":"urn:uuid:{marker}"}}}}],"text":{{"status":"empty","div":"{marker}"}}}}"#
    );
    let refusal = validate(input.as_bytes()).unwrap_err();
    assert_eq!(refusal.faults.len(), 8);
    for fault in &refusal.faults {
        let said = format!("{fault} {fault:?}");
        assert!(!said.contains(marker), "{said}");
    }
    assert!(!format!("{refusal}").contains(marker));
}

#[test]
fn the_tree_keeps_decimals_and_order_as_written() {
    let text = br#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.10}}"#;
    let tree = validate(text).unwrap();
    let value = tree.get("valueQuantity").and_then(|quantity| quantity.get("value"));
    assert_eq!(value, Some(&Json::Number("1.10".into())));
    assert_eq!(tree.members()[1].0, "status");
}
