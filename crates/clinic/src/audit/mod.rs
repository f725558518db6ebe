//! The audit trail: one hash-chained, signed event for everything anyone did or was refused.
//!
//! Events hold ids and query text, never names or results. Must never swallow a failure to write.

mod anchor;
mod event;
pub(crate) mod table;
mod tail;
#[cfg(test)]
mod tests;
mod verify;

pub use event::{AuditEvent, Outcome};
pub use table::AuditFilter;
pub use verify::{AuditVerification, ChainFaultView, verify};

pub(crate) use anchor::{read_anchor, write_anchor};
pub(crate) use table::append;
pub(crate) use tail::{Owner, note_faults, true_head};
