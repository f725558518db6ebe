//! What a valid file means here: which of its resources are new, which are known, whose each is. Reads, decides, changes nothing.

use std::collections::{BTreeSet, HashSet};

use rusqlite::Connection;
use uuid::Uuid;

use super::{
    super::{
        map::{Links, Mapped},
        table,
        tree::{Members, address},
        validate::{Json, reread},
    },
    fault::{ImportFault, ImportFaultKind},
    identity::{Evidence, evidence_of, fingerprint, is_same_person, short_hash},
    resolve::{Entry, Found, Index, identifier_keys, resolve},
    subject::subject_of,
};
use crate::{
    access::Import,
    changes::{self, RecordType},
    db::ReadTx,
    error::ClinicError,
    ids::{AppointmentId, EncounterId, PatientId, RecordId},
    patient::Patient,
    types::CodeableConcept,
};

/// Bundle types whose entries are resources to keep.
const TAKEN_IN: [&str; 6] = ["transaction", "batch", "collection", "searchset", "document", "message"];

/// Most patients who may share an identifier for it to say anything about any of them.
const MOST_SHARING: usize = 32;

/// A checked file with every decision taken.
pub(super) struct Plan<'t, 'd> {
    pub entries: Vec<Entry<'t, 'd>>,
    index: Index,
}

/// Why a file is not taken in: faults of its own, or something that could not be read here.
pub(super) enum NoPlan {
    Faults(Vec<ImportFault>),
    Error(ClinicError),
}

impl<E: Into<ClinicError>> From<E> for NoPlan {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl<'t, 'd> Plan<'t, 'd> {
    pub fn of(tx: &ReadTx<'_, Import>, tree: &'t Json<'d>) -> Result<Self, NoPlan> {
        let mut faults = Vec::new();
        let entries = entries_of(tree, &mut faults);
        none(&mut faults)?;
        let index = Index::of(&entries);
        let mut plan = Self { entries, index };
        let mut claimed = HashSet::new();
        plan.know_patients(tx, &mut claimed, &mut faults)?;
        none(&mut faults)?;
        plan.find_subjects(tx, &mut faults)?;
        none(&mut faults)?;
        plan.know_others(tx.conn(), &mut claimed)?;
        plan.check_visits(tx.conn(), &mut faults)?;
        none(&mut faults)?;
        Ok(plan)
    }

    /// Patients first: everything else is known by whose it is.
    fn know_patients(&mut self, tx: &ReadTx<'_, Import>, claimed: &mut HashSet<Uuid>, faults: &mut Vec<ImportFault>) -> Result<(), NoPlan> {
        for entry in self.entries.iter_mut().filter(|entry| entry.kind == "Patient") {
            match registered(tx, entry)? {
                Registered::As(id) if claimed.insert(id.0) => (entry.id, entry.known) = (id.0, true),
                Registered::As(_) => faults.push(ImportFault { path: entry.path.clone(), kind: ImportFaultKind::SamePerson }),
                Registered::Doubles => faults.push(ImportFault { path: entry.path.clone(), kind: ImportFaultKind::Doubles }),
                Registered::No => {}
            }
            entry.patient = Some(PatientId(entry.id));
        }
        Ok(())
    }

    fn find_subjects(&mut self, tx: &ReadTx<'_, Import>, faults: &mut Vec<ImportFault>) -> Result<(), NoPlan> {
        for at in 0..self.entries.len() {
            let entry = &self.entries[at];
            if !matches!(entry.kind, "Patient" | "Provenance") {
                self.entries[at].patient = subject_of(tx, &self.entries, &self.index, entry, faults)?;
            }
        }
        for at in 0..self.entries.len() {
            if self.entries[at].kind == "Provenance" {
                self.entries[at].patient = self.patient_of_targets(tx.conn(), &self.entries[at])?;
            }
        }
        Ok(())
    }

