//! A patient's day: registered, booked, seen, recorded, drafted, signed.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod harness;

use clinic::{
    ClinicError, EncounterId, RecordingId,
    allergy::{self, AllergyRequest},
    appointment::{self, AppointmentStatus},
    changes::{RecordType, history},
    chart,
    consent::{self, ConsentDecision, ConsentGiver, ConsentMethod, ConsentRequest},
    consultation,
    encounter::{self, Stage},
    note::{
        self, Draft, Evidence, NoteEdit, NoteSection, NoteSentence, NoteStatus, OmissionView, SentenceOrigin, SentenceState,
        SentenceSupport,
    },
    patient,
    recording::{self, RecordingState, Turn},
};
use harness::*;

fn decides(encounter_id: EncounterId, decision: ConsentDecision) -> ConsentRequest {
    ConsentRequest { encounter_id, decision, method: ConsentMethod::Spoken, given_by: ConsentGiver::Patient, name: String::new() }
}

fn turn(speaker: &str, start_s: f64, text: &str) -> Turn {
    Turn { speaker: speaker.to_owned(), start_s, end_s: start_s + 2.0, text: text.to_owned(), confidence: 0.9, words: Vec::new() }
}

fn sentence(id: &str, text: &str, support: SentenceSupport) -> NoteSentence {
    NoteSentence {
        id: id.to_owned(),
        text: text.to_owned(),
        origin: SentenceOrigin::Drafted,
        state: SentenceState::Pending,
        support,
        flags: Vec::new(),
        evidence: vec![Evidence { turn: 1, quote: text.to_owned() }],
        drafted: None,
    }
}

fn draft() -> Draft {
    let section = |code: &str, sentences| NoteSection { code: code.to_owned(), title: code.to_owned(), sentences };
    Draft {
        engine: "rules 1".to_owned(),
        sections: vec![
            section("history", vec![sentence("a", "Cough for three days.", SentenceSupport::Supported)]),
            section("plan", vec![sentence("b", "Takes warfarin.", SentenceSupport::NeedsReview)]),
        ],
        omissions: vec![OmissionView { turn: 1, quote: "no fever".to_owned(), kind: "negation".to_owned() }],
    }
}

#[test]
fn registering_warns_of_someone_who_may_be_there_already() {
    let mut clinic = TestClinic::new().with_receptionist();
    clinic.as_(RECEPTIONIST);
    let first = clinic.register("Lim");
    let desk = clinic.as_(RECEPTIONIST);
    let found = patient::duplicates(desk, person("Lim")).unwrap();
    assert_eq!(found[0].patient.id, first.id);
    assert!(found[0].reasons.contains(&"same_birth_date".to_owned()), "{:?}", found[0].reasons);
    assert!(patient::duplicates(desk, person("Bhattacharya")).unwrap().is_empty());
    let mut corrected = person("Lim");
    corrected.birth_date = Some("1980-05".to_owned());
    let updated = patient::update(desk, first.id, corrected).unwrap();
    assert_eq!((updated.birth_date.as_deref(), updated.display_name.as_str()), (Some("1980-05"), "Nur Lim"));
    let entries = history::of_record(desk, RecordType::Patient, first.id.into()).unwrap();
    assert_eq!(entries.len(), 2);
    let fields: Vec<_> =
        entries[0].fields.iter().map(|field| (field.name.as_str(), field.before.as_deref(), field.after.as_deref())).collect();
    assert_eq!(fields, [("birthDate", Some("1980-05-17"), Some("1980-05"))]);
    assert_eq!(entries[0].author, RECEPTIONIST);
    for (change, field) in [("1980-02-30", "birthDate"), ("2999-01-01", "birthDate"), ("1700", "birthDate")] {
        let mut wrong = person("Lim");
        wrong.birth_date = Some(change.to_owned());
        assert!(matches!(patient::register(desk, wrong), Err(ClinicError::Invalid(fault)) if fault.field == field), "{change}");
    }
    assert!(patient::register(desk, patient::PatientRequest::default()).is_err(), "nobody without a name");
}

