//! The record thread: owns the microphone and the sealed file.
//!
//! Must never: wait for the text, or end while the microphone can come back.

use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use zeroize::{Zeroize as _, Zeroizing};

use super::level::Meter;
use super::text::{self, Item};
use super::{Attached, CHUNK_S, Events, RecorderConfig, RecorderError, RecorderEvent, Stopped, TextParts, tell};
use crate::capture::{CaptureError, Input};
use crate::resample::{RATE, Resample};
use crate::spool::{Spool, SpoolError};
use crate::vad::Vad;

/// Samples in a chunk.
const CHUNK: usize = (CHUNK_S * RATE) as usize;
/// How often the ring is emptied.
const TICK: Duration = Duration::from_millis(20);
/// A device that is silent for this long is taken for gone (some report nothing when they are unplugged or the computer slept).
const DEAD: Duration = Duration::from_secs(4);
/// The first callback may take this long.
const WAKING: Duration = Duration::from_secs(10);
/// How often a lost device is looked for.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pub(super) enum Command {
    Pause,
    Resume,
    Attach(Box<TextParts>),
    Stop,
}

/// A chunk on disk, as a later text thread needs to know it.
struct Past {
    start: u64,
    length: usize,
    missing_ms: u32,
}

struct Work<'a> {
    events: &'a Events,
    attached: &'a Attached,
    spool: Spool,
    vad: Option<Vad>,
    meter: Meter,
    /// 16 kHz, not yet sealed.
    chunk: Zeroizing<Vec<i16>>,
    past: Vec<Past>,
    /// Samples sealed.
    sealed: u64,
    /// Not recorded before the chunk that is being filled.
    missing: Duration,
    /// Since when nothing is recorded; counted into `missing` by the next sound.
    hole: Option<Instant>,
    disk_full: bool,
}

/// The microphone, or the wait for it.
enum Mic {
    /// `heard`: calls of the device, and when the last new one was seen. `lost`: since when it had been gone.
    Open {
        input: Box<Input>,
        resample: Box<Resample>,
        opened: Instant,
        heard: Option<(u64, Instant)>,
        lost: Option<Instant>,
    },
    Lost {
        since: Instant,
        look: Instant,
    },
}

pub(super) fn run(
    config: RecorderConfig,
    events: &Events,
    attached: &Attached,
    inbox: &Receiver<Command>,
    ready: &Sender<Result<std::path::PathBuf, RecorderError>>,
) -> Option<Stopped> {
    let RecorderConfig { device, path, recording_id, sealer, vad, text } = config;
    let begun =
        open(device.as_deref(), None).map_err(RecorderError::from).and_then(|mic| Ok((mic, Spool::create(&path, recording_id, sealer)?)));
    let (mic, spool) = match begun {
        Ok(begun) => begun,
        Err(error) => {
            // Who asked waits for this answer; if he is gone, nobody is left to tell.
            let _ = ready.send(Err(error));
            return None;
        }
    };
    let mut work = Work {
        events,
        attached,
        spool,
        vad,
        meter: Meter::default(),
        chunk: Zeroizing::new(Vec::with_capacity(CHUNK)),
        past: Vec::new(),
        sealed: 0,
        missing: Duration::ZERO,
        hole: None,
        disk_full: false,
    };
    let _ = ready.send(Ok(work.spool.path().to_owned()));
    if let Some(parts) = text {
        work.attach(parts);
    }
    let fault = work.record(mic, device.as_deref(), inbox).err();
    Some(work.close(fault))
}

fn open(device: Option<&str>, lost: Option<Instant>) -> Result<Mic, CaptureError> {
    let input = Box::new(Input::open(device)?);
    let resample = Box::new(Resample::new(input.rate).map_err(|_| CaptureError::Format)?);
    Ok(Mic::Open { input, resample, opened: Instant::now(), heard: None, lost })
}

