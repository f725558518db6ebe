//! What the demo clinic holds at a moment: the data file's people, visits and bookings as records. Pure but for the ids, which are new.

use std::collections::BTreeMap;

use jiff::{
    Span, ToSpan,
    civil::{Date, DateTime, Time, Weekday},
    tz::TimeZone,
};
use serde_json::{Value, json};

use super::data::{Booking, Demo, Measured, Person, State, Today, Who};
use crate::{
    allergy::{Allergy, NO_KNOWN_ALLERGY, SNOMED},
    appointment::Appointment,
    changes::{Record, RecordError},
    condition::Condition,
    consent::{Consent, ConsentDecision},
    encounter::{Encounter, Stage},
    error::ClinicError,
    ids::*,
    immunization::Immunization,
    medication::Medication,
    note::{self, Addendum, Note, NoteEdit, NoteStatus},
    observation::{CATEGORY, LOINC, Observation, VITAL_SIGNS},
    patient::Patient,
    types::instant,
};

const ICD10: &str = "http://hl7.org/fhir/sid/icd-10";
const CVX: &str = "http://hl7.org/fhir/sid/cvx";
/// Names of made-up numbering systems, in the domain reserved for examples.
const NATIONAL_ID: &str = "https://gladstone.example/demo/national-id";
const PASSPORT: &str = "https://gladstone.example/demo/passport";

/// Present moments outside are moved inside, so that the day's bookings stay in its opening hours.
const FIRST_MOMENT: Time = Time::constant(10, 0, 0, 0);
const LAST_MOMENT: Time = Time::constant(16, 0, 0, 0);

/// Who sees patients.
pub(super) struct Team {
    pub aisyah: PractitionerId,
    pub tan: PractitionerId,
    pub nurse: PractitionerId,
}

impl Team {
    fn id(&self, who: Who) -> PractitionerId {
        match who {
            Who::Aisyah => self.aisyah,
            Who::Tan => self.tan,
            Who::Nurse => self.nurse,
        }
    }
}

/// A signed note and what goes with it.
pub(super) struct Signed {
    pub note: Note,
    pub consent: Option<Consent>,
    pub addendum: Option<Addendum>,
}

/// All records, each kind oldest first.
#[derive(Default)]
pub(super) struct Plan {
    pub patients: Vec<Patient>,
    pub allergies: Vec<Allergy>,
    pub conditions: Vec<Condition>,
    pub medications: Vec<Medication>,
    pub immunizations: Vec<Immunization>,
    pub appointments: Vec<Appointment>,
    pub encounters: Vec<Encounter>,
    pub observations: Vec<Observation>,
    pub notes: Vec<Signed>,
}

/// A visit, before it is sorted among the others.
struct Visit<'a> {
    patient: PatientId,
    with: Who,
    why: &'a str,
    appointment: Option<AppointmentId>,
    walk_in: bool,
    /// Milliseconds since 1970 at which each stage began, arrival first.
    times: Vec<i64>,
    measured: Option<&'a Measured>,
    /// Section and words.
    note: Vec<(&'static str, &'a str)>,
    consent: Option<ConsentDecision>,
    addendum: Option<&'a str>,
}

impl Plan {
    /// The demo as it stands at a local moment.
    pub fn on(at: DateTime, team: &Team) -> Result<Self, ClinicError> {
        let data = Demo::read()?;
        let mut plan = Self::default();
        let mut ids = BTreeMap::new();
        for (number, person) in data.patients.iter().enumerate() {
            let id = PatientId::make();
            ids.insert(person.key.as_str(), id);
            plan.register(id, number, person, at.date())?;
        }
        let mut visits = past_visits(&data.patients, &ids, at.date())?;
        let since_monday = i32::from(at.date().weekday().to_monday_zero_offset());
        for (weekday, bookings) in (0..).zip(&data.week) {
            let day = at.date().checked_add((weekday - since_monday).days()).map_err(|_| fault("week"))?;
            if day != at.date() {
                plan.book(bookings, day, day < at.date(), &ids, team, &mut visits)?;
            }
        }
        plan.book_today(&data.today, at, &ids, team, &mut visits)?;
        for booking in &data.later {
            let day = at.date().checked_add(booking.days.days()).map_err(|_| fault("later"))?;
            let open = if day.weekday() == Weekday::Sunday { day.tomorrow().map_err(|_| fault("later"))? } else { day };
            plan.book(std::slice::from_ref(booking), open, false, &ids, team, &mut visits)?;
        }
        visits.sort_by_key(|visit| visit.times.first().copied());
        visits.iter().try_for_each(|visit| plan.visit(visit, team))?;
        Ok(plan)
    }

