//! Words and clauses of a turn, each with its byte span, so that every drafted sentence can point at what was said.
//!
//! Must never change, reorder or join text: a span cut from the turn is always exactly what the turn holds.
//! Speech recognisers may give no punctuation at all, so clauses are also cut where a new speech act plainly begins.

use crate::draft::wordlist::Words;
use std::ops::Range;

/// One word or punctuation mark of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Byte span in the turn's text.
    pub span: Range<usize>,
    /// The word as written.
    pub raw: String,
    /// Lower case, with contractions kept (`don't`) and curly apostrophes straightened.
    pub norm: String,
}

impl Token {
    /// True for words and numbers, false for punctuation.
    pub fn is_word(&self) -> bool {
        self.norm.starts_with(|c: char| c.is_alphanumeric())
    }
}

/// One speech act of a turn: a statement or a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    pub turn: usize,
    pub tokens: Vec<Token>,
    pub question: bool,
}

impl Clause {
    /// Byte span from the first to the last word; punctuation at the ends is left out. `None` when the clause has no word.
    pub fn span(&self) -> Option<Range<usize>> {
        let first = self.tokens.iter().find(|t| t.is_word())?;
        let last = self.tokens.iter().rev().find(|t| t.is_word())?;
        Some(first.span.start..last.span.end)
    }

    /// The words only, lower case.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter(|t| t.is_word()).map(|t| t.norm.as_str())
    }
}

/// Words and punctuation of `text`, in order. Numbers keep inner `.`, `,`, `/` and `:`; words keep inner `-`, `.` and `'`.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut out: Vec<Token> = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let (start, c) = chars[i];
        if c.is_whitespace() || c.is_control() {
            i += 1;
            continue;
        }
        let mut j = i + 1;
        if c.is_alphanumeric() {
            while j < chars.len() {
                let c = chars[j].1;
                let before = chars[j - 1].1;
                let after = chars.get(j + 1).map(|x| x.1);
                let joins = match c {
                    '\'' | '\u{2019}' | '-' => after.is_some_and(char::is_alphanumeric),
                    '.' | ',' | '/' | ':' => before.is_ascii_digit() && after.is_some_and(|a| a.is_ascii_digit()),
                    _ => c.is_alphanumeric() || is_mark(c),
                };
                if !joins {
                    break;
                }
                j += 1;
            }
        } else {
            while j < chars.len() && chars[j].1 == c && c == '.' {
                j += 1;
            }
        }
        let end = chars.get(j).map_or(text.len(), |x| x.0);
        let raw = &text[start..end];
        let norm = raw.to_lowercase().replace('\u{2019}', "'");
        // `do n't` is how some corpora write `don't`: one word, one span.
        if norm == "n't"
            && let Some(last) = out.last_mut().filter(|t| t.is_word())
        {
            last.span.end = end;
            last.norm.push_str("n't");
            last.raw = text[last.span.clone()].to_owned();
            i = j;
            continue;
        }
        out.push(Token { span: start..end, raw: raw.to_owned(), norm });
        i = j;
    }
    join_nt(&mut out, text);
    out
}

/// Combining marks belong to the letter before them (Devanagari vowels, decomposed accents).
fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36F | 0x900..=0x903 | 0x93A..=0x94F | 0x962..=0x963 | 0x200C..=0x200D)
}

/// `gon na`, `wan na`, `got ta` arrive as two words: join them.
fn join_nt(out: &mut Vec<Token>, text: &str) {
    let mut i = 0;
    while i + 1 < out.len() {
        let joined = matches!(
            (out[i].norm.as_str(), out[i + 1].norm.as_str()),
            ("gon" | "wan", "na") | ("got", "ta") | ("lem" | "gim", "me") | ("kind" | "sort" | "out", "a")
        );
        if joined && !(out[i + 1].norm == "a" && out[i].norm == "out") {
            let next = out.remove(i + 1);
            let token = &mut out[i];
            token.span.end = next.span.end;
            token.raw = text[token.span.clone()].to_owned();
            token.norm.push_str(&next.norm);
        }
        i += 1;
    }
}

const OPENERS: Words = Words("okay ok alright so now anyway anyways yeah yes yep no nope gotcha great perfect awesome");
const CONNECTORS: Words = Words("and but or because then also um uh well plus");
const SUBJECTS: Words = Words(
    "i i'm i've i'd i'll you you're you've you'd you'll we we're we've we'd we'll it it's he he's she she's they they're that's there \
     there's let's let my your any do did have has are is was does can how what when where if the this that then no",
);
/// Words that begin a new clause by themselves when text has no punctuation.
const STARTERS: Words = Words("i'm i've i'd i'll we'll we're we've you're you've you'll it's that's there's let's he's she's");
/// After these a pronoun continues the clause (`what you`, `think that it's`, `if i'm`).
const HOLDERS: Words = Words(
    "that what which when if because as like where than how why since while until till before after once so whether though although \
     unless think thought know knew feel felt say said says mean guess hope believe sure and but or the a to of for with all thing \
     things way time see told tell noticed notice cause 'cause whatever whenever everything anything something um uh okay well now then \
     is was are not just medications medication medicine do did have does are were can will would could should had may might must who \
     only still also maybe probably actually understand remember wish suspect suppose appears seems looks glad sorry afraid happy \
     worried concerned wonder saying thinking hear heard",
);
const ASK_FIRST: Words = Words("do did have are were has is does was can could would will any how what when where which who why no");

