//! What is made only here, as FHIR R4: notes and addenda (Composition), consent to record (Consent), staff (Practitioner).

use super::super::{
    map::{data_type::code_json, typed, with_id},
    tree::{array, filled, object, reference, string},
    validate::Json,
};
use crate::{
    consent::{Consent, ConsentDecision, ConsentGiver, ConsentMethod},
    ids::{EncounterId, NoteId},
    note::{Addendum, Note, NoteSection, NoteStatus, SentenceState},
    practitioner::Practitioner,
    types::instant,
};

const LOINC: &str = crate::observation::LOINC;
/// LOINC: Consult note.
const CONSULT_NOTE: &str = "11488-4";
const CONSENT_SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";

/// A note. Struck sentences stay behind; what is not signed is preliminary.
pub(super) fn note(note: &Note) -> String {
    let mut resource = typed("Composition");
    let is_final = note.status == NoteStatus::Final;
    resource.set("status", string(if is_final { "final" } else { "preliminary" }));
    resource.set("type", code_json(LOINC, CONSULT_NOTE));
    resource.set("subject", reference(note.patient_id));
    resource.set("encounter", reference(note.encounter_id));
    resource.set("date", string(&note.signed_at.map_or_else(|| made_at(note.id), instant)));
    resource.set("author", array(reference(note.author_id)));
    resource.set("title", string("Consultation note"));
    if let (Some(by), Some(at)) = (note.signed_by, note.signed_at) {
        let attester = object([("mode", string("legal")), ("time", string(&instant(at))), ("party", reference(by))]);
        resource.set("attester", array([attester]));
    }
    resource.set("section", array(note.in_order().filter_map(section)));
    with_id(&mut resource, note.id.0);
    resource.to_text()
}

/// Words added to a signed note: a Composition that appends to it.
pub(super) fn addendum(addendum: &Addendum, encounter: EncounterId) -> String {
    let mut resource = typed("Composition");
    resource.set("status", string("final"));
    resource.set("type", code_json(LOINC, CONSULT_NOTE));
    resource.set("subject", reference(addendum.patient_id));
    resource.set("encounter", reference(encounter));
    resource.set("date", string(&instant(addendum.at)));
    resource.set("author", array(reference(addendum.author_id)));
    resource.set("title", string("Addendum"));
    resource.set("relatesTo", array([object([("code", string("appends")), ("targetReference", reference(addendum.note_id))])]));
    let text = narrative([addendum.text.as_str()]);
    resource.set("section", array(text.map(|text| object([("title", string("Addendum")), ("text", Some(text))]))));
    with_id(&mut resource, addendum.id.0);
    resource.to_text()
}

/// A decision about recording a visit. Who decided stands as performer; a parent or guardian is no one registered, so by name.
pub(super) fn consent(consent: &Consent) -> String {
    let (status, provision) = match consent.decision {
        ConsentDecision::Given => ("active", "permit"),
        ConsentDecision::Refused => ("rejected", "deny"),
        ConsentDecision::Withdrawn => ("inactive", "deny"),
    };
    let method = match consent.method {
        ConsentMethod::Spoken => "Recording of the consultation, decided by word of mouth",
        ConsentMethod::Written => "Recording of the consultation, decided in writing",
    };
    let performer = match consent.given_by {
        ConsentGiver::Patient => reference(consent.patient_id),
        ConsentGiver::Parent => Some(by_name(&consent.name, "parent")),
        ConsentGiver::Guardian => Some(by_name(&consent.name, "guardian")),
        ConsentGiver::Other => Some(by_name(&consent.name, "other")),
    };
    let words = |text: &str| object([("text", string(text))]);
    let visit = object([("meaning", string("instance")), ("reference", reference(consent.encounter_id))]);
    let mut resource = typed("Consent");
    resource.set("status", string(status));
    resource.set("scope", code_json(CONSENT_SCOPE, "patient-privacy"));
    resource.set("category", array([words(method)]));
    resource.set("patient", reference(consent.patient_id));
    resource.set("dateTime", string(&instant(consent.at)));
    resource.set("performer", array(performer));
    resource.set("policyRule", Some(words("The clinic's notice on recording consultations")));
    resource.set("provision", Some(object([("type", string(provision)), ("data", array([visit]))])));
    with_id(&mut resource, consent.id.0);
    resource.to_text()
}

/// A member of staff, as others refer to them.
pub(super) fn practitioner(practitioner: &Practitioner) -> String {
    let mut resource = typed("Practitioner");
    resource.set("active", Some(Json::Bool(practitioner.active)));
    resource.set("name", array(filled([("text", string(&practitioner.name))])));
    with_id(&mut resource, practitioner.id.0);
    resource.to_text()
}

fn by_name<'a>(name: &str, relation: &str) -> Json<'a> {
    object([("type", string("RelatedPerson")), ("display", string(&format!("{name} ({relation})")))])
}

/// cmp-1: a section without words is none.
fn section<'a>(section: &NoteSection) -> Option<Json<'a>> {
    let kept = section.sentences.iter().filter(|sentence| sentence.state != SentenceState::Struck);
    let text = narrative(kept.map(|sentence| sentence.text.as_str()))?;
    let code = string(&section.code).map(|code| object([("text", Some(code))]));
    Some(object([("title", string(&section.title)), ("code", code), ("text", Some(text))]))
}

/// Paragraphs as a Narrative.
fn narrative<'a, 't>(paragraphs: impl IntoIterator<Item = &'t str>) -> Option<Json<'a>> {
    let mut div = String::from(r#"<div xmlns="http://www.w3.org/1999/xhtml">"#);
    let empty = div.len();
    for paragraph in paragraphs.into_iter().map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        div.push_str("<p>");
        for c in paragraph.chars() {
            match c {
                '&' => div.push_str("&amp;"),
                '<' => div.push_str("&lt;"),
                '>' => div.push_str("&gt;"),
                '\n' => div.push_str("<br/>"),
                c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => div.push(' '),
                c => div.push(c),
            }
        }
        div.push_str("</p>");
    }
    let is_empty = div.len() == empty;
    div.push_str("</div>");
    (!is_empty).then(|| object([("status", string("additional")), ("div", string(&div))]))
}

/// A UUIDv7 tells when it was made.
fn made_at(id: NoteId) -> String {
    let (seconds, nanos) = id.0.get_timestamp().map(|at| at.to_unix()).unwrap_or_default();
    instant(i64::try_from(seconds).unwrap_or_default() * 1000 + i64::from(nanos / 1_000_000))
}
