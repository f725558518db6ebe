//! What a recording is made of: models, sealing by public key, opening by the session.

use clinic::{
    ClinicError, RecordingId,
    recording::{self, seal_chunk},
    unlock::SealingPublicKey,
};
use scribe::{
    capture::CaptureError,
    recorder::{RecorderError, TextParts},
    spool::{ChunkOpener, ChunkSealer, SealError, SpoolError},
    transcribe::{
        Recogniser, TranscribeError, Whisper, knows_language,
        models::{self, Kind, Trust},
        spare_threads,
    },
    vad::Vad,
};
use tauri::{AppHandle, Manager};
use zeroize::Zeroizing;

use super::held;
use crate::{
    error::{AppError, ErrorCode},
    state::Desk,
};

/// What is spoken where nothing else is known.
const DEFAULT_LANGUAGE: &str = "en";

/// The patient's language where the recogniser knows it: `ms-MY` gives `ms`.
pub(super) fn language(of_patient: Option<&str>) -> String {
    let code = of_patient.and_then(|tag| tag.split(['-', '_']).next()).unwrap_or_default().to_ascii_lowercase();
    if knows_language(&code) { code } else { DEFAULT_LANGUAGE.to_owned() }
}

pub(super) fn vad() -> Result<Vad, TranscribeError> {
    Ok(Vad::load(models::find(models::VAD, Kind::Vad, None, Trust::Pinned)?.path())?)
}

pub(super) fn recogniser() -> Result<Whisper, TranscribeError> {
    Whisper::load(&models::find(models::DEFAULT, Kind::Speech, None, Trust::Pinned)?, spare_threads())
}

/// Name and model of an engine, as kept with its words.
pub(super) fn engine_name(engine: &scribe::transcript::Engine) -> String {
    [Some(&engine.name), engine.model.as_ref(), engine.version.as_ref()].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")
}

/// Joins live text to the running recording, if who is at the desk may read it.
pub(super) fn join(app: &AppHandle, desk: &Desk, id: RecordingId, epoch: u64) -> Result<(), AppError> {
    let before = desk.with(app, |_, session| {
        recording::authorize_sound(session, id, "live text")?;
        recording::transcript_of(session, id)
    })?;
    let recogniser = recogniser().map_err(transcribe_fault)?;
    let vad = vad().map_err(transcribe_fault)?;
    let engine = engine_name(&recogniser.engine());
    let running = held(&desk.recorders.running);
    let Some(running) = running.as_ref().filter(|running| running.id == id && desk.recorders.epoch() == epoch) else { return Ok(()) };
    let opener = Box::new(Opener { app: app.clone(), id, epoch });
    running.join(TextParts { recogniser: Box::new(recogniser), vad, language: running.language(), opener: Some(opener) }, engine, before)
}

/// Closes chunks to the vault's public key: a locked desk can do that.
pub(super) struct Sealer {
    pub key: SealingPublicKey,
    pub id: RecordingId,
}

impl ChunkSealer for Sealer {
    fn seal(&self, _: &scribe::spool::RecordingId, index: u32, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        seal_chunk(&self.key, self.id, index, plaintext).map_err(boxed)
    }
}

/// Opens chunks through the session it was made under, and through no later one.
pub(super) struct Opener {
    pub app: AppHandle,
    pub id: RecordingId,
    pub epoch: u64,
}

impl ChunkOpener for Opener {
    fn open(&self, _: &scribe::spool::RecordingId, index: u32, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let desk = self.app.state::<Desk>();
        if desk.recorders.epoch() != self.epoch {
            return Err(boxed(Locked));
        }
        desk.open_sound(self.id, index, sealed).ok_or_else(|| boxed(Locked))?.map_err(boxed)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the desk was locked")]
struct Locked;

fn boxed(error: impl std::error::Error + Send + Sync + 'static) -> SealError {
    SealError(Box::new(error))
}

/// A thread whose end nobody waits for.
pub(super) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(work) {
        tracing::error!(%error, name, "a thread could not be started");
    }
}

pub(super) fn recorder_fault(error: RecorderError) -> AppError {
    match error {
        RecorderError::Capture(CaptureError::NoMicrophone) => ErrorCode::NoMicrophone.into(),
        RecorderError::Capture(error) => {
            tracing::warn!(%error, "the microphone could not be opened");
            ErrorCode::MicrophoneLost.into()
        }
        RecorderError::Spool(error) => spool_fault(error),
        RecorderError::Ended => AppError::reason(ErrorCode::Conflict, "not_recording"),
        RecorderError::Thread(error) => {
            tracing::error!(%error, "the recorder could not be started");
            ErrorCode::Internal.into()
        }
    }
}

pub(super) fn spool_fault(error: SpoolError) -> AppError {
    match error {
        SpoolError::DiskFull(_) => ErrorCode::DiskFull.into(),
        SpoolError::Io(error) => ClinicError::from(error).into(),
        error => {
            tracing::error!(%error, "a recording file failed");
            ErrorCode::UnreadableAudio.into()
        }
    }
}

pub(super) fn transcribe_fault(error: TranscribeError) -> AppError {
    match error {
        TranscribeError::Model(error) => {
            tracing::warn!(%error, "the speech model cannot be used");
            ErrorCode::ModelMissing.into()
        }
        error => {
            tracing::error!(%error, "speech could not be turned into text");
            ErrorCode::Internal.into()
        }
    }
}
