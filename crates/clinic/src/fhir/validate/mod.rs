//! A pure validator of FHIR R4 (4.0.1) JSON: bytes in, a checked tree or every fault with its place out.
//!
//! It must never do I/O, log, panic, or let a value of the input into a fault. Rules it claims:
//!
//! - **JSON**: RFC 8259 in UTF-8, no name twice in one object, at most 64 MiB, 64 levels, 4,000,000 values.
//! - **Resource**: `resourceType` is one of the 146 of R4; contained and bundled resources too.
//! - **Elements**: only those of R4 (an R3 or R5 element is unknown); least and most number, array or object as the
//!   definition says; one type of a choice `x[x]`; nothing empty (ele-1); `null` only where an extension stands in
//!   (`_given`), and `_name` members only beside primitives.
//! - **Primitives**: JSON type, R4 regular expression, calendar. Integers have 32 bits. Decimals keep their text.
//! - **Required bindings**: codes, codings and codeable concepts of all required value sets, but ucum-units (a grammar)
//!   and LOINC answer lists. Media types by their form.
//! - **References**: the form; the type against the allowed targets for `Type/id`, absolute addresses that end so,
//!   `Type?search`, `#id`, and `urn:` addresses, which must be the `fullUrl` of an entry when inside a bundle.
//! - **Narrative**: one well-formed `div` of basic elements and attributes (txt-1); it may be blank
//!   (txt-2 is not claimed: an official example breaks it).
//! - **Invariants** of severity error (`rules/`): all that R4 sets on Bundle, on domain resources (dom-2 to dom-5), on
//!   data types, and on the resource types of records and billing (Patient, Condition, Observation, Claim and so on).
//!
//! Not claimed: extensible and weaker bindings, best-practice rules of severity warning (con-3, dom-6), the content of
//! profiles and extensions, ppc-2 to ppc-5 (R4 writes them so that no consent breaks them), and invariants of the
//! definition resources (StructureDefinition, TestScript, Measure and so on), which hold no patient.

mod bundle;
mod fault;
mod json;
mod primitive;
mod reference;
mod rules;
mod schema;
mod walk;
mod xhtml;

#[cfg(test)]
mod tests;

pub use fault::{Fault, FaultKind, JsonFault, MAX_FAULTS, PrimitiveFault, Shape};
pub use json::{Json, MAX_BYTES, MAX_DEPTH, MAX_VALUES};

use fault::Report;

/// Why an input is refused: at least one fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not valid FHIR R4: {} faults", .faults.len() + .more)]
pub struct Refusal {
    /// In the order found, at most [`MAX_FAULTS`].
    pub faults: Vec<Fault>,
    /// Faults beyond those kept.
    pub more: usize,
}

/// Reads text that was validated before it was stored; `None` if it is no JSON.
pub(super) fn reread(text: &str) -> Option<Json<'_>> {
    json::parse(text.as_bytes(), &mut Report::default())
}

/// Validates one resource, which may be a Bundle of any type. The tree borrows from `bytes`.
///
/// # Errors
/// [`Refusal`] with all faults; faults of the JSON text itself end the search at the first, but for repeated names.
pub fn validate(bytes: &[u8]) -> Result<Json<'_>, Refusal> {
    let mut report = Report::default();
    let tree = json::parse(bytes, &mut report);
    if let Some(tree) = &tree {
        walk::check(tree, &mut report);
    }
    match tree {
        Some(tree) if report.faults.is_empty() => Ok(tree),
        _ => Err(Refusal { faults: report.faults, more: report.more }),
    }
}
