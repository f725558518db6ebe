//! FHIR Composition: the note of a visit, sentence by sentence, each with what was said as evidence.
//!
//! A signed note is immutable: signing seals the record in the change log. Later words are addenda, records of their own.

mod edit;
mod verbs;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    changes::{Record, RecordType},
    ids::{AddendumId, EncounterId, NoteId, PatientId, PractitionerId, RecordId},
};

pub use edit::NoteEdit;
pub use verbs::*;

/// A span of a turn that a sentence rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Evidence {
    /// Number of the turn in the visit's transcript, from 0.
    pub turn: u32,
    /// Exact words of that turn.
    pub quote: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum SentenceOrigin {
    Drafted,
    Edited,
    Written,
    Omission,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum SentenceState {
    Pending,
    Kept,
    Struck,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum SentenceSupport {
    Supported,
    NeedsReview,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct NoteSentence {
    pub id: String,
    pub text: String,
    pub origin: SentenceOrigin,
    pub state: SentenceState,
    /// `needs_review` blocks signing until kept, edited or struck.
    pub support: SentenceSupport,
    pub flags: Vec<String>,
    pub evidence: Vec<Evidence>,
    /// What the engine wrote, kept when a person changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[specta(skip)]
    pub drafted: Option<String>,
}

impl NoteSentence {
    fn blocks(&self) -> bool {
        self.support == SentenceSupport::NeedsReview && self.state == SentenceState::Pending
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct NoteSection {
    pub code: String,
    pub title: String,
    pub sentences: Vec<NoteSentence>,
}

/// Something that was said and is in no sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct OmissionView {
    pub turn: u32,
    pub quote: String,
    pub kind: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum NoteStatus {
    Preliminary,
    Final,
}

/// A note, as stored: each section is a register of its own, so that two people can work on two sections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    pub id: NoteId,
    pub patient_id: PatientId,
    pub encounter_id: EncounterId,
    pub author_id: PractitionerId,
    pub status: NoteStatus,
    /// What drafted it, as `rules 1`.
    pub engine: Option<String>,
    /// Codes of the sections in the order to show.
    pub order: Vec<String>,
    pub omissions: Vec<OmissionView>,
    pub signed_by: Option<PractitionerId>,
    /// Milliseconds since 1970.
    pub signed_at: Option<i64>,
    /// Keyed by [`section_key`].
    #[serde(flatten)]
    pub sections: BTreeMap<String, NoteSection>,
}

/// Field name of a section.
pub(crate) fn section_key(code: &str) -> String {
    format!("section:{code}")
}

impl Note {
    /// Sections in the order to show.
    pub fn in_order(&self) -> impl Iterator<Item = &NoteSection> {
        self.order.iter().filter_map(|code| self.sections.get(&section_key(code)))
    }

    pub(crate) fn blockers(&self) -> u32 {
        self.sections.values().flat_map(|section| &section.sentences).filter(|sentence| sentence.blocks()).count() as u32
    }
}

impl Record for Note {
    const TYPE: RecordType = RecordType::Composition;
    fn record_id(&self) -> RecordId {
        self.id.into()
    }
    fn subject(&self) -> Option<PatientId> {
        Some(self.patient_id)
    }
    /// Read by patient from the record state; there is no list across patients.
    fn project(&self, _conn: &rusqlite::Connection) -> rusqlite::Result<()> {
        Ok(())
    }
    fn sealed(&self) -> bool {
        self.status == NoteStatus::Final
    }
}

/// Words added after signing, as stored. Never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Addendum {
    pub id: AddendumId,
    pub note_id: NoteId,
    pub patient_id: PatientId,
    pub text: String,
    pub author_id: PractitionerId,
    /// Milliseconds since 1970.
    pub at: i64,
}

impl Record for Addendum {
    const TYPE: RecordType = RecordType::Addendum;
    fn record_id(&self) -> RecordId {
        self.id.into()
    }
    fn subject(&self) -> Option<PatientId> {
        Some(self.patient_id)
    }
    /// Read by patient from the record state; there is no list across patients.
    fn project(&self, _conn: &rusqlite::Connection) -> rusqlite::Result<()> {
        Ok(())
    }
    fn sealed(&self) -> bool {
        true
    }
}

#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct AddendumView {
    pub id: AddendumId,
    pub text: String,
    pub author: String,
    pub at: String,
}

#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteView {
    pub id: NoteId,
    pub encounter_id: EncounterId,
    pub status: NoteStatus,
    pub engine: Option<String>,
    pub sections: Vec<NoteSection>,
    pub omissions: Vec<OmissionView>,
    pub addenda: Vec<AddendumView>,
    pub signed_by: Option<String>,
    pub signed_at: Option<String>,
    /// Sentences that still need a look before signing.
    pub blockers: u32,
}

/// What an engine drafted, checked against its evidence before it comes here.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Name and version, kept as provenance.
    pub engine: String,
    pub sections: Vec<NoteSection>,
    pub omissions: Vec<OmissionView>,
}
