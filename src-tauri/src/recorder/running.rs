//! One recording that runs, or that stopped and still becomes text.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};

use clinic::{
    EncounterId, RecordingId,
    recording::{self, Gap, RecordingView, StoredTranscript, Turn, Word},
};
use scribe::recorder::{Hint as ScribeHint, Recorder, RecorderConfig, RecorderEvent as Told, TextParts};
use tauri::{AppHandle, Manager};

use super::{
    event::{Hint, RecorderEvent, RecordingPhase, RecordingStatus},
    held, parts,
};
use crate::{
    error::{AppError, ErrorCode},
    state::{Desk, emit},
};

/// Words of one recording, with the times of its own sound.
#[derive(Clone)]
pub(super) struct Text {
    pub id: RecordingId,
    pub engine: String,
    pub language: String,
    pub turns: Vec<Turn>,
    pub gaps: Vec<Gap>,
    pub decoded_seconds: f64,
}

/// What the recorder's threads tell, shared with them.
struct Shared {
    phase: RecordingPhase,
    seconds: f64,
    text: Text,
    /// Turns and gaps that are in the database.
    saved: usize,
    /// Text is joined, or was until it settled.
    joined: bool,
    settled: bool,
    /// Some sound did not become text: it is decoded from disk once more.
    torn: bool,
}

pub(super) struct Running {
    pub id: RecordingId,
    pub encounter: EncounterId,
    pub recorder: Recorder,
    base: Base,
    shared: Arc<Mutex<Shared>>,
    /// Text of this recording is no longer wanted.
    forgotten: Arc<AtomicBool>,
}

/// Where this recording begins in the visit.
#[derive(Clone, Copy)]
struct Base {
    turns: usize,
    seconds: f64,
}

impl Running {
    pub fn start(app: &AppHandle, encounter: EncounterId, device: Option<String>) -> Result<(Self, RecordingView), AppError> {
        let desk = app.state::<Desk>();
        let key = desk.recording_key()?;
        let (recording, base, language, view) = desk.with(app, |_, session| {
            let seconds = recording::of_encounter(session, encounter)?.iter().map(|earlier| earlier.seconds).sum();
            let turns = recording::transcript(session, encounter)?.turns.len();
            let recording = recording::begin(session, encounter)?;
            let language = clinic::patient::read(session, recording.patient_id)?.language;
            let view = recording::set_state(session, recording.id, recording.state, 0.0)?;
            Ok((recording, Base { turns, seconds }, language, view))
        })?;
        let shared = Arc::new(Mutex::new(Shared {
            phase: RecordingPhase::Starting,
            seconds: 0.0,
            text: Text {
                id: recording.id,
                engine: String::new(),
                language: parts::language(language.as_deref()),
                turns: Vec::new(),
                gaps: Vec::new(),
                decoded_seconds: 0.0,
            },
            saved: 0,
            joined: false,
            settled: false,
            torn: false,
        }));
        let forgotten = Arc::new(AtomicBool::new(false));
        let config = RecorderConfig {
            device,
            path: recording::spool_file(&desk.folder(), recording.id),
            recording_id: *recording.id.0.as_bytes(),
            sealer: Box::new(parts::Sealer { key, id: recording.id }),
            vad: parts::vad().ok(),
            text: None,
        };
        let (told, inbox) = mpsc::channel();
        let (own, gone) = (shared.clone(), forgotten.clone());
        let recorder = Recorder::start(config, move |event| {
            // Words are taken here, not behind the channel: when text is cut off, none is on its way.
            take_in(&mut held(&own), &event, gone.load(Ordering::Acquire));
            let _ = told.send(event);
        });
        let recorder = match recorder {
            Ok(recorder) => recorder,
            Err(error) => {
                // Nothing was recorded: the record says so, and the refusal is what the person hears of.
                if let Err(error) = desk.with(app, |_, session| recording::discard(session, recording.id)) {
                    tracing::warn!(code = ?error.code, "a recording that did not begin was not struck");
                }
                return Err(parts::recorder_fault(error));
            }
        };
        let (app, own) = (app.clone(), shared.clone());
        parts::spawn("recording-events", move || {
            for event in inbox {
                pass_on(&app, recording.id, encounter, base, &own, event);
            }
        });
        Ok((Self { id: recording.id, encounter, recorder, base, shared, forgotten }, view))
    }

