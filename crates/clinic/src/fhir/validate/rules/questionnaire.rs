//! Invariants of Questionnaire.

use std::collections::HashSet;

use super::{Json, Rule, at, has, has_choice, is, rule};

/// Item types that have no set of answers.
const NO_ANSWERS: [&str; 7] = ["group", "display", "boolean", "text", "url", "attachment", "reference"];

pub(super) static RULES: &[Rule] = &[
    rule("Questionnaire", "que-2", "every linkId must be unique", |v| at("item", !unique(v, &mut HashSet::new()))),
    rule("Questionnaire.item", "que-1", "a group needs items", |v| at("item", is(v, "type", &["group"]) && !has(v, "item"))),
    rule("Questionnaire.item", "que-1", "a display item has no items", |v| at("item", is(v, "type", &["display"]) && has(v, "item"))),
    rule("Questionnaire.item", "que-3", "a display item has no code", |v| at("code", is(v, "type", &["display"]) && has(v, "code"))),
    rule("Questionnaire.item", "que-4", "a question has answerOption or answerValueSet, not both", |v| {
        at("answerValueSet", has(v, "answerOption") && has(v, "answerValueSet"))
    }),
    rule("Questionnaire.item", "que-5", "an item of this type has no set of answers", |v| {
        let answers = has(v, "answerOption") || has(v, "answerValueSet");
        at("type", answers && is(v, "type", &NO_ANSWERS))
    }),
    rule("Questionnaire.item", "que-6", "a display item is neither required nor repeating", |v| {
        at("type", is(v, "type", &["display"]) && (has(v, "required") || has(v, "repeats")))
    }),
    rule("Questionnaire.item", "que-8", "a group or display item has no initial value", |v| {
        at("initial", is(v, "type", &["group", "display"]) && has(v, "initial"))
    }),
    rule("Questionnaire.item", "que-9", "a display item has no readOnly", |v| {
        at("readOnly", is(v, "type", &["display"]) && has(v, "readOnly"))
    }),
    rule("Questionnaire.item", "que-10", "maxLength is only for simple questions", |v| {
        let simple = ["boolean", "decimal", "integer", "string", "text", "url", "open-choice"];
        at("maxLength", has(v, "maxLength") && !is(v, "type", &simple))
    }),
    rule("Questionnaire.item", "que-11", "an item with answerOption has no initial", |v| {
        at("initial", has(v, "answerOption") && has(v, "initial"))
    }),
    rule("Questionnaire.item", "que-12", "two or more enableWhen need an enableBehavior", |v| {
        at("enableBehavior", v.list("enableWhen").len() > 1 && !has(v, "enableBehavior"))
    }),
    rule("Questionnaire.item", "que-13", "only a repeating item has several initial values", |v| {
        let repeats = v.get("repeats") == Some(&Json::Bool(true));
        at("initial", v.list("initial").len() > 1 && !repeats)
    }),
    rule("Questionnaire.item.enableWhen", "que-7", "the operator exists needs a boolean answer", |v| {
        let other = has_choice(v, "answer") && !has(v, "answerBoolean");
        at("operator", is(v, "operator", &["exists"]) && other)
    }),
];

fn unique<'d>(value: &'d Json, seen: &mut HashSet<&'d str>) -> bool {
    value.list("item").iter().all(|item| {
        let fresh = item.text("linkId").is_none_or(|link| seen.insert(link));
        fresh && unique(item, seen)
    })
}
