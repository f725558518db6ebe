//! Where people speak: Silero VAD (run by whisper.cpp), and the cutting of endless sound into chunks at pauses.
//!
//! Must never: lose a sample that holds speech, or hand out more than [`LONGEST_S`] at once.

use std::path::{Path, PathBuf};

use whisper_rs::{WhisperVadContext, WhisperVadContextParams};
use zeroize::{Zeroize as _, Zeroizing};

use crate::resample::RATE;

/// Samples per probability: 32 ms, fixed by the model.
pub const FRAME: usize = 512;
/// No chunk is longer, in seconds: the recogniser hears 30 s at once.
pub const LONGEST_S: f64 = 28.0;

/// Sound the model hears again before new sound, because it starts each run with an empty memory.
const WARM_UP: usize = 48 * FRAME;
const STARTS: f32 = 0.5;
const GOES_ON: f32 = 0.35;
/// Shorter pauses do not end a stretch of speech; shorter speech is a click. "No" takes 0.15 s.
const SHORTEST_PAUSE: usize = 6;
const SHORTEST_SPEECH: usize = 3;
/// Kept before and after speech, in frames (0.2 s).
const MARGIN: usize = 6;

/// Why speech could not be looked for.
#[derive(Debug, thiserror::Error)]
pub enum VadError {
    /// The model's path is not valid Unicode, which its loader needs.
    #[error("the path of the speech detector's model is not valid Unicode")]
    Path(PathBuf),
    /// The model file could not be loaded, or failed on a sound.
    #[error("the speech detector failed")]
    Engine(#[from] whisper_rs::WhisperError),
}

/// The speech detector. Loading takes some milliseconds and 1 MB.
pub struct Vad {
    context: WhisperVadContext,
}

impl Vad {
    /// Loads `ggml-silero-v*.bin`; verify the file first (`transcribe::models`).
    pub fn load(model: &Path) -> Result<Self, VadError> {
        let path = model.to_str().filter(|p| !p.contains('\0')).ok_or_else(|| VadError::Path(model.to_owned()))?;
        crate::transcribe::silence_native_logs();
        let mut params = WhisperVadContextParams::new();
        params.set_n_threads(1);
        Ok(Self { context: WhisperVadContext::new(path, params)? })
    }

    /// Probability of speech, 0 to 1, for each 32 ms of 16 kHz mono sound (the last frame may be part silence).
    pub fn probabilities(&mut self, samples: &[f32]) -> Result<Vec<f32>, VadError> {
        if samples.is_empty() {
            return Ok(Vec::new());
        }
        self.context.detect_speech(samples)?;
        Ok(self.context.probabilities().to_vec())
    }
}

/// A stretch of time, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub start_s: f64,
    pub end_s: f64,
}

impl Span {
    /// Seconds.
    pub fn length(&self) -> f64 {
        (self.end_s - self.start_s).max(0.0)
    }

    /// Seconds that both share.
    pub fn overlap(&self, other: &Span) -> f64 {
        (self.end_s.min(other.end_s) - self.start_s.max(other.start_s)).max(0.0)
    }
}

/// Sound between two pauses, ready for the recogniser. The samples are wiped when it is dropped.
pub struct Chunk {
    /// Seconds from the start of the recording.
    pub start_s: f64,
    /// 16 kHz mono.
    pub samples: Zeroizing<Vec<f32>>,
    /// Where speech is, in seconds from the start of the recording.
    pub speech: Vec<Span>,
}

impl Chunk {
    /// Seconds from the start of the recording.
    pub fn end_s(&self) -> f64 {
        self.start_s + self.samples.len() as f64 / f64::from(RATE)
    }

    /// Seconds of speech in it.
    pub fn speech_s(&self) -> f64 {
        self.speech.iter().map(Span::length).sum()
    }
}

/// When a chunk is cut.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// A chunk this long is cut at the next pause.
    pub enough_s: f64,
    /// A pause this long ends any chunk.
    pub long_pause_s: f64,
    /// The pause that ends a chunk which is long enough.
    pub pause_s: f64,
}

