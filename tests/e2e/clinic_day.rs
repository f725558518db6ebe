//! A day at a clinic, from an empty desk to a signed note: set-up, reception, consultation, signature, lock, addendum.

use std::time::Duration;

use crate::harness::{Desk, Microphone, Named, PASSWORD, Patient, Person, Role, Speech, Window, share};

const CLINIC: &str = "Klinik Bangsar";
const AT: &str = "23:30";

#[test]
fn clinic_day() {
    let desk = Desk::new("clinic_day");
    let window = desk.open();
    set_up(&window);
    hire(&window);
    receive(&window);
    consult(&window);
    review(&window);
    sign(&window);
    lock_by_itself(&window);
    add_to_the_note(&window);
    window.close();

    // Nobody can have changed the log of this day unseen.
    let verified = desk.command_line().result(&["audit", "verify", "--as", Person::MANAGER.name, "--password-stdin"], Some(PASSWORD));
    assert_eq!(verified["ok"], true, "{verified}");
    assert!(verified["events"].as_u64().is_some_and(|events| events > 20), "{verified}");
    let search =
        desk.command_line().result(&["search", "nurhaliza", "--as", Person::RECEPTIONIST.name, "--password-stdin"], Some(PASSWORD));
    assert_eq!(search["patients"][0]["name"], Patient::SITI.name(), "{search}");
}

fn set_up(window: &Window) {
    window.sees("Welcome to Gladstone").picture("day-01-welcome");
    window.click("Set up my clinic").finds(Role::Field, "Clinic name");
    window.fill("Clinic name", CLINIC).fill("Your name", Person::MANAGER.name);
    window.fill("Password", "klinik bangsar").sees("It is built on a name").picture("day-02-weak-password");
    window.fill("Password", PASSWORD).sees("Very strong").picture("day-03-set-up").click("Make my clinic");
    window.finds(Role::Heading, "Your recovery kit").picture("day-04-recovery-kit").confirm_kit();
    window.finds(Role::Heading, "Manage").picture("day-05-manager");
}

fn hire(window: &Window) {
    window.add_staff(Person::DOCTOR).add_staff(Person::RECEPTIONIST).sees("3 people work here").picture("day-06-staff");
}

/// The receptionist registers a patient, books, and checks in.
fn receive(window: &Window) {
    window.hand_over_to(Person::RECEPTIONIST.name, PASSWORD).finds(Role::Heading, "Today").picture("day-07-reception");
    assert!(!window.has(Role::Control, "Manage"), "a receptionist is offered the manager's part");
    window.chord("Ctrl+N").write_patient(&Patient::SITI).picture("day-08-register");
    window.click("Register").sees("Siti Nurhaliza Ahmad is registered").picture("day-09-registered");
    window.click("Book").book(Person::DOCTOR.name, AT, "Chest pain").picture("day-10-book");
    window.click_nth(Role::Control, "Book", 0).sees("Siti Nurhaliza Ahmad is booked at 23:30");
    window.sees("Booked").who_is_here("si", "Siti Nurhaliza Ahmad").sees("Arrived 1").picture("day-11-checked-in");
}

/// The doctor opens the next patient and records.
fn consult(window: &Window) {
    window.hand_over_to(Person::DOCTOR.name, PASSWORD).sees("My next patients").picture("day-12-doctor");
    window.open_next_patient("Siti Nurhaliza Ahmad").sees("Allergies not recorded").picture("day-13-chart");
    window.give_consent().picture("day-14-consent").record();
    let speech = Speech::consultation();
    Microphone::say(&speech);
    // Words arrive while the recording still runs.
    window.hears_something().finds(Role::Control, "Stop").picture("day-15-words-arrive");
    window.stop_and_draft().picture("day-16-draft");
    let heard = share(&speech.words_until(Duration::MAX), &window.transcript());
    assert!(heard > 0.7, "only {heard:.2} of the words were understood: {}", window.transcript());
}

/// Every sentence shows what it rests on; a person keeps, edits and strikes by keys.
fn review(window: &Window) {
    let sentences = window.sentences();
    assert!(sentences.len() >= 5, "the draft says little: {sentences:?}");
    for sentence in &sentences {
        window.go_to_sentence(sentence);
        let lit = window.lit();
        assert!(!lit.is_empty(), "“{sentence}” shows no evidence");
        let transcript = window.transcript();
        assert!(lit.iter().all(|words| transcript.contains(words.as_str())), "{lit:?} was not said");
    }
    window.picture("day-17-evidence");

    window.go_to_sentence(&sentences[0]).press("Y").finds(Role::Any("group"), Named::Has(". Kept"));
    window.go_to_sentence(&sentences[1]).press("E").fill("Sentence", "Pain for three days, worse on stairs.").press("Enter");
    window.sees("Pain for three days, worse on stairs.");
    window.sees("edited");
    window.go_to_sentence(&sentences[2]).press("X").finds(Role::Any("group"), Named::Has(". Struck"));
    window.picture("day-18-reviewed");
}

fn sign(window: &Window) {
    if window.blockers() > 0 {
        assert!(!window.is_able("Sign"), "a note that needs a look can be signed");
    }
    window.keep_what_needs_a_look().picture("day-19-ready-to-sign");
    window.click("Sign").prove_if_asked(PASSWORD, &format!("Signed by {}", Person::DOCTOR.name)).picture("day-20-signed");
    assert!(window.sentences().is_empty(), "a signed note can still be worked on");
    window.sees("The sound of this visit was deleted; its words stay.");
}

/// The manager makes the desk lock soon; the doctor goes for tea.
fn lock_by_itself(window: &Window) {
    window.hand_over_to(Person::MANAGER.name, PASSWORD).go_to("Manage").click("Clinic");
    window
        .fill("Lock after (minutes)", "0.5")
        .click("Save")
        .prove_if_asked(PASSWORD, "locks after 0.5 min")
        .picture("day-21-clinic-settings");
    window.hand_over_to(Person::DOCTOR.name, PASSWORD).sees("Signed by");
    window.finds_within(Duration::from_secs(40), Role::Dialog, "Still there?").picture("day-22-idle-warning");
    window.sees_within(Duration::from_secs(40), "nobody used it for a while").picture("day-23-locked-by-itself");
    assert!(!window.shows("Siti"), "the locked screen names a patient");
}

fn add_to_the_note(window: &Window) {
    window.unlock(Person::DOCTOR.name, PASSWORD).sees("Signed by");
    window.fill("Addendum", "Blood test came back normal.").click("Add addendum").finds(Role::Heading, "Addenda");
    window.sees("Blood test came back normal.").picture("day-24-addendum");
}
