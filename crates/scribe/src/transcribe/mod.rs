//! Speech to text: the [`Recogniser`] trait, the embedded [`Whisper`], and whole files by [`transcribe_file`].
//!
//! Must never: open a network connection, keep sound or text after the call, or pass on text where nobody spoke.

mod doubt;
mod file;
mod hear;
pub mod models;
mod turns;
mod whisper;
mod words;

pub use file::{Options, transcribe_file, transcribe_file_with};
pub use hear::{Heard, hear};
pub use models::{Model, ModelError, Trust};
pub(crate) use whisper::silence_native_logs;
pub use whisper::{Whisper, all_threads, knows_language, spare_threads};

use crate::audio::AudioError;
use crate::transcript::{Engine, Word};
use crate::vad::VadError;

/// Why sound could not be turned into text.
#[derive(Debug, thiserror::Error)]
pub enum TranscribeError {
    /// The sound file is at fault.
    #[error(transparent)]
    Audio(#[from] AudioError),
    /// The model is missing, damaged or unknown.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The speech detector failed.
    #[error(transparent)]
    Vad(#[from] VadError),
    /// The recogniser failed.
    #[error("the recogniser failed")]
    Engine(#[from] whisper_rs::WhisperError),
    /// The model does not know this language.
    #[error("the model does not know the language {0:?} (give a code such as en, ms, fr, sw, hi, or auto)")]
    Language(String),
    /// The processor lacks an instruction set that the recogniser is built for.
    #[error("this computer's processor is too old for speech recognition: it lacks {0}")]
    CpuTooOld(&'static str),
}

/// A stretch of recognised words, in seconds from the start of the sound that was given.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub start_s: f64,
    pub end_s: f64,
    /// As the recogniser wrote it, trimmed.
    pub text: String,
    pub words: Vec<Word>,
    /// The recogniser's own probability, 0 to 1, that nobody spoke.
    pub no_speech: f32,
}

impl Piece {
    /// Mean word probability, 0 to 1.
    pub fn confidence(&self) -> f32 {
        self.words.iter().map(|w| w.probability).sum::<f32>() / self.words.len().max(1) as f32
    }

    fn shift(&mut self, seconds: f64) {
        self.start_s += seconds;
        self.end_s += seconds;
        for word in &mut self.words {
            word.start_s += seconds;
            word.end_s += seconds;
        }
    }
}

/// Something that turns speech into words. Implementations keep nothing from one call to the next.
pub trait Recogniser: Send {
    /// Name, model and version, as kept with the transcript.
    fn engine(&self) -> Engine;

    /// The language of some speech (16 kHz mono, a few seconds or more) as ISO 639-1 code.
    fn detect_language(&mut self, samples: &[f32]) -> Result<String, TranscribeError>;

    /// Words of 16 kHz mono sound (-1 to 1) of at most [`crate::vad::LONGEST_S`] seconds, in order. `language` is an ISO 639-1 code.
    fn recognise(&mut self, samples: &[f32], language: &str) -> Result<Vec<Piece>, TranscribeError>;
}
