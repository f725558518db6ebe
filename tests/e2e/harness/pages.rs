//! What people do on several screens in the same way: set up, unlock, add somebody, go somewhere.

use super::{Desk, Named, PATIENCE, Role, Window, until};

pub const PASSWORD: &str = "lantern river cobalt mango";
/// The demo's locked screen shows it.
pub const DEMO_PASSWORD: &str = "teh tarik kurang manis";

/// Somebody who works here.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub name: &'static str,
    pub roles: &'static [&'static str],
}

impl Person {
    pub const MANAGER: Self = Self { name: "Aisyah Rahman", roles: &["Manager"] };
    pub const DOCTOR: Self = Self { name: "Ravi Menon", roles: &["Doctor"] };
    pub const RECEPTIONIST: Self = Self { name: "Mei Tan", roles: &["Receptionist"] };
}

impl Desk {
    /// A clinic with one person who is manager and doctor, made from the command line. Gives the recovery words.
    pub fn with_clinic_of(self, clinic: &str, person: &str) -> Self {
        let words = ["init", "--clinic", clinic, "--manager", person, "--also-doctor", "--password-stdin"];
        let made = self.command_line().result(&words, Some(PASSWORD));
        assert_eq!(made["clinic"], clinic);
        self
    }
}

impl Window {
    /// At the locked screen: chooses the tile, types the password.
    pub fn unlock(&self, person: &str, password: &str) -> &Self {
        self.click(person).fill("Password", password).click("Unlock").finds(Role::Control, "Lock")
    }

    /// Locks by the button and waits until the screen is empty of everything else.
    pub fn lock(&self) -> &Self {
        self.click("Lock").sees("The desk is locked")
    }

    /// Another person takes over.
    pub fn hand_over_to(&self, person: &str, password: &str) -> &Self {
        self.lock().unlock(person, password)
    }

    pub fn go_to(&self, place: &str) -> &Self {
        self.click(place).finds(Role::Heading, Named::Starts(place))
    }

    /// The recovery kit asks for two of its words.
    pub fn confirm_kit(&self) -> &Self {
        self.finds(Role::Heading, "Your recovery kit");
        let kit: Vec<String> = self.names(Role::ListItem, Named::Has(""));
        assert_eq!(kit.len(), 24, "the kit has 24 words: {kit:?}");
        for field in self.names(Role::Field, Named::Starts("Word no. ")) {
            let number: usize = field.trim_start_matches("Word no. ").parse().expect("a number");
            self.fill(&field, &kit[number - 1]);
        }
        self.click("Continue")
    }

    /// A manager adds somebody.
    pub fn add_staff(&self, person: Person) -> &Self {
        self.click("Add staff").finds(Role::Dialog, "Add to the staff");
        self.fill("Name", person.name);
        for role in person.roles {
            self.click(*role);
        }
        self.fill("First password", PASSWORD);
        // The same words open the form and take it: the one inside the panel comes first.
        self.click("Add staff").sees(&format!("{} can now unlock the desk.", person.name));
        self
    }

    /// Gives the password again where the desk asks for a fresh proof.
    pub fn prove_if_asked(&self, password: &str, done: &str) -> &Self {
        let asked = until(PATIENCE, || match (self.shows(done), self.has(Role::Dialog, "Is it you?")) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            _ => None,
        });
        match asked {
            Some(true) => self.fill("Password", password).click("Confirm").sees(done),
            Some(false) => self,
            None => self.fail(&format!("neither “{done}” nor a question for the password")),
        }
    }
}
