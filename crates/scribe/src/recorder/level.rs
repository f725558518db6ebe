//! How loud it is, and when the person should be warned. Pure.

use super::{Hint, RecorderEvent};
use crate::resample::RATE;

/// A level ten times a second.
const STEP: usize = RATE as usize / 10;
/// A sample this near the limit is clipped.
const LIMIT: f32 = 0.985;
/// Seconds without speech after which a hint is due: at the beginning, and later.
const QUIET_AT_FIRST_S: f64 = 12.0;
const QUIET_S: f64 = 60.0;
/// A hint comes again after this many seconds at the earliest.
const AGAIN_S: f64 = 60.0;

/// Turns sound into [`RecorderEvent::Level`] and [`RecorderEvent::Hint`].
#[derive(Default)]
pub(super) struct Meter {
    squares: f32,
    peak: f32,
    clipped: usize,
    counted: usize,
    /// Seconds of sound since the beginning.
    at_s: f64,
    speech_s: Option<f64>,
    quiet_hint_s: Option<f64>,
    clip_hint_s: Option<f64>,
    /// Steps with clipping among the last ones, decaying.
    loud: f32,
}

impl Meter {
    /// Takes 16 kHz sound.
    pub fn push(&mut self, samples: &[f32], mut tell: impl FnMut(RecorderEvent)) {
        for sample in samples {
            let size = sample.abs();
            self.squares += sample * sample;
            self.peak = self.peak.max(size);
            self.clipped += usize::from(size >= LIMIT);
            self.counted += 1;
            if self.counted == STEP {
                self.step(&mut tell);
            }
        }
    }

    /// Speech was heard in the last chunk.
    pub fn heard_speech(&mut self) {
        self.speech_s = Some(self.at_s);
        self.quiet_hint_s = None;
    }

    /// Nobody can be heard while nothing is recorded: the wait begins anew.
    pub fn restart(&mut self) {
        self.speech_s = Some(self.at_s);
    }

    fn step(&mut self, tell: &mut impl FnMut(RecorderEvent)) {
        self.at_s += STEP as f64 / f64::from(RATE);
        let clipping = self.clipped > 2;
        tell(RecorderEvent::Level { rms: (self.squares / STEP as f32).sqrt().min(1.0), peak: self.peak.min(1.0), clipping });
        self.loud = self.loud * 0.95 + f32::from(u8::from(clipping));
        let due = |last: Option<f64>| last.is_none_or(|s| self.at_s - s >= AGAIN_S);
        if self.loud > 3.0 && due(self.clip_hint_s) {
            self.clip_hint_s = Some(self.at_s);
            tell(RecorderEvent::Hint(Hint::Clipping));
        }
        let patience = if self.speech_s.is_some() { QUIET_S } else { QUIET_AT_FIRST_S };
        if self.at_s - self.speech_s.unwrap_or(0.0) >= patience && due(self.quiet_hint_s) {
            self.quiet_hint_s = Some(self.at_s);
            tell(RecorderEvent::Hint(Hint::NoSpeech));
        }
        (self.squares, self.peak, self.clipped, self.counted) = (0.0, 0.0, 0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(meter: &mut Meter, seconds: f64, gain: f32) -> Vec<RecorderEvent> {
        let sound: Vec<f32> = (0..(seconds * f64::from(RATE)) as usize).map(|i| (i as f32 * 0.2).sin() * gain).collect();
        let mut events = Vec::new();
        meter.push(&sound, |e| events.push(e));
        events
    }

    fn hints(events: &[RecorderEvent]) -> Vec<Hint> {
        events.iter().filter_map(|e| if let RecorderEvent::Hint(h) = e { Some(*h) } else { None }).collect()
    }

    #[test]
    fn the_level_of_a_tone_is_right_ten_times_a_second() {
        let events = run(&mut Meter::default(), 1.0, 0.5);
        assert_eq!(events.len(), 10);
        for event in events {
            let RecorderEvent::Level { rms, peak, clipping } = event else { panic!("{event:?}") };
            assert!((rms - 0.3535).abs() < 0.01 && (peak - 0.5).abs() < 0.01 && !clipping);
        }
    }

    #[test]
    fn silence_is_hinted_at_once_and_not_again_while_people_talk() {
        let mut meter = Meter::default();
        assert_eq!(hints(&run(&mut meter, 30.0, 0.0)), [Hint::NoSpeech]);
        meter.heard_speech();
        assert_eq!(hints(&run(&mut meter, 50.0, 0.1)), []);
        assert_eq!(hints(&run(&mut meter, 20.0, 0.1)), [Hint::NoSpeech]);
    }

    #[test]
    fn distortion_is_hinted_once_and_a_single_knock_is_not() {
        let mut meter = Meter::default();
        assert_eq!(hints(&run(&mut meter, 0.1, 1.2)), []);
        meter.heard_speech();
        assert_eq!(hints(&run(&mut meter, 8.0, 0.3)), []);
        assert_eq!(hints(&run(&mut meter, 5.0, 1.2)), [Hint::Clipping]);
    }
}
