//! What people at the desk wait for, at 100,000 patients: SQLCipher with change log and audit against plain SQLite in the same run.
//!
//! `cargo bench -p clinic`. `GLADSTONE_BENCH_PATIENTS` sets another number of patients.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

#[path = "../tests/harness/mod.rs"]
mod harness;
mod population;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use clinic::{
    AppointmentId, PatientId, PractitionerId, Session,
    access::{About, Role, WriteDemographics, WriteDiary},
    appointment::{self, Appointment},
    audit, chart,
    patient::{self, Patient, search},
    session::LockReason,
    unlock::SetUp,
};
use harness::*;
use population::Population;
use rusqlite::Connection;

const DIARY_WEEKS: i64 = 26;

fn main() {
    let patients: usize = std::env::var("GLADSTONE_BENCH_PATIENTS").ok().map_or(100_000, |text| text.parse().unwrap());
    let began = Instant::now();
    let dir = tempfile::tempdir().unwrap();
    let vault = vault_at(dir.path());
    let (_, mut session) = vault.set_up(SetUp { roles: vec![Role::Manager, Role::Doctor], ..set_up_request() }).unwrap();
    let me = session.actor().id;

    let people = Population::new(patients);
    let at = Instant::now();
    fill(&mut session, &people);
    line("bulk: SQLCipher, signed change and search each", &format!("{patients} patients in {:.1?}", at.elapsed()));
    let plain_dir = tempfile::tempdir().unwrap();
    let mut plain = plain(plain_dir.path());
    let at = Instant::now();
    fill_plain(&mut plain, &people);
    line("bulk: plain SQLite, rows and search alone", &format!("{patients} patients in {:.1?}", at.elapsed()));
    let size = |path: &Path| std::fs::metadata(path).unwrap().len() / (1 << 20);
    let (ours, theirs) = (size(&dir.path().join("vault/clinic.db")), size(&plain_dir.path().join("plain.db")));
    line("size of the database", &format!("{ours} MiB, plain rows {theirs} MiB"));

    register(&mut session, &mut plain, &people);
    let diary = fill_diary(&vault, &mut session, me, &people);
    book(&mut session, &mut plain, &diary, me, &people);
    search_as_you_type(&mut session, &plain, &people);
    week(&mut session, &diary);
    let charts: Vec<PatientId> = (0..20).map(|at| people.patient(at * 37 % people.len()).id).collect();
    population::ten_years(&mut session, &charts, me);
    open_charts(&mut session, &charts);
    trail(&mut session, &charts, me);

    let at = Instant::now();
    let found = audit::verify(&mut session).unwrap();
    assert!(found.ok, "{:?}", found.faults);
    let rows = found.events + found.changes;
    line("verify", &format!("{} events and {} changes in {:.1?}, {:.0} rows/s", found.events, found.changes, at.elapsed(), rate(rows, at)));

    let at = Instant::now();
    vault.lock(session, LockReason::User).unwrap();
    line("lock", &format!("{:.1?} (target 100 ms)", at.elapsed()));
    let argon2 = {
        let at = Instant::now();
        assert!(vault.unlock(MANAGER, "not the password of anyone").is_err());
        at.elapsed()
    };
    let at = Instant::now();
    drop(vault.unlock(MANAGER, PASSWORD).unwrap());
    let beyond = at.elapsed().saturating_sub(argon2);
    line("unlock and lock, beyond a password's hash", &format!("{beyond:.1?}, hash {argon2:.1?} (target 300 ms beyond)"));
    line("whole run", &format!("{:.0?}", began.elapsed()));
}

fn line(what: &str, result: &str) {
    println!("{what:52} {result}");
}

fn rate(count: u32, since: Instant) -> f64 {
    f64::from(count) / since.elapsed().as_secs_f64()
}

/// Half of the times are at most the first, all but one in a hundred at most the second.
fn quantiles(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let at = Instant::now();
    std::hint::black_box(work());
    at.elapsed()
}

fn report(what: &str, times: Vec<Duration>, target: &str) {
    let count = times.len();
    let (p50, p99) = quantiles(times);
    line(what, &format!("p50 {p50:.2?}  p99 {p99:.2?}  of {count} (target {target})"));
}

/// As an import does: a thousand records to a transaction.
fn fill(session: &mut Session, people: &Population) {
    for part in (0..people.len()).collect::<Vec<_>>().chunks(1000) {
        let access = session.authorize::<WriteDemographics>(About::nothing().detail("bench")).unwrap();
        session.write(access, |tx| part.iter().try_for_each(|at| tx.create(&people.patient(*at)))).unwrap();
    }
}

