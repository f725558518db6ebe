//! Roles as stored and shown.

use serde::{Deserialize, Serialize};

/// A person may hold several: in a rural clinic the doctor is the manager too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Doctor,
    Nurse,
    Receptionist,
    Manager,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Doctor, Self::Nurse, Self::Receptionist, Self::Manager];

    pub fn name(self) -> &'static str {
        match self {
            Self::Doctor => "doctor",
            Self::Nurse => "nurse",
            Self::Receptionist => "receptionist",
            Self::Manager => "manager",
        }
    }
}
