//! Plays a stretch of a visit's sound: opened in memory, never written.

use clinic::{EncounterId, recording};
use scribe::{
    playback::Playback,
    resample::RATE,
    spool::{SpoolError, SpoolReader},
};
use tauri::{AppHandle, Manager};
use zeroize::Zeroizing;

use super::{Recorders, held, parts};
use crate::{
    error::{AppError, ErrorCode},
    state::Desk,
};

/// Longest stretch that is played at once, in seconds.
const LONGEST_S: f64 = 300.0;

impl Recorders {
    /// Plays from `start_s` to `end_s`, seconds of the visit's sound; what plays already stops.
    pub fn play(&self, app: &AppHandle, encounter: EncounterId, start_s: f64, end_s: f64) -> Result<(), AppError> {
        self.stop_playing();
        if !(start_s.is_finite() && end_s.is_finite() && start_s >= 0.0 && end_s > start_s && end_s - start_s <= LONGEST_S) {
            return Err(AppError::reason(ErrorCode::Invalid, "time"));
        }
        let desk = app.state::<Desk>();
        let epoch = self.epoch();
        let recordings = desk.with(app, |_, session| recording::of_encounter(session, encounter))?;
        let mut from_s = 0.0;
        let mut sound = Zeroizing::new(Vec::new());
        for recording in recordings {
            // One that still runs has no length yet: it is the last.
            let to_s = if recording.seconds > 0.0 { from_s + recording.seconds } else { f64::INFINITY };
            if start_s < to_s && end_s > from_s {
                desk.with(app, |_, session| recording::authorize_sound(session, recording.id, "play"))?;
                let opener = parts::Opener { app: app.clone(), id: recording.id, epoch };
                let path = recording::spool_file(&desk.folder(), recording.id);
                take(&path, &opener, (start_s - from_s).max(0.0), end_s - from_s, &mut sound).map_err(parts::spool_fault)?;
            }
            from_s = to_s;
        }
        if sound.is_empty() {
            return Err(ErrorCode::NotFound.into());
        }
        let playback = Playback::start(sound).map_err(|error| {
            tracing::warn!(%error, "sound could not be played");
            AppError::reason(ErrorCode::UnreadableAudio, "no_speaker")
        })?;
        // A lock that came meanwhile has the last word.
        let mut slot = held(&self.playback);
        if self.epoch() == epoch {
            *slot = Some(playback);
        }
        Ok(())
    }

    pub fn stop_playing(&self) {
        held(&self.playback).take();
    }
}

/// Appends the samples between two times of one recording, one chunk in the clear at a time.
fn take(path: &std::path::Path, opener: &parts::Opener, start_s: f64, end_s: f64, sound: &mut Vec<f32>) -> Result<(), SpoolError> {
    let sample = |seconds: f64| (seconds * f64::from(RATE)) as usize;
    let (start, end) = (sample(start_s), sample(end_s));
    let mut reader = SpoolReader::open(path)?;
    let mut at = 0;
    while at < end
        && let Some(chunk) = reader.next_sound(opener)?
    {
        let samples = chunk.to_f32();
        let (from, to) = (start.saturating_sub(at).min(samples.len()), (end - at).min(samples.len()));
        sound.extend_from_slice(samples.get(from..to).unwrap_or_default());
        at += samples.len();
    }
    Ok(())
}