/// Plain SQLite with the same tables and the same settings, no encryption.
fn plain(dir: &Path) -> Connection {
    let conn = Connection::open(dir.join("plain.db")).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -65536",
    )
    .unwrap();
    conn.set_prepared_statement_cache_capacity(256);
    clinic::db::schema().for_each(|sql| conn.execute_batch(sql).unwrap());
    conn
}

fn fill_plain(conn: &mut Connection, people: &Population) {
    for part in (0..people.len()).collect::<Vec<_>>().chunks(1000) {
        let tx = conn.transaction().unwrap();
        part.iter().for_each(|at| plain_patient(&tx, &people.patient(*at)));
        tx.commit().unwrap();
    }
}

/// The rows of a patient: the list's and the search's.
fn plain_patient(conn: &Connection, patient: &Patient) {
    let (phone, identifier) = (patient.telecom.first(), patient.identifiers.first());
    conn.prepare_cached(
        "INSERT INTO patient (id, name, birth_date, gender, phone, identifier_system, identifier, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)",
    )
    .unwrap()
    .execute(rusqlite::params![
        patient.id,
        patient.display_name(),
        patient.birth_date,
        "unknown",
        phone.map(|phone| &phone.value),
        identifier.map(|identifier| &identifier.system),
        identifier.map(|identifier| &identifier.value),
    ])
    .unwrap();
    let searchable = search::SearchableName {
        id: patient.id,
        names: patient.names.iter().map(clinic::types::HumanName::display).collect(),
        birth_date: patient.birth_date.clone(),
        phones: patient.telecom.iter().map(|phone| phone.value.clone()).collect(),
        identifiers: patient.identifiers.iter().map(|identifier| identifier.value.clone()).collect(),
    };
    search::index(conn, &searchable).unwrap();
}

fn ratio(what: &str, ours: Vec<Duration>, theirs: Vec<Duration>) {
    let count = ours.len();
    let ((p50, p99), (plain50, plain99)) = (quantiles(ours), quantiles(theirs));
    let ratio = p50.as_secs_f64() / plain50.as_secs_f64();
    let result =
        format!("p50 {p50:.2?}  p99 {p99:.2?}; plain rows p50 {plain50:.2?}  p99 {plain99:.2?}; ratio {ratio:.2} of {count} (target 1.5)");
    line(what, &result);
}

/// One registration after the other, in turns, so that both meet the same disk.
fn register(session: &mut Session, plain: &mut Connection, people: &Population) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for at in 0..500 {
        let new = people.patient(people.len() + at);
        let request = patient::PatientRequest {
            names: new.names.clone(),
            birth_date: new.birth_date.clone(),
            telecom: new.telecom.clone(),
            identifiers: new.identifiers.clone(),
            ..patient::PatientRequest::default()
        };
        ours.push(timed(|| patient::register(session, request).unwrap()));
        theirs.push(timed(|| {
            let tx = plain.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
            plain_patient(&tx, &new);
            tx.commit().unwrap();
        }));
    }
    ratio("durable write: register a patient", ours, theirs);
}

/// Ten doctors, 24 bookings a day each.
fn fill_diary(vault: &clinic::Vault, session: &mut Session, me: PractitionerId, people: &Population) -> Vec<PractitionerId> {
    let mut doctors = vec![me];
    for at in 1..10 {
        let request = clinic::practitioner::StaffRequest {
            name: format!("Doctor Number {at}"),
            roles: vec![Role::Doctor],
            password: PASSWORD.to_owned(),
        };
        session.timer.proved();
        doctors.push(vault.add_staff(session, request).unwrap().id);
    }
    let days: Vec<String> = (0..DIARY_WEEKS * 7).map(|ahead| day(ahead - DIARY_WEEKS * 7 / 2)).collect();
    let mut number = 0;
    for day in days {
        let access = session.authorize::<WriteDiary>(About::nothing().detail("bench")).unwrap();
        session
            .write(access, |tx| {
                for doctor in &doctors {
                    for slot in 0..24 {
                        number += 1;
                        let start: jiff::civil::DateTime = format!("{day}T{:02}:{:02}", 8 + slot / 3, slot % 3 * 20).parse().unwrap();
                        let appointment: Appointment = population::stored(serde_json::json!({
                            "id": AppointmentId::make(),
                            "patientId": people.patient(number * 7 % people.len()).id,
                            "practitionerId": doctor,
                            "start": start,
                            "end": start + jiff::Span::new().minutes(20),
                            "status": "booked",
                            "reason": "follow-up",
                        }));
                        tx.create(&appointment)?;
                    }
                }
                Ok(())
            })
            .unwrap();
    }
    doctors
}

