//! Shared by the header's vector tests and the example that writes the vectors.

pub mod surgery;

use std::path::PathBuf;

use crypto::StaffId;
use serde::{Deserialize, Serialize};

pub const MANAGER: StaffId = StaffId([0x11; 16]);
pub const DOCTOR: StaffId = StaffId([0x22; 16]);
pub const CLINIC: &str = "Klinik Kampung Baru";
pub const MANAGER_PASSWORD: &str = "jambatan hijau tujuh";
pub const DOCTOR_PASSWORD: &str = "three quiet herons";
/// The vectors' keyring secret is this byte, 32 times.
pub const KEYRING_BYTE: u8 = 0x42;

/// What a good header must open to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Expected {
    pub vault_id: String,
    pub generation: u64,
    pub database_key: String,
    pub recovery_words: String,
    pub recording_key: String,
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/header")
}
