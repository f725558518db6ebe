//! The staff section: the clinic's name and one slot per person.
//!
//! Holds names and sealed keys only; the passwords and the keys themselves never stand in it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_bytes::{ByteArray, ByteBuf};

use super::format::{MAX_STAFF, NAME_LIMIT};
use super::{HeaderError, HeaderPart, StaffId, VaultId};
use crate::envelope::{self, Sealed, SealedTo};
use crate::kdf::{PasswordCost, derive_unlock_key};
use crate::key::{SealingPublicKey, SecretKey, StaffKeyPair, random_bytes};

const AAD_STAFF_KEY: &[u8] = b"gladstone v1 staff private key";
const INFO_VAULT_KEY: &[u8] = b"gladstone v1 vault key for staff";
/// Parameters of security keys kept with a slot.
const FACTOR_LIMIT: usize = 16;
const FACTOR_VALUE_LIMIT: usize = 1024;

/// What proves a person.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// UTF-8 of the NFC form; the caller normalises and judges its strength.
    pub password: &'a [u8],
    pub cost: PasswordCost,
    pub second: Option<SecondFactor<'a>>,
}

/// A security key that is mixed into the unlock key: without it the slot does not open.
#[derive(Clone, Copy)]
pub struct SecondFactor<'a> {
    /// What is needed to ask the security key again (credential id, salt), in the caller's words. Not secret.
    pub parameters: &'a BTreeMap<String, Vec<u8>>,
    /// The key's hmac-secret output.
    pub secret: &'a SecretKey,
}

/// A person to add.
pub struct NewStaff<'a> {
    pub staff_id: StaffId,
    pub display_name: &'a str,
    pub credentials: Credentials<'a>,
}

/// A person as the lock screen shows them.
#[derive(Debug, Clone, PartialEq)]
pub struct StaffView {
    pub staff_id: StaffId,
    pub display_name: String,
    pub public_key: SealingPublicKey,
    pub cost: PasswordCost,
    /// Empty where no security key is bound to the encryption.
    pub second_factor: BTreeMap<String, Vec<u8>>,
}

impl StaffView {
    #[must_use]
    pub fn needs_second_factor(&self) -> bool {
        !self.second_factor.is_empty()
    }
}

/// The opened staff section of one header.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffSection {
    vault_id: VaultId,
    clinic: String,
    slots: Vec<StaffSlot>,
}

impl StaffSection {
    #[must_use]
    pub fn clinic(&self) -> &str {
        &self.clinic
    }

    /// Everyone with a way in, in the order they were added.
    pub fn staff(&self) -> impl Iterator<Item = StaffView> + '_ {
        self.slots.iter().map(|slot| StaffView {
            staff_id: slot.staff_id,
            display_name: slot.display_name.clone(),
            public_key: slot.public_key,
            cost: slot.cost,
            second_factor: slot.second_factor.iter().map(|(name, value)| (name.clone(), value.to_vec())).collect(),
        })
    }

    /// Whether the person's password should be hashed again at `policy` on their next unlock.
    #[must_use]
    pub fn needs_rehash(&self, staff_id: &StaffId, policy: &PasswordCost) -> bool {
        self.slot(staff_id).is_some_and(|slot| slot.cost.is_weaker_than(policy))
    }

    pub(super) fn new(vault_id: VaultId, clinic: &str, slots: Vec<StaffSlot>) -> Result<Self, HeaderError> {
        let section = Self { vault_id, clinic: clinic.to_owned(), slots };
        section.check()?;
        Ok(section)
    }

    pub(super) fn slot(&self, staff_id: &StaffId) -> Option<&StaffSlot> {
        self.slots.iter().find(|slot| slot.staff_id == *staff_id)
    }

    pub(super) fn slot_mut(&mut self, staff_id: &StaffId) -> Option<&mut StaffSlot> {
        self.slots.iter_mut().find(|slot| slot.staff_id == *staff_id)
    }

    pub(super) fn push(&mut self, slot: StaffSlot) -> Result<(), HeaderError> {
        self.slots.push(slot);
        self.check()
    }

    pub(super) fn rename(&mut self, staff_id: &StaffId, name: &str) -> Result<(), HeaderError> {
        let slot = self.slot_mut(staff_id).ok_or(HeaderError::UnknownStaff)?;
        name.clone_into(&mut slot.display_name);
        Ok(())
    }

    pub(super) fn remove(&mut self, staff_id: &StaffId) -> Result<(), HeaderError> {
        let before = self.slots.len();
        self.slots.retain(|slot| slot.staff_id != *staff_id);
        if self.slots.len() == before {
            return Err(HeaderError::UnknownStaff);
        }
        Ok(())
    }

    /// A section belongs to the header it stands in.
    pub(super) fn check_for(&self, vault_id: &VaultId) -> Result<(), HeaderError> {
        if self.vault_id != *vault_id {
            return Err(HeaderError::Damaged { part: HeaderPart::StaffSection });
        }
        self.check()
    }

    pub(super) fn check(&self) -> Result<(), HeaderError> {
        if self.slots.len() > MAX_STAFF {
            return Err(HeaderError::TooManyStaff);
        }
        check_name(&self.clinic)?;
        let mut seen = BTreeSet::new();
        for slot in &self.slots {
            if !seen.insert(slot.staff_id) {
                return Err(HeaderError::DuplicateStaff);
            }
            slot.cost.check().map_err(HeaderError::Cost)?;
            check_name(&slot.display_name)?;
            let too_long = |(name, value): (&String, &ByteBuf)| name.len() > NAME_LIMIT || value.len() > FACTOR_VALUE_LIMIT;
            if slot.second_factor.len() > FACTOR_LIMIT || slot.second_factor.iter().any(too_long) {
                return Err(HeaderError::FieldLength);
            }
        }
        Ok(())
    }
}

