//! Tables of the change log: the signed changes, the merged state of each record, the tips of the desk's chains.

use protocol::{Clock, DeskId};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Change, RecordState, RecordType, SignedChange};
use crate::{db::Migration, error::ClinicError, ids::RecordId};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 2026112401,
        sql: "
    CREATE TABLE change_log (
        position INTEGER PRIMARY KEY,
        clock BLOB NOT NULL UNIQUE,
        desk BLOB NOT NULL,
        desk_seq INTEGER NOT NULL,
        subject BLOB,
        record_id BLOB NOT NULL,
        body BLOB NOT NULL,
        prev BLOB NOT NULL,
        hash BLOB NOT NULL,
        signature BLOB NOT NULL,
        UNIQUE (desk, desk_seq)
    ) STRICT;
    CREATE INDEX change_log_record ON change_log (record_id, position);
    CREATE TABLE record (
        id BLOB PRIMARY KEY,
        type TEXT NOT NULL,
        subject BLOB,
        state BLOB NOT NULL
    ) STRICT;
    CREATE INDEX record_subject ON record (subject, type) WHERE subject IS NOT NULL;
    CREATE TABLE chain_tip (
        chain TEXT NOT NULL,
        desk BLOB NOT NULL,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL,
        seal BLOB NOT NULL,
        PRIMARY KEY (chain, desk)
    ) STRICT, WITHOUT ROWID;",
    },
    Migration {
        version: 2026112407,
        // Type first: lists of one type (staff at every unlock) read no other record.
        sql: "DROP INDEX record_subject; CREATE INDEX record_type ON record (type, subject)",
    },
];

pub(crate) fn append(conn: &Connection, change: &Change, signed: &SignedChange) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO change_log (clock, desk, desk_seq, subject, record_id, body, prev, hash, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        change.clock.to_bytes(),
        change.desk().0,
        change.desk_seq as i64,
        change.subject,
        change.record_id,
        signed.body,
        signed.link.prev,
        signed.link.hash,
        signed.link.signature.0,
    ])?;
    Ok(())
}

/// Merged state of a record, with its type.
pub(crate) fn state(conn: &Connection, id: RecordId) -> Result<Option<(RecordType, RecordState)>, ClinicError> {
    let row: Option<(String, Vec<u8>)> = conn
        .prepare_cached("SELECT type, state FROM record WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    row.map(|(name, bytes)| Ok((RecordType::from(name), decode_state(&bytes)?))).transpose()
}

/// Ids and states of a subject's records of one type, oldest first.
pub(crate) fn states_of(
    conn: &Connection,
    subject: crate::ids::PatientId,
    record_type: &RecordType,
) -> Result<Vec<(RecordId, RecordState)>, ClinicError> {
    let mut statement = conn.prepare_cached("SELECT id, state FROM record WHERE subject = ?1 AND type = ?2 ORDER BY id")?;
    let rows = statement.query_map(params![subject, record_type.name()], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    rows.map(|row| {
        let (id, bytes) = row?;
        Ok((id, decode_state(&bytes)?))
    })
    .collect()
}

/// Ids and states of all records of one type, oldest first.
pub(crate) fn states_of_type(conn: &Connection, record_type: &RecordType) -> Result<Vec<(RecordId, RecordState)>, ClinicError> {
    let mut statement = conn.prepare_cached("SELECT id, state FROM record WHERE type = ?1 ORDER BY id")?;
    let rows = statement.query_map([record_type.name()], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    rows.map(|row| {
        let (id, bytes) = row?;
        Ok((id, decode_state(&bytes)?))
    })
    .collect()
}

/// A new record's id must be free; the type and patient of an old one never change.
pub(crate) fn save_state(conn: &Connection, change: &Change, state: &RecordState, is_new: bool) -> Result<(), ClinicError> {
    let mut bytes = Vec::with_capacity(512);
    ciborium::into_writer(state, &mut bytes).map_err(crate::changes::ChangeError::from)?;
    if is_new {
        conn.prepare_cached("INSERT INTO record (id, type, subject, state) VALUES (?1, ?2, ?3, ?4)")?.execute(params![
            change.record_id,
            change.record_type.name(),
            change.subject,
            bytes
        ])?;
    } else {
        conn.prepare_cached("UPDATE record SET state = ?2 WHERE id = ?1")?.execute(params![change.record_id, bytes])?;
    }
    Ok(())
}

/// Bodies of a record's changes in the order they were stored, oldest first.
pub(crate) fn bodies_of(conn: &Connection, id: RecordId) -> rusqlite::Result<Vec<Vec<u8>>> {
    conn.prepare_cached("SELECT body FROM change_log WHERE record_id = ?1 ORDER BY position")?.query_map([id], |row| row.get(0))?.collect()
}

/// The greatest clock time that this desk has used.
pub(crate) fn last_time(conn: &Connection, desk: DeskId) -> Result<u64, ClinicError> {
    let newest: Option<Vec<u8>> = conn
        .query_row("SELECT clock FROM change_log WHERE desk = ?1 ORDER BY desk_seq DESC LIMIT 1", [desk.0], |row| row.get(0))
        .optional()?;
    Ok(newest.map(|bytes| Clock::from_bytes(&bytes)).transpose()?.map_or(0, |clock| clock.time))
}

fn decode_state(bytes: &[u8]) -> Result<RecordState, ClinicError> {
    Ok(ciborium::de::from_reader_with_recursion_limit(bytes, 64).map_err(crate::changes::ChangeError::from)?)
}

/// Whose record it is.
pub(crate) fn subject_of(conn: &Connection, id: RecordId) -> rusqlite::Result<Option<crate::ids::PatientId>> {
    Ok(conn.prepare_cached("SELECT subject FROM record WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()?.flatten())
}

/// Whose record it is, if it is of this type.
pub(crate) fn subject_of_type(conn: &Connection, id: RecordId, record_type: &str) -> rusqlite::Result<Option<crate::ids::PatientId>> {
    conn.prepare_cached("SELECT subject FROM record WHERE id = ?1 AND type = ?2")?
        .query_row(params![id, record_type], |row| row.get(0))
        .optional()
        .map(Option::flatten)
}