    /// A person and what their chart holds without a visit.
    fn register(&mut self, id: PatientId, number: usize, person: &Person, today: Date) -> Result<(), ClinicError> {
        let birth = before(today, person.born)?;
        let parts = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
        let other = person.other.iter().map(|name| json!({ "use": "usual", "text": name }));
        let official = json!({ "use": "official", "text": person.name, "family": person.family, "given": parts(&person.given) });
        let identifiers = match person.id.as_deref().map(|id| id.split_once(' ')) {
            // Place of birth 00 was never given out; men have odd numbers.
            None => {
                let odd = usize::from(person.gender == crate::types::AdministrativeGender::Male);
                vec![json!({ "system": NATIONAL_ID, "value": format!("{}-00-{:04}", birth.strftime("%y%m%d"), 9000 + 2 * number + odd) })]
            }
            Some(Some(("passport", value))) => vec![json!({ "system": PASSPORT, "value": value })],
            Some(_) => Vec::new(),
        };
        let phone = person.phone.clone().unwrap_or_else(|| format!("+44 7700 900{:03}", 100 + number));
        let (line, city, state) = &person.address;
        self.patients.push(record(
            id,
            json!({
                "names": std::iter::once(official).chain(other).collect::<Vec<_>>(),
                "birthDate": if person.estimated { birth.strftime("%Y").to_string() } else { birth.to_string() },
                "birthDateEstimated": person.estimated,
                "gender": person.gender,
                "telecom": [{ "system": "phone", "value": phone, "use": "mobile" }],
                "identifiers": identifiers,
                "address": { "line": [line], "city": city, "state": state, "country": "MY" },
                "contacts": [{ "name": person.kin.0, "relationship": person.kin.1, "phone": format!("+44 7700 900{:03}", 500 + number) }],
                "language": person.language,
            }),
        )?);
        self.chart(id, person, today)?;
        for measured in &person.measured {
            let ago = measured.ago.ok_or_else(|| fault("measured.ago"))?;
            self.measure(id, None, measured, millis(working_day(before(today, ago)?)?.at(10, 0, 0, 0))?)?;
        }
        Ok(())
    }

    fn chart(&mut self, patient: PatientId, person: &Person, today: Date) -> Result<(), ClinicError> {
        let of = |mut fields: Value| {
            fields["patientId"] = json!(patient);
            fields
        };
        if person.no_known_allergy {
            let coding = json!([{ "system": SNOMED, "code": NO_KNOWN_ALLERGY, "display": "No known allergy" }]);
            let none = json!({ "substance": { "coding": coding, "text": "No known allergy" }, "reaction": "", "status": "active" });
            self.allergies.push(record(AllergyId::make(), of(none))?);
        }
        for (substance, criticality, reaction) in &person.allergies {
            let fields = json!({ "substance": { "coding": [], "text": substance }, "criticality": criticality, "reaction": reaction, "status": "active" });
            self.allergies.push(record(AllergyId::make(), of(fields))?);
        }
        let problems = person.conditions.iter().map(|condition| (condition, "active"));
        for ((code, words, since), status) in problems.chain(person.past.iter().map(|condition| (condition, "resolved"))) {
            let begun = before(today, *since)?;
            let recorded = millis(begun.at(9, 0, 0, 0))?;
            let fields = json!({
                "code": coded(ICD10, code, words), "onset": as_exactly(begun, *since), "status": status, "recorded": recorded,
            });
            self.conditions.push(record(ConditionId::make(), of(fields))?);
        }
        let medicines = person.medicines.iter().map(|medicine| (medicine, "active"));
        for ((name, dosage, since), status) in medicines.chain(person.stopped.iter().map(|medicine| (medicine, "stopped"))) {
            let medication = json!({ "coding": [], "text": name });
            let fields = json!({
                "medication": medication, "dosage": dosage, "status": status, "authoredOn": before(today, *since)?.to_string(),
            });
            self.medications.push(record(MedicationId::make(), of(fields))?);
        }
        for (code, words, ago) in &person.vaccines {
            let given = before(today, *ago)?;
            let fields = json!({
                "status": "completed", "vaccine": coded(CVX, code, words), "occurrence": as_exactly(given, *ago), "primarySource": true,
            });
            self.immunizations.push(record(ImmunizationId::make(), of(fields))?);
        }
        Ok(())
    }

