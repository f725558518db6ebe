//! Records out: one patient as a Bundle, or everything as NDJSON. References in either lead to what is in it.
//!
//! Not given out: recordings and transcripts (sound and words of the visit, from which the note was made), the clinic's settings, the
//! trail. Must never give out another patient's record with a patient's own, or leave half an export behind.

mod here;
mod ndjson;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use uuid::Uuid;

use super::{
    StoredResource,
    map::{Mapped, with_id},
    tree::{Members, address, string},
    validate::{Json, reread, validate},
};
use crate::{
    access::{About, Export},
    allergy::Allergy,
    appointment::Appointment,
    changes::{RecordType, table},
    condition::Condition,
    consent::Consent,
    db::ReadTx,
    encounter::Encounter,
    error::ClinicError,
    ids::{PatientId, RecordId},
    immunization::Immunization,
    medication::Medication,
    note::{Addendum, Note},
    observation::Observation,
    patient::Patient,
    practitioner::Practitioner,
    session::Session,
};

pub use ndjson::{ExportReport, export_all};

/// What a record of a patient may lean on and is no one's: given out with it.
const LEANED_ON: [&str; 12] = [
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "Location",
    "HealthcareService",
    "Medication",
    "Substance",
    "Device",
    "Endpoint",
    "Questionnaire",
    "PlanDefinition",
    "Binary",
];

/// Words in place of a reference to what stays behind.
const ELSEWHERE: &str = "not part of this export";

/// A patient and all that is theirs, as a Bundle of type collection. Each `fullUrl` is `urn:uuid:` and the id of the resource.
///
/// # Errors
/// `not_fhir` with the path, should a record not be valid FHIR R4.
pub fn export_patient(session: &mut Session, id: PatientId) -> Result<String, ClinicError> {
    let access = session.authorize::<Export>(About::patient(id).record(RecordType::Patient, id).detail("fhir"))?;
    let bundle = session.read(&access, |tx| {
        let mut collected = Collected::default();
        collected.add(id.0, tx.load::<Patient>(id)?.to_fhir());
        collected.add_mapped::<Encounter>(tx, id)?;
        collected.add_mapped::<Appointment>(tx, id)?;
        collected.add_mapped::<Condition>(tx, id)?;
        collected.add_mapped::<Allergy>(tx, id)?;
        collected.add_mapped::<Medication>(tx, id)?;
        collected.add_mapped::<Observation>(tx, id)?;
        collected.add_mapped::<Immunization>(tx, id)?;
        for note in tx.all_of::<Note>(id)? {
            collected.add(note.id.0, here::note(&note));
        }
        for addendum in tx.all_of::<Addendum>(id)? {
            let note = tx.load::<Note>(addendum.note_id)?;
            collected.add(addendum.id.0, here::addendum(&addendum, note.encounter_id));
        }
        for consent in tx.all_of::<Consent>(id)? {
            collected.add(consent.id.0, here::consent(&consent));
        }
        for resource in tx.all_of::<StoredResource>(id)? {
            collected.add(resource.id.0, stored(&resource));
        }
        collected.lean(tx)?;
        Ok(collected.bundle())
    })?;
    match validate(bundle.as_bytes()) {
        Ok(_) => Ok(bundle),
        Err(refusal) => Err(ClinicError::invalid(refusal.faults.first().map(|fault| fault.path.clone()).unwrap_or_default(), "not_fhir")),
    }
}

/// Resources on their way out, in order.
#[derive(Default)]
struct Collected {
    resources: Vec<(Uuid, String)>,
    ids: BTreeSet<Uuid>,
    /// Records referred to that are not here yet.
    missing: BTreeSet<Uuid>,
}

impl Collected {
    fn add(&mut self, id: Uuid, text: String) {
        if let Some(mut tree) = reread(&text) {
            each_reference(&mut tree, &mut |members| {
                self.missing.extend(pointed_at(members));
            });
        }
        self.ids.insert(id);
        self.resources.push((id, text));
    }

