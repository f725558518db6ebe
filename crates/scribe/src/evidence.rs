//! Does what a sentence says stand in the words it cites? Run on every sentence of every engine, the rules' own included.
//!
//! Must never trust the engine that wrote the sentence, and never mend a sentence: it only says what does not agree.

use crate::draft::wordlist::Words;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::draft::context::{has_negation, is_negation, is_relative, negated, relative};
use crate::draft::grammar::{self, stem};
use crate::draft::number;
use crate::draft::recognise::{self, Kind};
use crate::draft::segment::tokens;
use crate::transcript::Transcript;

/// Words of one turn that a sentence rests on. `quote` is an exact part of the turn's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Evidence {
    /// Number of the turn, from 0.
    pub turn: u32,
    pub quote: String,
}

/// Whether a sentence may be signed as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Support {
    Supported,
    /// Amber: a person must keep or strike it before signing.
    NeedsReview,
}

/// Why a sentence needs review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// It cites nothing.
    NoEvidence,
    /// A quote is not an exact part of the turn it names.
    QuoteNotSaid,
    /// It cites so much that the citation proves nothing.
    EvidenceTooWide,
    /// It states a number that the quotes do not.
    Number,
    /// It puts a number to a unit, or leaves out the unit, other than the quotes do.
    Dose,
    /// It names a medicine that the quotes do not.
    Drug,
    /// Left, right or both differs.
    Laterality,
    /// It denies what was affirmed, or affirms what was denied.
    Negation,
    /// It gives the patient the illness of somebody else.
    Experiencer,
    /// It uses words of content that were not said.
    Wording,
    /// It rests on words the recogniser was unsure of.
    LowConfidence,
}

/// Most turns one sentence may cite.
pub const MAX_TURNS_CITED: usize = 4;
/// A sentence may quote this many words, and three more for each of its own.
pub const MAX_QUOTED_WORDS: usize = 20;
/// Turns recognised below this mean word probability are not taken on trust.
pub const MIN_CONFIDENCE: f32 = 0.5;

/// Checks one sentence against the quotes it cites. Flags come sorted; none means supported.
pub fn check(text: &str, evidence: &[Evidence], transcript: &Transcript) -> (Support, Vec<Flag>) {
    let mut flags: HashSet<Flag> = HashSet::new();
    if evidence.is_empty() {
        flags.insert(Flag::NoEvidence);
    }
    for e in evidence {
        match transcript.turns.get(e.turn as usize) {
            Some(turn) if !e.quote.trim().is_empty() && turn.text.contains(&e.quote) => {
                if turn.confidence < MIN_CONFIDENCE {
                    flags.insert(Flag::LowConfidence);
                }
            }
            _ => {
                flags.insert(Flag::QuoteNotSaid);
            }
        }
    }
    let turns: HashSet<u32> = evidence.iter().map(|e| e.turn).collect();
    let quoted: usize = evidence.iter().map(|e| e.quote.split_whitespace().count()).sum();
    if turns.len() > MAX_TURNS_CITED || quoted > MAX_QUOTED_WORDS + 3 * text.split_whitespace().count() {
        flags.insert(Flag::EvidenceTooWide);
    }
    let sentence = words(text);
    let quotes: Vec<Vec<String>> = evidence.iter().map(|e| words(&e.quote)).collect();
    agree(&sentence, &quotes, &mut flags);
    if makes_clinician_ill(text) {
        flags.insert(Flag::Experiencer);
    }
    let mut flags: Vec<Flag> = flags.into_iter().collect();
    flags.sort();
    (if flags.is_empty() { Support::Supported } else { Support::NeedsReview }, flags)
}

/// A note tells of no illness, medicine or family of the clinician: where it does, the wrong person was taken for the speaker.
fn makes_clinician_ill(text: &str) -> bool {
    const OWN: [&str; 12] = [
        " is allergic",
        " feels ",
        " felt ",
        " takes ",
        " took ",
        " denies ",
        " has a ",
        " has had ",
        " has been ",
        "'s father",
        "'s mother",
        "'s family",
    ];
    let text = text.to_lowercase();
    text.match_indices("the clinician").any(|(at, subject)| OWN.iter().any(|own| text[at + subject.len()..].starts_with(own)))
}

