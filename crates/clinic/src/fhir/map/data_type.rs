//! FHIR data types to ours and back. What a person reads is trimmed and bounded; the whole text stays in the record's source.

use std::borrow::Cow;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::super::{
    tree::{array, filled, object, string},
    validate::Json,
};
use crate::{
    observation::Quantity,
    types::{Address, CodeableConcept, Coding, ContactPoint, HumanName, Identifier, MAX_LINE, PatientContact, partial_date},
};

/// One line as shown: no control characters, no space around, bounded.
pub(in crate::fhir) fn clean(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let clean = clean.trim();
    match clean.char_indices().nth(MAX_LINE) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean.to_owned(),
    }
}

pub(super) fn text(value: &Json<'_>, name: &str) -> String {
    value.text(name).map(clean).unwrap_or_default()
}

pub(super) fn texts(value: &Json<'_>, name: &str) -> Vec<String> {
    value.list(name).iter().filter_map(Json::as_str).map(clean).filter(|text| !text.is_empty()).collect()
}

pub(in crate::fhir) fn coding(value: &Json<'_>) -> Coding {
    Coding { system: text(value, "system"), code: text(value, "code"), display: text(value, "display") }
}

pub(in crate::fhir) fn concept(value: &Json<'_>) -> CodeableConcept {
    CodeableConcept { coding: value.list("coding").iter().map(coding).collect(), text: text(value, "text") }
}

pub(super) fn concept_at(value: &Json<'_>, name: &str) -> CodeableConcept {
    value.get(name).map(concept).unwrap_or_default()
}

pub(super) fn concepts(value: &Json<'_>, name: &str) -> Vec<CodeableConcept> {
    value.list(name).iter().map(concept).collect()
}

/// The first code of a concept, as of a status.
pub(super) fn code_at(value: &Json<'_>, name: &str) -> Option<String> {
    value.get(name)?.list("coding").iter().find_map(|coding| coding.text("code")).map(clean)
}

/// The labels of concepts, joined.
pub(super) fn labels(concepts: &[CodeableConcept]) -> String {
    let labels: Vec<&str> = concepts.iter().map(CodeableConcept::label).filter(|label| !label.is_empty()).collect();
    clean(&labels.join(", "))
}

pub(in crate::fhir) fn identifier(value: &Json<'_>) -> Option<Identifier> {
    let identifier = Identifier { system: text(value, "system"), value: text(value, "value") };
    (!identifier.value.is_empty()).then_some(identifier)
}

pub(in crate::fhir) fn name(value: &Json<'_>) -> Option<HumanName> {
    let name = HumanName {
        name_use: text(value, "use"),
        prefix: texts(value, "prefix"),
        given: texts(value, "given"),
        family: text(value, "family"),
        suffix: texts(value, "suffix"),
        text: text(value, "text"),
    };
    (!name.display().is_empty()).then_some(name)
}

pub(super) fn telecom(value: &Json<'_>) -> Option<ContactPoint> {
    let point = ContactPoint { system: text(value, "system"), value: text(value, "value"), point_use: text(value, "use") };
    (!point.value.is_empty()).then_some(point)
}

pub(super) fn postal_address(value: &Json<'_>) -> Option<Address> {
    let mut line = texts(value, "line");
    let whole = text(value, "text");
    if line.is_empty() && !whole.is_empty() {
        line.push(whole);
    }
    let address = Address {
        line,
        city: text(value, "city"),
        district: text(value, "district"),
        state: text(value, "state"),
        postal_code: text(value, "postalCode"),
        country: text(value, "country"),
    };
    (address != Address::default()).then_some(address)
}

