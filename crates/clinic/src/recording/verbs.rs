//! Beginning, ending, decoding and deleting recordings.

use crypto::{SealedTo, SealingPublicKey};
use zeroize::Zeroizing;

use super::{Gap, Recording, RecordingState, RecordingView, StoredTranscript, TranscriptView, Turn, spool_dir, spool_file};
use crate::{
    access::{About, ReadChart, Record as RecordPermission},
    changes::RecordType,
    chart::about_record,
    consent::{self, Consent, ConsentDecision},
    error::ClinicError,
    ids::{EncounterId, PatientId, RecordingId, TranscriptId},
    note::{Note, NoteStatus},
    session::Session,
    types::{instant, now_millis},
};

/// Domain of sealed sound, bound into every chunk.
const CHUNK_INFO: &[u8] = b"gladstone/recording-chunk/v1";

/// Begins a recording of a visit. Refused without consent that is given and stands.
pub fn begin(session: &mut Session, encounter_id: EncounterId) -> Result<Recording, ClinicError> {
    let patient_id =
        crate::encounter::table::patient_of(&session.conn, encounter_id)?.ok_or(ClinicError::NotFound(RecordType::Encounter))?;
    let id = RecordingId::make();
    let access = session.authorize::<RecordPermission>(About::patient(patient_id).record(RecordType::Recording, id).detail("begin"))?;
    session.write(access, |tx| {
        let consent = consent::standing(tx.all_of::<Consent>(patient_id)?, encounter_id)
            .filter(|consent| consent.decision == ConsentDecision::Given)
            .ok_or(ClinicError::NoConsent)?;
        if tx.all_of::<Note>(patient_id)?.iter().any(|note| note.encounter_id == encounter_id && note.status == NoteStatus::Final) {
            // Signing ends the visit's sound; what came after would never be deleted.
            return Err(ClinicError::Signed);
        }
        let recording = Recording {
            id,
            patient_id,
            encounter_id,
            consent_id: consent.id,
            state: RecordingState::Recording,
            started: now_millis(),
            seconds: 0.0,
        };
        tx.create(&recording)?;
        Ok(recording)
    })
}

/// Writes down how far a recording came.
pub fn set_state(session: &mut Session, id: RecordingId, state: RecordingState, seconds: f64) -> Result<RecordingView, ClinicError> {
    let about = about_record(session, RecordType::Recording, id)?.detail("state");
    let access = session.authorize::<RecordPermission>(about)?;
    let recording = session.write(access, |tx| {
        tx.update(id, |recording: &mut Recording| {
            not_deleted(recording, state)?;
            recording.state = state;
            recording.seconds = recording.seconds.max(seconds);
            Ok(())
        })
    })?;
    view(&session.conn, &recording)
}

/// A decoder that comes late must not bring a deleted recording back.
fn not_deleted(recording: &Recording, state: RecordingState) -> Result<(), ClinicError> {
    if recording.state == RecordingState::Deleted && state != RecordingState::Deleted {
        return Err(ClinicError::Conflict("the recording was deleted"));
    }
    Ok(())
}

/// Keeps what was understood so far: one record for each recording.
#[allow(clippy::too_many_arguments, reason = "one value for each field of the stored transcript")]
pub fn save_transcript(
    session: &mut Session,
    recording_id: RecordingId,
    engine: &str,
    language: &str,
    turns: Vec<Turn>,
    gaps: Vec<Gap>,
    decoded_seconds: f64,
    settled: bool,
) -> Result<(), ClinicError> {
    let about = about_record(session, RecordType::Recording, recording_id)?.detail("transcript");
    let access = session.authorize::<RecordPermission>(about)?;
    session.write(access, |tx| {
        let recording: Recording = tx.load(recording_id)?;
        not_deleted(&recording, RecordingState::Decoding)?;
        let stored = crate::changes::table::states_of(tx.conn(), recording.patient_id, &RecordType::Transcript)?;
        let existing = stored
            .into_iter()
            .map(|(id, state)| Ok(crate::changes::shown_record::<StoredTranscript>(id, &state)?))
            .collect::<Result<Vec<_>, ClinicError>>()?
            .into_iter()
            .find(|transcript| transcript.recording_id == recording_id);
        let transcript = StoredTranscript {
            id: existing.as_ref().map_or_else(TranscriptId::make, |transcript| transcript.id),
            patient_id: recording.patient_id,
            encounter_id: recording.encounter_id,
            recording_id,
            engine: engine.to_owned(),
            language: language.to_owned(),
            turns,
            gaps,
            decoded_seconds,
            settled,
        };
        match existing {
            Some(_) => tx
                .update(transcript.id, |stored: &mut StoredTranscript| {
                    *stored = transcript;
                    Ok(())
                })
                .map(drop),
            None => tx.create(&transcript),
        }
    })
}