const ASKED: Words = Words("you it they there your he she that this the anyone anybody any these those");

/// Cuts one turn into clauses. `turn` is its number in the transcript.
pub fn clauses(turn: usize, text: &str) -> Vec<Clause> {
    let all = tokens(text);
    let stops = all.iter().filter(|t| matches!(t.norm.as_str(), "." | "?" | "!" | ",")).count();
    let words = all.iter().filter(|t| t.is_word()).count();
    let bare = words > 14 && stops * 18 < words || words > 8 && stops == 0;
    let mut out = Vec::new();
    let mut current: Vec<Token> = Vec::new();
    for (i, token) in all.iter().enumerate() {
        let stop = matches!(token.norm.as_str(), "." | "?" | "!" | ";" | "\u{2026}" | "\u{964}") || token.norm.starts_with("..");
        if stop {
            push(&mut out, turn, &mut current, token.norm == "?");
            continue;
        }
        if begins(&all, i, &current, bare) {
            push(&mut out, turn, &mut current, false);
        }
        current.push(token.clone());
    }
    push(&mut out, turn, &mut current, false);
    out
}

fn push(out: &mut Vec<Clause>, turn: usize, current: &mut Vec<Token>, asked: bool) {
    if current.iter().any(Token::is_word) {
        let tokens = std::mem::take(current);
        let question = asked || asks(&tokens);
        out.push(Clause { turn, tokens, question });
    }
    current.clear();
}

/// Whether the token at `i` begins a new clause, given what stands before it.
fn begins(all: &[Token], i: usize, current: &[Token], bare: bool) -> bool {
    let words = current.iter().filter(|t| t.is_word()).count();
    if words == 0 {
        return false;
    }
    let word = all[i].norm.as_str();
    let next = all.get(i + 1).map_or("", |t| t.norm.as_str());
    let prev = all[i - 1].norm.as_str();
    let opener = OPENERS.contains(word);
    let comma = prev == "," || prev == "-";
    // `... , and i also take ...`
    let owner = matches!(next, "my" | "your");
    if owner
        && !all[i + 2..]
            .iter()
            .take(4)
            .any(|t| verb_like(&t.norm) || matches!(t.norm.as_str(), "looks" | "look" | "feels" | "seems" | "hurt" | "sounds"))
    {
        return false;
    }
    if CONNECTORS.contains(word)
        && SUBJECTS.contains(next)
        && !(word == "or" && next == "the")
        && !matches!(next, "the" | "this" | "that" | "no" | "any")
        && words >= 4
    {
        return !HOLDERS.contains(prev) || comma;
    }
    if comma && words >= 6 && (opener || STARTERS.contains(word)) {
        return true;
    }
    if !bare {
        return false;
    }
    match word {
        "okay" | "ok" | "alright" | "gotcha" => true,
        "all" => next == "right",
        "so" | "now" => SUBJECTS.contains(next) && !HOLDERS.contains(prev) && !matches!(prev, "right" | "up" | "ago"),
        "yeah" | "yep" | "yes" | "great" | "perfect" => words >= 3 && !HOLDERS.contains(prev),
        "and" | "but" => words >= 3 && SUBJECTS.contains(next) && !matches!(next, "the" | "this" | "that" | "no" | "any"),
        _ if words >= 3 && STARTERS.contains(word) => !HOLDERS.contains(prev),
        "i" | "we" | "you" | "he" | "she" | "it" | "they" => {
            words >= 4 && !HOLDERS.contains(prev) && verb_like(next) && !ASK_FIRST.contains(prev)
        }
        "do" | "did" | "have" | "are" | "were" | "can" | "is" | "does" | "has" => {
            words >= 3
                && matches!(next, "you" | "it" | "they" | "there" | "your" | "he" | "she" | "that")
                && !HOLDERS.contains(prev)
                && !matches!(prev, "what" | "how" | "when" | "where" | "what's" | "you" | "i" | "they" | "we")
        }
        "how" | "what" | "when" | "where" => {
            words >= 3
                && matches!(next, "do" | "did" | "are" | "is" | "about" | "long" | "often" | "many" | "much" | "bad" | "have" | "kind")
                && !HOLDERS.contains(prev)
                && !matches!(prev, "tell" | "me" | "on" | "in" | "about" | "from")
        }
        "any" => words >= 5 && !HOLDERS.contains(prev) && matches!(prev, "okay" | "right" | "good" | "great"),
        _ => false,
    }
}

