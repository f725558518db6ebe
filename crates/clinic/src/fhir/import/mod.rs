//! Files in: each validated whole, planned, then written in one transaction; a bad one is refused whole and stops no other.
//!
//! What is known already is matched and stays as it is here. Must never attach a resource to a person it is not certainly about, or write
//! any part of a file that has a fault.

mod fault;
mod identity;
mod plan;
mod resolve;
mod subject;

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use self::{
    fault::{ImportFault, ImportFaultKind},
    plan::{NoPlan, Plan, is_record},
    resolve::Entry,
};
use super::{
    StoredResource,
    map::{Links, Mapped, data_type},
    validate::{Json, validate},
};
use crate::{
    access::{About, Access, Import, MayWrite},
    allergy::Allergy,
    appointment::Appointment,
    condition::Condition,
    db::{ReadTx, WriteTx},
    encounter::Encounter,
    error::ClinicError,
    ids::ResourceId,
    immunization::Immunization,
    medication::Medication,
    observation::Observation,
    patient::Patient,
    session::Session,
};

/// Largest source of one record, in bytes: it is a signed change, and is sent to other desks whole.
const MAX_RESOURCE: usize = 16 * 1024 * 1024;

/// What became of the files. Counts are by FHIR type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    pub created: BTreeMap<String, u64>,
    /// Known already, and left as it is here.
    pub matched: BTreeMap<String, u64>,
    /// A line for each fault.
    pub refused: Vec<RefusedFile>,
}

/// Why a file was refused, and where in it. Holds no value of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedFile {
    pub file: String,
    /// As `entry[3].resource.birthDate`; empty for the whole file.
    pub path: String,
    pub error: String,
}

