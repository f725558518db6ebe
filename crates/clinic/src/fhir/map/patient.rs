//! Patient.

use super::{
    Links, Mapped,
    data_type::{
        address_json, clean, code_at, concept, concept_json, contact, contact_json, identifier, identifier_json, name, name_json,
        overlay_list, postal_address, telecom, telecom_json,
    },
    kept,
};
use crate::{
    fhir::{
        tree::{array, object, string},
        validate::Json,
    },
    ids::PatientId,
    patient::Patient,
    types::{AdministrativeGender, CodeableConcept},
};

pub(in crate::fhir) fn blank(id: PatientId) -> Patient {
    Patient {
        id,
        names: Vec::new(),
        birth_date: None,
        birth_date_estimated: false,
        gender: AdministrativeGender::Unknown,
        telecom: Vec::new(),
        identifiers: Vec::new(),
        address: None,
        contacts: Vec::new(),
        language: None,
        deceased: false,
        deceased_at: None,
        marital_status: None,
        active: true,
        source: None,
        origin: None,
    }
}

impl Mapped for Patient {
    const NAME: &'static str = "Patient";
    kept!();

    fn read(resource: &Json<'_>, links: Links) -> Option<Self> {
        let deceased_at = resource.text("deceasedDateTime").map(str::to_owned);
        Some(Self {
            names: ranked(resource.list("name"), name_rank, name),
            birth_date: resource.text("birthDate").map(str::to_owned),
            gender: match resource.text("gender") {
                Some("male") => AdministrativeGender::Male,
                Some("female") => AdministrativeGender::Female,
                Some("other") => AdministrativeGender::Other,
                _ => AdministrativeGender::Unknown,
            },
            telecom: ranked(resource.list("telecom"), |point| u8::from(has_ended(point)), telecom),
            identifiers: ranked(resource.list("identifier"), identifier_rank, identifier),
            address: address_index(resource).and_then(|at| postal_address(&resource.list("address")[at])),
            contacts: resource.list("contact").iter().filter_map(contact).collect(),
            language: language(resource),
            deceased: deceased_at.is_some() || resource.get("deceasedBoolean") == Some(&Json::Bool(true)),
            deceased_at,
            marital_status: resource.get("maritalStatus").map(concept).filter(|status| *status != CodeableConcept::default()),
            active: resource.get("active") != Some(&Json::Bool(false)),
            ..Self::blank(links)
        })
    }

    fn blank(links: Links) -> Self {
        blank(PatientId(links.id))
    }

    fn links(&self) -> Links {
        Links::new(self.id.0, self.id)
    }

    fn overlay<'a>(&self, base: &Self, resource: &mut Json<'a>) {
        if self.active != base.active {
            resource.set("active", Some(Json::Bool(self.active)));
        }
        if self.identifiers != base.identifiers {
            let items = overlay_list(resource.list("identifier"), identifier, &self.identifiers, identifier_json);
            resource.set("identifier", items);
        }
        if self.names != base.names {
            let items = overlay_list(resource.list("name"), name, &self.names, name_json);
            resource.set("name", items);
        }
        if self.telecom != base.telecom {
            let items = overlay_list(resource.list("telecom"), telecom, &self.telecom, telecom_json);
            resource.set("telecom", items);
        }
        if self.gender != base.gender {
            resource.set("gender", serde_json::to_value(self.gender).ok().and_then(|gender| string(gender.as_str()?)));
        }
        if self.birth_date != base.birth_date {
            resource.set("birthDate", self.birth_date.as_deref().and_then(string));
        }
        if (self.deceased, &self.deceased_at) != (base.deceased, &base.deceased_at) {
            resource.remove_choice("deceased");
            match &self.deceased_at {
                Some(at) => resource.set("deceasedDateTime", string(at)),
                None => resource.set("deceasedBoolean", Some(Json::Bool(self.deceased))),
            }
        }
        if self.address != base.address {
            let mut items = resource.list("address").to_vec();
            let ours = self.address.as_ref().and_then(address_json);
            match (address_index(resource), ours) {
                (Some(at), Some(address)) => items[at] = address,
                (Some(at), None) => drop(items.remove(at)),
                (None, address) => items.extend(address),
            }
            resource.set("address", array(items));
        }
        if self.marital_status != base.marital_status {
            resource.set("maritalStatus", self.marital_status.as_ref().and_then(concept_json));
        }
        if self.contacts != base.contacts {
            let items = overlay_list(resource.list("contact"), contact, &self.contacts, contact_json);
            resource.set("contact", items);
        }
        if self.language != base.language {
            let spoken = |language: &String| {
                let words = concept_json(&language_concept(language));
                words.map(|words| object([("language", Some(words)), ("preferred", Some(Json::Bool(true)))]))
            };
            let mut items = resource.list("communication").to_vec();
            if base.language.is_some() {
                items.retain(|item| spoken_language(item) != base.language);
            }
            items.extend(self.language.as_ref().and_then(spoken));
            resource.set("communication", array(items));
        }
    }

    fn complete(&self, _resource: &mut Json<'_>) {}
}

