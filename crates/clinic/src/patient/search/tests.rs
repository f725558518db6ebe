//! The search as the desk meets it: people registered, then looked for in every way they may be asked for.

use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::Value;

use super::*;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/names");

fn empty() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    for step in MIGRATIONS {
        conn.execute_batch(step.sql).unwrap();
    }
    conn
}

fn lines(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(format!("{DATA}/{file}")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text(of: &Value, key: &str) -> String {
    of[key].as_str().unwrap().to_owned()
}

fn named(name: &str) -> SearchableName {
    SearchableName { id: PatientId::make(), names: vec![name.to_owned()], birth_date: None, phones: Vec::new(), identifiers: Vec::new() }
}

fn patient(of: &Value) -> SearchableName {
    let mut names = vec![text(of, "name")];
    names.extend(of["alt"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()));
    SearchableName {
        id: PatientId::make(),
        names,
        birth_date: Some(text(of, "birthDate")),
        phones: vec![text(of, "phone")],
        identifiers: vec![text(of, "nationalId")],
    }
}

/// Everyone of `tests/data/names`, and which id each was given.
fn clinic() -> (Connection, Vec<(String, PatientId)>) {
    let conn = empty();
    let mut ids = Vec::new();
    for person in lines("patients.jsonl") {
        let patient = patient(&person);
        index(&conn, &patient).unwrap();
        ids.push((text(&person, "id"), patient.id));
    }
    (conn, ids)
}

fn murugan() -> SearchableName {
    SearchableName {
        birth_date: Some("1959-06-18".into()),
        phones: vec!["+60 16-218 9779".into()],
        identifiers: vec!["590618-12-1763".into(), "A 1234567".into()],
        ..named("Murugan a/l Subramaniam")
    }
}

fn found(conn: &Connection, query: &str) -> Vec<PatientId> {
    search(conn, query, 10).unwrap().into_iter().map(|hit| hit.id).collect()
}

fn rows(conn: &Connection, table: &str) -> i64 {
    conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[test]
fn every_kind_of_query_finds_the_patient() {
    let (conn, ids) = clinic();
    let mut kinds: std::collections::BTreeMap<String, (usize, Vec<String>)> = Default::default();
    for query in lines("search-queries.jsonl") {
        let (_, wanted) = ids.iter().find(|(id, _)| *id == text(&query, "expect")).unwrap();
        let (asked, missed) = kinds.entry(text(&query, "kind")).or_default();
        *asked += 1;
        if !found(&conn, &text(&query, "query")).contains(wanted) {
            missed.push(text(&query, "query"));
        }
    }
    assert_eq!(kinds.len(), 11);
    for (kind, (asked, missed)) in kinds {
        assert!(asked >= 10 && missed.is_empty(), "{kind}: {missed:?} of {asked}");
    }
}

#[test]
fn spellings_people_use_find_the_name() {
    let (conn, _) = clinic();
    let mut missed = Vec::new();
    for line in lines("spellings.jsonl") {
        let person = named(&text(&line, "name"));
        index(&conn, &person).unwrap();
        if !found(&conn, &text(&line, "query")).contains(&person.id) {
            missed.push(line);
        }
        remove(&conn, person.id).unwrap();
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_phone_is_found_by_any_part_of_it() {
    let (conn, _) = clinic();
    let murugan = murugan();
    index(&conn, &murugan).unwrap();
    for query in
        ["+60162189779", "0162189779", "016-218 9779", "0060162189779", "2189779", "9779", "218977", "16218", "779", "+60 16 218 9779"]
    {
        assert!(found(&conn, query).contains(&murugan.id), "{query}");
    }
    assert_eq!(search(&conn, "016-2189779", 10).unwrap()[0].why, Matched::Phone);
    // Stored without its country, asked with it.
    let local = SearchableName { phones: vec!["013-555 0199".into()], ..named("Lim Kok Leong") };
    index(&conn, &local).unwrap();
    assert_eq!(found(&conn, "+60135550199").first(), Some(&local.id));
}

#[test]
fn an_identifier_is_found_whole_and_by_its_start() {
    let (conn, _) = clinic();
    let murugan = murugan();
    index(&conn, &murugan).unwrap();
    for query in ["590618-12-1763", "590618121763", "590618-12", "59061812", "1763", "a1234567", "A 1234567", "a1234", "Murugan 1763"] {
        assert_eq!(found(&conn, query).first(), Some(&murugan.id), "{query}");
    }
    assert_eq!(search(&conn, "590618121763", 10).unwrap()[0].why, Matched::Identifier);
}

#[test]
fn a_birth_date_is_found_in_any_form_alone_and_with_a_name() {
    let (conn, _) = clinic();
    let murugan = murugan();
    index(&conn, &murugan).unwrap();
    for query in ["1959-06-18", "18/06/1959", "18.6.59", "590618", "19590618", "18061959", "1959-06", "1959"] {
        assert!(found(&conn, query).contains(&murugan.id), "{query}");
    }
    for query in ["Murugan 1959", "1959 murugan", "muru 18/6/1959", "Subramaniam 590618", "Murgan 1959"] {
        assert_eq!(found(&conn, query).first(), Some(&murugan.id), "{query}");
    }
    assert_ne!(search(&conn, "Murugan 1961", 10).unwrap().first().map(|hit| hit.score > 0.7), Some(true));
}

#[test]
fn the_nearest_name_comes_first_and_the_order_is_always_the_same() {
    let conn = empty();
    let people: Vec<SearchableName> =
        ["Siti Nurhaliza binti Osman", "Siti Nur binti Ali", "Nur Siti", "Siti Nur", "Sitti Noor"].map(named).into_iter().collect();
    people.iter().for_each(|person| index(&conn, person).unwrap());
    let first = found(&conn, "siti nur");
    assert_eq!(first[0], people[3].id);
    assert_eq!(*first.last().unwrap(), people[4].id);
    for _ in 0..3 {
        assert_eq!(found(&conn, "siti nur"), first);
    }
    let twins = [named("Lim Mei"), named("Lim Mei")];
    twins.iter().for_each(|person| index(&conn, person).unwrap());
    assert_eq!(found(&conn, "lim mei")[..2], [twins[0].id, twins[1].id]);
}

#[test]
fn a_change_of_name_forgets_the_old_one() {
    let (conn, _) = clinic();
    let tables = ["patient_search", "patient_search_key", "patient_search_word", "patient_search_slip"];
    let before = tables.map(|table| rows(&conn, table));
    let mut person = murugan();
    index(&conn, &person).unwrap();
    person.names = vec!["Xochitl Quetzalcoatl".into()];
    person.phones = vec!["555 01 23".into()];
    index(&conn, &person).unwrap();
    assert!(!found(&conn, "Murugan Subramaniam").contains(&person.id));
    assert!(!found(&conn, "0162189779").contains(&person.id));
    assert_eq!(found(&conn, "xochitl")[0], person.id);
    assert_eq!(found(&conn, "5550123")[0], person.id);
    index(&conn, &person).unwrap();
    remove(&conn, person.id).unwrap();
    remove(&conn, person.id).unwrap();
    assert!(found(&conn, "xochitl").is_empty());
    assert_eq!(tables.map(|table| rows(&conn, table)), before);
}

#[test]
fn tidying_leaves_no_term_of_an_erased_patient() {
    let (conn, _) = clinic();
    let person = named("Quetzalcoatl");
    index(&conn, &person).unwrap();
    remove(&conn, person.id).unwrap();
    tidy(&conn).unwrap();
    conn.execute_batch("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, patient_search_text, row)").unwrap();
    let left: i64 = conn.query_row("SELECT count(*) FROM temp.terms WHERE term LIKE '%quetz%'", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
    assert!(rows(&conn, "temp.terms") > 0);
}

#[test]
fn who_may_be_registered_already_is_told_with_reasons() {
    use DuplicateReason::*;
    let (conn, _) = clinic();
    let known = murugan();
    index(&conn, &known).unwrap();
    let reasons = |new: &SearchableName| {
        let found = likely_duplicates(&conn, new, 5).unwrap();
        found.into_iter().find(|duplicate| duplicate.id == known.id).map(|duplicate| duplicate.reasons)
    };
    let new = |name: &str, born: &str| SearchableName { birth_date: Some(born.to_owned()), ..named(name) };
    assert_eq!(reasons(&new("Subramaniam Murugan", "1959-06-18")), Some(vec![SameName, SameBirthDate]));
    assert_eq!(reasons(&new("Murgan Subramanium", "1959-06-18")), Some(vec![SimilarName, SameBirthDate]));
    assert_eq!(reasons(&SearchableName { identifiers: vec!["590618121763".into()], ..named("Someone Else") }), Some(vec![SameIdentifier]));
    assert_eq!(
        reasons(&SearchableName { phones: vec!["016-2189779".into()], ..named("Murugan Subramaniam") }),
        Some(vec![SameName, SamePhone])
    );
    assert_eq!(reasons(&named("MURUGAN A/L SUBRAMANIAM")), Some(vec![SameName]), "nothing speaks against it");
    assert_eq!(reasons(&new("Murugan a/l Subramaniam", "1984-01-02")), None);
    assert_eq!(reasons(&new("Lee Boon Keat", "1959-06-18")), None);
    assert_eq!(reasons(&known), None, "nobody is their own duplicate");

    let april = SearchableName { birth_date: Some("1990-04-05".into()), ..named("Aminah binti Jaafar") };
    index(&conn, &april).unwrap();
    let warned = likely_duplicates(&conn, &new("Aminah Jaafar", "1990-05-04"), 1).unwrap();
    assert_eq!((warned[0].id, &warned[0].reasons), (april.id, &vec![SameName, SwappedDayAndMonth]));
}

#[test]
fn hostile_text_is_answered_not_obeyed() {
    let (conn, _) = clinic();
    let long = [
        "a".repeat(100_000),
        "a ".repeat(50_000),
        "\u{FDFA}".repeat(33_000),
        "1".repeat(100_000),
        "\u{301}".repeat(50_000),
        "'\"".repeat(50_000),
    ];
    let hostile = [
        "",
        " ",
        "\0",
        "\"",
        "'",
        "*",
        "a*",
        "\"a\" OR \"b\"",
        "a AND",
        "NOT a",
        "NEAR(a b, 3)",
        "name : a",
        "^a",
        "{a b} : c",
        "a + b",
        "-",
        "- a",
        "(",
        ")))",
        "'; DROP TABLE patient_search; --",
        "%",
        "_",
        "\\",
        "🤷‍♀️",
        "🤷 ahmad",
        "\u{202e}dammahom",
        "\u{feff}ahmad",
        "a\0b",
        "ﷺ",
        "٣٤٥",
        "½",
        "Ⅷ",
        "\u{1F468}\u{200D}",
        "+",
        "+60",
        "00",
        "0",
        "1/2",
        "1/2/3",
        "31/31/3131",
        "\u{e000}",
        "\u{10ffff}",
        "a/l",
        "b.",
        "Dr.",
        "bin",
        "، ,",
    ];
    for query in hostile.into_iter().chain(long.iter().map(String::as_str)) {
        search(&conn, query, 10).unwrap();
        let person =
            SearchableName { phones: vec![query.into()], identifiers: vec![query.into()], birth_date: Some(query.into()), ..named(query) };
        index(&conn, &person).unwrap();
        likely_duplicates(&conn, &person, 5).unwrap();
        remove(&conn, person.id).unwrap();
    }
    assert_eq!(rows(&conn, "patient_search"), lines("patients.jsonl").len() as i64);
    assert!(search(&conn, "murugan", 0).unwrap().is_empty());
    assert!(!search(&conn, "murugan", usize::MAX).unwrap().is_empty());
}

proptest! {
    #[test]
    fn any_name_is_found_by_itself_and_any_text_is_searchable(name in "\\PC{1,30}", query in ".{0,40}") {
        let conn = empty();
        let person = named(&name);
        index(&conn, &person).unwrap();
        search(&conn, &query, 10).unwrap();
        if name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_numeric) {
            prop_assert_eq!(found(&conn, &name), vec![person.id]);
        }
        remove(&conn, person.id).unwrap();
        prop_assert_eq!(rows(&conn, "patient_search_key") + rows(&conn, "patient_search_word") + rows(&conn, "patient_search_slip"), 0);
    }
}
