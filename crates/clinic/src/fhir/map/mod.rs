//! What each record is in FHIR R4, both ways, one file a type.
//!
//! Reading is a pure function of the source, so that reading it again at export tells what was changed here: only that is put over the
//! source. A record made here is the same thing put over nothing. Must never do I/O.

mod allergy;
mod appointment;
mod condition;
pub(super) mod data_type;
mod encounter;
mod immunization;
mod medication;
mod observation;
mod patient;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use uuid::Uuid;

use super::{
    tree::{Members, reference, string},
    validate::{Json, reread},
};
use crate::{
    changes::Record,
    ids::{AppointmentId, EncounterId, PatientId, PractitionerId},
    types::CodeableConcept,
};

#[cfg(test)]
pub(super) use patient::blank as blank_patient;

/// Whose record it is, and what else it is joined to: told by whoever stores it, never read from the source.
#[derive(Debug, Clone)]
pub(super) struct Links {
    pub id: Uuid,
    pub patient: PatientId,
    pub encounter: Option<EncounterId>,
    pub appointment: Option<AppointmentId>,
    pub practitioner: Option<PractitionerId>,
    /// What a medication reference points at, since the reference itself has no code.
    pub medication: Option<CodeableConcept>,
}

impl Links {
    pub fn new(id: Uuid, patient: PatientId) -> Self {
        Self { id, patient, encounter: None, appointment: None, practitioner: None, medication: None }
    }
}

/// A record with a FHIR type of its own.
pub(super) trait Mapped: Record {
    const NAME: &'static str;
    /// The record that a resource is, or `None` where it says too little to be one.
    fn read(resource: &Json<'_>, links: Links) -> Option<Self>;
    /// A record that says nothing yet.
    fn blank(links: Links) -> Self;
    fn links(&self) -> Links;
    fn source(&self) -> Option<&str>;
    fn set_source(&mut self, source: String, origin: Option<String>);
    /// Puts what differs from `base` over the resource.
    fn overlay<'a>(&self, base: &Self, resource: &mut Json<'a>);
    /// Fills what R4 requires and a record made here does not hold.
    fn complete(&self, resource: &mut Json<'_>);

    /// The resource, references as in sources.
    fn to_fhir(&self) -> String {
        let source = self.source().and_then(reread);
        let base = source.as_ref().and_then(|source| Self::read(source, self.links())).unwrap_or_else(|| Self::blank(self.links()));
        let mut resource = source.unwrap_or_else(|| typed(Self::NAME));
        self.overlay(&base, &mut resource);
        self.complete(&mut resource);
        with_id(&mut resource, self.links().id);
        resource.to_text()
    }
}

/// An empty resource of a type.
pub(super) fn typed<'a>(name: &'static str) -> Json<'a> {
    let members: Members<'a> = vec![(Cow::Borrowed("resourceType"), Json::String(Cow::Borrowed(name)))];
    Json::Object(members)
}

/// Gives a resource our id, right after its type.
pub(super) fn with_id(resource: &mut Json<'_>, id: Uuid) {
    if let Some(members) = resource.members_mut() {
        members.retain(|(name, _)| name != "id");
        let at = usize::from(!members.is_empty());
        members.insert(at, (Cow::Borrowed("id"), Json::String(Cow::Owned(id.to_string()))));
    }
}

/// Sets a member that is not there yet.
fn default_to<'a>(resource: &mut Json<'a>, name: &'static str, value: Option<Json<'a>>) {
    if resource.get(name).is_none() {
        resource.set(name, value);
    }
}

/// The patient and visit of a record made here.
fn default_links(resource: &mut Json<'_>, subject: &'static str, links: &Links) {
    default_to(resource, subject, reference(links.patient));
    if let Some(encounter) = links.encounter {
        default_to(resource, "encounter", reference(encounter));
    }
}

/// Puts a date or time over a choice; words where it is no date.
fn set_moment(resource: &mut Json<'_>, choice: &'static str, date_time: &'static str, words: &'static str, value: Option<&str>) {
    resource.remove_choice(choice);
    if let Some(value) = value {
        resource.set(if data_type::is_date_time(value) { date_time } else { words }, string(value));
    }
}

/// Every mapped record keeps its source and origin in fields of the same name.
macro_rules! kept {
    () => {
        fn source(&self) -> Option<&str> {
            self.source.as_deref()
        }
        fn set_source(&mut self, source: String, origin: Option<String>) {
            (self.source, self.origin) = (Some(source), origin);
        }
    };
}
use kept;
