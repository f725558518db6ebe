//! Table of visits: the queue, the care relation, the list of past visits.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Encounter, QueueEntry, Stage};
use crate::{
    db::Migration,
    ids::{EncounterId, PatientId, PractitionerId},
    types::{age_text, instant, partial_date},
};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 2026112406,
    sql: "
    CREATE TABLE encounter (
        id BLOB PRIMARY KEY,
        patient BLOB NOT NULL,
        practitioner BLOB,
        appointment BLOB,
        stage TEXT NOT NULL,
        since INTEGER NOT NULL,
        arrived INTEGER NOT NULL,
        day TEXT NOT NULL,
        reason TEXT NOT NULL,
        walk_in INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX encounter_day ON encounter (day, arrived);
    CREATE INDEX encounter_patient ON encounter (patient, arrived);
    CREATE UNIQUE INDEX encounter_appointment ON encounter (appointment) WHERE appointment IS NOT NULL",
}];

/// Local day `YYYY-MM-DD` of an instant.
pub(crate) fn day_of(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis)
        .map(|at| at.to_zoned_datetime(jiff::tz::TimeZone::system()).date().to_string())
        .unwrap_or_default()
}

pub(crate) fn project(encounter: &Encounter, conn: &Connection) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO encounter (id, patient, practitioner, appointment, stage, since, arrived, day, reason, walk_in) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET practitioner = excluded.practitioner, appointment = excluded.appointment, stage = excluded.stage, since = excluded.since,
         arrived = excluded.arrived, day = excluded.day, reason = excluded.reason, walk_in = excluded.walk_in",
    )?
    .execute(params![
        encounter.id,
        encounter.patient_id,
        encounter.practitioner_id,
        encounter.appointment_id,
        encounter.stage().name(),
        encounter.since(),
        encounter.started,
        day_of(encounter.started),
        encounter.reason,
        encounter.walk_in
    ])?;
    Ok(())
}

const QUEUE: &str = "
    SELECT e.id, e.appointment, e.patient, coalesce(p.name, ''), p.birth_date, e.practitioner, e.stage, e.since, e.arrived, a.start, e.walk_in
    FROM encounter e LEFT JOIN patient p ON p.id = e.patient LEFT JOIN appointment a ON a.id = e.appointment";

/// The queue of one local day, in order of arrival. Names of practitioners are filled in by the caller.
pub(crate) fn queue(conn: &Connection, day: &str) -> rusqlite::Result<Vec<(QueueEntry, Option<PractitionerId>)>> {
    conn.prepare_cached(&format!("{QUEUE} WHERE e.day = ?1 ORDER BY e.arrived, e.id"))?.query_map([day], to_entry)?.collect()
}

pub(crate) fn entry(conn: &Connection, id: EncounterId) -> rusqlite::Result<Option<(QueueEntry, Option<PractitionerId>)>> {
    conn.prepare_cached(&format!("{QUEUE} WHERE e.id = ?1"))?.query_row([id], to_entry).optional()
}

/// The patient's visit that is not done, if any: a person cannot arrive twice.
pub(crate) fn open_visit(conn: &Connection, patient: PatientId, day: &str) -> rusqlite::Result<Option<EncounterId>> {
    conn.prepare_cached("SELECT id FROM encounter WHERE patient = ?1 AND day = ?2 AND stage <> 'done' ORDER BY arrived DESC LIMIT 1")?
        .query_row(params![patient, day], |row| row.get(0))
        .optional()
}

/// A visit in a list: id, arrival, practitioner, reason.
pub(crate) type PastVisit = (EncounterId, i64, Option<PractitionerId>, String);

/// Visits of a patient, newest first.
pub(crate) fn of_patient(conn: &Connection, patient: PatientId) -> rusqlite::Result<Vec<PastVisit>> {
    conn.prepare_cached("SELECT id, arrived, practitioner, reason FROM encounter WHERE patient = ?1 ORDER BY arrived DESC LIMIT 200")?
        .query_map([patient], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect()
}

/// Whose visit it is.
pub(crate) fn patient_of(conn: &Connection, id: EncounterId) -> rusqlite::Result<Option<PatientId>> {
    conn.prepare_cached("SELECT patient FROM encounter WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()
}

pub(crate) fn is_seen_by(conn: &Connection, patient: PatientId, practitioner: PractitionerId) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM encounter WHERE patient = ?1 AND practitioner = ?2)")?
        .query_row(params![patient, practitioner], |row| row.get(0))
}

/// A visit within thirty days.
pub(crate) fn is_recent(conn: &Connection, patient: PatientId) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM encounter WHERE patient = ?1 AND day >= date('now', '-30 days'))")?
        .query_row([patient], |row| row.get(0))
}

fn to_entry(row: &Row<'_>) -> rusqlite::Result<(QueueEntry, Option<PractitionerId>)> {
    let birth: Option<String> = row.get(4)?;
    let practitioner: Option<PractitionerId> = row.get(5)?;
    let stage: String = row.get(6)?;
    let entry = QueueEntry {
        encounter_id: row.get(0)?,
        appointment_id: row.get(1)?,
        patient_id: row.get(2)?,
        patient_name: row.get(3)?,
        age_text: age_text(birth.and_then(|text| partial_date("birthDate", &text).ok()), jiff::ZonedDateTime::now().date()),
        practitioner_id: practitioner.map(|id| id.to_string()).unwrap_or_default(),
        practitioner_name: String::new(),
        stage: Stage::from_name(&stage),
        since: instant(row.get(7)?),
        arrived_at: instant(row.get(8)?),
        appointment_start: row.get(9)?,
        walk_in: row.get(10)?,
    };
    Ok((entry, practitioner))
}
