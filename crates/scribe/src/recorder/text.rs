//! The text thread: takes sealed chunks in order, cuts them at pauses, and tells turns as they settle.
//!
//! Must never: tell anything after it was cut off, hold more than [`MOST_HELD`] samples of waiting sound, or skip any unsaid.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use thread_priority::{ThreadPriority, ThreadPriorityValue};
use zeroize::{Zeroize as _, Zeroizing};

use super::{Events, RecorderEvent, TextParts, tell};
use crate::resample::RATE;
use crate::spool::{ChunkOpener, Sound, SpoolReader};
use crate::transcribe::{Heard, TranscribeError, hear};
use crate::transcript::Gap;
use crate::vad::{Chunk, Cutter, Pace};

/// Waiting sound that is held in memory, in samples: 10 minutes, 19 MB. What comes on top is read back from disk.
const MOST_HELD: usize = 600 * RATE as usize;

/// A chunk on its way to text.
pub(super) struct Item {
    pub index: u32,
    /// Samples in it.
    pub length: usize,
    /// Not recorded before it, in milliseconds.
    pub missing_ms: u32,
    /// Samples at its front that have become text before.
    pub done: usize,
    /// `None`: only on disk.
    pub sound: Option<Zeroizing<Vec<i16>>>,
    /// All that was said up to here becomes text, without waiting for a pause.
    pub flush: bool,
}

#[derive(Default)]
struct State {
    items: VecDeque<Item>,
    held: usize,
    closed: bool,
    cut_off: bool,
    /// Samples of the recording that have become text or were silence.
    settled: u64,
}