/// What was understood of one recording so far.
pub fn transcript_of(session: &mut Session, id: RecordingId) -> Result<Option<StoredTranscript>, ClinicError> {
    let recording = authorize_sound(session, id, "transcript")?;
    let about = About::patient(recording.patient_id).record(RecordType::Recording, id).detail("transcript");
    let access = session.authorize::<ReadChart>(about)?;
    session.read(&access, |tx| {
        Ok(tx.all_of::<StoredTranscript>(recording.patient_id)?.into_iter().find(|transcript| transcript.recording_id == id))
    })
}

/// Consent was refused or withdrawn: sound and words of the visit go at once, and what was drafted from them; what a person wrote stays.
/// What the log says of them goes by erasure.
pub fn forget_visit(session: &mut Session, encounter_id: EncounterId) -> Result<(), ClinicError> {
    let patient_id =
        crate::encounter::table::patient_of(&session.conn, encounter_id)?.ok_or(ClinicError::NotFound(RecordType::Encounter))?;
    let about = About::patient(patient_id).record(RecordType::Encounter, encounter_id).detail("forget sound");
    let access = session.authorize::<RecordPermission>(about)?;
    let deleted = session.write(access, |tx| {
        for transcript in of_visit(tx.all_of::<StoredTranscript>(patient_id)?, encounter_id) {
            tx.update(transcript.id, |stored: &mut StoredTranscript| {
                (stored.turns, stored.gaps) = (Vec::new(), Vec::new());
                Ok(())
            })?;
        }
        let open = |note: &Note| note.encounter_id == encounter_id && note.status == NoteStatus::Preliminary;
        if let Some(note) = tx.all_of::<Note>(patient_id)?.into_iter().find(open) {
            tx.update(note.id, |note: &mut Note| {
                note.forget_said();
                Ok(())
            })?;
        }
        let of_visit = tx.all_of::<Recording>(patient_id)?.into_iter().filter(|recording| recording.encounter_id == encounter_id);
        let ids: Vec<RecordingId> = of_visit.map(|recording| recording.id).collect();
        for id in &ids {
            tx.update(*id, |recording: &mut Recording| {
                recording.state = RecordingState::Deleted;
                Ok(())
            })?;
        }
        Ok(ids)
    })?;
    delete_files(session, &deleted)
}

/// Names the speaker of one turn of a visit.
pub fn set_speaker(session: &mut Session, encounter_id: EncounterId, turn: u32, speaker: &str) -> Result<TranscriptView, ClinicError> {
    let speaker = crate::types::required_line("speaker", speaker)?;
    let patient_id =
        crate::encounter::table::patient_of(&session.conn, encounter_id)?.ok_or(ClinicError::NotFound(RecordType::Encounter))?;
    let access = session
        .authorize::<crate::access::WriteNote>(About::patient(patient_id).record(RecordType::Encounter, encounter_id).detail("speaker"))?;
    session.write(access, |tx| {
        let mut at = turn as usize;
        for transcript in of_visit(tx.all_of::<StoredTranscript>(patient_id)?, encounter_id) {
            if at < transcript.turns.len() {
                return tx
                    .update(transcript.id, |stored: &mut StoredTranscript| {
                        stored.turns[at].speaker = speaker;
                        Ok(())
                    })
                    .map(drop);
            }
            at -= transcript.turns.len();
        }
        Err(ClinicError::invalid("turn", "unknown"))
    })?;
    transcript(session, encounter_id)
}