    /// Provenance is about what it names; where all of that is one patient's, so is it.
    fn patient_of_targets(&self, conn: &Connection, entry: &Entry<'_, '_>) -> Result<Option<PatientId>, NoPlan> {
        let mut patients = BTreeSet::new();
        for target in entry.resource.list("target") {
            let Some(text) = target.text("reference") else { return Ok(None) };
            let Found::One(target) = resolve(conn, &self.entries, &self.index, entry, text)? else { return Ok(None) };
            patients.insert(match target.entry {
                Some(at) => self.entries[at].patient,
                None => changes::table::subject_of(conn, RecordId(target.id))?,
            });
        }
        Ok(patients.pop_first().flatten().filter(|_| patients.is_empty()))
    }

    fn know_others(&mut self, conn: &Connection, claimed: &mut HashSet<Uuid>) -> Result<(), NoPlan> {
        for entry in self.entries.iter_mut().filter(|entry| entry.kind != "Patient") {
            if let Some(id) = stored(conn, entry, claimed)? {
                claimed.insert(id.0);
                (entry.id, entry.known) = (id.0, true);
            }
        }
        Ok(())
    }

    /// What is about one patient stands in no other patient's visit.
    fn check_visits(&self, conn: &Connection, faults: &mut Vec<ImportFault>) -> Result<(), NoPlan> {
        for entry in self.entries.iter().filter(|entry| entry.patient.is_some()) {
            let Some(text) = entry.resource.get("encounter").and_then(|visit| visit.text("reference")) else { continue };
            let Found::One(target) = resolve(conn, &self.entries, &self.index, entry, text)? else { continue };
            let patient = match target.entry {
                Some(at) => self.entries[at].patient,
                None if target.loose => continue,
                None => changes::table::subject_of(conn, RecordId(target.id))?,
            };
            if patient.is_some() && patient != entry.patient {
                faults.push(ImportFault { path: entry.below("encounter.reference"), kind: ImportFaultKind::OtherPersons });
            }
        }
        Ok(())
    }

    /// The resource with its references turned to records, and what it is joined to.
    pub fn resource(&self, conn: &Connection, entry: &Entry<'t, 'd>, booked: &mut HashSet<Uuid>) -> Result<(Json<'d>, Links), ClinicError> {
        let mut failed = None;
        let mut turn = |text: &str| {
            let turned = self.address_of(conn, entry, text);
            turned.unwrap_or_else(|error| {
                failed = Some(error);
                None
            })
        };
        let mut resource = entry.resource.clone();
        resource.each_object(&mut |members: &mut Members<'d>| {
            for (name, value) in members {
                let Json::String(text) = value else { continue };
                // An attachment may lie in the same Bundle.
                if (name == "reference" || name == "url" && text.starts_with("urn:uuid:"))
                    && let Some(found) = turn(text)
                {
                    *text = found.into();
                }
            }
        });
        if let Some(error) = failed {
            return Err(error.into());
        }
        let mut links = Links::new(entry.id, entry.patient.unwrap_or(PatientId(entry.id)));
        links.encounter = self.joined(conn, entry, "Encounter", entry.resource.get("encounter"))?.map(EncounterId);
        if entry.kind == "Encounter" {
            let booking = self.joined(conn, entry, "Appointment", entry.resource.list("appointment").first())?;
            // A booking has one visit.
            if let Some(id) = booking
                && !table::has_visit(conn, RecordId(id))?
                && booked.insert(id)
            {
                links.appointment = Some(AppointmentId(id));
            }
        }
        links.medication = self.medication(conn, entry)?;
        Ok((resource, links))
    }

    /// What a reference becomes, if it leads to a record. `Encounter/1` of another patient, outside the file, is another server's.
    fn address_of(&self, conn: &Connection, entry: &Entry<'_, '_>, text: &str) -> rusqlite::Result<Option<String>> {
        let Found::One(target) = resolve(conn, &self.entries, &self.index, entry, text)? else { return Ok(None) };
        if target.entry.is_none() && target.loose && target.kind != "Patient" {
            let whose = changes::table::subject_of(conn, RecordId(target.id))?;
            if whose.is_some() && whose != entry.patient {
                return Ok(None);
            }
        }
        Ok(Some(address(target.id)))
    }

