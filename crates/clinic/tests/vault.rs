//! Set-up, unlock, recovery, and everything that must be refused rather than made anew.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod harness;

use std::{
    fs,
    sync::{Arc, Mutex},
};

use clinic::{
    ClinicError, Vault,
    audit::{self, Outcome},
    patient,
    session::LockReason,
    unlock::{Keyring, KeyringError, KeyringMode, PasswordCost, SecretKey, SetUp, UnlockError, VaultPhase},
};
use harness::*;

fn refusal<T>(result: Result<T, ClinicError>) -> UnlockError {
    match result {
        Err(ClinicError::Unlock(error)) => error,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was not refused"),
    }
}

#[test]
fn set_up_then_lock_then_unlock_by_name_or_id() {
    let mut clinic = TestClinic::new();
    let patient = clinic.register("Lim");
    clinic.lock();
    let state = clinic.vault.state().unwrap();
    assert_eq!((state.phase, state.keyring, state.clinic.as_deref()), (VaultPhase::Locked, KeyringMode::None, Some("Klinik Seri")));
    assert_eq!(state.staff.iter().map(|tile| tile.name.as_str()).collect::<Vec<_>>(), [MANAGER]);
    let mut session = clinic.vault.unlock(&state.staff[0].id.to_string(), PASSWORD).unwrap();
    assert_eq!(patient::read(&mut session, patient.id).unwrap().display_name, patient.display_name);
    clinic.vault.lock(session, LockReason::Idle).unwrap();
    assert!(clinic.vault.unlock(" aisyah RAHMAN ", PASSWORD).is_ok());
    let locks: Vec<String> = clinic.trail("lock").into_iter().map(|event| event.detail).collect();
    assert_eq!(locks, ["idle", "user"]);
}

#[test]
fn the_first_person_is_a_manager_whatever_was_asked() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault_at(dir.path());
    let (_, mut session) = vault.set_up(SetUp { roles: vec![clinic::access::Role::Doctor], ..set_up_request() }).unwrap();
    assert!(audit::verify(&mut session).unwrap().ok);
}

#[test]
fn a_third_wrong_password_makes_everyone_wait_but_the_kit() {
    let mut clinic = TestClinic::new();
    clinic.lock();
    for _ in 0..2 {
        assert!(matches!(refusal(clinic.vault.unlock(MANAGER, "not the password")), UnlockError::WrongPassword));
    }
    let began = std::time::Instant::now();
    assert!(matches!(refusal(clinic.vault.unlock(MANAGER, "not the password")), UnlockError::WrongPassword));
    let right = clinic.vault.unlock(MANAGER, PASSWORD);
    let waits = matches!(right, Err(ClinicError::Unlock(UnlockError::Wait(1))));
    assert!(waits || began.elapsed().as_secs() >= 1, "even the right one waits a second");
    drop(right);
    drop(clinic.vault);
    // Nobody has to wait for the attempts to be old: a file that cannot be read is one full wait.
    fs::write(clinic.dir.path().join("attempts"), b"\xff").unwrap();
    clinic.vault = vault_at(clinic.dir.path());
    assert_eq!(clinic.vault.state().unwrap().wait_seconds, clinic::unlock::WAIT_LIMIT);
    assert!(matches!(refusal(clinic.vault.unlock(MANAGER, PASSWORD)), UnlockError::Wait(_)));
    // The kit is a way in without a wait, and ends it.
    let words = clinic.recovery_words.clone();
    let session = clinic.vault.recover(&words, None, "harimau makan durian tengah malam").unwrap();
    clinic.vault.lock(session, LockReason::User).unwrap();
    assert!(clinic.vault.unlock(MANAGER, "harimau makan durian tengah malam").is_ok());
}

#[test]
fn failed_unlocks_are_in_the_trail_after_the_next_unlock_of_anyone() {
    let mut clinic = TestClinic::new().with_doctor();
    clinic.lock();
    for _ in 0..2 {
        assert!(matches!(refusal(clinic.vault.unlock(DOCTOR, "not the password")), UnlockError::WrongPassword));
    }
    for _ in 0..2 {
        let told = clinic.trail("unlock_failed");
        assert_eq!(told.len(), 1, "once");
        assert_eq!((told[0].actor.as_str(), told[0].detail.as_str(), told[0].outcome), (DOCTOR, "2 tries", Outcome::Failed));
        clinic.lock();
    }
}

