//! Whose a resource is. Only a reference that leads to exactly one patient says so; a name beside it can take that away, never give it.

use super::{
    super::{identifier_key, map::data_type, validate::Json},
    fault::{ImportFault, ImportFaultKind},
    identity::may_be_called,
    resolve::{Entry, Found, Index, Target, resolve, resolve_identifier},
};
use crate::{access::Import, db::ReadTx, error::ClinicError, ids::PatientId, patient::Patient};

/// FHIR types that are records of their own here, and need a patient.
pub(super) const MAPPED: [&str; 7] =
    ["Condition", "AllergyIntolerance", "MedicationRequest", "Observation", "Immunization", "Encounter", "Appointment"];

/// Whose it is, if it is anyone's. Faults are added where it names a person who is not certainly known.
pub(super) fn subject_of(
    tx: &ReadTx<'_, Import>,
    entries: &[Entry<'_, '_>],
    index: &Index,
    entry: &Entry<'_, '_>,
    faults: &mut Vec<ImportFault>,
) -> Result<Option<PatientId>, ClinicError> {
    let mut persons: Vec<PatientId> = Vec::new();
    for (path, reference) in claims(entry) {
        match person(tx, entries, index, entry, &path, reference)? {
            Claim::Person(id) if !persons.contains(&id) => persons.push(id),
            Claim::Person(_) | Claim::NoOne => {}
            Claim::Fault(below, kind) => faults.push(ImportFault { path: entry.below(&format!("{path}.{below}")), kind }),
        }
    }
    // What is about two, as one appointment for a couple, is kept as it came, and is nobody's alone.
    Ok(match persons[..] {
        [one] => Some(one),
        _ => None,
    })
}

enum Claim {
    Person(PatientId),
    NoOne,
    Fault(&'static str, ImportFaultKind),
}

/// The elements that tell whose a resource is, with their paths inside it.
fn claims<'t, 'd>(entry: &Entry<'t, 'd>) -> Vec<(String, &'t Json<'d>)> {
    let resource = entry.resource;
    let names: &[&str] = match entry.kind {
        "Appointment" => {
            let participants = resource.list("participant").iter().enumerate();
            return participants.filter_map(|(at, one)| Some((format!("participant[{at}].actor"), one.get("actor")?))).collect();
        }
        "AppointmentResponse" => &["actor"],
        "Coverage" => &["beneficiary"],
        "Task" => &["for"],
        "ResearchSubject" => &["individual"],
        "EnrollmentRequest" => &["candidate"],
        "SupplyRequest" => &["deliverTo"],
        _ => &["subject", "patient"],
    };
    let mut claims = Vec::new();
    for name in names {
        match resource.get(name) {
            Some(Json::Array(items)) => claims.extend(items.iter().enumerate().map(|(at, item)| (format!("{name}[{at}]"), item))),
            Some(item @ Json::Object(_)) => claims.push(((*name).to_owned(), item)),
            _ => {}
        }
    }
    claims
}

fn person(
    tx: &ReadTx<'_, Import>,
    entries: &[Entry<'_, '_>],
    index: &Index,
    entry: &Entry<'_, '_>,
    path: &str,
    reference: &Json<'_>,
) -> Result<Claim, ClinicError> {
    let Some(text) = reference.text("reference") else {
        return unaddressed(tx, entries, index, entry, path, reference);
    };
    Ok(match resolve(tx.conn(), entries, index, entry, text)? {
        Found::One(target) if target.kind == "Patient" => named(tx, &target, reference)?,
        Found::One(_) | Found::Contained => Claim::NoOne,
        _ if !may_be_a_person(reference, text) => Claim::NoOne,
        Found::Many => Claim::Fault("reference", ImportFaultKind::AmbiguousPerson),
        Found::Nothing => Claim::Fault("reference", ImportFaultKind::UnknownPerson),
    })
}

/// The patient found, unless the name beside the reference is another's. Outside the file, `Patient/1` may be anybody's first patient.
fn named(tx: &ReadTx<'_, Import>, target: &Target, reference: &Json<'_>) -> Result<Claim, ClinicError> {
    let id = PatientId(target.id);
    if target.entry.is_none()
        && target.loose
        && let Some(written) = reference.text("display")
        && !may_be_called(&tx.load::<Patient>(id)?, written)
    {
        return Ok(Claim::Fault("display", ImportFaultKind::OtherName));
    }
    Ok(Claim::Person(id))
}

/// Without a reference: an identifier may name one; a name alone never does.
fn unaddressed(
    tx: &ReadTx<'_, Import>,
    entries: &[Entry<'_, '_>],
    index: &Index,
    entry: &Entry<'_, '_>,
    path: &str,
    reference: &Json<'_>,
) -> Result<Claim, ClinicError> {
    let is_mapped = MAPPED.contains(&entry.kind) && !path.starts_with("participant");
    if reference.text("type").is_some_and(|kind| kind != "Patient") {
        return Ok(Claim::NoOne);
    }
    let identifier = reference.get("identifier").and_then(data_type::identifier);
    if let Some(key) = identifier.and_then(|identifier| identifier_key(&identifier.system, &identifier.value)) {
        return Ok(match resolve_identifier(tx.conn(), entries, index, "Patient", &key)? {
            Found::One(target) => named(tx, &target, reference)?,
            Found::Many => Claim::Fault("identifier", ImportFaultKind::AmbiguousPerson),
            _ if is_mapped => Claim::Fault("identifier", ImportFaultKind::UnknownPerson),
            _ => Claim::NoOne,
        });
    }
    Ok(if is_mapped { Claim::Fault("reference", ImportFaultKind::NoPerson) } else { Claim::NoOne })
}

/// A reference that does not say that it is to something else.
fn may_be_a_person(reference: &Json<'_>, text: &str) -> bool {
    if let Some(kind) = reference.text("type") {
        return kind == "Patient";
    }
    let before = match text.split_once('?') {
        Some((kind, _)) => Some(kind),
        None => text.rsplit_once('/').map(|(before, _)| before.rsplit('/').next().unwrap_or(before)),
    };
    // `http://server/Patient/1` and `Group/1` name their type; `urn:uuid:..` does not.
    before.is_none_or(|kind| kind == "Patient" || !kind.bytes().all(|byte| byte.is_ascii_alphabetic()))
}
