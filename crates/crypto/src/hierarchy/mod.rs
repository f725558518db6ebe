//! The vault header: who can open this desk's vault, and how.
//!
//! ```text
//! password [+ security key] --Argon2id, HKDF--> unlock key --GCM-SIV--> staff private key --HPKE--> vault key
//! recovery kit --GCM-SIV--> vault key
//! OS keyring secret | vault key --GCM-SIV--> section key --GCM-SIV--> staff section (names, slots)
//! vault key --HKDF--> header MAC key --HMAC-SHA256--> the whole header
//! ```
//! The file's layout is in [`format`](self::format). A header is decoded strictly, refused whole, and never repaired here.
//! Must never hold anything about a patient, and never hand out a key before the MAC was checked under it.

mod format;
mod staff;

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use self::format::{Body, Keyring};
pub use self::format::{MAX_STAFF, NAME_LIMIT, SIZE_LIMIT, VERSION};
use self::staff::StaffSlot;
pub use self::staff::{Credentials, NewStaff, SecondFactor, StaffSection, StaffView};
use crate::bytes::public_bytes;
use crate::envelope::{self, EnvelopeError, Sealed};
use crate::kdf::CostError;
use crate::key::{SealingKeyPair, SealingPublicKey, SecretKey, StaffKeyPair, label, random_bytes};
use crate::recovery::RecoveryKey;

const AAD_SECTION: &[u8] = b"gladstone v1 staff section";
const AAD_SECTION_BY_KEYRING: &[u8] = b"gladstone v1 section key by keyring";
const AAD_SECTION_BY_VAULT: &[u8] = b"gladstone v1 section key by vault key";
const AAD_RECOVERY: &[u8] = b"gladstone v1 vault key by recovery kit";
const MAC_CONTEXT: &[u8] = b"gladstone v1 vault header\0";

/// A part of the header, named in errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderPart {
    Checksum,
    StaffSection,
    StaffKey,
    VaultKey,
    Mac,
}

impl fmt::Display for HeaderPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Checksum => "checksum",
            Self::StaffSection => "staff section",
            Self::StaffKey => "staff key",
            Self::VaultKey => "vault key",
            Self::Mac => "authentication code",
        })
    }
}

