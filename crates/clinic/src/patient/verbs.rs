//! Registering, changing, finding people.

use jiff::ZonedDateTime;

use super::{DuplicateView, Patient, PatientHit, PatientRequest, PatientView, search, table};
use crate::{
    access::{About, ReadDemographics, WriteDemographics},
    changes::RecordType,
    error::ClinicError,
    ids::PatientId,
    session::Session,
    types::{Address, ContactPoint, HumanName, Identifier, PatientContact, line, partial_date, required_line},
};

/// Longest list of names, phones, identifiers or contacts.
const MAX_LIST: usize = 20;
const MAX_AGE: u32 = 130;

/// Registers a patient.
pub fn register(session: &mut Session, request: PatientRequest) -> Result<PatientView, ClinicError> {
    let patient = checked(PatientId::make(), request)?;
    let access =
        session.authorize::<WriteDemographics>(About::patient(patient.id).record(RecordType::Patient, patient.id).detail("register"))?;
    session.write(access, |tx| tx.create(&patient))?;
    Ok(PatientView::of(patient, ZonedDateTime::now().date()))
}

/// Changes who a patient is said to be; what the form does not hold stays.
pub fn update(session: &mut Session, id: PatientId, request: PatientRequest) -> Result<PatientView, ClinicError> {
    let new = checked(id, request)?;
    let access = session.authorize::<WriteDemographics>(About::patient(id).record(RecordType::Patient, id).detail("update"))?;
    let stored = session.write(access, |tx| {
        tx.update(id, |patient: &mut Patient| {
            *patient = Patient {
                deceased: patient.deceased,
                deceased_at: patient.deceased_at.take(),
                marital_status: patient.marital_status.take(),
                active: patient.active,
                source: patient.source.take(),
                origin: patient.origin.take(),
                ..new
            };
            Ok(())
        })
    })?;
    Ok(PatientView::of(stored, ZonedDateTime::now().date()))
}

pub fn read(session: &mut Session, id: PatientId) -> Result<PatientView, ClinicError> {
    let access = session.authorize::<ReadDemographics>(About::patient(id).record(RecordType::Patient, id))?;
    let patient = session.read(&access, |tx| tx.load::<Patient>(id))?;
    Ok(PatientView::of(patient, ZonedDateTime::now().date()))
}

/// Finds by any part of a name in any spelling or script, phone, identifier or birth date; best first, ten at most.
pub fn find(session: &mut Session, query: &str) -> Result<Vec<PatientHit>, ClinicError> {
    let query: String = query.chars().take(200).collect();
    let access = session.authorize::<ReadDemographics>(About::nothing().detail(format!("search: {query}")))?;
    session.read(&access, |tx| {
        let hits = search::search(tx.conn(), &query, 10)?;
        hits.into_iter().filter_map(|hit| table::hit(tx.conn(), hit.id).transpose()).map(|hit| Ok(hit?)).collect()
    })
}

/// The patients registered last.
pub fn recent(session: &mut Session) -> Result<Vec<PatientHit>, ClinicError> {
    let access = session.authorize::<ReadDemographics>(About::nothing().detail("recent"))?;
    session.read(&access, |tx| Ok(table::newest(tx.conn(), 20)?))
}

/// Who may already be registered as this person.
pub fn duplicates(session: &mut Session, request: PatientRequest) -> Result<Vec<DuplicateView>, ClinicError> {
    let searched = Patient {
        names: request.names,
        telecom: request.telecom,
        identifiers: request.identifiers,
        birth_date: request.birth_date,
        ..blank()
    };
    let access = session.authorize::<ReadDemographics>(About::nothing().detail("duplicates"))?;
    session.read(&access, |tx| {
        let found = search::likely_duplicates(tx.conn(), &table::searchable(&searched), 5)?;
        found
            .into_iter()
            .filter_map(|found| {
                let reasons = found.reasons.iter().map(|reason| reason_key(*reason).to_owned()).collect();
                let hit = table::hit(tx.conn(), found.id).transpose()?;
                Some(hit.map(|patient| DuplicateView { patient, reasons }).map_err(ClinicError::from))
            })
            .collect()
    })
}

