//! One desk's vault: set-up, unlock, recovery, staff slots.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use crypto::{
    Credentials, NewStaff, PasswordCost, RecoveryKey, SealingKeyPair, SecretKey, SigningKey, StaffId, StaffKeyPair, VaultHeader, VaultKey,
};
use fs4::FileExt;
use protocol::DeskId;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    Keyring, KeyringError, UnlockError, check_password,
    delay::Attempts,
    files::{make_folder, write_atomically},
    password::normalised,
};
use crate::{
    access::{Access, ManageStaff, Role},
    audit::{self, AuditEvent, Outcome},
    changes::HybridClock,
    db::{self, Chain, DeskIdentity, Migration},
    error::ClinicError,
    ids::PractitionerId,
    practitioner::{self, Practitioner, StaffRequest, StaffView},
    session::{Actor, Session},
    settings::{self, ClinicSettings},
    types::{now_millis, required_line},
};

/// Password hashing is measured to about this long at set-up.
const HASH_TIME: Duration = Duration::from_millis(500);

pub(crate) const MIGRATIONS: &[Migration] =
    &[Migration { version: 2026112400, sql: "CREATE TABLE desk_secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT" }];

/// A desk's folder, held by this program alone.
pub struct Vault {
    dir: PathBuf,
    keyring: Arc<dyn Keyring>,
    /// Holds the lock; closing it lets go. The open session shares it: two sessions would write two pasts.
    lock: Arc<File>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum VaultPhase {
    New,
    Locked,
    /// Header or database cannot be opened. Nothing is made anew; a backup can be restored.
    Damaged,
}

/// What guards the staff section of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum KeyringMode {
    Os,
    /// The weaker mode that a manager accepted.
    None,
    Unavailable,
    Locked,
    /// The keyring is there and does not hold the secret: a new profile, or a locked collection that looks like one.
    Lost,
}

#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct StaffTile {
    pub id: PractitionerId,
    pub name: String,
}

/// What the locked screen may know.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct DeskState {
    pub phase: VaultPhase,
    pub clinic: Option<String>,
    pub staff: Vec<StaffTile>,
    pub keyring: KeyringMode,
    #[serde(rename = "waitSeconds")]
    pub wait_seconds: u32,
    pub demo: bool,
}

/// First-run answers.
pub struct SetUp {
    pub clinic: String,
    pub manager: String,
    pub roles: Vec<Role>,
    pub password: Zeroizing<String>,
    pub accept_no_keyring: bool,
    pub demo: bool,
    /// `None`: measured on this machine.
    pub cost: Option<PasswordCost>,
}

/// What opens the vault when everything else is lost. Shown once.
#[derive(Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryKit {
    pub clinic: String,
    pub words: Vec<String>,
    /// Date `YYYY-MM-DD`.
    pub made_on: String,
}

/// What the locked screen shows by the clinic's wish. Nothing secret: a stranger who changes it learns only what the keyring gives them anyway.
#[derive(Serialize, Deserialize)]
struct LockScreen {
    show_staff_tiles: bool,
    demo: bool,
}

impl Vault {
    /// Takes the folder. Fails while another program holds it.
    pub fn open(dir: &Path, keyring: Arc<dyn Keyring>) -> Result<Self, ClinicError> {
        make_folder(dir)?;
        let lock = File::create(dir.join("lock"))?;
        if !FileExt::try_lock(&lock).map(|()| true).or_else(|error| match error {
            fs4::TryLockError::WouldBlock => Ok(false),
            fs4::TryLockError::Error(error) => Err(error),
        })? {
            return Err(UnlockError::InUse.into());
        }
        let vault = Self { dir: dir.to_owned(), keyring, lock: Arc::new(lock) };
        if !vault.folder().exists() {
            vault.clear_unfinished()?;
        }
        Ok(vault)
    }