    pub fn status(&self) -> RecordingStatus {
        let shared = held(&self.shared);
        RecordingStatus { encounter_id: self.encounter, state: shared.phase, seconds: shared.seconds }
    }

    /// A person paused or resumed: so it is told at once, before the recorder's thread comes to it. A key that is pressed again must not
    /// mean what it meant before.
    pub fn turn_to(&self, phase: RecordingPhase) {
        let mut shared = held(&self.shared);
        if matches!(shared.phase, RecordingPhase::Recording | RecordingPhase::Paused) {
            shared.phase = phase;
        }
    }

    pub fn seconds(&self) -> f64 {
        held(&self.shared).seconds
    }

    pub fn language(&self) -> String {
        held(&self.shared).text.language.clone()
    }

    /// Closes microphone and file; gives the seconds recorded.
    pub fn close(&mut self) -> f64 {
        match self.recorder.stop() {
            Ok(stopped) => stopped.duration_s,
            // It ended by itself, as its events told.
            Err(_) => self.seconds(),
        }
    }

    /// Joins text that goes on behind what was understood before.
    pub fn join(&self, parts: TextParts, engine: String, before: Option<StoredTranscript>) -> Result<(), AppError> {
        {
            let mut shared = held(&self.shared);
            shared.text.engine = engine;
            if let Some(before) = before {
                (shared.text.turns, shared.text.gaps) = (before.turns, before.gaps);
                shared.text.decoded_seconds = before.decoded_seconds;
                shared.saved = shared.text.turns.len() + shared.text.gaps.len();
            }
            (shared.joined, shared.settled) = (true, false);
        }
        self.recorder.attach_text(parts).map_err(parts::recorder_fault)
    }

    pub fn has_text(&self) -> bool {
        let shared = held(&self.shared);
        shared.joined && !shared.torn
    }

    pub fn is_settled(&self) -> bool {
        held(&self.shared).settled
    }

    pub fn is_text_whole(&self) -> bool {
        !held(&self.shared).torn
    }

    /// Words that are not in the database yet, with all before them.
    pub fn unsaved_text(&self) -> Option<Text> {
        let mut shared = held(&self.shared);
        let all = shared.text.turns.len() + shared.text.gaps.len();
        (shared.joined && all > shared.saved).then(|| {
            shared.saved = all;
            shared.text.clone()
        })
    }

    /// A person named the speaker of one turn of the visit: the words in memory must not undo it.
    pub fn name_speaker(&self, turn: usize, speaker: &str) {
        let mut shared = held(&self.shared);
        if let Some(turn) = turn.checked_sub(self.base.turns).and_then(|at| shared.text.turns.get_mut(at)) {
            speaker.clone_into(&mut turn.speaker);
        }
    }

    /// Takes the words out of memory; the text is no longer joined.
    pub fn take_text(&mut self) -> Text {
        let mut shared = held(&self.shared);
        shared.joined = false;
        let empty = Text { turns: Vec::new(), gaps: Vec::new(), ..shared.text.clone() };
        std::mem::replace(&mut shared.text, empty)
    }

    /// Consent is gone: no more words, and those there are go.
    pub fn forget_text(&mut self) {
        self.forgotten.store(true, Ordering::Release);
        self.recorder.detach_text();
        self.take_text();
    }
}

fn take_in(shared: &mut Shared, event: &Told, forgotten: bool) {
    match event {
        Told::Started | Told::Resumed | Told::DeviceBack { .. } => shared.phase = RecordingPhase::Recording,
        Told::Paused => shared.phase = RecordingPhase::Paused,
        Told::DeviceLost { .. } => shared.phase = RecordingPhase::DeviceLost,
        // A level comes with each tenth of a second of recorded sound.
        Told::Level { .. } if shared.phase == RecordingPhase::Recording => shared.seconds += 0.1,
        Told::Turn(turn) if !forgotten => {
            // A stretch that was being read when the desk locked is read again: its words are here already.
            let known = shared.text.turns.last().is_some_and(|last| turn.end_s <= last.end_s + 0.1);
            if !known {
                shared.text.decoded_seconds = shared.text.decoded_seconds.max(turn.end_s);
                shared.text.turns.push(of_scribe(turn));
            }
        }
        Told::Gap(gap) if !forgotten => {
            let gap = Gap { start_s: gap.start_s, end_s: gap.end_s, reason: gap.reason.clone() };
            if !shared.text.gaps.contains(&gap) {
                shared.text.gaps.push(gap);
            }
        }
        Told::TextSettled => {
            shared.settled = true;
            shared.text.decoded_seconds = shared.text.decoded_seconds.max(shared.seconds);
        }
        Told::TextFailed(_) | Told::TextNotStarted(_) => (shared.settled, shared.torn) = (true, true),
        Told::NotYetText { .. } => shared.torn = true,
        _ => {}
    }
}

