//! Sound recordings of visits and what was said in them. The sound itself lies sealed in the spool folder; here is its fate.
//!
//! Must never hold a chunk in plain longer than it takes to hand it on, and never let a recording begin without consent.

mod verbs;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    changes::{Record, RecordType},
    ids::{ConsentId, EncounterId, PatientId, RecordId, RecordingId, TranscriptId},
};

pub use verbs::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum RecordingState {
    Recording,
    Paused,
    /// The app ended while it ran; the next unlock offers it.
    Interrupted,
    Stopped,
    Decoding,
    Transcribed,
    Deleted,
    Kept,
}

/// One recording, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recording {
    pub id: RecordingId,
    pub patient_id: PatientId,
    pub encounter_id: EncounterId,
    pub consent_id: ConsentId,
    pub state: RecordingState,
    /// Milliseconds since 1970.
    pub started: i64,
    pub seconds: f64,
}

impl Record for Recording {
    const TYPE: RecordType = RecordType::Recording;
    fn record_id(&self) -> RecordId {
        self.id.into()
    }
    fn subject(&self) -> Option<PatientId> {
        Some(self.patient_id)
    }
    /// Few are open at a time: lists read the records themselves.
    fn project(&self, _conn: &rusqlite::Connection) -> rusqlite::Result<()> {
        Ok(())
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Word {
    pub text: String,
    pub start_s: f64,
    pub end_s: f64,
    pub probability: f32,
}

/// One stretch of speech by one speaker. Times are seconds from the start of the visit's sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Turn {
    pub speaker: String,
    pub start_s: f64,
    pub end_s: f64,
    pub text: String,
    pub confidence: f32,
    #[serde(default)]
    pub words: Vec<Word>,
}

/// Speech that was heard but not understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Gap {
    pub start_s: f64,
    pub end_s: f64,
    pub reason: String,
}

/// What was said in one recording, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredTranscript {
    pub id: TranscriptId,
    pub patient_id: PatientId,
    pub encounter_id: EncounterId,
    pub recording_id: RecordingId,
    pub engine: String,
    pub language: String,
    pub turns: Vec<Turn>,
    pub gaps: Vec<Gap>,
    /// Seconds of sound decoded so far; less than the recording's length while there is more to decode.
    pub decoded_seconds: f64,
    pub settled: bool,
}

impl Record for StoredTranscript {
    const TYPE: RecordType = RecordType::Transcript;
    fn record_id(&self) -> RecordId {
        self.id.into()
    }
    fn subject(&self) -> Option<PatientId> {
        Some(self.patient_id)
    }
    /// Read by patient from the record state; there is no list across patients.
    fn project(&self, _conn: &rusqlite::Connection) -> rusqlite::Result<()> {
        Ok(())
    }
}

#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RecordingView {
    pub id: RecordingId,
    pub encounter_id: Option<EncounterId>,
    pub patient_name: Option<String>,
    pub started_at: String,
    pub seconds: f64,
    pub state: RecordingState,
}

#[derive(Debug, Clone, Default, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct TranscriptView {
    pub turns: Vec<Turn>,
    pub gaps: Vec<Gap>,
    pub settled: bool,
    pub behind_seconds: f64,
}

/// Folder of sealed sound.
pub fn spool_dir(dir: &Path) -> PathBuf {
    dir.join("spool")
}

/// File of one recording; its name is a random id and says nothing.
pub fn spool_file(dir: &Path, id: RecordingId) -> PathBuf {
    spool_dir(dir).join(format!("{id}.spool"))
}