/// The shortest write there is at the desk.
fn book(session: &mut Session, plain: &mut Connection, doctors: &[PractitionerId], me: PractitionerId, people: &Population) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for at in 0..500_usize {
        let patient = people.patient(at * 11 % people.len()).id;
        let start = format!("{}T{:02}:{:02}", day(400 + at as i64 / 24), 8 + at % 24 / 3, at % 3 * 20);
        let end = format!("{}T{:02}:{:02}", day(400 + at as i64 / 24), 8 + at % 24 / 3, at % 3 * 20 + 15);
        let request = booking(patient, doctors[at % doctors.len()], &start, &end);
        ours.push(timed(|| appointment::book(session, request).unwrap()));
        let id = AppointmentId::make();
        theirs.push(timed(|| {
            let tx = plain.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
            tx.prepare_cached(
                "INSERT INTO appointment (id, patient, practitioner, start, \"end\", status, reason, walk_in)
                 VALUES (?1, ?2, ?3, ?4, ?5, 'booked', 'follow-up', 0)",
            )
            .unwrap()
            .execute(rusqlite::params![id, patient, me, start, end])
            .unwrap();
            tx.commit().unwrap();
        }));
    }
    ratio("durable write: book a time", ours, theirs);
}

/// At the desk, where each look is a durable event of the trail; and the index alone, without trail or encryption.
fn search_as_you_type(session: &mut Session, plain: &Connection, people: &Population) {
    let mut times = Vec::new();
    let mut alone = Vec::new();
    let mut found = 0;
    let mut asked = 0;
    for at in (0..people.len()).step_by(people.len() / 250) {
        let query = people.query(at);
        let letters: Vec<char> = query.chars().collect();
        for typed in 1..=letters.len().min(12) {
            let text: String = letters[..typed].iter().collect();
            times.push(timed(|| patient::find(session, &text).unwrap()));
            alone.push(timed(|| search::search(plain, &text, 10).unwrap()));
        }
        asked += 1;
        found += usize::from(patient::find(session, &query).unwrap().iter().any(|hit| hit.id == people.patient(at).id));
    }
    report("search as you type, each look in the trail", times, "p99 10 ms");
    report("search as you type, the index alone", alone, "p99 10 ms");
    line("", &format!("{found} of {asked} whole queries found their person among the first ten"));
}

fn week(session: &mut Session, doctors: &[PractitionerId]) {
    let mut times = Vec::new();
    let mut bytes = 0;
    for ahead in 0..100 {
        let (from, to) = (day(ahead % 60 - 60), day(ahead % 60 - 53));
        times.push(timed(|| {
            let week = appointment::diary(session, &from, &to).unwrap();
            bytes = serde_json::to_string(&week).unwrap().len();
        }));
    }
    report(&format!("diary: a week of {} doctors to JSON ({} KiB)", doctors.len(), bytes / 1024), times, "16 ms");
}

fn open_charts(session: &mut Session, charts: &[PatientId]) {
    let mut times = Vec::new();
    let mut bytes = 0;
    for at in 0..200 {
        times.push(timed(|| bytes = serde_json::to_string(&chart::read(session, charts[at % charts.len()]).unwrap()).unwrap().len()));
    }
    report(&format!("chart with 10 years of visits to JSON ({} KiB)", bytes / 1024), times, "p99 30 ms");
}

fn trail(session: &mut Session, charts: &[PatientId], me: PractitionerId) {
    // A clinic's year: the desk is looked at all day.
    let begun = Instant::now();
    let all = 100_000;
    while begun.elapsed() < Duration::from_secs(40) && rows_of_trail(session) < all {
        for at in 0..1000 {
            patient::read(session, charts[at % charts.len()]).unwrap();
        }
    }
    let count = rows_of_trail(session);
    let any = || audit::AuditFilter { limit: 100, ..audit::AuditFilter::default() };
    let filters = [
        ("newest", any()),
        ("one patient", audit::AuditFilter { patient_id: Some(charts[3]), ..any() }),
        ("one person", audit::AuditFilter { actor_id: Some(me), ..any() }),
        ("a rare action", audit::AuditFilter { action: Some("set_up".to_owned()), ..any() }),
        ("nobody", audit::AuditFilter { actor_id: Some(PractitionerId::make()), ..any() }),
        ("a day without events", audit::AuditFilter { from: Some(day(-400)), to: Some(day(-399)), ..any() }),
    ];
    for (name, filter) in filters {
        let times = (0..30).map(|_| timed(|| chart::audit_events(session, &filter).unwrap())).collect();
        report(&format!("trail of {count} events: {name}"), times, "none stated");
    }
}

fn rows_of_trail(session: &mut Session) -> u32 {
    let newest = audit::AuditFilter { limit: 1, ..audit::AuditFilter::default() };
    chart::audit_events(session, &newest).unwrap().first().map_or(0, |event| event.seq)
}
