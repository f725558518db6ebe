//! Patients who may be the one about to be registered. A warning only: it must never join or refuse anyone by itself.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::{
    SearchError, SearchableName,
    find::{any, fragment_terms},
    keys::sound_keys,
    query::{Asked, Number, read},
    rank::Question,
    row::{sorted, sorted_sounds},
    table::{self, StoredRow},
};
use crate::ids::PatientId;

/// Rows read for one reason.
const STEP: usize = 60;
/// From this name score on two names are the same but for order, spacing, titles and particles.
const SAME: f32 = 0.96;
/// From this name score on two names are spellings of one name.
const SIMILAR: f32 = 0.76;
/// Below this nobody is warned.
const LEAST: f32 = 0.55;

/// Why two patients may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum DuplicateReason {
    SameIdentifier,
    SameName,
    SimilarName,
    SameBirthDate,
    /// 4 May and 5 April of one year.
    SwappedDayAndMonth,
    SamePhone,
}

/// A patient who may be the same person.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicate {
    pub id: PatientId,
    /// 0 to 1: how much speaks for it.
    pub score: f32,
    /// At least one.
    pub reasons: Vec<DuplicateReason>,
}

/// Patients likely to be this one under another id, likeliest first, at most `limit`.
pub fn likely_duplicates(conn: &Connection, patient: &SearchableName, limit: usize) -> Result<Vec<Duplicate>, SearchError> {
    let _reading = table::reading(conn)?;
    let new = StoredRow::new(0, patient);
    let asked: Vec<Asked> = new.folded_names().map(|name| Asked { name, ..Asked::default() }).collect();
    let questions: Vec<Question<'_>> = asked.iter().map(Question::new).collect();
    let mut found = Vec::new();
    for row in candidates(conn, &new, &asked)? {
        if let Some(old) = table::by_row(conn, row)?
            && old.patient != patient.id
            && let Some(duplicate) = compare(&new, &old, &questions)
        {
            found.push((row, duplicate));
        }
    }
    found.sort_by(|(row_a, a), (row_b, b)| b.score.total_cmp(&a.score).then(row_a.cmp(row_b)));
    found.truncate(limit);
    Ok(found.into_iter().map(|(_, duplicate)| duplicate).collect())
}

fn candidates(conn: &Connection, new: &StoredRow, names: &[Asked]) -> Result<BTreeSet<i64>, SearchError> {
    let mut rows = BTreeSet::new();
    for identifier in new.identifiers.lines() {
        rows.extend(table::with_key(conn, &format!("i{identifier}"), STEP)?);
    }
    for phone in new.phones.lines() {
        for expression in fragment_terms(&Number { digits: phone.to_owned(), dates: Vec::new() }) {
            rows.extend(table::matching(conn, &expression, STEP)?);
        }
    }
    let sounds =
        any(names.iter().flat_map(|asked| asked.name.core()).flat_map(|word| sound_keys(&word.latin)).map(|key| format!("k{key}")));
    let mut dates: Vec<String> = Vec::new();
    if new.birth_date.len() == 8 {
        dates.push(new.birth_date.clone());
        dates.extend(swapped(&new.birth_date));
    }
    for date in dates {
        if !sounds.is_empty() {
            rows.extend(table::matching(conn, &format!("\"b{date}\" AND ({sounds})"), STEP)?);
        }
        if !new.phones.is_empty() {
            rows.extend(table::matching(conn, &format!("\"b{date}\""), STEP)?);
        }
    }
    let names = any(names.iter().flat_map(|asked| sorted(&asked.name).into_iter().chain(sorted_sounds(&asked.name))));
    if !names.is_empty() {
        rows.extend(table::matching(conn, &names, STEP)?);
        if let Some(year) = new.birth_date.get(..4) {
            rows.extend(table::matching(conn, &format!("({names}) AND \"b{year}\""), STEP)?);
        }
    }
    Ok(rows)
}

fn compare(new: &StoredRow, old: &StoredRow, questions: &[Question<'_>]) -> Option<Duplicate> {
    let mut reasons = Vec::new();
    if new.identifiers.lines().any(|one| old.identifiers.lines().any(|other| one == other)) {
        reasons.push(DuplicateReason::SameIdentifier);
    }
    let name = questions.iter().filter_map(|question| question.score(old)).map(|(score, _)| score).fold(0.0, f32::max);
    let is_same = name >= SAME || same_words(new, old);
    if is_same {
        reasons.push(DuplicateReason::SameName);
    } else if name >= SIMILAR {
        reasons.push(DuplicateReason::SimilarName);
    }
    let full = new.birth_date.len() == 8 && old.birth_date.len() == 8;
    if full && new.birth_date == old.birth_date {
        reasons.push(DuplicateReason::SameBirthDate);
    } else if full && swapped(&new.birth_date).as_ref() == Some(&old.birth_date) {
        reasons.push(DuplicateReason::SwappedDayAndMonth);
    }
    if new.phones.lines().any(|one| old.phones.lines().any(|other| same_phone(one, other))) {
        reasons.push(DuplicateReason::SamePhone);
    }
    let mut doubt: f32 = reasons.iter().map(|reason| 1.0 - weight(*reason)).product();
    if !full && is_same && !differs(&new.birth_date, &old.birth_date) {
        // Nothing speaks against it either.
        doubt *= 0.85;
    }
    let score = 1.0 - doubt;
    (score >= LEAST).then_some(Duplicate { id: old.patient, score, reasons })
}

/// One name in another order of its words.
fn same_words(new: &StoredRow, old: &StoredRow) -> bool {
    let names = |row: &StoredRow| row.folded_names().filter_map(|name| sorted(&name).into_iter().next()).collect::<BTreeSet<_>>();
    !names(new).is_disjoint(&names(old))
}

fn weight(reason: DuplicateReason) -> f32 {
    match reason {
        DuplicateReason::SameIdentifier => 0.95,
        DuplicateReason::SameName | DuplicateReason::SameBirthDate => 0.5,
        DuplicateReason::SamePhone => 0.35,
        DuplicateReason::SimilarName | DuplicateReason::SwappedDayAndMonth => 0.32,
    }
}

/// Whether two dates of which one or both are incomplete cannot be the same.
fn differs(one: &str, other: &str) -> bool {
    let both = one.len().min(other.len());
    one[..both] != other[..both]
}

fn same_phone(one: &str, other: &str) -> bool {
    let tail = |phone: &str| phone.get(phone.len().saturating_sub(8)..).map(str::to_owned);
    one.len() >= 7 && other.len() >= 7 && tail(one) == tail(other)
}

/// The date with day and month exchanged, if that is another date.
fn swapped(date: &str) -> Option<String> {
    let (year, month, day) = (date.get(..4)?, date.get(4..6)?, date.get(6..8)?);
    let other = &read(&format!("{year}-{day}-{month}")).numbers;
    let other = other.first()?.dates.first()?;
    (other != date).then(|| other.clone())
}
