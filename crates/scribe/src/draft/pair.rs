//! A question and its answer are one statement: "any fever?" "no" is "denies fever".
//!
//! Must never guess an answer: words that are neither yes nor no leave the question unanswered.

use crate::draft::clean::{Word, trim};
use crate::draft::grammar::{is_base, is_participle, past, present, third};
use crate::draft::rewrite::{Voice, finish, third_person};
use crate::draft::wordlist::Words;
use crate::roles::Role;

/// Yes or no, as far as the first words of an answer go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
}

/// Reads yes or no from the words of an answer (lower case).
pub fn answer(words: &[&str]) -> Option<Answer> {
    let words: Vec<&str> =
        words.iter().copied().skip_while(|w| matches!(*w, "um" | "uh" | "well" | "oh" | "hmm" | "mm" | "so" | "okay" | "doctor")).collect();
    let first = *words.first()?;
    let second = words.get(1).copied().unwrap_or("");
    // "nothing other than my usual pain", "no , except at night": neither a yes nor a no.
    if words.iter().any(|w| matches!(*w, "except" | "besides"))
        || words.windows(2).any(|p| p == ["other", "than"] || p == ["just", "the"] || p == ["aside", "from"])
    {
        return None;
    }
    match first {
        "no" if second == "problem" => None,
        "no" | "nope" | "nah" | "never" | "none" | "neither" | "nothing" | "negative" | "uh-uh" => Some(Answer::No),
        "not"
            if matches!(
                second,
                "really" | "at" | "that" | "anymore" | "right" | "currently" | "recently" | "yet" | "to" | "lately" | "often"
            ) =>
        {
            Some(Answer::No)
        }
        "yes" | "yeah" | "yep" | "yup" | "yea" | "correct" | "exactly" | "absolutely" | "definitely" | "mm-hmm" | "mhm" | "uh-huh"
        | "sure" => Some(Answer::Yes),
        "right" | "true" if words.len() <= 2 => Some(Answer::Yes),
        "that's" if matches!(second, "right" | "correct" | "true") => Some(Answer::Yes),
        "of" if second == "course" => Some(Answer::Yes),
        "i" if words.len() <= 4 => match second {
            "do" | "am" | "have" | "did" | "was" | "can" | "had" | "sure" => {
                if words.contains(&"not") {
                    Some(Answer::No)
                } else if words.len() <= 3 {
                    Some(Answer::Yes)
                } else {
                    None
                }
            }
            "don't" | "haven't" | "didn't" | "wasn't" | "can't" | "never" | "am not" => Some(Answer::No),
            _ => None,
        },
        "i'm" if second == "not" && words.len() == 2 => Some(Answer::No),
        "it" | "they" | "he" | "she" if words.len() <= 3 => match second {
            "does" | "is" | "did" | "has" | "was" | "do" | "are" | "have" => {
                Some(if words.get(2) == Some(&"not") { Answer::No } else { Answer::Yes })
            }
            "doesn't" | "isn't" | "didn't" | "hasn't" | "wasn't" | "don't" | "aren't" | "haven't" => Some(Answer::No),
            _ => None,
        },
        _ => None,
    }
}

/// What an open question asks for, as the label notes use. `words` are the cleaned question.
pub fn label(words: &[Word]) -> Option<&'static str> {
    let all: Vec<&str> = words.iter().map(|w| w.norm.as_str()).collect();
    let has = |w: &str| all.contains(&w);
    let two = |a: &str, b: &str| all.windows(2).any(|p| p == [a, b]);
    let label = if two("how", "long") {
        "Duration"
    } else if two("how", "old") {
        "Age"
    } else if two("how", "often") || two("how", "frequently") || has("times") && has("many") {
        "Frequency"
    } else if two("how", "bad") || two("how", "severe") || has("scale") {
        "Severity"
    } else if has("when") && (has("did") || has("was")) && (has("start") || has("begin") || has("happen") || has("notice")) {
        "Onset"
    } else if has("worse") && (has("what") || has("anything")) {
        "Aggravating factors"
    } else if has("better") && (has("what") || has("anything")) {
        "Relieving factors"
    } else if all.first() == Some(&"where") && !has("live") {
        "Location"
    } else if two("for", "work") || two("a", "living") || has("occupation") {
        "Occupation"
    } else if all.first() == Some(&"what") && (has("medications") || has("medication") || has("medicine") || has("medicines")) {
        "Medications"
    } else if all.first() == Some(&"what") && (has("tried") || has("taken")) {
        "Treatment tried"
    } else if two("how", "much") || two("how", "many") {
        "Amount"
    } else {
        return None;
    };
    Some(label)
}

