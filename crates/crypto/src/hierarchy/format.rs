//! The header's bytes.
//!
//! ```text
//! "GLADSTONE-VAULT" || version u16 || length u32 || body (CBOR) || checksum[8] || mac[32]      big-endian
//! checksum = SHA-256(everything before it)[0..8]     tells damage from a wrong password
//! mac      = HMAC-SHA256(header MAC key, "gladstone v1 vault header\0" || everything before it)
//! ```
//! CBOR is accepted only in the very form that is written here, so one header has one encoding.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

use super::staff::StaffSection;
use super::{HeaderError, HeaderPart, VaultId};
use crate::envelope::Sealed;
use crate::key::SealingPublicKey;

const MAGIC: &[u8; 15] = b"GLADSTONE-VAULT";
const CHECKSUM: usize = 8;
pub(super) const MAC: usize = 32;
/// Structure is three levels deep; anything deeper is hostile.
const RECURSION_LIMIT: usize = 16;

/// Newest and only version.
pub const VERSION: u16 = 1;
/// Largest header, in bytes.
pub const SIZE_LIMIT: usize = 1024 * 1024;
/// Most staff members in one header.
pub const MAX_STAFF: usize = 500;
/// Longest clinic or display name, in bytes of UTF-8.
pub const NAME_LIMIT: usize = 200;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Body {
    pub vault_id: VaultId,
    pub generation: u64,
    pub recording_key: SealingPublicKey,
    pub recovery: Sealed,
    pub keyring: Keyring,
}

/// How the staff section is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Keyring {
    /// The weaker mode that a manager accepted.
    None {
        section: StaffSection,
    },
    Wrapped {
        key_by_keyring: Sealed,
        key_by_vault: Sealed,
        section: Sealed,
    },
}

pub(super) fn encode_authenticated_part(body: &Body) -> Vec<u8> {
    let body = to_cbor(body);
    let length = u32::try_from(body.len()).expect("bounded by the staff limit");
    let mut bytes = Vec::with_capacity(MAGIC.len() + 6 + body.len() + CHECKSUM + MAC);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_be_bytes());
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&body);
    let checksum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&checksum[..CHECKSUM]);
    bytes
}

pub(super) fn decode(bytes: &[u8]) -> Result<(Body, [u8; MAC]), HeaderError> {
    if bytes.len() > SIZE_LIMIT {
        return Err(HeaderError::TooLarge);
    }
    let seen = bytes.len().min(MAGIC.len());
    if bytes[..seen] != MAGIC[..seen] {
        return Err(HeaderError::NotAVault);
    }
    let rest = bytes.get(MAGIC.len()..).ok_or(HeaderError::Truncated)?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or(HeaderError::Truncated)?;
    let found = u16::from_be_bytes(*version);
    if found != VERSION {
        return Err(HeaderError::Version { found });
    }
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(HeaderError::Truncated)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    let expected = length.saturating_add(CHECKSUM + MAC);
    match rest.len() {
        n if n < expected => return Err(HeaderError::Truncated),
        n if n > expected => return Err(HeaderError::TrailingBytes),
        _ => {}
    }
    let (body, rest) = rest.split_at(length);
    let (checksum, mac) = rest.split_last_chunk::<MAC>().ok_or(HeaderError::Truncated)?;
    let covered = &bytes[..bytes.len() - CHECKSUM - MAC];
    if Sha256::digest(covered)[..CHECKSUM] != *checksum {
        return Err(HeaderError::Damaged { part: HeaderPart::Checksum });
    }
    let body: Body = from_canonical_cbor(body)?;
    if let Keyring::None { section } = &body.keyring {
        section.check_for(&body.vault_id)?;
    }
    Ok((body, *mac))
}

pub(super) fn to_cbor(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("plain data into memory");
    bytes
}

pub(super) fn from_canonical_cbor<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, HeaderError> {
    let value: T = ciborium::de::from_reader_with_recursion_limit(bytes, RECURSION_LIMIT).map_err(|_| HeaderError::Malformed)?;
    if to_cbor(&value) != bytes {
        return Err(HeaderError::Malformed);
    }
    Ok(value)
}
