//! AllergyIntolerance.

use super::{
    Links, Mapped,
    data_type::{clean, code_at, code_json, concept_at, concept_json, concepts, labels, millis, text, texts},
    default_to, kept,
};
use crate::{
    allergy::Allergy,
    fhir::{
        tree::{array, object, reference, string},
        validate::Json,
    },
    ids::AllergyId,
    types::{CodeableConcept, instant},
};

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

impl Mapped for Allergy {
    const NAME: &'static str = "AllergyIntolerance";
    kept!();

    fn read(resource: &Json<'_>, links: Links) -> Option<Self> {
        let reactions = resource.list("reaction");
        let manifestations: Vec<CodeableConcept> = reactions.iter().flat_map(|reaction| concepts(reaction, "manifestation")).collect();
        let descriptions = reactions.iter().map(|reaction| text(reaction, "description")).filter(|text| !text.is_empty());
        let words: Vec<String> = [labels(&manifestations)].into_iter().filter(|text| !text.is_empty()).chain(descriptions).collect();
        let mut substance = concept_at(resource, "code");
        if substance.label().is_empty() {
            // R4 lets the substance stand in the reaction only.
            substance = reactions.iter().find_map(|reaction| reaction.get("substance")).map(super::data_type::concept).unwrap_or_default();
        }
        let verification = code_at(resource, "verificationStatus");
        let clinical = code_at(resource, "clinicalStatus");
        Some(Self {
            substance,
            criticality: resource.text("criticality").map(clean),
            reaction: clean(&words.join("; ")),
            status: match verification.as_deref() {
                Some(wrong @ ("entered-in-error" | "refuted")) => wrong.to_owned(),
                _ => clinical.unwrap_or_else(|| "active".to_owned()),
            },
            recorded: resource.text("recordedDate").and_then(millis),
            verification,
            categories: texts(resource, "category"),
            kind: resource.text("type").map(clean),
            reactions: manifestations,
            ..Self::blank(links)
        })
    }

    fn blank(links: Links) -> Self {
        Self {
            id: AllergyId(links.id),
            patient_id: links.patient,
            substance: CodeableConcept::default(),
            criticality: None,
            reaction: String::new(),
            status: String::new(),
            recorded: None,
            verification: None,
            categories: Vec::new(),
            kind: None,
            reactions: Vec::new(),
            source: None,
            origin: None,
        }
    }

    fn links(&self) -> Links {
        Links::new(self.id.0, self.patient_id)
    }

    fn overlay<'a>(&self, base: &Self, resource: &mut Json<'a>) {
        if self.substance != base.substance {
            resource.set("code", concept_json(&self.substance));
        }
        if self.criticality != base.criticality {
            resource.set("criticality", self.criticality.as_deref().and_then(string));
        }
        if self.reaction != base.reaction {
            let manifestation = concept_json(&CodeableConcept::text(&*self.reaction));
            resource.set("reaction", array(manifestation.map(|words| object([("manifestation", array([words]))]))));
        }
        if self.verification != base.verification {
            resource.set("verificationStatus", code_json(VERIFICATION, self.verification.as_deref().unwrap_or_default()));
        }
        if self.status != base.status {
            resource.set("clinicalStatus", code_json(CLINICAL, &self.status));
            if code_at(resource, "verificationStatus").as_deref() == Some("entered-in-error") {
                // ait-2: a person gave it a status again, so it is no error any more.
                resource.set("verificationStatus", None);
            }
        }
        if self.recorded != base.recorded {
            resource.set("recordedDate", self.recorded.and_then(|at| string(&instant(at))));
        }
        if self.categories != base.categories {
            resource.set("category", array(self.categories.iter().filter_map(|category| string(category))));
        }
        if self.kind != base.kind {
            resource.set("type", self.kind.as_deref().and_then(string));
        }
    }

    fn complete(&self, resource: &mut Json<'_>) {
        default_to(resource, "patient", reference(self.patient_id));
    }
}
