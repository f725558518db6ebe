//! Tables of the patient search, and all SQL of it. Derived from the patient records: they can be emptied and filled again.
//!
//! - `patient_search`: a row a patient, with what the ranking reads.
//! - `patient_search_key`: spellings of whole names without spaces, and identifiers; read by ranges of the key.
//! - `patient_search_word`: each distinct word of any name, once; completes words.
//! - `patient_search_slip`: those words with one letter left out; finds the word meant by a typing mistake. Two words one mistake apart
//!   are equal once one letter is left out of one or both.
//! - `patient_search_text`: FTS5 without content or positions; a letter before each term says what it is ([`Term`]).

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::{
    SearchError,
    row::{Terms, slips},
};
use crate::{db::Migration, ids::PatientId};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 2026112430,
    sql: "
    CREATE TABLE patient_search (
        row INTEGER PRIMARY KEY,
        patient_id BLOB NOT NULL UNIQUE,
        names TEXT NOT NULL,
        birth_date TEXT NOT NULL,
        phones TEXT NOT NULL,
        identifiers TEXT NOT NULL
    ) STRICT;
    CREATE TABLE patient_search_key (
        key TEXT NOT NULL,
        row INTEGER NOT NULL,
        PRIMARY KEY (key, row)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE patient_search_word (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE patient_search_slip (
        slip TEXT NOT NULL,
        word TEXT NOT NULL,
        PRIMARY KEY (slip, word)
    ) STRICT, WITHOUT ROWID;
    CREATE VIRTUAL TABLE patient_search_text USING fts5(
        terms, content='', contentless_delete=1, detail=none, tokenize='ascii', prefix='2 3 4'
    );",
}];

/// Greatest character: the end of the range of keys with one start.
const LAST: char = '\u{10FFFF}';

/// A patient as the search holds it. Lists are lines of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredRow {
    pub row: i64,
    pub patient: PatientId,
    pub names: String,
    pub birth_date: String,
    pub phones: String,
    pub identifiers: String,
}

/// Writes a patient's row and terms, new or over the ones before.
pub(crate) fn put(conn: &Connection, new: &StoredRow, old: Option<&StoredRow>) -> Result<(), SearchError> {
    let terms = Terms::of(new);
    let before = old.map(Terms::of).unwrap_or_default();
    conn.prepare_cached(
        "INSERT INTO patient_search (row, patient_id, names, birth_date, phones, identifiers) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (row) DO UPDATE SET names = ?3, birth_date = ?4, phones = ?5, identifiers = ?6",
    )?
    .execute(params![new.row, new.patient, new.names, new.birth_date, new.phones, new.identifiers])?;
    {
        let mut add = conn.prepare_cached("INSERT OR IGNORE INTO patient_search_key (key, row) VALUES (?1, ?2)")?;
        for key in terms.keys.difference(&before.keys) {
            add.execute(params![key, new.row])?;
        }
        let mut known = conn.prepare_cached("SELECT 1 FROM patient_search_word WHERE word = ?1")?;
        let mut add = conn.prepare_cached("INSERT INTO patient_search_word (word) VALUES (?1)")?;
        let mut add_slip = conn.prepare_cached("INSERT INTO patient_search_slip (slip, word) VALUES (?1, ?2)")?;
        for word in terms.words.difference(&before.words) {
            if !known.exists([word])? {
                add.execute([word])?;
                for slip in stored_slips(word) {
                    add_slip.execute([&slip, word])?;
                }
            }
        }
    }
    if old.is_none() {
        conn.prepare_cached("INSERT INTO patient_search_text (rowid, terms) VALUES (?1, ?2)")?.execute(params![new.row, terms.text()])?;
    } else if terms.text() != before.text() {
        conn.prepare_cached("INSERT OR REPLACE INTO patient_search_text (rowid, terms) VALUES (?1, ?2)")?
            .execute(params![new.row, terms.text()])?;
    }
    drop_unused(conn, new.row, &before, &terms)
}

/// Takes a patient's row and terms out.
pub(crate) fn take_out(conn: &Connection, old: &StoredRow) -> Result<(), SearchError> {
    conn.prepare_cached("DELETE FROM patient_search WHERE row = ?1")?.execute([old.row])?;
    conn.prepare_cached("DELETE FROM patient_search_text WHERE rowid = ?1")?.execute([old.row])?;
    drop_unused(conn, old.row, &Terms::of(old), &Terms::default())
}

