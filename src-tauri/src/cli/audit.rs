//! `gladstone audit verify`.

use clinic::audit::verify;

use super::{CliError, DeskArguments, print};

#[derive(clap::Subcommand)]
pub enum Audit {
    /// Read both chains from end to end and name each place where they were tampered with.
    Verify,
}

impl Audit {
    pub(super) fn run(self, desk: &DeskArguments<'_>) -> Result<(), CliError> {
        let Self::Verify = self;
        let found = desk.session(|session| Ok(verify(session)?))?;
        print(&found)?;
        if found.ok { Ok(()) } else { Err(CliError::Refused("the trail was tampered with")) }
    }
}
