//! What was said, matters, and stands in no drafted sentence: shown beside the draft, added by one key.
//!
//! Must never decide that something said does not matter because the draft is long.

use crate::draft::wordlist::Words;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::draft::candidate::{Act, Reading};
use crate::draft::context;
use crate::draft::pair::Answer;
use crate::draft::recognise::{self, Kind};
use crate::roles::Role;
use crate::transcript::Transcript;

/// What kind of thing was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum OmissionKind {
    RedFlag,
    Allergy,
    Dose,
    Medicine,
    Negation,
    Symptom,
    Action,
}

/// Words that are in no sentence. `quote` is an exact part of the turn's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Omission {
    /// Number of the turn, from 0.
    pub turn: u32,
    pub quote: String,
    pub kind: OmissionKind,
}

const ACTIONS: Words =
    Words("prescribe refer order schedule follow-up start stop increase decrease continue refill referral appointment inject injection");

/// Everything worth a line, in the order it was said. `cited` are the spans that drafted sentences rest on; `drafted` their words, lower case.
pub fn find(transcript: &Transcript, reading: &Reading, cited: &[(usize, Range<usize>)], drafted: &str) -> Vec<Omission> {
    let drafted = format!(" {drafted} ");
    let mut out: Vec<Omission> = Vec::new();
    for (turn, clauses) in reading.clauses.iter().enumerate() {
        for clause in clauses {
            let Some(span) = clause.span() else { continue };
            if cited.iter().any(|(t, c)| *t == turn && c.start < span.end && span.start < c.end) {
                continue;
            }
            let words: Vec<&str> = clause.words().collect();
            // An open question states nothing; an answered one that was not drafted is found below.
            if clause.question {
                continue;
            }
            if let Some(kind) = kind(&words, reading.roles[turn], &drafted) {
                out.push(Omission {
                    turn: u32::try_from(turn).unwrap_or(u32::MAX),
                    quote: transcript.turns[turn].text[span].to_owned(),
                    kind,
                });
            }
        }
    }
    for candidate in reading.candidates.iter().filter(|c| matches!(c.act, Act::Confirmed | Act::Denied)) {
        let (turn, span) = candidate.spans[0].clone();
        if cited.iter().any(|(t, c)| *t == turn && c.start < span.end && span.start < c.end) {
            continue;
        }
        let words: Vec<String> = candidate
            .text
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric() && c != '-')
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if let Some(kind) = kind(&words, Role::Patient, &drafted) {
            out.push(Omission { turn: u32::try_from(turn).unwrap_or(u32::MAX), quote: transcript.turns[turn].text[span].to_owned(), kind });
        }
    }
    // What was asked and answered, and no rule could state: the question is shown.
    for asked in &reading.unturned {
        if cited.iter().any(|(t, c)| *t == asked.turn && c.start < asked.span.end && asked.span.start < c.end) {
            continue;
        }
        let denied = (asked.answer == Answer::No).then_some("no");
        let words: Vec<&str> = denied.into_iter().chain(asked.words.iter().map(String::as_str)).collect();
        if let Some(kind) = kind(&words, Role::Patient, &drafted) {
            let kind = match kind {
                // The answer denies the whole question, however far the cue would reach in a sentence.
                OmissionKind::Symptom | OmissionKind::RedFlag if denied.is_some() => OmissionKind::Negation,
                kind => kind,
            };
            let quote = transcript.turns[asked.turn].text[asked.span.clone()].to_owned();
            out.push(Omission { turn: u32::try_from(asked.turn).unwrap_or(u32::MAX), quote, kind });
        }
    }
    out.sort_by_key(|o| o.turn);
    out.dedup_by(|a, b| a.turn == b.turn && a.quote == b.quote);
    out
}

