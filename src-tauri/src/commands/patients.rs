//! Patients: register, change, find, history.

use clinic::{
    PatientId, RecordId,
    changes::{
        RecordType,
        history::{self, HistoryEntry},
    },
    patient::{self, DuplicateView, PatientHit, PatientRequest, PatientView},
};
use tauri::AppHandle;

use super::with;
use crate::error::{AppError, ErrorCode};

#[tauri::command(async)]
#[specta::specta]
pub fn register_patient(app: AppHandle, request: PatientRequest) -> Result<PatientView, AppError> {
    with(&app, |session| patient::register(session, request))
}

#[tauri::command(async)]
#[specta::specta]
pub fn update_patient(app: AppHandle, id: PatientId, request: PatientRequest) -> Result<PatientView, AppError> {
    with(&app, |session| patient::update(session, id, request))
}

#[tauri::command(async)]
#[specta::specta]
pub fn patient(app: AppHandle, id: PatientId) -> Result<PatientView, AppError> {
    with(&app, |session| patient::read(session, id))
}

#[tauri::command(async)]
#[specta::specta]
pub fn search_patients(app: AppHandle, query: String) -> Result<Vec<PatientHit>, AppError> {
    with(&app, |session| patient::find(session, &query))
}

#[tauri::command(async)]
#[specta::specta]
pub fn recent_patients(app: AppHandle) -> Result<Vec<PatientHit>, AppError> {
    with(&app, patient::recent)
}

#[tauri::command(async)]
#[specta::specta]
pub fn likely_duplicates(app: AppHandle, request: PatientRequest) -> Result<Vec<DuplicateView>, AppError> {
    with(&app, |session| patient::duplicates(session, request))
}

#[tauri::command(async)]
#[specta::specta]
pub fn record_history(app: AppHandle, record_type: String, id: String) -> Result<Vec<HistoryEntry>, AppError> {
    let id: PatientId = id.parse().map_err(|_| AppError::from(ErrorCode::NotFound))?;
    with(&app, |session| history::of_record(session, RecordType::from(record_type), RecordId::from(id)))
}
