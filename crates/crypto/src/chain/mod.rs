//! Hash chains: rows that cannot be changed, taken, added or moved unseen.
//!
//! ```text
//! digest  = SHA-256("gladstone chain payload v1\0" || payload)
//! hash_n  = SHA-256("gladstone chain link v1\0" || len8(label) || label || owner[16] || n u64 || hash_(n-1) || digest)
//! sig_n   = sign(desk key, "chain link", hash_n)                 n counts from 1, hash_0 is 32 zero bytes; big-endian
//! head    = (n, hash_n), HMAC-SHA256(chain MAC key, "gladstone chain head v1\0" || len8(label) || label || owner || n || hash_n)
//! ```
//! The payload enters by its digest, so that an erased payload leaves a chain that still verifies. A payload that may be
//! erased holds 16 random bytes of its own: otherwise its digest lets a guess be confirmed.
//!
//! # What the verifier says
//! A row is *genuine* when its signature holds for its own number, predecessor and payload; only the desk makes those.
//!
//! | kind | meaning | `seq` |
//! | --- | --- | --- |
//! | `edited` | a row stands where number `seq` belongs, and is not what was signed there (any column) | the number it had |
//! | `removed` | number `seq` is gone, later rows are there | first missing number |
//! | `inserted` | a row too many: a second copy of a genuine one, a forgery, or one the head does not know | the number it claims; if that is impossible, the number it stands before |
//! | `reordered` | a genuine row stands in another place; two rows that changed places are both named, otherwise the fewest rows whose moving back restores the order | its true number |
//! | `truncated` | everything from number `seq` to the authenticated head is gone | first missing number |
//!
//! A forged row in the place of a removed one cannot be told from an edit and is called `edited`. Without a head,
//! truncation cannot be found, and a last row that nothing genuine is left of counts as `inserted`.
//! One pass in stored order; memory grows with the number of faults (at most [`MAX_BREAKS`]), never with the chain.

mod classify;
mod verify;

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use self::verify::{ChainVerifier, MAX_BREAKS, verify_chain};
use crate::key::{SecretKey, Signature, SigningKey};

/// `prev` of the first row.
pub const GENESIS: [u8; 32] = [0; 32];

const PAYLOAD_CONTEXT: &[u8] = b"gladstone chain payload v1\0";
const LINK_CONTEXT: &[u8] = b"gladstone chain link v1\0";
const HEAD_CONTEXT: &[u8] = b"gladstone chain head v1\0";
const LINK_LABEL: &str = "chain link";

/// Which chain: what it records and whose it is, so that no row of one chain passes in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainDomain {
    label: &'static str,
    owner: [u8; 16],
}

impl ChainDomain {
    /// `label` is a constant such as `"audit v1"`, at most 255 bytes; `owner` is the desk's UUID.
    #[must_use]
    pub const fn new(label: &'static str, owner: [u8; 16]) -> Self {
        assert!(label.len() < 256, "labels are short constants");
        Self { label, owner }
    }

    fn feed(&self, update: &mut impl FnMut(&[u8])) {
        update(&[self.label.len() as u8]);
        update(self.label.as_bytes());
        update(&self.owner);
    }
}

/// The last row of a chain. Written in the same transaction as the row, else the two disagree after a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// 0 for a chain without rows.
    pub seq: u64,
    pub hash: [u8; 32],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the chain's head was not written by this vault")]
pub struct ForgedHead;

impl Head {
    /// Of a chain without rows.
    #[must_use]
    pub const fn genesis() -> Self {
        Self { seq: 0, hash: GENESIS }
    }

    /// Authenticates the head; `key` is [`crate::VaultKey::chain_mac_key`].
    #[must_use]
    pub fn seal(&self, key: &SecretKey, domain: &ChainDomain) -> [u8; 32] {
        self.mac(key, domain).finalize().into_bytes().into()
    }

    /// Constant time.
    ///
    /// # Errors
    /// [`ForgedHead`] for another key, chain or head.
    pub fn verify(&self, key: &SecretKey, domain: &ChainDomain, mac: &[u8; 32]) -> Result<(), ForgedHead> {
        self.mac(key, domain).verify_slice(mac).map_err(|_| ForgedHead)
    }

    fn mac(&self, key: &SecretKey, domain: &ChainDomain) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("HMAC takes a key of any length");
        mac.update(HEAD_CONTEXT);
        domain.feed(&mut |bytes| mac.update(bytes));
        mac.update(&self.seq.to_be_bytes());
        mac.update(&self.hash);
        mac
    }
}

/// The columns that the chain adds to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub seq: u64,
    pub prev: [u8; 32],
    pub hash: [u8; 32],
    pub signature: Signature,
}

impl Link {
    /// The link that puts `payload` (its canonical bytes) after `head`.
    #[must_use]
    pub fn append(domain: &ChainDomain, head: &Head, payload: &[u8], key: &SigningKey) -> Self {
        let seq = head.seq + 1;
        let hash = hash_link(domain, seq, &head.hash, &payload_digest(payload));
        Self { seq, prev: head.hash, hash, signature: key.sign(LINK_LABEL, &hash) }
    }

    /// The chain's head once this link is stored.
    #[must_use]
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

/// What a link says of its payload; kept when the payload is erased.
#[must_use]
pub fn payload_digest(payload: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(PAYLOAD_CONTEXT);
    hash.update(payload);
    hash.finalize().into()
}

#[must_use]
pub fn hash_link(domain: &ChainDomain, seq: u64, prev: &[u8; 32], digest: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(LINK_CONTEXT);
    domain.feed(&mut |bytes| hash.update(bytes));
    hash.update(seq.to_be_bytes());
    hash.update(prev);
    hash.update(digest);
    hash.finalize().into()
}

/// A payload, or what an erasure left of it. Whether the erasure was lawful is the caller's to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload<'a> {
    Present(&'a [u8]),
    /// Its [`payload_digest`].
    Erased([u8; 32]),
}

/// A row as stored, not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Where it stands, such as its rowid or line number; only reported, the order is that of the calls.
    pub position: i64,
    pub seq: u64,
    pub prev: [u8; 32],
    pub hash: [u8; 32],
    pub payload: Payload<'a>,
    pub signature: Signature,
}

/// See the table in the [module's documentation](self).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    Edited,
    Removed,
    Inserted,
    Reordered,
    Truncated,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Edited => "edited",
            Self::Removed => "removed",
            Self::Inserted => "inserted",
            Self::Reordered => "reordered",
            Self::Truncated => "truncated",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainFault {
    pub seq: u64,
    pub kind: FaultKind,
    /// How many consecutive numbers from `seq` on it concerns.
    pub count: u64,
    /// [`Entry::position`] of the (first) row concerned, where one row stands for the fault.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub position: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    /// Rows read.
    pub rows: u64,
    /// Rows whose payload is erased.
    pub erased: u64,
    /// By `seq`, then kind.
    pub faults: Vec<ChainFault>,
    /// False when there were more than [`MAX_BREAKS`] breaks: the faults are then those of the part before, without
    /// `removed` and `truncated`.
    pub complete: bool,
}

impl ChainReport {
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.complete && self.faults.is_empty()
    }
}
