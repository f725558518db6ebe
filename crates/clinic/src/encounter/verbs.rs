//! Arrival, the queue, and the start of a visit.

use rusqlite::Connection;

use super::{Encounter, QueueEntry, Stage, StageTime, table};
use crate::{
    access::{About, CheckIn, MayRead, MayWrite, Permission, ReadDiary, Role, StartVisit},
    appointment::{Appointment, AppointmentStatus},
    changes::RecordType,
    db::WriteTx,
    error::ClinicError,
    ids::{AppointmentId, EncounterId, PatientId, PractitionerId},
    patient::Patient,
    practitioner::{self, Practitioner},
    session::Session,
    types::{line, now_millis},
};

/// The queue of one local day `YYYY-MM-DD`.
pub fn queue(session: &mut Session, date: &str) -> Result<Vec<QueueEntry>, ClinicError> {
    let day: jiff::civil::Date = date.parse().map_err(|_| ClinicError::invalid("date", "impossible_date"))?;
    let access = session.authorize::<ReadDiary>(About::nothing().detail(format!("queue {day}")))?;
    session.read(&access, |tx| table::queue(tx.conn(), &day.to_string())?.into_iter().map(|row| named(tx.conn(), row)).collect())
}

/// A booked patient is here.
pub fn check_in(session: &mut Session, id: AppointmentId) -> Result<QueueEntry, ClinicError> {
    let access = session.authorize::<CheckIn>(About::nothing().record(RecordType::Appointment, id).detail("check in"))?;
    session.write(access, |tx| {
        let appointment = tx.update(id, |appointment: &mut Appointment| {
            if appointment.status != AppointmentStatus::Booked {
                return Err(ClinicError::Conflict("only a booked patient can check in"));
            }
            appointment.status = AppointmentStatus::Arrived;
            Ok(())
        })?;
        tx.about(appointment.patient_id);
        arrive(tx, appointment.patient_id, appointment.practitioner_id, Some(id), appointment.reason, false, Stage::Arrived)
    })
}

/// A patient without a booking is here.
pub fn walk_in(session: &mut Session, patient: PatientId, practitioner: PractitionerId, reason: &str) -> Result<QueueEntry, ClinicError> {
    let reason = line("reason", reason)?;
    let access = session.authorize::<CheckIn>(About::patient(patient).detail("walk in"))?;
    session.write(access, |tx| {
        tx.load::<Practitioner>(practitioner)?;
        arrive(tx, patient, Some(practitioner), None, reason, true, Stage::Arrived)
    })
}

/// A doctor or nurse takes a patient in at once. It makes the care relation, and the audit shows it.
pub fn start_visit(session: &mut Session, patient: PatientId, reason: &str) -> Result<QueueEntry, ClinicError> {
    let reason = line("reason", reason)?;
    let me = session.actor().id;
    let open = table::open_visit(&session.conn, patient, &table::day_of(now_millis()))?;
    let doctor = session.actor().roles.contains(&Role::Doctor);
    let access = session.authorize::<StartVisit>(About::patient(patient).detail("start visit"))?;
    session.write(access, |tx| match open {
        Some(id) => {
            tx.update(id, |encounter: &mut Encounter| {
                // A nurse who takes the patient in does not take the visit away from its doctor, nor the doctor's care relation.
                if doctor || encounter.practitioner_id.is_none() {
                    encounter.practitioner_id = Some(me);
                }
                enter(encounter, Stage::InRoom);
                Ok(())
            })?;
            entry(tx.conn(), id)
        }
        None => arrive(tx, patient, Some(me), None, reason, true, Stage::InRoom),
    })
}

/// Moves a visit in the queue, forwards or (undo) back.
pub fn set_stage(session: &mut Session, id: EncounterId, stage: Stage) -> Result<QueueEntry, ClinicError> {
    let subject = table::patient_of(&session.conn, id)?;
    let access =
        session.authorize::<CheckIn>(About { subject, ..About::nothing().record(RecordType::Encounter, id).detail(stage.name()) })?;
    session.write(access, |tx| {
        let encounter = tx.update(id, |encounter: &mut Encounter| {
            enter(encounter, stage);
            Ok(())
        })?;
        if let Some(appointment) = encounter.appointment_id {
            let status = if stage == Stage::Done { AppointmentStatus::Fulfilled } else { AppointmentStatus::Arrived };
            tx.update(appointment, |appointment: &mut Appointment| {
                appointment.status = status;
                Ok(())
            })?;
        }
        entry(tx.conn(), id)
    })
}

fn enter(encounter: &mut Encounter, stage: Stage) {
    if encounter.stage() == stage {
        return;
    }
    let since = now_millis();
    encounter.stages.push(StageTime { stage, since });
    encounter.ended = (stage == Stage::Done).then_some(since);
}

fn arrive<P: Permission + MayRead<Patient> + MayWrite<Encounter>>(
    tx: &mut WriteTx<'_, P>,
    patient: PatientId,
    practitioner: Option<PractitionerId>,
    appointment: Option<AppointmentId>,
    reason: String,
    walk_in: bool,
    stage: Stage,
) -> Result<QueueEntry, ClinicError> {
    tx.load::<Patient>(patient)?;
    let now = now_millis();
    if table::open_visit(tx.conn(), patient, &table::day_of(now))?.is_some() {
        return Err(ClinicError::Conflict("the patient is already here"));
    }
    let encounter = Encounter {
        id: EncounterId::make(),
        patient_id: patient,
        practitioner_id: practitioner,
        appointment_id: appointment,
        stages: vec![StageTime { stage, since: now }],
        reason,
        walk_in,
        started: now,
        ended: None,
        types: Vec::new(),
        class: None,
        source: None,
        origin: None,
    };
    tx.create(&encounter)?;
    entry(tx.conn(), encounter.id)
}

fn entry(conn: &Connection, id: EncounterId) -> Result<QueueEntry, ClinicError> {
    named(conn, table::entry(conn, id)?.ok_or(ClinicError::NotFound(RecordType::Encounter))?)
}

fn named(conn: &Connection, (mut entry, practitioner): (QueueEntry, Option<PractitionerId>)) -> Result<QueueEntry, ClinicError> {
    if let Some(id) = practitioner {
        entry.practitioner_name = practitioner::name_of(conn, id)?;
    }
    Ok(entry)
}