/// Between the record thread and one text thread.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a chunk that is safe on disk. Its sound is let go if too much waits already.
    pub fn push(&self, mut item: Item) {
        let mut state = self.lock();
        if state.cut_off || state.closed {
            return;
        }
        let length = item.sound.as_ref().map_or(0, |s| s.len());
        if state.held + length > MOST_HELD {
            item.sound = None;
        } else {
            state.held += length;
        }
        state.items.push_back(item);
        self.changed.notify_one();
    }

    /// No more comes; the thread ends when all is text.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    /// Wipes what waits, silences the thread, and gives the sample up to which its text was told.
    pub fn cut_off(&self) -> u64 {
        let mut state = self.lock();
        state.cut_off = true;
        state.items.clear();
        self.changed.notify_one();
        state.settled
    }

    pub fn is_cut_off(&self) -> bool {
        self.lock().cut_off
    }

    /// The next chunk; `None` when there will be none.
    fn pop(&self) -> Option<Item> {
        let mut state = self.lock();
        loop {
            if state.cut_off {
                return None;
            }
            if let Some(item) = state.items.pop_front() {
                state.held -= item.sound.as_ref().map_or(0, |s| s.len());
                return Some(item);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// What is attached to a recorder.
#[derive(Default)]
pub(super) struct TextState {
    pub queue: Option<Arc<Queue>>,
    /// Samples of the recording that have become text, as of the last detach.
    pub settled: u64,
}

impl TextState {
    /// Cuts the text off, if there is one, and remembers how far it came.
    pub fn detach(&mut self) {
        if let Some(queue) = self.queue.take() {
            self.settled = queue.cut_off();
        }
    }
}

/// Starts the thread. `from`: sample of the recording at which the first item begins.
pub(super) fn start(parts: TextParts, path: PathBuf, from: u64, events: Events) -> std::io::Result<Arc<Queue>> {
    let queue = Arc::new(Queue { state: Mutex::new(State { settled: from, ..State::default() }), ..Queue::default() });
    let own = queue.clone();
    std::thread::Builder::new().name("scribe-text".to_owned()).spawn(move || {
        // People at the window come first; a system that refuses this only makes the window slower.
        if let Ok(low) = ThreadPriorityValue::try_from(25) {
            let _ = thread_priority::set_current_thread_priority(ThreadPriority::Crossplatform(low));
        }
        let text =
            Text { cutter: Cutter::starting_at(parts.vad, Pace::LIVE, from), recogniser: parts.recogniser, language: parts.language };
        let told = Teller { queue: &own, events: &events };
        match run(text, parts.opener.as_deref(), &path, &told) {
            Ok(()) => told.tell(RecorderEvent::TextSettled),
            Err(error) => {
                told.tell(RecorderEvent::TextFailed(error));
                own.cut_off();
            }
        }
    })?;
    Ok(queue)
}

struct Text {
    cutter: Cutter,
    recogniser: Box<dyn crate::transcribe::Recogniser>,
    language: String,
}

/// Tells nothing once the text was cut off.
struct Teller<'a> {
    queue: &'a Queue,
    events: &'a Events,
}

impl Teller<'_> {
    fn tell(&self, event: RecorderEvent) {
        // The lock is held while telling: after `cut_off` returned, no turn can come.
        let state = self.queue.lock();
        if !state.cut_off {
            tell(self.events, event);
        }
    }

    /// Tells what was heard and that all is text up to this sample: both or, once cut off, neither, so that nothing is told twice.
    fn settle(&self, heard: Heard, settled: u64) {
        let mut state = self.queue.lock();
        if state.cut_off {
            return;
        }
        heard
            .turns
            .into_iter()
            .map(RecorderEvent::Turn)
            .chain(heard.gaps.into_iter().map(RecorderEvent::Gap))
            .for_each(|e| tell(self.events, e));
        state.settled = state.settled.max(settled);
    }
}

fn run(mut text: Text, opener: Option<&dyn ChunkOpener>, path: &Path, told: &Teller<'_>) -> Result<(), TranscribeError> {
    let mut disk = opener.map(|opener| Replay { path, opener, reader: None });
    while let Some(item) = told.queue.pop() {
        if item.missing_ms >= 500 {
            let chunks = text.cutter.flush()?;
            text.hear(chunks, told)?;
            told.tell(RecorderEvent::Gap(not_recorded(text.cutter.settled_s())));
        }
        let sound = match item.sound {
            Some(sound) => Some(sound),
            None => disk.as_mut().and_then(|d| d.sound(item.index)).map(|s| s.samples),
        };
        let chunks = match sound {
            Some(mut sound) => {
                let fresh = sound.get(item.done..).unwrap_or_default();
                let samples = Zeroizing::new(fresh.iter().map(|s| f32::from(*s) / 32_768.0).collect::<Vec<f32>>());
                sound.zeroize();
                text.cutter.push(&samples)?
            }
            None => {
                let length = item.length.saturating_sub(item.done) as f64 / f64::from(RATE);
                let chunks = text.cutter.flush()?;
                let start_s = text.cutter.settled_s();
                told.tell(RecorderEvent::NotYetText { start_s, end_s: start_s + length });
                text.hear(chunks, told)?;
                text.cutter.skip(length)?
            }
        };
        text.hear(chunks, told)?;
        if item.flush {
            let chunks = text.cutter.flush()?;
            text.hear(chunks, told)?;
        }
    }
    if !told.queue.is_cut_off() {
        let chunks = text.cutter.flush()?;
        text.hear(chunks, told)?;
    }
    Ok(())
}

impl Text {
    fn hear(&mut self, chunks: Vec<Chunk>, told: &Teller<'_>) -> Result<(), TranscribeError> {
        let sample = |seconds: f64| (seconds * f64::from(RATE)).round() as u64;
        for chunk in chunks {
            if told.queue.is_cut_off() {
                return Ok(());
            }
            let heard = hear(&mut *self.recogniser, &chunk, &self.language, crate::speakers::FIRST)?;
            told.settle(heard, sample(chunk.end_s()));
        }
        if !self.cutter.holds_speech() {
            told.settle(Heard::default(), sample(self.cutter.settled_s()));
        }
        Ok(())
    }
}

/// Time that was not recorded: it has a place in the sound, and no length.
pub(super) fn not_recorded(at_s: f64) -> Gap {
    let at_s = (at_s * 1000.0).round() / 1000.0;
    Gap { start_s: at_s, end_s: at_s, reason: "not_recorded".to_owned() }
}

/// Chunks read back from a file that is still being written.
struct Replay<'a> {
    path: &'a Path,
    opener: &'a dyn ChunkOpener,
    reader: Option<SpoolReader<std::io::BufReader<std::fs::File>>>,
}

impl Replay<'_> {
    fn sound(&mut self, index: u32) -> Option<Sound> {
        // A reader knows the file as long as it was when opened: one fresh try beyond its end.
        for _ in 0..2 {
            let reader = match &mut self.reader {
                Some(reader) => reader,
                none => none.insert(SpoolReader::open(self.path).ok()?),
            };
            while let Ok(Some(sealed)) = reader.next_sealed() {
                if sealed.index == index {
                    let id = *reader.recording_id();
                    return crate::spool::unseal(&id, &sealed, self.opener).ok();
                }
            }
            self.reader = None;
        }
        None
    }
}
