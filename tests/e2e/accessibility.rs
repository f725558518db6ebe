//! Nobody is kept out: axe-core finds no serious or critical barrier on any main screen, in either colours.

use std::time::Duration;

use crate::harness::{Colours, DEMO_PASSWORD, Desk, Named, Role, Window};

#[test]
fn main_screens_have_no_barriers() {
    let desk = Desk::new("accessibility");
    let window = desk.open();
    let mut found = Barriers::default();

    window.sees("Welcome to Gladstone");
    found.look(&window, "welcome");
    window.click("Set up my clinic").finds(Role::Field, "Clinic name");
    found.look(&window, "set-up");
    window.click("Back").click("Try with a demo clinic").finds_within(Duration::from_secs(120), Role::Field, "Password");
    found.look(&window, "locked");

    window.unlock("Dr Aisyah Rahman", DEMO_PASSWORD).sees("My next patients");
    found.look(&window, "today");
    window.chord("Ctrl+N").finds(Role::Dialog, "Register a patient").click(Named::Starts("More details"));
    found.look(&window, "register");
    window.press("Esc").go_to("Diary");
    found.look(&window, "diary, day");
    window.click("Week");
    found.look(&window, "diary, week");
    window.chord("Ctrl+B").finds(Role::Dialog, "Book an appointment");
    found.look(&window, "book");
    window.press("Esc").go_to("Patients").finds(Role::Any("option"), Named::Has(""));
    found.look(&window, "patients");
    window
        .click_nth(Role::Field, "Search patients", 0)
        .type_in("hassan bin")
        .finds(Role::Any("option"), Named::Has("Hassan bin Abdullah"))
        .press("Enter")
        .sees("ALLERGIES");
    for tab in window.names_within("Parts of the record", Role::Any("tab"), Named::Has("")) {
        window.click(Named::Is(&tab)).finds(Role::Any("tabpanel"), Named::Has(""));
        found.look(&window, &format!("chart, {tab}"));
    }
    window.go_to("Today").click("Open next patient").finds(Role::Any("region"), "Recorder");
    found.look(&window, "consultation");
    window.go_to("Manage");
    for part in ["Staff", "Audit", "Security", "Clinic"] {
        window.click(part).finds(Role::Heading, Named::Has(""));
        found.look(&window, &format!("manage, {part}"));
    }
    window.chord("Ctrl+K").focuses("Name, phone");
    found.look(&window, "search");

    assert!(found.screens > 20, "only {} screens were looked at", found.screens);
    assert!(found.list.is_empty(), "{} barriers:\n{}", found.list.len(), found.list.join("\n"));
}

#[derive(Default)]
struct Barriers {
    screens: usize,
    list: Vec<String>,
}

impl Barriers {
    fn look(&mut self, window: &Window, screen: &str) {
        for colours in [Colours::Light, Colours::Dark] {
            window.in_colours(colours);
            self.screens += 1;
            self.list.extend(window.barriers().into_iter().map(|barrier| format!("{screen}, {colours:?}: {barrier}")));
        }
    }
}
