//! The operating system's keyring: Secret Service on Linux, Credential Manager on Windows, Keychain on macOS.
//!
//! "There is none" is said only when the keyring itself says so; anything else is unavailable or locked, never a reason for a new key.

use std::sync::Arc;

use clinic::unlock::{Keyring, KeyringError, SecretKey};
use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

const SERVICE: &str = "org.gladstone.desk";

/// This machine's keyring.
pub fn system() -> Arc<dyn Keyring> {
    Arc::new(SystemKeyring)
}

struct SystemKeyring;

impl SystemKeyring {
    /// Connects anew each time: the service may have come or gone since.
    fn entry(vault_id: &str) -> Result<Entry, KeyringError> {
        let store: Arc<CredentialStore> = open_store().map_err(fault)?;
        Entry::new_in_store(&store, SERVICE, vault_id).map_err(fault)
    }
}

impl Keyring for SystemKeyring {
    fn load(&self, vault_id: &str) -> Result<SecretKey, KeyringError> {
        let bytes = Zeroizing::new(Self::entry(vault_id)?.get_secret().map_err(fault)?);
        SecretKey::from_slice(&bytes).ok_or(KeyringError::NoEntry)
    }

    fn store(&self, vault_id: &str, secret: &SecretKey) -> Result<(), KeyringError> {
        Self::entry(vault_id)?.set_secret(secret.expose()).map_err(fault)
    }

    fn delete(&self, vault_id: &str) -> Result<(), KeyringError> {
        Self::entry(vault_id)?.delete_credential().map_err(fault)
    }
}

#[cfg(target_os = "linux")]
fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    let store = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(target_os = "windows")]
fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    let store = windows_native_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(target_os = "macos")]
fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    let store = apple_native_keyring_store::keychain::Store::new()?;
    Ok(store)
}

fn fault(error: Error) -> KeyringError {
    match error {
        Error::NoEntry => KeyringError::NoEntry,
        Error::NoStorageAccess(_) => KeyringError::Locked,
        _ => KeyringError::Unavailable,
    }
}
