//! Who may do what, asked of the gate itself, and what the trail says about it.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod harness;

use clinic::{
    ClinicError, PatientId, Session,
    access::{self, About, Permission, PermissionCode, Role},
    allergy::{self, AllergyRequest},
    audit::Outcome,
    chart, encounter,
    medication::{self, MedicationRequestRequest},
    observation::{self, VitalsRequest},
    patient, settings,
    unlock::UnlockError,
};
use harness::*;

fn asks<P: Permission>(session: &mut Session, patient: PatientId) -> bool {
    match session.authorize::<P>(About::patient(patient)) {
        Ok(access) => {
            drop(access);
            true
        }
        Err(ClinicError::Denied(code)) if code == P::CODE => false,
        Err(other) => panic!("{:?}: {other}", P::CODE),
    }
}

/// Asks for every permission there is; a new one that is not listed here does not pass the count below.
fn all_answers(session: &mut Session, patient: PatientId) -> Vec<(&'static str, bool)> {
    macro_rules! ask {
        ($($name:ident),+ $(,)?) => { vec![$((PermissionCode::$name.name(), asks::<access::$name>(session, patient))),+] };
    }
    ask![
        ReadDemographics,
        WriteDemographics,
        ReadDiary,
        WriteDiary,
        CheckIn,
        StartVisit,
        ReadChart,
        WriteVitals,
        WriteChart,
        Prescribe,
        WriteNote,
        SignNote,
        Record,
        OwnSettings,
        ReadAudit,
        ManageStaff,
        ManageClinic,
        Export,
        Import,
    ]
}

/// The table of the security design: doctor, nurse, receptionist, manager.
const TABLE: &[(&str, [bool; 4])] = &[
    ("read_demographics", [true, true, true, true]),
    ("write_demographics", [true, true, true, true]),
    ("read_diary", [true, true, true, true]),
    ("write_diary", [true, true, true, true]),
    ("check_in", [true, true, true, true]),
    ("start_visit", [true, true, false, false]),
    ("read_chart", [true, true, false, false]),
    ("write_vitals", [true, true, false, false]),
    ("write_chart", [true, true, false, false]),
    ("prescribe", [true, false, false, false]),
    ("write_note", [true, false, false, false]),
    ("sign_note", [true, false, false, false]),
    ("record", [true, true, false, false]),
    ("own_settings", [true, true, true, true]),
    ("read_audit", [false, false, false, true]),
    ("manage_staff", [false, false, false, true]),
    ("manage_clinic", [false, false, false, true]),
    ("export", [false, false, false, true]),
    ("import", [false, false, false, true]),
];

#[test]
fn every_role_may_what_the_table_says_and_every_denial_is_in_the_trail() {
    let mut clinic = TestClinic::new().with_doctor().with_nurse().with_receptionist();
    let patient = clinic.register("Lim").id;
    clinic.book(patient, DOCTOR, &at(0, "10:00"), &at(0, "10:15")).unwrap();
    assert_eq!(TABLE.len(), PermissionCode::ALL.len());
    let people = [(DOCTOR, Role::Doctor), (NURSE, Role::Nurse), (RECEPTIONIST, Role::Receptionist), (MANAGER, Role::Manager)];
    let mut denials = 0;
    for (column, (who, role)) in people.into_iter().enumerate() {
        let session = clinic.as_(who);
        let expected: Vec<(&str, bool)> = TABLE.iter().map(|(name, may)| (*name, may[column])).collect();
        assert_eq!(all_answers(session, patient), expected, "{who}");
        let listed: Vec<&str> = access::permissions_of(&[role]).into_iter().map(PermissionCode::name).collect();
        assert_eq!(listed, expected.iter().filter(|(_, may)| *may).map(|(name, _)| *name).collect::<Vec<_>>(), "what the window is told");
        denials += expected.iter().filter(|(_, may)| !may).count();
    }
    let found: usize = TABLE
        .iter()
        .map(|(name, _)| clinic.trail(name).iter().filter(|event| event.outcome == Outcome::Denied && event.patient_name.is_some()).count())
        .sum();
    assert_eq!(found, denials, "each denial names who asked for what of whom");
}

