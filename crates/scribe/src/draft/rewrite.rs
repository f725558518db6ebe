//! Spoken words into clinical third person, by rules that only drop, replace pronouns and bend verbs.
//!
//! Must never add a fact: every content word that comes out went in. What cannot be said without a spoken pronoun is refused, not guessed.

use crate::draft::grammar::{expand, is_adverb, is_base, is_modal, is_past, third};
use crate::draft::segment::Token;
use crate::draft::wordlist::Words;
use crate::roles::Role;

/// A word on its way into the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub norm: String,
    pub raw: String,
}

impl Word {
    fn new(text: &str) -> Self {
        Word { norm: text.to_lowercase(), raw: text.to_owned() }
    }

    fn is_mark(&self) -> bool {
        !self.norm.starts_with(|c: char| c.is_alphanumeric())
    }
}

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

const NOISE: Words =
    Words("um uh er ah hmm hm mm mhm mm-hmm uh-huh oh huh erm uhm ugh wow please yea yup eh aw gosh basically literally honestly");
const LEADING: Words = Words(
    "okay ok alright so and but well now yeah yes yep great anyway anyways because then gotcha hey hi hello or right perfect sure \
     awesome excellent like also correct exactly absolutely obviously actually wonderful plus just doctor again nice sorry thanks good",
);
const TRAILING: Words = Words("okay ok alright and but so or because yeah the a an to of with for that is if then in my your at like well");
const TRAILING_PHRASES: &[&[&str]] = &[
    &["is", "that", "correct"],
    &["is", "that", "right"],
    &["all", "right"],
    &["you", "know"],
    &["thank", "you"],
    &["and", "stuff"],
    &["and", "everything"],
    &["i", "guess"],
    &["i", "think"],
    &["or", "anything", "like", "that"],
    &["or", "something", "like", "that"],
    &["and", "things", "like", "that"],
    &["and", "stuff", "like", "that"],
    &["or", "anything"],
    &["or", "something"],
    &["does", "that", "sound", "good"],
    &["sound", "good"],
    &[",", "right"],
    &[",", "correct"],
    &["hey", "dragon"],
];
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

/// Spells out contractions, drops hesitations, repeats, cut-off words and courtesies. `tokens` are one clause.
pub fn clean(tokens: &[Token]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut skip_mark = false;
    for (i, token) in tokens.iter().enumerate() {
        let next = tokens[i + 1..].iter().find(|t| t.is_word()).map_or("", |t| t.norm.as_str());
        if NOISE.contains(token.norm.as_str()) {
            continue;
        }
        // `f- felt`: a cut-off word, then the word itself.
        let cut = tokens.get(i + 1).is_some_and(|t| t.norm == "-" && t.span.start == token.span.end);
        if cut && token.is_word() && next.starts_with(token.norm.as_str()) {
            skip_mark = true;
            continue;
        }
        if std::mem::take(&mut skip_mark) && token.norm == "-" {
            continue;
        }
        match expand(&token.norm, next) {
            Some(parts) => words.extend(parts.iter().map(|p| Word::new(p))),
            None if token.is_word() => words.push(Word { norm: token.norm.clone(), raw: token.raw.clone() }),
            None if matches!(token.norm.as_str(), "," | "%" | "\u{b0}") => words.push(Word::new(&token.raw)),
            None if token.norm == "-" || token.norm == "\u{2014}" => words.push(Word::new(",")),
            None => {}
        }
    }
    drop_phrases(&mut words);
    drop_repeats(&mut words);
    trim(&mut words);
    words
}

fn is(words: &[Word], at: usize, pattern: &[&str]) -> bool {
    at + pattern.len() <= words.len() && pattern.iter().zip(&words[at..]).all(|(p, w)| *p == w.norm)
}

fn drop_phrases(words: &mut Vec<Word>) {
    let mut i = 0;
    while i < words.len() {
        let prev = i.checked_sub(1).map_or("", |p| words[p].norm.as_str());
        let after = |n: usize| words.get(i + n).map_or("", |w| w.norm.as_str());
        let cut = if is(words, i, &["you", "know"])
            && !matches!(prev, "do" | "did" | "if" | "as" | "let" | "would" | "not" | "to")
            && !matches!(after(2), "what" | "how" | "that" | "if" | "when" | "why")
        {
            2
        } else if is(words, i, &["i", "mean"]) || is(words, i, &["hey", "dragon"]) || is(words, i, &["you", "see"]) && after(2) == "," {
            2
        } else if is(words, i, &["go", "ahead", "and"]) {
            3
        } else if is(words, i, &["as", "you", "know"]) || is(words, i, &["it", "looks", "like"]) && after(3) == "you" {
            3
        } else if words[i].norm == "like" && (prev == "," || prev.is_empty()) && after(1) == "," {
            1
        } else {
            0
        };
        if cut > 0 {
            words.drain(i..i + cut);
        } else {
            i += 1;
        }
    }
}