#[test]
fn booking_moving_cancelling_and_taking_it_back() {
    let mut clinic = TestClinic::new().with_doctor().with_other_doctor().with_receptionist();
    clinic.as_(RECEPTIONIST);
    let [lim, ngo] = ["Lim", "Ngo"].map(|family| clinic.register(family).id);
    let first = clinic.book(lim, DOCTOR, &at(1, "09:00"), &at(1, "09:20")).unwrap();
    assert!(!first.overlaps);
    for (start, end) in [("09:10", "09:30"), ("08:50", "09:01"), ("09:05", "09:10"), ("08:00", "12:00")] {
        assert!(matches!(clinic.book(ngo, DOCTOR, &at(1, start), &at(1, end)), Err(ClinicError::Overlap)), "{start}");
    }
    let next = clinic.book(ngo, DOCTOR, &at(1, "09:20"), &at(1, "09:40")).unwrap();
    assert!(!next.overlaps, "one ends where the other begins");
    clinic.book(ngo, OTHER_DOCTOR, &at(1, "09:00"), &at(1, "09:20")).unwrap();
    for (start, end) in [("09:40", "09:40"), ("10:00", "09:00"), ("00:00", "13:00")] {
        assert!(matches!(clinic.book(ngo, DOCTOR, &at(2, start), &at(2, end)), Err(ClinicError::Invalid(_))), "{start} to {end}");
    }
    let doctor = clinic.id_of(DOCTOR);
    let desk = clinic.as_(RECEPTIONIST);
    assert!(matches!(appointment::reschedule(desk, next.id, doctor, &at(1, "09:10"), &at(1, "09:30"), false), Err(ClinicError::Overlap)));
    let squeezed = appointment::reschedule(desk, next.id, doctor, &at(1, "09:10"), &at(1, "09:30"), true).unwrap();
    assert!(squeezed.overlaps);
    let week = appointment::diary(desk, &day(0), &day(7)).unwrap();
    let marks: Vec<(&str, bool)> = week.iter().map(|view| (view.start.get(11..).unwrap(), view.overlaps)).collect();
    assert_eq!(marks, [("09:00", true), ("09:00", false), ("09:10", true)], "both that overlap are marked, the other column is not");
    assert_eq!(week.len(), 3);

    let cancelled = appointment::cancel(desk, first.id, "by phone").unwrap();
    assert_eq!((cancelled.status, cancelled.overlaps), (AppointmentStatus::Cancelled, false));
    assert!(matches!(appointment::cancel(desk, first.id, ""), Err(ClinicError::Conflict(_))));
    assert!(matches!(appointment::restore(desk, first.id), Err(ClinicError::Overlap)), "the time is taken now");
    appointment::reschedule(desk, next.id, doctor, &at(1, "10:00"), &at(1, "10:20"), false).unwrap();
    assert_eq!(appointment::restore(desk, first.id).unwrap().status, AppointmentStatus::Booked);
    assert_eq!(appointment::mark_no_show(desk, first.id).unwrap().status, AppointmentStatus::NoShow);
    assert!(matches!(encounter::check_in(desk, first.id), Err(ClinicError::Conflict(_))));
    assert_eq!(appointment::restore(desk, first.id).unwrap().status, AppointmentStatus::Booked);
    let steps = history::of_record(desk, RecordType::Appointment, first.id.into()).unwrap();
    assert_eq!(steps.len(), 5, "booked, cancelled, restored, no-show, restored");
}

#[test]
fn the_queue_goes_forward_and_back() {
    let mut clinic = TestClinic::new().with_doctor().with_receptionist();
    clinic.as_(RECEPTIONIST);
    let [lim, ngo] = ["Lim", "Ngo"].map(|family| clinic.register(family).id);
    let doctor = clinic.id_of(DOCTOR);
    let booked = clinic.book(lim, DOCTOR, &at(0, "09:00"), &at(0, "09:20")).unwrap();
    let desk = clinic.as_(RECEPTIONIST);
    let visit = encounter::check_in(desk, booked.id).unwrap();
    assert_eq!((visit.stage, visit.patient_name.as_str(), visit.practitioner_name.as_str()), (Stage::Arrived, "Nur Lim", DOCTOR));
    assert!(matches!(encounter::check_in(desk, booked.id), Err(ClinicError::Conflict(_))), "once");
    assert!(matches!(encounter::walk_in(desk, lim, doctor, ""), Err(ClinicError::Conflict(_))), "already here");
    assert!(matches!(appointment::cancel(desk, booked.id, ""), Err(ClinicError::Conflict(_))));
    encounter::walk_in(desk, ngo, doctor, "fever").unwrap();
    for stage in [Stage::Called, Stage::InRoom, Stage::Called, Stage::InRoom, Stage::Done] {
        assert_eq!(encounter::set_stage(desk, visit.encounter_id, stage).unwrap().stage, stage);
    }
    let status = |desk: &mut clinic::Session| appointment::diary(desk, &day(0), &day(1)).unwrap()[0].status;
    assert_eq!(status(desk), AppointmentStatus::Fulfilled);
    encounter::set_stage(desk, visit.encounter_id, Stage::InRoom).unwrap();
    assert_eq!(status(desk), AppointmentStatus::Arrived, "done was pressed too early");
    let undone = history::of_record(clinic.as_(DOCTOR), RecordType::Encounter, visit.encounter_id.into()).unwrap();
    let ended = |at: usize| undone[at].fields.iter().find(|field| field.name == "ended").unwrap();
    assert!(ended(0).before.is_some() && ended(0).after.is_none(), "the visit has no end any more");
    assert_eq!(ended(1).after, ended(0).before);
    let desk = clinic.as_(RECEPTIONIST);
    let queue = encounter::queue(desk, &day(0)).unwrap();
    let lines: Vec<(&str, Stage, bool)> = queue.iter().map(|entry| (entry.patient_name.as_str(), entry.stage, entry.walk_in)).collect();
    assert_eq!(lines, [("Nur Lim", Stage::InRoom, false), ("Nur Ngo", Stage::Arrived, true)]);
    encounter::set_stage(desk, visit.encounter_id, Stage::Done).unwrap();
    assert!(encounter::walk_in(desk, lim, doctor, "forgot the letter").is_ok(), "a second visit on one day");
}

