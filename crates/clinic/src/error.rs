//! What can go wrong in a use case. Nothing here names a patient.

use crate::{access::PermissionCode, changes::RecordType};

/// An input field that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct InvalidInput {
    /// Path of the field, as `names[0].family`.
    pub field: String,
    /// Stable key: `required`, `too_long`, `impossible_date`, ..
    pub reason: &'static str,
}

#[derive(Debug, thiserror::Error)]
pub enum ClinicError {
    #[error("{} is not allowed for this role", .0.name())]
    Denied(PermissionCode),
    #[error("there is no care relation with this patient")]
    NoCareRelation,
    #[error("prove again who you are")]
    StepUpNeeded,
    #[error("there is no such {}", .0.name())]
    NotFound(RecordType),
    #[error(transparent)]
    Invalid(#[from] InvalidInput),
    #[error("the booking overlaps another")]
    Overlap,
    #[error("this cannot follow from the present state: {0}")]
    Conflict(&'static str),
    #[error("a signed note cannot change")]
    Signed,
    #[error("some sentences still need a look before signing")]
    Unreviewed,
    #[error("there is no consent to record")]
    NoConsent,
    #[error("the database could not be used")]
    Database(#[from] rusqlite::Error),
    #[error(transparent)]
    Change(#[from] crate::changes::ChangeError),
    #[error(transparent)]
    Record(#[from] crate::changes::RecordError),
    #[error("a stored clock is malformed")]
    Clock(#[from] protocol::MalformedClock),
    #[error(transparent)]
    Migration(#[from] crate::db::MigrationError),
    #[error(transparent)]
    Open(#[from] crate::db::OpenError),
    #[error(transparent)]
    Unlock(#[from] crate::unlock::UnlockError),
    #[error("sealed data could not be opened")]
    Envelope(#[from] crypto::EnvelopeError),
    #[error(transparent)]
    Search(#[from] crate::patient::search::SearchError),
    #[error("a file could not be used")]
    Io(#[from] std::io::Error),
}

impl ClinicError {
    pub fn invalid(field: impl Into<String>, reason: &'static str) -> Self {
        Self::Invalid(InvalidInput { field: field.into(), reason })
    }

    /// The disk has no room left, wherever the error was found.
    pub fn is_disk_full(&self) -> bool {
        match self.database() {
            Some(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            None => matches!(self, Self::Io(error) if error.kind() == std::io::ErrorKind::StorageFull),
        }
    }

    /// The database's bytes are not what was written.
    pub fn is_damage(&self) -> bool {
        self.database().is_some_and(crate::db::is_damage)
    }

    /// The database's own error, however deep it came from.
    fn database(&self) -> Option<&rusqlite::Error> {
        use crate::{
            db::{MigrationError, OpenError},
            patient::search::SearchError,
        };
        match self {
            Self::Database(error)
            | Self::Migration(MigrationError::List(error) | MigrationError::Step { source: error, .. })
            | Self::Open(OpenError::Database(error))
            | Self::Search(SearchError::Table(error)) => Some(error),
            _ => None,
        }
    }
}
