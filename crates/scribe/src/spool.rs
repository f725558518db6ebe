//! Sound on its way to disk: one append-only file a recording, of sealed chunks, each synced before the next is begun.
//!
//! Knows no key: the caller brings a [`ChunkSealer`] that can only close (a public key is enough), and later a [`ChunkOpener`].
//! Must never: write a sample that is not sealed, overwrite what is on disk, or trust a length or a number it reads there.
//!
//! ```text
//! file  = "GLSPOOL1" recording_id[16] frame*
//! frame = length:u32le kind:u8 index:u32le sealed[length] check[8]
//!   kind 1 sound, 2 end (written by an orderly stop); index counts from 0 over both; check = first bytes of SHA-256 over kind, index, sealed
//! sealed sound = 1 version:u8, missing_ms:u32le (time not recorded before this chunk), i16le samples at 16 kHz
//! sealed end   = 1 version:u8, chunks:u32le
//! ```
//! A frame that is cut off or whose check fails ends the file: what stands before it is whole, for every frame was synced on its own.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Most samples in a chunk: 5 s at 16 kHz. What a crash can lose is at most what was not yet a chunk.
pub const MOST_SAMPLES: usize = 5 * crate::resample::RATE as usize;
const MAGIC: &[u8; 8] = b"GLSPOOL1";
const HEADER: u64 = 24;
const FRAME_HEAD: usize = 9;
const CHECK: usize = 8;
const VERSION: u8 = 1;
/// Most sealed bytes in a frame: a full chunk and what sealing adds.
const MOST_SEALED: usize = 2 * MOST_SAMPLES + 4096;

/// Identity of a recording: opaque here, bound into every sealed chunk by the caller's sealer.
pub type RecordingId = [u8; 16];

/// The caller's own reason why it could not seal or open.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SealError(#[from] pub Box<dyn std::error::Error + Send + Sync>);

/// Closes chunks. `index` and `recording_id` must be bound into the result (associated data), so that chunks cannot be moved.
pub trait ChunkSealer: Send {
    fn seal(&self, recording_id: &RecordingId, index: u32, plaintext: &[u8]) -> Result<Vec<u8>, SealError>;
}

