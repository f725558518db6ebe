//! Table of bookings: all that a diary shows, so that a week comes from one query.

use jiff::civil::DateTime;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Appointment, AppointmentStatus, AppointmentView};
use crate::{
    db::Migration,
    encounter::Stage,
    ids::{AppointmentId, PatientId, PractitionerId},
};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 2026112405,
    sql: "
    CREATE TABLE appointment (
        id BLOB PRIMARY KEY,
        patient BLOB NOT NULL,
        practitioner BLOB,
        start TEXT NOT NULL,
        \"end\" TEXT NOT NULL,
        status TEXT NOT NULL,
        reason TEXT NOT NULL,
        walk_in INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX appointment_start ON appointment (start);
    CREATE INDEX appointment_patient ON appointment (patient, start);
    CREATE INDEX appointment_practitioner ON appointment (practitioner, start)",
}];

/// Local time as stored and sent.
pub(crate) fn local(time: DateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M").to_string()
}

pub(crate) fn project(appointment: &Appointment, conn: &Connection) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO appointment (id, patient, practitioner, start, \"end\", status, reason, walk_in) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET practitioner = excluded.practitioner, start = excluded.start, \"end\" = excluded.\"end\",
         status = excluded.status, reason = excluded.reason, walk_in = excluded.walk_in",
    )?
    .execute(params![
        appointment.id,
        appointment.patient_id,
        appointment.practitioner_id,
        local(appointment.start),
        local(appointment.end),
        appointment.status.name(),
        appointment.reason,
        appointment.walk_in
    ])?;
    Ok(())
}

const VIEW: &str = "
    SELECT a.id, a.patient, coalesce(p.name, ''), a.practitioner, a.start, a.\"end\", a.status, a.reason, a.walk_in, e.id, e.stage
    FROM appointment a LEFT JOIN patient p ON p.id = a.patient LEFT JOIN encounter e ON e.appointment = a.id";

/// Bookings that begin in `from..to` (local `YYYY-MM-DDTHH:MM`), in order of start.
pub(crate) fn between(conn: &Connection, from: &str, to: &str) -> rusqlite::Result<Vec<AppointmentView>> {
    let mut views: Vec<AppointmentView> = conn
        .prepare_cached(&format!("{VIEW} WHERE a.start >= ?1 AND a.start < ?2 ORDER BY a.start, a.id"))?
        .query_map([from, to], to_view)?
        .collect::<Result<_, _>>()?;
    mark_overlaps(&mut views);
    Ok(views)
}

pub(crate) fn of_patient(conn: &Connection, patient: PatientId) -> rusqlite::Result<Vec<AppointmentView>> {
    conn.prepare_cached(&format!("{VIEW} WHERE a.patient = ?1 ORDER BY a.start DESC LIMIT 200"))?.query_map([patient], to_view)?.collect()
}

pub(crate) fn view(conn: &Connection, id: AppointmentId) -> rusqlite::Result<Option<AppointmentView>> {
    let Some(mut view) = conn.prepare_cached(&format!("{VIEW} WHERE a.id = ?1"))?.query_row([id], to_view).optional()? else {
        return Ok(None);
    };
    if takes_time(view.status)
        && let Ok(practitioner) = view.practitioner_id.parse()
    {
        view.overlaps = overlapping(conn, practitioner, &view.start, &view.end, id)?;
    }
    Ok(Some(view))
}

/// Whether another live booking of the practitioner shares time with `start..end`.
pub(crate) fn overlapping(
    conn: &Connection,
    practitioner: PractitionerId,
    start: &str,
    end: &str,
    except: AppointmentId,
) -> rusqlite::Result<bool> {
    // No booking lasts longer than a day, so the index range stays short.
    conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM appointment WHERE practitioner = ?1 AND start > date(?2, '-1 day') AND start < ?3 AND \"end\" > ?2 AND id <> ?4
         AND status NOT IN ('cancelled', 'noshow') AND NOT walk_in)",
    )?
    .query_row(params![practitioner, start, end, except], |row| row.get(0))
}

/// Whether the patient has a live booking, with this practitioner when one is named.
pub(crate) fn is_booked_with(conn: &Connection, patient: PatientId, practitioner: Option<PractitionerId>) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM appointment WHERE patient = ?1 AND practitioner = ?2 AND status <> 'cancelled')";
    let near = "SELECT EXISTS (SELECT 1 FROM appointment WHERE patient = ?1 AND status <> 'cancelled'
        AND start BETWEEN date('now', '-30 days') AND date('now', '+31 days'))";
    match practitioner {
        Some(practitioner) => conn.prepare_cached(sql)?.query_row(params![patient, practitioner], |row| row.get(0)),
        None => conn.prepare_cached(near)?.query_row([patient], |row| row.get(0)),
    }
}

fn takes_time(status: AppointmentStatus) -> bool {
    !matches!(status, AppointmentStatus::Cancelled | AppointmentStatus::NoShow)
}

fn mark_overlaps(views: &mut [AppointmentView]) {
    let mut last: std::collections::HashMap<String, (usize, String)> = std::collections::HashMap::new();
    for at in 0..views.len() {
        if !takes_time(views[at].status) || views[at].walk_in || views[at].practitioner_id.is_empty() {
            continue;
        }
        let (practitioner, start, end) = (views[at].practitioner_id.clone(), views[at].start.clone(), views[at].end.clone());
        match last.get_mut(&practitioner) {
            Some((before, until)) => {
                if *until > start {
                    views[*before].overlaps = true;
                    views[at].overlaps = true;
                }
                if end > *until {
                    (*before, *until) = (at, end);
                }
            }
            None => {
                last.insert(practitioner, (at, end));
            }
        }
    }
}

fn to_view(row: &Row<'_>) -> rusqlite::Result<AppointmentView> {
    let practitioner: Option<PractitionerId> = row.get(3)?;
    let (status, stage): (String, Option<String>) = (row.get(6)?, row.get(10)?);
    Ok(AppointmentView {
        id: row.get(0)?,
        patient_id: row.get(1)?,
        patient_name: row.get(2)?,
        practitioner_id: practitioner.map(|id| id.to_string()).unwrap_or_default(),
        start: row.get(4)?,
        end: row.get(5)?,
        status: AppointmentStatus::from_name(&status),
        stage: stage.as_deref().map(Stage::from_name),
        encounter_id: row.get(9)?,
        reason: row.get(7)?,
        walk_in: row.get(8)?,
        overlaps: false,
    })
}
