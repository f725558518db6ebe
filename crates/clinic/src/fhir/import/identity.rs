//! Whether something that comes in is already here. Pure, and strict: two persons are never taken for one, and a record is taken for
//! another only when its address or its whole content says so.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use super::super::{tree::Members, validate::Json};
use crate::{
    patient::Patient,
    types::{AdministrativeGender, HumanName, Identifier},
};

/// Most names of one person that are compared.
const MOST_NAMES: usize = 32;

/// How strongly an address speaks for a record being the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// A `urn:` or absolute address, or the record's own id: unique in the world.
    Address,
    /// `Type/id`, the same at every server that counts from one.
    Loose,
    /// A shared identifier, which families and reused cards share too.
    Identifier,
    /// Nothing but what it says.
    Content,
}

/// What a file tells it is known by.
pub(super) fn evidence_of(origin: &str) -> Evidence {
    if origin.starts_with("content:") {
        Evidence::Content
    } else if origin.contains(':') {
        Evidence::Address
    } else {
        Evidence::Loose
    }
}

/// Whether a person who comes in is the one registered, given what both are known by.
pub(super) fn is_same_person(new: &Patient, old: &Patient, evidence: Evidence) -> bool {
    let birth = agreement(new.birth_date.as_deref(), old.birth_date.as_deref());
    let names = names_agree(&new.names, &old.names);
    let gender = match (new.gender, old.gender) {
        (AdministrativeGender::Unknown, _) | (_, AdministrativeGender::Unknown) => None,
        (one, other) => Some(one == other),
    };
    if [birth, names, gender].contains(&Some(false)) {
        return false;
    }
    if evidence != Evidence::Address && identifiers_differ(&new.identifiers, &old.identifiers) {
        return false;
    }
    let both = birth == Some(true) && names == Some(true);
    match evidence {
        Evidence::Address => true,
        Evidence::Loose => both || names == Some(true) && share_identifier(&new.identifiers, &old.identifiers),
        Evidence::Identifier => both,
        Evidence::Content => false,
    }
}

/// Whether a name written beside a reference can be this person's: one word of it is enough, since people shorten.
pub(super) fn may_be_called(patient: &Patient, written: &str) -> bool {
    let written = words(written);
    let own: BTreeSet<String> = patient.names.iter().flat_map(|name| words(&name.display())).collect();
    written.is_empty() || own.is_empty() || written.iter().any(|word| own.contains(word))
}

/// Everything a resource says but its id, version, narrative and references, as text.
pub(super) fn fingerprint(resource: &Json<'_>) -> String {
    let mut bare = resource.clone();
    if let Some(members) = bare.members_mut() {
        members.retain(|(name, _)| !matches!(name.as_ref(), "id" | "meta" | "text"));
    }
    bare.each_object(&mut |members: &mut Members<'_>| {
        members.retain(|(name, value)| !(name == "reference" && value.as_str().is_some()));
    });
    bare.to_text()
}

/// FNV-1a, 64 bits: only finds candidates, whose whole text is then compared.
pub(super) fn short_hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Two partial dates: the same, different, or (one is missing, or tells less) neither.
fn agreement(one: Option<&str>, other: Option<&str>) -> Option<bool> {
    let (one, other) = (one?, other?);
    if one == other {
        return Some(true);
    }
    if one.starts_with(other) || other.starts_with(one) { None } else { Some(false) }
}

fn names_agree(one: &[HumanName], other: &[HumanName]) -> Option<bool> {
    let sets = |names: &[HumanName]| names.iter().take(MOST_NAMES).map(name_words).filter(|words| !words.is_empty()).collect::<Vec<_>>();
    let (one, other) = (sets(one), sets(other));
    if one.is_empty() || other.is_empty() {
        return None;
    }
    Some(one.iter().any(|a| other.iter().any(|b| a == b || a.intersection(b).count() >= 2 && (a.is_subset(b) || b.is_subset(a)))))
}

fn name_words(name: &HumanName) -> BTreeSet<String> {
    let parts = words(&name.given.iter().chain([&name.family]).map(String::as_str).collect::<Vec<_>>().join(" "));
    if parts.is_empty() { words(&name.text) } else { parts }
}

