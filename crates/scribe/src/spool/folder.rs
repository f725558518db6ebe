//! What a crash left of a spool, and the folder that must remember it.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use super::{RecordingId, SpoolError, SpoolReader};

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
    Ok(Found {
        path: path.to_owned(),
        recording_id: *reader.recording_id(),
        chunks,
        stopped_in_order: reader.stopped_in_order(),
        torn_bytes,
    })
}

pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    // Windows has no such call; NTFS journals the entry.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
