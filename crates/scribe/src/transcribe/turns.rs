//! From recognised stretches to turns: one or two sentences each, split where a speaker may have changed. Pure.
//!
//! Must never: join what a long pause parts, or guess who spoke.

use super::Piece;
use crate::transcript::{Turn, Word};

/// A pause this long always ends a turn, in seconds.
const LONG_PAUSE_S: f64 = 0.9;
/// A pause this long ends a turn after a whole sentence.
const SENTENCE_PAUSE_S: f64 = 0.2;

/// Turns of one chunk, in order. `offset_s` is added to all times; every turn gets `speaker`.
pub(super) fn turns(pieces: &[Piece], offset_s: f64, speaker: &str) -> Vec<Turn> {
    let mut groups: Vec<Vec<Word>> = Vec::new();
    for piece in pieces {
        for (i, word) in piece.words.iter().enumerate() {
            let fresh = match groups.last().and_then(|g| g.last()) {
                None => true,
                Some(before) => {
                    let pause = word.start_s - before.end_s;
                    let sentence = ends_sentence(&before.text);
                    pause >= LONG_PAUSE_S || (sentence && (i == 0 || pause >= SENTENCE_PAUSE_S || before.text.ends_with(['?', '？'])))
                }
            };
            if fresh {
                groups.push(Vec::new());
            }
            if let Some(group) = groups.last_mut() {
                group.push(word.clone());
            }
        }
    }
    groups.into_iter().map(|words| turn(words, offset_s, speaker)).collect()
}

fn turn(mut words: Vec<Word>, offset_s: f64, speaker: &str) -> Turn {
    for word in &mut words {
        word.start_s = to_millis(word.start_s + offset_s);
        word.end_s = to_millis(word.end_s + offset_s);
        word.probability = (word.probability * 1000.0).round() / 1000.0;
    }
    let confidence = words.iter().map(|w| w.probability).sum::<f32>() / words.len().max(1) as f32;
    Turn {
        speaker: speaker.to_owned(),
        start_s: words.first().map_or(offset_s, |w| w.start_s),
        end_s: words.last().map_or(offset_s, |w| w.end_s),
        text: join(&words),
        confidence: (confidence * 1000.0).round() / 1000.0,
        words,
    }
}

/// Words as running text: spaces between them, except within scripts that use none.
pub(super) fn join(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        let tight = text.chars().last().is_some_and(super::words::unspaced_or_mark)
            && word.text.chars().next().is_some_and(super::words::unspaced_or_mark);
        if !text.is_empty() && !tight {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '’', ')']).ends_with(['.', '?', '!', '。', '？', '！', '।', '؟'])
}

pub(super) fn to_millis(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(said: &[(&str, f64, f64)]) -> Piece {
        let words: Vec<Word> =
            said.iter().map(|(t, s, e)| Word { text: (*t).to_owned(), start_s: *s, end_s: *e, probability: 0.8 }).collect();
        Piece { start_s: said[0].1, end_s: said[said.len() - 1].2, text: join(&words), words, no_speech: 0.0 }
    }

    #[test]
    fn a_question_and_its_answer_are_two_turns() {
        let made = turns(&[piece(&[("Any", 0.0, 0.3), ("pain?", 0.3, 0.8), ("No,", 0.9, 1.1), ("none.", 1.1, 1.5)])], 10.0, "S1");
        assert_eq!(made.iter().map(|t| t.text.as_str()).collect::<Vec<_>>(), ["Any pain?", "No, none."]);
        assert_eq!((made[1].start_s, made[1].end_s, made[1].confidence), (10.9, 11.5, 0.8));
    }

    #[test]
    fn a_stretch_that_breaks_in_mid_sentence_stays_one_turn() {
        let made = turns(&[piece(&[("for", 0.0, 0.3), ("three", 0.3, 0.6)]), piece(&[("days", 0.7, 1.0), ("now.", 1.0, 1.2)])], 0.0, "S1");
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].text, "for three days now.");
    }

    #[test]
    fn a_long_pause_parts_even_half_sentences() {
        assert_eq!(turns(&[piece(&[("it", 0.0, 0.3), ("hurts", 1.5, 1.9)])], 0.0, "S1").len(), 2);
    }
}