#[test]
fn added_staff_unlock_and_weak_or_taken_is_refused() {
    let mut clinic = TestClinic::new().with_doctor();
    assert_eq!(clinic.as_(DOCTOR).actor().name, DOCTOR);
    clinic.as_(MANAGER);
    let request = |name: &str, password: &str| clinic::practitioner::StaffRequest {
        name: name.to_owned(),
        roles: vec![clinic::access::Role::Nurse],
        password: password.to_owned(),
    };
    let (vault, session) = clinic.desk();
    assert!(matches!(
        refusal(vault.add_staff(session, request("Siti Halim", "sitihalim2026"))),
        UnlockError::WeakPassword("contains_name")
    ));
    assert!(matches!(refusal(vault.add_staff(session, request("Siti Halim", "short"))), UnlockError::WeakPassword("too_short")));
    assert!(
        matches!(vault.add_staff(session, request("ravi MENON", PASSWORD)), Err(ClinicError::Invalid(fault)) if fault.reason == "taken")
    );
    let session = clinic.as_(DOCTOR);
    session.timer.touch();
    let (vault, session) = clinic.desk();
    assert!(matches!(vault.add_staff(session, request("Siti Halim", PASSWORD)), Err(ClinicError::Denied(_))));
    assert_eq!(vault.state().unwrap().staff.len(), 2, "a refusal leaves no slot");
    clinic.lock();
    assert!(matches!(refusal(clinic.vault.unlock("Siti Halim", PASSWORD)), UnlockError::UnknownStaff));
}

#[test]
fn recovery_words_open_the_vault_and_nothing_else_does() {
    let mut clinic = TestClinic::new().with_doctor();
    let patient = clinic.register("Lim").id;
    clinic.lock();
    let words = clinic.recovery_words.clone();
    let new = "harimau makan durian tengah malam";
    let swapped = words.split(' ').rev().collect::<Vec<_>>().join(" ");
    let before = files(&clinic.dir.path().join("vault"));
    assert!(clinic.vault.recover(&swapped, None, new).is_err());
    assert!(matches!(refusal(clinic.vault.recover(&words, None, "short")), UnlockError::WeakPassword(_)));
    assert_eq!(files(&clinic.dir.path().join("vault"))["header"], before["header"]);
    let doctor = clinic.id_of(DOCTOR);
    let mut session = clinic.vault.recover(&words, Some(doctor), new).unwrap();
    assert_eq!(session.actor().name, DOCTOR);
    assert!(patient::read(&mut session, patient).is_ok());
    clinic.vault.lock(session, LockReason::User).unwrap();
    assert!(matches!(refusal(clinic.vault.unlock(DOCTOR, PASSWORD)), UnlockError::WrongPassword), "the old password is gone");
    drop(clinic.vault.unlock(DOCTOR, new).unwrap());
    assert_eq!(clinic.trail("recover").len(), 1, "the manager's password is as it was");
}

#[test]
fn half_written_forms_survive_the_lock_and_are_the_writers_own() {
    let mut clinic = TestClinic::new().with_doctor().with_nurse();
    let session = clinic.as_(DOCTOR);
    session.save_form("note:1", "{\"text\":\"half a sen\"}").unwrap();
    session.save_form("note:1", "{\"text\":\"half a sentence\"}").unwrap();
    let session = clinic.as_(NURSE);
    assert_eq!((session.load_form("note:1").unwrap(), session.form_keys().unwrap().len()), (None, 0));
    session.save_form("note:1", "mine").unwrap();
    session.drop_form("note:1").unwrap();
    drop(clinic.vault.unlock(MANAGER, PASSWORD).err().expect("one session at a time"));
    let session = clinic.as_(DOCTOR);
    assert_eq!(session.form_keys().unwrap(), ["note:1"]);
    assert_eq!(session.load_form("note:1").unwrap().as_deref(), Some("{\"text\":\"half a sentence\"}"));
    assert!(session.save_form("", "x").is_err());
    assert!(session.save_form("big", &"x".repeat(300 * 1024)).is_err());
    session.drop_form("note:1").unwrap();
    assert_eq!(session.load_form("note:1").unwrap(), None);
}