    /// A record of a type and of the same patient that a reference leads to.
    fn joined(&self, conn: &Connection, entry: &Entry<'_, '_>, kind: &str, reference: Option<&Json<'_>>) -> rusqlite::Result<Option<Uuid>> {
        let Some(text) = reference.and_then(|reference| reference.text("reference")) else { return Ok(None) };
        Ok(match resolve(conn, &self.entries, &self.index, entry, text)? {
            Found::One(target) if target.kind == kind => match target.entry {
                Some(at) => Some(target.id).filter(|_| self.entries[at].patient == entry.patient && is_record(&self.entries[at])),
                None => {
                    let is_ours = changes::table::subject_of_type(conn, RecordId(target.id), kind)? == entry.patient;
                    Some(target.id).filter(|_| is_ours && entry.patient.is_some())
                }
            },
            _ => None,
        })
    }

    /// The code at the other end of a medication reference.
    fn medication(&self, conn: &Connection, entry: &Entry<'_, '_>) -> Result<Option<CodeableConcept>, ClinicError> {
        use super::super::map::data_type::concept;
        let Some(text) = entry.resource.get("medicationReference").and_then(|reference| reference.text("reference")) else {
            return Ok(None);
        };
        if let Some(id) = text.strip_prefix('#') {
            let inside = entry.resource.list("contained").iter().find(|inside| inside.text("id") == Some(id));
            return Ok(inside.and_then(|inside| inside.get("code")).map(concept));
        }
        Ok(match resolve(conn, &self.entries, &self.index, entry, text)? {
            Found::One(target) => match target.entry {
                Some(at) => self.entries[at].resource.get("code").map(concept),
                None => source_of(conn, RecordId(target.id))?.and_then(|source| reread(&source)?.get("code").map(concept)),
            },
            _ => None,
        })
    }
}

/// Whether it becomes a record of its own type, and is not kept as it came.
pub(super) fn is_record(entry: &Entry<'_, '_>) -> bool {
    let links = || Links::new(entry.id, PatientId(entry.id));
    match entry.kind {
        "Appointment" => entry.patient.is_some() && crate::appointment::Appointment::read(entry.resource, links()).is_some(),
        kind => entry.patient.is_some() && super::subject::MAPPED.contains(&kind),
    }
}

fn none(faults: &mut Vec<ImportFault>) -> Result<(), NoPlan> {
    if faults.is_empty() { Ok(()) } else { Err(NoPlan::Faults(std::mem::take(faults))) }
}

/// The resources of a file, in order.
fn entries_of<'t, 'd>(tree: &'t Json<'d>, faults: &mut Vec<ImportFault>) -> Vec<Entry<'t, 'd>> {
    let mut fault = |path: String, kind| faults.push(ImportFault { path, kind });
    if tree.text("resourceType") != Some("Bundle") {
        return vec![entry(String::new(), None, tree)];
    }
    if !tree.text("type").is_some_and(|kind| TAKEN_IN.contains(&kind)) {
        fault("type".to_owned(), ImportFaultKind::BundleType);
        return Vec::new();
    }
    let mut entries = Vec::new();
    for (at, item) in tree.list("entry").iter().enumerate() {
        let path = format!("entry[{at}].resource");
        let method = item.get("request").and_then(|request| request.text("method"));
        if method.is_some_and(|method| !matches!(method, "POST" | "PUT")) {
            fault(format!("entry[{at}].request.method"), ImportFaultKind::NothingToTakeIn);
            continue;
        }
        let Some(resource) = item.get("resource") else {
            fault(path, ImportFaultKind::NothingToTakeIn);
            continue;
        };
        // What the server had to say about the search is no record.
        if item.get("search").and_then(|search| search.text("mode")) == Some("outcome") {
            continue;
        }
        if resource.text("resourceType") == Some("Bundle") {
            fault(path, ImportFaultKind::NestedBundle);
            continue;
        }
        entries.push(entry(path, item.text("fullUrl"), resource));
    }
    entries
}

fn entry<'t, 'd>(path: String, full_url: Option<&'t str>, resource: &'t Json<'d>) -> Entry<'t, 'd> {
    let kind = resource.text("resourceType").unwrap_or_default();
    let origin = match (full_url, resource.text("id")) {
        (Some(url), _) => url.to_owned(),
        (None, Some(id)) => format!("{kind}/{id}"),
        (None, None) => format!("content:{:016x}", short_hash(&fingerprint(resource))),
    };
    Entry { path, full_url, resource, kind, origin, id: Uuid::now_v7(), known: false, patient: None }
}

