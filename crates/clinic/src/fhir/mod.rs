//! FHIR R4 at the door: what comes in is validated here before anything reads it as a record, and what goes out is validated too.
//!
//! [`import`] takes Bundles and single resources, a file whole or not at all; [`export_patient`] and [`export_all`] give them back.
//! An imported record keeps its checked resource as `source`: export begins from it and changes only what was changed here, so that
//! nothing is lost that the product has no field for. Types without a record of their own are kept as [`StoredResource`].
//!
//! This module must never log, put a patient's value into an error, attach a resource to a person it is not certainly about, or merge two
//! persons.

mod export;
mod import;
mod map;
mod stored;
pub(crate) mod table;
mod tree;
pub mod validate;

pub use export::{ExportReport, export_all, export_patient};
pub use import::{ImportReport, RefusedFile, import};
pub use stored::StoredResource;

/// Key of a business identifier. Without a system it says nothing beyond the place it came from.
fn identifier_key(system: &str, value: &str) -> Option<String> {
    (!system.is_empty() && !value.is_empty()).then(|| format!("id|{system}|{value}"))
}
