//! Which rows may answer a query: from the most exact reading of it to the loosest, until there are enough.
//! Every step reads a bounded number of rows; none reads a whole table.

use std::{cell::OnceCell, collections::BTreeSet};

use rusqlite::Connection;

use super::{
    SearchError,
    fold::Word,
    keys::sound_keys,
    query::{Asked, Number},
    rank::distance,
    row::{grams, slips, sorted, sorted_sounds},
    table::{self, matching, with_key},
};

/// Rows read of one step.
const STEP: usize = 120;
/// Rows ranked at most.
const MOST: usize = 400;
/// Words that a start may go on to before FTS5's own prefixes are used.
const ENDINGS: usize = 40;
/// Words taken as meant by one mistyped word.
const MEANT: usize = 24;
/// Letters of the longest word that is mended.
const MENDED: usize = 24;

/// Rows in order of the step that found them, none twice.
pub(crate) fn candidates(conn: &Connection, asked: &Asked, limit: usize) -> Result<Vec<i64>, SearchError> {
    let mut found = Found { enough: limit.clamp(10, 50), ..Found::default() };
    let filter = filter(&asked.numbers);
    if !asked.identifier.is_empty() {
        found.add(with_key(conn, &format!("i{}", asked.identifier), STEP)?);
    }
    let core: Vec<&Word> = asked.name.core().collect();
    if core.is_empty() {
        for number in &asked.numbers {
            for part in number_terms(number) {
                found.add(matching(conn, &part, STEP)?);
            }
        }
        return Ok(found.rows);
    }
    let find = Find { conn, asked, core, filter, loose: OnceCell::new() };
    for step in [Find::as_written, Find::otherwise_cut, Find::misheard_or_mistyped, Find::nearly] {
        step(&find, &mut found)?;
        if found.rows.len() >= found.enough {
            break;
        }
    }
    Ok(found.rows)
}

/// The FTS5 expression of `q` and `s` terms and the like: any of them.
pub(crate) fn any(terms: impl IntoIterator<Item = String>) -> String {
    let quoted: BTreeSet<String> = terms.into_iter().map(|term| quote(&term)).collect();
    join(quoted, " OR ")
}

/// The FTS5 expressions by which a phone or identifier with these digits is found, the digits as typed first.
pub(crate) fn fragment_terms(number: &Number) -> Vec<String> {
    let fragments = number.fragments().into_iter();
    fragments
        .map(|digits| if digits.len() == 3 { format!("\"g{digits}\"*") } else { join(grams(digits).map(|gram| quote(&gram)), " AND ") })
        .collect()
}

#[derive(Default)]
struct Found {
    rows: Vec<i64>,
    seen: BTreeSet<i64>,
    enough: usize,
}

impl Found {
    fn add(&mut self, rows: Vec<i64>) {
        for row in rows {
            if self.rows.len() < MOST && self.seen.insert(row) {
                self.rows.push(row);
            }
        }
    }
}

struct Find<'a> {
    conn: &'a Connection,
    asked: &'a Asked,
    core: Vec<&'a Word>,
    /// What birth date, phone or identifier must be, besides the name.
    filter: Option<String>,
    loose: OnceCell<Vec<String>>,
}

