//! Keys, envelopes, the vault header, recovery words and hash chains: formats with test vectors.
//!
//! Every format opens with a version byte and is written down in `docs/KEYS.md`.
//! This crate must never do I/O, read a clock for anything but measuring a password cost, know a patient,
//! log, or take randomness from anywhere but the operating system.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bytes;
pub mod chain;
pub mod envelope;
pub mod hierarchy;
pub mod kdf;
pub mod key;
pub mod recovery;

pub use chain::{ChainDomain, ChainFault, ChainReport, ChainVerifier, Entry, FaultKind, Head, Link, Payload, verify_chain};
pub use envelope::{EnvelopeError, Sealed, SealedTo, open, open_with, seal, seal_to};
pub use hierarchy::{
    Created, Credentials, HeaderError, NewStaff, SecondFactor, StaffId, StaffSection, StaffView, Unlocked, VaultHeader, VaultId, VaultKey,
};
pub use kdf::{CostError, PasswordCost, derive_unlock_key};
pub use key::{KeyError, SealingKeyPair, SealingPublicKey, SecretKey, Signature, SigningKey, StaffKeyPair, VerifyingKey};
pub use recovery::{RecoveryKey, RecoveryWordsError};