fn blank() -> Patient {
    Patient {
        id: PatientId::make(),
        names: Vec::new(),
        birth_date: None,
        birth_date_estimated: false,
        gender: crate::types::AdministrativeGender::Unknown,
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

fn checked(id: PatientId, request: PatientRequest) -> Result<Patient, ClinicError> {
    for (field, length) in [
        ("names", request.names.len()),
        ("telecom", request.telecom.len()),
        ("identifiers", request.identifiers.len()),
        ("contacts", request.contacts.len()),
    ] {
        if length > MAX_LIST {
            return Err(ClinicError::invalid(field, "too_many"));
        }
    }
    let names = request.names.into_iter().enumerate().map(|(at, name)| checked_name(at, name)).collect::<Result<Vec<_>, _>>()?;
    if names.iter().all(|name| name.display().is_empty()) {
        return Err(ClinicError::invalid("names[0]", "required"));
    }
    let (birth_date, birth_date_estimated) = birth(request.birth_date, request.age_years)?;
    let telecom = request
        .telecom
        .into_iter()
        .enumerate()
        .map(|(at, point)| {
            Ok(ContactPoint {
                system: line(&format!("telecom[{at}].system"), &point.system)?,
                value: line(&format!("telecom[{at}].value"), &point.value)?,
                point_use: line(&format!("telecom[{at}].use"), &point.point_use)?,
            })
        })
        .filter(|point: &Result<ContactPoint, ClinicError>| point.as_ref().map_or(true, |point| !point.value.is_empty()))
        .collect::<Result<Vec<_>, _>>()?;
    let identifiers = request
        .identifiers
        .into_iter()
        .enumerate()
        .map(|(at, identifier)| {
            Ok(Identifier {
                system: line(&format!("identifiers[{at}].system"), &identifier.system)?,
                value: line(&format!("identifiers[{at}].value"), &identifier.value)?,
            })
        })
        .filter(|identifier: &Result<Identifier, ClinicError>| identifier.as_ref().map_or(true, |identifier| !identifier.value.is_empty()))
        .collect::<Result<Vec<_>, _>>()?;
    let contacts = request
        .contacts
        .into_iter()
        .enumerate()
        .map(|(at, contact)| {
            Ok(PatientContact {
                name: required_line(&format!("contacts[{at}].name"), &contact.name)?,
                relationship: line(&format!("contacts[{at}].relationship"), &contact.relationship)?,
                phone: line(&format!("contacts[{at}].phone"), &contact.phone)?,
            })
        })
        .collect::<Result<Vec<_>, ClinicError>>()?;
    Ok(Patient {
        names,
        birth_date,
        birth_date_estimated,
        gender: request.gender,
        telecom,
        identifiers,
        address: request.address.map(checked_address).transpose()?,
        contacts,
        language: request.language.map(|language| line("language", &language)).transpose()?.filter(|language| !language.is_empty()),
        ..blank_with(id)
    })
}

fn blank_with(id: PatientId) -> Patient {
    Patient { id, ..blank() }
}

fn checked_name(at: usize, name: HumanName) -> Result<HumanName, ClinicError> {
    let lines = |part: &str, values: Vec<String>| -> Result<Vec<String>, ClinicError> {
        if values.len() > MAX_LIST {
            return Err(ClinicError::invalid(format!("names[{at}].{part}"), "too_many"));
        }
        let values = values.iter().map(|value| line(&format!("names[{at}].{part}"), value)).collect::<Result<Vec<_>, _>>()?;
        Ok(values.into_iter().filter(|value| !value.is_empty()).collect())
    };
    Ok(HumanName {
        name_use: if name.name_use.is_empty() { "official".to_owned() } else { line(&format!("names[{at}].use"), &name.name_use)? },
        prefix: lines("prefix", name.prefix)?,
        given: lines("given", name.given)?,
        family: line(&format!("names[{at}].family"), &name.family)?,
        suffix: lines("suffix", name.suffix)?,
        text: line(&format!("names[{at}].text"), &name.text)?,
    })
}

fn checked_address(address: Address) -> Result<Address, ClinicError> {
    if address.line.len() > MAX_LIST {
        return Err(ClinicError::invalid("address.line", "too_many"));
    }
    Ok(Address {
        line: address.line.iter().map(|text| line("address.line", text)).collect::<Result<_, _>>()?,
        city: line("address.city", &address.city)?,
        district: line("address.district", &address.district)?,
        state: line("address.state", &address.state)?,
        postal_code: line("address.postalCode", &address.postal_code)?,
        country: line("address.country", &address.country)?,
    })
}

fn birth(date: Option<String>, age_years: Option<u32>) -> Result<(Option<String>, bool), ClinicError> {
    let today = ZonedDateTime::now().date();
    match (date.filter(|text| !text.trim().is_empty()), age_years) {
        (Some(text), _) => {
            let text = text.trim().to_owned();
            let day = partial_date("birthDate", &text)?;
            if day > today {
                return Err(ClinicError::invalid("birthDate", "in_the_future"));
            }
            if i32::from(today.year()) - i32::from(day.year()) > MAX_AGE as i32 {
                return Err(ClinicError::invalid("birthDate", "too_long_ago"));
            }
            Ok((Some(text), false))
        }
        (None, Some(age)) if age <= MAX_AGE => Ok((Some(format!("{:04}", i32::from(today.year()) - age as i32)), true)),
        (None, Some(_)) => Err(ClinicError::invalid("ageYears", "too_large")),
        (None, None) => Ok((None, false)),
    }
}

/// Stable key of a reason, for the window.
fn reason_key(reason: search::DuplicateReason) -> &'static str {
    use search::DuplicateReason as R;
    match reason {
        R::SameIdentifier => "same_identifier",
        R::SameName => "same_name",
        R::SimilarName => "similar_name",
        R::SameBirthDate => "same_birth_date",
        R::SwappedDayAndMonth => "swapped_day_month",
        R::SamePhone => "same_phone",
    }
}
