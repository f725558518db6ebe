//! MedicationRequest.

use super::{
    Links, Mapped,
    data_type::{clean, concept, concept_at, concept_json, labels, quantity_words, text},
    default_links, default_to, kept,
};
use crate::{
    fhir::{
        tree::{array, object, string},
        validate::Json,
    },
    ids::MedicationId,
    medication::Medication,
    types::CodeableConcept,
};

impl Mapped for Medication {
    const NAME: &'static str = "MedicationRequest";
    kept!();

    fn read(resource: &Json<'_>, mut links: Links) -> Option<Self> {
        let referred = links.medication.take();
        let medication = match resource.get("medicationCodeableConcept") {
            Some(coded) => concept(coded),
            None => referred.unwrap_or_default(),
        };
        let mut dosage: Vec<String> =
            resource.list("dosageInstruction").iter().map(dosage_words).filter(|words| !words.is_empty()).collect();
        if resource.get("doNotPerform") == Some(&Json::Bool(true)) {
            dosage.insert(0, "DO NOT GIVE".to_owned());
        }
        Some(Self {
            medication,
            dosage: clean(&dosage.join("; ")),
            status: text(resource, "status"),
            intent: text(resource, "intent"),
            authored_on: resource.text("authoredOn").map(str::to_owned),
            ..Self::blank(links)
        })
    }

    fn blank(links: Links) -> Self {
        Self {
            id: MedicationId(links.id),
            patient_id: links.patient,
            encounter_id: links.encounter,
            medication: CodeableConcept::default(),
            dosage: String::new(),
            status: String::new(),
            intent: String::new(),
            authored_on: None,
            source: None,
            origin: None,
        }
    }

    /// A medicine is not edited here, so what a reference pointed at is what the record says.
    fn links(&self) -> Links {
        Links { encounter: self.encounter_id, medication: Some(self.medication.clone()), ..Links::new(self.id.0, self.patient_id) }
    }

    fn overlay<'a>(&self, base: &Self, resource: &mut Json<'a>) {
        if self.medication != base.medication {
            resource.remove_choice("medication");
            resource.set("medicationCodeableConcept", concept_json(&self.medication));
        }
        if self.dosage != base.dosage {
            let words = string(&self.dosage).map(|words| object([("text", Some(words))]));
            resource.set("dosageInstruction", array(words));
        }
        if self.status != base.status {
            resource.set("status", string(&self.status));
        }
        if self.intent != base.intent {
            resource.set("intent", string(&self.intent));
        }
        if self.authored_on != base.authored_on {
            resource.set("authoredOn", self.authored_on.as_deref().and_then(string));
        }
    }

    fn complete(&self, resource: &mut Json<'_>) {
        default_links(resource, "subject", &self.links());
        default_to(resource, "status", string("unknown"));
        default_to(resource, "intent", string("order"));
        if resource.get("medicationReference").is_none() {
            default_to(resource, "medicationCodeableConcept", concept_json(&CodeableConcept::text("not stated")));
        }
    }
}

/// A dosage as a person reads it: its own text, else built from its parts. Never less than what is there.
fn dosage_words(dosage: &Json<'_>) -> String {
    let written = text(dosage, "text");
    if !written.is_empty() {
        return written;
    }
    let dose = dosage.list("doseAndRate").iter().flat_map(|part| [amount(part, "dose"), amount(part, "rate")]);
    let as_needed = match (dosage.get("asNeededBoolean"), dosage.get("asNeededCodeableConcept")) {
        (Some(Json::Bool(true)), _) => "as needed".to_owned(),
        (_, Some(reason)) => format!("as needed for {}", concept(reason).label()),
        _ => String::new(),
    };
    let limits = ["maxDosePerPeriod", "maxDosePerAdministration", "maxDosePerLifetime"].into_iter().filter_map(|name| {
        let limit = dosage.get(name)?;
        let words = if limit.get("numerator").is_some() { ratio_words(limit) } else { quantity_words(limit) };
        Some(format!("at most {words}"))
    });
    let parts: Vec<String> = dose
        .chain([
            labels(&[concept_at(dosage, "method")]),
            labels(&[concept_at(dosage, "route")]),
            labels(&[concept_at(dosage, "site")]),
            timing_words(dosage),
            as_needed,
            labels(&super::data_type::concepts(dosage, "additionalInstruction")),
            text(dosage, "patientInstruction"),
        ])
        .chain(limits)
        .filter(|part| !part.is_empty())
        .collect();
    clean(&parts.join(", "))
}

/// `doseQuantity`, `doseRange`, `rateRatio` and the like.
fn amount(part: &Json<'_>, choice: &str) -> String {
    let found = part.members().iter().find_map(|(name, value)| Some((name.strip_prefix(choice)?, value)));
    match found {
        Some(("Quantity", value)) => quantity_words(value),
        Some(("Range", value)) => super::observation::range_words(value),
        Some(("Ratio", value)) => ratio_words(value),
        _ => String::new(),
    }
}

pub(super) fn ratio_words(ratio: &Json<'_>) -> String {
    let part = |name: &str| ratio.get(name).map(quantity_words).unwrap_or_default();
    format!("{} / {}", part("numerator"), part("denominator"))
}

fn timing_words(dosage: &Json<'_>) -> String {
    let Some(timing) = dosage.get("timing") else { return String::new() };
    let code = labels(&[concept_at(timing, "code")]);
    let Some(repeat) = timing.get("repeat") else { return code };
    let number = |name: &str| match repeat.get(name) {
        Some(Json::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let upto = |from: String, to: String| if to.is_empty() { from } else { format!("{from}-{to}") };
    let unit = |name: &str| match repeat.text(name) {
        Some("s") => "s",
        Some("min") => "min",
        Some("h") => "h",
        Some("d") => "day",
        Some("wk") => "week",
        Some("mo") => "month",
        Some("a") => "year",
        _ => "",
    };
    let mut words = vec![code];
    let frequency = upto(number("frequency"), number("frequencyMax"));
    let period = upto(number("period"), number("periodMax"));
    if !period.is_empty() {
        let times = if frequency.is_empty() { String::new() } else { format!("{frequency} x ") };
        words.push(match period.as_str() {
            "1" => format!("{times}every {}", unit("periodUnit")),
            _ => format!("{times}every {period} {}", unit("periodUnit")),
        });
    }
    let listed = |name: &str| repeat.list(name).iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" ");
    words.extend([listed("dayOfWeek"), listed("timeOfDay"), listed("when")]);
    if let Some(bounds) = repeat.get("boundsDuration") {
        words.push(format!("for {}", quantity_words(bounds)));
    }
    words.retain(|part| !part.is_empty());
    words.join(" ")
}
