//! Drafting, editing, signing, adding.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{Addendum, AddendumView, Draft, Note, NoteEdit, NoteStatus, NoteView};
use crate::{
    access::{About, SignNote, WriteNote},
    changes::RecordType,
    chart::about_record,
    encounter::Encounter,
    error::ClinicError,
    ids::{AddendumId, EncounterId, NoteId, PatientId},
    practitioner,
    recording::{self, Recording},
    session::Session,
    types::{instant, now_millis, text},
};

/// Puts a draft into the visit's note, making the note when there is none. With `None` an empty note to write by hand.
pub fn draft(session: &mut Session, encounter_id: EncounterId, draft: Option<Draft>) -> Result<NoteView, ClinicError> {
    let patient_id =
        crate::encounter::table::patient_of(&session.conn, encounter_id)?.ok_or(ClinicError::NotFound(RecordType::Encounter))?;
    let author_id = session.actor().id;
    let access = session.authorize::<WriteNote>(About::patient(patient_id).record(RecordType::Encounter, encounter_id).detail("draft"))?;
    let note = session.write(access, |tx| {
        let existing = tx.all_of::<Note>(patient_id)?.into_iter().find(|note| note.encounter_id == encounter_id);
        let id = match existing {
            Some(note) => note.id,
            None => {
                tx.load::<Encounter>(encounter_id)?;
                let note = blank(patient_id, encounter_id, author_id);
                tx.create(&note)?;
                note.id
            }
        };
        tx.update(id, |note: &mut Note| {
            if note.status == NoteStatus::Final {
                return Err(ClinicError::Signed);
            }
            if let Some(draft) = draft {
                note.take_draft(draft);
            }
            Ok(())
        })
    })?;
    view(&session.conn, note)
}

/// Keeps, strikes, edits or writes one sentence.
pub fn edit(session: &mut Session, id: NoteId, edit: NoteEdit) -> Result<NoteView, ClinicError> {
    let about = about_record(session, RecordType::Composition, id)?.detail("edit");
    let access = session.authorize::<WriteNote>(about)?;
    let note = session.write(access, |tx| {
        tx.update(id, |note: &mut Note| if note.status == NoteStatus::Final { Err(ClinicError::Signed) } else { note.apply(edit) })
    })?;
    view(&session.conn, note)
}

/// Signs: the note can never change again. The sound is deleted unless policy keeps it.
pub fn sign(session: &mut Session, id: NoteId) -> Result<NoteView, ClinicError> {
    let about = about_record(session, RecordType::Composition, id)?.detail("sign");
    let signer = session.actor().id;
    let keep_audio = session.settings().keep_audio;
    let access = session.authorize::<SignNote>(about)?;
    let (note, deleted) = session.write(access, |tx| {
        let note = tx.update(id, |note: &mut Note| {
            if note.status == NoteStatus::Final {
                return Err(ClinicError::Signed);
            }
            if note.blockers() > 0 {
                return Err(ClinicError::Unreviewed);
            }
            if note.sections.values().flat_map(|section| &section.sentences).all(|sentence| sentence.state == super::SentenceState::Struck)
            {
                return Err(ClinicError::invalid("note", "required"));
            }
            (note.status, note.signed_by, note.signed_at) = (NoteStatus::Final, Some(signer), Some(now_millis()));
            Ok(())
        })?;
        let recordings =
            tx.all_of::<Recording>(note.patient_id)?.into_iter().filter(|recording| recording.encounter_id == note.encounter_id);
        let mut deleted = Vec::new();
        for recording in recordings {
            tx.update(recording.id, |recording: &mut Recording| {
                recording.state = if keep_audio { recording::RecordingState::Kept } else { recording::RecordingState::Deleted };
                Ok(())
            })?;
            if !keep_audio {
                deleted.push(recording.id);
            }
        }
        Ok((note, deleted))
    })?;
    // The record says deleted already, and the note is signed: a file that cannot go now, or outlives a power cut here, goes at the next unlock.
    if let Err(error) = recording::delete_files(session, &deleted) {
        tracing::warn!(%error, "sound could not be deleted yet");
    }
    view(&session.conn, note)
}

/// Adds words to a signed note.
pub fn add_addendum(session: &mut Session, id: NoteId, words: &str) -> Result<NoteView, ClinicError> {
    let words = text("text", words)?;
    if words.is_empty() {
        return Err(ClinicError::invalid("text", "required"));
    }
    let about = about_record(session, RecordType::Composition, id)?.detail("addendum");
    let author_id = session.actor().id;
    let access = session.authorize::<WriteNote>(about)?;
    let note = session.write(access, |tx| {
        let note: Note = tx.load(id)?;
        if note.status != NoteStatus::Final {
            return Err(ClinicError::Conflict("an unsigned note is edited, not added to"));
        }
        let addendum =
            Addendum { id: AddendumId::make(), note_id: id, patient_id: note.patient_id, text: words, author_id, at: now_millis() };
        tx.create(&addendum)?;
        Ok(note)
    })?;
    view(&session.conn, note)
}

/// The note as shown, with its addenda, oldest first.
pub(crate) fn view(conn: &Connection, note: Note) -> Result<NoteView, ClinicError> {
    let addenda = crate::changes::table::states_of(conn, note.patient_id, &RecordType::Addendum)?
        .into_iter()
        .map(|(id, state)| Ok(crate::changes::shown_record::<Addendum>(id, &state)?))
        .filter(|addendum: &Result<Addendum, ClinicError>| addendum.as_ref().map_or(true, |addendum| addendum.note_id == note.id))
        .map(|addendum| {
            let addendum = addendum?;
            let author = practitioner::name_of(conn, addendum.author_id)?;
            Ok(AddendumView { id: addendum.id, text: addendum.text, author, at: instant(addendum.at) })
        })
        .collect::<Result<Vec<_>, ClinicError>>()?;
    Ok(NoteView {
        id: note.id,
        encounter_id: note.encounter_id,
        status: note.status,
        engine: note.engine.clone(),
        blockers: note.blockers(),
        sections: note.in_order().cloned().collect(),
        signed_by: note.signed_by.map(|id| practitioner::name_of(conn, id)).transpose()?,
        signed_at: note.signed_at.map(instant),
        omissions: note.omissions,
        addenda,
    })
}

/// Id of a drafted sentence, as a person's own sentences get theirs.
pub fn make_sentence_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

pub(crate) fn blank(patient_id: PatientId, encounter_id: EncounterId, author_id: crate::ids::PractitionerId) -> Note {
    Note {
        id: NoteId::make(),
        patient_id,
        encounter_id,
        author_id,
        status: NoteStatus::Preliminary,
        engine: None,
        order: Vec::new(),
        omissions: Vec::new(),
        signed_by: None,
        signed_at: None,
        sections: BTreeMap::new(),
    }
}
