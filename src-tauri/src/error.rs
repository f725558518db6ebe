//! What the window is told when something is refused: a code, the faulty field, a reason key. Words are the window's own.

use clinic::{
    ClinicError,
    db::OpenError,
    unlock::{KeyringError, UnlockError},
};
use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    Locked,
    Denied,
    NoCareRelation,
    NotFound,
    Invalid,
    Conflict,
    Signed,
    StepUpNeeded,
    NoConsent,
    WrongPassword,
    Wait,
    WeakPassword,
    KeyringUnavailable,
    KeyringLocked,
    KeyringLost,
    Damaged,
    NewerVersion,
    InUse,
    DiskFull,
    Disk,
    NoMicrophone,
    MicrophoneLost,
    AlreadyRecording,
    ModelMissing,
    UnreadableAudio,
    RecoveryWords,
    Internal,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AppError {
    pub code: ErrorCode,
    /// Path of the faulty input, as `names[0].family`.
    pub field: Option<String>,
    /// Stable key for the words.
    pub reason: Option<String>,
    pub wait_seconds: Option<u32>,
}

impl From<ErrorCode> for AppError {
    fn from(code: ErrorCode) -> Self {
        Self { code, field: None, reason: None, wait_seconds: None }
    }
}

impl AppError {
    pub fn reason(code: ErrorCode, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), ..code.into() }
    }
}

impl From<ClinicError> for AppError {
    fn from(error: ClinicError) -> Self {
        if error.is_disk_full() {
            return ErrorCode::DiskFull.into();
        }
        match error {
            ClinicError::Denied(permission) => Self::reason(ErrorCode::Denied, permission.name()),
            ClinicError::NoCareRelation => ErrorCode::NoCareRelation.into(),
            ClinicError::StepUpNeeded => ErrorCode::StepUpNeeded.into(),
            ClinicError::NotFound(_) => ErrorCode::NotFound.into(),
            ClinicError::Invalid(input) => Self { field: Some(input.field), ..Self::reason(ErrorCode::Invalid, input.reason) },
            ClinicError::Overlap => Self::reason(ErrorCode::Conflict, "overlap"),
            ClinicError::Conflict(_) => ErrorCode::Conflict.into(),
            ClinicError::Signed => ErrorCode::Signed.into(),
            ClinicError::Unreviewed => Self::reason(ErrorCode::Conflict, "unreviewed"),
            ClinicError::NoConsent => ErrorCode::NoConsent.into(),
            ClinicError::Unlock(error) => error.into(),
            ClinicError::Migration(clinic::db::MigrationError::Newer(_)) => ErrorCode::NewerVersion.into(),
            ClinicError::Open(OpenError::Missing | OpenError::NotReadable) => ErrorCode::Damaged.into(),
            ClinicError::Io(_) | ClinicError::Database(_) | ClinicError::Open(_) | ClinicError::Migration(_) => {
                tracing::error!(%error, "the disk or the database refused");
                ErrorCode::Disk.into()
            }
            other => {
                tracing::error!(error = %other, "a use case failed");
                ErrorCode::Internal.into()
            }
        }
    }
}

impl From<UnlockError> for AppError {
    fn from(error: UnlockError) -> Self {
        match error {
            UnlockError::InUse => ErrorCode::InUse.into(),
            UnlockError::Exists => ErrorCode::Conflict.into(),
            UnlockError::NoVault | UnlockError::UnknownStaff => ErrorCode::NotFound.into(),
            UnlockError::Keyring(KeyringError::NoEntry) => ErrorCode::KeyringLost.into(),
            UnlockError::Keyring(KeyringError::Locked) => ErrorCode::KeyringLocked.into(),
            UnlockError::Keyring(KeyringError::Unavailable) | UnlockError::KeyringNotAccepted => ErrorCode::KeyringUnavailable.into(),
            UnlockError::WrongPassword => ErrorCode::WrongPassword.into(),
            UnlockError::Wait(seconds) => Self { wait_seconds: Some(seconds), ..ErrorCode::Wait.into() },
            UnlockError::WeakPassword(reason) => {
                Self { field: Some("password".to_owned()), ..Self::reason(ErrorCode::WeakPassword, reason) }
            }
            UnlockError::RecoveryWords(_) => ErrorCode::RecoveryWords.into(),
            UnlockError::Damaged => ErrorCode::Damaged.into(),
            UnlockError::Header(error) => match error {
                clinic::unlock::HeaderError::WrongRecoveryKey => ErrorCode::RecoveryWords.into(),
                clinic::unlock::HeaderError::Version { .. } => ErrorCode::NewerVersion.into(),
                other => {
                    tracing::error!(error = %other, "the vault header was refused");
                    ErrorCode::Internal.into()
                }
            },
        }
    }
}
