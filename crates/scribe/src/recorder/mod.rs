//! A recording from microphone to sealed file, with text arriving while people talk.
//!
//! ```text
//! cpal callback -> ring -> record thread: 16 kHz, level, 4 s chunks -> sealed and synced -> queue -> text thread: pauses, recogniser -> turns
//! ```
//! The record thread and the sealed file never wait for the text. Text can be cut off at any time ([`Recorder::detach_text`], at lock) and
//! joined again ([`Recorder::attach_text`], at unlock); sound goes on to disk either way.
//!
//! Must never: decode a chunk before it is sealed, drop sound without an event that says so, or hold more plaintext than it says.

mod level;
mod record;
mod recovered;
mod text;

use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

pub use recovered::{RecoverError, transcribe_spool};

use crate::capture::CaptureError;
use crate::spool::{ChunkOpener, ChunkSealer, RecordingId, SpoolError};
use crate::transcribe::{Recogniser, TranscribeError};
use crate::transcript::{Gap, Turn};
use crate::vad::Vad;
use record::Command;
use text::TextState;

/// Seconds of sound in a whole chunk. With what is still in the ring, a crash loses less than 5 s.
pub const CHUNK_S: u32 = 4;

/// What a recording needs.
pub struct RecorderConfig {
    /// [`crate::capture::Microphone::id`]; `None`: the system's default.
    pub device: Option<String>,
    /// The sealed file to make; its folder is made if missing.
    pub path: PathBuf,
    pub recording_id: RecordingId,
    pub sealer: Box<dyn ChunkSealer>,
    /// For the hint that nobody is heard; without it only a dead microphone is noticed. Holds no sound between chunks.
    pub vad: Option<Vad>,
    /// Live text; `None`: only record, until [`Recorder::attach_text`].
    pub text: Option<TextParts>,
}

/// What live text needs. Made by someone who is unlocked.
pub struct TextParts {
    pub recogniser: Box<dyn Recogniser>,
    /// A speech detector of its own.
    pub vad: Vad,
    /// ISO 639-1 code.
    pub language: String,
    /// Reads back from disk what was recorded while no text was attached, or did not fit in memory. Without it such sound is
    /// announced as [`RecorderEvent::NotYetText`].
    pub opener: Option<Box<dyn ChunkOpener>>,
}

/// What the recorder tells, in order, from its own threads. Times are seconds of recorded sound.
/// The handler must be quick (send it on) and must not call the [`Recorder`].
#[derive(Debug)]
pub enum RecorderEvent {
    /// The first sound arrived: only now is "recording" true. Up to 2 s after [`Recorder::start`].
    Started,
    Paused,
    Resumed,
    /// About ten times a second: root mean square and peak, 0 to 1; `clipping`: some samples hit the limit.
    Level {
        rms: f32,
        peak: f32,
        clipping: bool,
    },
    Hint(Hint),
    /// Settled text, in the order of speech.
    Turn(Turn),
    /// Speech that was not understood, or time that was not recorded.
    Gap(Gap),
    /// This stretch is on disk but not in memory, and no opener was given: [`transcribe_spool`] can turn it into text later.
    NotYetText {
        start_s: f64,
        end_s: f64,
    },
    /// All sound of a stopped recording (or up to a detach) has become text.
    TextSettled,
    /// The text stopped for good; the recording goes on.
    TextFailed(TranscribeError),
    /// The text could not begin; the recording goes on.
    TextNotStarted(std::io::Error),
    /// The microphone is gone at `at_s`; what was recorded is kept, and it is looked for every second.
    DeviceLost {
        at_s: f64,
        reason: CaptureError,
    },
    /// It is back; `missing_s` seconds were not recorded.
    DeviceBack {
        missing_s: f64,
    },
    /// The computer was too busy to take all sound: this much is missing.
    Overrun {
        missing_s: f64,
    },
    /// The disk takes nothing. `waiting` sealed chunks are in memory, and are lost in a power cut.
    DiskFull {
        waiting: usize,
        reason: SpoolError,
    },
    /// The disk took everything that waited.
    DiskBack,
    /// The recording ended and is closed on disk. `error`: why it ended by itself, or could not be closed.
    Stopped {
        duration_s: f64,
        path: PathBuf,
        error: Option<SpoolError>,
    },
}