impl Pace {
    /// For files: long chunks, which cost least.
    pub const FILE: Self = Self { enough_s: 20.0, long_pause_s: 2.5, pause_s: 0.35 };
    /// While people talk: text settles sooner.
    pub const LIVE: Self = Self { enough_s: 10.0, long_pause_s: 1.5, pause_s: 0.45 };
}

/// Cuts a stream of sound into chunks with speech; silence between them is passed over.
pub struct Cutter {
    vad: Vad,
    pace: Pace,
    /// Not yet handed out; begins at sample number `start` of the recording.
    pending: Zeroizing<Vec<f32>>,
    start: u64,
    /// One per whole frame of `pending` that has been heard.
    speech: Vec<f32>,
    /// The last frames before `pending`: only to warm the model up.
    before: Zeroizing<Vec<f32>>,
}

impl Cutter {
    pub fn new(vad: Vad, pace: Pace) -> Self {
        Self::starting_at(vad, pace, 0)
    }

    /// For sound whose first sample is number `start` of its recording.
    pub fn starting_at(vad: Vad, pace: Pace, start: u64) -> Self {
        // Room for the longest chunk and what is pushed at once: growing would leave unwiped copies behind.
        let pending = Zeroizing::new(Vec::with_capacity((LONGEST_S as usize + 4) * RATE as usize));
        Self { vad, pace, pending, start, speech: Vec::new(), before: Zeroizing::new(Vec::with_capacity(40 * RATE as usize)) }
    }

    /// Seconds from the start of the recording up to which everything has been handed out or was silence.
    pub fn settled_s(&self) -> f64 {
        self.start as f64 / f64::from(RATE)
    }

    /// True while speech waits that has not been handed out.
    pub fn holds_speech(&self) -> bool {
        self.speech.iter().any(|p| *p >= STARTS)
    }

    /// Takes 16 kHz mono sound; any amount, in order. Returns the chunks that are complete.
    pub fn push(&mut self, samples: &[f32]) -> Result<Vec<Chunk>, VadError> {
        let mut chunks = Vec::new();
        for part in samples.chunks(RATE as usize) {
            self.pending.extend_from_slice(part);
            self.listen()?;
            while let Some(chunk) = self.cut(false) {
                chunks.push(chunk);
            }
        }
        Ok(chunks)
    }

    /// Passes over `seconds` without sound (a pause, a lost device); what waits is handed out first.
    pub fn skip(&mut self, seconds: f64) -> Result<Vec<Chunk>, VadError> {
        let chunks = self.flush()?;
        self.start += (seconds * f64::from(RATE)).round() as u64;
        self.before.zeroize();
        Ok(chunks)
    }

    /// Hands out all that waits, as at the end of a recording. Sound may be pushed afterwards.
    pub fn flush(&mut self) -> Result<Vec<Chunk>, VadError> {
        // The last part of a frame counts: fill it with silence for the model only.
        let rest = self.pending.len() % FRAME;
        if rest != 0 {
            let full = self.pending.len() + FRAME - rest;
            self.pending.resize(full, 0.0);
        }
        self.listen()?;
        let mut chunks = Vec::new();
        while let Some(chunk) = self.cut(true) {
            chunks.push(chunk);
        }
        if rest != 0 {
            self.start -= (FRAME - rest) as u64;
        }
        Ok(chunks)
    }

    /// Hears the whole frames that are new.
    fn listen(&mut self) -> Result<(), VadError> {
        let whole = self.pending.len() / FRAME;
        let heard = self.speech.len();
        if whole <= heard {
            return Ok(());
        }
        let from = (heard * FRAME).saturating_sub(WARM_UP);
        let mut window = Zeroizing::new(Vec::with_capacity(2 * WARM_UP + (whole - heard) * FRAME));
        let lead = WARM_UP - (heard * FRAME - from);
        window.extend_from_slice(&self.before[self.before.len().saturating_sub(lead)..]);
        window.extend_from_slice(&self.pending[from..whole * FRAME]);
        let p = self.vad.probabilities(&window)?;
        self.speech.extend_from_slice(&p[p.len() - (whole - heard)..]);
        Ok(())
    }