/// Takes out the keys no longer used by this patient and the words no longer used by anyone.
fn drop_unused(conn: &Connection, row: i64, before: &Terms, after: &Terms) -> Result<(), SearchError> {
    let mut delete = conn.prepare_cached("DELETE FROM patient_search_key WHERE key = ?1 AND row = ?2")?;
    for key in before.keys.difference(&after.keys) {
        delete.execute(params![key, row])?;
    }
    let mut delete = conn.prepare_cached("DELETE FROM patient_search_word WHERE word = ?1")?;
    let mut delete_slip = conn.prepare_cached("DELETE FROM patient_search_slip WHERE slip = ?1 AND word = ?2")?;
    for word in before.words.difference(&after.words) {
        if matching(conn, &format!("\"n{word}\""), 1)?.is_empty() {
            delete.execute([word])?;
            for slip in stored_slips(word) {
                delete_slip.execute([&slip, word])?;
            }
        }
    }
    Ok(())
}

/// Merges the index into one piece, so that nothing of a patient taken out is left in it. Takes seconds with a million patients.
pub(crate) fn tidy(conn: &Connection) -> Result<(), SearchError> {
    conn.execute("INSERT INTO patient_search_text (patient_search_text) VALUES ('optimize')", [])?;
    Ok(())
}

/// One read transaction for all lookups of a search, unless the caller has one: a search makes hundreds, and each would lock the file.
pub(crate) fn reading(conn: &Connection) -> Result<Option<Transaction<'_>>, SearchError> {
    Ok(if conn.is_autocommit() { Some(conn.unchecked_transaction()?) } else { None })
}

pub(crate) fn by_patient(conn: &Connection, patient: PatientId) -> Result<Option<StoredRow>, SearchError> {
    let mut statement =
        conn.prepare_cached("SELECT row, patient_id, names, birth_date, phones, identifiers FROM patient_search WHERE patient_id = ?1")?;
    Ok(statement.query_row([patient], stored).optional()?)
}

pub(crate) fn by_row(conn: &Connection, row: i64) -> Result<Option<StoredRow>, SearchError> {
    let mut statement =
        conn.prepare_cached("SELECT row, patient_id, names, birth_date, phones, identifiers FROM patient_search WHERE row = ?1")?;
    Ok(statement.query_row([row], stored).optional()?)
}

/// A row number not in use, after all that are.
pub(crate) fn next_row(conn: &Connection) -> Result<i64, SearchError> {
    Ok(conn.prepare_cached("SELECT coalesce(max(row), 0) + 1 FROM patient_search")?.query_row([], |row| row.get(0))?)
}

/// Rows whose key starts so, in the order of the key: the whole key first.
pub(crate) fn with_key(conn: &Connection, start: &str, limit: usize) -> Result<Vec<i64>, SearchError> {
    let mut statement =
        conn.prepare_cached("SELECT row FROM patient_search_key WHERE key >= ?1 AND key < ?2 ORDER BY key, row LIMIT ?3")?;
    let rows = statement.query_map(params![start, format!("{start}{LAST}"), limit as i64], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Rows that match an FTS5 expression, oldest first. The expression is made of terms only, never of what was typed.
pub(crate) fn matching(conn: &Connection, expression: &str, limit: usize) -> Result<Vec<i64>, SearchError> {
    let mut statement = conn.prepare_cached("SELECT rowid FROM patient_search_text WHERE patient_search_text MATCH ?1 LIMIT ?2")?;
    let rows = statement.query_map(params![expression, limit as i64], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Up to `limit` words that start so, in order.
pub(crate) fn words_starting(conn: &Connection, start: &str, limit: usize) -> Result<Vec<String>, SearchError> {
    let mut statement =
        conn.prepare_cached("SELECT word FROM patient_search_word WHERE word >= ?1 AND word < ?2 ORDER BY word LIMIT ?3")?;
    let found = statement.query_map(params![start, format!("{start}{LAST}"), limit as i64], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Whether a word is in any name.
pub(crate) fn is_word(conn: &Connection, word: &str) -> Result<bool, SearchError> {
    Ok(conn.prepare_cached("SELECT 1 FROM patient_search_word WHERE word = ?1")?.exists([word])?)
}

/// Up to `limit` words that with one letter left out are `slip`, or when `typing` begin so.
pub(crate) fn words_with_slip(conn: &Connection, slip: &str, typing: bool, limit: usize) -> Result<Vec<String>, SearchError> {
    let mut statement =
        conn.prepare_cached("SELECT word FROM patient_search_slip WHERE slip >= ?1 AND slip <= ?2 ORDER BY slip, word LIMIT ?3")?;
    let end = if typing { format!("{slip}{LAST}") } else { slip.to_owned() };
    let found = statement.query_map(params![slip, end, limit as i64], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Slips are kept of words that are long enough for one mistake not to make them another word, and short enough to be one word.
fn stored_slips(word: &str) -> BTreeSet<String> {
    if (4..=24).contains(&word.chars().count()) { slips(word) } else { BTreeSet::new() }
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredRow> {
    Ok(StoredRow {
        row: row.get(0)?,
        patient: row.get(1)?,
        names: row.get(2)?,
        birth_date: row.get(3)?,
        phones: row.get(4)?,
        identifiers: row.get(5)?,
    })
}
