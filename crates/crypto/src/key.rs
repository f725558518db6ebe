//! Secret keys, sealing key pairs (X25519) and signing keys (Ed25519).
//!
//! ```text
//! derive(key, label)     = HKDF-SHA256(salt = none, ikm = key, info = label)[0..32]       RFC 5869
//! sign(key, label, data) = Ed25519(key, "gladstone signature v1" || 00 || len8(label) || label || data)   RFC 8032
//! ```
//! Secrets here must never be printed, serialised, compared with `==` or cloned by accident: the types do not offer it.

use ed25519_dalek::Signer as _;
use hkdf::Hkdf;
use hpke::{Deserializable as _, Kem as _, Serializable as _, kem::X25519HkdfSha256};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

use crate::bytes::public_bytes;

/// What each derived key is for. A label is never changed: a new meaning gets a new version.
pub mod label {
    /// Raw key of the SQLCipher database.
    pub const DATABASE: &str = "gladstone v1 database key";
    /// Attachments and recordings at rest.
    pub const BLOB: &str = "gladstone v1 blob key";
    /// HMAC over the vault header.
    pub const HEADER_MAC: &str = "gladstone v1 header mac key";
    /// Opens the staff section's key when the keyring secret is gone.
    pub const STAFF_SECTION: &str = "gladstone v1 staff section key";
    /// Backups and their segments.
    pub const BACKUP: &str = "gladstone v1 backup key";
    /// HMAC over a chain's head.
    pub const CHAIN_MAC: &str = "gladstone v1 chain mac key";
    /// Half-written forms kept across a lock.
    pub const DRAFT: &str = "gladstone v1 draft key";
    /// From the recovery kit's secret: opens the vault key.
    pub const RECOVERY_WRAP: &str = "gladstone v1 recovery wrap key";
    /// From the OS keyring's secret: opens the staff section's key.
    pub const KEYRING_WRAP: &str = "gladstone v1 keyring wrap key";
}

const SIGNATURE_PREFIX: &[u8] = b"gladstone signature v1\0";

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("not a usable Ed25519 public key")]
    BadVerifyingKey,
    #[error("the signature does not match")]
    BadSignature,
}

/// 32 secret bytes, wiped when dropped.
#[derive(ZeroizeOnDrop)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// A key from the operating system's randomness.
    ///
    /// # Panics
    /// If the operating system has no randomness to give: going on would be worse.
    #[must_use]
    pub fn make_random() -> Self {
        Self(random_bytes())
    }

    /// Takes the bytes over; the caller wipes its own copy.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// `None` unless the slice holds exactly 32 bytes.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// A second copy, asked for by name so that copies can be found in review.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0)
    }

    /// An independent key for one purpose; `label` is one of [`label`]'s constants.
    #[must_use]
    pub fn derive(&self, label: &'static str) -> Self {
        derive_key(&[&self.0], label.as_bytes())
    }

    /// Constant-time comparison.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// HKDF-SHA256 without salt over the concatenated `parts`, one block out.
pub(crate) fn derive_key(parts: &[&[u8]], info: &[u8]) -> SecretKey {
    let mut input = Zeroizing::new(Vec::with_capacity(parts.iter().map(|p| p.len()).sum()));
    parts.iter().for_each(|part| input.extend_from_slice(part));
    let mut key = SecretKey([0; 32]);
    Hkdf::<Sha256>::new(None, &input).expand(info, &mut key.0).expect("32 bytes are one HKDF block");
    key
}

pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// X25519 key pair that opens what was sealed to its public half (HPKE, RFC 9180).
pub struct SealingKeyPair {
    secret: SecretKey,
    public: SealingPublicKey,
}

/// A staff member's sealing pair, the same at every desk.
pub type StaffKeyPair = SealingKeyPair;

impl SealingKeyPair {
    #[must_use]
    pub fn make_random() -> Self {
        Self::from_secret(SecretKey::make_random())
    }

