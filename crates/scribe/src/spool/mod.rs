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

mod folder;
mod read;
mod write;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

pub use folder::{Found, recover};
pub use read::{Sealed, Sound, SpoolReader, unseal};
pub use write::{Appended, Spool};

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

const SOUND: u8 = 1;
const END: u8 = 2;

fn check(what: u8, index: u32, sealed: &[u8]) -> [u8; CHECK] {
    let mut hasher = Sha256::new();
    hasher.update([what]);
    hasher.update(index.to_le_bytes());
    hasher.update(sealed);
    let mut out = [0; CHECK];
    out.copy_from_slice(&hasher.finalize()[..CHECK]);
    out
}

fn kind(error: std::io::Error) -> SpoolError {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    match error.kind() {
        StorageFull | QuotaExceeded => SpoolError::DiskFull(error),
        _ => SpoolError::Io(error),
    }
}

#[cfg(test)]
mod tests;