    /// One chunk off the front, if there is one; drops silence at the front.
    fn cut(&mut self, all: bool) -> Option<Chunk> {
        let frames = self.speech.len();
        let runs = runs(&self.speech);
        let Some(first) = runs.first() else {
            // Keep a margin: the next frame may begin a word.
            self.drop_frames(if all { frames } else { frames.saturating_sub(4 * MARGIN) });
            return None;
        };
        let lead = first.0.saturating_sub(MARGIN);
        if lead > 0 {
            self.drop_frames(lead);
            return self.cut(all);
        }
        let end = self.cut_at(&runs, frames, all)?;
        Some(self.take(&runs, end))
    }

    /// The frame to cut at, once there is reason to.
    fn cut_at(&self, runs: &[(usize, usize)], frames: usize, all: bool) -> Option<usize> {
        let in_frames = |seconds: f64| (seconds * f64::from(RATE) / FRAME as f64) as usize;
        let (enough, longest) = (in_frames(self.pace.enough_s), in_frames(LONGEST_S));
        // Pauses: (from, to), the last one up to the end of what was heard.
        let pauses: Vec<(usize, usize)> =
            runs.iter().enumerate().map(|(i, run)| (run.1, runs.get(i + 1).map_or(frames, |next| next.0))).collect();
        let middle = |(from, to): (usize, usize)| (from + (to - from) / 2).min(from + MARGIN).max(from + 1).min(frames);
        for pause in &pauses {
            let length = pause.1 - pause.0;
            let long = length >= in_frames(self.pace.long_pause_s);
            let good = pause.0 >= enough && length >= in_frames(self.pace.pause_s);
            if pause.0 <= longest && (long || good) {
                return Some(middle(*pause));
            }
        }
        if frames > longest {
            // No good pause: the longest one late enough, else the frame least like speech.
            let some = pauses.iter().filter(|p| p.0 >= longest / 3 && middle(**p) <= longest && p.1 > p.0 + 1);
            if let Some(pause) = some.max_by_key(|p| (p.1 - p.0, p.0)) {
                return Some(middle(*pause));
            }
            let late = longest * 2 / 3..longest;
            return late.min_by(|a, b| self.speech[*a].total_cmp(&self.speech[*b]));
        }
        all.then_some(frames.min((runs[runs.len() - 1].1 + MARGIN).max(1)))
    }

    fn take(&mut self, runs: &[(usize, usize)], end: usize) -> Chunk {
        let at = |frame: usize| (self.start + (frame * FRAME) as u64) as f64 / f64::from(RATE);
        let speech = runs.iter().filter(|run| run.0 < end).map(|run| Span { start_s: at(run.0), end_s: at(run.1.min(end)) }).collect();
        let chunk = Chunk { start_s: at(0), samples: Zeroizing::new(self.pending[..end * FRAME].to_vec()), speech };
        self.drop_frames(end);
        chunk
    }

    fn drop_frames(&mut self, frames: usize) {
        let samples = frames * FRAME;
        self.before.extend_from_slice(&self.pending[..samples]);
        let old = self.before.len().saturating_sub(WARM_UP);
        self.before.drain(..old);
        self.pending.drain(..samples);
        self.speech.drain(..frames);
        self.start += samples as u64;
    }
}

/// Stretches of speech as frame numbers (from, to), after smoothing.
fn runs(speech: &[f32]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut open = None;
    for (i, p) in speech.iter().enumerate() {
        match open {
            None if *p >= STARTS => open = Some(i),
            Some(from) if *p < GOES_ON => {
                runs.push((from, i));
                open = None;
            }
            _ => {}
        }
    }
    if let Some(from) = open {
        runs.push((from, speech.len()));
    }
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for run in runs {
        match joined.last_mut() {
            Some(last) if run.0 - last.1 < SHORTEST_PAUSE => last.1 = run.1,
            _ => joined.push(run),
        }
    }
    // Speech at the very end may still grow.
    joined.retain(|r| r.1 - r.0 >= SHORTEST_SPEECH || r.1 == speech.len());
    joined
}