/// Next of kin; one without a name stays in the source only.
pub(super) fn contact(value: &Json<'_>) -> Option<PatientContact> {
    let name = value.get("name").and_then(name).map(|name| name.display());
    let name =
        name.or_else(|| value.get("organization").map(|organization| text(organization, "display"))).filter(|name| !name.is_empty())?;
    let phone = value.list("telecom").iter().filter_map(telecom).find(|point| matches!(point.system.as_str(), "phone" | "sms"));
    Some(PatientContact {
        name,
        relationship: labels(&concepts(value, "relationship")),
        phone: phone.map(|point| point.value).unwrap_or_default(),
    })
}

/// The number of a Quantity, if it is one that can be shown as such: a comparator (`<5`) makes it words.
pub(super) fn quantity(value: &Json<'_>) -> Option<Quantity> {
    let Some(Json::Number(number)) = value.get("value") else { return None };
    if value.get("comparator").is_some() {
        return None;
    }
    let number: f64 = number.parse().ok().filter(|number: &f64| number.is_finite())?;
    let (unit, code) = (text(value, "unit"), text(value, "code"));
    Some(Quantity { value: number, unit: if unit.is_empty() { code.clone() } else { unit }, code })
}

/// A Quantity in words, its number as written.
pub(super) fn quantity_words(value: &Json<'_>) -> String {
    let number = match value.get("value") {
        Some(Json::Number(number)) => number.as_ref(),
        _ => "",
    };
    let unit = [text(value, "unit"), text(value, "code")].into_iter().find(|unit| !unit.is_empty()).unwrap_or_default();
    clean(&format!("{}{number} {unit}", text(value, "comparator")))
}

/// The date or time of a choice: `onsetDateTime`, else the start of `onsetPeriod`.
pub(super) fn moment(value: &Json<'_>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match value.get(name)? {
        Json::String(text) => Some(text.clone().into_owned()),
        period => period.text("start").or(period.text("end")).map(str::to_owned),
    })
}

/// Milliseconds of a FHIR dateTime; a partial date is its first moment here.
pub(super) fn millis(text: &str) -> Option<i64> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millisecond());
    }
    let day = partial_date("", text).ok()?;
    Some(day.to_zoned_datetime(TimeZone::system()).ok()?.timestamp().as_millisecond())
}

/// Clinic-local time of an instant.
pub(super) fn local(text: &str) -> Option<DateTime> {
    Some(TimeZone::system().to_datetime(text.parse::<Timestamp>().ok()?))
}

/// Instant, with zone, of a clinic-local time.
pub(super) fn zoned(time: DateTime) -> String {
    match time.to_zoned_datetime(TimeZone::system()) {
        Ok(zoned) => zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        Err(_) => format!("{}Z", time.strftime("%Y-%m-%dT%H:%M:%S")),
    }
}

/// Whether a stored moment is a FHIR dateTime.
pub(super) fn is_date_time(text: &str) -> bool {
    text.parse::<Timestamp>().is_ok() || partial_date("", text).is_ok()
}

pub(in crate::fhir) fn coding_json<'a>(coding: &Coding) -> Option<Json<'a>> {
    filled([("system", string(&coding.system)), ("code", string(&coding.code)), ("display", string(&coding.display))])
}

pub(in crate::fhir) fn concept_json<'a>(concept: &CodeableConcept) -> Option<Json<'a>> {
    filled([("coding", array(concept.coding.iter().filter_map(coding_json))), ("text", string(&concept.text))])
}

pub(super) fn concepts_json<'a>(concepts: &[CodeableConcept]) -> Option<Json<'a>> {
    array(concepts.iter().filter_map(concept_json))
}

/// A concept of one code, as of a status.
pub(in crate::fhir) fn code_json<'a>(system: &str, code: &str) -> Option<Json<'a>> {
    let coding = object([("system", string(system)), ("code", string(code))]);
    (!code.is_empty()).then(|| object([("coding", array([coding]))]))
}

