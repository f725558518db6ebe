//! What the window may ask for: one file an area. Each command parses, calls a use case of `clinic` or `scribe`, and maps; no logic.

pub mod chart;
pub mod consultation;
pub mod desk;
pub mod diary;
pub mod manage;
pub mod patients;

use clinic::{ClinicError, Session};
use tauri::{AppHandle, Manager};

use crate::{error::AppError, state::Desk};

/// Runs a use case in the session.
fn with<T>(app: &AppHandle, work: impl FnOnce(&mut Session) -> Result<T, ClinicError>) -> Result<T, AppError> {
    app.state::<Desk>().with(app, |_, session| work(session))
}