/// Opens chunks; only someone who is unlocked has one.
pub trait ChunkOpener: Send {
    fn open(&self, recording_id: &RecordingId, index: u32, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError>;
}

/// Why a spool could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// The disk is full; what was written before is whole, and the same chunk can be tried again.
    #[error("the disk is full")]
    DiskFull(#[source] std::io::Error),
    /// The file could not be written or read.
    #[error("the recording file failed")]
    Io(#[from] std::io::Error),
    /// The caller's sealer or opener failed.
    #[error("a chunk of the recording could not be sealed or opened")]
    Seal(#[from] SealError),
    /// Not a spool, or of a newer version.
    #[error("this is not a recording of this app, or one of a newer version")]
    NotASpool,
    /// A chunk is too long to be one.
    #[error("a chunk of the recording has an impossible size")]
    Size,
    /// The opened chunk is not what its place says.
    #[error("chunk {0} of the recording is damaged")]
    Damaged(u32),
}

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

/// Most frames that are kept in memory, sealed, while the disk takes none: about 10 minutes, 20 MB.
const MOST_WAITING: usize = 128;

/// What became of a chunk.
#[derive(Debug)]
pub struct Appended {
    pub index: u32,
    /// `Ok` when it and all before it survive a power cut; else why the disk took none. The sealed chunk waits in memory then,
    /// and is written with the next one, or by [`Spool::save`].
    pub saved: Result<(), SpoolError>,
}

/// A spool being written.
pub struct Spool {
    file: File,
    path: PathBuf,
    recording_id: RecordingId,
    sealer: Box<dyn ChunkSealer>,
    next: u32,
    /// End of the last whole frame.
    good: u64,
    chunks: u32,
    /// Sealed frames that the disk has not taken.
    waiting: VecDeque<Vec<u8>>,
}

impl Spool {
    /// Begins the file at `path`, whose folder is made if missing; readable by this user only. A file that is there is never touched.
    pub fn create(path: &Path, recording_id: RecordingId, sealer: Box<dyn ChunkSealer>) -> Result<Self, SpoolError> {
        let path = path.to_owned();
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(kind)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(kind)?;
        let mut head = MAGIC.to_vec();
        head.extend_from_slice(&recording_id);
        let written = file.write_all(&head).and_then(|()| file.sync_all()).and_then(|()| sync_folder(folder));
        if let Err(error) = written {
            drop(file);
            // An empty file holds nothing; if it cannot be removed either, recovery passes over it.
            let _ = std::fs::remove_file(&path);
            return Err(kind(error));
        }
        Ok(Self { file, path, recording_id, sealer, next: 0, good: HEADER, chunks: 0, waiting: VecDeque::new() })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Chunks of sound so far.
    pub fn chunks(&self) -> u32 {
        self.chunks
    }

    /// Sealed frames that wait for the disk.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Seals, appends and syncs one chunk of at most [`MOST_SAMPLES`]. `missing_ms`: time before it that was not recorded.
    /// An error means that the chunk was not taken: it could not be sealed, or too many already wait for the disk.
    pub fn append(&mut self, samples: &[i16], missing_ms: u32) -> Result<Appended, SpoolError> {
        if samples.is_empty() || samples.len() > MOST_SAMPLES {
            return Err(SpoolError::Size);
        }
        if self.waiting.len() >= MOST_WAITING {
            self.save()?;
        }
        let mut plain = Zeroizing::new(Vec::with_capacity(5 + 2 * samples.len()));
        plain.push(VERSION);
        plain.extend_from_slice(&missing_ms.to_le_bytes());
        for sample in samples {
            plain.extend_from_slice(&sample.to_le_bytes());
        }
        let index = self.frame(SOUND, &plain)?;
        self.chunks += 1;
        Ok(Appended { index, saved: self.save() })
    }

    /// Writes and syncs the frames that wait.
    pub fn save(&mut self) -> Result<(), SpoolError> {
        while let Some(frame) = self.waiting.front() {
            if let Err(error) = self.file.write_all(frame).and_then(|()| self.file.sync_data()) {
                // Take back half a frame, so that the next try stands where a reader looks for it.
                let _ = self.file.set_len(self.good);
                let _ = self.file.seek(SeekFrom::Start(self.good));
                return Err(kind(error));
            }
            self.good += frame.len() as u64;
            self.waiting.pop_front();
        }
        Ok(())
    }

    /// Marks an orderly end. An error leaves a file that looks cut off, without what still waited.
    pub fn finish(mut self) -> Result<PathBuf, SpoolError> {
        let mut plain = vec![VERSION];
        plain.extend_from_slice(&self.chunks.to_le_bytes());
        self.frame(END, &plain)?;
        self.save()?;
        Ok(self.path)
    }

    fn frame(&mut self, what: u8, plain: &[u8]) -> Result<u32, SpoolError> {
        let index = self.next;
        let sealed = self.sealer.seal(&self.recording_id, index, plain)?;
        if sealed.is_empty() || sealed.len() > MOST_SEALED {
            return Err(SpoolError::Size);
        }
        let mut frame = Vec::with_capacity(FRAME_HEAD + sealed.len() + CHECK);
        frame.extend_from_slice(&(sealed.len() as u32).to_le_bytes());
        frame.push(what);
        frame.extend_from_slice(&index.to_le_bytes());
        frame.extend_from_slice(&sealed);
        frame.extend_from_slice(&check(what, index, &sealed));
        self.waiting.push_back(frame);
        self.next += 1;
        Ok(index)
    }
}

const SOUND: u8 = 1;
const END: u8 = 2;

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
    good: u64,
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

/// What a spool on disk holds, as far as can be told without a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub path: PathBuf,
    pub recording_id: RecordingId,
    /// Whole chunks, 5 s of sound each and less.
    pub chunks: u32,
    /// False: the app ended while it recorded.
    pub stopped_in_order: bool,
    /// Bytes of a last, unfinished chunk that were cut off.
    pub torn_bytes: u64,
}

/// Looks through one spool and cuts a torn end off. Call it before anything else at start, never on a spool being written.
pub fn recover(path: &Path) -> Result<Found, SpoolError> {
    let mut reader = SpoolReader::open(path)?;
    let mut chunks = 0;
    while reader.next_sealed()?.is_some() {
        chunks += 1;
    }
    let torn_bytes = reader.torn_bytes();
    if torn_bytes > 0 {
        let file = OpenOptions::new().write(true).open(path)?;
        file.set_len(reader.good)?;
        file.sync_all()?;
    }
    Ok(Found { path: path.to_owned(), recording_id: reader.recording_id, chunks, stopped_in_order: reader.ended, torn_bytes })
}

/// All spool files in `folder`, in no order; none if the folder is missing. Files that are no spools stay untouched and are passed over.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, SpoolError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e.into()),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "spool") && path.is_file() {
            paths.push(path);
        }
    }
    Ok(paths)
}

