//! Spoken words into clinical third person, by rules that only drop, replace pronouns and bend verbs.
//!
//! Must never add a fact: every content word that comes out went in. What cannot be said without a spoken pronoun is refused, not guessed.

use crate::draft::clean::Word;
use crate::draft::grammar::{is_adverb, is_modal, third};
use crate::draft::opening::{before_shared_subject, doctor_words};
use crate::draft::wordlist::Words;
use crate::roles::Role;

/// How the patient is spoken of, when the transcript says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    Female,
    Male,
}

/// Who speaks, and of whom.
#[derive(Debug, Clone, Copy)]
pub struct Voice {
    pub role: Role,
    pub gender: Option<Gender>,
}

impl Voice {
    pub fn subject(self) -> &'static str {
        match self.gender {
            Some(Gender::Female) => "she",
            Some(Gender::Male) => "he",
            None => "the patient",
        }
    }

    fn object(self) -> &'static str {
        match self.gender {
            Some(Gender::Female) => "her",
            Some(Gender::Male) => "him",
            None => "the patient",
        }
    }

    pub fn possessive(self) -> &'static str {
        match self.gender {
            Some(Gender::Female) => "her",
            Some(Gender::Male) => "his",
            None => "their",
        }
    }
}

const FAMILY: Words = Words(
    "mother father mom dad brother sister wife husband son daughter grandmother grandfather grandma grandpa aunt uncle partner parents \
     family siblings kids children",
);
/// A pronoun after these is the object of the verb.
const BEFORE_OBJECT: Words = Words(
    "give gives gave given giving refer send sent see saw seen want like tell told telling put start started for to with on of about \
     get got let have help helps helped keep need ask asked make makes made bother bothers bothering bothered hurt hurts at from by \
     between call called examine prescribe prescribed offer switch treat schedule show advise recommend recommended around wake wakes \
     waking woke worries concerns scared remind taking took brings brought bring meet meeting seeing getting sending referring putting \
     on set support without than toward near allow cause causing causes prevent stops affects affecting teach keeps",
);

/// The clause in third person, or `None` when that cannot be done without inventing or keeping spoken words.
pub fn third_person(words: &[Word], voice: Voice) -> Option<String> {
    let words = match voice.role {
        Role::Doctor => before_shared_subject(&doctor_words(words)?)?,
        _ => words.to_vec(),
    };
    let out = pronouns(&words, voice);
    finish(out)
}

fn pronouns(words: &[Word], voice: Voice) -> Vec<Word> {
    let patient_speaks = voice.role != Role::Doctor;
    let own = ["i", "me", "my", "mine", "myself"];
    let theirs = ["you", "you", "your", "yours", "yourself"];
    let mine = if patient_speaks { own } else { theirs };
    let speaker = if voice.role == Role::Companion { "the companion" } else { "the patient" };
    let mut out: Vec<Word> = Vec::new();
    let mut named = false;
    let mut expect = false;
    let mut bent = false;
    for (i, word) in words.iter().enumerate() {
        let norm = word.norm.as_str();
        let prev = i.checked_sub(1).map_or("", |p| words[p].norm.as_str());
        let next = words.get(i + 1).map_or("", |w| w.norm.as_str());
        if norm == mine[0] || norm == mine[1] {
            let object = norm != "i"
                && (norm == "me"
                    || BEFORE_OBJECT.contains(prev)
                        && !(matches!(prev, "have" | "see" | "like" | "want" | "start" | "than" | "about")
                            && (is_modal(next) || matches!(next, "have" | "had" | "are" | "were")))
                    || next.is_empty()
                    || matches!(next, "to" | "in" | "with" | "on" | "for" | "," | "a" | "the" | "some" | "back" | "out" | "up")
                        && !prev.is_empty()
                        && prev != "that"
                        && prev != "and");
            let text = match object {
                _ if voice.role == Role::Companion || !named => speaker,
                true => voice.object(),
                false => voice.subject(),
            };
            out.push(Word::new(text));
            named = true;
            expect = !object;
            continue;
        }
        if norm == mine[2] {
            let family = FAMILY.contains(next);
            let text = if patient_speaks && !named {
                format!("{speaker}'s")
            } else if patient_speaks {
                voice.possessive().to_owned()
            } else if family {
                "the patient's".into()
            } else {
                "the".to_owned()
            };
            named |= patient_speaks;
            out.push(Word::new(&text));
            continue;
        }
        if norm == mine[3] || norm == mine[4] {
            let text = match (norm == mine[3], voice.gender) {
                (true, _) => "the patient's",
                (_, Some(Gender::Female)) => "herself",
                (_, Some(Gender::Male)) => "himself",
                _ => "themselves",
            };
            out.push(Word::new(text));
            continue;
        }
        let replaced = match (norm, patient_speaks) {
            ("we", true) => Some("they"),
            ("us", true) => Some("them"),
            ("our", true) => Some("their"),
            ("i" | "we" | "me" | "us", false) => Some("the clinician"),
            ("my" | "our", false) => Some("the clinician's"),
            _ => None,
        };
        if let Some(text) = replaced {
            expect = text == "the clinician" && matches!(norm, "i" | "we");
            out.push(Word::new(text));
            continue;
        }
        if expect {
            if word.is_mark() {
                out.push(word.clone());
                continue;
            }
            if norm == "do" && next == "not" {
                out.push(Word::new("does"));
                expect = false;
                continue;
            }
            if is_adverb(norm) && norm != "do" {
                out.push(word.clone());
                continue;
            }
            let changed = third(norm);
            bent = changed != norm;
            out.push(if bent { Word::new(&changed) } else { word.clone() });
            expect = false;
            continue;
        }
        // `takes it and feels better`
        if bent
            && matches!(prev, "and" | "but" | "then")
            && matches!(
                norm,
                "take"
                    | "go"
                    | "get"
                    | "have"
                    | "feel"
                    | "eat"
                    | "try"
                    | "make"
                    | "keep"
                    | "come"
                    | "know"
                    | "think"
                    | "am"
                    | "do"
                    | "need"
                    | "want"
                    | "see"
            )
        {
            out.push(Word::new(&third(norm)));
            continue;
        }
        out.push(word.clone());
    }
    out
}

