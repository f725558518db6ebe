//! What the receptionist does.

use super::{Named, Role, Window};

/// Somebody who comes to the clinic.
#[derive(Clone, Copy, Debug)]
pub struct Patient {
    pub given: &'static str,
    pub family: &'static str,
    /// Day first, as it is said at the desk.
    pub born: &'static str,
    pub sex: &'static str,
    pub phone: &'static str,
}

impl Patient {
    pub const SITI: Self = Self { given: "Siti Nurhaliza", family: "Ahmad", born: "11/3/1979", sex: "Female", phone: "012-345 6789" };

    /// As the desk shows it.
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

impl Window {
    /// Fills the form of a new patient; it is not sent yet.
    pub fn write_patient(&self, patient: &Patient) -> &Self {
        self.finds(Role::Dialog, "Register a patient");
        self.fill("Given name", patient.given).fill("Family name", patient.family).fill("Birth date", patient.born);
        self.click(patient.sex).fill("Phone", patient.phone)
    }

    /// Registers somebody new, from any screen. Ends at the question what is next.
    pub fn register(&self, patient: &Patient) -> &Self {
        self.chord("Ctrl+N").write_patient(patient).click("Register").sees(&format!("{} is registered", patient.name()))
    }

    /// Right after registering: the patient is here already.
    pub fn walk_in(&self, patient: &Patient, reason: &str) -> &Self {
        self.fill("Reason", reason).click("Walk-in now").sees(&format!("{} waits for", patient.name()))
    }

    /// Right after registering, or in the diary: fills the rest of the appointment and books it.
    pub fn book(&self, practitioner: &str, time: &str, reason: &str) -> &Self {
        self.finds(Role::Dialog, "Book an appointment");
        if self.value("Practitioner") != practitioner {
            self.choose("Practitioner", practitioner);
        }
        self.fill("Time", time).fill("Reason", reason)
    }

    /// Two letters of the name, then Enter.
    pub fn who_is_here(&self, letters: &str, patient: &str) -> &Self {
        self.click_nth(Role::Field, "Who is here?", 0).type_in(letters);
        self.finds(Role::Any("option"), Named::Has(patient)).press("Enter").sees(&format!("{patient} is checked in"))
    }
}
