//! Sealing bytes under a key, and to a public key.
//!
//! ```text
//! Sealed   = 01 || nonce[12] || AES-256-GCM-SIV(key, nonce, aad = 01 || aad, plaintext)           RFC 8452
//! SealedTo = 01 || enc[32]   || HPKE.SealBase(public key, info, aad = 01 || aad, plaintext)       RFC 9180
//!            HPKE suite: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM
//! ```
//! GCM-SIV keeps its promise even if a nonce repeats, so a random nonce is safe for any number of messages a desk makes.
//! Failure to open is always an error and never tells why: key, associated data or bytes.

use aes_gcm_siv::{
    Aes256GcmSiv, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use hpke::{Deserializable as _, OpModeR, OpModeS, Serializable as _, aead::AesGcm256, kdf::HkdfSha256, kem::X25519HkdfSha256};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::key::{SealingKeyPair, SealingPublicKey, SecretKey, random_bytes};

const VERSION: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;
const ENCAPPED: usize = 32;

/// Bytes a [`Sealed`] adds to its plaintext.
pub const SEALED_OVERHEAD: usize = 1 + NONCE + TAG;
/// Bytes a [`SealedTo`] adds to its plaintext.
pub const SEALED_TO_OVERHEAD: usize = 1 + ENCAPPED + TAG;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    #[error("the sealed bytes are too short to be an envelope")]
    TooShort,
    #[error("envelope version {found} is not known here (newest: {VERSION})")]
    Version { found: u8 },
    #[error("the envelope does not open: another key or purpose, or damaged bytes")]
    NotOpened,
    #[error("the message is too long to seal")]
    TooLong,
    #[error("the recipient's public key cannot be sealed to")]
    BadRecipient,
}

/// Ciphertext under a [`SecretKey`]. Any bytes can be put in; whether they are genuine shows when opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(#[serde(with = "serde_bytes")] Vec<u8>);

/// Ciphertext to a [`SealingPublicKey`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedTo(#[serde(with = "serde_bytes")] Vec<u8>);

macro_rules! ciphertext {
    ($name:ident) => {
        impl $name {
            #[must_use]
            pub fn from_bytes(bytes: Vec<u8>) -> Self {
                Self(bytes)
            }

            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }

            #[must_use]
            pub fn into_bytes(self) -> Vec<u8> {
                self.0
            }
        }
    };
}
ciphertext!(Sealed);
ciphertext!(SealedTo);

/// Seals `plaintext` under `key`, bound to `aad`: what it is and where it belongs.
///
/// # Errors
/// [`EnvelopeError::TooLong`] over 64 GiB.
pub fn seal(key: &SecretKey, aad: &[u8], plaintext: &[u8]) -> Result<Sealed, EnvelopeError> {
    let nonce = random_bytes::<NONCE>();
    let ciphertext =
        gcm_siv(key).encrypt(&Nonce::from(nonce), Payload { msg: plaintext, aad: &versioned(aad) }).map_err(|_| EnvelopeError::TooLong)?;
    let mut bytes = Vec::with_capacity(1 + NONCE + ciphertext.len());
    bytes.push(VERSION);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&ciphertext);
    Ok(Sealed(bytes))
}

/// Opens what [`seal`] made with the same key and `aad`.
///
/// # Errors
/// Too short, another version, or [`EnvelopeError::NotOpened`].
pub fn open(key: &SecretKey, aad: &[u8], sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    let (nonce, msg) = split::<NONCE>(&sealed.0)?;
    gcm_siv(key)
        .decrypt(&Nonce::from(nonce), Payload { msg, aad: &versioned(aad) })
        .map(Zeroizing::new)
        .map_err(|_| EnvelopeError::NotOpened)
}