    /// Bookings of one day; where it is over, they were kept, and the doctors' notes are signed.
    fn book<'a>(
        &mut self,
        bookings: &'a [Booking],
        day: Date,
        over: bool,
        ids: &BTreeMap<&str, PatientId>,
        team: &Team,
        visits: &mut Vec<Visit<'a>>,
    ) -> Result<(), ClinicError> {
        for booking in bookings {
            let (patient, id) = (person(ids, &booking.who)?, AppointmentId::make());
            let (start, end) = span(day.to_datetime(booking.at), booking.minutes)?;
            let status = if over { "fulfilled" } else { "booked" };
            self.appointments.push(appointment(id, patient, team.id(booking.with), start, end, status, &booking.why, "")?);
            if over {
                let mut visit = Visit::new(patient, booking.with, &booking.why, kept(start, end)?);
                visit.appointment = Some(id);
                visit.note = short_note(booking.note.as_ref());
                visits.push(visit);
            }
        }
        Ok(())
    }

    fn book_today<'a>(
        &mut self,
        bookings: &'a [Today],
        at: DateTime,
        ids: &BTreeMap<&str, PatientId>,
        team: &Team,
        visits: &mut Vec<Visit<'a>>,
    ) -> Result<(), ClinicError> {
        let to_five = at.time().minute() - at.time().minute() % 5;
        let present = Time::constant(at.time().hour(), to_five, 0, 0).clamp(FIRST_MOMENT, LAST_MOMENT);
        let midnight = millis(at.date().at(0, 0, 0, 0))?;
        for booking in bookings {
            let (patient, id) = (person(ids, &booking.who)?, AppointmentId::make());
            if !booking.walk_in {
                let from = present.checked_add(i64::from(booking.from).minutes()).map_err(|_| fault("today"))?;
                let (start, end) = span(at.date().to_datetime(from), booking.minutes)?;
                let status = match booking.state {
                    State::Booked => "booked",
                    State::Cancelled => "cancelled",
                    State::NoShow => "noshow",
                    State::Here(Stage::Done) => "fulfilled",
                    State::Here(_) => "arrived",
                };
                let with = team.id(booking.with);
                self.appointments.push(appointment(id, patient, with, start, end, status, &booking.why, &booking.because)?);
            }
            if let State::Here(stage) = booking.state {
                // Before a day's first minute nobody has arrived on it.
                let since = |ago: &i32| Ok::<_, ClinicError>((millis(at)? - i64::from(*ago) * 60_000).max(midnight));
                let times = booking.ago.iter().map(since).collect::<Result<Vec<_>, _>>()?;
                if STAGES.get(times.len().wrapping_sub(1)) != Some(&stage) {
                    return Err(fault("today.ago"));
                }
                let mut visit = Visit::new(patient, booking.with, &booking.why, times);
                visit.appointment = (!booking.walk_in).then_some(id);
                visit.walk_in = booking.walk_in;
                visit.measured = booking.measured.as_ref();
                visit.note = short_note(booking.note.as_ref());
                visits.push(visit);
            }
        }
        Ok(())
    }

    fn visit(&mut self, visit: &Visit<'_>, team: &Team) -> Result<(), ClinicError> {
        let (id, doctor, started) = (EncounterId::make(), team.id(visit.with), *visit.times.first().ok_or_else(|| fault("visit"))?);
        let stages: Vec<Value> = STAGES.iter().zip(&visit.times).map(|(stage, since)| json!({ "stage": stage, "since": since })).collect();
        let ended = visit.times.get(STAGES.len() - 1).copied();
        self.encounters.push(record(
            id,
            json!({
                "patientId": visit.patient, "practitionerId": doctor, "appointmentId": visit.appointment, "stages": stages,
                "reason": visit.why, "walkIn": visit.walk_in, "started": started, "ended": ended,
            }),
        )?);
        if let Some(measured) = visit.measured {
            self.measure(visit.patient, Some(id), measured, visit.times.get(1).copied().unwrap_or(started))?;
        }
        let Some(ended) = ended.filter(|_| !visit.note.is_empty()) else { return Ok(()) };
        let mut note = note::blank(visit.patient, id, doctor);
        for (section, words) in &visit.note {
            note.apply(NoteEdit::Write { section: (*section).to_owned(), text: (*words).to_owned() })?;
        }
        (note.status, note.signed_by, note.signed_at) = (NoteStatus::Final, Some(doctor), Some(ended));
        let asked = visit.times.get(2).copied().unwrap_or(started);
        let consent = visit.consent.map(|decision| {
            let fields = json!({
                "patientId": visit.patient, "encounterId": id, "decision": decision, "method": "spoken", "givenBy": "patient", "name": "",
                "recordedBy": doctor, "at": asked,
            });
            record(ConsentId::make(), fields)
        });
        let addendum = visit.addendum.map(|words| {
            let fields = json!({
                "noteId": note.id, "patientId": visit.patient, "text": words, "authorId": doctor, "at": ended + 28 * 86_400_000,
            });
            record(AddendumId::make(), fields)
        });
        self.notes.push(Signed { note, consent: consent.transpose()?, addendum: addendum.transpose()? });
        Ok(())
    }

    fn measure(&mut self, patient: PatientId, visit: Option<EncounterId>, measured: &Measured, at: i64) -> Result<(), ClinicError> {
        let quantity = |value: f64, unit: &str, code: &str| json!({ "value": value, "unit": unit, "code": code });
        let mut put = |category: &str, name: &str, code: &str, value: Value| {
            let mut fields = json!({
                "patientId": patient, "encounterId": visit, "status": "final", "code": coded(LOINC, code, name), "effective": instant(at),
                "categories": [{ "coding": [{ "system": CATEGORY, "code": category, "display": category }], "text": "" }],
            });
            let part = if value.is_array() { "components" } else { "quantity" };
            fields[part] = value;
            self.observations.push(record(ObservationId::make(), fields)?);
            Ok::<_, ClinicError>(())
        };
        if let Some((systolic, diastolic)) = measured.bp {
            let part = |code, name, value| json!({ "code": coded(LOINC, code, name), "quantity": quantity(value, "mmHg", "mm[Hg]") });
            let parts = [part("8480-6", "Systolic blood pressure", systolic), part("8462-4", "Diastolic blood pressure", diastolic)];
            put(VITAL_SIGNS, "Blood pressure", "85354-9", json!(parts))?;
        }
        for (value, category, name, code, unit, ucum) in [
            (measured.pulse, VITAL_SIGNS, "Heart rate", "8867-4", "/min", "/min"),
            (measured.temp, VITAL_SIGNS, "Body temperature", "8310-5", "°C", "Cel"),
            (measured.resp, VITAL_SIGNS, "Respiratory rate", "9279-1", "/min", "/min"),
            (measured.spo2, VITAL_SIGNS, "Oxygen saturation", "2708-6", "%", "%"),
            (measured.weight, VITAL_SIGNS, "Body weight", "29463-7", "kg", "kg"),
            (measured.height, VITAL_SIGNS, "Body height", "8302-2", "cm", "cm"),
            (measured.a1c, "laboratory", "HbA1c", "4548-4", "%", "%"),
            (measured.ldl, "laboratory", "LDL cholesterol", "22748-8", "mmol/L", "mmol/L"),
            (measured.creatinine, "laboratory", "Creatinine", "14682-9", "µmol/L", "umol/L"),
            (measured.hb, "laboratory", "Haemoglobin", "718-7", "g/dL", "g/dL"),
            (measured.tsh, "laboratory", "TSH", "3016-3", "mIU/L", "m[IU]/L"),
            (measured.inr, "laboratory", "INR", "6301-6", "", "{INR}"),
        ] {
            if let Some(value) = value {
                put(category, name, code, quantity(value, unit, ucum))?;
            }
        }
        Ok(())
    }
}

