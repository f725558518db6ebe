//! Nothing of a recording is lost: not to a power cut, not to a lock.

use std::time::Duration;

use crate::harness::{Desk, HEARING, Microphone, Named, PASSWORD, Patient, Role, Speech, Window, share, until};

const DOCTOR: &str = "Aisyah Rahman";
/// What the last chunk on its way to the disk may hold.
const AT_RISK: Duration = Duration::from_secs(5);
/// The player's own delay before its first sound.
const DELAY: Duration = Duration::from_secs(1);

/// A desk whose doctor has a patient in the room and their consent.
fn in_a_visit(story: &'static str) -> (Desk, Window) {
    let desk = Desk::new(story).with_clinic_of("Klinik Seberang", DOCTOR);
    let window = desk.open();
    window.unlock(DOCTOR, PASSWORD).finds(Role::Heading, "Today");
    window.register(&Patient::SITI).walk_in(&Patient::SITI, "Chest pain").open_next_patient(&Patient::SITI.name()).give_consent();
    (desk, window)
}

#[test]
fn microphone_recording_survives_kill() {
    let (desk, window) = in_a_visit("kill");
    let speech = Speech::consultation();
    window.record();
    let mut speaking = Microphone::speak(&speech);
    speaking.until(Duration::from_secs(27));
    let said = speaking.said();
    window.cut_power();
    drop(speaking);

    let window = desk.open();
    window.unlock(DOCTOR, PASSWORD).finds(Role::Any("region"), "Recordings that ended without a stop");
    window.picture("recording-recovered-offer");
    window.click(Named::Is(&format!("Recover the recording of {}", Patient::SITI.name())));
    window.finds_within(HEARING, Role::Control, "Sign").picture("recording-recovered");

    let wanted = speech.words_until(said - AT_RISK - DELAY);
    assert!(wanted.len() > 30, "too little was said before the cut: {wanted:?}");
    let understood = share(&wanted, &window.transcript());
    assert!(understood > 0.7, "of the words before the cut only {understood:.2} are there: {}", window.transcript());
    let last = speech.words_until(said - AT_RISK - DELAY).split_off(wanted.len() - 8);
    assert!(share(&last, &window.transcript()) >= 0.5, "the last words before the cut are missing, {last:?}: {}", window.transcript());
    assert!(!window.has(Role::Any("region"), "Recordings that ended without a stop"), "what was recovered is still offered");
}

#[test]
fn lock_in_the_middle() {
    let (_desk, window) = in_a_visit("lock_in_the_middle");
    let speech = Speech::consultation();
    window.record();
    let mut speaking = Microphone::speak(&speech);
    speaking.until(Duration::from_secs(6));
    window.chord("Ctrl+L").sees("The desk is locked");
    let locked = speaking.said();
    window.picture("recording-goes-on-while-locked");
    speaking.until(speech.lines[8].end);
    let unlocking = speaking.said();
    window.unlock(DOCTOR, PASSWORD).records().picture("recording-still-runs-after-unlock");
    speaking.until_the_end();
    window.stop_and_draft();

    let spoken = speech.words_between(locked, unlocking);
    assert!(spoken.len() > 20, "too little was said while the desk was locked: {spoken:?}");
    let understood = share(&spoken, &window.transcript());
    assert!(understood > 0.7, "of the words while locked only {understood:.2} are there: {}", window.transcript());
    let all = share(&speech.words_until(Duration::MAX), &window.transcript());
    assert!(all > 0.7, "of all words only {all:.2} are there: {}", window.transcript());
    // Once, not twice: the live words and those from the sealed file meet at the lock.
    let times = window.transcript().matches("penicillin").count();
    assert!(times <= 1, "penicillin was said once and stands {times} times: {}", window.transcript());
    assert!(until(HEARING, || (!window.sentences().is_empty()).then_some(())).is_some(), "nothing was drafted");
}
