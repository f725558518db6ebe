//! One clinic for a story: a real folder, a real vault, a real SQLCipher database, and people who unlock it with their passwords.
//! The desk has no OS keyring, and its manager accepted that: a mode of the product.
#![allow(dead_code, reason = "each test program uses its own part")]
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use std::{collections::BTreeMap, path::Path, sync::Arc};

use clinic::{
    ClinicError, EncounterId, PatientId, PractitionerId, Session, Vault,
    access::Role,
    appointment::{self, AppointmentRequest, AppointmentView},
    audit, chart, encounter,
    patient::{self, PatientRequest, PatientView},
    practitioner::StaffRequest,
    session::LockReason,
    types::HumanName,
    unlock::{Keyring, KeyringError, PasswordCost, SecretKey, SetUp},
};
use tempfile::TempDir;

pub const PASSWORD: &str = "kuda hijau terbang malam";
pub const MANAGER: &str = "Aisyah Rahman";
pub const DOCTOR: &str = "Ravi Menon";
pub const OTHER_DOCTOR: &str = "Grace Wanjiru";
pub const NURSE: &str = "Siti Halim";
pub const RECEPTIONIST: &str = "Mei Tan";

/// A machine without a keyring service.
pub struct NoKeyring;

impl Keyring for NoKeyring {
    fn load(&self, _: &str) -> Result<SecretKey, KeyringError> {
        Err(KeyringError::Unavailable)
    }
    fn store(&self, _: &str, _: &SecretKey) -> Result<(), KeyringError> {
        Err(KeyringError::Unavailable)
    }
    fn delete(&self, _: &str) -> Result<(), KeyringError> {
        Err(KeyringError::Unavailable)
    }
}

pub fn set_up_request() -> SetUp {
    SetUp {
        clinic: "Klinik Seri".to_owned(),
        manager: MANAGER.to_owned(),
        roles: vec![Role::Manager],
        password: PASSWORD.to_owned().into(),
        accept_no_keyring: true,
        demo: false,
        cost: Some(PasswordCost::floor()),
    }
}

pub fn vault_at(dir: &Path) -> Vault {
    Vault::open(dir, Arc::new(NoKeyring)).unwrap()
}

pub struct TestClinic {
    pub dir: TempDir,
    pub vault: Vault,
    pub recovery_words: String,
    staff: BTreeMap<&'static str, PractitionerId>,
    session: Option<Session>,
}

impl TestClinic {
    /// The manager is at the desk.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault_at(dir.path());
        let (kit, session) = vault.set_up(set_up_request()).unwrap();
        let staff = BTreeMap::from([(MANAGER, session.actor().id)]);
        Self { dir, vault, recovery_words: kit.words.join(" "), staff, session: Some(session) }
    }

    pub fn with(mut self, name: &'static str, role: Role) -> Self {
        let request = StaffRequest { name: name.to_owned(), roles: vec![role], password: PASSWORD.to_owned() };
        let session = self.session.as_mut().unwrap();
        let added = self.vault.add_staff(session, request).unwrap();
        self.staff.insert(name, added.id);
        self
    }

    pub fn with_doctor(self) -> Self {
        self.with(DOCTOR, Role::Doctor)
    }

    pub fn with_other_doctor(self) -> Self {
        self.with(OTHER_DOCTOR, Role::Doctor)
    }

    pub fn with_nurse(self) -> Self {
        self.with(NURSE, Role::Nurse)
    }

    pub fn with_receptionist(self) -> Self {
        self.with(RECEPTIONIST, Role::Receptionist)
    }

    pub fn id_of(&self, who: &str) -> PractitionerId {
        self.staff[who]
    }

    /// The person at the desk; whoever sat there before is locked out first.
    pub fn as_(&mut self, who: &str) -> &mut Session {
        if self.session.as_ref().is_none_or(|session| session.actor().name != who) {
            self.lock();
            self.session = Some(self.vault.unlock(who, PASSWORD).unwrap());
        }
        self.session.as_mut().unwrap()
    }

    /// The vault and whoever is at the desk, for what needs both.
    pub fn desk(&mut self) -> (&Vault, &mut Session) {
        (&self.vault, self.session.as_mut().unwrap())
    }

    pub fn lock(&mut self) {
        if let Some(session) = self.session.take() {
            self.vault.lock(session, LockReason::User).unwrap();
        }
    }

    pub fn register(&mut self, family: &str) -> PatientView {
        patient::register(self.session.as_mut().unwrap(), person(family)).unwrap()
    }

    pub fn book(&mut self, patient: PatientId, with: &str, start: &str, end: &str) -> Result<AppointmentView, ClinicError> {
        let request = booking(patient, self.id_of(with), start, end);
        appointment::book(self.session.as_mut().unwrap(), request)
    }

    /// A visit in the doctor's room; the doctor is at the desk.
    pub fn visit(&mut self, family: &str) -> (PatientId, EncounterId) {
        self.as_(DOCTOR);
        let patient = self.register(family).id;
        let entry = encounter::start_visit(self.as_(DOCTOR), patient, "cough").unwrap();
        (patient, entry.encounter_id)
    }

    /// Actions and outcomes of the trail, newest first, as the manager reads it.
    pub fn trail(&mut self, action: &str) -> Vec<chart::AuditEventView> {
        let filter = audit::AuditFilter { action: Some(action.to_owned()), limit: 100, ..audit::AuditFilter::default() };
        chart::audit_events(self.as_(MANAGER), &filter).unwrap()
    }
}

pub fn person(family: &str) -> PatientRequest {
    PatientRequest {
        names: vec![HumanName { given: vec!["Nur".to_owned()], family: family.to_owned(), ..HumanName::default() }],
        birth_date: Some("1980-05-17".to_owned()),
        ..PatientRequest::default()
    }
}

pub fn booking(patient_id: PatientId, practitioner_id: PractitionerId, start: &str, end: &str) -> AppointmentRequest {
    AppointmentRequest {
        patient_id,
        practitioner_id,
        start: start.to_owned(),
        end: end.to_owned(),
        reason: "follow-up".to_owned(),
        allow_overlap: false,
    }
}

/// Local day `YYYY-MM-DD` so many days from now.
pub fn day(ahead: i64) -> String {
    jiff::ZonedDateTime::now().date().saturating_add(jiff::Span::new().days(ahead)).to_string()
}

/// Local time on that day.
pub fn at(ahead: i64, time: &str) -> String {
    format!("{}T{time}", day(ahead))
}

/// Every file of a folder with its bytes, to show that a refusal changed nothing.
pub fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect()
}