/// Words that must not stand in a note outside quotation marks.
pub fn is_spoken(word: &str) -> bool {
    matches!(
        word,
        "i" | "i'm"
            | "i've"
            | "i'd"
            | "i'll"
            | "me"
            | "my"
            | "you"
            | "you're"
            | "you've"
            | "your"
            | "we"
            | "we're"
            | "we'll"
            | "our"
            | "um"
            | "uh"
            | "okay"
            | "yeah"
            | "gonna"
            | "wanna"
            | "us"
            | "mine"
            | "yours"
            | "myself"
            | "yourself"
            | "ours"
            | "you'll"
            | "you'd"
            | "we've"
            | "we'd"
            | "ok"
    )
}

/// Joins words into one sentence with a capital and a full stop; `None` if a spoken word is left.
pub fn finish(mut words: Vec<Word>) -> Option<String> {
    words.dedup_by(|a, b| a.norm == "," && b.norm == ",");
    while words.last().is_some_and(|w| w.norm == ",") {
        words.pop();
    }
    if words.is_empty() || words.iter().any(|w| w.norm.split(|c: char| !c.is_alphanumeric() && c != '\'').any(is_spoken)) {
        return None;
    }
    let mut text = String::new();
    for (i, word) in words.iter().enumerate() {
        let tight = matches!(word.norm.as_str(), "," | "%" | "\u{b0}");
        if i > 0 && !tight {
            text.push(' ');
        }
        text.push_str(if word.raw.chars().skip(1).any(char::is_uppercase) || i > 0 && word.raw != "I" { &word.raw } else { &word.norm });
    }
    if !text.contains(|c: char| c.is_alphabetic()) {
        return None;
    }
    let mut chars = text.chars();
    let first = chars.next()?;
    let mut text: String = first.to_uppercase().chain(chars).collect();
    if !text.ends_with('.') {
        text.push('.');
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::clean::clean;
    use crate::draft::segment::tokens;

    fn say(role: Role, text: &str) -> String {
        third_person(&clean(&tokens(text)), Voice { role, gender: None }).unwrap_or_default()
    }

    #[test]
    fn patient_words_become_third_person() {
        for (said, drafted) in [
            ("um , i have a , a bad headache", "The patient has a bad headache."),
            ("I don't smoke", "The patient does not smoke."),
            ("i was golfing and i hurt my back", "The patient was golfing and the patient hurt their back."),
            ("my knee hurts when i walk", "The patient's knee hurts when the patient walks."),
            ("i really ca n't sleep", "The patient really can not sleep."),
            ("i f- felt the pop", "The patient felt the pop."),
            ("I've been taking Metformin", "The patient has been taking Metformin."),
        ] {
            assert_eq!(say(Role::Patient, said), drafted);
        }
    }

    #[test]
    fn doctor_intent_opinion_and_findings_keep_their_force() {
        for (said, drafted) in [
            ("i'm gon na go ahead and order an mri", "Will order an mri."),
            ("i want you to stop taking advil", "The patient should stop taking advil."),
            ("i think you have a muscle strain", "Impression: the patient has a muscle strain."),
            ("i do n't see any fracture", "There is no fracture."),
            ("i do appreciate a systolic murmur", "There is a systolic murmur."),
            ("i'd like to refer you to physical therapy", "Plan to refer the patient to physical therapy."),
            ("okay , your lungs are clear , all right", "The lungs are clear."),
        ] {
            assert_eq!(say(Role::Doctor, said), drafted);
        }
    }

    #[test]
    fn known_gender_is_used_after_the_first_mention() {
        let words = clean(&tokens("i fell and i hurt my wrist"));
        let voice = Voice { role: Role::Patient, gender: Some(Gender::Female) };
        assert_eq!(third_person(&words, voice).unwrap(), "The patient fell and she hurt her wrist.");
    }

    #[test]
    fn what_keeps_a_spoken_word_is_refused() {
        assert_eq!(say(Role::Patient, "you know that you told me"), "");
        assert_eq!(say(Role::Doctor, "let me take a look"), "");
    }

    #[test]
    fn a_shared_we_is_never_made_the_clinicians_illness() {
        assert_eq!(
            say(Role::Doctor, "i wan na order a cardiac cath and make sure that we do n't have any blockages"),
            "Plan to order a cardiac cath."
        );
        assert_eq!(say(Role::Doctor, "continue the statin unless we have any problems"), "");
    }

    #[test]
    fn a_second_beginning_counts() {
        assert_eq!(say(Role::Doctor, "i you do have some rales"), "The patient does have some rales.");
        assert_eq!(say(Role::Doctor, "i do you have a regular rhythm"), "The patient has a regular rhythm.");
    }

    #[test]
    fn courtesies_and_laterality_are_told_apart() {
        assert_eq!(say(Role::Doctor, "right , so the right knee is swollen"), "The right knee is swollen.");
        assert_eq!(say(Role::Patient, "right knee pain"), "Right knee pain.");
    }
}
