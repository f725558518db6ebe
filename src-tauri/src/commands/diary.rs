//! Diary and queue.

use clinic::{
    AppointmentId, EncounterId, PatientId, PractitionerId,
    appointment::{self, AppointmentRequest, AppointmentView},
    encounter::{self, QueueEntry, Stage},
    practitioner::{self, PractitionerView},
};
use tauri::AppHandle;

use super::with;
use crate::error::AppError;

#[tauri::command(async)]
#[specta::specta]
pub fn practitioners(app: AppHandle) -> Result<Vec<PractitionerView>, AppError> {
    with(&app, practitioner::seeing_patients)
}

#[tauri::command(async)]
#[specta::specta]
pub fn appointments(app: AppHandle, from: String, to: String) -> Result<Vec<AppointmentView>, AppError> {
    with(&app, |session| appointment::diary(session, &from, &to))
}

#[tauri::command(async)]
#[specta::specta]
pub fn book(app: AppHandle, request: AppointmentRequest) -> Result<AppointmentView, AppError> {
    with(&app, |session| appointment::book(session, request))
}

#[tauri::command(async)]
#[specta::specta]
pub fn move_appointment(
    app: AppHandle,
    id: AppointmentId,
    practitioner_id: PractitionerId,
    start: String,
    end: String,
    allow_overlap: bool,
) -> Result<AppointmentView, AppError> {
    with(&app, |session| appointment::reschedule(session, id, practitioner_id, &start, &end, allow_overlap))
}

#[tauri::command(async)]
#[specta::specta]
pub fn cancel_appointment(app: AppHandle, id: AppointmentId, reason: String) -> Result<AppointmentView, AppError> {
    with(&app, |session| appointment::cancel(session, id, &reason))
}

#[tauri::command(async)]
#[specta::specta]
pub fn restore_appointment(app: AppHandle, id: AppointmentId) -> Result<AppointmentView, AppError> {
    with(&app, |session| appointment::restore(session, id))
}

#[tauri::command(async)]
#[specta::specta]
pub fn mark_no_show(app: AppHandle, id: AppointmentId) -> Result<AppointmentView, AppError> {
    with(&app, |session| appointment::mark_no_show(session, id))
}

#[tauri::command(async)]
#[specta::specta]
pub fn check_in(app: AppHandle, appointment_id: AppointmentId) -> Result<QueueEntry, AppError> {
    with(&app, |session| encounter::check_in(session, appointment_id))
}

#[tauri::command(async)]
#[specta::specta]
pub fn walk_in(app: AppHandle, patient_id: PatientId, practitioner_id: PractitionerId, reason: String) -> Result<QueueEntry, AppError> {
    with(&app, |session| encounter::walk_in(session, patient_id, practitioner_id, &reason))
}

#[tauri::command(async)]
#[specta::specta]
pub fn queue(app: AppHandle, date: String) -> Result<Vec<QueueEntry>, AppError> {
    with(&app, |session| encounter::queue(session, &date))
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_stage(app: AppHandle, encounter_id: EncounterId, stage: Stage) -> Result<QueueEntry, AppError> {
    with(&app, |session| encounter::set_stage(session, encounter_id, stage))
}
