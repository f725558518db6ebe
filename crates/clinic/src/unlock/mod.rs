//! The vault of one desk: its folder, header file, keyring secret and lock; from it comes the one [`Session`].
//!
//! Must never make a new key or database where there is one, open the database without the header's authentication code, or let two
//! programs use one folder.

mod delay;
mod files;
mod password;
mod vault;

pub use delay::WAIT_LIMIT;
pub(crate) use files::write_atomically;
pub use password::{PasswordStrength, check_password, strength};
pub(crate) use vault::MIGRATIONS;
pub use vault::{DeskState, KeyringMode, RecoveryKit, SetUp, StaffTile, Vault, VaultPhase};

use crypto::RecoveryWordsError;
pub use crypto::{HeaderError, PasswordCost, SealingPublicKey, SecretKey};

/// The operating system's keyring, one secret a vault. Three answers matter: the secret, a sure "there is none", and anything else,
/// which must never be read as "there is none".
pub trait Keyring: Send + Sync {
    /// The secret of this vault.
    fn load(&self, vault_id: &str) -> Result<SecretKey, KeyringError>;
    fn store(&self, vault_id: &str, secret: &SecretKey) -> Result<(), KeyringError>;
    fn delete(&self, vault_id: &str) -> Result<(), KeyringError>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    #[error("the keyring does not hold this vault's secret")]
    NoEntry,
    #[error("the keyring is locked")]
    Locked,
    #[error("there is no keyring service")]
    Unavailable,
}

/// Why a desk does not open.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    #[error("another Gladstone uses this folder")]
    InUse,
    #[error("there is a vault already")]
    Exists,
    #[error("there is no vault here")]
    NoVault,
    #[error("the keyring could not be used")]
    Keyring(#[from] KeyringError),
    #[error("working without the system keyring was not accepted")]
    KeyringNotAccepted,
    #[error("the password is wrong")]
    WrongPassword,
    #[error("wait {0} s before the next try")]
    Wait(u32),
    #[error("the password is too weak: {0}")]
    WeakPassword(&'static str),
    #[error("there is no such member of staff")]
    UnknownStaff,
    #[error(transparent)]
    RecoveryWords(#[from] RecoveryWordsError),
    #[error("the vault header or the database is damaged; restore from a backup")]
    Damaged,
    #[error(transparent)]
    Header(HeaderError),
}

impl From<HeaderError> for UnlockError {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::WrongPassword => Self::WrongPassword,
            HeaderError::UnknownStaff => Self::UnknownStaff,
            HeaderError::KeyringSecretNeeded | HeaderError::WrongKeyringSecret => Self::Keyring(KeyringError::NoEntry),
            HeaderError::NotAVault
            | HeaderError::Truncated
            | HeaderError::TrailingBytes
            | HeaderError::TooLarge
            | HeaderError::Malformed
            | HeaderError::Damaged { .. }
            | HeaderError::TooManyStaff
            | HeaderError::DuplicateStaff => Self::Damaged,
            other => Self::Header(other),
        }
    }
}