#[test]
fn roles_of_one_person_add_up() {
    let mut clinic = TestClinic::new();
    let request = clinic::practitioner::StaffRequest {
        name: "Joseph Otieno".to_owned(),
        roles: vec![Role::Nurse, Role::Manager],
        password: PASSWORD.to_owned(),
    };
    let (vault, session) = clinic.desk();
    vault.add_staff(session, request).unwrap();
    let patient = clinic.register("Lim").id;
    let session = clinic.as_("Joseph Otieno");
    encounter::start_visit(session, patient, "fever").unwrap();
    let both: Vec<(&str, bool)> = TABLE.iter().map(|(name, may)| (*name, may[1] || may[3])).collect();
    assert_eq!(all_answers(session, patient), both);
}

#[test]
fn a_receptionist_reads_no_chart_by_any_door() {
    let mut clinic = TestClinic::new().with_doctor().with_receptionist();
    let (patient, visit) = clinic.visit("Lim");
    let note = clinic::note::draft(clinic.as_(DOCTOR), visit, None).unwrap().id;
    let desk = clinic.as_(RECEPTIONIST);
    assert!(patient::read(desk, patient).is_ok());
    assert!(matches!(chart::read(desk, patient), Err(ClinicError::Denied(PermissionCode::ReadChart))));
    assert!(matches!(clinic::consultation::open(desk, visit), Err(ClinicError::Denied(PermissionCode::ReadChart))));
    assert!(matches!(clinic::recording::transcript(desk, visit), Err(ClinicError::Denied(_))));
    let history = |session: &mut Session, kind| clinic::changes::history::of_record(session, kind, note.into());
    use clinic::changes::RecordType;
    assert!(matches!(history(desk, RecordType::Composition), Err(ClinicError::Denied(_))));
    // Asking for a note as if it were an appointment opens nothing either.
    assert!(matches!(history(desk, RecordType::Appointment), Err(ClinicError::NotFound(_))));
    assert!(matches!(encounter::start_visit(desk, patient, ""), Err(ClinicError::Denied(_))), "nor makes a care relation");
}

#[test]
fn a_chart_opens_by_a_care_relation_only() {
    let mut clinic = TestClinic::new().with_doctor().with_other_doctor().with_nurse().with_receptionist();
    clinic.as_(RECEPTIONIST);
    let [booked, walked, stranger] = ["Lim", "Otieno", "Ngo"].map(|family| clinic.register(family).id);
    let appointment = clinic.book(booked, DOCTOR, &at(3, "09:00"), &at(3, "09:20")).unwrap();
    let doctor = clinic.id_of(DOCTOR);
    encounter::walk_in(clinic.as_(RECEPTIONIST), walked, doctor, "fever").unwrap();

    let session = clinic.as_(DOCTOR);
    assert!(chart::read(session, booked).is_ok(), "by the booking");
    assert!(chart::read(session, walked).is_ok(), "by the walk-in");
    assert!(matches!(chart::read(session, stranger), Err(ClinicError::NoCareRelation)));
    let allergy = AllergyRequest { patient_id: stranger, substance: "penicillin".to_owned(), criticality: None, reaction: String::new() };
    assert!(matches!(allergy::add(session, allergy), Err(ClinicError::NoCareRelation)));

    let session = clinic.as_(OTHER_DOCTOR);
    for patient in [booked, walked, stranger] {
        assert!(matches!(chart::read(session, patient), Err(ClinicError::NoCareRelation)), "another doctor's patient");
    }
    encounter::start_visit(session, stranger, "cough").unwrap();
    assert!(chart::read(session, stranger).is_ok(), "taking the patient in makes the relation");

    let session = clinic.as_(NURSE);
    for patient in [booked, walked, stranger] {
        assert!(chart::read(session, patient).is_ok(), "a nurse works with every patient of these days");
    }
    clinic::appointment::cancel(clinic.as_(RECEPTIONIST), appointment.id, "by phone").unwrap();
    assert!(matches!(chart::read(clinic.as_(DOCTOR), booked), Err(ClinicError::NoCareRelation)), "a cancelled booking is none");
    let refused = clinic.trail("read_chart").into_iter().filter(|event| event.outcome == Outcome::Denied).count();
    assert_eq!(refused, 5);
}

