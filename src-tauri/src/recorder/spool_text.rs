//! Text from sealed sound on disk: after a crash, and for what was recorded or stopped while nobody could read it.

use clinic::{
    RecordingId,
    recording::{self, Gap, Recording, RecordingState, RecordingView},
};
use scribe::recorder::{RecoverError, transcribe_spool};
use tauri::{AppHandle, Manager};

use super::{RecorderEvent, Recorders, held, parts, running};
use crate::{error::AppError, state::Desk, state::emit};

impl Recorders {
    /// A person takes a recovered recording back: its sound becomes text in the background.
    pub fn recover(&self, app: &AppHandle, id: RecordingId) -> Result<RecordingView, AppError> {
        let desk = app.state::<Desk>();
        running::has_sound(&desk.folder(), id)?;
        let view = desk.with(app, |_, session| {
            recording::authorize_sound(session, id, "recover")?;
            recording::set_state(session, id, RecordingState::Decoding, 0.0)
        })?;
        self.text_from_disk(app, id);
        Ok(view)
    }

    /// Decodes one recording from disk, once at a time, on a thread of its own.
    pub(super) fn text_from_disk(&self, app: &AppHandle, id: RecordingId) {
        if !held(&self.decoding).insert(id) {
            return;
        }
        let (app, epoch) = (app.clone(), self.epoch());
        parts::spawn("recording-decode", move || {
            let decoded = decode(&app, id, epoch);
            let desk = app.state::<Desk>();
            held(&desk.recorders.decoding).remove(&id);
            match decoded {
                Ok(recording) => emit(&app, RecorderEvent::Settled { encounter_id: recording.encounter_id }),
                // It stays `decoding`, and the next unlock tries again.
                Err(error) => tracing::warn!(code = ?error.code, "a recording could not be turned into text yet"),
            }
        });
    }
}

fn decode(app: &AppHandle, id: RecordingId, epoch: u64) -> Result<Recording, AppError> {
    let desk = app.state::<Desk>();
    let path = running::has_sound(&desk.folder(), id)?;
    let (recording, language) = desk.with(app, |_, session| {
        let recording = recording::authorize_sound(session, id, "decode")?;
        let language = clinic::patient::read(session, recording.patient_id)?.language;
        Ok((recording, language))
    })?;
    let vad = parts::vad().map_err(parts::transcribe_fault)?;
    let mut recogniser = parts::recogniser().map_err(parts::transcribe_fault)?;
    let opener = parts::Opener { app: app.clone(), id, epoch };
    let language = parts::language(language.as_deref());
    let transcript = transcribe_spool(&path, &opener, &mut recogniser, vad, &language, |_| {}).map_err(|error| match error {
        RecoverError::Spool(error) => parts::spool_fault(error),
        RecoverError::Transcribe(error) => parts::transcribe_fault(error),
    })?;
    let turns = transcript.turns.iter().map(running::of_scribe).collect();
    let gaps = transcript.gaps.into_iter().map(|gap| Gap { start_s: gap.start_s, end_s: gap.end_s, reason: gap.reason }).collect();
    let engine = parts::engine_name(&transcript.engine);
    desk.with(app, |_, session| {
        recording::save_transcript(session, id, &engine, &language, turns, gaps, transcript.duration_s, true)?;
        recording::set_state(session, id, RecordingState::Transcribed, transcript.duration_s)
    })?;
    Ok(recording)
}