/// The way through a visit.
pub(super) const STAGES: [Stage; 4] = [Stage::Arrived, Stage::Called, Stage::InRoom, Stage::Done];

impl<'a> Visit<'a> {
    fn new(patient: PatientId, with: Who, why: &'a str, times: Vec<i64>) -> Self {
        let note = Vec::new();
        Self { patient, with, why, times, appointment: None, walk_in: false, measured: None, note, consent: None, addendum: None }
    }
}

fn past_visits<'a>(people: &'a [Person], ids: &BTreeMap<&str, PatientId>, today: Date) -> Result<Vec<Visit<'a>>, ClinicError> {
    let mut visits = Vec::new();
    for one in people {
        for past in &one.visits {
            let start = working_day(before(today, past.ago)?)?.to_datetime(past.at);
            let mut visit = Visit::new(person(ids, &one.key)?, past.with, &past.why, kept(start, span(start, 20)?.1)?);
            visit.measured = past.measured.as_ref();
            visit.note = vec![
                ("chief_complaint", past.complaint.as_str()),
                ("history_of_present_illness", &past.history),
                ("examination", &past.examination),
                ("assessment", &past.assessment),
                ("plan", &past.plan),
            ];
            (visit.consent, visit.addendum) = (past.consent, past.addendum.as_deref());
            visits.push(visit);
        }
    }
    Ok(visits)
}

