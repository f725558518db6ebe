//! Booking, moving, cancelling.

use jiff::civil::DateTime;

use super::{Appointment, AppointmentRequest, AppointmentStatus, AppointmentView, table};
use crate::{
    access::{About, ReadDiary, WriteDiary},
    changes::RecordType,
    db::WriteTx,
    error::ClinicError,
    ids::{AppointmentId, PatientId, PractitionerId},
    patient::Patient,
    practitioner::Practitioner,
    session::Session,
    types::line,
};

/// Longest booking.
const MAX_HOURS: i64 = 12;

/// The diary of `from..to`, dates `YYYY-MM-DD`, the last not included.
pub fn diary(session: &mut Session, from: &str, to: &str) -> Result<Vec<AppointmentView>, ClinicError> {
    let day = |field: &str, text: &str| text.parse::<jiff::civil::Date>().map_err(|_| ClinicError::invalid(field, "impossible_date"));
    let (from, to) = (day("from", from)?, day("to", to)?);
    let access = session.authorize::<ReadDiary>(About::nothing().detail(format!("diary {from}..{to}")))?;
    session.read(&access, |tx| Ok(table::between(tx.conn(), &from.to_string(), &to.to_string())?))
}

/// Books a time.
pub fn book(session: &mut Session, request: AppointmentRequest) -> Result<AppointmentView, ClinicError> {
    let (start, end) = times(&request.start, &request.end)?;
    let appointment = Appointment {
        id: AppointmentId::make(),
        patient_id: request.patient_id,
        practitioner_id: Some(request.practitioner_id),
        start,
        end,
        status: AppointmentStatus::Booked,
        reason: line("reason", &request.reason)?,
        walk_in: false,
        cancel_reason: String::new(),
        source: None,
        origin: None,
    };
    let about = About::patient(request.patient_id).record(RecordType::Appointment, appointment.id).detail("book");
    let access = session.authorize::<WriteDiary>(about)?;
    session.write(access, |tx| {
        tx.load::<Patient>(request.patient_id)?;
        free(tx, request.practitioner_id, &appointment, request.allow_overlap)?;
        tx.create(&appointment)?;
        stored(tx, appointment.id)
    })
}

/// Moves a booking to another time or practitioner.
pub fn reschedule(
    session: &mut Session,
    id: AppointmentId,
    practitioner: PractitionerId,
    start: &str,
    end: &str,
    allow_overlap: bool,
) -> Result<AppointmentView, ClinicError> {
    let (start, end) = times(start, end)?;
    change(session, id, "move", |tx, appointment| {
        if appointment.status != AppointmentStatus::Booked {
            return Err(ClinicError::Conflict("only a booking that has not begun can move"));
        }
        (appointment.practitioner_id, appointment.start, appointment.end) = (Some(practitioner), start, end);
        free(tx, practitioner, appointment, allow_overlap)
    })
}

pub fn cancel(session: &mut Session, id: AppointmentId, reason: &str) -> Result<AppointmentView, ClinicError> {
    let reason = line("reason", reason)?;
    change(session, id, "cancel", |_, appointment| {
        if appointment.status != AppointmentStatus::Booked {
            return Err(ClinicError::Conflict("only a booking that has not begun can be cancelled"));
        }
        appointment.status = AppointmentStatus::Cancelled;
        appointment.cancel_reason = reason;
        Ok(())
    })
}

/// Takes back a cancellation or a no-show mark. Refused when the time was given to someone else meanwhile.
pub fn restore(session: &mut Session, id: AppointmentId) -> Result<AppointmentView, ClinicError> {
    change(session, id, "restore", |tx, appointment| {
        if !matches!(appointment.status, AppointmentStatus::Cancelled | AppointmentStatus::NoShow) {
            return Err(ClinicError::Conflict("the booking is not cancelled"));
        }
        appointment.status = AppointmentStatus::Booked;
        appointment.cancel_reason.clear();
        appointment.practitioner_id.map_or(Ok(()), |practitioner| free(tx, practitioner, appointment, false))
    })
}

pub fn mark_no_show(session: &mut Session, id: AppointmentId) -> Result<AppointmentView, ClinicError> {
    change(session, id, "no show", |_, appointment| {
        if appointment.status != AppointmentStatus::Booked {
            return Err(ClinicError::Conflict("only a booking can be a no-show"));
        }
        appointment.status = AppointmentStatus::NoShow;
        Ok(())
    })
}

fn change(
    session: &mut Session,
    id: AppointmentId,
    what: &str,
    edit: impl FnOnce(&WriteTx<'_, WriteDiary>, &mut Appointment) -> Result<(), ClinicError>,
) -> Result<AppointmentView, ClinicError> {
    let subject = subject_of(session, id)?;
    let access = session.authorize::<WriteDiary>(About { subject, ..About::nothing().record(RecordType::Appointment, id).detail(what) })?;
    session.write(access, |tx| {
        let mut appointment: Appointment = tx.load(id)?;
        edit(tx, &mut appointment)?;
        tx.update(id, |stored: &mut Appointment| {
            *stored = appointment;
            Ok(())
        })?;
        stored(tx, id)
    })
}

/// Whose booking it is, for the audit event; the gate still decides.
fn subject_of(session: &Session, id: AppointmentId) -> Result<Option<PatientId>, ClinicError> {
    Ok(table::view(&session.conn, id)?.map(|view| view.patient_id))
}

fn stored(tx: &WriteTx<'_, WriteDiary>, id: AppointmentId) -> Result<AppointmentView, ClinicError> {
    table::view(tx.conn(), id)?.ok_or(ClinicError::NotFound(RecordType::Appointment))
}

fn free(
    tx: &WriteTx<'_, WriteDiary>,
    practitioner: PractitionerId,
    appointment: &Appointment,
    allow_overlap: bool,
) -> Result<(), ClinicError> {
    tx.load::<Practitioner>(practitioner)?;
    let (start, end) = (table::local(appointment.start), table::local(appointment.end));
    if !allow_overlap && table::overlapping(tx.conn(), practitioner, &start, &end, appointment.id)? {
        return Err(ClinicError::Overlap);
    }
    Ok(())
}

fn times(start: &str, end: &str) -> Result<(DateTime, DateTime), ClinicError> {
    let parse = |field: &str, text: &str| text.parse::<DateTime>().map_err(|_| ClinicError::invalid(field, "impossible_date"));
    let (start, end) = (parse("start", start)?, parse("end", end)?);
    let minutes = start.until((jiff::Unit::Minute, end)).map_or(0, |span| span.get_minutes());
    if minutes <= 0 {
        return Err(ClinicError::invalid("end", "before_start"));
    }
    if minutes > MAX_HOURS * 60 {
        return Err(ClinicError::invalid("end", "too_long"));
    }
    Ok((start, end))
}
