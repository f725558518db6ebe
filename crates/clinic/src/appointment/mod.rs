//! FHIR Appointment: a booked time with a practitioner. Times are local to the clinic, `YYYY-MM-DDTHH:MM`.

pub(crate) mod table;
mod verbs;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::{
    changes::{Record, RecordType},
    encounter::Stage,
    ids::{AppointmentId, EncounterId, PatientId, PractitionerId, RecordId},
};

pub use verbs::*;

/// FHIR AppointmentStatus, as far as the desk uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "lowercase")]
pub enum AppointmentStatus {
    Booked,
    Arrived,
    Fulfilled,
    Cancelled,
    NoShow,
}

impl AppointmentStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Arrived => "arrived",
            Self::Fulfilled => "fulfilled",
            Self::Cancelled => "cancelled",
            Self::NoShow => "noshow",
        }
    }

    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "arrived" => Self::Arrived,
            "fulfilled" => Self::Fulfilled,
            "cancelled" => Self::Cancelled,
            "noshow" => Self::NoShow,
            _ => Self::Booked,
        }
    }
}

/// A booking, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Appointment {
    pub id: AppointmentId,
    pub patient_id: PatientId,
    /// `None`: imported, with a practitioner of another clinic.
    pub practitioner_id: Option<PractitionerId>,
    pub start: DateTime,
    pub end: DateTime,
    pub status: AppointmentStatus,
    pub reason: String,
    #[serde(default)]
    pub walk_in: bool,
    #[serde(default)]
    pub cancel_reason: String,
    /// The imported resource this record came from: FHIR R4 JSON, references turned to `urn:uuid:` and record ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it was imported from, so that it is known again: an address, a `urn:`, or `Type/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Record for Appointment {
    const TYPE: RecordType = RecordType::Appointment;
    fn record_id(&self) -> RecordId {
        self.id.into()
    }
    fn subject(&self) -> Option<PatientId> {
        Some(self.patient_id)
    }
    fn project(&self, conn: &rusqlite::Connection) -> rusqlite::Result<()> {
        table::project(self, conn)?;
        crate::fhir::table::project(conn, &Self::TYPE, self.id.into(), self.origin.as_deref())
    }
}

#[derive(Debug, Clone, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentRequest {
    pub patient_id: PatientId,
    pub practitioner_id: PractitionerId,
    pub start: String,
    pub end: String,
    pub reason: String,
    /// Book although it overlaps.
    pub allow_overlap: bool,
}

#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentView {
    pub id: AppointmentId,
    pub patient_id: PatientId,
    pub patient_name: String,
    /// Empty for one imported from elsewhere.
    pub practitioner_id: String,
    /// `YYYY-MM-DDTHH:MM`, local.
    pub start: String,
    pub end: String,
    pub status: AppointmentStatus,
    pub stage: Option<Stage>,
    pub encounter_id: Option<EncounterId>,
    pub reason: String,
    pub walk_in: bool,
    pub overlaps: bool,
}
