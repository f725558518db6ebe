//! `gladstone <verb>`: the same use cases without a window, through the same vault, session, permissions and audit.
//!
//! Results go to standard output as JSON, messages to standard error. Exit 0, 1 (refused, with the reason) or 2 (usage).

mod audit;
pub mod checks;
mod fhir;
mod init;
mod scribe;
mod search;

use std::{
    io::{BufRead, IsTerminal},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use clinic::{ClinicError, Session, Vault};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::os;

/// Clinic workstation. Without a verb the window opens.
#[derive(Parser)]
#[command(name = "gladstone", version, about)]
pub struct Arguments {
    /// The desk's folder; else GLADSTONE_HOME, else the user's data folder.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// Member of staff, by name or id.
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub as_staff: Option<String>,
    /// The password is the first line of standard input. It is never taken from anywhere else.
    #[arg(long, global = true)]
    pub password_stdin: bool,
    /// Form of the result.
    #[arg(long, global = true, value_enum, default_value_t = Format::Json)]
    pub format: Format,
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Json,
}

#[derive(Subcommand)]
pub enum Verb {
    /// Set up a clinic on this desk.
    Init(init::Init),
    /// Turn a sound file into a transcript. Needs no vault, keeps nothing.
    Transcribe(scribe::Transcribe),
    /// Draft a note from a transcript, with evidence for every sentence. Needs no vault, keeps nothing.
    Draft(scribe::Draft),
    /// Find patients; `-` reads one query a line.
    Search(search::Search),
    /// Take records in.
    #[command(subcommand)]
    Import(fhir::Import),
    /// Give records out.
    #[command(subcommand)]
    Export(fhir::Export),
    /// The audit trail.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Check microphone, keyring, models, database and disk, and say what to do.
    Doctor,
}

/// Why a verb was refused.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error(transparent)]
    Clinic(#[from] ClinicError),
    #[error(transparent)]
    Transcribe(#[from] ::scribe::transcribe::TranscribeError),
    #[error(transparent)]
    Read(#[from] ::scribe::read::ReadError),
    #[error("{path}: {source}")]
    File { path: String, source: std::io::Error },
    #[error("name the member of staff with --as")]
    NoStaff,
    #[error("standard input is a terminal, which would show the password: hand it over by a pipe or a file")]
    Terminal,
    #[error("standard input holds no password")]
    NoPassword,
    #[error("standard input could not be read")]
    Input(#[from] std::io::Error),
    #[error("the result could not be written")]
    Output(#[from] serde_json::Error),
    /// The result says what was refused; it is printed already.
    #[error("{0}")]
    Refused(&'static str),
}

/// Runs one verb.
pub fn run(verb: Verb, folder: &Path, staff: Option<&str>) -> ExitCode {
    let desk = DeskArguments { folder, staff };
    let done = match verb {
        Verb::Init(init) => init.run(&desk),
        Verb::Transcribe(transcribe) => transcribe.run(),
        Verb::Draft(draft) => draft.run(),
        Verb::Search(search) => search.run(&desk),
        Verb::Import(import) => import.run(&desk),
        Verb::Export(export) => export.run(&desk),
        Verb::Audit(audit) => audit.run(&desk),
        Verb::Doctor => checks::run(&desk),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Which desk, and who.
struct DeskArguments<'a> {
    folder: &'a Path,
    staff: Option<&'a str>,
}

impl DeskArguments<'_> {
    fn vault(&self) -> Result<Vault, CliError> {
        Ok(Vault::open(self.folder, os::keyring::system())?)
    }

    /// Unlocks with the first line of standard input, works, and locks again.
    fn session<T>(&self, work: impl FnOnce(&mut Session) -> Result<T, CliError>) -> Result<T, CliError> {
        let vault = self.vault()?;
        let staff = match self.staff {
            Some(staff) => staff.to_owned(),
            // One person alone needs no name.
            None => match vault.state()?.staff.as_slice() {
                [only] => only.id.to_string(),
                _ => return Err(CliError::NoStaff),
            },
        };
        let password = password()?;
        let mut session = vault.unlock(&staff, &password)?;
        let done = work(&mut session);
        vault.lock(session, clinic::session::LockReason::User)?;
        done
    }
}

/// The first line of standard input.
fn password() -> Result<Zeroizing<String>, CliError> {
    if std::io::stdin().is_terminal() {
        // A terminal would show it, and a shell's history may keep it.
        return Err(CliError::Terminal);
    }
    let mut line = Zeroizing::new(String::with_capacity(256));
    std::io::stdin().lock().read_line(&mut line)?;
    let password = Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned());
    if password.is_empty() { Err(CliError::NoPassword) } else { Ok(password) }
}

/// Prints one result.
fn print(result: &impl Serialize) -> Result<(), CliError> {
    println!("{}", serde_json::to_string(result)?);
    Ok(())
}