/// `the , the pain` -> `the pain`; also repeated pairs and triples.
fn drop_repeats(words: &mut Vec<Word>) {
    for size in [3usize, 2, 1] {
        let mut i = 0;
        while i + 2 * size <= words.len() {
            let gap = usize::from(words[i + size].norm == ",");
            let same = i + 2 * size + gap <= words.len()
                && (0..size).all(|k| words[i + k].norm == words[i + size + gap + k].norm && !words[i + k].is_mark());
            let kept = size == 1 && matches!(words[i].norm.as_str(), "had" | "that" | "very" | "really")
                || words[i].norm.starts_with(|c: char| c.is_ascii_digit())
                || is_number_word(&words[i].norm);
            if same && !kept {
                words.drain(i..i + size + gap);
            } else {
                i += 1;
            }
        }
    }
}

fn is_number_word(word: &str) -> bool {
    matches!(word, "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten" | "zero" | "oh")
}

/// Takes courtesies off both ends and joins runs of commas.
pub fn trim(words: &mut Vec<Word>) {
    loop {
        let len = words.len();
        if words.first().is_some_and(|w| w.is_mark() || LEADING.contains(w.norm.as_str()) && !keeps_lead(words)) {
            words.remove(0);
        } else if is(words, 0, &["all", "right"])
            || is(words, 0, &["of", "course"])
            || is(words, 0, &["let", "us", "see"])
            || is(words, 0, &["by", "the", "way"])
            || is(words, 0, &["thank", "you"])
        {
            words.drain(..2.min(words.len()));
        }
        if words.last().is_some_and(|w| w.is_mark() && w.norm != "%" || TRAILING.contains(w.norm.as_str())) {
            words.pop();
        }
        for phrase in TRAILING_PHRASES {
            if words.len() > phrase.len() && is(words, words.len() - phrase.len(), phrase) {
                words.truncate(words.len() - phrase.len());
            }
        }
        if words.len() == len {
            break;
        }
    }
    words.dedup_by(|a, b| a.norm == "," && b.norm == ",");
}

/// `right knee`, `good range of motion`, `just under`: here the first word carries meaning.
fn keeps_lead(words: &[Word]) -> bool {
    let next = words.get(1).map_or("", |w| w.norm.as_str());
    match words[0].norm.as_str() {
        "right" => !matches!(next, "," | "" | "so" | "now" | "and" | "okay" | "i" | "you" | "it" | "that" | "we"),
        "good" | "nice" | "excellent" | "great" | "perfect" | "wonderful" => {
            !matches!(next, "," | "" | "so" | "now" | "and" | "okay" | "i" | "you" | "it" | "that" | "we" | "to" | "morning" | "afternoon")
        }
        "no" => true,
        "because" | "like" => false,
        _ => false,
    }
}

/// The clause in third person, or `None` when that cannot be done without inventing or keeping spoken words.
pub fn third_person(words: &[Word], voice: Voice) -> Option<String> {
    let words = match voice.role {
        Role::Doctor => doctor_opening(words)?,
        _ => patient_opening(words),
    };
    let out = pronouns(&words, voice);
    finish(out)
}