/// Why a header is refused or does not open. No variant holds a name or a byte of the header.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    #[error("this file is not a vault header")]
    NotAVault,
    #[error("vault header version {found} is not known here (newest: {VERSION})")]
    Version { found: u16 },
    #[error("the vault header ends too early")]
    Truncated,
    #[error("there are bytes after the end of the vault header")]
    TrailingBytes,
    #[error("the vault header is larger than {SIZE_LIMIT} bytes")]
    TooLarge,
    #[error("the vault header's content is malformed")]
    Malformed,
    #[error("the vault header is damaged: {part}")]
    Damaged { part: HeaderPart },
    #[error("the vault header holds more than {MAX_STAFF} staff members")]
    TooManyStaff,
    #[error("a staff member stands twice in the vault header")]
    DuplicateStaff,
    #[error("a name or factor in the vault header is empty or too long")]
    FieldLength,
    #[error("a staff member's password cost is not acceptable")]
    Cost(#[source] CostError),
    #[error("this vault needs the secret from the system keyring")]
    KeyringSecretNeeded,
    #[error("the secret from the system keyring does not belong to this vault")]
    WrongKeyringSecret,
    #[error("no such staff member in this vault")]
    UnknownStaff,
    #[error("the password is wrong")]
    WrongPassword,
    #[error("this staff member's security key is needed as well")]
    SecondFactorNeeded,
    #[error("the recovery words do not belong to this vault")]
    WrongRecoveryKey,
    #[error("nothing could be sealed")]
    Seal(#[from] EnvelopeError),
}

/// Identifies one desk's vault; random.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VaultId(pub [u8; 16]);

/// Identifies a staff member, the same at every desk (the Practitioner's UUID).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StaffId(pub [u8; 16]);

impl VaultId {
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl StaffId {
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

public_bytes!(VaultId, 16, |bytes| Ok(VaultId(bytes)));
public_bytes!(StaffId, 16, |bytes| Ok(StaffId(bytes)));

/// The root of everything on one desk. It only ever derives: see [`label`].
pub struct VaultKey(SecretKey);

impl VaultKey {
    #[must_use]
    pub fn database_key(&self) -> SecretKey {
        self.0.derive(label::DATABASE)
    }

    #[must_use]
    pub fn blob_key(&self) -> SecretKey {
        self.0.derive(label::BLOB)
    }

    #[must_use]
    pub fn backup_key(&self) -> SecretKey {
        self.0.derive(label::BACKUP)
    }

    #[must_use]
    pub fn chain_mac_key(&self) -> SecretKey {
        self.0.derive(label::CHAIN_MAC)
    }

    #[must_use]
    pub fn draft_key(&self) -> SecretKey {
        self.0.derive(label::DRAFT)
    }

    /// A second copy, asked for by name.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }

    fn header_mac_key(&self) -> SecretKey {
        self.0.derive(label::HEADER_MAC)
    }

    fn section_key(&self) -> SecretKey {
        self.0.derive(label::STAFF_SECTION)
    }

    fn from_plaintext(bytes: &Zeroizing<Vec<u8>>) -> Option<Self> {
        SecretKey::from_slice(bytes).map(Self)
    }
}

/// What only exists once: the header is written, these go to the database, the session and the printer.
pub struct Created {
    pub header: VaultHeader,
    pub vault_key: VaultKey,
    pub recovery_key: RecoveryKey,
    /// Its private half belongs in the database, its public half stands in the header.
    pub recording_keys: SealingKeyPair,
    /// The first staff member's pair.
    pub staff_keys: StaffKeyPair,
}

/// What a right password gives.
pub struct Unlocked {
    pub vault_key: VaultKey,
    pub staff_keys: StaffKeyPair,
}

/// A decoded header. Its content is trusted only after [`Self::verify_mac`], which every way to the vault key includes.
#[derive(Debug, Clone, PartialEq)]
pub struct VaultHeader {
    body: Body,
    mac: [u8; 32],
}

impl VaultHeader {
    /// A new vault with one staff member. Without `keyring_secret` the staff section stays readable on disk:
    /// the accepted weaker mode, see [`Self::has_keyring`].
    ///
    /// # Errors
    /// A name too long, a cost out of bounds, no memory for the password hash.
    pub fn create(clinic: &str, keyring_secret: Option<&SecretKey>, first: &NewStaff<'_>) -> Result<Created, HeaderError> {
        let vault_id = VaultId(random_bytes());
        let vault_key = VaultKey(SecretKey::make_random());
        let recovery_key = RecoveryKey::make_random();
        let recording_keys = SealingKeyPair::make_random();
        let staff_keys = StaffKeyPair::make_random();
        let slot = StaffSlot::make(&vault_id, &vault_key.0, &staff_keys, first)?;
        let section = StaffSection::new(vault_id, clinic, vec![slot])?;
        let body = Body {
            vault_id,
            generation: 1,
            recording_key: recording_keys.public(),
            recovery: seal_recovery(&vault_id, &vault_key, &recovery_key)?,
            keyring: wrap(&vault_id, &vault_key, keyring_secret, &section)?,
        };
        Ok(Created { header: Self::authenticated(body, &vault_key)?, vault_key, recovery_key, recording_keys, staff_keys })
    }

    /// Reads a header file, strictly: exactly the bytes [`Self::encode`] would write.
    ///
    /// # Errors
    /// Another file, an unknown version, any damage, anything over a limit.
    pub fn decode(bytes: &[u8]) -> Result<Self, HeaderError> {
        let (body, mac) = format::decode(bytes)?;
        Ok(Self { body, mac })
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = format::encode_authenticated_part(&self.body);
        bytes.extend_from_slice(&self.mac);
        bytes
    }

    #[must_use]
    pub fn vault_id(&self) -> VaultId {
        self.body.vault_id
    }

    /// Counts the header's changes. The database keeps the last one seen, so that an older header put back is noticed.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.body.generation
    }

    /// Seals recordings, also while the desk is locked. Covered by the MAC, which a locked desk cannot check:
    /// keep the key from the last unlock in memory rather than reading the file again.
    #[must_use]
    pub fn recording_key(&self) -> SealingPublicKey {
        self.body.recording_key
    }

    /// False in the weaker mode: names and slots stand unwrapped, and a password alone opens a stolen disk.
    #[must_use]
    pub fn has_keyring(&self) -> bool {
        matches!(self.body.keyring, Keyring::Wrapped { .. })
    }

    /// The names to show on the lock screen and the slots to unlock with.
    ///
    /// # Errors
    /// The keyring's secret is missing or another vault's, or the section is damaged.
    pub fn open_staff_section(&self, keyring_secret: Option<&SecretKey>) -> Result<StaffSection, HeaderError> {
        match &self.body.keyring {
            Keyring::None { section } => Ok(section.clone()),
            Keyring::Wrapped { key_by_keyring, section, .. } => {
                let secret = keyring_secret.ok_or(HeaderError::KeyringSecretNeeded)?;
                let key = open_key(&secret.derive(label::KEYRING_WRAP), &self.aad(AAD_SECTION_BY_KEYRING), key_by_keyring)
                    .ok_or(HeaderError::WrongKeyringSecret)?;
                self.open_section(&key, section)
            }
        }
    }

    /// Opens the vault for one person. `password` is UTF-8 in NFC form, normalised by the caller; `second` is the
    /// security key's hmac-secret output where one is enrolled ([`StaffView::needs_second_factor`]).
    /// Takes the slot's Argon2id time: call it off the window's thread.
    ///
    /// # Errors
    /// [`HeaderError::WrongPassword`], [`HeaderError::SecondFactorNeeded`], [`HeaderError::UnknownStaff`], or
    /// [`HeaderError::Damaged`] when the password was right and what it opens is not.
    pub fn unlock(
        &self,
        section: &StaffSection,
        staff_id: &StaffId,
        password: &[u8],
        second: Option<&SecretKey>,
    ) -> Result<Unlocked, HeaderError> {
        let slot = section.slot(staff_id).ok_or(HeaderError::UnknownStaff)?;
        let staff_keys = slot.open_staff_key(&self.body.vault_id, password, second)?;
        let vault_key = VaultKey(slot.open_vault_key(&self.body.vault_id, &staff_keys)?);
        self.verify_mac(&vault_key)?;
        Ok(Unlocked { vault_key, staff_keys })
    }

    /// Opens the vault with the recovery kit; needs no keyring.
    ///
    /// # Errors
    /// [`HeaderError::WrongRecoveryKey`], or [`HeaderError::Damaged`].
    pub fn unlock_with_recovery(&self, recovery_key: &RecoveryKey) -> Result<VaultKey, HeaderError> {
        let opened = envelope::open(&recovery_key.secret().derive(label::RECOVERY_WRAP), &self.aad(AAD_RECOVERY), &self.body.recovery)
            .map_err(|_| HeaderError::WrongRecoveryKey)?;
        let vault_key = VaultKey::from_plaintext(&opened).ok_or(HeaderError::Damaged { part: HeaderPart::VaultKey })?;
        self.verify_mac(&vault_key)?;
        Ok(vault_key)
    }

    /// Whether every byte of the header was written by a holder of this vault key. Constant time.
    ///
    /// # Errors
    /// [`HeaderError::Damaged`] with [`HeaderPart::Mac`].
    pub fn verify_mac(&self, vault_key: &VaultKey) -> Result<(), HeaderError> {
        mac(vault_key, &format::encode_authenticated_part(&self.body))
            .verify_slice(&self.mac)
            .map_err(|_| HeaderError::Damaged { part: HeaderPart::Mac })
    }

    /// Adds a person with a new key pair, or with theirs from another desk. Returns nothing secret: they unlock.
    ///
    /// # Errors
    /// The person is there already, limits, costs, or a header that is not this key's.
    pub fn add_staff(&mut self, vault_key: &VaultKey, staff_keys: &StaffKeyPair, new: &NewStaff<'_>) -> Result<(), HeaderError> {
        let id = self.body.vault_id;
        self.edit(vault_key, |section| {
            if section.slot(&new.staff_id).is_some() {
                return Err(HeaderError::DuplicateStaff);
            }
            section.push(StaffSlot::make(&id, &vault_key.0, staff_keys, new)?)
        })
    }

    /// New password, cost or second factor for a person; also how a forgotten password is reset (with a new pair)
    /// and how costs are raised (with the pair that the unlock returned).
    ///
    /// # Errors
    /// No such person, costs, or a header that is not this key's.
    pub fn set_credentials(
        &mut self,
        vault_key: &VaultKey,
        staff_id: &StaffId,
        staff_keys: &StaffKeyPair,
        credentials: &Credentials<'_>,
    ) -> Result<(), HeaderError> {
        let id = self.body.vault_id;
        self.edit(vault_key, |section| {
            let slot = section.slot_mut(staff_id).ok_or(HeaderError::UnknownStaff)?;
            let new = NewStaff { staff_id: *staff_id, display_name: &slot.display_name.clone(), credentials: *credentials };
            *slot = StaffSlot::make(&id, &vault_key.0, staff_keys, &new)?;
            Ok(())
        })
    }

    /// # Errors
    /// No such person, a name too long, or a header that is not this key's.
    pub fn rename_staff(&mut self, vault_key: &VaultKey, staff_id: &StaffId, display_name: &str) -> Result<(), HeaderError> {
        self.edit(vault_key, |section| section.rename(staff_id, display_name))
    }

    /// Takes a person's way in. Whoever kept an old copy of the header *and* the keyring secret keeps that copy's
    /// way in: a removed person's vault key is not changed here.
    ///
    /// # Errors
    /// No such person, or a header that is not this key's.
    pub fn remove_staff(&mut self, vault_key: &VaultKey, staff_id: &StaffId) -> Result<(), HeaderError> {
        self.edit(vault_key, |section| section.remove(staff_id))
    }

    /// The staff section by the vault key alone: after recovery, when the keyring's secret is gone.
    ///
    /// # Errors
    /// A header that is not this key's, or a damaged section.
    pub fn open_staff_section_by_vault_key(&self, vault_key: &VaultKey) -> Result<StaffSection, HeaderError> {
        self.verify_mac(vault_key)?;
        match &self.body.keyring {
            Keyring::None { section } => Ok(section.clone()),
            Keyring::Wrapped { key_by_vault, section, .. } => {
                let key = self.section_key(vault_key, key_by_vault)?;
                self.open_section(&key, section)
            }
        }
    }

    /// Wraps the staff section anew for another keyring secret (new OS profile), or for none (the weaker mode).
    /// Everyone's password keeps working.
    ///
    /// # Errors
    /// A header that is not this key's, or a damaged section.
    pub fn rewrap(&mut self, vault_key: &VaultKey, keyring_secret: Option<&SecretKey>) -> Result<(), HeaderError> {
        let section = self.open_staff_section_by_vault_key(vault_key)?;
        let keyring = wrap(&self.body.vault_id, vault_key, keyring_secret, &section)?;
        self.replace(vault_key, |body| body.keyring = keyring)
    }

    /// A new recovery kit; the old one opens this header no more.
    ///
    /// # Errors
    /// A header that is not this key's.
    pub fn renew_recovery(&mut self, vault_key: &VaultKey) -> Result<RecoveryKey, HeaderError> {
        self.verify_mac(vault_key)?;
        let recovery_key = RecoveryKey::make_random();
        let sealed = seal_recovery(&self.body.vault_id, vault_key, &recovery_key)?;
        self.replace(vault_key, |body| body.recovery = sealed)?;
        Ok(recovery_key)
    }

    fn edit(&mut self, vault_key: &VaultKey, change: impl FnOnce(&mut StaffSection) -> Result<(), HeaderError>) -> Result<(), HeaderError> {
        let mut section = self.open_staff_section_by_vault_key(vault_key)?;
        change(&mut section)?;
        section.check()?;
        let keyring = match &self.body.keyring {
            Keyring::None { .. } => Keyring::None { section },
            // The section's key stays, so that a change needs no keyring secret.
            Keyring::Wrapped { key_by_keyring, key_by_vault, .. } => {
                let key = self.section_key(vault_key, key_by_vault)?;
                Keyring::Wrapped {
                    key_by_keyring: key_by_keyring.clone(),
                    key_by_vault: key_by_vault.clone(),
                    section: seal_section(&self.body.vault_id, &key, &section)?,
                }
            }
        };
        self.replace(vault_key, |body| body.keyring = keyring)
    }

    /// All or nothing: `self` changes only when the whole new header is authenticated and within its limits.
    fn replace(&mut self, vault_key: &VaultKey, change: impl FnOnce(&mut Body)) -> Result<(), HeaderError> {
        let mut body = self.body.clone();
        change(&mut body);
        body.generation = body.generation.saturating_add(1);
        *self = Self::authenticated(body, vault_key)?;
        Ok(())
    }

    fn authenticated(body: Body, vault_key: &VaultKey) -> Result<Self, HeaderError> {
        let bytes = format::encode_authenticated_part(&body);
        if bytes.len() + format::MAC > SIZE_LIMIT {
            return Err(HeaderError::TooLarge);
        }
        let mac = mac(vault_key, &bytes).finalize().into_bytes().into();
        Ok(Self { body, mac })
    }

    fn section_key(&self, vault_key: &VaultKey, key_by_vault: &Sealed) -> Result<SecretKey, HeaderError> {
        open_key(&vault_key.section_key(), &self.aad(AAD_SECTION_BY_VAULT), key_by_vault)
            .ok_or(HeaderError::Damaged { part: HeaderPart::StaffSection })
    }

    fn open_section(&self, key: &SecretKey, sealed: &Sealed) -> Result<StaffSection, HeaderError> {
        let bytes =
            envelope::open(key, &self.aad(AAD_SECTION), sealed).map_err(|_| HeaderError::Damaged { part: HeaderPart::StaffSection })?;
        let section: StaffSection = format::from_canonical_cbor(&bytes)?;
        section.check_for(&self.body.vault_id)?;
        Ok(section)
    }

    fn aad(&self, context: &[u8]) -> Vec<u8> {
        aad(context, &self.body.vault_id)
    }
}

fn aad(context: &[u8], vault_id: &VaultId) -> Vec<u8> {
    [context, &[0], vault_id.as_bytes()].concat()
}

fn mac(vault_key: &VaultKey, authenticated: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(vault_key.header_mac_key().expose()).expect("HMAC takes a key of any length");
    mac.update(MAC_CONTEXT);
    mac.update(authenticated);
    mac
}

fn seal_recovery(vault_id: &VaultId, vault_key: &VaultKey, recovery_key: &RecoveryKey) -> Result<Sealed, EnvelopeError> {
    envelope::seal(&recovery_key.secret().derive(label::RECOVERY_WRAP), &aad(AAD_RECOVERY, vault_id), vault_key.0.expose())
}

fn seal_section(vault_id: &VaultId, key: &SecretKey, section: &StaffSection) -> Result<Sealed, EnvelopeError> {
    envelope::seal(key, &aad(AAD_SECTION, vault_id), &format::to_cbor(section))
}

fn wrap(
    vault_id: &VaultId,
    vault_key: &VaultKey,
    keyring_secret: Option<&SecretKey>,
    section: &StaffSection,
) -> Result<Keyring, EnvelopeError> {
    let Some(secret) = keyring_secret else {
        return Ok(Keyring::None { section: section.clone() });
    };
    let key = SecretKey::make_random();
    Ok(Keyring::Wrapped {
        key_by_keyring: envelope::seal(&secret.derive(label::KEYRING_WRAP), &aad(AAD_SECTION_BY_KEYRING, vault_id), key.expose())?,
        key_by_vault: envelope::seal(&vault_key.section_key(), &aad(AAD_SECTION_BY_VAULT, vault_id), key.expose())?,
        section: seal_section(vault_id, &key, section)?,
    })
}

fn open_key(key: &SecretKey, aad: &[u8], sealed: &Sealed) -> Option<SecretKey> {
    let opened = envelope::open(key, aad, sealed).ok()?;
    SecretKey::from_slice(&opened)
}