    /// From the private half, as stored.
    #[must_use]
    pub fn from_secret(secret: SecretKey) -> Self {
        let public = X25519HkdfSha256::sk_to_pk(&hpke_private(&secret));
        let mut bytes = [0; 32];
        public.write_exact(&mut bytes);
        Self { secret, public: SealingPublicKey(bytes) }
    }

    #[must_use]
    pub fn public(&self) -> SealingPublicKey {
        self.public
    }

    /// The private half, for storing inside something encrypted.
    #[must_use]
    pub fn secret(&self) -> &SecretKey {
        &self.secret
    }

    pub(crate) fn hpke_private(&self) -> <X25519HkdfSha256 as hpke::Kem>::PrivateKey {
        hpke_private(&self.secret)
    }
}

fn hpke_private(secret: &SecretKey) -> <X25519HkdfSha256 as hpke::Kem>::PrivateKey {
    <X25519HkdfSha256 as hpke::Kem>::PrivateKey::from_bytes(secret.expose()).expect("32 bytes are an X25519 private key")
}

/// Public half of a [`SealingKeyPair`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealingPublicKey(pub [u8; 32]);

impl SealingPublicKey {
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

public_bytes!(SealingPublicKey, 32, |bytes| Ok(SealingPublicKey(bytes)));

/// Ed25519 signing key, wiped when dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    #[must_use]
    pub fn make_random() -> Self {
        Self::from_bytes(&SecretKey::make_random())
    }

    /// From the stored 32-byte seed.
    #[must_use]
    pub fn from_bytes(seed: &SecretKey) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed.expose()))
    }

    /// The seed, for storing inside something encrypted.
    #[must_use]
    pub fn seed(&self) -> SecretKey {
        let mut bytes = self.0.to_bytes();
        let seed = SecretKey(bytes);
        bytes.zeroize();
        seed
    }

    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key().to_bytes())
    }

    /// Signs `data` for one purpose: a signature made under one label never verifies under another.
    ///
    /// # Panics
    /// If `label` is longer than 255 bytes, which no constant is.
    #[must_use]
    pub fn sign(&self, label: &'static str, data: &[u8]) -> Signature {
        Signature(self.0.sign(&signed_message(label, data)).to_bytes())
    }
}

fn signed_message(label: &'static str, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(label.len()).expect("labels are short constants");
    let mut message = Vec::with_capacity(SIGNATURE_PREFIX.len() + 1 + label.len() + data.len());
    message.extend_from_slice(SIGNATURE_PREFIX);
    message.push(length);
    message.extend_from_slice(label.as_bytes());
    message.extend_from_slice(data);
    message
}

/// Ed25519 public key: always a valid point and never one of the weak ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifyingKey([u8; 32]);

impl VerifyingKey {
    /// # Errors
    /// [`KeyError::BadVerifyingKey`] when the bytes are not a point or are of small order.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
        match ed25519_dalek::VerifyingKey::from_bytes(&bytes) {
            Ok(point) if !point.is_weak() => Ok(Self(bytes)),
            _ => Err(KeyError::BadVerifyingKey),
        }
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// # Errors
    /// [`KeyError::BadSignature`] for another key, label, data or a malformed signature.
    pub fn verify(&self, label: &'static str, data: &[u8], signature: &Signature) -> Result<(), KeyError> {
        self.point().verify(label, data, signature)
    }

    /// The decoded point, for verifying many signatures with one key.
    pub(crate) fn point(&self) -> VerifyingPoint {
        VerifyingPoint(ed25519_dalek::VerifyingKey::from_bytes(&self.0).expect("checked when it was made"))
    }
}

pub(crate) struct VerifyingPoint(ed25519_dalek::VerifyingKey);

impl VerifyingPoint {
    pub(crate) fn verify(&self, label: &'static str, data: &[u8], signature: &Signature) -> Result<(), KeyError> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0.verify_strict(&signed_message(label, data), &signature).map_err(|_| KeyError::BadSignature)
    }
}

public_bytes!(VerifyingKey, 32, VerifyingKey::from_bytes);

/// Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl Signature {
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }

    /// `None` unless the slice holds exactly 64 bytes.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

public_bytes!(Signature, 64, |bytes| Ok(Signature(bytes)));
