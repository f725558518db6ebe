//! Spoken words without hesitations, repeats, cut-off words and courtesies; contractions spelt out.
//!
//! Must never drop a word that carries content or doubt: "maybe", "not" and "might" stay.

use crate::draft::grammar::expand;
use crate::draft::segment::Token;
use crate::draft::wordlist::Words;

/// A word on its way into the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub norm: String,
    pub raw: String,
}

impl Word {
    pub(crate) fn new(text: &str) -> Self {
        Word { norm: text.to_lowercase(), raw: text.to_owned() }
    }

    pub(crate) fn is_mark(&self) -> bool {
        !self.norm.starts_with(|c: char| c.is_alphanumeric())
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
/// No comma stands after these in writing.
const BEFORE_NO_COMMA: Words = Words(
    "a an the to of have has had is are was were be been in on at my your with for and that get will would can not i you we she he they it from into some any his her very really about by or",
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
    drop_commas(&mut words);
    drop_repeats(&mut words);
    drop_false_starts(&mut words);
    trim(&mut words);
    words
}

/// Whether `pattern` stands at `at`.
pub(crate) fn is(words: &[Word], at: usize, pattern: &[&str]) -> bool {
    at + pattern.len() <= words.len() && pattern.iter().zip(&words[at..]).all(|(p, w)| *p == w.norm)
}

fn is_phrase(words: &[Word], at: usize, phrase: &str) -> bool {
    phrase.split(' ').enumerate().all(|(k, p)| words.get(at + k).is_some_and(|w| w.norm == p))
}

fn drop_phrases(words: &mut Vec<Word>) {
    let mut i = 0;
    while i < words.len() {
        let prev = i.checked_sub(1).map_or("", |p| words[p].norm.as_str());
        let after = |n: usize| words.get(i + n).map_or("", |w| w.norm.as_str());
        let cut = if is(words, i, &["you", "know"])
            && !matches!(prev, "do" | "did" | "if" | "as" | "let" | "would" | "not" | "to")
            && !matches!(after(2), "what" | "how" | "that" | "if" | "when" | "why")
            || is(words, i, &["i", "mean"])
            || is(words, i, &["hey", "dragon"])
            || is(words, i, &["you", "see"]) && after(2) == ","
        {
            2
        } else if ["go ahead and", "as you know", "hey , dragon"].iter().any(|p| is_phrase(words, i, p))
            || is(words, i, &["it", "looks", "like"]) && after(3) == "you"
        {
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

/// A hesitation leaves commas behind: `i have , pain` and `to , order` have none in writing.
fn drop_commas(words: &mut Vec<Word>) {
    let mut i = 1;
    while i < words.len() {
        if words[i].norm == "," && (words[i - 1].norm == "," || BEFORE_NO_COMMA.contains(&words[i - 1].norm)) {
            words.remove(i);
        } else {
            i += 1;
        }
    }
}

/// `i you have` and `i do you have` were begun twice: the second beginning is meant.
fn drop_false_starts(words: &mut Vec<Word>) {
    let subject = |w: Option<&Word>| w.is_some_and(|w| matches!(w.norm.as_str(), "i" | "you" | "we" | "they" | "he" | "she"));
    let aux = |w: Option<&Word>| w.is_some_and(|w| matches!(w.norm.as_str(), "do" | "am" | "have" | "are" | "will" | "was" | "did"));
    let mut i = 0;
    while i < words.len() {
        let starts = i == 0 || matches!(words[i - 1].norm.as_str(), "and" | "but" | "," | "so" | "that");
        if starts && subject(words.get(i)) && subject(words.get(i + 1)) {
            words.remove(i);
        } else if starts && subject(words.get(i)) && aux(words.get(i + 1)) && subject(words.get(i + 2)) {
            words.drain(i..i + 2);
        } else {
            i += 1;
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
