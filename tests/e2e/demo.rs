//! The demo clinic, as somebody sees it who wants to know what this is: every screen, and one visit from the waiting room to the signed note.
//! Leaves pictures and the note.

use std::{fs, time::Duration};

use crate::harness::{Colours, DEMO_PASSWORD, Desk, Microphone, Named, Role, Speech, Window, album};

const DOCTOR: &str = "Dr Aisyah Rahman";
const RECEPTIONIST: &str = "Nurul Huda Ismail";
const MANAGER: &str = "Agnes Gimbang";

#[test]
fn demo_visit() {
    let desk = Desk::new("demo_visit");
    let window = desk.open();
    window
        .click("Try with a demo clinic")
        .finds_within(Duration::from_secs(120), Role::Field, "Password")
        .sees("This is a demo clinic")
        .picture("demo-locked");

    window.unlock(RECEPTIONIST, DEMO_PASSWORD).finds(Role::Heading, "Today");
    window.all_sizes("demo-today-reception").go_to("Diary").all_sizes("demo-diary-day").click("Week").both("demo-diary-week");
    window.go_to("Patients").finds(Role::Any("option"), Named::Has("山田陽翔")).all_sizes("demo-patients");
    window
        .click_nth(Role::Field, "Search patients", 0)
        .type_in("张国伟")
        .finds(Role::Any("option"), Named::Has("Chong Kok Wai"))
        .picture("demo-search-any-script");
    window.chord("Ctrl+N").finds(Role::Dialog, "Register a patient");
    window.fill("Given name", "Kok Wai").fill("Family name", "Chong").sees("may be the same").both("demo-register-duplicate").press("Esc");
    window.chord("Ctrl+B").finds(Role::Dialog, "Book an appointment").both("demo-book").press("Esc");
    window
        .chord("Ctrl+K")
        .focuses("Name, phone")
        .type_in("lim")
        .finds(Role::Control, Named::Has("Lim Mei Ling"))
        .picture("demo-palette")
        .press("Esc");

    window.hand_over_to(DOCTOR, DEMO_PASSWORD).sees("My next patients").all_sizes("demo-today-doctor");
    visit(&window);
    chart(&window);

    window.hand_over_to(MANAGER, DEMO_PASSWORD).finds(Role::Heading, "Manage").both("demo-manage-staff");
    window.click("Audit").click("Verify now").sees("none altered").both("demo-manage-audit");
    window.click("Security").sees("Guarded by passwords and this computer's keyring").both("demo-manage-security");
    window.click("Clinic").finds(Role::Field, "Clinic name").both("demo-manage-clinic");
    window.click("Language").click("Bahasa Melayu").finds(Role::Heading, "Urus").picture("demo-malay");
    println!("Screenshots and the signed note are in {}", album().display());
}

fn visit(window: &Window) {
    window.click("Open next patient").finds(Role::Any("region"), "Recorder").all_sizes("demo-visit-chart");
    window.give_consent().record();
    Microphone::say(&Speech::consultation());
    window.hears_something().picture("demo-visit-recording").stop_and_draft();
    let first = window.sentences().first().cloned().unwrap_or_else(|| window.fail("nothing was drafted"));
    window.go_to_sentence(&first);
    assert!(!window.lit().is_empty(), "“{first}” shows no evidence");
    window.all_sizes("demo-visit-draft").keep_what_needs_a_look();
    window.click("Sign").prove_if_asked(DEMO_PASSWORD, &format!("Signed by {DOCTOR}")).both("demo-visit-signed");

    let note = window.read(Role::Any("region"), "Note");
    assert!(note.contains("Signed by") && note.lines().count() > 5, "{note}");
    fs::write(album().join("signed-note.txt"), &note).expect("the note as text");
    println!("{note}");
    window.click("Done").finds(Role::Heading, "Today");
}

fn chart(window: &Window) {
    window.go_to("Patients").click_nth(Role::Field, "Search patients", 0).type_in("hassan bin");
    window.finds(Role::Any("option"), Named::Has("Hassan bin Abdullah")).press("Enter").sees("ALLERGIES").all_sizes("demo-chart-summary");
    for (tab, picture) in [
        ("Timeline", "demo-chart-timeline"),
        ("Notes", "demo-chart-notes"),
        ("Results", "demo-chart-results"),
        ("Who looked", "demo-chart-looked"),
    ] {
        window.click(tab).finds(Role::Any("tabpanel"), Named::Has("")).picture(picture);
    }
}

impl Window {
    /// Leaves pictures in both colours.
    fn both(&self, name: &str) -> &Self {
        self.in_colours(Colours::Light).picture(name);
        self.in_colours(Colours::Dark).picture(&format!("{name}-dark"));
        self.in_colours(Colours::Light)
    }

    /// The same, and in the smallest window that a desk has.
    fn all_sizes(&self, name: &str) -> &Self {
        self.both(name).resize(1024, 700).picture(&format!("{name}-small")).resize(1280, 800)
    }
}