pub(in crate::fhir) fn name_json<'a>(name: &HumanName) -> Option<Json<'a>> {
    let known = ["usual", "official", "temp", "nickname", "anonymous", "old", "maiden"];
    let strings = |texts: &[String]| array(texts.iter().filter_map(|text| string(text)));
    filled([
        ("use", string(&name.name_use).filter(|_| known.contains(&name.name_use.as_str()))),
        ("text", string(&name.display())),
        ("family", string(&name.family)),
        ("given", strings(&name.given)),
        ("prefix", strings(&name.prefix)),
        ("suffix", strings(&name.suffix)),
    ])
}

/// cpt-2: a value needs a system; one that FHIR does not have is `other`.
pub(super) fn telecom_json<'a>(point: &ContactPoint) -> Option<Json<'a>> {
    let systems = ["phone", "fax", "email", "pager", "url", "sms", "other"];
    let uses = ["home", "work", "temp", "old", "mobile"];
    let system = systems.into_iter().find(|system| *system == point.system).unwrap_or("other");
    (!point.value.is_empty()).then(|| {
        object([
            ("system", string(system)),
            ("value", string(&point.value)),
            ("use", string(&point.point_use).filter(|_| uses.contains(&point.point_use.as_str()))),
        ])
    })
}

pub(in crate::fhir) fn identifier_json<'a>(identifier: &Identifier) -> Option<Json<'a>> {
    filled([("system", uri(&identifier.system)), ("value", string(&identifier.value))])
}

/// A uri has no white space; a system typed with some goes without.
fn uri<'a>(text: &str) -> Option<Json<'a>> {
    string(&text.split_whitespace().collect::<String>())
}

pub(super) fn address_json<'a>(address: &Address) -> Option<Json<'a>> {
    filled([
        ("line", array(address.line.iter().filter_map(|line| string(line)))),
        ("city", string(&address.city)),
        ("district", string(&address.district)),
        ("state", string(&address.state)),
        ("postalCode", string(&address.postal_code)),
        ("country", string(&address.country)),
    ])
}

pub(super) fn contact_json<'a>(contact: &PatientContact) -> Option<Json<'a>> {
    let phone = ContactPoint { system: "phone".to_owned(), value: contact.phone.clone(), point_use: String::new() };
    filled([
        ("relationship", concepts_json(&[CodeableConcept::text(&*contact.relationship)])),
        ("name", filled([("text", string(&contact.name))])),
        ("telecom", array(telecom_json(&phone))),
    ])
}

pub(super) fn quantity_json<'a>(quantity: &Quantity) -> Option<Json<'a>> {
    quantity.value.is_finite().then(|| {
        object([
            ("value", Some(number(quantity.value))),
            ("unit", string(&quantity.unit)),
            ("system", string(crate::observation::UCUM).filter(|_| !quantity.code.is_empty())),
            ("code", string(&quantity.code)),
        ])
    })
}

/// The shortest decimal that reads back as the same number, never in exponent form.
fn number<'a>(value: f64) -> Json<'a> {
    Json::Number(Cow::Owned(format!("{value}")))
}

/// A list with our changes: an item that reads as before keeps its own JSON, with all that we have no field for, and so do items that we
/// do not read at all.
pub(super) fn overlay_list<'a, T: PartialEq>(
    old: &[Json<'a>],
    read: impl Fn(&Json<'_>) -> Option<T>,
    now: &[T],
    build: impl Fn(&T) -> Option<Json<'a>>,
) -> Option<Json<'a>> {
    let mut kept: Vec<(Option<T>, Option<&Json<'a>>)> = old.iter().map(|item| (read(item), Some(item))).collect();
    let mut items: Vec<Json<'a>> = Vec::new();
    for item in now {
        let same = kept.iter_mut().find(|(value, json)| value.as_ref() == Some(item) && json.is_some());
        items.extend(match same.and_then(|(_, json)| json.take()) {
            Some(json) => Some(json.clone()),
            None => build(item),
        });
    }
    items.extend(kept.into_iter().filter(|(value, _)| value.is_none()).filter_map(|(_, json)| json.cloned()));
    array(items)
}
