//! Streaming change of sample rate to the recogniser's 16 kHz, one channel at a time, by `rubato`'s FFT resampler.
//!
//! Must never: keep more than one FFT block of sound, or change the length of what was said (start delay is trimmed, the tail is flushed).

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler as _, WindowFunction};

/// Sample rate of everything after capture and decoding, in hertz.
pub const RATE: u32 = 16_000;

/// Lowest and highest input rate that is taken, in hertz: outside it a file or device is broken, and the FFT blocks would grow with it.
pub const RATES: std::ops::RangeInclusive<u32> = 4_000..=384_000;

/// Why a rate cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum ResampleError {
    /// The rate is outside [`RATES`].
    #[error("a sample rate of {0} Hz is outside 4 to 384 kHz")]
    Rate(u32),
    /// The resampler refused its parameters.
    #[error("the sample rate cannot be changed")]
    Setup(#[from] rubato::ResamplerConstructionError),
    /// The resampler failed on a block.
    #[error("the sample rate could not be changed")]
    Block(#[from] rubato::ResampleError),
    /// A buffer had another size than the resampler asked for.
    #[error("the sample rate could not be changed")]
    Size(#[from] rubato::audioadapter_buffers::SizeError),
}

/// One channel on its way to 16 kHz. Feed any amount, in order; call [`Resample::finish`] once.
pub struct Resample {
    rate_in: u32,
    inner: Option<Fft<f32>>,
    waiting: Vec<f32>,
    block: Vec<f32>,
    /// Output samples still to drop: the resampler's own delay.
    skip: usize,
    taken: u64,
    given: u64,
}

impl Resample {
    /// `rate_in` in hertz; 16 kHz passes through untouched.
    pub fn new(rate_in: u32) -> Result<Self, ResampleError> {
        if !RATES.contains(&rate_in) {
            return Err(ResampleError::Rate(rate_in));
        }
        let inner = if rate_in == RATE {
            None
        } else {
            // Blocks of about 20 ms at 48 kHz: low delay, and still a sharp filter below 8 kHz.
            Some(Fft::new_custom(rate_in as usize, RATE as usize, 1024, 1, 1, WindowFunction::BlackmanHarris2, FixedSync::Input)?)
        };
        let skip = inner.as_ref().map_or(0, |r| r.output_delay());
        let block = vec![0.0; inner.as_ref().map_or(0, |r| r.output_frames_max())];
        Ok(Self { rate_in, inner, waiting: Vec::new(), block, skip, taken: 0, given: 0 })
    }

    /// Takes samples at the input rate and appends what is ready at 16 kHz to `out`.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), ResampleError> {
        self.taken += samples.len() as u64;
        if self.inner.is_none() {
            self.given += samples.len() as u64;
            out.extend_from_slice(samples);
            return Ok(());
        }
        self.waiting.extend_from_slice(samples);
        self.run(None, out)
    }

    /// Flushes the tail: in all, `out` has received the input's duration at 16 kHz, to the sample.
    pub fn finish(&mut self, out: &mut Vec<f32>) -> Result<(), ResampleError> {
        let due = (self.taken as u128 * RATE as u128).div_ceil(self.rate_in as u128) as u64;
        // A block in may give none out while the FFT fills; more silence than this in a row can not be needed.
        let mut silent = 0;
        while self.inner.is_some() && self.given < due && silent < 1_000 {
            let before = self.given;
            self.run(Some(due), out)?;
            silent = if self.given == before { silent + 1 } else { 0 };
        }
        self.waiting.clear();
        Ok(())
    }

    /// Runs whole blocks; with `due` also one last block padded by silence, cut to that total.
    fn run(&mut self, due: Option<u64>, out: &mut Vec<f32>) -> Result<(), ResampleError> {
        let Some(inner) = &mut self.inner else {
            return Ok(());
        };
        let mut used = 0;
        loop {
            let need = inner.input_frames_next();
            let have = self.waiting.len() - used;
            let last = have < need;
            if last && due.is_none() {
                break;
            }
            let take = have.min(need);
            let mut input = vec![0.0; need];
            input[..take].copy_from_slice(&self.waiting[used..used + take]);
            used += take;
            let source = InterleavedSlice::new(&input, 1, need)?;
            let frames = self.block.len();
            let mut target = InterleavedSlice::new_mut(&mut self.block, 1, frames)?;
            let (_, made) = inner.process_into_buffer(&source, &mut target, Some(&Indexing::new()))?;
            let dropped = self.skip.min(made);
            self.skip -= dropped;
            let mut kept = &self.block[dropped..made];
            if let Some(due) = due {
                kept = &kept[..kept.len().min((due - self.given) as usize)];
            }
            self.given += kept.len() as u64;
            out.extend_from_slice(kept);
            if last {
                break;
            }
        }
        self.waiting.drain(..used);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(rate: u32, samples: &[f32], step: usize) -> Vec<f32> {
        let mut r = Resample::new(rate).unwrap();
        let mut out = Vec::new();
        for part in samples.chunks(step) {
            r.push(part, &mut out).unwrap();
        }
        r.finish(&mut out).unwrap();
        out
    }

    fn tone(rate: u32, hertz: f32, seconds: f32) -> Vec<f32> {
        (0..(rate as f32 * seconds) as usize).map(|i| (i as f32 * hertz * std::f32::consts::TAU / rate as f32).sin() * 0.5).collect()
    }

    #[test]
    fn a_tone_keeps_its_length_and_phase_at_every_usual_rate() {
        let wanted = tone(RATE, 440.0, 1.0);
        for rate in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000, 16_001] {
            let got = through(rate, &tone(rate, 440.0, 1.0), 777);
            assert!(got.len().abs_diff(wanted.len()) <= 1, "{rate}: {} samples", got.len());
            let worst = wanted.iter().zip(&got).skip(400).take(15_000).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            // The resampler states its delay in whole samples: the phase is right to one of them.
            assert!(worst < 0.09, "{rate}: off by {worst}");
        }
    }

    #[test]
    fn any_length_comes_out_whole() {
        for frames in [1, 5, 1_023, 1_024, 1_029, 5_000, 44_101, 485_100] {
            let out = through(44_100, &vec![0.1; frames], 4_096).len();
            assert_eq!(out, (frames * 16_000).div_ceil(44_100), "{frames} frames");
        }
    }

    #[test]
    fn feeding_in_small_steps_gives_the_same_sound() {
        let sound = tone(48_000, 300.0, 0.5);
        assert_eq!(through(48_000, &sound, 1), through(48_000, &sound, 48_000));
    }

    #[test]
    fn rates_outside_the_possible_are_refused() {
        for rate in [0, 1, 3_999, 384_001, u32::MAX] {
            assert!(matches!(Resample::new(rate), Err(ResampleError::Rate(r)) if r == rate));
        }
    }
}
