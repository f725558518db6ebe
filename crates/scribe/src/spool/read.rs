//! Reading a spool from front to back, whatever its bytes are.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use zeroize::Zeroizing;

use super::{
    CHECK, ChunkOpener, END, FRAME_HEAD, HEADER, MAGIC, MOST_SAMPLES, MOST_SEALED, RecordingId, SOUND, SpoolError, VERSION, check,
};

/// Sound of one chunk, wiped on drop.
pub struct Sound {
    pub index: u32,
    /// Milliseconds before it that were not recorded (paused, or the microphone was gone).
    pub missing_ms: u32,
    /// 16 kHz mono.
    pub samples: Zeroizing<Vec<i16>>,
}

impl Sound {
    /// As the recogniser wants it: -1 to 1.
    pub fn to_f32(&self) -> Zeroizing<Vec<f32>> {
        Zeroizing::new(self.samples.iter().map(|s| f32::from(*s) / 32_768.0).collect())
    }
}

/// One frame as it lies on disk.
#[derive(Debug, PartialEq, Eq)]
pub struct Sealed {
    pub index: u32,
    pub bytes: Vec<u8>,
    end: bool,
    /// Where the frame begins in the file.
    at: u64,
}

/// Reads a spool from front to back; needs no key.
pub struct SpoolReader<R> {
    source: R,
    recording_id: RecordingId,
    next: u32,
    /// End of the last whole frame.
    pub(super) good: u64,
    length: u64,
    ended: bool,
    done: bool,
}

impl SpoolReader<BufReader<File>> {
    pub fn open(path: &Path) -> Result<Self, SpoolError> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Self::new(BufReader::new(file), length)
    }
}

impl<R: std::io::Read> SpoolReader<R> {
    /// `length` is the source's length in bytes: no frame that claims more is believed.
    pub fn new(mut source: R, length: u64) -> Result<Self, SpoolError> {
        let mut head = [0; HEADER as usize];
        match source.read_exact(&mut head) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => return Err(SpoolError::NotASpool),
            Err(e) => return Err(e.into()),
        }
        let mut recording_id = [0; 16];
        recording_id.copy_from_slice(&head[8..]);
        if &head[..8] != MAGIC {
            return Err(SpoolError::NotASpool);
        }
        Ok(Self { source, recording_id, next: 0, good: HEADER, length, ended: false, done: false })
    }

    pub fn recording_id(&self) -> &RecordingId {
        &self.recording_id
    }

    /// The next whole frame of sound; `None` at the end, or where the file is torn.
    pub fn next_sealed(&mut self) -> Result<Option<Sealed>, SpoolError> {
        match self.next_frame()? {
            Some(frame) if frame.end => Ok(None),
            frame => Ok(frame),
        }
    }

    /// The next chunk of sound, opened.
    pub fn next_sound(&mut self, opener: &dyn ChunkOpener) -> Result<Option<Sound>, SpoolError> {
        match self.next_sealed()? {
            Some(sealed) => Ok(Some(unseal(&self.recording_id, &sealed, opener)?)),
            None => Ok(None),
        }
    }

    /// After the last frame: whether an end mark was found (the recording was stopped, not cut off).
    pub fn stopped_in_order(&self) -> bool {
        self.ended
    }

    /// After the last frame: bytes behind it that are no whole frame.
    pub fn torn_bytes(&self) -> u64 {
        self.length.saturating_sub(self.good)
    }

    fn next_frame(&mut self) -> Result<Option<Sealed>, SpoolError> {
        if self.done {
            return Ok(None);
        }
        let frame = self.whole_frame()?;
        match &frame {
            None => self.done = true,
            Some(frame) => {
                self.next += 1;
                self.good = frame.at + (FRAME_HEAD + frame.bytes.len() + CHECK) as u64;
                self.ended = frame.end;
                self.done = frame.end;
            }
        }
        Ok(frame)
    }

    fn whole_frame(&mut self) -> Result<Option<Sealed>, SpoolError> {
        let mut head = [0; FRAME_HEAD];
        if !fill(&mut self.source, &mut head)? {
            return Ok(None);
        }
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let index = u32::from_le_bytes([head[5], head[6], head[7], head[8]]);
        let left = self.length.saturating_sub(self.good);
        let possible = (1..=MOST_SEALED).contains(&length) && (FRAME_HEAD + length + CHECK) as u64 <= left;
        if !possible || index != self.next || !matches!(head[4], SOUND | END) {
            return Ok(None);
        }
        let mut bytes = vec![0; length];
        let mut found = [0; CHECK];
        if !fill(&mut self.source, &mut bytes)? || !fill(&mut self.source, &mut found)? || found != check(head[4], index, &bytes) {
            return Ok(None);
        }
        Ok(Some(Sealed { index, bytes, end: head[4] == END, at: self.good }))
    }
}

/// Opens one frame of sound.
pub fn unseal(recording_id: &RecordingId, sealed: &Sealed, opener: &dyn ChunkOpener) -> Result<Sound, SpoolError> {
    let plain = opener.open(recording_id, sealed.index, &sealed.bytes)?;
    let damaged = || SpoolError::Damaged(sealed.index);
    let (head, sound) = plain.split_at_checked(5).ok_or_else(damaged)?;
    if head[0] != VERSION || sound.len() % 2 != 0 || sound.len() / 2 > MOST_SAMPLES {
        return Err(damaged());
    }
    Ok(Sound {
        index: sealed.index,
        missing_ms: u32::from_le_bytes([head[1], head[2], head[3], head[4]]),
        samples: Zeroizing::new(sound.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect()),
    })
}

/// False at the end of the source, also in the middle of `buffer`.
fn fill(source: &mut impl std::io::Read, buffer: &mut [u8]) -> Result<bool, SpoolError> {
    match source.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
        Err(e) => Err(e.into()),
    }
}