/// What the person should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// Nobody was heard for a while: is the microphone muted, or far away?
    NoSpeech,
    /// The sound is too loud and distorts.
    Clipping,
}

/// Why a recording could not begin.
#[derive(Debug, thiserror::Error)]
pub enum RecorderError {
    #[error(transparent)]
    Capture(#[from] CaptureError),
    #[error(transparent)]
    Spool(#[from] SpoolError),
    #[error("a thread could not be started")]
    Thread(#[source] std::io::Error),
    /// The recording has ended already.
    #[error("the recording has ended")]
    Ended,
}

/// How a recording ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Stopped {
    pub duration_s: f64,
    pub path: PathBuf,
    /// Chunks of sound on disk.
    pub chunks: u32,
    /// False: the disk failed, and [`RecorderEvent::Stopped`] said why; what is on disk is whole up to there.
    pub in_order: bool,
}

type Events = Arc<Mutex<Box<dyn Fn(RecorderEvent) + Send>>>;

type Attached = Arc<Mutex<TextState>>;

/// A running recording. Dropping it stops the recording and cuts the text off.
pub struct Recorder {
    commands: Sender<Command>,
    attached: Attached,
    thread: Option<JoinHandle<Option<Stopped>>>,
    path: PathBuf,
}

impl Recorder {
    /// Opens the microphone and begins the file; returns once both stand (a few milliseconds to some seconds), or with the reason.
    /// Sound flows from [`RecorderEvent::Started`] on.
    pub fn start(config: RecorderConfig, events: impl Fn(RecorderEvent) + Send + 'static) -> Result<Self, RecorderError> {
        let events: Events = Arc::new(Mutex::new(Box::new(events)));
        let attached = Attached::default();
        let (commands, inbox) = channel();
        let (ready, begun) = channel();
        let shared = attached.clone();
        let thread = std::thread::Builder::new()
            .name("scribe-record".to_owned())
            .spawn(move || record::run(config, &events, &shared, &inbox, &ready))
            .map_err(RecorderError::Thread)?;
        let path = begun.recv().map_err(|_| RecorderError::Ended)??;
        Ok(Self { commands, attached, thread: Some(thread), path })
    }

    /// The sealed file.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Sound is thrown away from now on; what came before is sealed at once. The device stays open, so that resuming loses no word.
    pub fn pause(&self) -> Result<(), RecorderError> {
        self.send(Command::Pause)
    }

    pub fn resume(&self) -> Result<(), RecorderError> {
        self.send(Command::Resume)
    }

    /// Cuts the text off, at lock: waiting sound is wiped before this returns, and no turn comes after it. What is left in the clear is
    /// the chunk being filled (4 s at most), and, until the recogniser comes to the end of its present window (a few seconds), that
    /// window. Sound goes on to disk.
    pub fn detach_text(&self) {
        self.attached.lock().unwrap_or_else(PoisonError::into_inner).detach();
    }

    /// Joins text again, at unlock: it begins where the last settled turn ended, read back from disk if `parts` holds an opener.
    /// Replaces what was attached.
    pub fn attach_text(&self, parts: TextParts) -> Result<(), RecorderError> {
        self.send(Command::Attach(Box::new(parts)))
    }

    /// Ends the recording: the last chunk is sealed and the file closed before this returns. Text goes on by itself until
    /// [`RecorderEvent::TextSettled`], as long as this `Recorder` lives and is not detached.
    pub fn stop(&mut self) -> Result<Stopped, RecorderError> {
        // It may have ended by itself: then the send fails, and its result says how.
        let _ = self.commands.send(Command::Stop);
        let thread = self.thread.take().ok_or(RecorderError::Ended)?;
        thread.join().ok().flatten().ok_or(RecorderError::Ended)
    }

    fn send(&self, command: Command) -> Result<(), RecorderError> {
        self.commands.send(command).map_err(|_| RecorderError::Ended)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = self.stop();
        self.detach_text();
    }
}

fn tell(events: &Events, event: RecorderEvent) {
    let handler = events.lock().unwrap_or_else(PoisonError::into_inner);
    handler(event);
}
