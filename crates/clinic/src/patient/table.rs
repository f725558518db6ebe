//! Table of patients for lists: what a search line shows. The whole record stands in the change log's state.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Patient, PatientHit, search};
use crate::{
    db::Migration,
    ids::PatientId,
    types::{AdministrativeGender, Identifier, age_text, partial_date},
};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 2026112404,
    sql: "
    CREATE TABLE patient (
        row INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,
        name TEXT NOT NULL,
        other_name TEXT,
        birth_date TEXT,
        gender TEXT NOT NULL,
        phone TEXT,
        identifier_system TEXT,
        identifier TEXT,
        active INTEGER NOT NULL
    ) STRICT",
}];

const COLUMNS: &str = "id, name, other_name, birth_date, gender, phone, identifier_system, identifier";

/// Brings the row and the search index to what the record says.
pub(crate) fn project(patient: &Patient, conn: &Connection) -> rusqlite::Result<()> {
    let name = patient.display_name();
    let other = patient.names.iter().map(|n| n.display()).find(|n| *n != name);
    let phone = patient.telecom.iter().find(|point| point.system == "phone").map(|point| point.value.as_str());
    let identifier = patient.identifiers.first();
    let gender = serde_json::to_value(patient.gender).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    conn.prepare_cached(
        "INSERT INTO patient (id, name, other_name, birth_date, gender, phone, identifier_system, identifier, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, other_name = excluded.other_name, birth_date = excluded.birth_date, gender = excluded.gender,
         phone = excluded.phone, identifier_system = excluded.identifier_system, identifier = excluded.identifier, active = excluded.active",
    )?
    .execute(params![
        patient.id,
        name,
        other,
        patient.birth_date,
        gender,
        phone,
        identifier.map(|i| i.system.as_str()),
        identifier.map(|i| i.value.as_str()),
        patient.active
    ])?;
    search::index(conn, &searchable(patient)).map_err(|search::SearchError::Table(error)| error)
}

pub(crate) fn searchable(patient: &Patient) -> search::SearchableName {
    search::SearchableName {
        id: patient.id,
        names: patient.names.iter().map(|name| name.display()).collect(),
        birth_date: patient.birth_date.clone(),
        phones: patient.telecom.iter().filter(|point| point.system == "phone").map(|point| point.value.clone()).collect(),
        identifiers: patient.identifiers.iter().map(|identifier| identifier.value.clone()).collect(),
    }
}

pub(crate) fn hit(conn: &Connection, id: PatientId) -> rusqlite::Result<Option<PatientHit>> {
    conn.prepare_cached(&format!("SELECT {COLUMNS} FROM patient WHERE id = ?1"))?.query_row([id], to_hit).optional()
}

/// Name and birth date, for lists that join on the patient.
pub(crate) fn name_of(conn: &Connection, id: PatientId) -> rusqlite::Result<Option<(String, Option<String>)>> {
    conn.prepare_cached("SELECT name, birth_date FROM patient WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// The patients registered or seen last, newest first.
pub(crate) fn newest(conn: &Connection, limit: u32) -> rusqlite::Result<Vec<PatientHit>> {
    conn.prepare_cached(&format!("SELECT {COLUMNS} FROM patient WHERE active ORDER BY row DESC LIMIT ?1"))?
        .query_map([limit], to_hit)?
        .collect()
}

fn to_hit(row: &Row<'_>) -> rusqlite::Result<PatientHit> {
    let birth_date: Option<String> = row.get(3)?;
    let gender: String = row.get(4)?;
    let birth = birth_date.as_deref().and_then(|text| partial_date("birthDate", text).ok());
    let (system, value): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
    Ok(PatientHit {
        id: row.get(0)?,
        display_name: row.get(1)?,
        other_name: row.get(2)?,
        age_text: age_text(birth, jiff::ZonedDateTime::now().date()),
        birth_date,
        gender: serde_json::from_value(gender.into()).unwrap_or(AdministrativeGender::Unknown),
        phone: row.get(5)?,
        identifier: value.map(|value| Identifier { system: system.unwrap_or_default(), value }),
    })
}
