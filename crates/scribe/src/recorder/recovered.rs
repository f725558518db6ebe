//! A recording on disk to a transcript: after a crash, or for what was recorded while nobody was unlocked.

use std::path::Path;
use std::time::Instant;

use super::text::not_recorded;
use crate::resample::RATE;
use crate::spool::{ChunkOpener, SpoolError, SpoolReader};
use crate::transcribe::{Heard, Recogniser, TranscribeError, hear};
use crate::transcript::Transcript;
use crate::vad::{Cutter, Pace, Vad};

/// Why a recording on disk could not become text.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    #[error(transparent)]
    Spool(#[from] SpoolError),
    #[error(transparent)]
    Transcribe(#[from] TranscribeError),
}

/// Transcribes all whole chunks of a spool, one in memory at a time. `language` is an ISO 639-1 code; `progress` gets seconds done.
/// Pauses and lost devices become gaps with the reason `not_recorded` and no length.
pub fn transcribe_spool(
    path: &Path,
    opener: &dyn ChunkOpener,
    recogniser: &mut dyn Recogniser,
    vad: Vad,
    language: &str,
    mut progress: impl FnMut(f64),
) -> Result<Transcript, RecoverError> {
    let began = Instant::now();
    let mut reader = SpoolReader::open(path)?;
    let mut cutter = Cutter::new(vad, Pace::FILE);
    let mut heard = Heard::default();
    let mut samples = 0;
    while let Some(sound) = reader.next_sound(opener)? {
        let mut chunks = Vec::new();
        if sound.missing_ms >= 500 {
            chunks.extend(cutter.flush().map_err(TranscribeError::from)?);
            heard.gaps.push(not_recorded(samples as f64 / f64::from(RATE)));
        }
        chunks.extend(cutter.push(&sound.to_f32()).map_err(TranscribeError::from)?);
        samples += sound.samples.len();
        for chunk in chunks {
            heard.append(hear(recogniser, &chunk, language, crate::speakers::FIRST)?);
        }
        progress(samples as f64 / f64::from(RATE));
    }
    for chunk in cutter.flush().map_err(TranscribeError::from)? {
        heard.append(hear(recogniser, &chunk, language, crate::speakers::FIRST)?);
    }
    heard.gaps.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    Ok(Transcript {
        engine: recogniser.engine(),
        language: language.to_owned(),
        duration_s: samples as f64 / f64::from(RATE),
        elapsed_s: began.elapsed().as_secs_f64(),
        turns: heard.turns,
        gaps: heard.gaps,
    })
}
