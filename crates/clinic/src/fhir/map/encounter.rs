//! Encounter.

use super::{
    Links, Mapped,
    data_type::{clean, coding, coding_json, concept_json, concepts, concepts_json, labels, millis},
    default_to, kept,
};
use crate::{
    encounter::{Encounter, Stage, StageTime},
    fhir::{
        tree::{array, filled, object, reference, string},
        validate::Json,
    },
    ids::EncounterId,
    types::{CodeableConcept, Coding, instant},
};

const CLASS: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// Start of a visit whose time nobody told: shown as no time at all.
const UNTOLD: i64 = i64::MIN;

impl Mapped for Encounter {
    const NAME: &'static str = "Encounter";
    kept!();

    /// A visit elsewhere is past, whatever its status: it never stands in this clinic's queue.
    fn read(resource: &Json<'_>, links: Links) -> Option<Self> {
        let period = resource.get("period");
        let time = |name: &str| period.and_then(|period| period.text(name)).and_then(millis);
        let (started, ended) = (time("start").or(time("end")).unwrap_or(UNTOLD), time("end"));
        let types = concepts(resource, "type");
        let reasons = labels(&concepts(resource, "reasonCode"));
        let referred = || resource.list("reasonReference").iter().find_map(|reason| reason.text("display")).map(clean);
        let reason = Some(reasons).filter(|reason| !reason.is_empty()).or_else(referred).unwrap_or_else(|| labels(&types));
        Some(Self {
            stages: vec![StageTime { stage: Stage::Done, since: ended.unwrap_or(started) }],
            reason,
            started,
            ended,
            types,
            class: resource.get("class").map(coding).filter(|class| *class != Coding::default()),
            ..Self::blank(links)
        })
    }

    fn blank(links: Links) -> Self {
        Self {
            id: EncounterId(links.id),
            patient_id: links.patient,
            practitioner_id: links.practitioner,
            appointment_id: links.appointment,
            stages: Vec::new(),
            reason: String::new(),
            walk_in: false,
            started: UNTOLD,
            ended: None,
            types: Vec::new(),
            class: None,
            source: None,
            origin: None,
        }
    }

    fn links(&self) -> Links {
        Links { appointment: self.appointment_id, practitioner: self.practitioner_id, ..Links::new(self.id.0, self.patient_id) }
    }

    fn overlay<'a>(&self, base: &Self, resource: &mut Json<'a>) {
        if self.stages != base.stages {
            let status = match self.stage() {
                Stage::Arrived | Stage::Called => "arrived",
                Stage::InRoom => "in-progress",
                Stage::Done => "finished",
            };
            resource.set("status", string(status));
        }
        if self.class != base.class {
            resource.set("class", self.class.as_ref().and_then(coding_json));
        }
        if self.types != base.types {
            resource.set("type", concepts_json(&self.types));
        }
        if (self.started, self.ended) != (base.started, base.ended) {
            let time = |at: Option<i64>| at.filter(|at| *at != UNTOLD).and_then(|at| string(&instant(at)));
            resource.set("period", filled([("start", time(Some(self.started))), ("end", time(self.ended))]));
        }
        if self.reason != base.reason {
            resource.set("reasonCode", array(concept_json(&CodeableConcept::text(&*self.reason))));
        }
    }

    fn complete(&self, resource: &mut Json<'_>) {
        default_to(resource, "status", string("unknown"));
        default_to(
            resource,
            "class",
            coding_json(&Coding { system: CLASS.to_owned(), code: "AMB".to_owned(), display: "ambulatory".to_owned() }),
        );
        default_to(resource, "subject", reference(self.patient_id));
        if let Some(practitioner) = self.practitioner_id {
            default_to(resource, "participant", array([object([("individual", reference(practitioner))])]));
        }
        if let Some(appointment) = self.appointment_id {
            default_to(resource, "appointment", array(reference(appointment)));
        }
    }
}
