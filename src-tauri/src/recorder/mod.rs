//! Recordings of visits while the app runs: joins the scribe's recorder to the desk's session.
//!
//! Sound goes on to disk whether the desk is locked or not. Text exists only while someone is unlocked who may read the visit: at lock it is
//! saved, cut off and wiped; the next unlock goes on from the sealed file.
//!
//! Must never: hold its own locks while it calls the [`Desk`] (the desk calls back when it locks), keep words or sound beyond a lock, or let
//! a refusal of the database keep the microphone open.

mod event;
mod parts;
mod play;
mod running;
mod spool_text;

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use clinic::{
    EncounterId, RecordingId,
    recording::{self, RecordingState, RecordingView},
};
use scribe::{
    playback::Playback,
    recorder::{CHUNK_S, Recorder},
    spool,
};
use tauri::{AppHandle, Manager};

use crate::{
    error::{AppError, ErrorCode},
    state::{Desk, emit},
};
pub use event::{RecorderEvent, RecordingPhase, RecordingStatus};
use running::Running;

/// The app's recordings: at most one runs, others may still be on their way to text.
#[derive(Default)]
pub struct Recorders {
    running: Mutex<Option<Running>>,
    /// Stopped, with text still coming from memory.
    settling: Mutex<Vec<Running>>,
    /// Being turned into text from disk.
    decoding: Mutex<BTreeSet<RecordingId>>,
    playback: Mutex<Option<Playback>>,
    starting: AtomicBool,
    /// Counts locks: what was begun under one session ends with it.
    epoch: AtomicU64,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorders {
    /// What the state bar shows; never says whose visit it is to someone who may not ask.
    pub fn status(&self) -> Option<RecordingStatus> {
        held(&self.running).as_ref().map(Running::status)
    }

    /// Begins to record a visit; refused without consent. Text follows as soon as the model is loaded.
    pub fn start(&self, app: &AppHandle, encounter: EncounterId, device: Option<String>) -> Result<RecordingView, AppError> {
        if self.starting.swap(true, Ordering::AcqRel) {
            return Err(ErrorCode::AlreadyRecording.into());
        }
        let started = self.start_alone(app, encounter, device);
        self.starting.store(false, Ordering::Release);
        started
    }

    fn start_alone(&self, app: &AppHandle, encounter: EncounterId, device: Option<String>) -> Result<RecordingView, AppError> {
        if held(&self.running).is_some() {
            return Err(ErrorCode::AlreadyRecording.into());
        }
        let (running, view) = Running::start(app, encounter, device)?;
        let id = running.id;
        *held(&self.running) = Some(running);
        self.join_text(app, id);
        Ok(view)
    }

    pub fn pause(&self, app: &AppHandle) -> Result<(), AppError> {
        self.turn(app, Recorder::pause, RecordingState::Paused)
    }

    pub fn resume(&self, app: &AppHandle) -> Result<(), AppError> {
        self.turn(app, Recorder::resume, RecordingState::Recording)
    }

    fn turn(
        &self,
        app: &AppHandle,
        command: impl FnOnce(&Recorder) -> Result<(), scribe::recorder::RecorderError>,
        state: RecordingState,
    ) -> Result<(), AppError> {
        let (id, seconds) = {
            let running = held(&self.running);
            let running = running.as_ref().ok_or_else(|| AppError::reason(ErrorCode::Conflict, "not_recording"))?;
            command(&running.recorder).map_err(parts::recorder_fault)?;
            running.turn_to(if state == RecordingState::Paused { RecordingPhase::Paused } else { RecordingPhase::Recording });
            (running.id, running.seconds())
        };
        app.state::<Desk>().with(app, |_, session| recording::set_state(session, id, state, seconds)).map(drop)
    }

    /// Ends the running recording. The microphone closes whoever asks; the text settles by itself.
    pub fn stop(&self, app: &AppHandle) -> Result<RecordingView, AppError> {
        let mut running = held(&self.running).take().ok_or_else(|| AppError::reason(ErrorCode::Conflict, "not_recording"))?;
        let (id, seconds, by_memory) = (running.id, running.close(), running.has_text());
        let stopped = app.state::<Desk>().with(app, |_, session| recording::set_state(session, id, RecordingState::Decoding, seconds));
        if by_memory {
            held(&self.settling).push(running);
            self.settle_if_done(app, id);
        } else {
            drop(running);
            self.text_from_disk(app, id);
        }
        stopped
    }

    /// Ends the recording of a visit for good: it was signed, or its consent was withdrawn. No more words come.
    pub fn abandon(&self, encounter: EncounterId) {
        self.abandon_where(|running| running.encounter == encounter);
    }

    /// Ends one recording that was thrown away.
    pub fn abandon_one(&self, id: RecordingId) {
        self.abandon_where(|running| running.id == id);
    }

    fn abandon_where(&self, is_it: impl Fn(&Running) -> bool) {
        let mut ended: Vec<Running> = held(&self.settling).extract_if(.., |running| is_it(running)).collect();
        ended.extend(held(&self.running).take_if(|running| is_it(running)));
        for mut running in ended {
            running.forget_text();
            running.close();
        }
    }

    /// The recorder ended by itself, as when the disk failed for good: what is on disk is kept.
    fn ended_alone(&self, app: &AppHandle, id: RecordingId) {
        let is_running = held(&self.running).as_ref().is_some_and(|running| running.id == id);
        if is_running && let Err(error) = self.stop(app) {
            tracing::warn!(code = ?error.code, "the end of a recording was not written down; the next unlock offers it");
        }
    }

    /// Someone came to the desk: a recording that runs gets its text again, and what waits on disk is decoded, if this person may.
    pub fn unlocked(&self, app: &AppHandle) {
        let running = held(&self.running).as_ref().map(|running| running.id);
        if let Some(id) = running {
            self.join_text(app, id);
        }
        let waiting = app.state::<Desk>().with(app, |_, session| recording::recovered(session, running));
        for view in waiting.unwrap_or_default() {
            if matches!(view.state, RecordingState::Decoding | RecordingState::Stopped) {
                self.text_from_disk(app, view.id);
            }
        }
    }

    /// The desk locks: words so far are saved and wiped, no more come, nothing plays. Sound goes on to disk.
    pub fn locking(&self, desk: &Desk, app: &AppHandle) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
        held(&self.playback).take();
        let settling = std::mem::take(&mut *held(&self.settling));
        for mut running in settling {
            running.recorder.detach_text();
            save(desk, app, &running.take_text(), false);
        }
        let text = held(&self.running).as_mut().map(|running| {
            running.recorder.detach_text();
            running.take_text()
        });
        if let Some(text) = text {
            save(desk, app, &text, false);
        }
    }

