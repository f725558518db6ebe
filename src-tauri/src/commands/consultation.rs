//! The visit at the doctor's desk: consent, recording, transcript, note.

use clinic::{
    EncounterId, NoteId, PatientId, RecordingId,
    consent::{self, ConsentDecision, ConsentRequest, ConsentView},
    consultation::{self, EncounterView},
    encounter,
    note::{
        self, Draft, Evidence, NoteEdit, NoteSection, NoteSentence, NoteView, OmissionView, SentenceOrigin, SentenceState, SentenceSupport,
    },
    recording::{self, RecordingView, TranscriptView},
};
use scribe::draft::{DraftSentence, DraftedNote, Drafter, RulesDrafter, Support, Template};
use serde::Serialize;
use tauri::{AppHandle, Manager};

use super::with;
use crate::{
    error::{AppError, ErrorCode},
    state::Desk,
};

/// A microphone to choose.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AudioDevice {
    pub id: String,
    pub name: String,
    pub is_default: bool,
}

#[tauri::command(async)]
#[specta::specta]
pub fn open_encounter(app: AppHandle, encounter_id: EncounterId) -> Result<EncounterView, AppError> {
    app.state::<Desk>().recorders.save_text(&app);
    with(&app, |session| consultation::open(session, encounter_id))
}

#[tauri::command(async)]
#[specta::specta]
pub fn start_visit(app: AppHandle, patient_id: PatientId, reason: String) -> Result<EncounterView, AppError> {
    with(&app, |session| {
        let visit = encounter::start_visit(session, patient_id, &reason)?;
        consultation::open(session, visit.encounter_id)
    })
}

/// A decision against recording ends a recording that runs and deletes sound and words of the visit at once.
#[tauri::command(async)]
#[specta::specta]
pub fn record_consent(app: AppHandle, request: ConsentRequest) -> Result<ConsentView, AppError> {
    let (encounter_id, is_given) = (request.encounter_id, request.decision == ConsentDecision::Given);
    let view = with(&app, |session| consent::record(session, request))?;
    if !is_given {
        app.state::<Desk>().recorders.abandon(encounter_id);
        with(&app, |session| recording::forget_visit(session, encounter_id))?;
    }
    Ok(view)
}

#[tauri::command(async)]
#[specta::specta]
pub fn audio_devices(app: AppHandle) -> Result<Vec<AudioDevice>, AppError> {
    with(&app, |_| Ok(()))?;
    let found = scribe::capture::microphones().map_err(|error| {
        tracing::warn!(%error, "microphones could not be listed");
        AppError::from(ErrorCode::NoMicrophone)
    })?;
    Ok(found.into_iter().map(|device| AudioDevice { id: device.id, name: device.name, is_default: device.is_default }).collect())
}

#[tauri::command(async)]
#[specta::specta]
pub fn start_recording(app: AppHandle, encounter_id: EncounterId, device_id: Option<String>) -> Result<RecordingView, AppError> {
    app.state::<Desk>().recorders.start(&app, encounter_id, device_id)
}

#[tauri::command(async)]
#[specta::specta]
pub fn pause_recording(app: AppHandle) -> Result<(), AppError> {
    app.state::<Desk>().recorders.pause(&app)
}

#[tauri::command(async)]
#[specta::specta]
pub fn resume_recording(app: AppHandle) -> Result<(), AppError> {
    app.state::<Desk>().recorders.resume(&app)
}

#[tauri::command(async)]
#[specta::specta]
pub fn stop_recording(app: AppHandle) -> Result<RecordingView, AppError> {
    app.state::<Desk>().recorders.stop(&app)
}

#[tauri::command(async)]
#[specta::specta]
pub fn recovered_recordings(app: AppHandle) -> Result<Vec<RecordingView>, AppError> {
    app.state::<Desk>().recorders.recovered(&app)
}

#[tauri::command(async)]
#[specta::specta]
pub fn recover_recording(app: AppHandle, id: RecordingId) -> Result<RecordingView, AppError> {
    app.state::<Desk>().recorders.recover(&app, id)
}

#[tauri::command(async)]
#[specta::specta]
pub fn discard_recording(app: AppHandle, id: RecordingId) -> Result<(), AppError> {
    with(&app, |session| recording::discard(session, id))?;
    app.state::<Desk>().recorders.abandon_one(id);
    Ok(())
}

#[tauri::command(async)]
#[specta::specta]
pub fn play_span(app: AppHandle, encounter_id: EncounterId, start_s: f64, end_s: f64) -> Result<(), AppError> {
    app.state::<Desk>().recorders.play(&app, encounter_id, start_s, end_s)
}