    /// A set-up that did not finish was never shown as done.
    fn clear_unfinished(&self) -> Result<(), ClinicError> {
        match std::fs::remove_dir_all(self.dir.join("vault.new")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// One session at a time.
    fn nobody_here(&self) -> Result<(), ClinicError> {
        if Arc::strong_count(&self.lock) > 1 { Err(UnlockError::InUse.into()) } else { Ok(()) }
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn folder(&self) -> PathBuf {
        self.dir.join("vault")
    }

    fn header_file(&self) -> PathBuf {
        self.folder().join("header")
    }

    fn database(&self) -> PathBuf {
        self.folder().join("clinic.db")
    }

    fn quarantine_mark(&self) -> PathBuf {
        self.dir.join("quarantined")
    }

    /// The files are still those that did not open. Others, put back by a person, get their own chance.
    fn is_quarantined(&self) -> bool {
        std::fs::read_to_string(self.quarantine_mark()).is_ok_and(|mark| mark == self.fingerprint())
    }

    /// Sizes and times of the vault's two files.
    fn fingerprint(&self) -> String {
        let of = |path: PathBuf| {
            let file = std::fs::metadata(path).ok();
            let changed = file.as_ref().and_then(|file| file.modified().ok()).and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
            format!("{:?} {:?}", file.map(|file| file.len()), changed)
        };
        format!("did not open\nheader {}\ndatabase {}\n", of(self.header_file()), of(self.database()))
    }

    fn header(&self) -> Result<VaultHeader, ClinicError> {
        if !self.folder().exists() {
            return Err(UnlockError::NoVault.into());
        }
        match std::fs::read(self.header_file()) {
            Ok(bytes) => Ok(VaultHeader::decode(&bytes).map_err(UnlockError::from)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(UnlockError::Damaged.into()),
            Err(error) => Err(error.into()),
        }
    }

    fn keyring_secret(&self, header: &VaultHeader) -> Result<Option<SecretKey>, KeyringError> {
        header.has_keyring().then(|| self.keyring.load(&vault_name(header))).transpose()
    }

    /// What the locked screen shows.
    pub fn state(&self) -> Result<DeskState, ClinicError> {
        let blank = |phase, keyring| DeskState { phase, clinic: None, staff: Vec::new(), keyring, wait_seconds: 0, demo: false };
        let header = match self.header() {
            Ok(header) => header,
            Err(ClinicError::Unlock(UnlockError::NoVault)) => {
                let keyring = match self.keyring.load("set-up") {
                    Ok(_) | Err(KeyringError::NoEntry) => KeyringMode::Os,
                    Err(KeyringError::Locked) => KeyringMode::Locked,
                    Err(KeyringError::Unavailable) => KeyringMode::Unavailable,
                };
                return Ok(blank(VaultPhase::New, keyring));
            }
            Err(ClinicError::Unlock(UnlockError::Damaged)) => return Ok(blank(VaultPhase::Damaged, KeyringMode::Os)),
            Err(other) => return Err(other),
        };
        let phase = if self.database().exists() && !self.is_quarantined() { VaultPhase::Locked } else { VaultPhase::Damaged };
        let (keyring, secret) = match self.keyring_secret(&header) {
            Ok(None) => (KeyringMode::None, None),
            Ok(Some(secret)) => (KeyringMode::Os, Some(secret)),
            Err(KeyringError::NoEntry) => return Ok(blank(phase, KeyringMode::Lost)),
            Err(KeyringError::Locked) => return Ok(blank(phase, KeyringMode::Locked)),
            Err(KeyringError::Unavailable) => return Ok(blank(phase, KeyringMode::Unavailable)),
        };
        let section = match header.open_staff_section(secret.as_ref()).map_err(UnlockError::from) {
            Ok(section) => section,
            Err(UnlockError::Keyring(_)) => return Ok(blank(phase, KeyringMode::Lost)),
            Err(UnlockError::Damaged) => return Ok(blank(VaultPhase::Damaged, keyring)),
            Err(other) => return Err(other.into()),
        };
        let all: Vec<StaffTile> =
            section.staff().map(|slot| StaffTile { id: practitioner_id(slot.staff_id), name: slot.display_name }).collect();
        let screen = self.lock_screen();
        let attempts = Attempts::load(&self.dir, now_millis(), all.iter().map(|tile| tile.id));
        Ok(DeskState {
            phase,
            clinic: Some(section.clinic().to_owned()),
            wait_seconds: attempts.longest_wait(now_millis()),
            staff: if screen.show_staff_tiles { all } else { Vec::new() },
            keyring,
            demo: screen.demo,
        })
    }

    /// Makes the vault, the database and the first manager. All of it, or nothing.
    pub fn set_up(&self, request: SetUp) -> Result<(RecoveryKit, Session), ClinicError> {
        if self.folder().exists() {
            return Err(UnlockError::Exists.into());
        }
        let clinic = required_line("clinic", &request.clinic)?;
        let name = required_line("managerName", &request.manager)?;
        check_password(&request.password, &[clinic.clone(), name.clone()])?;
        self.clear_unfinished()?;
        let cost = match request.cost {
            Some(cost) => cost,
            None => PasswordCost::measure(HASH_TIME).map_err(|source| UnlockError::Header(crypto::HeaderError::Cost(source)))?,
        };
        let id = PractitionerId::make();
        let password = normalised(&request.password);
        let first = NewStaff {
            staff_id: StaffId(*id.0.as_bytes()),
            display_name: &name,
            credentials: Credentials { password: &password, cost, second: None },
        };
        let secret = SecretKey::make_random();
        let mut made = VaultHeader::create(&clinic, Some(&secret), &first).map_err(UnlockError::from)?;
        match self.keyring.store(&vault_name(&made.header), &secret).and_then(|()| self.keyring.load(&vault_name(&made.header))) {
            Ok(stored) if stored.same_as(&secret) => {}
            Ok(_) | Err(_) if !request.accept_no_keyring => return Err(UnlockError::KeyringNotAccepted.into()),
            Ok(_) | Err(_) => made.header.rewrap(&made.vault_key, None).map_err(UnlockError::from)?,
        }
        let building = self.dir.join("vault.new");
        make_folder(&building)?;
        let clinic_settings = ClinicSettings::new(clinic.clone(), request.demo);
        let mut roles = request.roles;
        if !roles.contains(&Role::Manager) {
            // A clinic that nobody manages could never change anything again.
            roles.push(Role::Manager);
        }
        let first = Practitioner { id, name, roles, active: true, language: None };
        fill_database(
            &self.dir,
            &building.join("clinic.db"),
            &made.vault_key,
            &made.recording_keys,
            made.header.generation(),
            &first,
            &clinic_settings,
        )?;
        write_atomically(&building.join("header"), &made.header.encode())?;
        self.save_lock_screen(&clinic_settings)?;
        std::fs::rename(&building, self.folder())?;
        #[cfg(unix)]
        File::open(&self.dir)?.sync_all()?;
        let words = made.recovery_key.to_words().split(' ').map(str::to_owned).collect();
        let kit = RecoveryKit { clinic, words, made_on: jiff::ZonedDateTime::now().date().to_string() };
        let mut session = self.open_session(&made.header, made.vault_key, id)?;
        session.note_event("set_up", Outcome::Success, None)?;
        Ok((kit, session))
    }

    /// Opens the desk for one person, named by id or, where tiles are hidden, by name.
    pub fn unlock(&self, who: &str, password: &str) -> Result<Session, ClinicError> {
        self.nobody_here()?;
        let header = self.header()?;
        let secret = self.keyring_secret(&header).map_err(UnlockError::from)?;
        let section = header.open_staff_section(secret.as_ref()).map_err(UnlockError::from)?;
        let slot = section
            .staff()
            .find(|slot| practitioner_id(slot.staff_id).to_string() == who || slot.display_name.to_lowercase() == who.trim().to_lowercase())
            .ok_or(UnlockError::UnknownStaff)?;
        let id = practitioner_id(slot.staff_id);
        let mut attempts = Attempts::load(&self.dir, now_millis(), section.staff().map(|slot| practitioner_id(slot.staff_id)));
        match attempts.wait(id, now_millis()) {
            0 => {}
            seconds => return Err(UnlockError::Wait(seconds).into()),
        }
        let unlocked = match header.unlock(&section, &slot.staff_id, &normalised(password), None).map_err(UnlockError::from) {
            Ok(unlocked) => unlocked,
            Err(UnlockError::WrongPassword) => {
                attempts.failed(id, now_millis(), &self.dir)?;
                return Err(UnlockError::WrongPassword.into());
            }
            Err(other) => return Err(other.into()),
        };
        let mut session = self.open_session(&header, unlocked.vault_key, id)?;
        self.report_attempts(&mut session, &mut attempts)?;
        session.note_event("unlock", Outcome::Success, None)?;
        crate::recording::sweep(&session)?;
        Ok(session)
    }

    /// Writes into the trail what happened while the desk was locked. Whoever sits here proved who they are: their count starts over.
    fn report_attempts(&self, session: &mut Session, attempts: &mut Attempts) -> Result<(), ClinicError> {
        for (person, tries) in attempts.unreported() {
            let event = AuditEvent {
                recorded: now_millis(),
                actor: Some(person),
                roles: Vec::new(),
                action: "unlock_failed".to_owned(),
                subject: None,
                record: None,
                outcome: Outcome::Failed,
                detail: Some(format!("{tries} tries")),
            };
            session.append_event(&event)?;
        }
        Ok(attempts.reported(session.actor.id, &self.dir)?)
    }

    /// Opens the desk with the recovery kit and gives one person a new password. The keyring secret is made anew where it is lost.
    pub fn recover(&self, words: &str, who: Option<PractitionerId>, new_password: &str) -> Result<Session, ClinicError> {
        self.nobody_here()?;
        let mut header = self.header()?;
        let key = RecoveryKey::from_words(words).map_err(UnlockError::from)?;
        let vault_key = header.unlock_with_recovery(&key).map_err(UnlockError::from)?;
        let section = header.open_staff_section_by_vault_key(&vault_key).map_err(UnlockError::from)?;
        // Without a name, the first manager, who made the vault.
        let slot =
            section.staff().find(|slot| who.is_none_or(|id| practitioner_id(slot.staff_id) == id)).ok_or(UnlockError::UnknownStaff)?;
        check_password(new_password, &[section.clinic().to_owned(), slot.display_name.clone()])?;
        let credentials = Credentials { password: &normalised(new_password), cost: slot.cost, second: None };
        header.set_credentials(&vault_key, &slot.staff_id, &StaffKeyPair::make_random(), &credentials).map_err(UnlockError::from)?;
        let opens = |header: &VaultHeader, secret| header.open_staff_section(Some(&secret)).is_ok();
        let keyring_is_well = match self.keyring_secret(&header) {
            Ok(None) => true,
            Ok(Some(secret)) => opens(&header, secret),
            // It may well hold the secret: the person unlocks it, and nobody loses its protection unasked.
            Err(KeyringError::Locked) => return Err(UnlockError::Keyring(KeyringError::Locked).into()),
            Err(_) => false,
        };
        let mut detail = None;
        if !keyring_is_well {
            let secret = SecretKey::make_random();
            let name = vault_name(&header);
            let kept = self.keyring.store(&name, &secret).is_ok() && self.keyring.load(&name).is_ok_and(|stored| stored.same_as(&secret));
            header.rewrap(&vault_key, kept.then_some(&secret)).map_err(UnlockError::from)?;
            detail = Some(if kept { "new keyring secret" } else { "without keyring" }.to_owned());
        }
        let id = practitioner_id(slot.staff_id);
        let mut attempts = Attempts::load(&self.dir, now_millis(), section.staff().map(|slot| practitioner_id(slot.staff_id)));
        let mut session = self.open_session(&header, vault_key, id)?;
        self.store_header(&session.conn, &header)?;
        self.report_attempts(&mut session, &mut attempts)?;
        session.note_event("recover", Outcome::Success, detail)?;
        crate::recording::sweep(&session)?;
        Ok(session)
    }

    /// Adds a person: a key slot in the header, then the record.
    pub fn add_staff(&self, session: &mut Session, request: StaffRequest) -> Result<StaffView, ClinicError> {
        let password = Zeroizing::new(request.password);
        let name = required_line("name", &request.name)?;
        if request.roles.is_empty() {
            return Err(ClinicError::invalid("roles", "required"));
        }
        check_password(&password, &[name.clone(), session.settings().clinic.clone()])?;
        // The gate first: whoever may not do this must not learn whether a name is taken.
        let _: Access<ManageStaff> = session.authorize(crate::access::About::nothing().detail("add staff"))?;
        let before = self.header()?;
        let section = before.open_staff_section_by_vault_key(&session.vault_key).map_err(UnlockError::from)?;
        let known = practitioner::load_all(&session.conn)?;
        let mut header = before.clone();
        for slot in section.staff() {
            if !known.iter().any(|person| person.id == practitioner_id(slot.staff_id)) {
                // Left by a power cut between the slot and the record: nobody could ever use it.
                header.remove_staff(&session.vault_key, &slot.staff_id).map_err(UnlockError::from)?;
            } else if slot.display_name.to_lowercase() == name.to_lowercase() {
                return Err(ClinicError::invalid("name", "taken"));
            }
        }
        let cost = section.staff().next().map_or(PasswordCost::floor(), |slot| slot.cost);
        let person = Practitioner { id: PractitionerId::make(), name, roles: request.roles, active: true, language: None };
        let new = NewStaff {
            staff_id: StaffId(*person.id.0.as_bytes()),
            display_name: &person.name,
            credentials: Credentials { password: &normalised(&password), cost, second: None },
        };
        header.add_staff(&session.vault_key, &StaffKeyPair::make_random(), &new).map_err(UnlockError::from)?;
        self.store_header(&session.conn, &header)?;
        if let Err(error) = practitioner::create(session, &person) {
            header.remove_staff(&session.vault_key, &new.staff_id).map_err(UnlockError::from)?;
            self.store_header(&session.conn, &header)?;
            return Err(error);
        }
        Ok(StaffView { id: person.id, name: person.name, roles: person.roles, active: true })
    }

    /// Proves again who sits here. Counts as a failed unlock when wrong.
    pub fn step_up(&self, session: &mut Session, password: &str) -> Result<(), ClinicError> {
        let header = self.header()?;
        let section = header.open_staff_section_by_vault_key(&session.vault_key).map_err(UnlockError::from)?;
        let id = session.actor().id;
        let mut attempts = Attempts::load(&self.dir, now_millis(), [id].into_iter());
        match attempts.wait(id, now_millis()) {
            0 => {}
            seconds => return Err(UnlockError::Wait(seconds).into()),
        }
        // Each failure is in the trail at once here: nothing is left to report at the next unlock.
        match header.unlock(&section, &StaffId(*id.0.as_bytes()), &normalised(password), None).map_err(UnlockError::from) {
            Ok(_) => {
                attempts.reported(id, &self.dir)?;
                session.timer.proved();
                session.note_event("step_up", Outcome::Success, None)
            }
            Err(UnlockError::WrongPassword) => {
                attempts.failed(id, now_millis(), &self.dir)?;
                session.note_event("step_up", Outcome::Failed, None)?;
                attempts.told(id, &self.dir)?;
                Err(UnlockError::WrongPassword.into())
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Ends a session in order: the reason is audited, then the drop closes the database and wipes the keys.
    pub fn lock(&self, mut session: Session, reason: crate::session::LockReason) -> Result<(), ClinicError> {
        session.note_event("lock", Outcome::Success, Some(reason.name().to_owned()))
    }

    /// Saves what the locked screen shows, after the settings changed.
    pub fn save_lock_screen(&self, settings: &ClinicSettings) -> Result<(), ClinicError> {
        let screen = LockScreen { show_staff_tiles: settings.show_staff_tiles, demo: settings.demo };
        let bytes = serde_json::to_vec(&screen).map_err(std::io::Error::other)?;
        Ok(write_atomically(&self.dir.join("lock-screen.json"), &bytes)?)
    }

    /// Removes the demo clinic, all of it. Refused for a real one.
    pub fn delete_demo(&self) -> Result<(), ClinicError> {
        if !self.lock_screen().demo {
            return Err(ClinicError::Conflict("this is not the demo clinic"));
        }
        self.nobody_here()?;
        if let Ok(header) = self.header() {
            // A secret that stays behind opens nothing any more.
            let _ = self.keyring.delete(&vault_name(&header));
        }
        for name in ["vault", "spool"] {
            match std::fs::remove_dir_all(self.dir.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        for name in ["attempts", "chain.anchor", "lock-screen.json", "quarantined"] {
            match std::fs::remove_file(self.dir.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    fn lock_screen(&self) -> LockScreen {
        let read = std::fs::read(self.dir.join("lock-screen.json")).ok();
        // Without the file nothing is shown, and nothing counts as a demo that could be deleted.
        read.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or(LockScreen { show_staff_tiles: false, demo: false })
    }

    fn store_header(&self, conn: &Connection, header: &VaultHeader) -> Result<(), ClinicError> {
        write_atomically(&self.header_file(), &header.encode())?;
        put_secret(conn, "header_generation", &header.generation().to_be_bytes())?;
        Ok(())
    }

    /// As after a right password, for tests that open many times.
    #[cfg(test)]
    pub(crate) fn reopen(&self, vault_key: VaultKey, id: PractitionerId) -> Result<Session, ClinicError> {
        self.open_session(&self.header()?, vault_key, id)
    }

    /// A database that is not there, not ours or not whole is left where it is and as it is; the mark keeps anything from taking it for a
    /// working desk.
    fn open_session(&self, header: &VaultHeader, vault_key: VaultKey, id: PractitionerId) -> Result<Session, ClinicError> {
        match self.try_open_session(header, vault_key, id) {
            Err(error)
                if error.is_damage()
                    || matches!(
                        error,
                        ClinicError::Unlock(UnlockError::Damaged) | ClinicError::Open(db::OpenError::Missing | db::OpenError::NotReadable)
                    ) =>
            {
                write_atomically(&self.quarantine_mark(), self.fingerprint().as_bytes())?;
                Err(UnlockError::Damaged.into())
            }
            other => other,
        }
    }

    fn try_open_session(&self, header: &VaultHeader, vault_key: VaultKey, id: PractitionerId) -> Result<Session, ClinicError> {
        let mut conn = db::open(&self.database(), &vault_key.database_key())?;
        db::migrate(&mut conn, crate::db::TABLES)?;
        let seen = secret(&conn, "header_generation")?;
        if seen.as_slice() > header.generation().to_be_bytes().as_slice() {
            // An older header was put back: a person who was removed would have a way in again.
            return Err(UnlockError::Damaged.into());
        }
        let desk = load_desk(&conn, &self.dir, &vault_key)?;
        let recording_key = SealingKeyPair::from_secret(key_of(&conn, "recording_key")?);
        let settings = settings::load(&conn)?;
        let person =
            practitioner::load_all(&conn)?.into_iter().find(|person| person.id == id && person.active).ok_or(UnlockError::UnknownStaff)?;
        match std::fs::remove_file(self.quarantine_mark()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let actor = Actor { id, name: person.name, roles: person.roles };
        let mut session = Session::new(conn, desk, actor, settings, self.dir.clone(), recording_key, vault_key, self.lock.clone());
        audit::note_faults(&mut session, true)?;
        audit::write_anchor(&self.dir, &session.desk)?;
        Ok(session)
    }
}

/// Makes the database of a new desk, closed again so that the folder can be moved into place.
fn fill_database(
    dir: &Path,
    path: &Path,
    vault_key: &VaultKey,
    recording: &SealingKeyPair,
    generation: u64,
    first: &Practitioner,
    settings: &ClinicSettings,
) -> Result<(), ClinicError> {
    let mut conn = db::create(path, &vault_key.database_key())?;
    db::migrate(&mut conn, crate::db::TABLES)?;
    let mut desk_id = [0; 16];
    getrandom::fill(&mut desk_id).map_err(std::io::Error::other)?;
    put_secret(&conn, "desk_id", &desk_id)?;
    put_secret(&conn, "desk_signing_key", SigningKey::make_random().seed().expose())?;
    put_secret(&conn, "recording_key", recording.secret().expose())?;
    put_secret(&conn, "header_generation", &generation.to_be_bytes())?;
    let mut desk = load_desk(&conn, dir, vault_key)?;
    let event = AuditEvent {
        recorded: now_millis(),
        actor: None,
        roles: Vec::new(),
        action: "set_up".to_owned(),
        subject: None,
        record: None,
        outcome: Outcome::Success,
        detail: None,
    };
    // The first manager and the settings are the desk's own first changes: there is nobody yet to ask for access.
    db::commit_write::<db::SettingUp, _>(&mut conn, &mut desk, None, Access::grant(event), |tx| {
        tx.create(first)?;
        tx.create(settings)
    })?;
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    conn.close().map_err(|(_, error)| error)?;
    audit::write_anchor(dir, &desk)
}

fn load_desk(conn: &Connection, dir: &Path, vault_key: &VaultKey) -> Result<DeskIdentity, ClinicError> {
    let id = DeskId(key_of_16(conn, "desk_id")?);
    let signing = SigningKey::from_bytes(&key_of(conn, "desk_signing_key")?);
    let chain_key = vault_key.chain_mac_key();
    let owner = audit::Owner { dir, desk: id, key: signing.verifying_key(), chain_key: &chain_key };
    let changes = audit::true_head(conn, &owner, Chain::Changes)?;
    let audit = audit::true_head(conn, &owner, Chain::Audit)?;
    let clock = HybridClock::new(id, crate::changes::table::last_time(conn, id)?);
    Ok(DeskIdentity { id, signing, chain_key, clock, changes, audit })
}

fn put_secret(conn: &Connection, name: &str, value: &[u8]) -> rusqlite::Result<()> {
    conn.execute(
        "INSERT INTO desk_secret (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )?;
    Ok(())
}

fn secret(conn: &Connection, name: &str) -> Result<Zeroizing<Vec<u8>>, ClinicError> {
    let value: Option<Vec<u8>> = conn.query_row("SELECT value FROM desk_secret WHERE name = ?1", [name], |row| row.get(0)).optional()?;
    Ok(Zeroizing::new(value.ok_or(UnlockError::Damaged)?))
}

fn key_of(conn: &Connection, name: &str) -> Result<SecretKey, ClinicError> {
    Ok(SecretKey::from_slice(&secret(conn, name)?).ok_or(UnlockError::Damaged)?)
}

fn key_of_16(conn: &Connection, name: &str) -> Result<[u8; 16], ClinicError> {
    Ok(secret(conn, name)?.as_slice().try_into().map_err(|_| UnlockError::Damaged)?)
}

fn practitioner_id(id: StaffId) -> PractitionerId {
    PractitionerId(uuid::Uuid::from_bytes(id.0))
}

/// The vault's name in the OS keyring.
fn vault_name(header: &VaultHeader) -> String {
    header.vault_id().0.iter().map(|byte| format!("{byte:02x}")).collect()
}
