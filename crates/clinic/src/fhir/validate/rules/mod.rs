//! Invariants of R4 on one element or resource, written by hand from the StructureDefinitions (severity error only).
//!
//! A rule sees values whose shapes may be wrong: that is told elsewhere, so here anything unfit just does not break it.

mod data_type;
mod questionnaire;
mod resource;

use std::cmp::Ordering;

use super::json::Json;

/// One invariant.
pub(super) struct Rule {
    /// The type or nested element it is set on.
    pub at: &'static str,
    pub key: &'static str,
    /// What must hold, for a person.
    pub text: &'static str,
    /// The place of the fault below the element if it is broken; empty: the element itself.
    pub broken: fn(&Json) -> Option<&'static str>,
}

/// The rules of a type.
pub(super) fn of(name: &str) -> impl Iterator<Item = &'static Rule> {
    all().filter(move |rule| rule.at == name)
}

/// Every rule.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    [data_type::RULES, data_type::SIMPLE, resource::RULES, resource::FEW, questionnaire::RULES].into_iter().flatten()
}

const fn rule(at: &'static str, key: &'static str, text: &'static str, broken: fn(&Json) -> Option<&'static str>) -> Rule {
    Rule { at, key, text, broken }
}

/// The element is there, as a value or as an extension in its place.
fn has(value: &Json, name: &str) -> bool {
    value.members().iter().any(|(key, _)| key.strip_prefix('_').unwrap_or(key) == name)
}

/// One type of the choice element is there.
fn has_choice(value: &Json, name: &str) -> bool {
    value.members().iter().any(|(key, _)| {
        let key = key.strip_prefix('_').unwrap_or(key);
        key.strip_prefix(name).is_some_and(|ty| ty.starts_with(|first: char| first.is_ascii_uppercase()))
    })
}

/// `place` if `broken`.
fn at(place: &'static str, broken: bool) -> Option<&'static str> {
    broken.then_some(place)
}

fn is(value: &Json, name: &str, wanted: &[&str]) -> bool {
    value.text(name).is_some_and(|text| wanted.contains(&text))
}

/// The concept holds a coding of the system with one of the codes.
fn coded(value: &Json, name: &str, system: &str, codes: &[&str]) -> bool {
    value.get(name).is_some_and(|concept| {
        concept.list("coding").iter().any(|coding| coding.text("system") == Some(system) && is(coding, "code", codes))
    })
}

fn number(value: &Json, name: &str) -> Option<f64> {
    match value.get(name) {
        Some(Json::Number(text)) => text.parse().ok(),
        _ => None,
    }
}

fn order(one: &Json, two: &Json) -> Option<Ordering> {
    if one.text("code") != two.text("code") || one.text("system") != two.text("system") {
        return None;
    }
    number(one, "value")?.partial_cmp(&number(two, "value")?)
}