#[test]
fn one_program_and_one_session_has_the_folder() {
    let mut clinic = TestClinic::new();
    let folder = clinic.dir.path().to_owned();
    let second = || Vault::open(&folder, Arc::new(NoKeyring));
    assert!(matches!(refusal(second()), UnlockError::InUse));
    assert!(matches!(refusal(clinic.vault.unlock(MANAGER, PASSWORD)), UnlockError::InUse), "someone is at the desk");
    let words = clinic.recovery_words.clone();
    assert!(matches!(refusal(clinic.vault.recover(&words, None, PASSWORD)), UnlockError::InUse));
    clinic.lock();
    assert!(matches!(refusal(second()), UnlockError::InUse), "also while locked");
    let session = clinic.vault.unlock(MANAGER, PASSWORD).unwrap();
    let dir = clinic.dir;
    drop(clinic.vault);
    assert!(matches!(refusal(Vault::open(dir.path(), Arc::new(NoKeyring))), UnlockError::InUse), "the open database keeps the folder");
    drop(session);
    assert!(Vault::open(dir.path(), Arc::new(NoKeyring)).is_ok());
}

#[test]
fn an_unfinished_set_up_leaves_nothing_and_can_be_done_again() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("vault.new")).unwrap();
    fs::write(dir.path().join("vault.new/clinic.db"), b"half").unwrap();
    fs::write(dir.path().join("vault.new/header"), b"half").unwrap();
    let vault = vault_at(dir.path());
    assert!(!dir.path().join("vault.new").exists());
    assert_eq!(vault.state().unwrap().phase, VaultPhase::New);
    assert!(matches!(refusal(vault.unlock(MANAGER, PASSWORD)), UnlockError::NoVault));
    // One that fails in the middle while the program lives on.
    fs::create_dir_all(dir.path().join("vault.new")).unwrap();
    fs::write(dir.path().join("vault.new/clinic.db"), b"half").unwrap();
    let weak = SetUp { password: "short".to_owned().into(), ..set_up_request() };
    assert!(matches!(refusal(vault.set_up(weak)), UnlockError::WeakPassword(_)));
    let careful = SetUp { accept_no_keyring: false, ..set_up_request() };
    assert!(matches!(refusal(vault.set_up(careful)), UnlockError::KeyringNotAccepted));
    assert_eq!(vault.state().unwrap().phase, VaultPhase::New);
    drop(vault.set_up(set_up_request()).unwrap());
    assert!(matches!(refusal(vault.set_up(set_up_request())), UnlockError::Exists));
}

// Quarantine.

/// Tries every door with the right password and the right words; all refuse, and no file of the vault is touched or made.
fn refused_as_damaged(clinic: &TestClinic, what: &str) {
    let vault = clinic.dir.path().join("vault");
    let before = files(&vault);
    assert!(matches!(refusal(clinic.vault.unlock(MANAGER, PASSWORD)), UnlockError::Damaged), "{what}");
    assert!(matches!(refusal(clinic.vault.set_up(set_up_request())), UnlockError::Exists), "{what}: nothing is made anew");
    assert_eq!(files(&vault), before, "{what}");
    assert_eq!(clinic.vault.state().unwrap().phase, VaultPhase::Damaged, "{what}");
}

fn locked_clinic() -> TestClinic {
    let mut clinic = TestClinic::new();
    clinic.register("Lim");
    clinic.lock();
    clinic
}

#[test]
fn a_missing_or_strange_database_is_quarantined_and_never_made_anew() {
    let clinic = locked_clinic();
    let database = clinic.dir.path().join("vault/clinic.db");
    let good = fs::read(&database).unwrap();
    fs::remove_file(&database).unwrap();
    refused_as_damaged(&clinic, "missing");
    fs::write(&database, b"").unwrap();
    refused_as_damaged(&clinic, "empty");
    fs::write(&database, &good[..4096]).unwrap();
    refused_as_damaged(&clinic, "cut after the first page");
    fs::write(&database, vec![0x41; good.len()]).unwrap();
    refused_as_damaged(&clinic, "noise");
    let plain = rusqlite::Connection::open(clinic.dir.path().join("plain.db")).unwrap();
    plain.execute_batch("CREATE TABLE patient (name TEXT); INSERT INTO patient VALUES ('x')").unwrap();
    drop(plain);
    fs::copy(clinic.dir.path().join("plain.db"), &database).unwrap();
    refused_as_damaged(&clinic, "a plain SQLite file");
    let other = locked_clinic();
    fs::copy(other.dir.path().join("vault/clinic.db"), &database).unwrap();
    refused_as_damaged(&clinic, "another clinic's");
    fs::write(&database, &good).unwrap();
    assert_eq!(clinic.vault.state().unwrap().phase, VaultPhase::Locked, "the right file, put back, gets its chance");
    let mut session = clinic.vault.unlock(MANAGER, PASSWORD).unwrap();
    assert_eq!(patient::find(&mut session, "Lim").unwrap().len(), 1);
}

