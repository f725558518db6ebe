//! One desk, one window, one person: what is shared, what is kept over a lock.

use crate::harness::{Desk, Named, PASSWORD, Role};

#[test]
fn second_instance_is_refused() {
    let desk = Desk::new("second_instance").with_clinic_of("Klinik Seberang", "Aisyah Rahman");
    let window = desk.open();
    window.unlock("Aisyah Rahman", PASSWORD);

    let second = desk.start_second();
    let (ended, said) = second.ends().unwrap_or_else(|| panic!("a second window opened on the same desk"));
    assert!(!ended.success(), "the second window said that all is well");
    assert!(said.contains("another Gladstone uses this folder"), "it does not say why it ends: {said}");

    let search = desk.command_line().run(&["search", "siti", "--password-stdin"], Some(PASSWORD));
    assert_eq!(search.status.code(), Some(1), "the command line shares the desk with a window");
    assert!(
        String::from_utf8_lossy(&search.stderr).contains("another Gladstone uses this folder"),
        "{}",
        String::from_utf8_lossy(&search.stderr)
    );

    // The first one never noticed.
    window.go_to("Patients").finds(Role::Field, "Search patients");
}

#[test]
fn half_written_form_comes_back_after_lock() {
    let desk = Desk::new("half_written").with_clinic_of("Klinik Seberang", "Aisyah Rahman");
    let window = desk.open();
    window.unlock("Aisyah Rahman", PASSWORD).finds(Role::Heading, "Today");

    window.chord("Ctrl+N").finds(Role::Dialog, "Register a patient");
    window.fill("Given name", "Nurul Izzah").fill("Birth date", "3/5/1980").fill("Phone", "012-345 6789");
    window.chord("Ctrl+L").sees("The desk is locked");
    assert!(!window.shows("Nurul"), "the locked screen still holds the form:\n{}", window.text());

    window.unlock("Aisyah Rahman", PASSWORD).finds(Role::Dialog, "Register a patient");
    window.sees("What you typed before is back.").picture("desk-half-written-form-is-back");
    assert_eq!(window.value("Given name"), "Nurul Izzah");
    assert_eq!(window.value("Birth date"), "3/5/1980");
    assert_eq!(window.value("Phone"), "012-345 6789");

    // A power cut takes no more than a lock does.
    window.cut_power();
    let window = desk.open();
    window.unlock("Aisyah Rahman", PASSWORD).finds(Role::Dialog, "Register a patient");
    assert_eq!(window.value("Given name"), "Nurul Izzah");
    window.finds(Role::Control, Named::Starts("Start again"));
}
