//! Who spoke: by channel where two microphones kept people apart; else nobody is told apart, and that shows.
//!
//! Must never: guess. One label on all turns ([`told_apart`] is false) means "not known", and a person or a later step names them.

use std::path::Path;

use crate::audio::{AudioError, Keep, Reader};
use crate::resample::RATE;
use crate::transcript::Transcript;

/// The label of the first (or only) channel.
pub const FIRST: &str = "S1";
/// The label of the second channel.
pub const SECOND: &str = "S2";

/// Samples that are compared at once: 0.1 s.
const STEP: usize = RATE as usize / 10;
/// One channel must be this much stronger (power; 9 dB) for the other to be silent.
const STRONGER: f32 = 8.0;
/// Below this mean square nobody speaks (-50 dBFS).
const QUIET: f32 = 1e-5;

/// True when the transcript's turns carry more than one label.
pub fn told_apart(transcript: &Transcript) -> bool {
    transcript.turns.windows(2).any(|pair| pair[0].speaker != pair[1].speaker)
}

/// Whether a file has two channels with a voice in each, rather than the same room in both. Reads the whole file once.
pub fn on_separate_channels(path: &Path) -> Result<bool, AudioError> {
    let mut reader = Reader::open(path, Keep::Pair)?;
    let mut weigh = Weigh::default();
    while let Some(block) = reader.next_block()? {
        match &block[..] {
            [left, right] => weigh.push(left, right),
            _ => return Ok(false),
        }
    }
    Ok(weigh.separate())
}

/// Counts tenths of a second in which one channel, the other, or both are heard.
#[derive(Default)]
struct Weigh {
    left: Vec<f32>,
    right: Vec<f32>,
    only_left: usize,
    only_right: usize,
    both: usize,
}

impl Weigh {
    fn push(&mut self, left: &[f32], right: &[f32]) {
        self.left.extend_from_slice(left);
        self.right.extend_from_slice(right);
        let whole = self.left.len().min(self.right.len()) / STEP * STEP;
        let power = |s: &[f32]| s.iter().map(|x| x * x).sum::<f32>() / STEP as f32;
        for (l, r) in self.left[..whole].chunks(STEP).zip(self.right[..whole].chunks(STEP)) {
            let (l, r) = (power(l), power(r));
            if l.max(r) < QUIET {
                continue;
            }
            if l > r * STRONGER {
                self.only_left += 1;
            } else if r > l * STRONGER {
                self.only_right += 1;
            } else {
                self.both += 1;
            }
        }
        self.left.drain(..whole);
        self.right.drain(..whole);
    }

    /// Each channel speaks alone for a twentieth of the time and more, and both at once seldom (people do talk over each other).
    fn separate(&self) -> bool {
        let all = self.only_left + self.only_right + self.both;
        let enough = (all / 20).max(3);
        self.only_left >= enough && self.only_right >= enough && self.both * 4 <= all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(on: impl Fn(usize) -> bool, gain: f32) -> Vec<f32> {
        (0..RATE as usize * 20).map(|i| if on(i / RATE as usize) { gain * (i as f32 * 0.3).sin() } else { 0.0 }).collect()
    }

    fn weigh(left: &[f32], right: &[f32]) -> bool {
        let mut w = Weigh::default();
        for (l, r) in left.chunks(4_321).zip(right.chunks(4_321)) {
            w.push(l, r);
        }
        w.separate()
    }

    #[test]
    fn two_people_on_two_channels_are_told_apart_and_one_room_is_not() {
        let doctor = voice(|s| s % 2 == 0, 0.3);
        let patient = voice(|s| s % 2 == 1, 0.2);
        assert!(weigh(&doctor, &patient));
        let room = voice(|_| true, 0.3);
        let room_from_the_side: Vec<f32> = room.iter().map(|x| x * 0.6).collect();
        assert!(!weigh(&room, &room_from_the_side));
        assert!(!weigh(&room, &vec![0.0; room.len()]), "a dead channel is no second speaker");
    }
}