#[test]
fn a_flipped_bit_in_any_page_of_the_database_is_never_read_over() {
    let clinic = locked_clinic();
    let database = clinic.dir.path().join("vault/clinic.db");
    let good = fs::read(&database).unwrap();
    for page in 0..good.len() / 4096 {
        let mut bytes = good.clone();
        bytes[page * 4096 + 100] ^= 1;
        fs::write(&database, &bytes).unwrap();
        match clinic.vault.unlock(MANAGER, PASSWORD) {
            Err(ClinicError::Unlock(UnlockError::Damaged)) => {}
            Err(other) => panic!("page {page}: {other}"),
            // A page that unlocking does not read is found by looking.
            Ok(mut session) => match audit::verify(&mut session) {
                Err(error) => assert!(error.is_damage(), "page {page}: {error}"),
                Ok(_) => {
                    let damage = session.damaged_pages().unwrap();
                    assert!(!damage.is_empty(), "page {page}");
                }
            },
        }
        for left in ["clinic.db-wal", "clinic.db-shm"] {
            let _ = fs::remove_file(clinic.dir.path().join("vault").join(left));
        }
    }
}

#[test]
fn a_missing_or_flipped_header_opens_nothing() {
    let clinic = locked_clinic();
    let header = clinic.dir.path().join("vault/header");
    let good = fs::read(&header).unwrap();
    fs::remove_file(&header).unwrap();
    refused_as_damaged(&clinic, "missing");
    for bad in [&b""[..], &b"x"[..], &good[..good.len() - 1]] {
        fs::write(&header, bad).unwrap();
        refused_as_damaged(&clinic, "cut");
    }
    // The wrong answer would be to open, or to make something new. What is wrong cannot always be told before the password is.
    let mut wrong_password = 0;
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut bytes = good.clone();
        bytes[at] ^= 4;
        fs::write(&header, &bytes).unwrap();
        match clinic.vault.unlock(MANAGER, PASSWORD) {
            Ok(_) => panic!("byte {at}: it opened"),
            Err(ClinicError::Unlock(UnlockError::WrongPassword)) => wrong_password += 1,
            Err(_) => {}
        }
        assert!(clinic.vault.recover(&clinic.recovery_words, None, PASSWORD).is_err(), "byte {at}");
        assert_eq!(fs::read(&header).unwrap(), bytes);
        let _ = fs::remove_file(clinic.dir.path().join("attempts"));
    }
    assert!(wrong_password < 30, "most flips are told from a wrong password: {wrong_password}");
    fs::write(&header, &good).unwrap();
    assert!(clinic.vault.unlock(MANAGER, PASSWORD).is_ok());
}

#[test]
fn an_older_header_put_back_is_refused() {
    let mut clinic = TestClinic::new();
    let header = clinic.dir.path().join("vault/header");
    let old = fs::read(&header).unwrap();
    clinic = clinic.with_doctor();
    clinic.lock();
    let new = fs::read(&header).unwrap();
    fs::write(&header, &old).unwrap();
    assert!(matches!(refusal(clinic.vault.unlock(MANAGER, PASSWORD)), UnlockError::Damaged));
    assert_eq!(clinic.vault.state().unwrap().phase, VaultPhase::Damaged);
    assert_eq!(fs::read(&header).unwrap(), old);
    fs::write(&header, &new).unwrap();
    assert!(clinic.vault.unlock(DOCTOR, PASSWORD).is_ok());
}

// The keyring's answers.

/// A keyring service whose answer the test chooses; it keeps what it is given, as the real one.
struct Service {
    secret: Mutex<Option<SecretKey>>,
    answer: Mutex<Option<KeyringError>>,
}

impl Service {
    fn new() -> Arc<Self> {
        Arc::new(Self { secret: Mutex::new(None), answer: Mutex::new(None) })
    }

    fn answers(&self, error: Option<KeyringError>) {
        *self.answer.lock().unwrap() = error;
    }

    fn answer(&self) -> Result<(), KeyringError> {
        self.answer.lock().unwrap().map_or(Ok(()), Err)
    }
}

