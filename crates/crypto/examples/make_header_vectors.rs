//! Writes `tests/vectors/header`: three good headers with fresh keys, and the refused ones made out of them.
//! Run by hand when the format gets a new version: `cargo run -p crypto --example make_header_vectors`.
#![allow(clippy::unwrap_used)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::fs;

use crypto::{Credentials, NewStaff, PasswordCost, SecretKey, StaffId, StaffKeyPair, VaultHeader};
use support::surgery::{Originals, negatives};
use support::{CLINIC, DOCTOR, DOCTOR_PASSWORD, Expected, KEYRING_BYTE, MANAGER, MANAGER_PASSWORD, folder};

fn main() {
    let keyring = SecretKey::from_bytes([KEYRING_BYTE; 32]);
    let keyring_header = make("keyring", Some(&keyring));
    let weaker = make("weaker", None);
    let other = make("other", Some(&keyring));
    let originals = Originals { keyring: &keyring_header, weaker: &weaker, other: &other };
    for (name, bytes, ..) in negatives(&originals) {
        let path = folder().join("negative").join(name);
        fs::write(path.with_extension("bin"), bytes).unwrap();
    }
}

fn make(name: &str, keyring: Option<&SecretKey>) -> Vec<u8> {
    let manager = new_staff(MANAGER, "Aminah binti Yusof", MANAGER_PASSWORD);
    let made = VaultHeader::create(CLINIC, keyring, &manager).unwrap();
    let mut header = made.header;
    let doctor = new_staff(DOCTOR, "Dr Lim 林", DOCTOR_PASSWORD);
    let doctor_keys = StaffKeyPair::make_random();
    header.add_staff(&made.vault_key, &doctor_keys, &doctor).unwrap();
    let expected = Expected {
        vault_id: header.vault_id().to_string(),
        generation: header.generation(),
        database_key: hex::encode(made.vault_key.database_key().expose()),
        recovery_words: made.recovery_key.to_words().to_string(),
        recording_key: header.recording_key().to_string(),
    };
    let path = folder().join(name);
    let json = serde_json::to_string_pretty(&expected).unwrap();
    fs::write(path.with_extension("json"), json + "\n").unwrap();
    fs::write(path.with_extension("bin"), header.encode()).unwrap();
    header.encode()
}

fn new_staff<'a>(staff_id: StaffId, display_name: &'a str, password: &'a str) -> NewStaff<'a> {
    NewStaff {
        staff_id,
        display_name,
        credentials: Credentials { password: password.as_bytes(), cost: PasswordCost::floor(), second: None },
    }
}
