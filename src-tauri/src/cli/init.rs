//! `gladstone init`: makes the vault and the first manager.

use clinic::{
    access::Role,
    session::LockReason,
    unlock::{RecoveryKit, SetUp},
};
use serde::Serialize;

use super::{CliError, DeskArguments, password, print};

#[derive(clap::Args)]
pub struct Init {
    /// Name of the clinic.
    #[arg(long)]
    clinic: String,
    /// Name of the first manager.
    #[arg(long)]
    manager: String,
    /// The manager sees patients as a doctor too.
    #[arg(long)]
    also_doctor: bool,
    /// Work without the system keyring where there is none: weaker, and the security page keeps saying so.
    #[arg(long)]
    accept_no_keyring: bool,
}

#[derive(Serialize)]
struct Made {
    clinic: String,
    manager: String,
    recovery_kit: String,
}

impl Init {
    pub(super) fn run(self, desk: &DeskArguments<'_>) -> Result<(), CliError> {
        let vault = desk.vault()?;
        let roles = if self.also_doctor { vec![Role::Doctor, Role::Manager] } else { vec![Role::Manager] };
        let answers = SetUp {
            clinic: self.clinic,
            manager: self.manager.clone(),
            roles,
            password: password()?,
            accept_no_keyring: self.accept_no_keyring,
            demo: false,
            cost: None,
        };
        let (RecoveryKit { clinic, words, .. }, session) = vault.set_up(answers)?;
        vault.lock(session, LockReason::User)?;
        print(&Made { clinic, manager: self.manager, recovery_kit: words.join(" ") })
    }
}
