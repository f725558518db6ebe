//! From the recogniser's tokens to words with times and probabilities. Pure.
//!
//! Must never: change, add or drop a letter of what the recogniser gave.

use crate::transcript::Word;

/// One token of the recogniser. Times are seconds from the start of its window; negative when it gave none.
pub(super) struct Token {
    /// UTF-8, perhaps part of a character; empty for special tokens.
    pub bytes: Vec<u8>,
    /// Set for time stamps.
    pub stamp_s: Option<f64>,
    pub start_s: f64,
    pub end_s: f64,
    pub probability: f32,
}

/// The text of some tokens (trimmed) and its words, whose times lie within `start_s..end_s` and never run backwards.
/// A word's probability is the lowest of its tokens' (a drug name in four parts is as sure as its worst part), marks excepted.
pub(super) fn words(tokens: &[Token], start_s: f64, end_s: f64) -> (String, Vec<Word>) {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut all = Vec::new();
    for token in tokens.iter().filter(|t| t.stamp_s.is_none() && !t.bytes.is_empty()) {
        all.extend_from_slice(&token.bytes);
        let joins = match drafts.last() {
            None => false,
            Some(last) => match std::str::from_utf8(&last.bytes) {
                // In the middle of a character.
                Err(_) => true,
                Ok(text) => {
                    let own_word = text.chars().last().is_some_and(unspaced)
                        && std::str::from_utf8(&token.bytes).is_ok_and(|t| t.chars().any(char::is_alphanumeric));
                    !(token.bytes.starts_with(b" ") || own_word)
                }
            },
        };
        if !joins {
            drafts.push(Draft::default());
        }
        if let Some(draft) = drafts.last_mut() {
            draft.add(token);
        }
    }
    let mut at = start_s;
    let mut words = Vec::new();
    for draft in drafts {
        let text = String::from_utf8_lossy(&draft.bytes).trim().to_owned();
        if text.is_empty() {
            continue;
        }
        let start = if draft.start_s >= 0.0 { draft.start_s } else { at }.clamp(at, end_s.max(at));
        let end = draft.end_s.clamp(start, end_s.max(start));
        at = end;
        words.push(Word { text, start_s: start, end_s: end, probability: draft.probability.unwrap_or(draft.marks) });
    }
    (String::from_utf8_lossy(&all).trim().to_owned(), words)
}

struct Draft {
    bytes: Vec<u8>,
    start_s: f64,
    end_s: f64,
    probability: Option<f32>,
    marks: f32,
}

impl Default for Draft {
    fn default() -> Self {
        Self { bytes: Vec::new(), start_s: -1.0, end_s: -1.0, probability: None, marks: 1.0 }
    }
}

impl Draft {
    fn add(&mut self, token: &Token) {
        self.bytes.extend_from_slice(&token.bytes);
        if self.start_s < 0.0 {
            self.start_s = token.start_s;
        }
        self.end_s = self.end_s.max(token.end_s);
        let mark = std::str::from_utf8(&token.bytes).is_ok_and(|t| !t.chars().any(char::is_alphanumeric));
        if mark {
            self.marks = self.marks.min(token.probability);
        } else {
            self.probability = Some(self.probability.map_or(token.probability, |p| p.min(token.probability)));
        }
    }
}

/// Letters of scripts that put no space between words: each token is a word of its own there.
fn unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x2fa1f)
}

/// Such a letter, or the punctuation of those scripts.
pub(super) fn unspaced_or_mark(c: char) -> bool {
    unspaced(c) || matches!(u32::from(c), 0x3000..=0x303f | 0xff00..=0xffef)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn token(text: &str, start_s: f64, probability: f32) -> Token {
        Token { bytes: text.as_bytes().to_vec(), stamp_s: None, start_s, end_s: start_s + 0.2, probability }
    }

    #[test]
    fn parts_of_a_word_join_and_the_worst_part_counts() {
        let tokens =
            [token(" am", 0.0, 0.9), token("lod", 0.2, 0.3), token("ipine", 0.4, 0.95), token(",", 0.6, 0.1), token(" five", 0.7, 0.8)];
        let (text, words) = words(&tokens, 0.0, 2.0);
        assert_eq!(text, "amlodipine, five");
        assert_eq!(words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["amlodipine,", "five"]);
        assert_eq!(words[0].probability, 0.3);
        assert_eq!((words[0].start_s, words[1].start_s), (0.0, 0.8));
    }

    #[test]
    fn a_character_split_over_tokens_is_whole_again() {
        let bytes = "é".as_bytes();
        let half = |b: &[u8]| Token { bytes: b.to_vec(), stamp_s: None, start_s: 0.0, end_s: 0.1, probability: 0.5 };
        let (text, words) = words(&[token(" caf", 0.0, 0.9), half(&bytes[..1]), half(&bytes[1..])], 0.0, 1.0);
        assert_eq!((text.as_str(), words.len()), ("café", 1));
    }

    #[test]
    fn chinese_splits_at_tokens_and_keeps_no_spaces() {
        let (text, words) = words(&[token("头", 0.0, 0.9), token("痛", 0.2, 0.9), token("。", 0.4, 0.9)], 0.0, 1.0);
        assert_eq!(text, "头痛。");
        assert_eq!(words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["头", "痛。"]);
    }

    proptest! {
        #[test]
        fn words_never_run_backwards_nor_leave_their_window(
            parts in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..4), -5.0..40.0_f64, -5.0..40.0_f64), 0..30)
        ) {
            let tokens: Vec<Token> = parts.into_iter()
                .map(|(bytes, start_s, end_s)| Token { bytes, stamp_s: None, start_s, end_s, probability: 0.5 })
                .collect();
            let (_, words) = words(&tokens, 1.0, 9.0);
            let mut at = 1.0;
            for word in words {
                prop_assert!(word.start_s >= at && word.end_s >= word.start_s && word.end_s <= 9.0);
                at = word.end_s;
            }
        }
    }
}
