//! Staff, audit, settings, the desk's health.

use clinic::{
    audit::{self, AuditFilter, AuditVerification},
    chart::{self, AuditEventView},
    practitioner::{self, StaffRequest, StaffView},
    settings::{self, ClinicSettings},
};
use tauri::{AppHandle, Manager};

use super::with;
use crate::{
    cli::checks::{self, DeskCheck},
    error::AppError,
    state::Desk,
};

#[tauri::command(async)]
#[specta::specta]
pub fn staff(app: AppHandle) -> Result<Vec<StaffView>, AppError> {
    with(&app, practitioner::staff)
}

#[tauri::command(async)]
#[specta::specta]
pub fn add_staff(app: AppHandle, request: StaffRequest) -> Result<StaffView, AppError> {
    app.state::<Desk>().with(&app, |vault, session| vault.add_staff(session, request))
}

#[tauri::command(async)]
#[specta::specta]
pub fn audit_events(app: AppHandle, filter: AuditFilter) -> Result<Vec<AuditEventView>, AppError> {
    with(&app, |session| chart::audit_events(session, &filter))
}

#[tauri::command(async)]
#[specta::specta]
pub fn verify_audit(app: AppHandle) -> Result<AuditVerification, AppError> {
    with(&app, audit::verify)
}

#[tauri::command(async)]
#[specta::specta]
pub fn clinic_settings(app: AppHandle) -> Result<ClinicSettings, AppError> {
    with(&app, |session| Ok(session.settings().clone()))
}

#[tauri::command(async)]
#[specta::specta]
pub fn save_clinic_settings(app: AppHandle, settings: ClinicSettings) -> Result<ClinicSettings, AppError> {
    app.state::<Desk>().with(&app, |vault, session| {
        let stored = settings::save(session, settings)?;
        vault.save_lock_screen(&stored)?;
        Ok(stored)
    })
}

/// Microphone, keyring, models, database, disk: what is well, and what to do where it is not.
#[tauri::command(async)]
#[specta::specta]
pub fn desk_checks(app: AppHandle) -> Result<Vec<DeskCheck>, AppError> {
    let desk = app.state::<Desk>();
    let state = desk.with_vault(clinic::Vault::state).ok();
    Ok(checks::all(&desk.folder(), state.as_ref()))
}
