//! One change and its signed form. What is signed is the stored bytes, so that no re-encoding can break a signature.

use std::collections::BTreeMap;

use protocol::{Clock, DeskId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::RecordType;
use crate::ids::{PatientId, PractitionerId, RecordId};

/// New value of one field, and the clocks of the values its author saw and replaces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    pub value: Value,
    pub replaces: Vec<Clock>,
}

/// What one person changed in one record at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub clock: Clock,
    /// Number on the desk's own chain, from 1, without gaps.
    pub desk_seq: u64,
    /// `None` only for the desk itself, while it sets up the clinic.
    pub author: Option<PractitionerId>,
    pub subject: Option<PatientId>,
    pub record_type: RecordType,
    pub record_id: RecordId,
    pub fields: BTreeMap<String, FieldChange>,
    /// This change ends the record's life as editable: a signed note. Nothing that it did not see may alter the record afterwards.
    #[serde(default)]
    pub seals: bool,
}

/// A change as it is stored and sent: bytes, place on the desk's chain, signature.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedChange {
    /// CBOR of [`Change`].
    pub body: Vec<u8>,
    pub link: crypto::Link,
}

#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error("a change could not be encoded")]
    Encode(#[from] ciborium::ser::Error<std::io::Error>),
    #[error("a change could not be decoded")]
    Decode(#[from] ciborium::de::Error<std::io::Error>),
}

impl Change {
    pub fn encode(&self) -> Result<Vec<u8>, ChangeError> {
        let mut body = Vec::with_capacity(512);
        ciborium::into_writer(self, &mut body)?;
        Ok(body)
    }

    pub fn decode(body: &[u8]) -> Result<Self, ChangeError> {
        Ok(ciborium::de::from_reader_with_recursion_limit(body, 64)?)
    }

    pub fn desk(&self) -> DeskId {
        self.clock.desk
    }

    /// Every clock this change builds on.
    pub fn replaced(&self) -> impl Iterator<Item = Clock> + '_ {
        self.fields.values().flat_map(|field| field.replaces.iter().copied())
    }
}
