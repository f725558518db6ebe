//! How many searches find the patient they mean among the first ten.
//!
//! `cargo run -p clinic --example names -- patients.jsonl search-queries.jsonl`, in the shape of `tests/data/names`.
#![allow(clippy::unwrap_used, reason = "an example that cannot go on has failed")]

use std::collections::BTreeMap;

use clinic::{
    PatientId,
    patient::search::{SearchableName, index, search},
};
use rusqlite::Connection;
use serde_json::Value;

fn lines(path: &str) -> Vec<Value> {
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text(of: &Value, key: &str) -> String {
    of[key].as_str().unwrap_or_default().to_owned()
}

fn main() {
    let [patients, queries] = std::env::args().skip(1).collect::<Vec<_>>().try_into().expect("two files");
    let conn = Connection::open_in_memory().unwrap();
    for step in clinic::db::schema() {
        conn.execute_batch(step).unwrap();
    }
    let mut ids = BTreeMap::new();
    for person in lines(&patients) {
        let others = person["alt"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap().to_owned());
        let patient = SearchableName {
            id: PatientId::make(),
            names: std::iter::once(text(&person, "name")).chain(others).collect(),
            birth_date: Some(text(&person, "birthDate")),
            phones: vec![text(&person, "phone")],
            identifiers: vec![text(&person, "nationalId")],
        };
        index(&conn, &patient).unwrap();
        ids.insert(text(&person, "id"), patient.id);
    }
    let (mut asked, mut found) = (BTreeMap::new(), BTreeMap::new());
    for query in lines(&queries) {
        let (kind, wanted) = (text(&query, "kind"), ids[&text(&query, "expect")]);
        *asked.entry(kind.clone()).or_insert(0) += 1;
        if search(&conn, &text(&query, "query"), 10).unwrap().iter().any(|hit| hit.id == wanted) {
            *found.entry(kind).or_insert(0) += 1;
        } else {
            println!("missed: {query}");
        }
    }
    for (kind, asked) in &asked {
        println!("{kind:24} {} of {asked}", found.get(kind).unwrap_or(&0));
    }
    println!("{:24} {} of {}", "all", found.values().sum::<i32>(), asked.values().sum::<i32>());
}