/// Lower-case words and punctuation with contractions spelt out.
fn words(text: &str) -> Vec<String> {
    let all = tokens(text);
    let mut out = Vec::new();
    for (i, token) in all.iter().enumerate() {
        let next = all.get(i + 1).map_or("", |t| t.norm.as_str());
        match grammar::expand(&token.norm, next) {
            Some(parts) => out.extend(parts),
            None => out.push(token.norm.clone()),
        }
    }
    out
}

fn agree(sentence: &[String], quotes: &[Vec<String>], flags: &mut HashSet<Flag>) {
    let said: Vec<String> = quotes.iter().flat_map(|q| q.iter().cloned().chain([";".to_owned()])).collect();
    if !number::stated(sentence).is_subset(&number::readable(&said)) {
        flags.insert(Flag::Number);
    }
    if !doses(sentence).iter().all(|d| doses(&said).contains(d)) {
        flags.insert(Flag::Dose);
    }
    let drugs = |words: &[String]| -> HashSet<String> {
        recognise::find(words).into_iter().filter(|h| h.kind == Kind::Drug).map(|h| words[h.words].join(" ")).collect()
    };
    let said_drugs = drugs(&said);
    if !drugs(sentence).iter().all(|d| said_drugs.contains(d) || said.join(" ").contains(d.as_str())) {
        flags.insert(Flag::Drug);
    }
    if !sides_agree(sentence, &said) {
        flags.insert(Flag::Laterality);
    }
    if !negation_agrees(sentence, quotes) {
        flags.insert(Flag::Negation);
    }
    if takes_over_illness(sentence, &said) {
        flags.insert(Flag::Experiencer);
    }
    let stems: HashSet<String> = said.iter().flat_map(|w| w.split('-').map(str::to_owned).chain([w.clone()])).map(|w| stem(&w)).collect();
    let covered = |w: &String| {
        !is_content(w)
            || number::is_number(w)
            || stems.contains(&stem(w))
            || w.contains('-') && w.split('-').all(|p| stems.contains(&stem(p)) || !is_content(p))
    };
    if !sentence.iter().all(covered) {
        flags.insert(Flag::Wording);
    }
}

/// Value and unit of each dose, as comparable text.
fn doses(words: &[String]) -> HashSet<String> {
    recognise::doses(words)
        .into_iter()
        .map(|r| {
            let unit = match words[r.end - 1].as_str() {
                "milligram" | "milligrams" => "mg",
                "microgram" | "micrograms" => "mcg",
                "gram" | "grams" => "g",
                "milliliter" | "milliliters" => "ml",
                other => other.trim_end_matches('s'),
            };
            let values: Vec<String> = number::stated(&words[r.start..r.end - 1]).into_iter().collect();
            format!("{} {unit}", values.join(" "))
        })
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    Left,
    Right,
    Both,
}

/// Sides with the position they stand at. "all right", "right?" and "right now" are no side.
fn sides(words: &[String]) -> Vec<(usize, Side)> {
    let mut out = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let prev = i.checked_sub(1).map_or("", |p| words[p].as_str());
        let next = words.get(i + 1).map_or("", String::as_str);
        match word.as_str() {
            "left"
                if !matches!(prev, "has" | "have" | "had" | "i" | "he" | "she" | "they" | "we" | "was" | "is" | "are" | "just")
                    || is_body(next) =>
            {
                out.push((i, Side::Left))
            }
            "right"
                if prev != "all"
                    && !matches!(next, "now" | "away" | "here" | "there" | "after" | "before" | "?")
                    && !(matches!(next, "" | "," | ";") && matches!(prev, "," | "" | "that's" | "is" | ";")) =>
            {
                out.push((i, Side::Right))
            }
            "left-sided" => out.push((i, Side::Left)),
            "right-sided" => out.push((i, Side::Right)),
            "bilateral" | "bilaterally" => out.push((i, Side::Both)),
            "both" if is_body(next) || matches!(next, "sides" | "of" | "your" | "my" | "the") => out.push((i, Side::Both)),
            _ => {}
        }
    }
    out
}

fn is_body(word: &str) -> bool {
    matches!(
        word.trim_end_matches('s'),
        "knee"
            | "hip"
            | "leg"
            | "foot"
            | "feet"
            | "ankle"
            | "arm"
            | "hand"
            | "wrist"
            | "elbow"
            | "shoulder"
            | "eye"
            | "ear"
            | "lung"
            | "side"
            | "breast"
            | "kidney"
            | "flank"
            | "thigh"
            | "calf"
            | "toe"
            | "finger"
            | "thumb"
            | "heel"
            | "lower"
            | "upper"
            | "ventricular"
            | "lobe"
            | "big"
            | "great"
            | "index"
            | "groin"
    )
}

