//! Writing a spool: seal, append, sync, and wait sealed in memory while the disk is full.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::folder::sync_folder;
use super::{
    CHECK, ChunkSealer, END, FRAME_HEAD, HEADER, MAGIC, MOST_SAMPLES, MOST_SEALED, RecordingId, SOUND, SpoolError, VERSION, check, kind,
};

/// Most frames that are kept in memory, sealed, while the disk takes none: about 10 minutes, 20 MB.
pub(super) const MOST_WAITING: usize = 128;

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
    pub(super) file: File,
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
