//! FHIR Encounter: one visit, from arrival to done. The queue is the day's encounters by stage.

pub(crate) mod table;
mod verbs;

use serde::{Deserialize, Serialize};

use crate::{
    changes::{Record, RecordType},
    ids::{AppointmentId, EncounterId, PatientId, PractitionerId, RecordId},
    types::CodeableConcept,
};

pub use verbs::*;

/// Where a patient stands in the clinic's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Arrived,
    Called,
    InRoom,
    Done,
}

impl Stage {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Called => "called",
            Self::InRoom => "in_room",
            Self::Done => "done",
        }
    }

    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "called" => Self::Called,
            "in_room" => Self::InRoom,
            "done" => Self::Done,
            _ => Self::Arrived,
        }
    }
}

/// A stage and when it began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageTime {
    pub stage: Stage,
    /// Milliseconds since 1970.
    pub since: i64,
}

/// A visit, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Encounter {
    pub id: EncounterId,
    pub patient_id: PatientId,
    pub practitioner_id: Option<PractitionerId>,
    pub appointment_id: Option<AppointmentId>,
    /// Stages in order; the last is the present one.
    pub stages: Vec<StageTime>,
    pub reason: String,
    #[serde(default)]
    pub walk_in: bool,
    /// Milliseconds since 1970; imported visits keep their own times.
    pub started: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<i64>,
    /// What kind of visit it was, as imported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<CodeableConcept>,
    /// FHIR class code of an imported visit, as `AMB`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<crate::types::Coding>,
    /// The imported resource this record came from: FHIR R4 JSON, references turned to `urn:uuid:` and record ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it was imported from, so that it is known again: an address, a `urn:`, or `Type/id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Encounter {
    pub fn stage(&self) -> Stage {
        self.stages.last().map_or(Stage::Done, |last| last.stage)
    }

    pub(crate) fn since(&self) -> i64 {
        self.stages.last().map_or(self.started, |last| last.since)
    }
}

impl Record for Encounter {
    const TYPE: RecordType = RecordType::Encounter;
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

/// One line of the queue.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct QueueEntry {
    pub encounter_id: EncounterId,
    pub appointment_id: Option<AppointmentId>,
    pub patient_id: PatientId,
    pub patient_name: String,
    pub age_text: String,
    pub practitioner_id: String,
    pub practitioner_name: String,
    pub stage: Stage,
    /// RFC 3339 instant at which the stage began.
    pub since: String,
    pub arrived_at: String,
    /// `YYYY-MM-DDTHH:MM`, local.
    pub appointment_start: Option<String>,
    pub walk_in: bool,
}