/// All that was said in a visit, its recordings one after the other on one time line.
pub fn transcript(session: &mut Session, encounter_id: EncounterId) -> Result<TranscriptView, ClinicError> {
    let patient_id =
        crate::encounter::table::patient_of(&session.conn, encounter_id)?.ok_or(ClinicError::NotFound(RecordType::Encounter))?;
    let access =
        session.authorize::<ReadChart>(About::patient(patient_id).record(RecordType::Encounter, encounter_id).detail("transcript"))?;
    session.read(&access, |tx| Ok(joined(tx.all_of(patient_id)?, tx.all_of(patient_id)?, encounter_id)))
}

pub(crate) fn joined(recordings: Vec<Recording>, transcripts: Vec<StoredTranscript>, encounter_id: EncounterId) -> TranscriptView {
    let mut view = TranscriptView { settled: true, ..TranscriptView::default() };
    let mut offset = 0.0;
    for recording in recordings.into_iter().filter(|recording| recording.encounter_id == encounter_id) {
        match transcripts.iter().find(|transcript| transcript.recording_id == recording.id) {
            Some(transcript) => {
                view.turns.extend(transcript.turns.iter().map(|turn| shifted(turn, offset)));
                view.gaps.extend(transcript.gaps.iter().map(|gap| Gap {
                    start_s: gap.start_s + offset,
                    end_s: gap.end_s + offset,
                    reason: gap.reason.clone(),
                }));
                view.settled &= transcript.settled;
                view.behind_seconds += (recording.seconds - transcript.decoded_seconds).max(0.0);
            }
            None if recording.state == RecordingState::Deleted => {}
            None => {
                view.settled &= recording.seconds == 0.0;
                view.behind_seconds += recording.seconds;
            }
        }
        offset += recording.seconds;
    }
    view
}

fn shifted(turn: &Turn, offset: f64) -> Turn {
    let mut turn = turn.clone();
    turn.start_s += offset;
    turn.end_s += offset;
    for word in &mut turn.words {
        word.start_s += offset;
        word.end_s += offset;
    }
    turn
}

fn of_visit(transcripts: Vec<StoredTranscript>, encounter_id: EncounterId) -> impl Iterator<Item = StoredTranscript> {
    transcripts.into_iter().filter(move |transcript| transcript.encounter_id == encounter_id)
}