/// Items in the order to show, those of one rank as they came.
fn ranked<T>(items: &[Json<'_>], rank: impl Fn(&Json<'_>) -> u8, read: impl Fn(&Json<'_>) -> Option<T>) -> Vec<T> {
    let mut items: Vec<&Json<'_>> = items.iter().collect();
    items.sort_by_key(|item| rank(item));
    items.into_iter().filter_map(read).collect()
}

/// Not in use any more, as far as it says; never a question of today, so that a source always reads the same.
fn has_ended(item: &Json<'_>) -> bool {
    item.text("use") == Some("old") || item.get("period").is_some_and(|period| period.get("end").is_some())
}

fn name_rank(name: &Json<'_>) -> u8 {
    match name.text("use") {
        _ if has_ended(name) => 6,
        Some("official") => 0,
        Some("usual") => 1,
        None => 2,
        Some("temp") => 3,
        Some("nickname") => 4,
        _ => 5,
    }
}

/// Official ones and medical record numbers first: the first is shown in lists.
fn identifier_rank(identifier: &Json<'_>) -> u8 {
    let is_record_number = code_at(identifier, "type").is_some_and(|code| code == "MR");
    match identifier.text("use") {
        Some("old") => 5,
        Some("official") => 0,
        _ if is_record_number => 1,
        Some("temp") => 4,
        Some("secondary") => 3,
        _ => 2,
    }
}

/// The address to show: home before others, none that is over.
fn address_index(patient: &Json<'_>) -> Option<usize> {
    let addresses = patient.list("address").iter().enumerate().filter(|(_, address)| postal_address(address).is_some());
    addresses.min_by_key(|(_, address)| (has_ended(address), address.text("use") != Some("home"))).map(|(at, _)| at)
}

/// The preferred language, else the first told.
fn language(patient: &Json<'_>) -> Option<String> {
    let spoken = patient.list("communication");
    let preferred = spoken.iter().find(|item| item.get("preferred") == Some(&Json::Bool(true)));
    preferred.or(spoken.first()).and_then(spoken_language)
}

fn spoken_language(item: &Json<'_>) -> Option<String> {
    let concept = concept(item.get("language")?);
    let code = concept.coding.iter().map(|coding| coding.code.as_str()).find(|code| !code.is_empty());
    Some(clean(code.unwrap_or_else(|| concept.label()))).filter(|language| !language.is_empty())
}

/// A BCP 47 tag as a code; anything else in words.
fn language_concept(language: &str) -> CodeableConcept {
    let is_tag = (2..=12).contains(&language.len())
        && language.split('-').all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !is_tag || language.split('-').next().is_none_or(|first| first.len() > 3) {
        return CodeableConcept::text(language);
    }
    let coding = crate::types::Coding { system: "urn:ietf:bcp:47".to_owned(), code: language.to_owned(), display: String::new() };
    CodeableConcept { coding: vec![coding], text: String::new() }
}
