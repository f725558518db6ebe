//! What unit tests of the workstation's inside share: a vault on a machine without a keyring, and one manager who is a doctor too.

use std::{path::Path, sync::Arc};

use crypto::{PasswordCost, SecretKey};

use crate::{
    Session, Vault,
    access::Role,
    patient::PatientRequest,
    types::HumanName,
    unlock::{Keyring, KeyringError, SetUp},
};

pub(crate) const MANAGER: &str = "Aisyah Rahman";
pub(crate) const PASSWORD: &str = "kuda hijau terbang malam";

struct NoKeyring;

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

pub(crate) fn vault_at(dir: &Path) -> Vault {
    Vault::open(dir, Arc::new(NoKeyring)).unwrap()
}

pub(crate) fn set_up(vault: &Vault) -> Session {
    let request = SetUp {
        clinic: "Klinik Seri".to_owned(),
        manager: MANAGER.to_owned(),
        roles: vec![Role::Manager, Role::Doctor],
        password: PASSWORD.to_owned().into(),
        accept_no_keyring: true,
        demo: false,
        cost: Some(PasswordCost::floor()),
    };
    vault.set_up(request).unwrap().1
}

pub(crate) fn person(family: &str) -> PatientRequest {
    let name = HumanName { given: vec!["Nur".to_owned()], family: family.to_owned(), ..HumanName::default() };
    PatientRequest { names: vec![name], ..PatientRequest::default() }
}
