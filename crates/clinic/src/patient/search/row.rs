//! A patient as terms: what is written into the index for one row. Pure, so that the terms of a stored row can be taken out again.
//!
//! Kinds of term, by first letter: `n` word of a name (Latin or native), `k` sound key of a word, `s` all core words in order of the
//! alphabet, `q` the same by sound, `b` birth date (also its year and its month), `g` four digits in a row of a phone or identifier.

use std::collections::BTreeSet;

use super::{
    SearchableName,
    fold::{Folded, Word, fold},
    keys::sound_keys,
    query::{birth_digits, digits, identifier},
    table::StoredRow,
};

/// Most names, phones and identifiers of one patient that are looked at.
const MAX_LIST: usize = 16;

impl StoredRow {
    pub fn new(row: i64, of: &SearchableName) -> Self {
        let mut names: Vec<String> = Vec::new();
        for name in of.names.iter().take(MAX_LIST) {
            let line = fold(name).encode();
            if !line.is_empty() && !names.contains(&line) {
                names.push(line);
            }
        }
        let lines = |list: &[String], fold: fn(&str) -> String| {
            let folded: Vec<String> = list.iter().take(MAX_LIST).map(|text| fold(text)).filter(|text| !text.is_empty()).collect();
            folded.join("\n")
        };
        Self {
            row,
            patient: of.id,
            names: names.join("\n"),
            birth_date: of.birth_date.as_deref().map(birth_digits).unwrap_or_default(),
            phones: lines(&of.phones, digits),
            identifiers: lines(&of.identifiers, identifier),
        }
    }

    /// The official name first.
    pub fn folded_names(&self) -> impl Iterator<Item = Folded> {
        self.names.lines().map(Folded::decode)
    }
}

/// What the index holds of one row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Terms {
    /// Of `patient_search_key`: `n` and a name run together, or `i` and an identifier.
    pub keys: BTreeSet<String>,
    /// Of `patient_search_word`.
    pub words: BTreeSet<String>,
    others: BTreeSet<String>,
}

impl Terms {
    pub fn of(row: &StoredRow) -> Self {
        let mut terms = Self::default();
        for name in row.folded_names() {
            terms.add_name(&name);
        }
        let birth = row.birth_date.as_str();
        for length in [4, 6, 8] {
            if let Some(date) = birth.get(..length) {
                terms.others.insert(format!("b{date}"));
            }
        }
        for phone in row.phones.lines() {
            terms.add_digits(phone);
        }
        for identifier in row.identifiers.lines() {
            terms.keys.insert(format!("i{identifier}"));
            terms.add_digits(&digits(identifier));
        }
        terms
    }

    /// The text FTS5 reads: terms with spaces between.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for word in &self.words {
            text.push('n');
            text.push_str(word);
            text.push(' ');
        }
        for term in &self.others {
            text.push_str(term);
            text.push(' ');
        }
        text
    }

    fn add_name(&mut self, name: &Folded) {
        self.keys.extend(name.run_together().into_iter().map(|key| format!("n{key}")));
        for word in &name.words {
            self.words.extend(word.spellings().into_iter().map(|(spelling, _)| spelling));
            if !word.native.is_empty() {
                self.words.insert(word.native.clone());
            }
            let bare = word.without_article();
            for spelling in std::iter::once(&word.latin).chain(&word.parts).chain(&bare) {
                self.others.extend(sound_keys(spelling).into_iter().map(|key| format!("k{key}")));
            }
        }
        let core: Vec<&Word> = name.core().collect();
        for pair in core.windows(2) {
            // Not a word to complete or to mend: it would double that list.
            self.others.insert(format!("n{}{}", pair[0].latin, pair[1].latin));
        }
        self.others.extend(sorted(name));
        self.others.extend(sorted_sounds(name));
    }

    fn add_digits(&mut self, digits: &str) {
        self.others.extend(grams(digits));
        if digits.len() >= 3 {
            self.others.insert(format!("g{}", &digits[digits.len() - 3..]));
        }
    }
}

/// Terms that hold when each is four of the digits in a row; `digits` are ASCII.
pub(crate) fn grams(digits: &str) -> impl Iterator<Item = String> {
    (0..digits.len().saturating_sub(3)).map(|at| format!("g{}", &digits[at..at + 4]))
}

/// The word with each one of its letters left out.
pub(crate) fn slips(word: &str) -> BTreeSet<String> {
    let without = |(at, letter): (usize, char)| format!("{}{}", &word[..at], &word[at + letter.len_utf8()..]);
    word.char_indices().map(without).collect()
}

/// The `s` terms: one name in any order of its words.
pub(crate) fn sorted(name: &Folded) -> Vec<String> {
    let mut latin: Vec<&str> = name.core().flat_map(syllables).collect();
    let mut own: Vec<&str> = name.core().map(Word::own).collect();
    latin.sort_unstable();
    own.sort_unstable();
    let mut terms = vec![format!("s{}", latin.concat())];
    if name.words.iter().any(|word| !word.native.is_empty()) {
        terms.push(format!("s{}", own.concat()));
    }
    terms
}

/// The `q` term: one name in any order and any spelling of like sound. None for a name of one word, which its `k` finds as well.
pub(crate) fn sorted_sounds(name: &Folded) -> Option<String> {
    let mut sounds: Vec<String> = name.core().flat_map(syllables).filter_map(|word| sound_keys(word).into_iter().next()).collect();
    if sounds.len() < 2 {
        return None;
    }
    sounds.sort_unstable();
    Some(format!("q{}", sounds.concat()))
}

fn syllables(word: &Word) -> Box<dyn Iterator<Item = &str> + '_> {
    if word.parts.is_empty() { Box::new(std::iter::once(word.latin.as_str())) } else { Box::new(word.parts.iter().map(String::as_str)) }
}