fn verb_like(word: &str) -> bool {
    matches!(
        word,
        "have"
            | "had"
            | "am"
            | "was"
            | "were"
            | "are"
            | "is"
            | "do"
            | "did"
            | "don't"
            | "didn't"
            | "can"
            | "can't"
            | "could"
            | "would"
            | "will"
            | "want"
            | "wanna"
            | "think"
            | "know"
            | "feel"
            | "felt"
            | "take"
            | "took"
            | "got"
            | "get"
            | "see"
            | "also"
            | "just"
            | "went"
            | "need"
            | "should"
            | "may"
            | "might"
            | "used"
            | "tried"
            | "haven't"
            | "wasn't"
            | "never"
            | "has"
            | "does"
            | "doesn't"
            | "hurts"
            | "started"
            | "mean"
            | "noticed"
            | "like"
            | "love"
            | "recommend"
            | "really"
            | "still"
            | "appreciate"
            | "look"
            | "looked"
            | "hear"
            | "believe"
            | "guess"
            | "understand"
    )
}

/// Whether words without a question mark still ask something.
pub fn asks(tokens: &[Token]) -> bool {
    let words: Vec<&str> = tokens
        .iter()
        .filter(|t| t.is_word())
        .map(|t| t.norm.as_str())
        .skip_while(|w| {
            matches!(
                *w,
                "okay"
                    | "ok"
                    | "alright"
                    | "all"
                    | "right"
                    | "so"
                    | "and"
                    | "now"
                    | "um"
                    | "uh"
                    | "well"
                    | "but"
                    | "yeah"
                    | "great"
                    | "good"
                    | "or"
                    | "then"
                    | "gotcha"
                    | "also"
                    | "hi"
                    | "hello"
            )
        })
        .collect();
    let (Some(&a), b) = (words.first(), words.get(1).copied().unwrap_or("")) else {
        return false;
    };
    match a {
        "do" | "did" | "have" | "are" | "were" | "has" | "is" | "does" | "was" | "can" | "could" | "would" | "will" | "haven't"
        | "don't" | "didn't" | "aren't" | "isn't" => {
            let subject = ASKED.contains(b);
            match a {
                "have" => matches!(b, "you" | "they" | "your" | "there" | "any"),
                "do" => subject && !matches!(b, "that" | "this" | "it" | "the"),
                _ => subject,
            }
        }
        "any" => words.len() <= 14,
        "how" => matches!(
            b,
            "do" | "did"
                | "are"
                | "is"
                | "about"
                | "long"
                | "often"
                | "many"
                | "much"
                | "bad"
                | "have"
                | "old"
                | "has"
                | "was"
                | "were"
                | "far"
                | "severe"
                | "frequently"
                | "would"
                | "does"
                | "come"
                | "soon"
        ),
        "what" => !matches!(b, "i" | "we" | "you" | "that"),
        "what's" | "how's" | "where's" | "when's" | "who's" | "how're" => true,
        "when" | "where" | "why" | "who" => matches!(b, "do" | "did" | "are" | "is" | "was" | "were" | "does" | "have" | "has" | "would"),
        "which" => words.len() < 10,
        _ => ends_with_tag(&words),
    }
}

fn ends_with_tag(words: &[&str]) -> bool {
    let tail = &words[words.len().saturating_sub(3)..];
    tail.ends_with(&["is", "that", "correct"])
        || tail.ends_with(&["is", "that", "right"])
        || (words.len() > 4 && tail.ends_with(&["correct"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<String> {
        clauses(0, text).iter().map(|c| text[c.span().unwrap()].to_owned()).collect()
    }

    #[test]
    fn punctuation_ends_a_clause_and_marks_questions() {
        let text = "Good morning. Any fever? No, none!";
        assert_eq!(cut(text), ["Good morning", "Any fever", "No, none"]);
        assert!(clauses(0, text)[1].question);
    }

    #[test]
    fn text_without_punctuation_is_cut_at_new_speech_acts() {
        let text =
            "okay so i'm gon na give you meloxicam fifteen milligrams and i want you to take that daily do you have any questions for me";
        let parts = cut(text);
        assert!(parts.contains(&"and i want you to take that daily".to_owned()), "{parts:?}");
        assert!(parts.contains(&"do you have any questions for me".to_owned()), "{parts:?}");
        assert!(clauses(0, text).last().unwrap().question);
    }

    #[test]
    fn numbers_and_split_contractions_stay_whole() {
        let words: Vec<String> = tokens("it does n't hurt , 1,000 mg at 12:30 was 98.6 wan na see").into_iter().map(|t| t.norm).collect();
        assert_eq!(words, ["it", "doesn't", "hurt", ",", "1,000", "mg", "at", "12:30", "was", "98.6", "wanna", "see"]);
    }

    #[test]
    fn a_subordinate_pronoun_does_not_cut() {
        assert_eq!(cut("i know that it's worse when i'm lying down at night and the pain wakes me").len(), 1);
    }

    proptest! {
        #[test]
        fn spans_are_exact_and_in_order(text in "\\PC{0,200}") {
            let mut last = 0;
            for clause in clauses(3, &text) {
                for token in &clause.tokens {
                    prop_assert!(token.span.start >= last);
                    prop_assert_eq!(&text[token.span.clone()], token.raw.as_str());
                    last = token.span.end;
                }
            }
        }
    }
}