fn sides_agree(sentence: &[String], said: &[String]) -> bool {
    let spoken = sides(said);
    sides(sentence).iter().all(|&(at, side)| {
        let Some(part) = sentence[at + 1..].iter().take(3).find(|w| is_body(w)) else {
            return spoken.iter().any(|s| s.1 == side);
        };
        // The same part must be heard near the same side; if the part was not said beside any side, the side alone must be.
        let near = |s: &(usize, Side)| said[s.0.saturating_sub(3)..(s.0 + 5).min(said.len())].iter().any(|w| stem(w) == stem(part));
        if spoken.iter().any(near) { spoken.iter().any(|s| near(s) && s.1 == side) } else { spoken.iter().any(|s| s.1 == side) }
    })
}

/// A quote that answers no, so that the question before it is denied.
fn answers_no(quote: &[String]) -> bool {
    let first =
        quote.iter().find(|w| w.chars().any(char::is_alphanumeric) && !matches!(w.as_str(), "um" | "uh" | "well" | "oh" | "so" | "i"));
    first.is_some_and(|w| is_negation(w) || matches!(w.as_str(), "nope" | "nah" | "negative"))
        || quote.len() <= 6 && quote.iter().any(|w| is_negation(w))
}

fn negation_agrees(sentence: &[String], quotes: &[Vec<String>]) -> bool {
    let in_sentence = has_negation(sentence);
    let in_quotes = quotes.iter().any(|q| has_negation(q));
    if in_sentence != in_quotes {
        return false;
    }
    if !in_sentence {
        return true;
    }
    // Each finding or medicine: its status in the sentence must be one it has in the quotes.
    for hit in recognise::find(sentence).into_iter().filter(|h| h.kind != Kind::Unit) {
        let term = &sentence[hit.words.clone()];
        let status = negated(sentence, hit.words.start);
        let mut heard = Vec::new();
        for (q, quote) in quotes.iter().enumerate() {
            for at in 0..quote.len().saturating_sub(term.len() - 1) {
                if quote[at..at + term.len()].iter().zip(term).all(|(a, b)| stem(a) == stem(b)) {
                    let denied = negated(quote, at);
                    let flipped = quotes.get(q + 1).is_some_and(|next| answers_no(next)) && !denied;
                    heard.push(denied || flipped);
                }
            }
        }
        if !heard.is_empty() && !heard.contains(&status) {
            return false;
        }
    }
    true
}

/// An illness said of a relative must keep the relative.
fn takes_over_illness(sentence: &[String], said: &[String]) -> bool {
    if sentence.iter().any(|w| is_relative(w)) {
        return false;
    }
    recognise::find(sentence).into_iter().filter(|h| matches!(h.kind, Kind::Problem | Kind::Symptom)).any(|hit| {
        let term = &sentence[hit.words];
        let places: Vec<usize> = (0..said.len().saturating_sub(term.len() - 1)).filter(|&at| said[at..at + term.len()] == *term).collect();
        !places.is_empty() && places.iter().all(|&at| relative(said, at).is_some())
    })
}

/// Words a note may use without their being said: the frame of a sentence.
const FRAME: Words = Words(
    "patient patient's clinician clinician's companion companion's reports denies states describes notes endorses impression suspected \
     will plan should advised onset duration location frequency severity amount quality age answer there will not no yes does did do \
     has have had is are was were be been being can could would may might must them their they him himself herself themselves her his \
     hers she the and but for with from this that these those which who when while also any other than then into onto about over under \
     its it clinic medications taken used aggravating relieving factors character context associated treatment tried occupation current \
     names relation value trigger timing",
);

