//! What was said: the one type that the recogniser makes and the drafter reads. Times are seconds from the start of the recording.

use serde::{Deserialize, Serialize};

/// Name and version of what made a transcript or a draft; kept with the note as Provenance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Engine {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// One recognised word. `probability` is the recogniser's own, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Word {
    pub text: String,
    pub start_s: f64,
    pub end_s: f64,
    pub probability: f32,
}

/// One stretch of speech by one speaker, as the recogniser settled it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Turn {
    /// `S1`, `S2`, .. or a role such as `doctor` or `patient` once known.
    pub speaker: String,
    pub start_s: f64,
    pub end_s: f64,
    pub text: String,
    /// Mean word probability, 0 to 1.
    pub confidence: f32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Word>,
}

/// Speech that was heard but not understood, or time that was not recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Gap {
    pub start_s: f64,
    pub end_s: f64,
    /// `not_understood`, or `not_recorded` (paused, microphone gone: a place in the sound, without length).
    pub reason: String,
}

/// A whole consultation as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Transcript {
    pub engine: Engine,
    pub language: String,
    pub duration_s: f64,
    pub elapsed_s: f64,
    pub turns: Vec<Turn>,
    #[serde(default)]
    pub gaps: Vec<Gap>,
}
