//! Observation.

use super::{
    Links, Mapped,
    data_type::{clean, concept, concept_at, concept_json, concepts, concepts_json, quantity, quantity_json, quantity_words, text},
    default_links, default_to, kept,
    medication::ratio_words,
};
use crate::{
    fhir::{
        tree::{array, object, string},
        validate::Json,
    },
    ids::ObservationId,
    observation::{Component, Observation, Quantity},
    types::CodeableConcept,
};

impl Mapped for Observation {
    const NAME: &'static str = "Observation";
    kept!();

    fn read(resource: &Json<'_>, links: Links) -> Option<Self> {
        let value = Value::of(resource);
        let timing = || resource.get("effectiveTiming").and_then(|timing| timing.list("event").first()).and_then(Json::as_str);
        let effective = super::data_type::moment(resource, &["effectiveDateTime", "effectiveInstant", "effectivePeriod"]);
        Some(Self {
            status: text(resource, "status"),
            categories: concepts(resource, "category"),
            code: concept_at(resource, "code"),
            effective: effective.or_else(|| timing().or(resource.text("issued")).map(str::to_owned)),
            quantity: value.quantity,
            concept: value.concept,
            text: value.text,
            components: resource
                .list("component")
                .iter()
                .map(|component| {
                    let value = Value::of(component);
                    let words = value.text.or_else(|| value.concept.map(|concept| concept.label().to_owned()));
                    Component { code: concept_at(component, "code"), quantity: value.quantity, text: words }
                })
                .collect(),
            ..Self::blank(links)
        })
    }

    fn blank(links: Links) -> Self {
        Self {
            id: ObservationId(links.id),
            patient_id: links.patient,
            encounter_id: links.encounter,
            status: String::new(),
            categories: Vec::new(),
            code: CodeableConcept::default(),
            effective: None,
            quantity: None,
            concept: None,
            text: None,
            components: Vec::new(),
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
        if self.categories != base.categories {
            resource.set("category", concepts_json(&self.categories));
        }
        if self.code != base.code {
            resource.set("code", concept_json(&self.code));
        }
        if self.effective != base.effective {
            resource.remove_choice("effective");
            resource.set("effectiveDateTime", self.effective.as_deref().filter(|at| super::data_type::is_date_time(at)).and_then(string));
        }
        if (&self.quantity, &self.concept, &self.text) != (&base.quantity, &base.concept, &base.text) {
            resource.remove_choice("value");
            resource.set("dataAbsentReason", None);
            let (name, value) = value_json(self.quantity.as_ref(), self.concept.as_ref(), self.text.as_deref());
            resource.set(name, value);
        }
        if self.components != base.components {
            resource.set("component", array(self.components.iter().map(component_json)));
        }
    }

    fn complete(&self, resource: &mut Json<'_>) {
        default_links(resource, "subject", &self.links());
        default_to(resource, "status", string("unknown"));
        default_to(resource, "code", concept_json(&CodeableConcept::text("not stated")));
    }
}

fn component_json<'a>(component: &Component) -> Json<'a> {
    let (name, value) = value_json(component.quantity.as_ref(), None, component.text.as_deref());
    object([("code", concept_json(&component.code).or(concept_json(&CodeableConcept::text("not stated")))), (name, value)])
}

fn value_json<'a>(quantity: Option<&Quantity>, concept: Option<&CodeableConcept>, text: Option<&str>) -> (&'static str, Option<Json<'a>>) {
    match (quantity, concept, text) {
        (Some(quantity), ..) => ("valueQuantity", quantity_json(quantity)),
        (_, Some(concept), _) => ("valueCodeableConcept", concept_json(concept)),
        (.., text) => ("valueString", text.and_then(string)),
    }
}

/// What was found: a number, a code, or words for every other kind.
#[derive(Default)]
struct Value {
    quantity: Option<Quantity>,
    concept: Option<CodeableConcept>,
    text: Option<String>,
}

impl Value {
    fn of(resource: &Json<'_>) -> Self {
        let found = resource.members().iter().find_map(|(name, value)| Some((name.strip_prefix("value")?, value)));
        let words = match found {
            Some(("Quantity", value)) => match quantity(value) {
                Some(quantity) => return Self { quantity: Some(quantity), ..Self::default() },
                None => quantity_words(value),
            },
            Some(("CodeableConcept", value)) => return Self { concept: Some(concept(value)), ..Self::default() },
            Some(("Boolean", Json::Bool(value))) => if *value { "yes" } else { "no" }.to_owned(),
            Some(("Integer", Json::Number(number))) => number.to_string(),
            Some(("Range", value)) => range_words(value),
            Some(("Ratio", value)) => ratio_words(value),
            Some(("Period", value)) => format!("{} - {}", text(value, "start"), text(value, "end")),
            Some(("SampledData", _)) => "sampled data".to_owned(),
            Some((_, Json::String(value))) => clean(value),
            _ => match resource.get("dataAbsentReason") {
                Some(reason) => format!("({})", concept(reason).label()),
                None => return Self::default(),
            },
        };
        Self { text: Some(words), ..Self::default() }
    }
}

pub(super) fn range_words(range: &Json<'_>) -> String {
    let end = |name: &str| range.get(name).map(quantity_words).unwrap_or_default();
    format!("{} - {}", end("low"), end("high"))
}
