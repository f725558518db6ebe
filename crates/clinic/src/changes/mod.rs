//! The change log: every write is a signed change, tables are what the log says.
//!
//! Must never be written except by [`crate::db::WriteTx`], and must never let the order of arrival decide what is shown.

mod change;
pub mod history;
mod hlc;
mod merge;
mod record;
pub(crate) mod table;

pub use change::{Change, ChangeError, FieldChange, SignedChange};
pub use hlc::HybridClock;
pub use merge::{Head, Merge, MergeFault, RecordState, Waiting};
pub(crate) use record::fields_of;
pub use record::{Record, RecordError, RecordType, shown_record};