#[test]
fn no_consent_no_recording() {
    let mut clinic = TestClinic::new().with_doctor();
    let (_, visit) = clinic.visit("Lim");
    let session = clinic.as_(DOCTOR);
    assert!(matches!(recording::begin(session, visit), Err(ClinicError::NoConsent)), "nobody asked");
    for (decision, may) in [
        (ConsentDecision::Refused, false),
        (ConsentDecision::Given, true),
        (ConsentDecision::Withdrawn, false),
        (ConsentDecision::Given, true),
        (ConsentDecision::Refused, false),
    ] {
        consent::record(session, decides(visit, decision)).unwrap();
        assert_eq!(recording::begin(session, visit).is_ok(), may, "{decision:?}: the newest decision stands");
    }
    let parent = ConsentRequest { given_by: ConsentGiver::Parent, ..decides(visit, ConsentDecision::Given) };
    assert!(matches!(consent::record(session, parent), Err(ClinicError::Invalid(_))), "who gave it is named");
    let (_, other) = clinic.visit("Ngo");
    let session = clinic.as_(DOCTOR);
    consent::record(session, decides(other, ConsentDecision::Given)).unwrap();
    assert!(matches!(recording::begin(session, visit), Err(ClinicError::NoConsent)), "another visit's consent");
}

#[test]
fn sound_is_sealed_to_its_place_and_opens_there_only() {
    let mut clinic = TestClinic::new().with_doctor();
    let (_, visit) = clinic.visit("Lim");
    let session = clinic.as_(DOCTOR);
    consent::record(session, decides(visit, ConsentDecision::Given)).unwrap();
    let id = recording::begin(session, visit).unwrap().id;
    let key = session.recording_public_key();
    let sealed = recording::seal_chunk(&key, id, 7, b"three days of cough").unwrap();
    assert!(!sealed.windows(5).any(|window| window == b"cough"));
    clinic.lock();
    let while_locked = recording::seal_chunk(&key, id, 8, b"and no fever").unwrap();
    let session = clinic.as_(DOCTOR);
    recording::authorize_sound(session, id, "play").unwrap();
    assert_eq!(recording::open_chunk(session, id, 7, &sealed).unwrap().as_slice(), b"three days of cough");
    assert_eq!(recording::open_chunk(session, id, 8, &while_locked).unwrap().as_slice(), b"and no fever");
    assert!(recording::open_chunk(session, id, 6, &sealed).is_err(), "another place");
    assert!(recording::open_chunk(session, RecordingId::make(), 7, &sealed).is_err(), "another recording");
    let mut flipped = sealed.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    assert!(recording::open_chunk(session, id, 7, &flipped).is_err());
}

