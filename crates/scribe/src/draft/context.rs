//! Whether a thing said is denied, belongs to somebody else, or lies in the past: the ConText rules (Harkema and others, 2009), cut to speech.
//!
//! Must never decide by a word's presence alone: a cue reaches forward to the next turn of thought, not across it.
use crate::draft::wordlist::Words;

/// Denies what follows, up to an end cue.
const BEFORE: Words = Words("no not never without denies deny denied denying nor neither none cannot nope nah nothing");
/// Denies what came before.
const AFTER: &[&[&str]] = &[
    &["is", "negative"],
    &["was", "negative"],
    &["were", "negative"],
    &["are", "negative"],
    &["is", "absent"],
    &["ruled", "out"],
    &["negative", "for"],
];
/// A negation cue in these denies nothing about the finding.
const PSEUDO: &[&[&str]] = &[
    &["no", "change"],
    &["no", "changes"],
    &["not", "only"],
    &["not", "sure"],
    &["no", "increase"],
    &["not", "necessarily"],
    &["no", "problem"],
    &["no", "doubt"],
    &["not", "certain"],
    &["no", "idea"],
    &["not", "know"],
    &["no", "worries"],
    &["not", "help"],
    &["not", "helping"],
    &["not", "much"],
    &["not", "improve"],
    &["not", "want"],
    &["not", "think"],
];
/// Ends the reach of a cue.
const END: Words = Words("but however except though although because still yet aside which so then when if just only");
/// How many words a cue reaches without an end cue.
const REACH: usize = 9;

const RELATIVES: Words = Words(
    "mother father mom dad mum brother sister brothers sisters wife husband son daughter grandmother grandfather grandma grandpa aunt \
     uncle cousin cousins parents niece nephew boyfriend girlfriend partner roommate grandparents siblings mother's father's mom's \
     dad's",
);

fn at<S: AsRef<str>>(words: &[S], i: usize, pattern: &[&str]) -> bool {
    i + pattern.len() <= words.len() && pattern.iter().zip(&words[i..]).all(|(p, w)| *p == w.as_ref())
}

/// True for a word that denies, contractions included.
pub fn is_negation(word: &str) -> bool {
    BEFORE.contains(word) || word.ends_with("n't")
}

/// True when any cue in `words` denies something.
pub fn has_negation<S: AsRef<str>>(words: &[S]) -> bool {
    words.iter().any(|w| is_negation(w.as_ref()) || matches!(w.as_ref(), "negative" | "absent" | "stopped" | "free"))
}

/// Whether the word at `target` is denied. `words` are lower case and may hold punctuation.
pub fn negated<S: AsRef<str>>(words: &[S], target: usize) -> bool {
    let from = target.saturating_sub(REACH);
    for cue in (from..target).rev() {
        let word = words[cue].as_ref();
        if END.contains(word) || matches!(word, "." | ";" | "?") {
            return false;
        }
        if is_negation(word) && !PSEUDO.iter().any(|p| at(words, cue, p)) {
            return true;
        }
        if word == "negative" && words.get(cue + 1).is_some_and(|w| w.as_ref() == "for")
            || word == "free" && words.get(cue + 1).is_some_and(|w| w.as_ref() == "of")
        {
            return true;
        }
    }
    let mut after = target + 1;
    while after < words.len() && after <= target + 4 && !END.contains(words[after].as_ref()) {
        if AFTER.iter().any(|p| at(words, after, p)) {
            return true;
        }
        after += 1;
    }
    false
}

/// The relative of whom `words` speak before position `target`, if any.
pub fn relative<S: AsRef<str>>(words: &[S], target: usize) -> Option<&str> {
    let mut found = None;
    for word in words[..target.min(words.len())].iter().rev().take(14) {
        let word = word.as_ref();
        if matches!(word, "i" | "me" | "." | "but" | "patient") || word.starts_with("i'") {
            return found;
        }
        if RELATIVES.contains(word) {
            found = Some(word);
            return found;
        }
    }
    found
}

/// True for words of kinship.
pub fn is_relative(word: &str) -> bool {
    RELATIVES.contains(word)
}

/// Whether `words` speak of something that lies behind: "in the past", "years ago", "used to".
pub fn historical<S: AsRef<str>>(words: &[S]) -> bool {
    (0..words.len()).any(|i| {
        at(words, i, &["history", "of"])
            || at(words, i, &["years", "ago"])
            || at(words, i, &["in", "the", "past"])
            || at(words, i, &["used", "to"])
            || at(words, i, &["as", "a", "child"])
            || at(words, i, &["as", "a", "kid"])
            || at(words, i, &["diagnosed", "with"])
            || at(words, i, &["when", "i", "was"])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, word: &str) -> bool {
        let words: Vec<&str> = text.split(' ').collect();
        negated(&words, words.iter().position(|w| *w == word).unwrap())
    }

    #[test]
    fn a_denial_reaches_over_a_list_and_stops_at_a_turn_of_thought() {
        assert!(check("no fever , chills or cough", "cough"));
        assert!(check("i don't have any pain", "pain"));
        assert!(check("the straight leg raise was negative", "raise"));
        assert!(!check("no fever but a bad cough", "cough"));
        assert!(!check("i have a cough and no fever", "cough"));
        assert!(!check("i'm not sure about the cough", "cough"));
    }

    #[test]
    fn illness_of_a_relative_is_told_apart() {
        let words: Vec<&str> = "my mother had diabetes".split(' ').collect();
        assert_eq!(relative(&words, 3), Some("mother"));
        let words: Vec<&str> = "my mother worries but i have diabetes".split(' ').collect();
        assert_eq!(relative(&words, 6), None);
    }

    #[test]
    fn the_past_is_heard() {
        let words: Vec<&str> = "i had surgery ten years ago".split(' ').collect();
        assert!(historical(&words));
        assert!(!historical(&["it", "hurts", "now"]));
    }
}
