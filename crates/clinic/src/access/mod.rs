//! The gate: who may do what. Permission and audit are one step, and what it gives back is the only key to data.
//!
//! Must never hand out an [`Access`] that is not in the audit trail, and must never let a failure to write the trail pass.

mod policy;
mod roles;

use std::marker::PhantomData;

pub use policy::{MayRead, MayWrite, Permission, PermissionCode, allows, permissions_of, *};
pub use roles::Role;

use crate::{
    audit::AuditEvent,
    changes::RecordType,
    ids::{PatientId, RecordId},
};

/// Proof that the session's person may do `P` now. Comes only from [`crate::Session::authorize`].
#[must_use]
pub struct Access<P> {
    event: AuditEvent,
    permission: PhantomData<P>,
}

impl<P: Permission> Access<P> {
    /// Only the gate calls this.
    pub(crate) fn grant(event: AuditEvent) -> Self {
        Self { event, permission: PhantomData }
    }

    pub(crate) fn event(&self) -> &AuditEvent {
        &self.event
    }

    pub(crate) fn into_event(self) -> AuditEvent {
        self.event
    }

    /// The patient this access was given for.
    pub fn subject(&self) -> Option<PatientId> {
        self.event.subject
    }
}

/// What an access is asked for; ends in the audit event. Holds ids and query text, never names or results.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub subject: Option<PatientId>,
    pub record: Option<(RecordType, RecordId)>,
    /// Query text, reason, or outcome in a few words.
    pub detail: Option<String>,
}

impl About {
    pub fn nothing() -> Self {
        Self::default()
    }

    pub fn patient(subject: PatientId) -> Self {
        Self { subject: Some(subject), ..Self::default() }
    }

    pub fn record(mut self, record_type: RecordType, id: impl Into<RecordId>) -> Self {
        self.record = Some((record_type, id.into()));
        self
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}