const SYMPTOM_VERBS: Words = Words(
    "have had feel felt get gotten notice noticed experience experienced see seen having feeling noticing experiencing getting \
     developed develop reported",
);

fn norm(words: &[Word], at: usize) -> &str {
    words.get(at).map_or("", |w| w.norm.as_str())
}

fn word(text: &str) -> Word {
    Word { norm: text.to_lowercase(), raw: text.to_owned() }
}

/// The statement that a yes or no makes of a question. `None` when the question does not turn into one safely.
pub fn statement(question: &[Word], answer: Answer, voice: Voice) -> Option<String> {
    let mut q = question.to_vec();
    shorten(&mut q);
    let yes = answer == Answer::Yes;
    match norm(&q, 0) {
        "any" => symptom(&q[1..], yes, voice),
        "no" => {
            if yes {
                None
            } else {
                symptom(&q[1..], false, voice)
            }
        }
        "how" | "what" if norm(&q, 1) == "about" && norm(&q, 2) == "any" => symptom(&q[3..], yes, voice),
        "how" | "what" if norm(&q, 1) == "about" && names_finding(&q[2..]) => symptom(&q[2..], yes, voice),
        // "Anyone sick in your family?" is a denial when it is denied; a yes does not say who.
        "anyone" | "anybody" if !yes => symptom(&q, false, voice),
        "smoke" | "drink" | "vape" | "exercise" if !yes && q.len() <= 5 => {
            finish(verb_phrase(&[word("the"), word("patient")], "do", &replace_you(&q, voice), false, true)?)
        }
        "do" | "did" | "have" | "are" | "were" | "was" | "has" | "is" | "does" | "can" => inverted(&q, yes, voice),
        "you" | "your" | "it" | "the" | "there" | "this" | "that" if yes => third_person(&q, voice),
        _ => None,
    }
}

/// `allergies to medications`, `swelling of your lips`: a finding stands at the beginning.
fn names_finding(words: &[Word]) -> bool {
    let norms: Vec<&str> = words.iter().map(|w| w.norm.as_str()).collect();
    let allergy = norms.iter().take(3).any(|w| matches!(*w, "allergy" | "allergies"));
    allergy || crate::draft::recognise::find(&norms).first().is_some_and(|hit| hit.words.start <= 1)
}

/// Ends of questions that carry nothing.
fn shorten(q: &mut Vec<Word>) {
    const ENDS: &[&[&str]] = &[
        &["at", "all"],
        &["or", "not"],
        &["or", "no"],
        &["like", "that"],
        &["as", "well"],
        &["or"],
        &["and"],
        &["with", "that"],
        &["anything"],
        &["is", "it"],
        &["do", "you"],
        &["have", "you"],
        &["are", "you"],
        &["did", "you"],
        &["right"],
        &["correct"],
        &["then"],
        &["though"],
    ];
    loop {
        let before = q.len();
        for end in ENDS {
            if q.len() > end.len() + 1 && q[q.len() - end.len()..].iter().zip(*end).all(|(w, e)| w.norm == *e) {
                q.truncate(q.len() - end.len());
            }
        }
        trim(q);
        if q.len() == before {
            return;
        }
    }
}

/// "The patient reports X" or "denies X".
fn symptom(found: &[Word], yes: bool, voice: Voice) -> Option<String> {
    let skip = found
        .iter()
        .take_while(|w| matches!(w.norm.as_str(), "any" | "a" | "an" | "other" | "some" | "of" | "the") && !(w.norm == "other" && yes))
        .count();
    let keep_other = found.iter().take(skip).any(|w| w.norm == "other");
    let mut rest: Vec<Word> = found[skip..].to_vec();
    if keep_other {
        rest.insert(0, word("other"));
        rest.insert(0, word("any"));
    }
    if rest.is_empty() || rest.iter().any(|w| matches!(w.norm.as_str(), "questions" | "question" | "concerns")) {
        return None;
    }
    let rest = replace_you(&rest, voice);
    let mut out = vec![word("the"), word("patient"), word(if yes { "reports" } else { "denies" })];
    out.extend(rest);
    finish(out)
}

/// Second person becomes the patient; the clinician is named. Verbs are left alone.
fn replace_you(words: &[Word], voice: Voice) -> Vec<Word> {
    let mut out = Vec::new();
    let mut bend = false;
    for w in words {
        match w.norm.as_str() {
            "you" => {
                out.push(word(match voice.gender {
                    None => "they",
                    _ => voice.subject(),
                }));
                bend = voice.gender.is_some();
                continue;
            }
            "your" => out.push(word(voice.possessive())),
            "yourself" => out.push(word("themselves")),
            "i" | "we" | "me" | "us" => out.push(word("the clinician")),
            "our" | "my" => out.push(word("the clinician's")),
            other if bend => out.push(word(&third(other))),
            _ => out.push(w.clone()),
        }
        bend = false;
    }
    out
}