    fn add_mapped<R: Mapped>(&mut self, tx: &ReadTx<'_, Export>, subject: PatientId) -> Result<(), ClinicError>
    where
        Export: crate::access::MayRead<R>,
    {
        // One record at a time: their sources are as long as what was imported.
        for id in super::table::ids_of(tx.conn(), subject, &R::TYPE)? {
            self.add(id.0, tx.load::<R>(id)?.to_fhir());
        }
        Ok(())
    }

    /// Adds what is leaned on, until nothing more is.
    fn lean(&mut self, tx: &ReadTx<'_, Export>) -> Result<(), ClinicError> {
        let mut asked = BTreeSet::new();
        while let Some(id) = self.missing.pop_first() {
            if self.ids.contains(&id) || !asked.insert(id) {
                continue;
            }
            if let Some(text) = leaned_on(tx, RecordId(id))? {
                self.add(id, text);
            }
        }
        Ok(())
    }

    fn bundle(self) -> String {
        let mut out = format!(r#"{{"resourceType":"Bundle","type":"collection","timestamp":"{}","entry":["#, jiff::Timestamp::now());
        for (at, (id, text)) in self.resources.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            out.push_str(&format!(r#"{{"fullUrl":"{}","resource":"#, address(id)));
            match reread(text) {
                Some(mut tree) => {
                    each_reference(&mut tree, &mut |members| {
                        // FHIR lets a `urn:` in a Bundle lead only to an entry of it.
                        let leads_out = |text: &str| text.starts_with("urn:") && !uuid_of(text).is_some_and(|id| self.ids.contains(&id));
                        if members.iter().any(|(name, value)| name == "reference" && value.as_str().is_some_and(leads_out)) {
                            leave_behind(members);
                        }
                    });
                    tree.write(&mut out);
                }
                None => out.push_str(text),
            }
            out.push('}');
        }
        out.push_str("]}");
        out
    }
}

/// A resource kept as it came, with its own id.
fn stored(resource: &StoredResource) -> String {
    match reread(&resource.source) {
        Some(mut tree) => {
            with_id(&mut tree, resource.id.0);
            tree.to_text()
        }
        None => resource.source.clone(),
    }
}

/// A member of staff, or what is no one's and may go with a patient's record.
fn leaned_on(tx: &ReadTx<'_, Export>, id: RecordId) -> Result<Option<String>, ClinicError> {
    Ok(match table::state(tx.conn(), id)? {
        Some((RecordType::Practitioner, _)) => Some(here::practitioner(&tx.load::<Practitioner>(id)?)),
        Some((RecordType::Resource, _)) => {
            let resource = tx.load::<StoredResource>(id)?;
            let goes_along = resource.patient_id.is_none() && LEANED_ON.contains(&resource.resource_type.as_str());
            goes_along.then(|| stored(&resource))
        }
        _ => None,
    })
}

/// Every object with a `reference` or an address that may be a record's.
fn each_reference<'a>(tree: &mut Json<'a>, visit: &mut dyn FnMut(&mut Members<'a>)) {
    tree.each_object(&mut |members| {
        if members.iter().any(|(name, value)| matches!(name.as_ref(), "reference" | "url") && value.as_str().is_some()) {
            visit(members);
        }
    });
}

fn pointed_at(members: &Members<'_>) -> Option<Uuid> {
    members.iter().filter(|(name, _)| matches!(name.as_ref(), "reference" | "url")).find_map(|(_, value)| uuid_of(value.as_str()?))
}

fn uuid_of(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text.strip_prefix("urn:uuid:")?).ok()
}

/// Takes a reference away and leaves what a person reads of it.
fn leave_behind(members: &mut Members<'_>) {
    members.retain(|(name, _)| !matches!(name.as_ref(), "reference" | "_reference"));
    let says_something = members.iter().any(|(name, _)| matches!(name.as_ref(), "display" | "identifier"));
    if let Some(words) = string(ELSEWHERE).filter(|_| !says_something) {
        members.push(("display".into(), words));
    }
}

/// FHIR type by record id, as far as it was asked for.
#[derive(Default)]
struct Types(BTreeMap<Uuid, Option<String>>);

impl Types {
    /// Most types kept: bounds the memory of a long export.
    const MOST: usize = 100_000;

    fn of(&mut self, conn: &Connection, id: Uuid) -> Result<Option<String>, ClinicError> {
        if let Some(known) = self.0.get(&id) {
            return Ok(known.clone());
        }
        if self.0.len() >= Self::MOST {
            self.0.clear();
        }
        let found = super::table::type_of(conn, RecordId(id))?;
        // An addendum is a Composition of its own.
        let found = found.map(|name| if name == RecordType::Addendum.name() { "Composition".to_owned() } else { name });
        self.0.insert(id, found.clone());
        Ok(found)
    }
}