/// Recordings that ended without a stop, or are not decoded to the end, and whose sound is here. `running` is the one that runs now.
pub fn recovered(session: &mut Session, running: Option<RecordingId>) -> Result<Vec<RecordingView>, ClinicError> {
    let mut open = with_sound(session)?;
    open.retain(|recording| {
        Some(recording.id) != running
            && !matches!(recording.state, RecordingState::Deleted | RecordingState::Kept | RecordingState::Transcribed)
    });
    // Only those of patients this person may see; a receptionist is not told that there are any.
    let mut views = Vec::new();
    for recording in open {
        let about = About::patient(recording.patient_id).record(RecordType::Recording, recording.id).detail("recovered");
        match session.authorize::<ReadChart>(about) {
            Ok(access) => views.push(session.read(&access, |tx| view(tx.conn(), &recording))?),
            Err(ClinicError::Denied(_) | ClinicError::NoCareRelation) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(views)
}

/// Seals one chunk of sound; needs no session, so that a locked desk goes on recording.
pub fn seal_chunk(to: &SealingPublicKey, id: RecordingId, index: u32, sound: &[u8]) -> Result<Vec<u8>, ClinicError> {
    Ok(crypto::seal_to(to, CHUNK_INFO, &chunk_place(id, index), sound)?.into_bytes())
}

/// Opens one chunk of a recording that this person may read.
pub fn open_chunk(session: &Session, id: RecordingId, index: u32, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, ClinicError> {
    Ok(crypto::open_with(&session.recording_key, CHUNK_INFO, &chunk_place(id, index), &SealedTo::from_bytes(sealed.to_vec()))?)
}

/// Asks for the sound of a recording; the chunks can be opened once this is granted and audited.
pub fn authorize_sound(session: &mut Session, id: RecordingId, why: &str) -> Result<Recording, ClinicError> {
    let about = about_record(session, RecordType::Recording, id)?.detail(why);
    let access = session.authorize::<ReadChart>(about)?;
    session.read(&access, |tx| tx.load(id))
}

/// Recordings of a visit, oldest first.
pub fn of_encounter(session: &mut Session, encounter_id: EncounterId) -> Result<Vec<Recording>, ClinicError> {
    let patient_id =
        crate::encounter::table::patient_of(&session.conn, encounter_id)?.ok_or(ClinicError::NotFound(RecordType::Encounter))?;
    let access =
        session.authorize::<ReadChart>(About::patient(patient_id).record(RecordType::Encounter, encounter_id).detail("recordings"))?;
    session.read(&access, |tx| {
        Ok(tx.all_of::<Recording>(patient_id)?.into_iter().filter(|recording| recording.encounter_id == encounter_id).collect())
    })
}

/// Throws a recording away: the record says so, then the sound goes.
pub fn discard(session: &mut Session, id: RecordingId) -> Result<(), ClinicError> {
    set_state(session, id, RecordingState::Deleted, 0.0)?;
    delete_files(session, &[id])
}

pub(crate) fn delete_files(session: &Session, ids: &[RecordingId]) -> Result<(), ClinicError> {
    for id in ids {
        match std::fs::remove_file(spool_file(&session.dir, *id)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Removes sound whose record says deleted, left by a power cut between the two.
pub(crate) fn sweep(session: &Session) -> Result<(), ClinicError> {
    let deleted: Vec<RecordingId> = with_sound(session)?
        .into_iter()
        .filter(|recording| recording.state == RecordingState::Deleted)
        .map(|recording| recording.id)
        .collect();
    delete_files(session, &deleted)
}

/// Recordings whose sound is in the spool folder, oldest first. The folder is short; the clinic's list of recordings grows for ever.
fn with_sound(session: &Session) -> Result<Vec<Recording>, ClinicError> {
    let entries = match std::fs::read_dir(spool_dir(&session.dir)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut recordings = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let Some(id) = name.to_str().and_then(|name| name.strip_suffix(".spool")).and_then(|id| id.parse::<RecordingId>().ok()) else {
            continue;
        };
        match crate::changes::table::state(&session.conn, id.into())? {
            Some((RecordType::Recording, state)) => recordings.push(crate::changes::shown_record(id.into(), &state)?),
            _ => tracing::warn!("sound without a recording is left alone"),
        }
    }
    recordings.sort_by_key(|recording: &Recording| recording.id);
    Ok(recordings)
}

pub(crate) fn view(conn: &rusqlite::Connection, recording: &Recording) -> Result<RecordingView, ClinicError> {
    Ok(RecordingView {
        id: recording.id,
        encounter_id: Some(recording.encounter_id),
        patient_name: patient_name(conn, recording.patient_id)?,
        started_at: instant(recording.started),
        seconds: recording.seconds,
        state: recording.state,
    })
}

fn patient_name(conn: &rusqlite::Connection, id: PatientId) -> Result<Option<String>, ClinicError> {
    Ok(crate::patient::table::name_of(conn, id)?.map(|(name, _)| name))
}

fn chunk_place(id: RecordingId, index: u32) -> [u8; 20] {
    let mut place = [0; 20];
    place[..16].copy_from_slice(id.0.as_bytes());
    place[16..].copy_from_slice(&index.to_be_bytes());
    place
}
