//! The whole job without a mouse: reception, consultation, signature. Nothing here clicks.

use std::time::Duration;

use crate::harness::{Desk, HEARING, Microphone, Named, PASSWORD, PATIENCE, Role, Speech, Voice, Window, until};

const WHO: &str = "Aisyah Rahman";

#[test]
fn keyboard_only() {
    let desk = Desk::new("keyboard_only").with_clinic_of("Klinik Seberang", WHO);
    let window = desk.open();
    window.focuses("Password").type_in(PASSWORD).press("Enter").finds(Role::Heading, "Today");
    receive(&window);
    consult(&window);
    review_and_sign(&window);

    // Everything else is a few keys away.
    window.chord("Ctrl+K").focuses("Name, phone").type_in("rahman");
    window.press("Esc").press("?").finds(Role::Dialog, "Keys").picture("keyboard-keys").press("Esc");
    window
        .chord("Ctrl+K")
        .focuses("Name, phone")
        .type_in("go to diary")
        .finds(Role::Control, Named::Starts("Go to Diary"))
        .press("Down")
        .press("Enter");
    window.finds(Role::Heading, "Diary").chord("Ctrl+L").sees("The desk is locked").focuses("Password");
}

fn receive(window: &Window) {
    window.chord("Ctrl+N").focuses("Given name").type_in("Tan Ah Kow");
    window.tab_to("Family name").type_in("Tan");
    window.tab_to("Birth date").type_in("7/8/1956");
    window.tab_to("Female").press("Down");
    assert_eq!(window.state(Role::Control, "Male")["checked"], true, "the arrow keys choose the sex");
    window.tab_to("Phone").type_in("013-222 3344").picture("keyboard-register").chord("Ctrl+Enter").sees("is registered");

    window.tab_to("Book").press("Enter").finds(Role::Dialog, "Book an appointment");
    window.tab_to("Practitioner").type_in("Aisyah").finds(Role::Any("option"), WHO).press("Down").press("Enter");
    window.tab_to("Time").type_in("23:15").tab_to("Reason").type_in("Cough").picture("keyboard-book").chord("Ctrl+Enter");
    window.sees("is booked at 23:15");

    window.tab_to("Who is here?").type_in("ta").finds(Role::Any("option"), Named::Has("Tan Ah Kow")).press("Enter").sees("is checked in");
    window.picture("keyboard-checked-in").chord("Ctrl+Enter").finds(Role::Any("region"), "Recorder");
}

fn consult(window: &Window) {
    window.tab_to("Given").press("Space").tab_to("Save consent").press("Enter").sees("Consent given");
    window.press("F2").records();
    Microphone::say(&Speech::of(&[
        (Voice::Doctor, "Hello. What is the trouble?"),
        (Voice::Patient, "I have had a cough for two weeks. I have no fever."),
        (Voice::Doctor, "Do you smoke?"),
        (Voice::Patient, "Yes, I smoke ten cigarettes a day."),
        (Voice::Doctor, "I will order a chest X ray. Come back in one week."),
    ]));
    window.press("F2").readies("Resume").press("F2").readies("Pause");
    window.tab_to("Stop").press("Enter").finds_within(HEARING, Role::Control, "Sign").picture("keyboard-draft");
}

fn review_and_sign(window: &Window) {
    let first = window.sentences().first().cloned().unwrap_or_else(|| window.fail("nothing was drafted"));
    window.tab_to(&first);
    assert!(!window.lit().is_empty(), "“{first}” shows no evidence");
    // Space plays the words it rests on, Space again is quiet.
    window.press("Space").finds(Role::Control, Named::Starts("Stop playing")).press("Space").loses("Stop playing");
    window.press("E").finds(Role::Field, "Sentence").type_in(" Two weeks.").press("Enter").sees("Two weeks.");
    window.press("J").press("X").finds(Role::Any("group"), Named::Has(". Struck")).press("X");
    if until(PATIENCE, || (!window.has(Role::Any("group"), Named::Has(". Struck"))).then_some(())).is_none() {
        window.fail("X does not bring the sentence back");
    }
    window.keep_what_needs_a_look().chord("Ctrl+Enter").prove_by_keys_if_asked(&format!("Signed by {WHO}"));
    window.picture("keyboard-signed").focuses("Done").chord("Ctrl+Enter").finds(Role::Heading, "Today");
    window.finds_within(Duration::from_secs(30), Role::Heading, Named::Starts("Done 1"));
}

impl Window {
    fn prove_by_keys_if_asked(&self, done: &str) -> &Self {
        let asked = until(PATIENCE, || match (self.shows(done), self.has(Role::Dialog, "Is it you?")) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            _ => None,
        });
        if asked == Some(true) {
            self.focuses("Password").type_in(PASSWORD).press("Enter");
        }
        self.sees(done)
    }
}
