//! The chart: problems, allergies, medicines, vitals, and who looked.

use clinic::{
    AllergyId, ConditionId, MedicationId, PatientId,
    allergy::{self, AllergyRequest, AllergyView},
    chart::{self, AuditEventView, ChartView},
    condition::{self, ConditionRequest, ConditionView},
    medication::{self, MedicationRequestRequest, MedicationView},
    observation::{self, ObservationView, VitalsRequest},
};
use serde::Deserialize;
use tauri::AppHandle;

use super::with;
use crate::error::{AppError, ErrorCode};

/// Which list an item stands on.
#[derive(Debug, Clone, Copy, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ListItemKind {
    Allergy,
    Condition,
    Medication,
}

#[tauri::command(async)]
#[specta::specta]
pub fn chart(app: AppHandle, patient_id: PatientId) -> Result<ChartView, AppError> {
    with(&app, |session| chart::read(session, patient_id))
}

#[tauri::command(async)]
#[specta::specta]
pub fn add_allergy(app: AppHandle, request: AllergyRequest) -> Result<AllergyView, AppError> {
    with(&app, |session| allergy::add(session, request))
}

#[tauri::command(async)]
#[specta::specta]
pub fn record_no_known_allergies(app: AppHandle, patient_id: PatientId) -> Result<(), AppError> {
    with(&app, |session| allergy::record_none_known(session, patient_id))
}

#[tauri::command(async)]
#[specta::specta]
pub fn add_condition(app: AppHandle, request: ConditionRequest) -> Result<ConditionView, AppError> {
    with(&app, |session| condition::add(session, request))
}

#[tauri::command(async)]
#[specta::specta]
pub fn add_medication(app: AppHandle, request: MedicationRequestRequest) -> Result<MedicationView, AppError> {
    with(&app, |session| medication::add(session, request))
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_list_item_status(app: AppHandle, kind: ListItemKind, id: String, status: String) -> Result<(), AppError> {
    let unknown = |_| AppError::from(ErrorCode::NotFound);
    match kind {
        ListItemKind::Allergy => {
            let id: AllergyId = id.parse().map_err(unknown)?;
            with(&app, |session| allergy::set_status(session, id, &status))
        }
        ListItemKind::Condition => {
            let id: ConditionId = id.parse().map_err(unknown)?;
            with(&app, |session| condition::set_status(session, id, &status))
        }
        ListItemKind::Medication => {
            let id: MedicationId = id.parse().map_err(unknown)?;
            with(&app, |session| medication::set_status(session, id, &status))
        }
    }
}

#[tauri::command(async)]
#[specta::specta]
pub fn record_vitals(app: AppHandle, request: VitalsRequest) -> Result<Vec<ObservationView>, AppError> {
    with(&app, |session| observation::record_vitals(session, request))
}

#[tauri::command(async)]
#[specta::specta]
pub fn who_looked(app: AppHandle, patient_id: PatientId) -> Result<Vec<AuditEventView>, AppError> {
    with(&app, |session| chart::who_looked(session, patient_id))
}