impl Work<'_> {
    fn record(&mut self, mut mic: Mic, device: Option<&str>, inbox: &Receiver<Command>) -> Result<(), SpoolError> {
        let mut started = false;
        let mut paused = false;
        let mut raw = Zeroizing::new(Vec::with_capacity(192_000));
        let mut sound = Zeroizing::new(Vec::with_capacity(2 * RATE as usize));
        loop {
            match inbox.recv_timeout(TICK) {
                Ok(Command::Pause) if !paused => {
                    // What is in the ring was said before the pause.
                    self.take(&mut mic, &mut raw, &mut sound, false)?;
                    self.seal()?;
                    self.settle();
                    self.hole.get_or_insert_with(Instant::now);
                    paused = true;
                    tell(self.events, RecorderEvent::Paused);
                }
                Ok(Command::Resume) if paused => {
                    self.take(&mut mic, &mut raw, &mut sound, true)?;
                    paused = false;
                    self.meter.restart();
                    tell(self.events, RecorderEvent::Resumed);
                }
                Ok(Command::Attach(parts)) => self.attach(*parts),
                Ok(Command::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    self.take(&mut mic, &mut raw, &mut sound, paused)?;
                    if let Mic::Open { resample, .. } = &mut mic
                        && !paused
                        && resample.finish(&mut sound).is_ok()
                    {
                        self.keep(&sound)?;
                    }
                    return self.seal();
                }
                Ok(Command::Pause | Command::Resume) | Err(RecvTimeoutError::Timeout) => {}
            }
            self.take(&mut mic, &mut raw, &mut sound, paused)?;
            mic = self.look_after(mic, device, &mut started, paused)?;
        }
    }

    /// Empties the ring into the chunk, or nowhere.
    fn take(&mut self, mic: &mut Mic, raw: &mut Vec<f32>, sound: &mut Vec<f32>, throw_away: bool) -> Result<(), SpoolError> {
        let Mic::Open { input, resample, .. } = mic else { return Ok(()) };
        raw.clear();
        input.take(raw);
        let lost = input.take_overflow();
        if throw_away {
            raw.zeroize();
            return Ok(());
        }
        if lost > 0 {
            let missing_s = lost as f64 / f64::from(input.rate);
            self.missing += Duration::from_secs_f64(missing_s);
            tell(self.events, RecorderEvent::Overrun { missing_s });
        }
        if raw.is_empty() {
            return Ok(());
        }
        if let Some(since) = self.hole.take() {
            let came = Duration::from_secs_f64(raw.len() as f64 / f64::from(input.rate));
            self.missing += since.elapsed().saturating_sub(came);
        }
        sound.clear();
        if resample.push(raw, sound).is_err() {
            // Only a fault of the resampler itself: its block is silence rather than the end of the recording.
            sound.resize(raw.len() * RATE as usize / input.rate as usize, 0.0);
        }
        raw.zeroize();
        let events = self.events;
        self.meter.push(sound, |event| tell(events, event));
        self.keep(sound)?;
        sound.zeroize();
        Ok(())
    }

    fn keep(&mut self, sound: &[f32]) -> Result<(), SpoolError> {
        for part in sound.chunks(CHUNK) {
            let (now, later) = part.split_at(part.len().min(CHUNK - self.chunk.len()));
            self.chunk.extend(now.iter().map(to_i16));
            if self.chunk.len() == CHUNK {
                self.seal()?;
            }
            self.chunk.extend(later.iter().map(to_i16));
        }
        Ok(())
    }

    /// Seals what the chunk holds, then hands it to the text.
    fn seal(&mut self) -> Result<(), SpoolError> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let missing_ms = u32::try_from(self.missing.as_millis()).unwrap_or(u32::MAX);
        let appended = match self.spool.append(&self.chunk, missing_ms) {
            Ok(appended) => appended,
            Err(error) => {
                self.chunk.zeroize();
                return Err(error);
            }
        };
        match appended.saved {
            Ok(()) if self.disk_full => {
                self.disk_full = false;
                tell(self.events, RecorderEvent::DiskBack);
            }
            Ok(()) => {}
            Err(reason) => {
                self.disk_full = true;
                tell(self.events, RecorderEvent::DiskFull { waiting: self.spool.waiting(), reason });
            }
        }
        self.missing = Duration::ZERO;
        let length = self.chunk.len();
        self.past.push(Past { start: self.sealed, length, missing_ms });
        self.sealed += length as u64;
        let sound = std::mem::replace(&mut self.chunk, Zeroizing::new(Vec::with_capacity(CHUNK)));
        if let Some(vad) = &mut self.vad {
            let loud = Zeroizing::new(sound.iter().map(|s| f32::from(*s) / 32_768.0).collect::<Vec<f32>>());
            // A detector that fails gives no hint; it is no reason to stop recording.
            if vad.probabilities(&loud).is_ok_and(|p| p.iter().filter(|p| **p > 0.5).count() >= 8) {
                self.meter.heard_speech();
            }
        } else if sound.iter().any(|s| s.unsigned_abs() > 300) {
            self.meter.heard_speech();
        }
        let queue = self.attached.lock().unwrap_or_else(PoisonError::into_inner).queue.clone();
        if let Some(queue) = queue {
            queue.push(Item { index: appended.index, length, missing_ms, done: 0, sound: Some(sound), flush: false });
        }
        Ok(())
    }

    /// Nothing comes for a while: what was said so far becomes text now.
    fn settle(&self) {
        if let Some(queue) = &self.attached.lock().unwrap_or_else(PoisonError::into_inner).queue {
            queue.push(Item { index: 0, length: 0, missing_ms: 0, done: 0, sound: Some(Zeroizing::default()), flush: true });
        }
    }

    /// First sound, loss and return of the microphone.
    fn look_after(&mut self, mic: Mic, device: Option<&str>, started: &mut bool, paused: bool) -> Result<Mic, SpoolError> {
        let now = Instant::now();
        match mic {
            Mic::Open { input, mut resample, opened, heard, lost } => {
                let calls = input.callbacks();
                let heard = match heard {
                    Some((before, seen)) if before == calls => Some((before, seen)),
                    None if calls == 0 => None,
                    first => {
                        if first.is_none() {
                            let missing_s = lost.map_or(0.0, |since| since.elapsed().as_secs_f64());
                            tell(self.events, if *started { RecorderEvent::DeviceBack { missing_s } } else { RecorderEvent::Started });
                            *started = true;
                        }
                        Some((calls, now))
                    }
                };
                let dead = heard.map_or(now - opened > WAKING, |(_, seen)| now - seen > DEAD);
                if !input.is_broken() && !dead {
                    return Ok(Mic::Open { input, resample, opened, heard, lost });
                }
                let mut tail = Zeroizing::new(Vec::new());
                if !paused && resample.finish(&mut tail).is_ok() {
                    self.keep(&tail)?;
                }
                self.seal()?;
                self.settle();
                // It was gone before that was noticed; and if it never came back, for longer.
                let since = lost.filter(|_| heard.is_none()).unwrap_or(heard.map_or(opened, |(_, seen)| seen));
                self.hole.get_or_insert(since);
                if lost.is_none() || heard.is_some() {
                    tell(self.events, RecorderEvent::DeviceLost { at_s: self.seconds(), reason: CaptureError::NotConnected });
                }
                Ok(Mic::Lost { since, look: now + LOOK_AGAIN })
            }
            Mic::Lost { since, look } if now >= look => {
                Ok(open(device, Some(since)).unwrap_or(Mic::Lost { since, look: Instant::now() + LOOK_AGAIN }))
            }
            lost => Ok(lost),
        }
    }

    fn attach(&mut self, parts: TextParts) {
        let mut attached = self.attached.lock().unwrap_or_else(PoisonError::into_inner);
        attached.detach();
        let settled = attached.settled;
        let (first, from) = match parts.opener {
            Some(_) => {
                let first = self.past.partition_point(|p| p.start + p.length as u64 <= settled);
                (first, self.past.get(first).map_or(self.sealed, |p| p.start.max(settled)))
            }
            // Nothing can be read back: say what stays without text, and go on from here.
            None => {
                if settled < self.sealed {
                    let at = |sample: u64| sample as f64 / f64::from(RATE);
                    tell(self.events, RecorderEvent::NotYetText { start_s: at(settled), end_s: at(self.sealed) });
                }
                (self.past.len(), self.sealed)
            }
        };
        match text::start(parts, self.spool.path().to_owned(), from, self.events.clone()) {
            Ok(queue) => {
                for (index, past) in self.past.iter().enumerate().skip(first) {
                    let done = settled.saturating_sub(past.start) as usize;
                    let (length, missing_ms) = (past.length, past.missing_ms);
                    queue.push(Item { index: index as u32, length, missing_ms, done, sound: None, flush: false });
                }
                attached.queue = Some(queue);
            }
            Err(error) => tell(self.events, RecorderEvent::TextNotStarted(error)),
        }
    }

    fn seconds(&self) -> f64 {
        (self.sealed + self.chunk.len() as u64) as f64 / f64::from(RATE)
    }

    fn close(self, fault: Option<SpoolError>) -> Stopped {
        let duration_s = self.sealed as f64 / f64::from(RATE);
        let (path, chunks) = (self.spool.path().to_owned(), self.spool.chunks());
        let closed = self.spool.finish();
        if let Some(queue) = &self.attached.lock().unwrap_or_else(PoisonError::into_inner).queue {
            queue.close();
        }
        let error = fault.or(closed.err());
        let in_order = error.is_none();
        tell(self.events, RecorderEvent::Stopped { duration_s, path: path.clone(), error });
        Stopped { duration_s, path, chunks, in_order }
    }
}

fn to_i16(sample: &f32) -> i16 {
    (sample.clamp(-1.0, 1.0) * 32_767.0).round() as i16
}