#[test]
fn the_whole_visit_from_consent_to_addendum() {
    let mut clinic = TestClinic::new().with_doctor();
    let (patient_id, visit) = clinic.visit("Lim");
    let session = clinic.as_(DOCTOR);
    consent::record(session, decides(visit, ConsentDecision::Given)).unwrap();
    let recorded = recording::begin(session, visit).unwrap().id;
    let file = recording::spool_file(clinic.dir.path(), recorded);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, b"sealed").unwrap();
    let session = clinic.as_(DOCTOR);
    recording::set_state(session, recorded, RecordingState::Stopped, 6.0).unwrap();
    let turns = vec![turn("clinician", 0.0, "What brings you here?"), turn("patient", 2.0, "Cough for three days, no fever.")];
    recording::save_transcript(session, recorded, "whisper", "en", turns[..1].to_vec(), Vec::new(), 2.0, false).unwrap();
    assert_eq!(recording::transcript(session, visit).unwrap().behind_seconds, 4.0);
    recording::save_transcript(session, recorded, "whisper", "en", turns, Vec::new(), 6.0, true).unwrap();
    let heard = recording::transcript(session, visit).unwrap();
    assert_eq!((heard.turns.len(), heard.settled, heard.behind_seconds), (2, true, 0.0), "one transcript, brought up to date");
    assert_eq!(recording::set_speaker(session, visit, 1, "mother").unwrap().turns[1].speaker, "mother");
    assert!(recording::set_speaker(session, visit, 2, "mother").is_err());

    let note = note::draft(session, visit, Some(draft())).unwrap();
    assert_eq!((note.blockers, note.status), (1, NoteStatus::Preliminary));
    assert!(matches!(note::sign(session, note.id), Err(ClinicError::Unreviewed)));
    assert!(matches!(note::add_addendum(session, note.id, "x"), Err(ClinicError::Conflict(_))), "an unsigned note is edited");
    let edit = |session: &mut clinic::Session, edit| note::edit(session, note.id, edit);
    edit(session, NoteEdit::Edit { sentence_id: "a".to_owned(), text: "Dry cough for three days.".to_owned() }).unwrap();
    edit(session, NoteEdit::Strike { sentence_id: "b".to_owned() }).unwrap();
    edit(session, NoteEdit::Write { section: "plan".to_owned(), text: "Fluids and rest.".to_owned() }).unwrap();
    let edited = edit(session, NoteEdit::AddOmission { section: "history".to_owned(), turn: 1, quote: "no fever".to_owned() }).unwrap();
    assert_eq!((edited.blockers, edited.omissions.len()), (0, 0));
    assert!(edit(session, NoteEdit::Keep { sentence_id: "zz".to_owned() }).is_err());
    assert!(edit(session, NoteEdit::Write { section: "Plan; DROP".to_owned(), text: "x".to_owned() }).is_err());
    // A second draft keeps what a person decided.
    let again = note::draft(session, visit, Some(draft())).unwrap();
    let texts = |view: &note::NoteView| -> Vec<(String, SentenceState)> {
        view.sections.iter().flat_map(|section| &section.sentences).map(|sentence| (sentence.text.clone(), sentence.state)).collect()
    };
    let expected = [
        ("Dry cough for three days.", SentenceState::Kept),
        ("Said: \u{201c}no fever\u{201d}", SentenceState::Kept),
        ("Takes warfarin.", SentenceState::Struck),
        ("Fluids and rest.", SentenceState::Kept),
    ]
    .map(|(text, state)| (text.to_owned(), state));
    assert_eq!(texts(&again), expected);

    session.timer.forget_proof();
    assert!(matches!(note::sign(session, note.id), Err(ClinicError::StepUpNeeded)));
    let (vault, session) = clinic.desk();
    vault.step_up(session, PASSWORD).unwrap();
    let signed = note::sign(session, note.id).unwrap();
    assert_eq!((signed.status, signed.signed_by.as_deref()), (NoteStatus::Final, Some(DOCTOR)));
    assert!(!file.exists(), "the sound went with the signature");
    let opened = consultation::open(session, visit).unwrap();
    assert!(!opened.audio_kept);
    assert_eq!(opened.recording.unwrap().state, RecordingState::Deleted);

    assert!(matches!(note::sign(session, note.id), Err(ClinicError::Signed)));
    assert!(matches!(note::draft(session, visit, Some(draft())), Err(ClinicError::Signed)));
    assert!(matches!(edit(session, NoteEdit::Keep { sentence_id: "a".to_owned() }), Err(ClinicError::Signed)));
    assert!(matches!(recording::begin(session, visit), Err(ClinicError::Signed)), "nothing more is recorded");
    let late = recording::set_state(session, recorded, RecordingState::Transcribed, 6.0);
    assert!(matches!(late, Err(ClinicError::Conflict(_))), "a decoder that comes late brings nothing back");
    let more = vec![turn("patient", 4.0, "late words")];
    assert!(recording::save_transcript(session, recorded, "whisper", "en", more, Vec::new(), 6.0, true).is_err());
    let added = note::add_addendum(session, note.id, "Culture came back negative.").unwrap();
    assert_eq!(added.addenda.iter().map(|addendum| addendum.text.as_str()).collect::<Vec<_>>(), ["Culture came back negative."]);
    assert_eq!(texts(&added), expected);

    let entries = history::of_record(session, RecordType::Composition, note.id.into()).unwrap();
    assert!(entries[0].fields.iter().any(|field| field.name == "status" && field.after.as_deref() == Some("final")));
    assert!(entries.len() >= 5, "every edit is there: {}", entries.len());
    let shown = chart::read(session, patient_id).unwrap();
    assert_eq!((shown.visits.len(), shown.visits[0].note_status), (1, Some(NoteStatus::Final)));
    clinic.as_(MANAGER);
    assert!(clinic::audit::verify(clinic.as_(MANAGER)).unwrap().ok);
}

