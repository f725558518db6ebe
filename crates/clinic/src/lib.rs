//! The product without a window: vault, session, gate, change log, records.
//!
//! Must never: open a window or a socket, read data without an [`access::Access`], write rows outside one transaction with their change and
//! audit event, keep a key after [`Session`] is dropped, or put anything about a patient in a log or an error text.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod access;
pub mod allergy;
pub mod appointment;
pub mod audit;
pub mod changes;
pub mod chart;
pub mod condition;
pub mod consent;
pub mod consultation;
pub mod db;
pub mod demo;
pub mod encounter;
mod error;
pub mod fhir;
mod ids;
pub mod immunization;
pub mod medication;
pub mod note;
pub mod observation;
pub mod patient;
pub mod practitioner;
pub mod recording;
pub mod session;
pub mod settings;
#[cfg(test)]
mod testing;
pub mod types;
pub mod unlock;

pub use error::{ClinicError, InvalidInput};
pub use ids::*;
pub use session::Session;
pub use unlock::Vault;
