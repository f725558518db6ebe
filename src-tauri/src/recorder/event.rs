//! What the window is told of a recording.

use clinic::{
    EncounterId,
    recording::{Gap, Turn},
};
use serde::Serialize;
use tauri_specta::Event;

/// Sound level, words as they settle, and what a person should look at. Words come only while the desk is unlocked.
#[derive(Debug, Clone, Serialize, specta::Type, Event)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum RecorderEvent {
    /// The first sound arrived: only now is "recording" true.
    Started {
        encounter_id: EncounterId,
    },
    Level {
        rms: f32,
        peak: f32,
        clipping: bool,
    },
    /// `index` counts over the whole visit; times are seconds of the visit's sound.
    Turn {
        encounter_id: EncounterId,
        index: u32,
        turn: Turn,
    },
    Gap {
        encounter_id: EncounterId,
        gap: Gap,
    },
    Hint {
        hint: Hint,
    },
    DeviceLost,
    DeviceBack,
    DiskFull,
    Stopped {
        encounter_id: EncounterId,
        seconds: f64,
    },
    /// All sound of the visit's recording has become text.
    Settled {
        encounter_id: EncounterId,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    NoSpeech,
    Clipping,
    /// Sound is kept, and becomes text once the model is there.
    ModelMissing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum RecordingPhase {
    Starting,
    Recording,
    Paused,
    DeviceLost,
}

/// The running recording, for the state bar.
#[derive(Debug, Clone, Copy, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RecordingStatus {
    pub encounter_id: EncounterId,
    pub state: RecordingPhase,
    pub seconds: f64,
}