impl Keyring for Service {
    fn load(&self, _: &str) -> Result<SecretKey, KeyringError> {
        self.answer()?;
        self.secret.lock().unwrap().as_ref().map(SecretKey::duplicate).ok_or(KeyringError::NoEntry)
    }
    fn store(&self, _: &str, secret: &SecretKey) -> Result<(), KeyringError> {
        match self.answer() {
            Ok(()) | Err(KeyringError::NoEntry) => {
                *self.secret.lock().unwrap() = Some(secret.duplicate());
                self.answers(None);
                Ok(())
            }
            Err(other) => Err(other),
        }
    }
    fn delete(&self, _: &str) -> Result<(), KeyringError> {
        *self.secret.lock().unwrap() = None;
        Ok(())
    }
}

fn with_keyring() -> (tempfile::TempDir, Arc<Service>, Vault, String) {
    let dir = tempfile::tempdir().unwrap();
    let service = Service::new();
    let vault = Vault::open(dir.path(), service.clone()).unwrap();
    let (kit, session) = vault.set_up(SetUp { accept_no_keyring: false, cost: Some(PasswordCost::floor()), ..set_up_request() }).unwrap();
    drop(session);
    (dir, service, vault, kit.words.join(" "))
}

#[test]
fn a_keyring_that_does_not_answer_is_said_and_never_taken_for_a_first_run() {
    let (dir, service, vault, _) = with_keyring();
    assert_eq!(vault.state().unwrap().keyring, KeyringMode::Os);
    let before = files(&dir.path().join("vault"));
    for (answer, mode) in [
        (KeyringError::NoEntry, KeyringMode::Lost),
        (KeyringError::Locked, KeyringMode::Locked),
        (KeyringError::Unavailable, KeyringMode::Unavailable),
    ] {
        service.answers(Some(answer));
        let state = vault.state().unwrap();
        assert_eq!((state.phase, state.keyring, state.clinic, state.staff.len()), (VaultPhase::Locked, mode, None, 0));
        assert!(matches!(refusal(vault.unlock(MANAGER, PASSWORD)), UnlockError::Keyring(found) if found == answer));
        assert!(matches!(refusal(vault.set_up(set_up_request())), UnlockError::Exists));
    }
    assert_eq!(files(&dir.path().join("vault")), before);
    service.answers(None);
    assert!(vault.unlock(MANAGER, PASSWORD).is_ok(), "nothing was lost meanwhile");
}

#[test]
fn recovery_wraps_the_header_for_the_keyring_there_is() {
    let new = "harimau makan durian tengah malam";
    // A new profile: the service is there and holds nothing.
    let (_dir, service, vault, words) = with_keyring();
    service.delete("").unwrap();
    let lost = vault.state().unwrap();
    assert_eq!(lost.keyring, KeyringMode::Lost);
    drop(vault.recover(&words, None, new).unwrap());
    assert_eq!(vault.state().unwrap().keyring, KeyringMode::Os);
    assert!(vault.unlock(MANAGER, new).is_ok());

    // The service holds another vault's secret under this name.
    *service.secret.lock().unwrap() = Some(SecretKey::make_random());
    assert_eq!(vault.state().unwrap().keyring, KeyringMode::Lost);
    drop(vault.recover(&words, None, PASSWORD).unwrap());
    assert_eq!(vault.state().unwrap().keyring, KeyringMode::Os);
    assert!(vault.unlock(MANAGER, PASSWORD).is_ok());

    // It is locked: it may hold the secret, so that nobody is given the weaker mode unasked.
    let (_dir, service, vault, words) = with_keyring();
    service.answers(Some(KeyringError::Locked));
    let refused = refusal(vault.recover(&words, None, new));
    assert!(matches!(refused, UnlockError::Keyring(KeyringError::Locked)), "{refused}");
    service.answers(None);
    assert!(vault.unlock(MANAGER, PASSWORD).is_ok(), "nothing was changed");

    // No service any more: the weaker mode, which the state goes on saying and the trail tells.
    service.answers(Some(KeyringError::Unavailable));
    drop(vault.recover(&words, None, new).unwrap());
    assert_eq!(vault.state().unwrap().keyring, KeyringMode::None);
    let mut session = vault.unlock(MANAGER, new).unwrap();
    let filter = audit::AuditFilter { action: Some("recover".to_owned()), limit: 1, ..audit::AuditFilter::default() };
    assert_eq!(clinic::chart::audit_events(&mut session, &filter).unwrap()[0].detail, "without keyring");
}