enum Registered {
    No,
    As(RecordId),
    Doubles,
}

/// The registered patient who certainly is this one.
fn registered(tx: &ReadTx<'_, Import>, entry: &Entry<'_, '_>) -> Result<Registered, NoPlan> {
    let new = Patient::read(entry.resource, Links::new(entry.id, PatientId(entry.id))).ok_or(ClinicError::NotFound(RecordType::Patient))?;
    let by_origin = evidence_of(&entry.origin);
    let origin = known_as(tx.conn(), entry)?;
    let mut identifier = Vec::new();
    for key in identifier_keys(entry.resource) {
        let known = table::known(tx.conn(), &key, "Patient")?;
        // A number that so many have, as `unknown`, is nobody's.
        if known.len() <= MOST_SHARING {
            identifier.extend(known);
        }
    }
    let print = fingerprint(entry.resource);
    for (ids, evidence) in [(origin, by_origin), (identifier, Evidence::Identifier)] {
        let mut same = BTreeSet::new();
        for id in ids {
            let old = tx.load::<Patient>(id)?;
            let source = old.source.as_deref().and_then(reread);
            // Changed here since, a person is still the one who came.
            let as_it_came = source.as_ref().and_then(|source| Patient::read(source, Links::new(id.0, PatientId(id.0))));
            let is_whole = evidence != Evidence::Identifier && source.as_ref().is_some_and(|source| fingerprint(source) == print);
            if is_whole || [Some(old), as_it_came].into_iter().flatten().any(|old| is_same_person(&new, &old, evidence)) {
                same.insert(id);
            }
        }
        match same.pop_first() {
            Some(id) if same.is_empty() => return Ok(Registered::As(id)),
            Some(_) => return Ok(Registered::Doubles),
            None => {}
        }
    }
    Ok(Registered::No)
}

/// The record that this certainly is, of the same patient or of none, and of no other entry.
fn stored(conn: &Connection, entry: &Entry<'_, '_>, claimed: &HashSet<Uuid>) -> Result<Option<RecordId>, NoPlan> {
    let mut candidates: Vec<(RecordId, Evidence)> = known_as(conn, entry)?.into_iter().map(|id| (id, evidence_of(&entry.origin))).collect();
    if entry.patient.is_none() {
        for key in identifier_keys(entry.resource) {
            candidates.extend(table::known(conn, &key, entry.kind)?.into_iter().map(|id| (id, Evidence::Identifier)));
        }
    }
    candidates.retain(|(id, _)| !claimed.contains(&id.0));
    let mut print = None;
    for (id, evidence) in candidates {
        let whose = changes::table::subject_of(conn, id)?;
        // A Provenance that came before what it is about is nobody's still.
        if whose != entry.patient && !(entry.kind == "Provenance" && whose.is_none()) {
            continue;
        }
        if evidence == Evidence::Address {
            return Ok(Some(id));
        }
        let print = print.get_or_insert_with(|| fingerprint(entry.resource));
        if source_of(conn, id)?.and_then(|source| Some(fingerprint(&reread(&source)?))).as_ref() == Some(print) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Records of the entry's type that go by its origin, or that it names by our own id, as an export does.
fn known_as(conn: &Connection, entry: &Entry<'_, '_>) -> rusqlite::Result<Vec<RecordId>> {
    let mut ids = table::known(conn, &entry.origin, entry.kind)?;
    if let Some(id) = entry.origin.strip_prefix("urn:uuid:").and_then(|id| Uuid::try_parse(id).ok()).map(RecordId)
        && table::type_of(conn, id)?.as_deref() == Some(entry.kind)
        && !ids.contains(&id)
    {
        ids.push(id);
    }
    Ok(ids)
}

/// The source of a record of any type.
fn source_of(conn: &Connection, id: RecordId) -> Result<Option<String>, ClinicError> {
    let Some((_, state)) = changes::table::state(conn, id)? else { return Ok(None) };
    Ok(state.shown().find(|(name, _)| *name == "source").and_then(|(_, value)| value.as_str().map(str::to_owned)))
}
