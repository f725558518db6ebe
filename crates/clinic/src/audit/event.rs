//! One audit event, after FHIR R4 AuditEvent.

use serde::{Deserialize, Serialize};

use crate::{
    access::Role,
    changes::RecordType,
    ids::{PatientId, PractitionerId, RecordId},
};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Success,
    Denied,
    Failed,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}

/// Who did what to whose record, when, why and how it ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Milliseconds since 1970 by this desk's wall clock.
    pub recorded: i64,
    /// `None`: the desk itself, as at set-up.
    pub actor: Option<PractitionerId>,
    pub roles: Vec<Role>,
    /// A permission's name, or `unlock`, `lock`, `unlock_failed`, `recover`, `set_up`.
    pub action: String,
    pub subject: Option<PatientId>,
    pub record: Option<(RecordType, RecordId)>,
    pub outcome: Outcome,
    pub detail: Option<String>,
}
