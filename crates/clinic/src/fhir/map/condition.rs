//! Condition.

use super::{
    Links, Mapped,
    data_type::{code_at, code_json, concept_at, concept_json, concepts, concepts_json, millis, moment},
    default_links, kept, set_moment,
};
use crate::{
    condition::Condition,
    fhir::{tree::string, validate::Json},
    ids::ConditionId,
    types::{CodeableConcept, instant},
};

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

impl Mapped for Condition {
    const NAME: &'static str = "Condition";
    kept!();

    fn read(resource: &Json<'_>, links: Links) -> Option<Self> {
        let verification = code_at(resource, "verificationStatus");
        let abatement = moment(resource, &["abatementDateTime", "abatementPeriod", "abatementString"]);
        Some(Self {
            code: concept_at(resource, "code"),
            onset: moment(resource, &["onsetDateTime", "onsetPeriod", "onsetString"]),
            status: status(code_at(resource, "clinicalStatus"), verification.as_deref(), abatement.is_some()),
            abatement,
            verification,
            categories: concepts(resource, "category"),
            recorded: resource.text("recordedDate").and_then(millis),
            ..Self::blank(links)
        })
    }

    fn blank(links: Links) -> Self {
        Self {
            id: ConditionId(links.id),
            patient_id: links.patient,
            encounter_id: links.encounter,
            code: CodeableConcept::default(),
            onset: None,
            abatement: None,
            status: String::new(),
            verification: None,
            categories: Vec::new(),
            recorded: None,
            source: None,
            origin: None,
        }
    }

    fn links(&self) -> Links {
        Links { encounter: self.encounter_id, ..Links::new(self.id.0, self.patient_id) }
    }

    fn overlay<'a>(&self, base: &Self, resource: &mut Json<'a>) {
        if self.code != base.code {
            resource.set("code", concept_json(&self.code));
        }
        if self.onset != base.onset {
            set_moment(resource, "onset", "onsetDateTime", "onsetString", self.onset.as_deref());
        }
        if self.abatement != base.abatement {
            set_moment(resource, "abatement", "abatementDateTime", "abatementString", self.abatement.as_deref());
        }
        if self.verification != base.verification {
            resource.set("verificationStatus", code_json(VERIFICATION, self.verification.as_deref().unwrap_or_default()));
        }
        if self.status != base.status {
            resource.set("clinicalStatus", code_json(CLINICAL, &self.status));
            if self.status == "active" {
                // con-4: what has abated is not active.
                resource.remove_choice("abatement");
            }
            if code_at(resource, "verificationStatus").as_deref() == Some("entered-in-error") {
                // con-5: a person gave it a status again, so it is no error any more.
                resource.set("verificationStatus", None);
            }
        }
        if self.categories != base.categories {
            resource.set("category", concepts_json(&self.categories));
        }
        if self.recorded != base.recorded {
            resource.set("recordedDate", self.recorded.and_then(|at| string(&instant(at))));
        }
    }

    fn complete(&self, resource: &mut Json<'_>) {
        default_links(resource, "subject", &self.links());
    }
}

/// The status to show: active, inactive or resolved; or that it does not hold at all.
fn status(clinical: Option<String>, verification: Option<&str>, abated: bool) -> String {
    match (verification, clinical.as_deref()) {
        (Some(wrong @ ("entered-in-error" | "refuted")), _) => wrong.to_owned(),
        (_, Some("recurrence" | "relapse")) => "active".to_owned(),
        (_, Some("remission")) => "inactive".to_owned(),
        (_, Some(code)) => code.to_owned(),
        (_, None) if abated => "resolved".to_owned(),
        // Nothing is said: a problem that may be there must be seen.
        (_, None) => "active".to_owned(),
    }
}