fn is_content(word: &str) -> bool {
    word.len() > 2 && word.chars().any(char::is_alphabetic) && !FRAME.contains(word) && !is_negation(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::testing::talk;

    /// Each case: what was said in two turns, the drafted sentence, the flag it must raise (`None`: it must pass).
    fn judge(said: &[&str], text: &str) -> Vec<Flag> {
        let turns: Vec<(&str, &str)> = said.iter().map(|s| ("doctor", *s)).collect();
        let t = talk(&turns);
        let evidence: Vec<Evidence> = said.iter().enumerate().map(|(i, s)| Evidence { turn: i as u32, quote: (*s).to_owned() }).collect();
        check(text, &evidence, &t).1
    }

    #[test]
    fn a_clinicians_own_illness_needs_a_look() {
        assert_eq!(judge(&["i'm allergic to penicillin"], "The clinician is allergic to penicillin."), [Flag::Experiencer]);
        assert_eq!(judge(&["my father had a heart attack at 60"], "The clinician's father had a heart attack at 60."), [Flag::Experiencer]);
        assert_eq!(judge(&["i will order an ecg"], "The clinician will order an ECG."), []);
    }

    #[test]
    fn true_sentences_pass() {
        for (said, text) in [
            (&["i have had chest pain for three days"][..], "The patient has had chest pain for 3 days."),
            (&["any fever or chills", "no"], "The patient denies fever or chills."),
            (&["take five hundred milligrams of metformin twice a day"], "Take 500 milligrams of metformin twice a day."),
            (&["my left knee hurts", "yes"], "The patient's left knee hurts."),
            (&["i fell on the ice"], "The patient fell on the ice."),
            (&["my mother had diabetes"], "The patient's mother had diabetes."),
            (&["i do n't smoke"], "The patient does not smoke."),
        ] {
            assert_eq!(judge(said, text), [], "{text}");
        }
    }

    #[test]
    fn planted_faults_are_found() {
        for (said, text, flag) in [
            (&["pain for three days"][..], "Pain for 4 days.", Flag::Number),
            (&["take five milligrams of warfarin"], "Take 5 mcg of warfarin.", Flag::Dose),
            (&["take twenty milligrams now and forty later"], "Take 40 milligrams now.", Flag::Dose),
            (&["i take lisinopril daily"], "The patient takes losartan daily.", Flag::Drug),
            (&["my left knee hurts"], "The patient's right knee hurts.", Flag::Laterality),
            (&["the left knee is fine , the right hip hurts"], "The right knee is fine.", Flag::Laterality),
            (&["all right , the knee is swollen"], "The right knee is swollen.", Flag::Laterality),
            (&["i have chest pain"], "The patient denies chest pain.", Flag::Negation),
            (&["i have no chest pain"], "The patient has chest pain.", Flag::Negation),
            (&["no fever but i have a cough"], "The patient denies cough.", Flag::Negation),
            (&["any fever", "no"], "The patient has fever.", Flag::Negation),
            (&["my mother had diabetes"], "The patient had diabetes.", Flag::Experiencer),
            (&["my knee hurts"], "The patient's knee hurts after skiing.", Flag::Wording),
        ] {
            assert!(judge(said, text).contains(&flag), "{text}: {:?}", judge(said, text));
        }
    }

    #[test]
    fn quotes_must_be_said_where_they_claim_and_be_few() {
        let mut t = talk(&[("patient", "my knee hurts"), ("doctor", "okay")]);
        let quote = |turn, quote: &str| Evidence { turn, quote: quote.into() };
        assert_eq!(check("Knee hurts.", &[], &t).1, [Flag::NoEvidence, Flag::Wording]);
        assert!(check("Knee hurts.", &[quote(0, "my knee hurt s")], &t).1.contains(&Flag::QuoteNotSaid));
        assert!(check("Knee hurts.", &[quote(1, "knee hurts")], &t).1.contains(&Flag::QuoteNotSaid));
        assert!(check("Knee hurts.", &[quote(9, "knee hurts")], &t).1.contains(&Flag::QuoteNotSaid));
        assert!(check("Knee hurts.", &[quote(0, " ")], &t).1.contains(&Flag::QuoteNotSaid));
        assert_eq!(check("Knee hurts.", &[quote(0, "knee hurts")], &t), (Support::Supported, vec![]));
        t.turns[0].confidence = 0.2;
        assert_eq!(check("Knee hurts.", &[quote(0, "knee hurts")], &t).1, [Flag::LowConfidence]);
        let long = "knee ".repeat(60);
        let t = talk(&[("patient", &long)]);
        assert!(check("Knee.", &[quote(0, long.trim())], &t).1.contains(&Flag::EvidenceTooWide));
    }
}