/// On a thread of its own: what the window shows, and what is written down.
fn pass_on(app: &AppHandle, id: RecordingId, encounter_id: EncounterId, base: Base, shared: &Mutex<Shared>, event: Told) {
    let desk = app.state::<Desk>();
    match event {
        Told::Started => emit(app, RecorderEvent::Started { encounter_id }),
        Told::Level { rms, peak, clipping } => emit(app, RecorderEvent::Level { rms, peak, clipping }),
        Told::Hint(hint) => {
            let hint = match hint {
                ScribeHint::NoSpeech => Hint::NoSpeech,
                ScribeHint::Clipping => Hint::Clipping,
            };
            emit(app, RecorderEvent::Hint { hint });
        }
        Told::Turn(turn) => {
            let index = held(shared).text.turns.iter().position(|known| known.start_s == turn.start_s && known.text == turn.text);
            // Cut off meanwhile: nobody may see it now.
            if let Some(index) = index.filter(|_| desk.is_unlocked()) {
                let mut turn = of_scribe(&turn);
                turn.start_s += base.seconds;
                turn.end_s += base.seconds;
                for word in &mut turn.words {
                    word.start_s += base.seconds;
                    word.end_s += base.seconds;
                }
                let index = u32::try_from(base.turns + index).unwrap_or(u32::MAX);
                emit(app, RecorderEvent::Turn { encounter_id, index, turn });
            }
        }
        Told::Gap(gap) if desk.is_unlocked() => {
            let gap = Gap { start_s: gap.start_s + base.seconds, end_s: gap.end_s + base.seconds, reason: gap.reason };
            emit(app, RecorderEvent::Gap { encounter_id, gap });
        }
        Told::DeviceLost { reason, .. } => {
            tracing::warn!(%reason, "the microphone is gone");
            emit(app, RecorderEvent::DeviceLost);
        }
        Told::DeviceBack { .. } => emit(app, RecorderEvent::DeviceBack),
        Told::DiskFull { reason, .. } => {
            tracing::warn!(%reason, "the disk takes no sound");
            emit(app, RecorderEvent::DiskFull);
        }
        Told::Overrun { missing_s } => tracing::warn!(missing_s, "sound is missing: the computer was too busy"),
        Told::Stopped { duration_s, error, .. } => {
            if let Some(error) = error {
                tracing::error!(%error, "a recording ended with a fault");
            }
            emit(app, RecorderEvent::Stopped { encounter_id, seconds: duration_s });
            desk.recorders.ended_alone(app, id);
        }
        Told::TextFailed(error) => {
            tracing::error!(%error, "live text failed; the recording goes on");
            desk.recorders.settle_if_done(app, id);
        }
        Told::TextNotStarted(error) => {
            tracing::error!(%error, "live text could not begin; the recording goes on");
            desk.recorders.settle_if_done(app, id);
        }
        Told::TextSettled => desk.recorders.settle_if_done(app, id),
        Told::Paused | Told::Resumed | Told::DiskBack | Told::NotYetText { .. } | Told::Gap(_) => {}
    }
}

/// The scribe's turn as the clinic keeps it.
pub(super) fn of_scribe(turn: &scribe::transcript::Turn) -> Turn {
    Turn {
        speaker: turn.speaker.clone(),
        start_s: turn.start_s,
        end_s: turn.end_s,
        text: turn.text.clone(),
        confidence: turn.confidence,
        words: turn
            .words
            .iter()
            .map(|word| Word { text: word.text.clone(), start_s: word.start_s, end_s: word.end_s, probability: word.probability })
            .collect(),
    }
}

/// Whether a file of sound is there at all.
pub(super) fn has_sound(folder: &Path, id: RecordingId) -> Result<std::path::PathBuf, AppError> {
    let path = recording::spool_file(folder, id);
    if path.is_file() { Ok(path) } else { Err(ErrorCode::NotFound.into()) }
}