#[test]
fn a_nurse_takes_the_patient_in_and_the_doctor_keeps_the_visit() {
    let mut clinic = TestClinic::new().with_doctor().with_nurse();
    let patient = clinic.register("Lim").id;
    let doctor = clinic.id_of(DOCTOR);
    encounter::walk_in(clinic.as_(MANAGER), patient, doctor, "fever").unwrap();
    let entry = encounter::start_visit(clinic.as_(NURSE), patient, "").unwrap();
    assert_eq!((entry.practitioner_name.as_str(), entry.stage), (DOCTOR, encounter::Stage::InRoom));
    assert!(chart::read(clinic.as_(DOCTOR), patient).is_ok());
}

#[test]
fn a_nurse_measures_and_does_not_prescribe() {
    let mut clinic = TestClinic::new().with_nurse();
    let [patient, other] = ["Lim", "Ngo"].map(|family| clinic.register(family).id);
    let session = clinic.as_(NURSE);
    let visit = encounter::start_visit(session, patient, "").unwrap().encounter_id;
    let others = encounter::start_visit(session, other, "").unwrap().encounter_id;
    let vitals = |visit| VitalsRequest {
        patient_id: Some(patient),
        encounter_id: Some(visit),
        systolic: Some(120.0),
        diastolic: Some(80.0),
        ..VitalsRequest::default()
    };
    assert_eq!(observation::record_vitals(session, vitals(visit)).unwrap()[0].value, "120/80");
    assert!(
        matches!(observation::record_vitals(session, vitals(others)), Err(ClinicError::NoCareRelation)),
        "the visit of another patient"
    );
    let medicine = MedicationRequestRequest { patient_id: patient, medication: "amoxicillin".to_owned(), dosage: String::new() };
    assert!(matches!(medication::add(session, medicine), Err(ClinicError::Denied(PermissionCode::Prescribe))));
}

#[test]
fn what_changes_the_clinic_asks_again_after_five_minutes() {
    let mut clinic = TestClinic::new();
    let (vault, session) = clinic.desk();
    let wanted = settings::ClinicSettings { keep_audio: true, ..session.settings().clone() };
    session.timer.forget_proof();
    assert!(matches!(settings::save(session, wanted.clone()), Err(ClinicError::StepUpNeeded)));
    assert!(!session.settings().keep_audio);
    assert!(patient::recent(session).is_ok(), "reading goes on");
    assert!(matches!(vault.step_up(session, "wrong wrong wrong"), Err(ClinicError::Unlock(UnlockError::WrongPassword))));
    assert!(matches!(settings::save(session, wanted.clone()), Err(ClinicError::StepUpNeeded)));
    vault.step_up(session, PASSWORD).unwrap();
    assert!(settings::save(session, wanted).unwrap().keep_audio);
    let steps: Vec<Outcome> = clinic.trail("step_up").into_iter().map(|event| event.outcome).collect();
    assert_eq!(steps, [Outcome::Success, Outcome::Failed]);
    clinic.lock();
    assert!(clinic.trail("unlock_failed").is_empty(), "the failed step-up is not told a second time");
}

#[test]
fn a_refused_write_is_in_the_trail_and_changes_nothing() {
    let mut clinic = TestClinic::new().with_doctor();
    let (_, visit) = clinic.visit("Lim");
    let session = clinic.as_(DOCTOR);
    session.take_changed();
    assert!(matches!(clinic::recording::begin(session, visit), Err(ClinicError::NoConsent)));
    assert!(session.take_changed().is_empty());
    let tried = clinic.trail("record");
    assert_eq!(tried.len(), 1);
    assert_eq!((tried[0].outcome, tried[0].actor.as_str(), tried[0].detail.as_str()), (Outcome::Failed, DOCTOR, "begin"));
}
