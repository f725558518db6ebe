//! Takes FHIR files in at a new desk, each by itself, and tells what became of them and how long it took; then everything again, which
//! must match; then gives each patient out as a Bundle, and everything as NDJSON, for another validator to look at.
//!
//! `cargo run --release -p clinic --example fhir -- OUT_FOLDER FILE..`; `--together` after the folder takes all files in at once.
#![allow(clippy::unwrap_used, reason = "an example that cannot go on has failed")]

#[path = "../tests/harness/mod.rs"]
mod harness;

use std::{path::PathBuf, time::Instant};

use clinic::{fhir, patient};
use harness::*;

fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    let out = PathBuf::from(arguments.next().expect("a folder to write to"));
    let together = arguments.next_if(|argument| argument == "--together").is_some();
    let files: Vec<(String, Vec<u8>)> =
        arguments.map(|path| (path.rsplit('/').next().unwrap().to_owned(), std::fs::read(&path).unwrap())).collect();
    let mut clinic = TestClinic::new();
    let session = clinic.as_(MANAGER);

    let groups: Vec<&[(String, Vec<u8>)]> = if together { vec![&files[..]] } else { files.chunks(1).collect() };
    for group in &groups {
        let bytes: usize = group.iter().map(|(_, bytes)| bytes.len()).sum();
        let at = Instant::now();
        let report = fhir::import(session, group).unwrap();
        let created: u64 = report.created.values().sum();
        let matched: u64 = report.matched.values().sum();
        println!(
            "{:>9} bytes {:>7.1?} created {created} matched {matched} refused {} {}",
            bytes,
            at.elapsed(),
            report.refused.len(),
            group[0].0
        );
        for refused in report.refused {
            println!("    {} {}: {}", refused.file, refused.path, refused.error);
        }
        session.timer.proved();
    }
    let at = Instant::now();
    let again = fhir::import(session, &files).unwrap();
    println!("again: {:.1?} created {:?} matched {}", at.elapsed(), again.created, again.matched.values().sum::<u64>());

    std::fs::create_dir_all(&out).unwrap();
    session.timer.proved();
    for hit in patient::recent(session).unwrap() {
        let at = Instant::now();
        let bundle = fhir::export_patient(session, hit.id).unwrap();
        println!("export {} bytes {:.1?}", bundle.len(), at.elapsed());
        std::fs::write(out.join(format!("{}.json", hit.id)), bundle).unwrap();
    }
    let at = Instant::now();
    println!("everything: {:?} {:.1?}", fhir::export_all(session, &out.join("ndjson")).unwrap().exported, at.elapsed());
}
