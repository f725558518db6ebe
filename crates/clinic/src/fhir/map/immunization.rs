//! Immunization.

use super::{
    Links, Mapped,
    data_type::{concept_at, concept_json, moment, text},
    default_links, default_to, kept, set_moment,
};
use crate::{
    fhir::{tree::string, validate::Json},
    ids::ImmunizationId,
    immunization::Immunization,
    types::CodeableConcept,
};

impl Mapped for Immunization {
    const NAME: &'static str = "Immunization";
    kept!();

    fn read(resource: &Json<'_>, links: Links) -> Option<Self> {
        Some(Self {
            status: text(resource, "status"),
            vaccine: concept_at(resource, "vaccineCode"),
            occurrence: moment(resource, &["occurrenceDateTime", "occurrenceString"]),
            primary_source: match resource.get("primarySource") {
                Some(Json::Bool(value)) => Some(*value),
                _ => None,
            },
            ..Self::blank(links)
        })
    }

    fn blank(links: Links) -> Self {
        Self {
            id: ImmunizationId(links.id),
            patient_id: links.patient,
            encounter_id: links.encounter,
            status: String::new(),
            vaccine: CodeableConcept::default(),
            occurrence: None,
            primary_source: None,
            source: None,
            origin: None,
        }
    }

    fn links(&self) -> Links {
        Links { encounter: self.encounter_id, ..Links::new(self.id.0, self.patient_id) }
    }

    fn overlay<'a>(&self, base: &Self, resource: &mut Json<'a>) {
        if self.status != base.status {
            resource.set("status", string(&self.status));
        }
        if self.vaccine != base.vaccine {
            resource.set("vaccineCode", concept_json(&self.vaccine));
        }
        if self.occurrence != base.occurrence {
            set_moment(resource, "occurrence", "occurrenceDateTime", "occurrenceString", self.occurrence.as_deref());
        }
        if self.primary_source != base.primary_source {
            resource.set("primarySource", self.primary_source.map(Json::Bool));
        }
    }

    fn complete(&self, resource: &mut Json<'_>) {
        default_links(resource, "patient", &self.links());
        default_to(resource, "status", string("completed"));
        default_to(resource, "vaccineCode", concept_json(&CodeableConcept::text("not stated")));
        if !resource.members().iter().any(|(name, _)| name.trim_start_matches('_').starts_with("occurrence")) {
            resource.set("occurrenceString", string("not stated"));
        }
    }
}
