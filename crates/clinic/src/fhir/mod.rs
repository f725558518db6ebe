//! FHIR R4 at the door: what comes in is validated here before anything reads it as a record.
//!
//! This module must never touch the database, log, or put a patient's value into an error.

pub mod validate;
