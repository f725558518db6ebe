//! Points in hybrid logical time. Total order, unique: (time, desk).

use serde::{Deserialize, Serialize};

/// One installation of the app. Random, 16 bytes, made on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DeskId(pub [u8; 16]);

impl std::fmt::Display for DeskId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Hybrid logical time of one change: NTP64 (seconds since 1970 in the upper 32 bits, fraction in the lower), then the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Clock {
    pub time: u64,
    pub desk: DeskId,
}

/// A stored clock that is not 24 bytes long.
#[derive(Debug, thiserror::Error)]
#[error("a clock is 24 bytes, found {0}")]
pub struct MalformedClock(pub usize);

impl Clock {
    /// Big-endian bytes that sort as clocks do: 8 of time, 16 of desk.
    pub fn to_bytes(self) -> [u8; 24] {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.time.to_be_bytes());
        bytes[8..].copy_from_slice(&self.desk.0);
        bytes
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MalformedClock> {
        let bytes: [u8; 24] = bytes.try_into().map_err(|_| MalformedClock(bytes.len()))?;
        let (mut time, mut desk) = ([0; 8], [0; 16]);
        time.copy_from_slice(&bytes[..8]);
        desk.copy_from_slice(&bytes[8..]);
        Ok(Self { time: u64::from_be_bytes(time), desk: DeskId(desk) })
    }

    /// Wall-clock part in milliseconds since 1970.
    pub fn unix_millis(self) -> i64 {
        let (seconds, fraction) = (self.time >> 32, self.time & 0xffff_ffff);
        (seconds * 1000 + ((fraction * 1000) >> 32)) as i64
    }
}
