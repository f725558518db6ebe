//! Header files written once: the good ones open for ever, each bad one is refused with its own error.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::fs;

use crypto::{HeaderError, RecoveryKey, SecretKey, StaffId, VaultHeader, VaultKey};
use proptest::prelude::*;
use support::surgery::{Originals, Refused, assembled, body_bytes, negatives};
use support::{CLINIC, DOCTOR, DOCTOR_PASSWORD, Expected, KEYRING_BYTE, MANAGER, MANAGER_PASSWORD, folder};

fn read(name: &str) -> (Vec<u8>, Expected) {
    let path = folder().join(name);
    let json = fs::read(path.with_extension("json")).unwrap();
    let bytes = fs::read(path.with_extension("bin")).unwrap();
    (bytes, serde_json::from_slice(&json).unwrap())
}

fn keyring() -> SecretKey {
    SecretKey::from_bytes([KEYRING_BYTE; 32])
}

fn recovery(expected: &Expected) -> RecoveryKey {
    RecoveryKey::from_words(&expected.recovery_words).ok().unwrap()
}

fn database_key(vault_key: &VaultKey) -> String {
    hex::encode(vault_key.database_key().expose())
}

fn unlock(header: &VaultHeader, staff: StaffId, password: &str) -> Result<VaultKey, HeaderError> {
    let section = header.open_staff_section(Some(&keyring()))?;
    header.unlock(&section, &staff, password.as_bytes(), None).map(|unlocked| unlocked.vault_key)
}

#[test]
fn headers_written_once_open_for_ever() {
    for (name, has_keyring) in [("keyring", true), ("other", true), ("weaker", false)] {
        let (bytes, expected) = read(name);
        let header = VaultHeader::decode(&bytes).unwrap();
        assert_eq!(header.encode(), bytes);
        assert_eq!(header.has_keyring(), has_keyring);
        assert_eq!(header.vault_id().to_string(), expected.vault_id);
        assert_eq!(header.generation(), expected.generation);
        assert_eq!(header.recording_key().to_string(), expected.recording_key);
        let section = header.open_staff_section(Some(&keyring())).unwrap();
        assert_eq!(section.clinic(), CLINIC);
        let names: Vec<String> = section.staff().map(|staff| staff.display_name).collect();
        assert_eq!(names, ["Aminah binti Yusof", "Dr Lim 林"]);
        for (staff, password) in [(MANAGER, MANAGER_PASSWORD), (DOCTOR, DOCTOR_PASSWORD)] {
            let vault_key = unlock(&header, staff, password).ok().unwrap();
            assert_eq!(database_key(&vault_key), expected.database_key);
        }
        let vault_key = header.unlock_with_recovery(&recovery(&expected));
        assert_eq!(database_key(&vault_key.ok().unwrap()), expected.database_key);
    }
}

#[test]
fn each_refused_header_has_its_own_file_and_error() {
    let ((keyring_bytes, expected), (weaker, _), (other, _)) = (read("keyring"), read("weaker"), read("other"));
    let originals = Originals { keyring: &keyring_bytes, weaker: &weaker, other: &other };
    let negatives = negatives(&originals);
    for (name, bytes, refused, error) in &negatives {
        let path = folder().join("negative").join(name);
        let stored = fs::read(path.with_extension("bin")).unwrap();
        assert!(stored == *bytes, "{name} is not what the surgery makes");
        assert_eq!(refusal(&stored, *refused, &expected), *error, "{name}");
    }
    let named: BTreeSet<String> = negatives.iter().map(|n| format!("{}.bin", n.0)).collect();
    let files: BTreeSet<String> =
        fs::read_dir(folder().join("negative")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(named, files);
}

/// The error of the step that must refuse the header; the steps before it must not.
fn refusal(bytes: &[u8], step: Refused, expected: &Expected) -> String {
    let decoded = VaultHeader::decode(bytes);
    let result = match step {
        Refused::Decode => decoded.map(|_| ()),
        Refused::StaffSection => decoded.unwrap().open_staff_section(Some(&keyring())).map(|_| ()),
        Refused::Unlock => {
            let header = decoded.unwrap();
            let section = header.open_staff_section(Some(&keyring())).unwrap();
            let password = MANAGER_PASSWORD.as_bytes();
            header.unlock(&section, &MANAGER, password, None).map(|_| ())
        }
        Refused::Recovery => decoded.unwrap().unlock_with_recovery(&recovery(expected)).map(|_| ()),
    };
    format!("{:?}", result.unwrap_err())
}

#[test]
fn a_header_over_the_limit_is_refused_unread() {
    let (bytes, _) = read("keyring");
    let large = assembled(&vec![0xf6; 1024 * 1024], &bytes);
    assert!(matches!(VaultHeader::decode(&large), Err(HeaderError::TooLarge)));
}

proptest! {
    #[test]
    fn any_bytes_are_refused(bytes: Vec<u8>, with_magic: bool) {
        let bytes = if with_magic { [b"GLADSTONE-VAULT\0\x01".as_slice(), &bytes].concat() } else { bytes };
        prop_assert!(VaultHeader::decode(&bytes).is_err());
    }

    /// Bytes changed inside a body whose checksum was made to fit: refused, or read as exactly those bytes and then
    /// refused by the MAC.
    #[test]
    fn a_changed_body_never_passes(
        weaker: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..4)
    ) {
        let (bytes, expected) = read(if weaker { "weaker" } else { "keyring" });
        let mut body = body_bytes(&bytes).to_vec();
        for (at, byte, how) in changes {
            let at = at.index(body.len());
            match how {
                0 => body[at] = byte,
                1 => body.insert(at, byte),
                _ => drop(body.remove(at)),
            }
        }
        let changed = assembled(&body, &bytes);
        if let Ok(header) = VaultHeader::decode(&changed) {
            prop_assert_eq!(header.encode(), changed.clone());
            let original = VaultHeader::decode(&bytes).unwrap();
            let vault_key = original.unlock_with_recovery(&recovery(&expected)).ok().unwrap();
            prop_assert_eq!(header.verify_mac(&vault_key).is_ok(), changed == bytes);
        }
    }
}
