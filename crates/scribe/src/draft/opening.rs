//! How a clinician's own words open: intent ("i'd like to"), opinion ("i think") and finding ("i see"), said the way notes say them.
//!
//! Must never turn doubt into a fact, or make an illness the clinician's.

use crate::draft::clean::{Word, is};
use crate::draft::grammar::{is_base, is_participle, is_past};

/// `order a scan to make sure that we don't have any blockages`: here "we" is the patient, or nobody. The words before are kept when they
/// stand on their own; a condition ("unless we have") never loses its second half.
pub(super) fn before_shared_subject(words: &[Word]) -> Option<Vec<Word>> {
    let owns = |at: usize| {
        let rest: Vec<&str> = words[at + 1..]
            .iter()
            .map(|w| w.norm.as_str())
            .filter(|w| !matches!(*w, "do" | "not" | "really" | "also" | "still"))
            .take(2)
            .collect();
        matches!(rest[..], ["have" | "had" | "got" | "get", next] if !is_participle(next) && next != "to")
    };
    let Some(at) = (1..words.len()).find(|&at| words[at].norm == "we" && owns(at)) else {
        return Some(words.to_vec());
    };
    let head = &words[..at];
    let conditional =
        head.iter().any(|w| matches!(w.norm.as_str(), "if" | "unless" | "until" | "when" | "whether" | "before" | "not" | "no"));
    let cut = head.iter().rposition(|w| matches!(w.norm.as_str(), "and" | "so" | "because" | ","))?;
    (cut >= 4 && !conditional).then(|| head[..cut].to_vec())
}

/// `for your back , i'd like to get an x-ray`: the intent stands after an opening that says for what or under which condition.
pub(super) fn doctor_words(words: &[Word]) -> Option<Vec<Word>> {
    let opens = matches!(
        words.first().map(|w| w.norm.as_str()),
        Some("for" | "if" | "on" | "as" | "in" | "with" | "given" | "since" | "when" | "until" | "once")
    );
    let verb = |at: usize| {
        words.get(at + 1).is_some_and(|w| {
            matches!(
                w.norm.as_str(),
                "am" | "would"
                    | "will"
                    | "want"
                    | "think"
                    | "believe"
                    | "do"
                    | "are"
                    | "suspect"
                    | "recommend"
                    | "can"
                    | "also"
                    | "feel"
                    | "have"
                    | "did"
                    | "just"
            )
        })
    };
    let split = (1..words.len()).find(|&at| {
        matches!(words[at].norm.as_str(), "i" | "we" | "let")
            && !matches!(words[at - 1].norm.as_str(), "that" | "what" | "if" | "like" | "as" | "which" | "when" | "the" | "where")
            && (verb(at) || is(words, at, &["let", "us"]))
    });
    match split {
        Some(at) if opens && at >= 3 => {
            let mut out = words[..at].to_vec();
            if out.last().is_some_and(|w| w.norm != ",") {
                out.push(Word::new(","));
            }
            out.extend(doctor_opening(&words[at..])?);
            Some(out)
        }
        _ => doctor_opening(words),
    }
}

/// Opinion and intent of the doctor, said the way notes say it.
fn doctor_opening(words: &[Word]) -> Option<Vec<Word>> {
    let mut words = words.to_vec();
    let first = |w: &[Word], n: usize| w.get(n).map_or(String::new(), |w| w.norm.clone());
    if is(&words, 0, &["let", "us"]) {
        words.drain(..2);
        return Some(lead("will", &words));
    }
    if ["let", "show", "tell", "remind", "give"].iter().any(|verb| is(&words, 0, &[verb, "me"])) {
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
        "see" | "hear" | "appreciate" | "notice" | "note" if names_finding(&rest) => {
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

fn names_finding(rest: &[Word]) -> bool {
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