/// Opinion and intent of the doctor, said the way notes say it.
fn doctor_opening(words: &[Word]) -> Option<Vec<Word>> {
    let mut words = words.to_vec();
    let first = |w: &[Word], n: usize| w.get(n).map_or(String::new(), |w| w.norm.clone());
    if is(&words, 0, &["let", "us"]) {
        words.drain(..2);
        return Some(lead("will", &words));
    }
    if is(&words, 0, &["let", "me"]) || is(&words, 0, &["show", "me"]) {
        return None;
    }
    if !matches!(first(&words, 0).as_str(), "i" | "we") {
        return Some(words);
    }
    let mut at = 1;
    let mut denied = false;
    while matches!(
        first(&words, at).as_str(),
        "also"
            | "just"
            | "really"
            | "definitely"
            | "certainly"
            | "do"
            | "did"
            | "am"
            | "are"
            | "would"
            | "not"
            | "then"
            | "actually"
            | "still"
            | "have"
            | "already"
            | "probably"
            | "possibly"
            | "may"
            | "might"
            | "had"
            | "kind"
            | "of"
    ) {
        let word = first(&words, at);
        if word == "not" {
            denied = true;
        }
        if matches!(word.as_str(), "have" | "are" | "am" | "had" | "may" | "might" | "would")
            && matches!(first(&words, at + 1).as_str(), "a" | "an" | "the" | "to" | "no" | "some" | "your")
        {
            break;
        }
        at += 1;
    }
    let hedge: Vec<Word> = words[1..at]
        .iter()
        .filter(|w| matches!(w.norm.as_str(), "probably" | "possibly" | "may" | "might" | "still" | "also"))
        .cloned()
        .collect();
    let rest = words[(at + 1).min(words.len())..].to_vec();
    let with = |prefix: &str, rest: &[Word]| {
        let mut out = hedge.clone();
        out.extend(lead(prefix, rest));
        Some(out)
    };
    match first(&words, at).as_str() {
        "think" | "believe" | "feel" | "suspect" if !denied => Some(impression(&words, at, rest)),
        "going" if first(&words, at + 1) == "to" => with(if denied { "will not" } else { "will" }, &rest[1..]),
        "will" | "shall" => with(if denied || first(&words, at + 1) == "not" { "will not" } else { "will" }, rest.strip_prefix_word("not")),
        "want" | "like" | "need" if first(&words, at + 1) == "you" => {
            let not = if denied { "should not" } else { "should" };
            let rest = rest[1..].to_vec();
            let rest = rest.strip_prefix_word("to").to_vec();
            let mut out = vec![Word::new("you")];
            out.extend(not.split(' ').map(Word::new));
            out.extend(rest);
            Some(out)
        }
        "want" | "like" if first(&words, at + 1) == "to" && !denied => with("plan", &rest),
        "see" | "hear" | "appreciate" | "notice" | "note" if voice_of_finding(&rest) => {
            let rest = rest.strip_prefix_word("any").to_vec();
            if denied {
                let rest = rest.strip_prefix_word("a").strip_prefix_word("an").to_vec();
                Some(lead("there is no", &rest))
            } else {
                Some(lead("there is", &rest))
            }
        }
        "see" | "notice" | "know" | "understand" | "hear" | "said" | "mean" | "guess" if !denied => {
            // `i see that you have`: what follows is the statement.
            let rest = rest.strip_prefix_word("that").to_vec();
            if matches!(first(&rest, 0).as_str(), "you" | "your" | "the" | "it" | "there" | "this") { Some(rest) } else { None }
        }
        "can" | "could" => with("can", &rest),
        verb if is_past(verb) || is_base(verb) || verb.ends_with("ing") => {
            let mut out = hedge.clone();
            if denied {
                out.push(Word::new(if is_past(verb) || first(&words, 1) == "did" { "did" } else { "do" }));
                out.push(Word::new("not"));
            }
            out.extend(words[at..].iter().cloned());
            Some(out)
        }
        _ => Some(words),
    }
}

trait StripWord {
    fn strip_prefix_word(&self, word: &str) -> &[Word];
}

impl StripWord for [Word] {
    fn strip_prefix_word(&self, word: &str) -> &[Word] {
        match self.first() {
            Some(first) if first.norm == word => &self[1..],
            _ => self,
        }
    }
}

fn lead(prefix: &str, rest: &[Word]) -> Vec<Word> {
    let mut out: Vec<Word> = prefix.split(' ').map(Word::new).collect();
    out.extend(rest.iter().cloned());
    out
}

fn voice_of_finding(rest: &[Word]) -> bool {
    rest.first().is_some_and(|w| {
        matches!(
            w.norm.as_str(),
            "a" | "an"
                | "some"
                | "any"
                | "no"
                | "mild"
                | "moderate"
                | "slight"
                | "significant"
                | "little"
                | "swelling"
                | "bruising"
                | "tenderness"
                | "evidence"
                | "normal"
        )
    }) && !rest.iter().any(|w| matches!(w.norm.as_str(), "you" | "i" | "we"))
}

/// `i think you have X` keeps its doubt: it is drafted as an impression, not as a fact.
fn impression(words: &[Word], at: usize, rest: Vec<Word>) -> Vec<Word> {
    let rest = rest.strip_prefix_word("that").to_vec();
    let prefix = if words[at].norm == "suspect" { "suspected:" } else { "impression:" };
    lead(prefix, &rest)
}

fn patient_opening(words: &[Word]) -> Vec<Word> {
    // `i think it's from lifting`: attribute the belief, do not drop it.
    words.to_vec()
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
            if voice.role == Role::Companion {
                out.push(Word::new(speaker));
            } else if !named {
                out.push(Word::new(speaker));
            } else {
                out.push(Word::new(if object { voice.object() } else { voice.subject() }));
            }
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
    fn courtesies_and_laterality_are_told_apart() {
        assert_eq!(say(Role::Doctor, "right , so the right knee is swollen"), "The right knee is swollen.");
        assert_eq!(say(Role::Patient, "right knee pain"), "Right knee pain.");
    }
}