fn check_name(name: &str) -> Result<(), HeaderError> {
    if name.is_empty() || name.len() > NAME_LIMIT {
        return Err(HeaderError::FieldLength);
    }
    Ok(())
}

/// One person's way to the vault key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffSlot {
    pub staff_id: StaffId,
    pub display_name: String,
    pub cost: PasswordCost,
    salt: ByteArray<16>,
    public_key: SealingPublicKey,
    /// The private half, sealed by the unlock key.
    staff_key: Sealed,
    /// The vault key, sealed to the public half.
    vault_key: SealedTo,
    second_factor: BTreeMap<String, ByteBuf>,
}

impl StaffSlot {
    pub(super) fn make(
        vault_id: &VaultId,
        vault_key: &SecretKey,
        staff_keys: &StaffKeyPair,
        new: &NewStaff<'_>,
    ) -> Result<Self, HeaderError> {
        check_name(new.display_name)?;
        let Credentials { password, cost, second } = new.credentials;
        if second.is_some_and(|factor| factor.parameters.is_empty()) {
            return Err(HeaderError::FieldLength);
        }
        let salt = random_bytes();
        let unlock_key = derive_unlock_key(password, &salt, &cost, second.map(|f| f.secret)).map_err(HeaderError::Cost)?;
        let public_key = staff_keys.public();
        let bound = bound(vault_id, &new.staff_id, &public_key);
        Ok(Self {
            staff_id: new.staff_id,
            display_name: new.display_name.to_owned(),
            cost,
            salt: ByteArray::new(salt),
            public_key,
            staff_key: envelope::seal(&unlock_key, &[AAD_STAFF_KEY, &[0], &bound].concat(), staff_keys.secret().expose())?,
            vault_key: envelope::seal_to(&public_key, INFO_VAULT_KEY, &bound, vault_key.expose())?,
            second_factor: second
                .map(|factor| {
                    let parameters = factor.parameters.iter();
                    parameters.map(|(name, value)| (name.clone(), ByteBuf::from(value.clone()))).collect()
                })
                .unwrap_or_default(),
        })
    }

    pub(super) fn open_staff_key(
        &self,
        vault_id: &VaultId,
        password: &[u8],
        second: Option<&SecretKey>,
    ) -> Result<StaffKeyPair, HeaderError> {
        let second = match (self.second_factor.is_empty(), second) {
            (true, _) => None,
            (false, None) => return Err(HeaderError::SecondFactorNeeded),
            (false, second) => second,
        };
        let unlock_key = derive_unlock_key(password, &self.salt, &self.cost, second).map_err(|error| match error {
            crate::kdf::CostError::PasswordLength => HeaderError::WrongPassword,
            error => HeaderError::Cost(error),
        })?;
        let bound = bound(vault_id, &self.staff_id, &self.public_key);
        let opened = envelope::open(&unlock_key, &[AAD_STAFF_KEY, &[0], &bound].concat(), &self.staff_key)
            .map_err(|_| HeaderError::WrongPassword)?;
        SecretKey::from_slice(&opened)
            .map(StaffKeyPair::from_secret)
            .filter(|pair| pair.public() == self.public_key)
            .ok_or(HeaderError::Damaged { part: HeaderPart::StaffKey })
    }

    pub(super) fn open_vault_key(&self, vault_id: &VaultId, staff_keys: &StaffKeyPair) -> Result<SecretKey, HeaderError> {
        let bound = bound(vault_id, &self.staff_id, &self.public_key);
        envelope::open_with(staff_keys, INFO_VAULT_KEY, &bound, &self.vault_key)
            .ok()
            .and_then(|opened| SecretKey::from_slice(&opened))
            .ok_or(HeaderError::Damaged { part: HeaderPart::VaultKey })
    }
}

/// What a slot's ciphertexts are bound to.
fn bound(vault_id: &VaultId, staff_id: &StaffId, public_key: &SealingPublicKey) -> Vec<u8> {
    [vault_id.as_bytes().as_slice(), staff_id.as_bytes(), public_key.as_bytes()].concat()
}
