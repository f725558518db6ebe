//! The vault header as its callers use it: made, unlocked, changed, recovered, refused.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use crypto::hierarchy::HeaderPart;
use crypto::{
    Created, Credentials, HeaderError, NewStaff, PasswordCost, RecoveryKey, SecondFactor, SecretKey, StaffId, StaffKeyPair, VaultHeader,
    VaultKey,
};

const MANAGER: StaffId = StaffId([1; 16]);
const DOCTOR: StaffId = StaffId([2; 16]);
const PASSWORD: &[u8] = b"correct horse battery";

fn credentials(password: &[u8]) -> Credentials<'_> {
    Credentials { password, cost: PasswordCost::floor(), second: None }
}

fn new_staff<'a>(staff_id: StaffId, display_name: &'a str, password: &'a [u8]) -> NewStaff<'a> {
    NewStaff { staff_id, display_name, credentials: credentials(password) }
}

fn clinic(keyring: Option<&SecretKey>) -> Created {
    VaultHeader::create("Klinik Damai", keyring, &new_staff(MANAGER, "Aminah binti Yusof", PASSWORD))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn same(a: &VaultKey, b: &VaultKey) -> bool {
    a.database_key().same_as(&b.database_key())
}

fn unlock(header: &VaultHeader, keyring: Option<&SecretKey>, staff: StaffId, password: &[u8]) -> Result<VaultKey, HeaderError> {
    let section = header.open_staff_section(keyring)?;
    header.unlock(&section, &staff, password, None).map(|unlocked| unlocked.vault_key)
}

#[test]
fn a_header_read_back_opens_with_password_and_keyring() {
    let keyring = SecretKey::make_random();
    let made = clinic(Some(&keyring));
    let bytes = made.header.encode();
    let header = VaultHeader::decode(&bytes).unwrap();
    assert_eq!(header.encode(), bytes);
    assert!(header.has_keyring());
    assert_eq!(header.recording_key(), made.recording_keys.public());

    let section = header.open_staff_section(Some(&keyring)).unwrap();
    assert_eq!(section.clinic(), "Klinik Damai");
    let staff: Vec<_> = section.staff().collect();
    assert_eq!(staff.len(), 1);
    assert_eq!(staff[0].display_name, "Aminah binti Yusof");
    assert_eq!(staff[0].public_key, made.staff_keys.public());
    assert!(!staff[0].needs_second_factor());

    let opened = unlock(&header, Some(&keyring), MANAGER, PASSWORD).ok().unwrap();
    assert!(same(&opened, &made.vault_key));
}

#[test]
fn names_are_not_readable_without_the_keyring_and_are_in_the_weaker_mode() {
    let holds_name = |bytes: &[u8]| bytes.windows(6).any(|w| w == b"Aminah");
    let keyring = SecretKey::make_random();
    assert!(!holds_name(&clinic(Some(&keyring)).header.encode()));
    let weaker = clinic(None).header;
    assert!(holds_name(&weaker.encode()));
    assert!(!weaker.has_keyring());
    assert!(unlock(&weaker, None, MANAGER, PASSWORD).is_ok());
}

#[test]
fn each_wrong_secret_has_its_own_error() {
    let keyring = SecretKey::make_random();
    let made = clinic(Some(&keyring));
    let header = &made.header;
    assert!(matches!(unlock(header, Some(&keyring), MANAGER, b"correct horse batterz"), Err(HeaderError::WrongPassword)));
    assert!(matches!(unlock(header, Some(&keyring), MANAGER, b""), Err(HeaderError::WrongPassword)));
    assert!(matches!(unlock(header, Some(&keyring), DOCTOR, PASSWORD), Err(HeaderError::UnknownStaff)));
    assert!(matches!(header.open_staff_section(None), Err(HeaderError::KeyringSecretNeeded)));
    assert!(matches!(header.open_staff_section(Some(&SecretKey::make_random())), Err(HeaderError::WrongKeyringSecret)));
    assert!(matches!(header.unlock_with_recovery(&RecoveryKey::make_random()), Err(HeaderError::WrongRecoveryKey)));
    let other = clinic(Some(&keyring));
    assert!(matches!(header.verify_mac(&other.vault_key), Err(HeaderError::Damaged { part: HeaderPart::Mac })));
}

#[test]
fn a_security_key_is_needed_to_decrypt_where_one_is_bound() {
    let mut made = clinic(None);
    let output = SecretKey::make_random();
    let other = SecretKey::make_random();
    let parameters = BTreeMap::from([("credential".to_owned(), vec![7; 64])]);
    let bound = Credentials { second: Some(SecondFactor { parameters: &parameters, secret: &output }), ..credentials(PASSWORD) };
    let (vault_key, keys) = (&made.vault_key, &made.staff_keys);
    made.header.set_credentials(vault_key, &MANAGER, keys, &bound).unwrap();
    let section = made.header.open_staff_section(None).unwrap();
    let view = section.staff().next().unwrap();
    assert!(view.needs_second_factor());
    assert_eq!(view.second_factor, parameters);
    assert_eq!(view.display_name, "Aminah binti Yusof");
    let with = |second| made.header.unlock(&section, &MANAGER, PASSWORD, second).map(|_| ());
    assert!(matches!(with(None), Err(HeaderError::SecondFactorNeeded)));
    assert!(matches!(with(Some(&other)), Err(HeaderError::WrongPassword)));
    assert!(with(Some(&output)).is_ok());
}

#[test]
fn staff_come_change_and_go() {
    let keyring = SecretKey::make_random();
    let mut made = clinic(Some(&keyring));
    let key = &made.vault_key;
    let header = &mut made.header;
    let doctor_keys = StaffKeyPair::make_random();
    let doctor = new_staff(DOCTOR, "Dr Lim", b"a long enough one");
    header.add_staff(key, &doctor_keys, &doctor).unwrap();
    assert!(matches!(header.add_staff(key, &doctor_keys, &doctor), Err(HeaderError::DuplicateStaff)));
    assert_eq!(header.generation(), 2, "a refused change changes nothing");
    assert!(unlock(header, Some(&keyring), DOCTOR, b"a long enough one").is_ok());

    header.set_credentials(key, &DOCTOR, &doctor_keys, &credentials(b"another long one")).unwrap();
    assert!(matches!(unlock(header, Some(&keyring), DOCTOR, b"a long enough one"), Err(HeaderError::WrongPassword)));
    header.rename_staff(key, &DOCTOR, "Dr Lim Wei").unwrap();
    let reread = VaultHeader::decode(&header.encode()).unwrap();
    assert!(unlock(&reread, Some(&keyring), DOCTOR, b"another long one").is_ok());
    let section = reread.open_staff_section(Some(&keyring)).unwrap();
    assert_eq!(section.staff().nth(1).unwrap().display_name, "Dr Lim Wei");

    header.remove_staff(key, &DOCTOR).unwrap();
    assert!(matches!(header.remove_staff(key, &DOCTOR), Err(HeaderError::UnknownStaff)));
    assert!(unlock(header, Some(&keyring), MANAGER, PASSWORD).is_ok());
    let stranger = clinic(None).vault_key;
    assert!(matches!(header.remove_staff(&stranger, &MANAGER), Err(HeaderError::Damaged { part: HeaderPart::Mac })));
}

#[test]
fn after_the_keyring_is_lost_the_recovery_words_bring_everyone_back() {
    let lost = SecretKey::make_random();
    let made = clinic(Some(&lost));
    let words = made.recovery_key.to_words();
    let mut header = VaultHeader::decode(&made.header.encode()).unwrap();

    let typed = RecoveryKey::from_words(&words.to_uppercase()).ok().unwrap();
    let vault_key = header.unlock_with_recovery(&typed).ok().unwrap();
    assert!(same(&vault_key, &made.vault_key));
    let fresh = SecretKey::make_random();
    header.rewrap(&vault_key, Some(&fresh)).unwrap();

    assert!(matches!(header.open_staff_section(Some(&lost)), Err(HeaderError::WrongKeyringSecret)));
    assert!(unlock(&header, Some(&fresh), MANAGER, PASSWORD).is_ok());

    let renewed = header.renew_recovery(&vault_key).ok().unwrap();
    assert!(matches!(header.unlock_with_recovery(&typed), Err(HeaderError::WrongRecoveryKey)));
    assert!(header.unlock_with_recovery(&renewed).is_ok());
}

#[test]
fn the_same_person_has_one_key_pair_at_two_desks() {
    let first = clinic(None);
    let mut second = clinic(None);
    let person = new_staff(DOCTOR, "Dr Lim", PASSWORD);
    second.header.add_staff(&second.vault_key, &first.staff_keys, &person).unwrap();
    let section = second.header.open_staff_section(None).unwrap();
    let unlocked = second.header.unlock(&section, &DOCTOR, PASSWORD, None);
    let unlocked = unlocked.ok().unwrap();
    assert_eq!(unlocked.staff_keys.public(), first.staff_keys.public());
    assert!(same(&unlocked.vault_key, &second.vault_key));
}

#[test]
fn a_raised_policy_asks_for_a_rehash() {
    let section = clinic(None).header.open_staff_section(None).unwrap();
    let floor = PasswordCost::floor();
    assert!(!section.needs_rehash(&MANAGER, &floor));
    let raised = PasswordCost { iterations: floor.iterations + 1, ..floor };
    assert!(section.needs_rehash(&MANAGER, &raised));
    assert!(!section.needs_rehash(&DOCTOR, &raised));
}