/// Deletes a spool for good: file and folder entry are synced. What makes it unreadable is that its key is gone.
pub fn remove(path: &Path) -> Result<(), SpoolError> {
    std::fs::remove_file(path)?;
    if let Some(folder) = path.parent() {
        sync_folder(folder)?;
    }
    Ok(())
}

fn check(what: u8, index: u32, sealed: &[u8]) -> [u8; CHECK] {
    let mut hasher = Sha256::new();
    hasher.update([what]);
    hasher.update(index.to_le_bytes());
    hasher.update(sealed);
    let mut out = [0; CHECK];
    out.copy_from_slice(&hasher.finalize()[..CHECK]);
    out
}

/// False at the end of the source, also in the middle of `buffer`.
fn fill(source: &mut impl std::io::Read, buffer: &mut [u8]) -> Result<bool, SpoolError> {
    match source.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
        Err(e) => Err(e.into()),
    }
}

fn kind(error: std::io::Error) -> SpoolError {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    match error.kind() {
        StorageFull | QuotaExceeded => SpoolError::DiskFull(error),
        _ => SpoolError::Io(error),
    }
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    // Windows has no such call; NTFS journals the entry.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Not secret: turns bytes over and binds place and recording, so that tests see tampering and misplacement.
    struct Flip;

    impl ChunkSealer for Flip {
        fn seal(&self, id: &RecordingId, index: u32, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
            let mut out: Vec<u8> = plaintext.iter().map(|b| b ^ 0xa5).collect();
            out.extend_from_slice(&index.to_le_bytes());
            out.extend_from_slice(id);
            Ok(out)
        }
    }

    impl ChunkOpener for Flip {
        fn open(&self, id: &RecordingId, index: u32, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
            let (body, bound) = sealed.split_at_checked(sealed.len().saturating_sub(20)).ok_or_else(|| SealError("short".into()))?;
            if bound != [&index.to_le_bytes()[..], id].concat() {
                return Err(SealError("another place".into()));
            }
            Ok(Zeroizing::new(body.iter().map(|b| b ^ 0xa5).collect()))
        }
    }

    const ID: RecordingId = [7; 16];

    fn written(chunks: &[&[i16]], end: bool) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::create(&folder.path().join("a.spool"), ID, Box::new(Flip)).unwrap();
        for (i, chunk) in chunks.iter().enumerate() {
            let appended = spool.append(chunk, i as u32 * 10).unwrap();
            assert!(appended.index == i as u32 && appended.saved.is_ok());
        }
        let path = spool.path().to_owned();
        if end {
            spool.finish().unwrap();
        }
        (folder, path)
    }

    fn sounds(path: &Path) -> Result<Vec<(u32, Vec<i16>)>, SpoolError> {
        let mut reader = SpoolReader::open(path)?;
        let mut out = Vec::new();
        while let Some(sound) = reader.next_sound(&Flip)? {
            out.push((sound.missing_ms, sound.samples.to_vec()));
        }
        Ok(out)
    }

    #[test]
    fn what_is_written_is_read() {
        let long = vec![-3; MOST_SAMPLES];
        let (_folder, path) = written(&[&[1, -2, 3], &long], true);
        assert_eq!(sounds(&path).unwrap(), [(0, vec![1, -2, 3]), (10, long)]);
        let found = recover(&path).unwrap();
        assert_eq!((found.chunks, found.stopped_in_order, found.torn_bytes, found.recording_id), (2, true, 0, ID));
    }

    #[test]
    fn a_file_cut_anywhere_keeps_its_whole_chunks_and_is_mended() {
        let (folder, path) = written(&[&[1; 40], &[2; 40], &[3; 40]], false);
        let whole = std::fs::read(&path).unwrap();
        let frame = (whole.len() - HEADER as usize) / 3;
        for cut in HEADER as usize..whole.len() {
            let torn = folder.path().join("torn.spool");
            std::fs::write(&torn, &whole[..cut]).unwrap();
            let kept = (cut - HEADER as usize) / frame;
            let found = recover(&torn).unwrap();
            assert_eq!((found.chunks as usize, found.stopped_in_order), (kept, false), "cut at {cut}");
            assert_eq!(found.torn_bytes as usize, cut - HEADER as usize - kept * frame);
            assert_eq!(std::fs::metadata(&torn).unwrap().len() as usize, HEADER as usize + kept * frame);
            assert_eq!(sounds(&torn).unwrap().len(), kept);
        }
    }

    #[test]
    fn a_flipped_bit_ends_the_recording_there_and_a_moved_chunk_is_noticed() {
        let (folder, path) = written(&[&[1; 40], &[2; 40]], true);
        let mut bytes = std::fs::read(&path).unwrap();
        let frame = FRAME_HEAD + 5 + 80 + 20 + CHECK;
        let second = HEADER as usize + frame;
        bytes[second + FRAME_HEAD + 8] ^= 1;
        let bad = folder.path().join("bad.spool");
        std::fs::write(&bad, &bytes).unwrap();
        assert_eq!(sounds(&bad).unwrap().len(), 1);
        // Another recording's header before these chunks: every check holds, the seal does not.
        let mut moved = std::fs::read(&path).unwrap();
        moved[8] ^= 1;
        std::fs::write(&bad, &moved).unwrap();
        assert!(matches!(sounds(&bad), Err(SpoolError::Seal(_))));
    }

    #[test]
    fn other_files_are_no_spools() {
        let folder = tempfile::tempdir().unwrap();
        for bytes in [&b""[..], b"GLSPOOL1", b"GLSPOOL2aaaaaaaaaaaaaaaa", b"RIFF"] {
            let path = folder.path().join("x.spool");
            std::fs::write(&path, bytes).unwrap();
            assert!(matches!(recover(&path), Err(SpoolError::NotASpool)), "{bytes:?}");
            assert_eq!(std::fs::read(&path).unwrap(), bytes);
        }
    }

    /// /dev/full takes no byte: the spool is pointed at it for a while.
    #[cfg(target_os = "linux")]
    #[test]
    fn while_the_disk_is_full_chunks_wait_sealed_and_none_is_lost_unsaid() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::create(&folder.path().join("a.spool"), ID, Box::new(Flip)).unwrap();
        let path = spool.path().to_owned();
        spool.append(&[0; 10], 0).unwrap().saved.unwrap();
        spool.file = OpenOptions::new().write(true).open("/dev/full").unwrap();
        for i in 1..=MOST_WAITING as i16 {
            let appended = spool.append(&[i; 10], 0).unwrap();
            assert!(matches!(appended.saved, Err(SpoolError::DiskFull(_))));
        }
        assert!(matches!(spool.append(&[-1; 10], 0), Err(SpoolError::DiskFull(_))), "no more is taken");
        assert_eq!(sounds(&path).unwrap().len(), 1);
        spool.file = OpenOptions::new().append(true).open(&path).unwrap();
        spool.append(&[500; 10], 0).unwrap().saved.unwrap();
        spool.finish().unwrap();
        let read: Vec<i16> = sounds(&path).unwrap().iter().map(|(_, s)| s[0]).collect();
        assert_eq!(read, (0..=MOST_WAITING as i16).chain([500]).collect::<Vec<_>>());
    }

    #[cfg(unix)]
    #[test]
    fn only_its_user_can_read_a_spool() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, path) = written(&[&[1]], true);
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic_or_read_beyond_them(body in prop::collection::vec(any::<u8>(), 0..400), claimed in any::<u64>()) {
            let bytes = [&MAGIC[..], &ID, &body].concat();
            let mut reader = SpoolReader::new(&bytes[..], claimed.min(1 << 40)).unwrap();
            while let Ok(Some(sealed)) = reader.next_sealed() {
                prop_assert!(sealed.bytes.len() <= body.len());
                let _ = unseal(&ID, &sealed, &Flip);
            }
        }

        #[test]
        fn damage_never_yields_other_sound(at in 24_usize..600, with in any::<u8>()) {
            let (folder, path) = written(&[&[1; 40], &[2; 40], &[3; 40]], true);
            let mut bytes = std::fs::read(&path).unwrap();
            let at = at.min(bytes.len() - 1);
            bytes[at] = with;
            let bad = folder.path().join("bad.spool");
            std::fs::write(&bad, &bytes).unwrap();
            for (i, (_, samples)) in sounds(&bad).unwrap().iter().enumerate() {
                prop_assert_eq!(samples, &vec![i as i16 + 1; 40]);
            }
        }
    }
}
