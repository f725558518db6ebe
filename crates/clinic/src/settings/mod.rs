//! The clinic's settings: one record of fixed id, so that two desks change the same one.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{About, ManageClinic},
    changes::{Record, RecordType},
    error::ClinicError,
    ids::{PatientId, RecordId, SettingsId},
    session::{MAX_IDLE, Session},
    types::required_line,
};

/// The one settings record of a clinic.
pub const SETTINGS: SettingsId = SettingsId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));

pub const DEFAULT_IDLE_SECONDS: u32 = 300;
const SHORTEST_IDLE_SECONDS: u32 = 30;

/// What a manager may set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ClinicSettings {
    pub clinic: String,
    /// Keep the sound of a visit after its note is signed.
    pub keep_audio: bool,
    /// Show the names of staff on the locked screen.
    pub show_staff_tiles: bool,
    /// Seconds without activity after which the desk locks, 30 to 900.
    pub idle_limit_seconds: u32,
    /// Fictional patients.
    #[serde(default)]
    pub demo: bool,
}

impl ClinicSettings {
    pub fn new(clinic: String, demo: bool) -> Self {
        Self { clinic, keep_audio: false, show_staff_tiles: true, idle_limit_seconds: DEFAULT_IDLE_SECONDS, demo }
    }
}

impl Record for ClinicSettings {
    const TYPE: RecordType = RecordType::Settings;
    fn record_id(&self) -> RecordId {
        SETTINGS.into()
    }
    fn subject(&self) -> Option<PatientId> {
        None
    }
    /// One record: read by its id.
    fn project(&self, _conn: &Connection) -> rusqlite::Result<()> {
        Ok(())
    }
}

/// Changes the settings; they hold at once.
pub fn save(session: &mut Session, settings: ClinicSettings) -> Result<ClinicSettings, ClinicError> {
    let idle = settings.idle_limit_seconds;
    if !(SHORTEST_IDLE_SECONDS..=MAX_IDLE.as_secs() as u32).contains(&idle) {
        return Err(ClinicError::invalid("idleLimitSeconds", "out_of_range"));
    }
    let clinic = required_line("clinic", &settings.clinic)?;
    let access = session.authorize::<ManageClinic>(About::nothing().record(RecordType::Settings, SETTINGS).detail("settings"))?;
    let stored = session.write(access, |tx| {
        tx.update(SETTINGS, |stored: &mut ClinicSettings| {
            *stored = ClinicSettings { clinic, demo: stored.demo, ..settings };
            Ok(())
        })
    })?;
    session.timer.set_idle_limit(std::time::Duration::from_secs(idle.into()));
    session.settings = stored.clone();
    Ok(stored)
}

/// Unlock needs the settings before there is a session to ask.
pub(crate) fn load(conn: &Connection) -> Result<ClinicSettings, ClinicError> {
    let (_, state) = crate::changes::table::state(conn, SETTINGS.into())?.ok_or(ClinicError::NotFound(RecordType::Settings))?;
    Ok(crate::changes::shown_record(SETTINGS.into(), &state)?)
}