/// Takes in files of FHIR R4: Bundles and single resources, each a name with its bytes. The order of the files does not matter: one that
/// needs a patient of another waits for it.
///
/// # Errors
/// When this person may not, or the database cannot be written; a fault of a file is in the report.
pub fn import(session: &mut Session, files: &[(String, Vec<u8>)]) -> Result<ImportReport, ClinicError> {
    let mut report = ImportReport::default();
    let mut waiting = Vec::new();
    // All asked for before any is begun: a long import does not end half-way because the last proof of who is here grew old.
    // The name of a file may be a patient's: the trail does not hold it.
    let accesses = files.iter().map(|_| session.authorize::<Import>(About::nothing().detail("fhir"))).collect::<Result<Vec<_>, _>>()?;
    for (file, access) in files.iter().zip(accesses) {
        if let Some(unknown) = take_in(session, access, file, &mut report)? {
            waiting.push((file, unknown));
        }
    }
    // Each round takes in one file at least, or ends.
    loop {
        let before = waiting.len();
        let mut still = Vec::new();
        for (file, unknown) in waiting {
            if let Some(unknown) = take_in(session, unknown.access, file, &mut report)? {
                still.push((file, unknown));
            }
        }
        waiting = still;
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    for (file, unknown) in waiting {
        refuse(session, unknown.access)?;
        report.refuse(&file.0, unknown.faults.into_iter().map(|fault| (fault.path, fault.kind.to_string())));
    }
    Ok(report)
}

/// A file that is about someone who is not here yet.
struct Unknown {
    access: Access<Import>,
    faults: Vec<ImportFault>,
}

/// Takes one file in, or refuses it, or gives it back to wait.
fn take_in(
    session: &mut Session,
    access: Access<Import>,
    (name, bytes): &(String, Vec<u8>),
    report: &mut ImportReport,
) -> Result<Option<Unknown>, ClinicError> {
    let tree = match validate(bytes) {
        Ok(tree) => tree,
        Err(refusal) => {
            refuse(session, access)?;
            let more = (refusal.more > 0).then(|| (String::new(), format!("and {} more faults", refusal.more)));
            report.refuse(name, refusal.faults.into_iter().map(|fault| (fault.path, fault.kind.to_string())).chain(more));
            return Ok(None);
        }
    };
    // Reading with an access to write: every way on from here ends in a write with it, which audits it.
    let plan = match Plan::of(&ReadTx::new(&session.conn, &access), &tree) {
        Ok(plan) => plan,
        Err(NoPlan::Error(error)) => return Err(error),
        Err(NoPlan::Faults(faults)) => {
            if faults.iter().all(|fault| fault.kind == ImportFaultKind::UnknownPerson) {
                return Ok(Some(Unknown { access, faults }));
            }
            refuse(session, access)?;
            report.refuse(name, faults.into_iter().map(|fault| (fault.path, fault.kind.to_string())));
            return Ok(None);
        }
    };
    let mut too_large = Vec::new();
    let stored = session.write(access, |tx| store(tx, &plan, &mut too_large));
    if !too_large.is_empty() {
        report.refuse(name, too_large.into_iter().map(|path| (path, ImportFaultKind::TooLarge.to_string())));
        return Ok(None);
    }
    stored?;
    for entry in &plan.entries {
        let counts = if entry.known { &mut report.matched } else { &mut report.created };
        *counts.entry(entry.kind.to_owned()).or_default() += 1;
    }
    Ok(None)
}

/// Writes nothing, and audits that someone tried.
fn refuse(session: &mut Session, access: Access<Import>) -> Result<(), ClinicError> {
    const REFUSED: &str = "the file is refused";
    match session.write(access, |_| Err::<(), _>(ClinicError::Conflict(REFUSED))) {
        Err(ClinicError::Conflict(REFUSED)) => Ok(()),
        other => other,
    }
}

impl ImportReport {
    fn refuse(&mut self, file: &str, faults: impl Iterator<Item = (String, String)>) {
        self.refused.extend(faults.map(|(path, error)| RefusedFile { file: file.to_owned(), path, error }));
    }
}

/// Writes what is new.
fn store(tx: &mut WriteTx<'_, Import>, plan: &Plan<'_, '_>, too_large: &mut Vec<String>) -> Result<(), ClinicError> {
    let mut patients: HashSet<_> = plan.entries.iter().filter_map(|entry| entry.patient).collect();
    if patients.len() == 1 {
        patients.drain().for_each(|patient| tx.about(patient));
    }
    let mut booked = HashSet::new();
    for entry in plan.entries.iter().filter(|entry| !entry.known) {
        let (resource, links) = plan.resource(tx.conn(), entry, &mut booked)?;
        let source = resource.to_text();
        if source.len() > MAX_RESOURCE {
            too_large.push(entry.path.clone());
            return Err(ClinicError::Conflict("the file is refused"));
        }
        create(tx, entry, &resource, source, links)?;
    }
    Ok(())
}

fn create(
    tx: &mut WriteTx<'_, Import>,
    entry: &Entry<'_, '_>,
    resource: &Json<'_>,
    source: String,
    links: Links,
) -> Result<(), ClinicError> {
    match entry.kind {
        "Patient" => record::<Patient>(tx, entry, resource, source, links),
        _ if !is_record(entry) => {
            let of_no_one = entry.patient.is_none();
            tx.create(&StoredResource {
                id: ResourceId(entry.id),
                patient_id: entry.patient,
                resource_type: entry.kind.to_owned(),
                identifiers: resource.list("identifier").iter().filter(|_| of_no_one).filter_map(data_type::identifier).collect(),
                source,
                origin: Some(entry.origin.clone()),
            })
        }
        "Condition" => record::<Condition>(tx, entry, resource, source, links),
        "AllergyIntolerance" => record::<Allergy>(tx, entry, resource, source, links),
        "MedicationRequest" => record::<Medication>(tx, entry, resource, source, links),
        "Observation" => record::<Observation>(tx, entry, resource, source, links),
        "Immunization" => record::<Immunization>(tx, entry, resource, source, links),
        "Encounter" => record::<Encounter>(tx, entry, resource, source, links),
        _ => record::<Appointment>(tx, entry, resource, source, links),
    }
}

fn record<R: Mapped>(
    tx: &mut WriteTx<'_, Import>,
    entry: &Entry<'_, '_>,
    resource: &Json<'_>,
    source: String,
    links: Links,
) -> Result<(), ClinicError>
where
    Import: MayWrite<R>,
{
    let mut record = R::read(resource, links).ok_or(ClinicError::NotFound(R::TYPE))?;
    record.set_source(source, Some(entry.origin.clone()));
    tx.create(&record)
}