/// The weightiest kind of thing in `words` that the draft does not hold.
fn kind(words: &[&str], role: Role, drafted: &str) -> Option<OmissionKind> {
    let missing = |term: &[&str]| !drafted.contains(&format!(" {} ", term.join(" ")));
    let hits = recognise::find(words);
    let any = |kind: Kind| hits.iter().any(|h| h.kind == kind && missing(&words[h.words.clone()]));
    let allergy = words.iter().any(|w| matches!(*w, "allergic" | "allergy" | "allergies"));
    let denied = hits.iter().any(|h| {
        matches!(h.kind, Kind::Symptom | Kind::Problem | Kind::RedFlag)
            && context::negated(words, h.words.start)
            && missing(&words[h.words.clone()])
    });
    if any(Kind::RedFlag) && !denied {
        Some(OmissionKind::RedFlag)
    } else if allergy && (missing(&["allergic"]) || any(Kind::Drug)) {
        Some(OmissionKind::Allergy)
    } else if recognise::doses(words).iter().any(|d| missing(&words[d.clone()])) {
        Some(OmissionKind::Dose)
    } else if any(Kind::Drug) {
        Some(OmissionKind::Medicine)
    } else if denied {
        Some(OmissionKind::Negation)
    } else if any(Kind::Symptom) || any(Kind::Problem) {
        Some(OmissionKind::Symptom)
    } else if role == Role::Doctor
        && acts(words)
        && (any(Kind::Imaging) || any(Kind::Lab) || any(Kind::Procedure) || words.iter().any(|w| ACTIONS.contains(w) && missing(&[w])))
    {
        Some(OmissionKind::Action)
    } else {
        None
    }
}

/// The doctor says what will be done.
fn acts(words: &[&str]) -> bool {
    words
        .iter()
        .any(|w| matches!(*w, "gonna" | "going" | "will" | "i'll" | "we'll" | "let's" | "want" | "should" | "order" | "recommend" | "like"))
        && words.iter().any(|w| ACTIONS.contains(w) || matches!(*w, "get" | "do" | "send" | "give" | "put" | "have" | "see"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::candidate::read;
    use crate::draft::testing::talk;

    fn left_out(turns: &[(&str, &str)]) -> Vec<(String, OmissionKind)> {
        let t = talk(turns);
        find(&t, &read(&t), &[], "").into_iter().map(|o| (o.quote, o.kind)).collect()
    }

    #[test]
    fn each_kind_is_noticed() {
        for (role, said, kind) in [
            ("patient", "i'm allergic to penicillin", OmissionKind::Allergy),
            ("patient", "i take lisinopril", OmissionKind::Medicine),
            ("patient", "i take 20 milligrams at night", OmissionKind::Dose),
            ("patient", "i don't have a cough", OmissionKind::Negation),
            ("patient", "my elbow is swollen", OmissionKind::Symptom),
            ("patient", "i passed out yesterday", OmissionKind::RedFlag),
            ("doctor", "we'll schedule an mri", OmissionKind::Action),
        ] {
            assert_eq!(left_out(&[(role, said)]), [(said.to_owned(), kind)]);
        }
        assert_eq!(left_out(&[("patient", "we drove here this morning")]), []);
    }

    #[test]
    fn an_answered_question_counts_by_its_answer() {
        assert_eq!(left_out(&[("doctor", "any numbness ?"), ("patient", "no")]), [("any numbness".to_owned(), OmissionKind::Negation)]);
        assert_eq!(left_out(&[("doctor", "any numbness ?"), ("patient", "yes")]), [("any numbness".to_owned(), OmissionKind::Symptom)]);
    }

    #[test]
    fn an_answered_question_that_no_rule_can_state_is_shown() {
        let asked = "when you had the fever were there chills and numbness ?";
        let quote = asked.trim_end_matches(" ?").to_owned();
        assert_eq!(left_out(&[("doctor", asked), ("patient", "no")]), [(quote, OmissionKind::Negation)]);
    }

    #[test]
    fn what_is_cited_or_drafted_is_not_shown_again() {
        let t = talk(&[("patient", "i take lisinopril"), ("patient", "yes lisinopril every day")]);
        assert!(find(&t, &read(&t), &[(0, 0..17)], "the patient takes lisinopril").is_empty());
    }
}