/// Seals `plaintext` so that only the holder of the private half opens it; the sealer needs no secret and stays unnamed.
/// `info` says what the exchange is for, `aad` where the message belongs.
///
/// # Errors
/// [`EnvelopeError::BadRecipient`] for a public key of small order.
pub fn seal_to(recipient: &SealingPublicKey, info: &[u8], aad: &[u8], plaintext: &[u8]) -> Result<SealedTo, EnvelopeError> {
    let recipient =
        <X25519HkdfSha256 as hpke::Kem>::PublicKey::from_bytes(recipient.as_bytes()).map_err(|_| EnvelopeError::BadRecipient)?;
    let (encapped, ciphertext) =
        hpke::single_shot_seal::<AesGcm256, HkdfSha256, X25519HkdfSha256>(&OpModeS::Base, &recipient, info, plaintext, &versioned(aad))
            .map_err(|_| EnvelopeError::BadRecipient)?;
    let mut bytes = Vec::with_capacity(1 + ENCAPPED + ciphertext.len());
    bytes.push(VERSION);
    bytes.extend_from_slice(&encapped.to_bytes());
    bytes.extend_from_slice(&ciphertext);
    Ok(SealedTo(bytes))
}

/// Opens what [`seal_to`] made for this pair with the same `info` and `aad`.
///
/// # Errors
/// Too short, another version, or [`EnvelopeError::NotOpened`].
pub fn open_with(pair: &SealingKeyPair, info: &[u8], aad: &[u8], sealed: &SealedTo) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    let (encapped, ciphertext) = split::<ENCAPPED>(&sealed.0)?;
    hpke_open(pair, &encapped, info, &versioned(aad), ciphertext)
}

fn hpke_open(
    pair: &SealingKeyPair,
    encapped: &[u8; ENCAPPED],
    info: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    let encapped = <X25519HkdfSha256 as hpke::Kem>::EncappedKey::from_bytes(encapped).map_err(|_| EnvelopeError::NotOpened)?;
    hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &pair.hpke_private(),
        &encapped,
        info,
        ciphertext,
        aad,
    )
    .map(Zeroizing::new)
    .map_err(|_| EnvelopeError::NotOpened)
}

fn gcm_siv(key: &SecretKey) -> Aes256GcmSiv {
    Aes256GcmSiv::new(&(*key.expose()).into())
}

/// The version is authenticated, so that no later format can be passed off as an older one.
fn versioned(aad: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + aad.len());
    bytes.push(VERSION);
    bytes.extend_from_slice(aad);
    bytes
}

fn split<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), EnvelopeError> {
    let (&found, rest) = bytes.split_first().ok_or(EnvelopeError::TooShort)?;
    if found != VERSION {
        return Err(EnvelopeError::Version { found });
    }
    match rest.split_first_chunk::<N>() {
        Some((head, body)) if body.len() >= TAG => Ok((*head, body)),
        _ => Err(EnvelopeError::TooShort),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex<const N: usize>(text: &str) -> [u8; N] {
        hex::decode(text).unwrap().try_into().unwrap()
    }

    /// RFC 8452, appendix C.2: the cipher without our framing.
    #[test]
    fn gcm_siv_matches_rfc_8452() {
        let key = SecretKey::from_bytes(hex(&format!("01{}", "00".repeat(31))));
        let nonce = Nonce::from(hex::<12>("030000000000000000000000"));
        for (msg, expected) in
            [("", "07f5f4169bbf55a8400cd47ea6fd400f"), ("0100000000000000", "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28")]
        {
            let msg = hex::decode(msg).unwrap();
            let sealed = gcm_siv(&key).encrypt(&nonce, msg.as_slice()).unwrap();
            assert_eq!(hex::encode(sealed), expected);
        }
    }

    /// The CFRG's HPKE vectors (mode 0, KEM 0x0020, KDF 0x0001, AEAD 0x0002, first encryption).
    #[test]
    fn hpke_matches_its_published_vector() {
        let secret = hex("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d");
        let pair = SealingKeyPair::from_secret(SecretKey::from_bytes(secret));
        assert_eq!(pair.public().to_string(), "430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c");
        let encapped = hex("6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256");
        let info = hex::decode("4f6465206f6e2061204772656369616e2055726e").unwrap();
        let ciphertext = "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a";
        let ciphertext = hex::decode(ciphertext).unwrap();
        let opened = hpke_open(&pair, &encapped, &info, b"Count-0", &ciphertext).unwrap();
        assert_eq!(*opened, b"Beauty is truth, truth beauty");
    }
}
