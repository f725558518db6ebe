//! Invariants of data types.

use std::cmp::Ordering;

use super::super::primitive::is_after;
use super::{Json, Rule, at, has, has_choice, is, number, order, rule};

const UCUM: &str = "http://unitsofmeasure.org";

pub(super) static RULES: &[Rule] = &[
    rule("Extension", "ext-1", "an extension must have either extensions or one value", |v| {
        at("", has(v, "extension") == has_choice(v, "value"))
    }),
    rule("Period", "per-1", "the start must not be later than the end", |v| match (v.text("start"), v.text("end")) {
        (Some(start), Some(end)) => at("end", is_after(start, end)),
        _ => None,
    }),
    rule("Quantity", "qty-3", "a unit code needs its system", |v| at("system", has(v, "code") && !has(v, "system"))),
    rule("Age", "qty-3", "a unit code needs its system", |v| at("system", has(v, "code") && !has(v, "system"))),
    rule("Duration", "qty-3", "a unit code needs its system", |v| at("system", has(v, "code") && !has(v, "system"))),
    rule("Count", "qty-3", "a unit code needs its system", |v| at("system", has(v, "code") && !has(v, "system"))),
    rule("Distance", "qty-3", "a unit code needs its system", |v| at("system", has(v, "code") && !has(v, "system"))),
    rule("Age", "age-1", "an age with a value needs a unit code", |v| at("code", has(v, "value") && !has(v, "code"))),
    rule("Age", "age-1", "the unit system of an age must be UCUM", |v| at("system", has(v, "system") && !is(v, "system", &[UCUM]))),
    rule("Age", "age-1", "an age must be greater than zero", |v| at("value", number(v, "value").is_some_and(|value| value <= 0.0))),
    rule("Duration", "drt-1", "a duration with a unit code needs a value and UCUM as system", |v| {
        at("", has(v, "code") && !(is(v, "system", &[UCUM]) && has(v, "value")))
    }),
    rule("Distance", "dis-1", "a distance with a value needs a unit code", |v| at("code", has(v, "value") && !has(v, "code"))),
    rule("Distance", "dis-1", "the unit system of a distance must be UCUM", |v| {
        at("system", has(v, "system") && !is(v, "system", &[UCUM]))
    }),
    rule("Count", "cnt-3", "a count with a value needs the unit code 1", |v| at("code", has(v, "value") && !is(v, "code", &["1"]))),
    rule("Count", "cnt-3", "the unit system of a count must be UCUM", |v| at("system", has(v, "system") && !is(v, "system", &[UCUM]))),
    rule("Count", "cnt-3", "a count must be a whole number", |v| at("value", number(v, "value").is_some_and(|value| value.fract() != 0.0))),
    rule("Range", "rng-2", "the low value must not be above the high value", |v| {
        let above = v.get("low").zip(v.get("high")).and_then(|(low, high)| order(low, high));
        at("high", above == Some(Ordering::Greater))
    }),
    rule("Ratio", "rat-1", "a ratio has both numerator and denominator", |v| match (has(v, "numerator"), has(v, "denominator")) {
        (true, false) => Some("denominator"),
        (false, true) => Some("numerator"),
        (false, false) => at("", !has(v, "extension")),
        (true, true) => None,
    }),
    rule("ContactPoint", "cpt-2", "a contact value needs its system", |v| at("system", has(v, "value") && !has(v, "system"))),
    rule("Attachment", "att-1", "attached data needs its contentType", |v| at("contentType", has(v, "data") && !has(v, "contentType"))),
    rule("Expression", "exp-1", "an expression or a reference must be given", |v| at("", !has(v, "expression") && !has(v, "reference"))),
    rule("Timing.repeat", "tim-1", "a duration needs its unit", |v| at("durationUnit", has(v, "duration") && !has(v, "durationUnit"))),
    rule("Timing.repeat", "tim-2", "a period needs its unit", |v| at("periodUnit", has(v, "period") && !has(v, "periodUnit"))),
    rule("Timing.repeat", "tim-4", "a duration must not be negative", |v| {
        at("duration", number(v, "duration").is_some_and(|value| value < 0.0))
    }),
    rule("Timing.repeat", "tim-5", "a period must not be negative", |v| at("period", number(v, "period").is_some_and(|value| value < 0.0))),
    rule("Timing.repeat", "tim-6", "periodMax needs a period", |v| at("period", has(v, "periodMax") && !has(v, "period"))),
    rule("Timing.repeat", "tim-7", "durationMax needs a duration", |v| at("duration", has(v, "durationMax") && !has(v, "duration"))),
    rule("Timing.repeat", "tim-8", "countMax needs a count", |v| at("count", has(v, "countMax") && !has(v, "count"))),
    rule("Timing.repeat", "tim-9", "an offset needs a when, and not C, CM, CD or CV", |v| {
        let meals = ["C", "CM", "CD", "CV"];
        let bare = v.list("when").iter().any(|when| when.as_str().is_some_and(|when| meals.contains(&when)));
        at("offset", has(v, "offset") && (!has(v, "when") || bare))
    }),
    rule("Timing.repeat", "tim-10", "timeOfDay and when exclude each other", |v| at("when", has(v, "timeOfDay") && has(v, "when"))),
    rule("DataRequirement.codeFilter", "drq-1", "a filter has a path or a searchParam, not both", |v| {
        at("", has(v, "path") == has(v, "searchParam"))
    }),
    rule("DataRequirement.dateFilter", "drq-2", "a filter has a path or a searchParam, not both", |v| {
        at("", has(v, "path") == has(v, "searchParam"))
    }),
    rule("TriggerDefinition", "trd-1", "a trigger has a timing or data, not both", |v| {
        at("data", has(v, "data") && has_choice(v, "timing"))
    }),
    rule("TriggerDefinition", "trd-2", "a condition needs data", |v| at("data", has(v, "condition") && !has(v, "data"))),
    rule("TriggerDefinition", "trd-3", "a named event needs a name", |v| at("name", is(v, "type", &["named-event"]) && !has(v, "name"))),
    rule("TriggerDefinition", "trd-3", "a periodic trigger needs a timing", |v| {
        at("", is(v, "type", &["periodic"]) && !has_choice(v, "timing"))
    }),
    rule("TriggerDefinition", "trd-3", "a data trigger needs data", |v| {
        let on_data = v.text("type").is_some_and(|ty| ty.starts_with("data-"));
        at("data", on_data && !has(v, "data"))
    }),
];

