//! The demo as people find it, and its plan on any day of the year.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::date};
use serde_json::Value;

use super::{plan::STAGES, *};
use crate::{
    appointment::{self, AppointmentStatus},
    audit, chart,
    encounter::{self, Stage},
    patient,
    session::LockReason,
    testing::vault_at,
    unlock::{UnlockError, VaultPhase, check_password},
};

fn team() -> Team {
    Team { aisyah: PractitionerId::make(), tan: PractitionerId::make(), nurse: PractitionerId::make() }
}

/// Days and hours that could trip it: each weekday, Sundays, leap day, turn of the year, before opening, after closing.
fn moments() -> impl Iterator<Item = DateTime> {
    let fortnight = (0..14).map(|day| date(2026, 11, 16).saturating_add(day.days()));
    let others = [date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 31)];
    fortnight.chain(others).flat_map(|day| [day.at(0, 3, 0, 0), day.at(10, 40, 0, 0), day.at(23, 58, 0, 0)])
}

#[test]
fn the_password_is_one_that_a_clinic_may_have() {
    for name in [DEMO_MANAGER, "Dr Tan Wei Ling", "Letchumi Raman", "Nurul Huda Ismail", "Agnes Gimbang"] {
        check_password(DEMO_PASSWORD, &[DEMO_CLINIC.to_owned(), name.to_owned()]).unwrap();
    }
}

#[test]
fn on_any_day_the_clinic_is_full_and_in_order() {
    for at in moments() {
        let team = team();
        let plan = Plan::on(at, &team).unwrap();
        assert_eq!(plan.patients.len(), 46);
        assert!(plan.notes.len() >= 27, "{at}: {} notes", plan.notes.len());
        assert!(plan.observations.len() > 250 && plan.appointments.len() > 70, "{at}");
        let now = at.to_zoned_datetime(jiff::tz::TimeZone::system()).unwrap().timestamp().as_millisecond();
        for visit in &plan.encounters {
            assert!(visit.stages.is_sorted_by_key(|stage| stage.since), "{at}");
            assert!(visit.stages.iter().all(|stage| stage.since <= now), "{at}: a visit lies in the future");
            assert_eq!(visit.stages.iter().map(|stage| stage.stage).collect::<Vec<_>>(), STAGES[..visit.stages.len()]);
            let signed = plan.notes.iter().any(|signed| signed.note.encounter_id == visit.id);
            let doctor = visit.practitioner_id != Some(team.nurse);
            assert_eq!(signed, doctor && visit.stage() == Stage::Done, "{at}: doctors sign what is done");
        }
        assert!(plan.notes.iter().all(|signed| signed.addendum.as_ref().is_none_or(|addendum| addendum.at < now)));
        assert_eq!(overlaps(&plan), 1, "{at}: one was fitted in");
        assert_eq!(plan.appointments.iter().filter(|one| one.start.date().weekday() == jiff::civil::Weekday::Sunday).count(), {
            if at.date().weekday() == jiff::civil::Weekday::Sunday { 22 } else { 0 }
        });
    }
}

/// Pairs of live bookings that share a practitioner's time. Nobody is in two places.
fn overlaps(plan: &Plan) -> usize {
    let live: Vec<_> =
        plan.appointments.iter().filter(|one| !matches!(one.status, AppointmentStatus::Cancelled | AppointmentStatus::NoShow)).collect();
    let pairs = || live.iter().enumerate().flat_map(|(at, one)| live[at + 1..].iter().map(move |other| (one, other)));
    let meet = |(one, other): &(&&appointment::Appointment, &&appointment::Appointment)| one.start < other.end && other.start < one.end;
    assert_eq!(pairs().filter(meet).filter(|(one, other)| one.patient_id == other.patient_id).count(), 0);
    pairs().filter(meet).filter(|(one, other)| one.practitioner_id == other.practitioner_id).count()
}

#[test]
fn nobody_can_be_reached_or_named_by_these_numbers() {
    let plan = Plan::on(date(2026, 11, 25).at(10, 40, 0, 0), &team()).unwrap();
    let fictional = |phone: &str| ["+44 7700 900", "+44 1632 960", "+33 6 39 98 "].iter().any(|range| phone.starts_with(range));
    let mut seen = BTreeSet::new();
    for person in &plan.patients {
        let phones = person.telecom.iter().map(|point| &point.value).chain(person.contacts.iter().map(|kin| &kin.phone));
        phones.for_each(|phone| assert!(fictional(phone) && seen.insert(phone.clone()), "{phone}"));
        for id in &person.identifiers {
            assert!(id.system.starts_with("https://gladstone.example/"));
            assert!(seen.insert(id.value.clone()), "{} twice", id.value);
            assert!(id.system.ends_with("passport") || id.value.contains("-00-9"), "{}", id.value);
        }
    }
    let ages: Vec<i16> = plan.patients.iter().map(|person| person.birth_day().unwrap()).map(|birth| 2026 - birth.year()).collect();
    assert!(ages.contains(&0) && ages.contains(&97));
    let scripts = ['林', 'ம', 'ي', 'ी', 'ễ', '준', 'Ọ', 'П', 'မ', 'ส', 'ਕ'];
    let names: String = plan.patients.iter().flat_map(|person| &person.names).map(|name| name.display()).collect();
    scripts.iter().for_each(|letter| assert!(names.contains(*letter), "{letter}"));
    assert!(plan.patients.iter().any(|person| person.birth_date_estimated));
    assert!(plan.patients.iter().any(|person| !person.display_name().contains(' ')), "one has a single name");
}