#[test]
fn sound_left_by_a_power_cut_goes_at_the_next_unlock_and_other_sound_is_offered() {
    let mut clinic = TestClinic::new().with_doctor().with_receptionist();
    let (_, visit) = clinic.visit("Lim");
    let session = clinic.as_(DOCTOR);
    consent::record(session, decides(visit, ConsentDecision::Given)).unwrap();
    let thrown_away = recording::begin(session, visit).unwrap().id;
    recording::discard(session, thrown_away).unwrap();
    let interrupted = recording::begin(session, visit).unwrap().id;
    let folder = recording::spool_dir(clinic.dir.path());
    std::fs::create_dir_all(&folder).unwrap();
    for id in [thrown_away, interrupted] {
        std::fs::write(recording::spool_file(clinic.dir.path(), id), b"sealed").unwrap();
    }
    std::fs::write(folder.join("notes.txt"), b"not ours").unwrap();
    clinic.lock();
    let session = clinic.as_(RECEPTIONIST);
    assert!(recording::recovered(session, None).unwrap().is_empty(), "not told that there are any");
    let session = clinic.as_(DOCTOR);
    let offered: Vec<RecordingId> = recording::recovered(session, None).unwrap().into_iter().map(|view| view.id).collect();
    assert_eq!(offered, [interrupted]);
    assert!(recording::recovered(session, Some(interrupted)).unwrap().is_empty(), "the one that runs is not lost");
    let names: Vec<String> = files(&folder).into_keys().collect();
    assert_eq!(names, [format!("{interrupted}.spool"), "notes.txt".to_owned()].map(|name| name), "deleted sound is gone, other files stay");
}

#[test]
fn sound_is_kept_where_policy_says_so() {
    let mut clinic = TestClinic::new().with_doctor();
    let session = clinic.as_(MANAGER);
    let settings = clinic::settings::ClinicSettings { keep_audio: true, ..session.settings().clone() };
    clinic::settings::save(session, settings).unwrap();
    let (_, visit) = clinic.visit("Lim");
    let session = clinic.as_(DOCTOR);
    consent::record(session, decides(visit, ConsentDecision::Given)).unwrap();
    let recorded = recording::begin(session, visit).unwrap().id;
    let file = recording::spool_file(clinic.dir.path(), recorded);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, b"sealed").unwrap();
    let session = clinic.as_(DOCTOR);
    let note = note::draft(session, visit, None).unwrap();
    assert!(matches!(note::sign(session, note.id), Err(ClinicError::Invalid(_))), "an empty note is not signed");
    note::edit(session, note.id, NoteEdit::Write { section: "plan".to_owned(), text: "Rest.".to_owned() }).unwrap();
    note::sign(session, note.id).unwrap();
    assert!(file.exists());
    assert!(consultation::open(session, visit).unwrap().audio_kept);
}

#[test]
fn an_allergy_outweighs_the_statement_that_there_is_none() {
    let mut clinic = TestClinic::new().with_doctor();
    let (patient_id, _) = clinic.visit("Lim");
    let session = clinic.as_(DOCTOR);
    allergy::record_none_known(session, patient_id).unwrap();
    assert!(chart::read(session, patient_id).unwrap().no_known_allergies);
    let penicillin = AllergyRequest {
        patient_id,
        substance: "penicillin".to_owned(),
        criticality: Some("high".to_owned()),
        reaction: "rash".to_owned(),
    };
    let added = allergy::add(session, penicillin).unwrap();
    let shown = chart::read(session, patient_id).unwrap();
    assert_eq!((shown.allergies.len(), shown.no_known_allergies), (1, false));
    assert!(matches!(allergy::record_none_known(session, patient_id), Err(ClinicError::Conflict(_))));
    allergy::set_status(session, added.id, "inactive").unwrap();
    allergy::record_none_known(session, patient_id).unwrap();
    assert!(chart::read(session, patient_id).unwrap().no_known_allergies);
}
