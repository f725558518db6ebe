//! One visit as the doctor's screen shows it: consent, recording, transcript, note.

use serde::Serialize;

use crate::{
    access::{About, ReadChart},
    changes::RecordType,
    consent::{self, Consent, ConsentView},
    encounter::{Encounter, Stage},
    error::ClinicError,
    ids::{EncounterId, PatientId},
    note::{self, Note, NoteView},
    practitioner,
    recording::{self, Recording, RecordingState, RecordingView, TranscriptView},
    session::Session,
    types::instant,
};

#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EncounterView {
    pub id: EncounterId,
    pub patient_id: PatientId,
    pub practitioner_name: String,
    pub stage: Stage,
    pub started_at: Option<String>,
    pub reason: String,
    pub consent: Option<ConsentView>,
    /// The newest recording of the visit.
    pub recording: Option<RecordingView>,
    pub transcript: TranscriptView,
    pub note: Option<NoteView>,
    /// There is sound to play.
    pub audio_kept: bool,
}

/// Opens a visit; needs a care relation with its patient.
pub fn open(session: &mut Session, id: EncounterId) -> Result<EncounterView, ClinicError> {
    let patient = crate::encounter::table::patient_of(&session.conn, id)?.ok_or(ClinicError::NotFound(RecordType::Encounter))?;
    let access = session.authorize::<ReadChart>(About::patient(patient).record(RecordType::Encounter, id))?;
    session.read(&access, |tx| {
        let encounter: Encounter = tx.load(id)?;
        let recordings: Vec<Recording> = tx.all_of(patient)?;
        let newest = recordings
            .iter()
            .rfind(|recording| recording.encounter_id == id)
            .map(|recording| recording::view(tx.conn(), recording))
            .transpose()?;
        let audio_kept = recordings.iter().any(|recording| recording.encounter_id == id && recording.state != RecordingState::Deleted);
        let consent =
            consent::standing(tx.all_of::<Consent>(patient)?, id).map(|consent| consent::view(tx.conn(), &consent)).transpose()?;
        let note = tx
            .all_of::<Note>(patient)?
            .into_iter()
            .find(|note| note.encounter_id == id)
            .map(|note| note::view(tx.conn(), note))
            .transpose()?;
        Ok(EncounterView {
            id,
            patient_id: patient,
            practitioner_name: encounter.practitioner_id.map(|id| practitioner::name_of(tx.conn(), id)).transpose()?.unwrap_or_default(),
            stage: encounter.stage(),
            started_at: Some(instant(encounter.started)),
            reason: encounter.reason,
            consent,
            recording: newest,
            transcript: recording::joined(recordings, tx.all_of(patient)?, id),
            note,
            audio_kept,
        })
    })
}