fn inverted(q: &[Word], yes: bool, voice: Voice) -> Option<String> {
    let aux = norm(q, 0).to_owned();
    let mut at = 1;
    // `don't you`, `haven't you`
    if norm(q, at) == "not" {
        at += 1;
    }
    let subject = norm(q, at).to_owned();
    let rest = q.get(at + 1..).unwrap_or(&[]);
    if rest.is_empty() {
        return None;
    }
    match subject.as_str() {
        "you" => about_patient(&aux, rest, yes, voice),
        "there" => {
            let skip = usize::from(norm(rest, 0) == "any");
            let head = if yes { "there is" } else { "there is no" };
            let rest = replace_you(&rest[skip..], voice);
            (aux == "is").then(|| finish(head.split(' ').map(word).chain(rest).collect()))?
        }
        "it" | "that" | "this" | "they" | "he" | "she" => {
            let rest = replace_you(rest, voice);
            let plural = subject == "they";
            finish(verb_phrase(&[word(&subject)], &aux, &rest, yes, !plural)?)
        }
        "your" if matches!(aux.as_str(), "do" | "does" | "did") => {
            let verb = rest.iter().position(|w| (is_base(&w.norm) || present(&w.norm) != w.norm) && w.norm != "back")?;
            if verb == 0 || verb > 4 {
                return None;
            }
            let mut subject = vec![word("the patient's")];
            subject.extend_from_slice(&rest[..verb]);
            let tail = replace_you(&rest[verb..], voice);
            finish(verb_phrase(&subject, &aux, &tail, yes, aux != "do")?)
        }
        // `do thyroid problems run in your family`
        _ if matches!(aux.as_str(), "do" | "does" | "did") => {
            let verb = rest.iter().take(4).position(|w| is_base(&w.norm))?;
            let subject = &q[at..=at + verb];
            let tail = replace_you(&rest[verb..], voice);
            names_finding(subject).then(|| finish(verb_phrase(subject, &aux, &tail, yes, aux != "do")?))?
        }
        _ => None,
    }
}

fn about_patient(aux: &str, rest: &[Word], yes: bool, voice: Voice) -> Option<String> {
    let mut rest = rest.to_vec();
    while matches!(norm(&rest, 0), "also" | "just" | "even" | "still" | "ever" | "currently" | "actually" | "been" | "recently" | "happen")
        && (norm(&rest, 0) != "been" || SYMPTOM_VERBS.contains(norm(&rest, 1)))
    {
        if norm(&rest, 0) == "happen" && norm(&rest, 1) == "to" {
            rest.remove(0);
        }
        // `still`, `ever` and `currently` may be dropped from a denial and kept in a yes.
        if yes && matches!(norm(&rest, 0), "still" | "currently") {
            break;
        }
        rest.remove(0);
    }
    let verb = norm(&rest, 0).to_owned();
    let finding = matches!(norm(&rest, 1), "any" | "a" | "an" | "some")
        || rest.len() > 1
            && crate::draft::recognise::find(&rest[1..].iter().map(|w| w.norm.as_str()).collect::<Vec<_>>())
                .first()
                .is_some_and(|h| h.words.start <= 1);
    if SYMPTOM_VERBS.contains(verb.as_str()) && finding && !rest.iter().any(|w| w.norm == "to") {
        return symptom(&rest[1..], yes, voice);
    }
    let rest = replace_you(&rest, voice);
    finish(verb_phrase(&[word("the"), word("patient")], aux, &rest, yes, true)?)
}

/// Subject, auxiliary, [not], rest; `do` and `did` melt into the verb when affirmed.
fn verb_phrase(subject: &[Word], aux: &str, rest: &[Word], yes: bool, singular: bool) -> Option<Vec<Word>> {
    let mut out = subject.to_vec();
    let aux = match (aux, singular) {
        ("have" | "has", true) => "has",
        ("have" | "has", false) => "have",
        ("are" | "is", true) => "is",
        ("are" | "is", false) => "are",
        ("were" | "was", true) => "was",
        ("do" | "does", true) => "does",
        (other, _) => other,
    };
    if matches!(aux, "has" | "have") && !rest.iter().take(3).any(|w| is_participle(&w.norm)) {
        return None;
    }
    if yes && matches!(aux, "does" | "do" | "did") {
        let verb = rest.iter().position(|w| is_base(&w.norm) || present(&w.norm) != w.norm)?;
        if verb > 2 {
            return None;
        }
        for (i, w) in rest.iter().enumerate() {
            out.push(if i != verb {
                w.clone()
            } else if aux == "did" {
                word(&past(&w.norm)?)
            } else if singular {
                word(&present(&w.norm))
            } else {
                w.clone()
            });
        }
        return Some(out);
    }
    out.push(word(aux));
    if !yes {
        out.push(word("not"));
    }
    let any = rest.iter().map(|w| if yes && w.norm == "any" { word("some") } else { w.clone() });
    out.extend(any);
    Some(out)
}

