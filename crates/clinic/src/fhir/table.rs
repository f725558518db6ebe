//! Table of what imported records are known by, so that the same thing is never taken in twice, and found when another refers to it.
//!
//! A key is the address a resource came with (`urn:uuid:..`, `http://..`, `Type/id`), or a business identifier (`id|system|value`).

use rusqlite::{Connection, OptionalExtension, params};

use super::{StoredResource, identifier_key};
use crate::{
    changes::RecordType,
    db::Migration,
    ids::{PatientId, RecordId},
    patient::Patient,
};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 2026112421,
    sql: "
    CREATE TABLE fhir_key (
        key TEXT NOT NULL,
        type TEXT NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (key, type, record)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX fhir_key_record ON fhir_key (record);
    INSERT INTO fhir_key (key, type, record) SELECT 'id|' || identifier_system || '|' || identifier, 'Patient', id
        FROM patient WHERE identifier_system <> '' AND identifier <> ''",
}];

/// Brings the keys of a record to its origin, which never changes.
pub(crate) fn project(conn: &Connection, record_type: &RecordType, id: RecordId, origin: Option<&str>) -> rusqlite::Result<()> {
    origin.map_or(Ok(()), |key| add(conn, key, record_type.name(), id))
}

/// Patients are known by their identifiers too, also those registered here.
pub(crate) fn project_patient(patient: &Patient, conn: &Connection) -> rusqlite::Result<()> {
    let id = RecordId::from(patient.id);
    conn.prepare_cached("DELETE FROM fhir_key WHERE record = ?1")?.execute([id])?;
    let keys = patient.identifiers.iter().filter_map(|identifier| identifier_key(&identifier.system, &identifier.value));
    keys.chain(patient.origin.clone()).try_for_each(|key| add(conn, &key, "Patient", id))
}

pub(super) fn project_resource(resource: &StoredResource, conn: &Connection) -> rusqlite::Result<()> {
    let id = RecordId::from(resource.id);
    let keys = resource.identifiers.iter().filter_map(|identifier| identifier_key(&identifier.system, &identifier.value));
    keys.chain(resource.origin.clone()).try_for_each(|key| add(conn, &key, &resource.resource_type, id))
}

fn add(conn: &Connection, key: &str, resource_type: &str, id: RecordId) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO fhir_key (key, type, record) VALUES (?1, ?2, ?3)")?.execute(params![
        key,
        resource_type,
        id
    ])?;
    Ok(())
}

/// Records of a FHIR type that are known by a key.
pub(super) fn known(conn: &Connection, key: &str, resource_type: &str) -> rusqlite::Result<Vec<RecordId>> {
    conn.prepare_cached("SELECT record FROM fhir_key WHERE key = ?1 AND type = ?2")?
        .query_map(params![key, resource_type], |row| row.get(0))?
        .collect()
}

/// Records of any type that are known by a key.
pub(super) fn known_any(conn: &Connection, key: &str) -> rusqlite::Result<Vec<(String, RecordId)>> {
    conn.prepare_cached("SELECT type, record FROM fhir_key WHERE key = ?1")?
        .query_map([key], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// FHIR type of a record; `None` where there is no such record. One kept as it came is known by its keys.
pub(super) fn type_of(conn: &Connection, id: RecordId) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached(
        "SELECT coalesce((SELECT k.type FROM fhir_key k WHERE r.type = 'Resource' AND k.record = r.id LIMIT 1), r.type) FROM record r WHERE r.id = ?1",
    )?
    .query_row([id], |row| row.get(0))
    .optional()
}

/// Ids of a patient's records of one type, oldest first.
pub(super) fn ids_of(conn: &Connection, subject: PatientId, record_type: &RecordType) -> rusqlite::Result<Vec<RecordId>> {
    conn.prepare_cached("SELECT id FROM record WHERE type = ?1 AND subject = ?2 ORDER BY id")?
        .query_map(params![record_type.name(), subject], |row| row.get(0))?
        .collect()
}

/// Ids of all records of one type, oldest first.
pub(super) fn ids_of_type(conn: &Connection, record_type: &RecordType) -> rusqlite::Result<Vec<RecordId>> {
    conn.prepare_cached("SELECT id FROM record WHERE type = ?1 ORDER BY id")?.query_map([record_type.name()], |row| row.get(0))?.collect()
}

/// Whether a booking has its visit already: it can have but one.
pub(super) fn has_visit(conn: &Connection, appointment: RecordId) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM encounter WHERE appointment = ?1)")?.query_row([appointment], |row| row.get(0))
}