/// sqty-1: these quantities are SimpleQuantity, which has no comparator.
pub(super) static SIMPLE: &[Rule] = &[
    simple("Range", |v| compared(v, &["low", "high"])),
    simple("SampledData", |v| compared(v, &["origin"])),
    simple("Dosage", |v| compared(v, &["maxDosePerAdministration", "maxDosePerLifetime"])),
    simple("Dosage.doseAndRate", |v| compared(v, &["doseQuantity", "rateQuantity"])),
    simple("Observation.referenceRange", |v| compared(v, &["low", "high"])),
    simple("MedicationRequest.dispenseRequest", |v| compared(v, &["quantity"])),
    simple("MedicationRequest.dispenseRequest.initialFill", |v| compared(v, &["quantity"])),
    simple("MedicationDispense", |v| compared(v, &["quantity", "daysSupply"])),
    simple("MedicationAdministration.dosage", |v| compared(v, &["dose", "rateQuantity"])),
    simple("Immunization", |v| compared(v, &["doseQuantity"])),
    simple("Specimen.collection", |v| compared(v, &["quantity"])),
    simple("Specimen.container", |v| compared(v, &["capacity", "specimenQuantity"])),
    simple("CarePlan.activity.detail", |v| compared(v, &["dailyAmount", "quantity"])),
    simple("Claim.item", |v| compared(v, &["quantity"])),
    simple("Claim.item.detail", |v| compared(v, &["quantity"])),
    simple("Claim.item.detail.subDetail", |v| compared(v, &["quantity"])),
    simple("ExplanationOfBenefit.item", |v| compared(v, &["quantity"])),
    simple("ExplanationOfBenefit.item.detail", |v| compared(v, &["quantity"])),
    simple("ExplanationOfBenefit.item.detail.subDetail", |v| compared(v, &["quantity"])),
    simple("Coverage.costToBeneficiary", |v| compared(v, &["valueQuantity"])),
];

const fn simple(on: &'static str, broken: fn(&Json) -> Option<&'static str>) -> Rule {
    rule(on, "sqty-1", "this quantity has no comparator", broken)
}

fn compared(value: &Json, names: &[&'static str]) -> Option<&'static str> {
    names.iter().find(|name| value.get(name).is_some_and(|quantity| has(quantity, "comparator"))).copied()
}
