//! `gladstone doctor`: what this desk needs, whether it is there, and what to do where it is not.

use std::path::Path;

use clinic::unlock::{DeskState, KeyringMode, VaultPhase};
use scribe::transcribe::models::{self, Kind, Trust};
use serde::Serialize;

use super::{CliError, DeskArguments, print};

/// Room on the disk below which a day's work is at risk, in bytes.
const LITTLE_ROOM: u64 = 2 << 30;

/// One thing that was checked.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct DeskCheck {
    /// microphone | keyring | model | voice_detection | database | disk
    pub name: String,
    pub ok: bool,
    pub detail: String,
    /// What to do; empty when all is well.
    pub advice: String,
}

#[derive(Serialize)]
struct Checks {
    checks: Vec<DeskCheck>,
}

pub(super) fn run(desk: &DeskArguments<'_>) -> Result<(), CliError> {
    let state = desk.vault().ok().and_then(|vault| vault.state().ok());
    let checks = all(desk.folder, state.as_ref());
    let well = checks.iter().all(|check| check.ok);
    print(&Checks { checks })?;
    if well { Ok(()) } else { Err(CliError::Refused("something needs a look")) }
}

/// Checks everything. `state` is `None` when the desk's folder could not be used.
pub fn all(folder: &Path, state: Option<&DeskState>) -> Vec<DeskCheck> {
    let speech = models::find(models::DEFAULT, Kind::Speech, None, Trust::Pinned);
    let voice = models::find(models::VAD, Kind::Vad, None, Trust::Pinned);
    vec![microphone(), keyring(state), model("model", speech), model("voice_detection", voice), database(state), disk(folder)]
}

fn check(name: &str, ok: bool, detail: impl Into<String>, advice: &str) -> DeskCheck {
    DeskCheck { name: name.to_owned(), ok, detail: detail.into(), advice: if ok { String::new() } else { advice.to_owned() } }
}

fn microphone() -> DeskCheck {
    const ADVICE: &str = "Plug a microphone in, or allow this app to use it in the system's sound and privacy settings.";
    match scribe::capture::microphones() {
        Ok(found) if found.is_empty() => check("microphone", false, "no microphone was found", ADVICE),
        Ok(found) => {
            let default = found.iter().find(|microphone| microphone.is_default).or(found.first());
            check("microphone", true, default.map(|microphone| microphone.name.clone()).unwrap_or_default(), ADVICE)
        }
        Err(error) => check("microphone", false, error.to_string(), ADVICE),
    }
}

fn keyring(state: Option<&DeskState>) -> DeskCheck {
    let (ok, detail, advice) = match state.map(|state| state.keyring) {
        Some(KeyringMode::Os) => (true, "the system keyring holds this desk's secret", ""),
        Some(KeyringMode::None) => (
            false,
            "this desk works without the system keyring, as a manager accepted",
            "A stolen disk is guarded by the passwords alone. Set a keyring up and make the desk anew, or encrypt the disk.",
        ),
        Some(KeyringMode::Unavailable) => {
            (false, "there is no keyring service", "Start the desktop's keyring (GNOME Keyring or KWallet) and try again.")
        }
        Some(KeyringMode::Locked) => {
            (false, "the keyring is locked", "Unlock the desktop's keyring, usually by logging in with the password.")
        }
        Some(KeyringMode::Lost) => {
            (false, "the keyring does not hold this desk's secret", "Log in as the user who set the desk up, or use the recovery kit.")
        }
        None => (false, "the desk's folder could not be used", "Close the other Gladstone window, or check the folder's permissions."),
    };
    check("keyring", ok, detail, advice)
}

fn model(name: &str, found: Result<models::Model, models::ModelError>) -> DeskCheck {
    match found {
        Ok(model) => check(name, true, model.name(), ""),
        Err(error) => check(name, false, error.to_string(), "Run the set-up again, or put the official model file into the models folder."),
    }
}

fn database(state: Option<&DeskState>) -> DeskCheck {
    let (ok, detail) = match state.map(|state| state.phase) {
        Some(VaultPhase::New) => (true, "no clinic is set up on this desk yet"),
        Some(VaultPhase::Locked) => (true, "the vault and its database are there"),
        Some(VaultPhase::Damaged) => (false, "the vault header or the database cannot be opened"),
        None => (false, "the desk's folder could not be used"),
    };
    check("database", ok, detail, "Nothing was changed or made anew. Restore the newest backup, or bring the folder back as it was.")
}

fn disk(folder: &Path) -> DeskCheck {
    const ADVICE: &str = "Make room on this disk: recordings and backups need it.";
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(folder);
    match fs4::available_space(there) {
        Ok(room) => check("disk", room >= LITTLE_ROOM, format!("{:.1} GB free", room as f64 / 1e9), ADVICE),
        Err(error) => check("disk", false, error.to_string(), ADVICE),
    }
}