    /// The app ends: the file is closed in order.
    pub fn stop_all(&self, desk: &Desk, app: &AppHandle) {
        let Some(mut running) = held(&self.running).take() else { return };
        let (id, seconds) = (running.id, running.close());
        running.recorder.detach_text();
        save(desk, app, &running.take_text(), false);
        if let Err(error) = desk.keep(app, |session| recording::set_state(session, id, RecordingState::Stopped, seconds)) {
            tracing::warn!(?error, "the end of a recording was not written down; the next unlock offers it");
        }
    }

    /// Writes down what was understood so far, so that the visit's screen can be read from the database alone.
    pub fn save_text(&self, app: &AppHandle) {
        let text = held(&self.running).as_ref().and_then(Running::unsaved_text);
        if let Some(text) = text {
            save(&app.state::<Desk>(), app, &text, false);
        }
    }

    /// A person named a speaker: text in memory must not undo it.
    pub fn name_speaker(&self, encounter: EncounterId, turn: u32, speaker: &str) {
        let is_it = |running: &&Running| running.encounter == encounter;
        if let Some(running) = held(&self.running).as_ref().filter(is_it) {
            running.name_speaker(turn as usize, speaker);
        }
        if let Some(running) = held(&self.settling).iter().find(is_it) {
            running.name_speaker(turn as usize, speaker);
        }
    }

    /// Recordings left by a crash, which a person may recover or throw away.
    pub fn recovered(&self, app: &AppHandle) -> Result<Vec<RecordingView>, AppError> {
        let running = held(&self.running).as_ref().map(|running| running.id);
        let mut busy: BTreeSet<RecordingId> = held(&self.decoding).clone();
        busy.extend(held(&self.settling).iter().map(|running| running.id));
        let mut views = app.state::<Desk>().with(app, |_, session| recording::recovered(session, running))?;
        views.retain(|view| !busy.contains(&view.id));
        let folder = app.state::<Desk>().folder();
        for view in views.iter_mut().filter(|view| view.seconds == 0.0) {
            // Nobody wrote down how long it became: its whole chunks tell, and a torn end is cut off.
            match spool::recover(&recording::spool_file(&folder, view.id)) {
                Ok(found) => view.seconds = f64::from(found.chunks * CHUNK_S),
                Err(error) => tracing::warn!(%error, "a recovered recording could not be looked through"),
            }
        }
        Ok(views)
    }

    /// Loads the model and joins live text to the running recording, on a thread of its own.
    fn join_text(&self, app: &AppHandle, id: RecordingId) {
        let (app, epoch) = (app.clone(), self.epoch());
        parts::spawn("recording-text", move || {
            let desk = app.state::<Desk>();
            if let Err(error) = parts::join(&app, &desk, id, epoch) {
                tracing::warn!(code = ?error.code, "live text could not begin; the recording goes on");
                if error.code == ErrorCode::ModelMissing {
                    emit(&app, RecorderEvent::Hint { hint: event::Hint::ModelMissing });
                }
            }
        });
    }

    /// Text of a stopped recording came to its end.
    fn settle_if_done(&self, app: &AppHandle, id: RecordingId) {
        let done = {
            let mut settling = held(&self.settling);
            let at = settling.iter().position(|running| running.id == id && running.is_settled());
            at.map(|at| settling.remove(at))
        };
        let Some(mut running) = done else { return };
        let text = running.take_text();
        if running.is_text_whole() {
            save(&app.state::<Desk>(), app, &text, true);
            let settled = app
                .state::<Desk>()
                .with(app, |_, session| recording::set_state(session, id, RecordingState::Transcribed, text.decoded_seconds));
            match settled {
                Ok(_) => emit(app, RecorderEvent::Settled { encounter_id: running.encounter }),
                Err(error) => tracing::warn!(code = ?error.code, "settled text could not be written down"),
            }
        } else {
            self.text_from_disk(app, id);
        }
    }

    fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }
}

/// Keeps words in the database; a refusal loses nothing, for the sound is on disk.
fn save(desk: &Desk, app: &AppHandle, text: &running::Text, settled: bool) {
    if text.turns.is_empty() && text.gaps.is_empty() && !settled {
        return;
    }
    let kept = desk.keep(app, |session| {
        recording::save_transcript(
            session,
            text.id,
            &text.engine,
            &text.language,
            text.turns.clone(),
            text.gaps.clone(),
            text.decoded_seconds,
            settled,
        )
    });
    if let Err(error) = kept {
        tracing::warn!(code = ?error.code, "words of a recording were not saved; they can be made again from its sound");
    }
}