#[tauri::command(async)]
#[specta::specta]
pub fn stop_playing(app: AppHandle) -> Result<(), AppError> {
    app.state::<Desk>().recorders.stop_playing();
    Ok(())
}

#[tauri::command(async)]
#[specta::specta]
pub fn swap_speaker(app: AppHandle, encounter_id: EncounterId, turn: u32, speaker: String) -> Result<TranscriptView, AppError> {
    let desk = app.state::<Desk>();
    desk.recorders.save_text(&app);
    let view = with(&app, |session| recording::set_speaker(session, encounter_id, turn, &speaker))?;
    desk.recorders.name_speaker(encounter_id, turn, &speaker);
    Ok(view)
}

/// Drafts from what was said so far; the drafter is given the transcript and the template, and nothing else.
#[tauri::command(async)]
#[specta::specta]
pub fn draft_note(app: AppHandle, encounter_id: EncounterId) -> Result<NoteView, AppError> {
    app.state::<Desk>().recorders.save_text(&app);
    let said = with(&app, |session| recording::transcript(session, encounter_id))?;
    // Without words there is nothing to draft: an empty note is opened to write by hand.
    let draft = (!said.turns.is_empty()).then(|| checked(RulesDrafter.draft(&of_visit(said), &Template::default())));
    with(&app, |session| note::draft(session, encounter_id, draft))
}

#[tauri::command(async)]
#[specta::specta]
pub fn edit_note(app: AppHandle, note_id: NoteId, edit: NoteEdit) -> Result<NoteView, AppError> {
    with(&app, |session| note::edit(session, note_id, edit))
}

#[tauri::command(async)]
#[specta::specta]
pub fn sign_note(app: AppHandle, note_id: NoteId) -> Result<NoteView, AppError> {
    let desk = app.state::<Desk>();
    desk.recorders.save_text(&app);
    let signed = with(&app, |session| note::sign(session, note_id))?;
    // Signing ends the visit's sound: a microphone that is still open closes.
    desk.recorders.abandon(signed.encounter_id);
    Ok(signed)
}

#[tauri::command(async)]
#[specta::specta]
pub fn add_addendum(app: AppHandle, note_id: NoteId, text: String) -> Result<NoteView, AppError> {
    with(&app, |session| note::add_addendum(session, note_id, &text))
}

/// The visit's words as the scribe reads them.
fn of_visit(said: TranscriptView) -> scribe::transcript::Transcript {
    let duration_s = said.turns.last().map_or(0.0, |turn| turn.end_s);
    let word = |word: recording::Word| scribe::transcript::Word {
        text: word.text,
        start_s: word.start_s,
        end_s: word.end_s,
        probability: word.probability,
    };
    let turn = |turn: recording::Turn| scribe::transcript::Turn {
        speaker: turn.speaker,
        start_s: turn.start_s,
        end_s: turn.end_s,
        text: turn.text,
        confidence: turn.confidence,
        words: turn.words.into_iter().map(word).collect(),
    };
    scribe::transcript::Transcript {
        engine: scribe::transcript::Engine { name: String::new(), model: None, version: None },
        language: String::new(),
        duration_s,
        elapsed_s: 0.0,
        turns: said.turns.into_iter().map(turn).collect(),
        gaps: Vec::new(),
    }
}

/// A draft as the clinic keeps it.
fn checked(drafted: DraftedNote) -> Draft {
    let engine = [Some(drafted.engine.name), drafted.engine.version].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Draft {
        engine,
        sections: drafted
            .sections
            .into_iter()
            .map(|section| NoteSection {
                code: section.code.as_str().to_owned(),
                title: section.title,
                sentences: section.sentences.into_iter().map(sentence).collect(),
            })
            .collect(),
        omissions: drafted
            .omissions
            .into_iter()
            .map(|omission| OmissionView { turn: omission.turn, quote: omission.quote, kind: key(&omission.kind) })
            .collect(),
    }
}

fn sentence(drafted: DraftSentence) -> NoteSentence {
    NoteSentence {
        id: note::make_sentence_id(),
        text: drafted.text,
        origin: SentenceOrigin::Drafted,
        state: SentenceState::Pending,
        support: match drafted.support {
            Support::Supported => SentenceSupport::Supported,
            Support::NeedsReview => SentenceSupport::NeedsReview,
        },
        flags: drafted.flags.iter().map(key).collect(),
        evidence: drafted.evidence.into_iter().map(|evidence| Evidence { turn: evidence.turn, quote: evidence.quote }).collect(),
        drafted: None,
    }
}

/// The stable key of a flag or kind, as its JSON says it.
fn key(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
