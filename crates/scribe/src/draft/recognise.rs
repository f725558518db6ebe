//! Medicines, doses, symptoms, problems, vital signs and tests in running words, from a word list kept as data.
//!
//! Must never correct or complete what was said: a hit is a span of the words as they stand.

use crate::draft::wordlist::Words;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

/// What a recognised stretch of words is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Drug,
    Symptom,
    Problem,
    RedFlag,
    Vital,
    Lab,
    Imaging,
    Procedure,
    Unit,
}

/// A recognised term: `words` are positions in the slice that was searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub kind: Kind,
    pub words: Range<usize>,
}

struct Lexicon {
    /// First word -> whole terms, longest first.
    by_first: HashMap<&'static str, Vec<(Vec<&'static str>, Kind)>>,
}

static TERMS: &str = include_str!("../../data/terms.tsv");

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let mut by_first: HashMap<&'static str, Vec<(Vec<&'static str>, Kind)>> = HashMap::new();
        for line in TERMS.lines().filter(|l| !l.starts_with('#')) {
            let Some((kind, term)) = line.split_once('\t') else { continue };
            let kind = match kind {
                "drug" => Kind::Drug,
                "symptom" => Kind::Symptom,
                "problem" => Kind::Problem,
                "redflag" => Kind::RedFlag,
                "vital" => Kind::Vital,
                "lab" => Kind::Lab,
                "imaging" => Kind::Imaging,
                "procedure" => Kind::Procedure,
                "unit" => Kind::Unit,
                _ => continue,
            };
            let words: Vec<&'static str> = term.split(' ').collect();
            by_first.entry(words[0]).or_default().push((words, kind));
        }
        for terms in by_first.values_mut() {
            terms.sort_by_key(|(words, kind)| (std::cmp::Reverse(words.len()), *kind));
        }
        Lexicon { by_first }
    })
}

/// Endings that only medicines have.
const DRUG_ENDINGS: Words = Words(
    "pril sartan olol statin azole cillin mycin cycline floxacin prazole tidine dipine gliptin gliflozin glutide formin zepam zolam \
     triptan setron profen oxetine parin xaban solone sonide thiazide semide terol tropium codone vir oxacin barbital caine",
);

/// True for one word that names a medicine, by list or by ending.
pub fn is_drug(word: &str) -> bool {
    let word = word.to_lowercase();
    let listed = lexicon().by_first.get(word.as_str()).is_some_and(|terms| terms.iter().any(|(w, k)| *k == Kind::Drug && w.len() == 1));
    listed || word.len() > 6 && DRUG_ENDINGS.iter().any(|e| word.ends_with(e))
}

/// Every term in `words` (lower case), each word in at most one hit of a kind; longer terms win.
pub fn find<S: AsRef<str>>(words: &[S]) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    for start in 0..words.len() {
        let word = words[start].as_ref();
        if let Some(terms) = lexicon().by_first.get(word) {
            for (term, kind) in terms {
                let end = start + term.len();
                let fits = end <= words.len() && term.iter().zip(&words[start..end]).all(|(t, w)| *t == w.as_ref());
                if fits && !hits.iter().any(|h| h.kind == *kind && h.words.end > start) {
                    hits.push(Hit { kind: *kind, words: start..end });
                }
            }
        }
        if is_drug(word) && !hits.iter().any(|h| h.kind == Kind::Drug && h.words.end > start) {
            hits.push(Hit { kind: Kind::Drug, words: start..start + 1 });
        }
    }
    hits
}

/// Positions of a number directly before a unit: `five hundred milligrams`, `20 mg`.
pub fn doses<S: AsRef<str>>(words: &[S]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for hit in find(words).into_iter().filter(|h| h.kind == Kind::Unit) {
        let unit = hit.words.start;
        let mut start = unit;
        while start > 0 && crate::draft::number::is_number(words[start - 1].as_ref()) {
            start -= 1;
        }
        if start < unit {
            out.push(start..hit.words.end);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(text: &str) -> Vec<(Kind, String)> {
        let words: Vec<&str> = text.split(' ').collect();
        find(&words).into_iter().map(|h| (h.kind, words[h.words].join(" "))).collect()
    }

    #[test]
    fn listed_and_unlisted_medicines_are_found() {
        assert!(hits("he takes metformin and bempedostatin").iter().filter(|h| h.0 == Kind::Drug).count() == 2);
        assert!(!is_drug("april") && !is_drug("pain") && is_drug("Lisinopril"));
    }

    #[test]
    fn the_longest_term_wins() {
        let found = hits("type two diabetes and chest pain");
        assert!(found.contains(&(Kind::Problem, "type two diabetes".into())), "{found:?}");
        assert!(found.contains(&(Kind::Symptom, "chest pain".into())));
        assert!(!found.contains(&(Kind::Symptom, "pain".into())));
    }

    #[test]
    fn doses_are_numbers_with_their_unit() {
        let words: Vec<&str> = "take five hundred milligrams twice and 20 mg at night".split(' ').collect();
        let found: Vec<String> = doses(&words).into_iter().map(|r| words[r].join(" ")).collect();
        assert_eq!(found, ["five hundred milligrams", "20 mg"]);
    }
}
