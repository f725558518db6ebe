//! One chunk from sound to turns and gaps: recognise, doubt, look again at what was left out, and say what stayed dark.
//!
//! Must never: let heard speech vanish: each second and more of it is in a turn or in a gap.

use super::doubt::{cut_loop, doubt};
use super::turns::{to_millis, turns};
use super::{Piece, Recogniser, TranscribeError};
use crate::resample::RATE;
use crate::transcript::{Gap, Turn};
use crate::vad::{Chunk, Span};

/// What a chunk held.
#[derive(Debug, Default)]
pub struct Heard {
    pub turns: Vec<Turn>,
    pub gaps: Vec<Gap>,
}

impl Heard {
    /// Adds what was heard later.
    pub fn append(&mut self, mut later: Heard) {
        self.turns.append(&mut later.turns);
        self.gaps.append(&mut later.gaps);
    }
}

/// Speech that may stay without words and is no gap, in seconds: a cough, a breath.
const SMALLEST_GAP_S: f64 = 0.8;
/// Words are given more time than they took: what is this near to one counts as covered.
const NEAR_S: f64 = 0.4;
/// Fewer words than this in a second of long speech means that some were left out.
const FEWEST_WORDS_A_SECOND: f64 = 0.5;
const LONG_SPEECH_S: f64 = 6.0;
/// Speech that is looked at again is taken in stretches of this length, in seconds.
const SECOND_LOOK_S: f64 = 10.0;

/// Recognises one chunk. `language` is an ISO 639-1 code; each turn gets `speaker`.
pub fn hear(recogniser: &mut dyn Recogniser, chunk: &Chunk, language: &str, speaker: &str) -> Result<Heard, TranscribeError> {
    let speech: Vec<Span> =
        chunk.speech.iter().map(|s| Span { start_s: s.start_s - chunk.start_s, end_s: s.end_s - chunk.start_s }).collect();
    if speech.is_empty() {
        return Ok(Heard::default());
    }
    let mut pieces = sift(recogniser.recognise(&chunk.samples, language)?, &speech);
    let mut dark = Vec::new();

    // Stretches whose few words cannot be all that was said: the longer reading wins, and a gap stays if both are thin.
    let thin: Vec<usize> = (0..pieces.len()).rev().filter(|i| is_thin(&pieces[*i], &speech)).collect();
    for i in thin {
        let span = Span { start_s: pieces[i].start_s, end_s: pieces[i].end_s };
        let again = look_again(recogniser, chunk, &within(&speech, &span), language)?;
        let count = |p: &[Piece]| p.iter().map(|p| p.words.len()).sum::<usize>();
        if count(&again) > pieces[i].words.len() {
            pieces.splice(i..=i, again);
        } else {
            dark.push(span);
        }
    }

    let missed = uncovered(&speech, &pieces);
    if !missed.is_empty() {
        pieces.extend(look_again(recogniser, chunk, &missed, language)?);
        pieces.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
        dark.extend(uncovered(&speech, &pieces));
    }
    let gaps = join_near(dark)
        .into_iter()
        .map(|s| Gap {
            start_s: to_millis(chunk.start_s + s.start_s),
            end_s: to_millis(chunk.start_s + s.end_s),
            reason: "not_understood".to_owned(),
        })
        .collect();
    Ok(Heard { turns: turns(&pieces, chunk.start_s, speaker), gaps })
}

fn sift(pieces: Vec<Piece>, speech: &[Span]) -> Vec<Piece> {
    pieces
        .into_iter()
        .map(|mut piece| {
            cut_loop(&mut piece);
            piece
        })
        .filter(|piece| doubt(piece, speech).is_none())
        .collect()
}

/// Recognises the given speech again, cut out by itself. Times come back in the chunk's time base.
fn look_again(recogniser: &mut dyn Recogniser, chunk: &Chunk, speech: &[Span], language: &str) -> Result<Vec<Piece>, TranscribeError> {
    let mut groups: Vec<Span> = Vec::new();
    for span in speech {
        match groups.last_mut() {
            Some(last) if span.end_s - last.start_s <= SECOND_LOOK_S => last.end_s = span.end_s,
            _ => groups.push(*span),
        }
    }
    let mut pieces = Vec::new();
    for group in groups {
        let at = |seconds: f64| ((seconds.max(0.0) * f64::from(RATE)) as usize).min(chunk.samples.len());
        let (from, to) = (at(group.start_s - 0.2), at(group.end_s + 0.2));
        // The same sound again would give the same words.
        if to - from < RATE as usize / 5 || to - from > chunk.samples.len() * 9 / 10 {
            continue;
        }
        let offset = from as f64 / f64::from(RATE);
        let own: Vec<Span> = speech.iter().map(|s| Span { start_s: s.start_s - offset, end_s: s.end_s - offset }).collect();
        for mut piece in sift(recogniser.recognise(&chunk.samples[from..to], language)?, &own) {
            piece.shift(offset);
            pieces.push(piece);
        }
    }
    Ok(pieces)
}

fn is_thin(piece: &Piece, speech: &[Span]) -> bool {
    let span = Span { start_s: piece.start_s, end_s: piece.end_s };
    let heard: f64 = speech.iter().map(|s| s.overlap(&span)).sum();
    heard >= LONG_SPEECH_S && (piece.words.len() as f64) < FEWEST_WORDS_A_SECOND * heard
}

fn within(speech: &[Span], span: &Span) -> Vec<Span> {
    speech
        .iter()
        .map(|s| Span { start_s: s.start_s.max(span.start_s), end_s: s.end_s.min(span.end_s) })
        .filter(|s| s.length() > 0.0)
        .collect()
}

/// Speech of [`SMALLEST_GAP_S`] and more that no piece covers.
fn uncovered(speech: &[Span], pieces: &[Piece]) -> Vec<Span> {
    let mut left: Vec<Span> = speech.to_vec();
    for piece in pieces {
        let (from, to) = (piece.start_s - NEAR_S, piece.end_s + NEAR_S);
        left = left
            .into_iter()
            .flat_map(|s| [Span { start_s: s.start_s, end_s: s.end_s.min(from) }, Span { start_s: s.start_s.max(to), end_s: s.end_s }])
            .filter(|s| s.length() > 0.0)
            .collect();
    }
    left.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    left.retain(|s| s.length() >= SMALLEST_GAP_S);
    left
}

fn join_near(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start_s - last.end_s < 1.0 => last.end_s = last.end_s.max(span.end_s),
            _ => joined.push(span),
        }
    }
    joined
}
