//! Appointment. Times are instants in FHIR and clinic-local here.

use super::{
    Links, Mapped,
    data_type::{clean, concept_at, concept_json, concepts, labels, local, text, zoned},
    default_to, kept,
};
use crate::{
    appointment::{Appointment, AppointmentStatus},
    fhir::{
        tree::{array, object, reference, string},
        validate::Json,
    },
    ids::AppointmentId,
    types::CodeableConcept,
};

impl Mapped for Appointment {
    const NAME: &'static str = "Appointment";
    kept!();

    /// One without times is no booking.
    fn read(resource: &Json<'_>, links: Links) -> Option<Self> {
        let reasons =
            [labels(&concepts(resource, "reasonCode")), text(resource, "description"), labels(&concepts(resource, "serviceType"))];
        Some(Self {
            start: local(resource.text("start")?)?,
            end: local(resource.text("end")?)?,
            status: status(resource.text("status").unwrap_or_default()),
            reason: reasons.into_iter().find(|reason| !reason.is_empty()).unwrap_or_default(),
            cancel_reason: clean(concept_at(resource, "cancelationReason").label()),
            ..Self::blank(links)
        })
    }

    fn blank(links: Links) -> Self {
        Self {
            id: AppointmentId(links.id),
            patient_id: links.patient,
            practitioner_id: links.practitioner,
            start: jiff::civil::DateTime::MIN,
            end: jiff::civil::DateTime::MIN,
            status: AppointmentStatus::Booked,
            reason: String::new(),
            walk_in: false,
            cancel_reason: String::new(),
            source: None,
            origin: None,
        }
    }

    /// Imported bookings have no practitioner of ours; one that was moved here has, and it is told beside the participants that came.
    fn links(&self) -> Links {
        Links::new(self.id.0, self.patient_id)
    }

    fn overlay<'a>(&self, base: &Self, resource: &mut Json<'a>) {
        if self.status != base.status {
            resource.set("status", string(self.status.name()));
        }
        if (self.start, self.end) != (base.start, base.end) {
            resource.set("start", string(&zoned(self.start)));
            resource.set("end", string(&zoned(self.end)));
            resource.set("minutesDuration", None);
        }
        if self.reason != base.reason {
            resource.set("reasonCode", array(concept_json(&CodeableConcept::text(&*self.reason))));
        }
        if self.cancel_reason != base.cancel_reason {
            resource.set("cancelationReason", concept_json(&CodeableConcept::text(&*self.cancel_reason)));
        }
        if let Some(practitioner) = self.practitioner_id {
            let mut participants = resource.list("participant").to_vec();
            participants.push(participant(reference(practitioner)));
            resource.set("participant", array(participants));
        }
    }

    fn complete(&self, resource: &mut Json<'_>) {
        default_to(resource, "status", string(self.status.name()));
        // app-4: a reason to cancel belongs only to what was cancelled or missed.
        if !matches!(resource.text("status"), Some("cancelled" | "noshow")) {
            resource.set("cancelationReason", None);
        }
        let mut participants = resource.list("participant").to_vec();
        let patient = super::super::tree::address(self.patient_id);
        let is_patient =
            |participant: &Json<'_>| participant.get("actor").and_then(|actor| actor.text("reference")) == Some(patient.as_str());
        if !participants.iter().any(is_patient) {
            participants.insert(0, participant(reference(self.patient_id)));
            resource.set("participant", array(participants));
        }
    }
}

fn participant<'a>(actor: Option<Json<'a>>) -> Json<'a> {
    object([("actor", actor), ("status", string("accepted"))])
}

/// The nearest that the diary knows; the source keeps the code itself.
fn status(code: &str) -> AppointmentStatus {
    match code {
        "arrived" | "checked-in" => AppointmentStatus::Arrived,
        "fulfilled" => AppointmentStatus::Fulfilled,
        "cancelled" | "entered-in-error" => AppointmentStatus::Cancelled,
        "noshow" => AppointmentStatus::NoShow,
        _ => AppointmentStatus::Booked,
    }
}