fn words(text: &str) -> BTreeSet<String> {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn share_identifier(one: &[Identifier], other: &[Identifier]) -> bool {
    let (one, other) = (by_system(one), by_system(other));
    one.iter().any(|(system, values)| other.get(system).is_some_and(|others| !values.is_disjoint(others)))
}

/// Whether both have a number of one system, and none of it in common: two national numbers are two persons.
fn identifiers_differ(one: &[Identifier], other: &[Identifier]) -> bool {
    let (one, other) = (by_system(one), by_system(other));
    one.iter().any(|(system, values)| other.get(system).is_some_and(|others| values.is_disjoint(others)))
}

fn by_system(identifiers: &[Identifier]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut systems: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for identifier in identifiers.iter().filter(|identifier| !identifier.system.is_empty()) {
        systems.entry(&identifier.system).or_default().insert(&identifier.value);
    }
    systems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fhir::map::blank_patient, ids::PatientId};

    fn person(given: &str, family: &str, birth: &str) -> Patient {
        let name = HumanName { given: vec![given.to_owned()], family: family.to_owned(), ..HumanName::default() };
        Patient { names: vec![name], birth_date: Some(birth.to_owned()), ..blank_patient(PatientId::make()) }
    }

    #[test]
    fn no_address_makes_two_persons_one() {
        let (siti, twin) = (person("Siti", "Rahman", "1980-05-17"), person("Sara", "Rahman", "1980-05-17"));
        let later = person("Siti", "Rahman", "1981-05-17");
        for evidence in [Evidence::Address, Evidence::Loose, Evidence::Identifier, Evidence::Content] {
            assert!(!is_same_person(&siti, &twin, evidence), "{evidence:?}");
            assert!(!is_same_person(&siti, &later, evidence), "{evidence:?}");
        }
    }

    #[test]
    fn an_address_is_enough_where_nothing_speaks_against_it_and_a_number_is_not() {
        let siti = person("Siti", "Rahman", "1980-05-17");
        let bare = Patient { birth_date: None, ..siti.clone() };
        assert!(is_same_person(&siti, &siti, Evidence::Loose));
        assert!(is_same_person(&bare, &siti, Evidence::Address));
        assert!(!is_same_person(&bare, &siti, Evidence::Loose));
        assert!(!is_same_person(&bare, &siti, Evidence::Identifier));
    }

    #[test]
    fn another_number_of_the_same_kind_is_another_person() {
        let with = |numbers: &[(&str, &str)]| {
            let identifiers = numbers.iter().map(|(system, value)| Identifier { system: (*system).to_owned(), value: (*value).to_owned() });
            Patient { identifiers: identifiers.collect(), ..person("Siti", "Rahman", "1980-05-17") }
        };
        let insured = with(&[("insurance", "F-1"), ("national", "800517-00-1")]);
        let namesake = with(&[("insurance", "F-1"), ("national", "800517-00-2")]);
        assert!(!is_same_person(&insured, &namesake, Evidence::Identifier));
        assert!(!is_same_person(&insured, &namesake, Evidence::Loose));
        assert!(is_same_person(&insured, &with(&[("insurance", "F-1")]), Evidence::Identifier));
        assert!(is_same_person(&insured, &with(&[("national", "800517-00-2"), ("national", "800517-00-1")]), Evidence::Identifier));
    }

    #[test]
    fn a_fingerprint_sees_content_and_no_address() {
        let read = |text| crate::fhir::validate::reread(text).map(|tree| fingerprint(&tree)).unwrap();
        let one = read(r#"{"resourceType":"Flag","id":"1","subject":{"reference":"Patient/1"},"code":{"text":"a"}}"#);
        let other = read(r#"{"resourceType":"Flag","id":"2","subject":{"reference":"Patient/9"},"code":{"text":"a"}}"#);
        assert_eq!(one, other);
        assert_ne!(one, read(r#"{"resourceType":"Flag","code":{"text":"b"}}"#));
    }
}