/// The same day and hour give the same words; only ids are new.
#[test]
fn it_is_the_same_clinic_every_time() {
    let at = date(2026, 11, 25).at(10, 40, 0, 0);
    let team = team();
    let [one, other] = [0, 1].map(|_| {
        let plan = Plan::on(at, &team).unwrap();
        let mut ids = BTreeMap::new();
        let notes: Vec<_> = plan.notes.iter().map(|signed| (&signed.note, &signed.consent, &signed.addendum)).collect();
        let mut all = serde_json::json!([
            plan.patients,
            plan.allergies,
            plan.conditions,
            plan.medications,
            plan.immunizations,
            plan.appointments,
            plan.encounters,
            plan.observations,
            notes,
        ]);
        number_ids(&mut all, &mut ids);
        all
    });
    assert!(one == other);
}

/// Puts the order of first sight in place of each id.
fn number_ids(value: &mut Value, ids: &mut BTreeMap<String, usize>) {
    match value {
        Value::String(text) if text.len() == 36 && uuid::Uuid::parse_str(text).is_ok() => {
            let next = ids.len();
            *value = Value::from(*ids.entry(text.clone()).or_insert(next));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| number_ids(item, ids)),
        Value::Object(fields) => fields.values_mut().for_each(|field| number_ids(field, ids)),
        _ => {}
    }
}

#[test]
fn a_newcomer_finds_a_busy_clinic_and_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault_at(dir.path());
    // A Wednesday, so that the week lies on both sides.
    let today = date(2026, 11, 25);
    let mut session = set_up(&vault, true, None, today).unwrap();
    assert_eq!(session.actor().name, DEMO_MANAGER);
    assert!(session.settings().demo);

    // The queue has every stage, a walk-in, and a visit of each who sees patients.
    let queue = encounter::queue(&mut session, "2026-11-25").unwrap();
    assert_eq!(queue.len(), 11);
    for stage in STAGES {
        assert!(queue.iter().any(|entry| entry.stage == stage), "{stage:?}");
    }
    assert_eq!(queue.iter().filter(|entry| entry.walk_in).count(), 1);
    assert_eq!(queue.iter().map(|entry| &entry.practitioner_name).collect::<BTreeSet<_>>().len(), 3);

    // The diary shows what a week brings.
    let week = appointment::diary(&mut session, "2026-11-23", "2026-11-29").unwrap();
    assert_eq!(week.len(), 65);
    let count = |status| week.iter().filter(|booking| booking.status == status).count();
    use AppointmentStatus as S;
    assert_eq!([S::Fulfilled, S::Arrived, S::Cancelled, S::NoShow, S::Booked].map(count), [25, 5, 1, 1, 33]);
    assert_eq!(week.iter().filter(|booking| booking.overlaps).count(), 2);

    // Found however the name is written.
    for (query, name) in [
        ("美玲", "Lim Mei Ling"),
        ("முருகன்", "Murugan a/l Subramaniam"),
        ("hassan abd", "Hassan bin Abdullah"),
        ("Adebayo Ogun", "Adébáyọ̀ Ọláwálé Ògúnlẹ́yẹ"),
        ("nguyen thu ha", "Nguyễn Thị Thu Hà"),
        ("ليلى", "Layla Hassan Al-Khatib"),
        ("супарман", "Suparman"),
        ("김민준", "Kim Min-jun"),
        ("+44 7700 900101", "Lim Mei Ling"),
    ] {
        let found = patient::find(&mut session, query).unwrap();
        assert_eq!(found.first().map(|hit| hit.display_name.as_str()), Some(name), "{query}");
    }

    // The patient in the room has years behind him.
    let hassan = queue.iter().find(|entry| entry.stage == Stage::InRoom && entry.practitioner_name == DEMO_MANAGER).unwrap();
    let chart = chart::read(&mut session, hassan.patient_id).unwrap();
    assert_eq!(chart.allergies.len(), 1);
    assert_eq!((chart.conditions.len(), chart.medications.len(), chart.immunizations.len()), (4, 6, 3));
    assert_eq!(chart.visits.iter().filter(|visit| visit.note_id.is_some()).count(), 4);
    assert!(chart.vitals.iter().filter(|vital| vital.code.label() == "Blood pressure").count() >= 6, "enough for a trend");
    assert_eq!(chart.vitals.iter().find(|vital| vital.code.label() == "Blood pressure").unwrap().value, "148/86", "newest first");

    // Each doctor signed alone.
    let notes = Plan::on(at(today), &team()).unwrap().notes.len();
    let signed = audit::AuditFilter { limit: 1000, ..audit::AuditFilter::default() };
    let events = chart::audit_events(&mut session, &signed).unwrap();
    let by = |name: &str| events.iter().filter(|event| event.action == "sign_note" && event.actor == name).count();
    assert_eq!(by(DEMO_MANAGER) + by("Dr Tan Wei Ling"), notes);
    assert!(by("Dr Tan Wei Ling") > 15 && by(DEMO_MANAGER) > 15);
    let verified = audit::verify(&mut session).unwrap();
    assert!(verified.ok, "{:?}", verified.faults);

    // Never over what is there; and gone when it is told to go.
    vault.lock(session, LockReason::User).unwrap();
    let again = set_up(&vault, true, None, today).map(drop);
    assert!(matches!(again, Err(ClinicError::Unlock(UnlockError::Exists))));
    let desk = vault.state().unwrap();
    assert!(desk.demo && desk.phase == VaultPhase::Locked);
    assert_eq!((desk.clinic.as_deref(), desk.staff.len()), (Some(DEMO_CLINIC), 5));
    vault.delete_demo().unwrap();
    assert_eq!(vault.state().unwrap().phase, VaultPhase::New);
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["lock"]);
}