impl Find<'_> {
    /// The spelling typed, whole names first; spaces anywhere, words in any order, the last one unfinished.
    fn as_written(&self, found: &mut Found) -> Result<(), SearchError> {
        if self.filter.is_none() {
            for key in self.asked.name.run_together() {
                found.add(with_key(self.conn, &format!("n{key}"), STEP / 2)?);
            }
        }
        self.add(found, any(sorted(&self.asked.name)), STEP / 2)?;
        for own in self.scripts() {
            self.add(found, self.all(|_, word| Ok(exact(word, *own)))?, STEP)?;
            if self.asked.typing {
                self.add(
                    found,
                    self.all(|at, word| if self.is_last(at) { self.going_on(word, *own) } else { Ok(exact(word, *own)) })?,
                    STEP,
                )?;
            }
        }
        Ok(())
    }

    /// Words cut elsewhere, and each word unfinished.
    fn otherwise_cut(&self, found: &mut Found) -> Result<(), SearchError> {
        if let Some(sounds) = sorted_sounds(&self.asked.name) {
            self.add(found, quote(&sounds), STEP / 2)?;
        }
        for at in 1..self.core.len() {
            let together = format!("{}{}", self.core[at - 1].latin, self.core[at].latin);
            let others =
                self.core.iter().enumerate().filter(|(other, _)| *other != at && *other != at - 1).map(|(_, word)| exact(word, false));
            self.add(found, join(others.chain([quote(&format!("n{together}"))]), " AND "), STEP)?;
        }
        if self.core.len() > 1 {
            self.add(found, self.all(|_, word| self.going_on(word, false))?, STEP)?;
        }
        Ok(())
    }

    /// Other spellings of like sound, and at most one typing mistake in each word.
    fn misheard_or_mistyped(&self, found: &mut Found) -> Result<(), SearchError> {
        self.add(found, self.all(|at, word| self.sounding(at, word))?, STEP)?;
        self.add(found, self.all(|at, word| self.mistyped(at, word))?, STEP)?;
        self.add(found, join(self.loose_words()?.iter().cloned(), " AND "), STEP)
    }

    /// One word is another word; or the date or number is.
    fn nearly(&self, found: &mut Found) -> Result<(), SearchError> {
        let words = self.loose_words()?;
        if let Some(filter) = &self.filter {
            found.add(matching(self.conn, &join(words.iter().cloned(), " AND "), STEP)?);
            found.add(matching(self.conn, filter, STEP)?);
        }
        if self.core.len() < 2 {
            return Ok(());
        }
        for left_out in 0..self.core.len() {
            let mut others: Vec<String> =
                words.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, word)| word.clone()).collect();
            if self.core.len() == 2 {
                // One word left is no search: the other one must at least begin alike.
                let starts = sound_keys(&self.core[left_out].latin).into_iter().filter_map(|key| Some(format!("\"k{}\"*", key.get(..2)?)));
                let starts: BTreeSet<String> = starts.collect();
                if starts.is_empty() {
                    continue;
                }
                others.push(format!("({})", join(starts, " OR ")));
            }
            self.add(found, join(others, " AND "), STEP)?;
        }
        Ok(())
    }

    fn add(&self, found: &mut Found, expression: String, most: usize) -> Result<(), SearchError> {
        if expression.is_empty() {
            return Ok(());
        }
        let expression = match &self.filter {
            Some(filter) => format!("({expression}) AND ({filter})"),
            None => expression,
        };
        found.add(matching(self.conn, &expression, most)?);
        Ok(())
    }

    fn all(&self, word: impl Fn(usize, &Word) -> Result<String, SearchError>) -> Result<String, SearchError> {
        let words = self.core.iter().enumerate().map(|(at, core)| word(at, core)).collect::<Result<Vec<_>, _>>()?;
        Ok(join(words, " AND "))
    }

    /// The script typed in, and Latin letters.
    fn scripts(&self) -> &'static [bool] {
        if self.core.iter().any(|word| !word.native.is_empty()) { &[true, false] } else { &[false] }
    }

    /// Whether this core word is the one still being typed.
    fn is_last(&self, at: usize) -> bool {
        self.asked.typing && at + 1 == self.core.len() && self.asked.name.words.last() == Some(self.core[at])
    }

    fn going_on(&self, word: &Word, own: bool) -> Result<String, SearchError> {
        let start = if own { word.own() } else { &word.latin };
        if start.chars().count() > 2 {
            let words = table::words_starting(self.conn, start, ENDINGS + 1)?;
            if words.len() <= ENDINGS {
                return Ok(format!("({})", any(words.into_iter().map(|word| format!("n{word}")).chain([format!("n{start}")]))));
            }
        }
        Ok(format!("\"n{start}\"*"))
    }

    fn sounding(&self, at: usize, word: &Word) -> Result<String, SearchError> {
        let mut terms = vec![exact(word, false)];
        let last = self.is_last(at);
        if last {
            terms.push(self.going_on(word, false)?);
        }
        for key in sound_keys(&word.latin) {
            let goes_on = last && key.len() >= 2;
            terms.push(if goes_on { format!("\"k{key}\"*") } else { quote(&format!("k{key}")) });
        }
        Ok(format!("({})", join(terms, " OR ")))
    }

    /// An expression for each core word, made once for the steps that need it.
    fn loose_words(&self) -> Result<&[String], SearchError> {
        if self.loose.get().is_none() {
            let words = self.core.iter().enumerate().map(|(at, word)| self.loosely(at, word)).collect::<Result<Vec<_>, _>>()?;
            let _ = self.loose.set(words);
        }
        Ok(self.loose.get().map(Vec::as_slice).unwrap_or_default())
    }

    fn loosely(&self, at: usize, word: &Word) -> Result<String, SearchError> {
        Ok(format!("({} OR {})", self.sounding(at, word)?, self.mistyped(at, word)?))
    }

    /// The word, or those it may have been meant for.
    fn mistyped(&self, at: usize, word: &Word) -> Result<String, SearchError> {
        let mut terms = vec![if self.is_last(at) { self.going_on(word, false)? } else { exact(word, false) }];
        let spellings = if word.native.is_empty() { vec![&word.latin] } else { vec![&word.native, &word.latin] };
        for spelling in spellings {
            let meant = self.meant(spelling, self.is_last(at))?;
            terms.extend(meant.into_iter().map(|word| quote(&format!("n{word}"))));
        }
        Ok(format!("({})", join(terms, " OR ")))
    }

    /// Words one mistake (a letter more, less, other, or two swapped) from this one; when `typing`, those that begin so.
    fn meant(&self, typed: &str, typing: bool) -> Result<BTreeSet<String>, SearchError> {
        let letters: Vec<char> = typed.chars().collect();
        let mut meant = BTreeSet::new();
        if letters.len() == 3 {
            for swapped in [[1, 0, 2], [0, 2, 1]] {
                let word: String = swapped.iter().map(|at| letters[*at]).collect();
                if table::is_word(self.conn, &word)? {
                    meant.insert(word);
                }
            }
        }
        if !(4..=MENDED).contains(&letters.len()) {
            return Ok(meant);
        }
        // A start of two letters says too little to guess from.
        let typing = typing && letters.len() >= 5;
        let one_off = |word: &String| {
            let word: Vec<char> = word.chars().collect();
            let lengths = if typing { letters.len() - 1..=letters.len() + 1 } else { word.len()..=word.len() };
            lengths.filter(|length| *length <= word.len()).any(|length| distance(&letters, &word[..length], 1) == 1)
        };
        let slips = slips(typed);
        for slip in slips.iter().map(String::as_str).chain([typed]) {
            let words = table::words_with_slip(self.conn, slip, typing, MEANT)?;
            meant.extend(words.into_iter().filter(one_off));
            if meant.len() >= MEANT {
                break;
            }
        }
        for slip in slips {
            if table::is_word(self.conn, &slip)? {
                meant.insert(slip);
            }
        }
        Ok(meant)
    }
}

fn exact(word: &Word, own: bool) -> String {
    if own {
        return quote(&format!("n{}", word.own()));
    }
    let whole = quote(&format!("n{}", word.latin));
    if word.parts.is_empty() {
        return whole;
    }
    format!("({whole} OR ({}))", join(word.parts.iter().map(|part| quote(&format!("n{part}"))), " AND "))
}

fn filter(numbers: &[Number]) -> Option<String> {
    let each = numbers.iter().map(number_terms).filter(|terms| !terms.is_empty());
    let all: Vec<String> = each.map(|terms| format!("({})", join(terms.into_iter().map(|term| format!("({term})")), " OR "))).collect();
    if all.is_empty() { None } else { Some(join(all, " AND ")) }
}

fn number_terms(number: &Number) -> Vec<String> {
    let mut terms: Vec<String> = number.dates.iter().map(|date| quote(&format!("b{date}"))).collect();
    terms.extend(fragment_terms(number));
    terms
}

fn quote(term: &str) -> String {
    format!("\"{}\"", term.replace('"', ""))
}

fn join(parts: impl IntoIterator<Item = String>, with: &str) -> String {
    parts.into_iter().collect::<Vec<_>>().join(with)
}