/// "Duration: two weeks." from an open question and a fragment; `None` when the answer is a sentence of its own.
pub fn labelled(label: &str, fragment: &[Word]) -> Option<String> {
    let short = fragment.len() <= 12 && !fragment.is_empty();
    let sentence =
        matches!(norm(fragment, 0), "i" | "it" | "my" | "we" | "they" | "he" | "she" | "that" | "there" | "you" | "the" | "this" | "if");
    if !short || sentence || answer(&fragment.iter().map(|w| w.norm.as_str()).collect::<Vec<_>>()).is_some() {
        return None;
    }
    let mut out = vec![word(&format!("{label}:"))];
    out.extend(fragment.iter().cloned());
    finish(out)
}

/// The voice in which a doctor's question is turned round.
pub fn asking(voice: Voice) -> Voice {
    Voice { role: Role::Doctor, ..voice }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::clean::clean;
    use crate::draft::segment::tokens;

    const VOICE: Voice = Voice { role: Role::Doctor, gender: None };

    fn turn(question: &str, reply: Answer) -> String {
        statement(&clean(&tokens(question)), reply, VOICE).unwrap_or_default()
    }

    #[test]
    fn yes_and_no_are_read_and_nothing_else_is() {
        for (said, expected) in [
            ("no , i have n't", Some(Answer::No)),
            ("um yeah", Some(Answer::Yes)),
            ("not really", Some(Answer::No)),
            ("it does", Some(Answer::Yes)),
            ("i do not", Some(Answer::No)),
            ("two weeks", None),
            ("no problem", None),
            ("nothing other than my usual pain", None),
            ("maybe", None),
        ] {
            let all = tokens(said);
            let words: Vec<&str> = all.iter().filter(|t| t.is_word()).map(|t| t.norm.as_str()).collect();
            assert_eq!(answer(&words), expected, "{said}");
        }
    }

    #[test]
    fn questions_become_statements_that_keep_the_answer() {
        for (question, reply, drafted) in [
            ("any fever or chills ?", Answer::No, "The patient denies fever or chills."),
            ("okay and do you have any chest pain at all ?", Answer::No, "The patient denies chest pain."),
            ("have you noticed any numbness ?", Answer::Yes, "The patient reports numbness."),
            ("do you smoke ?", Answer::No, "The patient does not smoke."),
            ("do you smoke ?", Answer::Yes, "The patient smokes."),
            ("did you fall ?", Answer::Yes, "The patient fell."),
            ("did you fall on your arm", Answer::No, "The patient did not fall on their arm."),
            ("are you still taking the metformin ?", Answer::Yes, "The patient is still taking the metformin."),
            ("does it hurt when you walk ?", Answer::Yes, "It hurts when they walk."),
            ("is it worse at night ?", Answer::No, "It is not worse at night."),
            ("does your knee hurt ?", Answer::No, "The patient's knee does not hurt."),
            ("how about allergies to medications ?", Answer::No, "The patient denies allergies to medications."),
            ("anyone sick in your family ?", Answer::No, "The patient denies anyone sick in their family."),
            ("smoke or drink ?", Answer::No, "The patient does not smoke or drink."),
            ("do thyroid problems run in your family ?", Answer::No, "Thyroid problems do not run in their family."),
        ] {
            assert_eq!(turn(question, reply), drafted);
        }
    }

    #[test]
    fn what_cannot_be_turned_safely_is_left() {
        assert_eq!(turn("can i help you ?", Answer::Yes), "");
        assert_eq!(turn("do you have any questions ?", Answer::No), "");
        assert_eq!(turn("no fever ?", Answer::Yes), "");
        assert_eq!(turn("what do you do ?", Answer::Yes), "");
        assert_eq!(turn("anyone sick in your family ?", Answer::Yes), "");
        assert_eq!(turn("how about next tuesday ?", Answer::No), "");
    }

    #[test]
    fn open_questions_label_a_fragment() {
        let q = clean(&tokens("how long has that been going on ?"));
        assert_eq!(labelled(label(&q).unwrap(), &clean(&tokens("um about two weeks"))).unwrap(), "Duration: about two weeks.");
        assert_eq!(labelled("Duration", &clean(&tokens("i don't know"))), None);
    }
}
