//! Patient search by anything a person at the desk may type: part of a name in any spelling or script, phone, identifier, birth date.
//! Also the duplicate warning at registration.
//!
//! The index is derived from patient records and stands in the clinic's encrypted database. [`index`] and [`remove`] must run in the
//! transaction that writes the record. Searching reads a bounded number of rows whatever is typed, takes any text without an error,
//! and gives the same order at every desk. It must never log what was typed or found.

mod duplicates;
mod find;
mod fold;
mod keys;
mod query;
mod rank;
mod row;
mod table;
#[cfg(test)]
mod tests;
mod words;

use rusqlite::Connection;

pub(crate) use self::table::MIGRATIONS;
pub use self::{
    duplicates::{Duplicate, DuplicateReason, likely_duplicates},
    rank::Matched,
};
use self::{rank::Question, table::StoredRow};
use crate::ids::PatientId;

/// What of a patient can be searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchableName {
    pub id: PatientId,
    /// The official name first, as one text in the order it is spoken, then other names and spellings.
    pub names: Vec<String>,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; anything else is not indexed.
    pub birth_date: Option<String>,
    /// As entered, with or without country code and signs.
    pub phones: Vec<String>,
    /// Values only, as entered.
    pub identifiers: Vec<String>,
}

/// One patient found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub id: PatientId,
    /// 0 to 1, greater is better. Comparable within one search only.
    pub score: f32,
    pub why: Matched,
}

#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the patient index could not be read or written")]
    Table(#[from] rusqlite::Error),
}

/// Puts a patient into the index, or brings their entry up to date.
pub fn index(conn: &Connection, patient: &SearchableName) -> Result<(), SearchError> {
    let old = table::by_patient(conn, patient.id)?;
    let row = match &old {
        Some(old) => old.row,
        None => table::next_row(conn)?,
    };
    let new = StoredRow::new(row, patient);
    if old.as_ref() == Some(&new) {
        return Ok(());
    }
    table::put(conn, &new, old.as_ref())
}

/// Takes a patient out of the index. Nothing happens if they are not in it.
pub fn remove(conn: &Connection, patient: PatientId) -> Result<(), SearchError> {
    match table::by_patient(conn, patient)? {
        Some(old) => table::take_out(conn, &old),
        None => Ok(()),
    }
}

/// Merges the index after a bulk import, and after an erasure, so that no term of an erased patient stays in a free part of it.
pub fn tidy(conn: &Connection) -> Result<(), SearchError> {
    table::tidy(conn)
}

/// The best `limit` patients for what was typed so far, best first; equal ones in the order they were first indexed.
pub fn search(conn: &Connection, query: &str, limit: usize) -> Result<Vec<Hit>, SearchError> {
    let _reading = table::reading(conn)?;
    let asked = query::read(query);
    let question = Question::new(&asked);
    let mut found = Vec::new();
    for row in find::candidates(conn, &asked, limit)? {
        if let Some(stored) = table::by_row(conn, row)?
            && let Some((score, why)) = question.score(&stored)
        {
            found.push((row, Hit { id: stored.patient, score, why }));
        }
    }
    found.sort_by(|(row_a, a), (row_b, b)| b.score.total_cmp(&a.score).then(row_a.cmp(row_b)));
    found.truncate(limit);
    Ok(found.into_iter().map(|(_, hit)| hit).collect())
}