fn short_note(note: Option<&(String, String)>) -> Vec<(&'static str, &str)> {
    note.map(|(history, plan)| vec![("history_of_present_illness", history.as_str()), ("plan", plan)]).unwrap_or_default()
}

/// Times of a kept booking: there early, called a little late, done on time.
fn kept(start: DateTime, end: DateTime) -> Result<Vec<i64>, ClinicError> {
    let (start, end) = (millis(start)?, millis(end)?);
    Ok(vec![start - 9 * 60_000, start + 2 * 60_000, start + 3 * 60_000, end + 60_000])
}

#[allow(clippy::too_many_arguments, reason = "one value for each field of a booking")]
fn appointment(
    id: AppointmentId,
    patient: PatientId,
    with: PractitionerId,
    start: DateTime,
    end: DateTime,
    status: &str,
    why: &str,
    because: &str,
) -> Result<Appointment, ClinicError> {
    let fields = json!({
        "patientId": patient, "practitionerId": with, "start": start, "end": end, "status": status, "reason": why, "cancelReason": because,
    });
    record(id, fields)
}

/// The record with these fields. Built as the change log reads them: fields that only imports have stay away.
fn record<R: Record>(id: impl Into<RecordId>, mut fields: Value) -> Result<R, ClinicError> {
    fields["id"] = json!(id.into());
    let shape = |source| RecordError::Shape { record_type: R::TYPE.name().to_owned(), source };
    Ok(R::deserialize(fields).map_err(shape)?)
}

fn coded(system: &str, code: &str, words: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code, "display": words }], "text": words })
}

fn person(ids: &BTreeMap<&str, PatientId>, key: &str) -> Result<PatientId, ClinicError> {
    ids.get(key).copied().ok_or_else(|| fault("who"))
}

fn before(today: Date, ago: Span) -> Result<Date, ClinicError> {
    today.checked_sub(ago).map_err(|_| fault("ago"))
}

/// The clinic is closed on Sundays.
fn working_day(day: Date) -> Result<Date, ClinicError> {
    if day.weekday() == Weekday::Sunday { day.yesterday().map_err(|_| fault("ago")) } else { Ok(day) }
}

/// A partial date no more exact than what is known.
fn as_exactly(day: Date, ago: Span) -> String {
    let format = match (ago.get_months(), ago.get_days()) {
        (_, 1..) => "%Y-%m-%d",
        (1.., _) => "%Y-%m",
        _ => "%Y",
    };
    day.strftime(format).to_string()
}

fn span(start: DateTime, minutes: i32) -> Result<(DateTime, DateTime), ClinicError> {
    Ok((start, start.checked_add(i64::from(minutes).minutes()).map_err(|_| fault("for"))?))
}

fn millis(local: DateTime) -> Result<i64, ClinicError> {
    Ok(local.to_zoned_datetime(TimeZone::system()).map_err(|_| fault("at"))?.timestamp().as_millisecond())
}

/// The data file is not what it should be.
pub(super) fn fault(field: &str) -> ClinicError {
    ClinicError::invalid(format!("demo.{field}"), "malformed")
}
