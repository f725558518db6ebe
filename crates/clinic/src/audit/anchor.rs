//! The anchor: tips of both chains in a small authenticated file beside the database, so that cutting the end of a chain together with
//! its tip, or putting an older database back, is seen.

use std::path::Path;

use crypto::{Head, SecretKey};
use protocol::DeskId;
use serde::{Deserialize, Serialize};

use crate::{
    db::{Chain, DeskIdentity},
    error::ClinicError,
    unlock::write_atomically,
};

const FILE: &str = "chain.anchor";

#[derive(Serialize, Deserialize)]
struct StoredTip {
    seq: u64,
    hash: [u8; 32],
    seal: [u8; 32],
}

/// Tips as last anchored: changes, then audit.
#[derive(Serialize, Deserialize)]
struct Anchor {
    version: u8,
    tips: [StoredTip; 2],
}

/// Anchors the present tips.
pub(crate) fn write_anchor(dir: &Path, desk: &DeskIdentity) -> Result<(), ClinicError> {
    let tip =
        |chain: Chain, head: Head| StoredTip { seq: head.seq, hash: head.hash, seal: head.seal(&desk.chain_key, &chain.domain(desk.id)) };
    let anchor = Anchor { version: 1, tips: [tip(Chain::Changes, desk.changes), tip(Chain::Audit, desk.audit)] };
    let mut bytes = Vec::new();
    ciborium::into_writer(&anchor, &mut bytes).map_err(crate::changes::ChangeError::from)?;
    Ok(write_atomically(&dir.join(FILE), &bytes)?)
}

/// The anchored tip of a chain. `None`: there is no anchor yet, or it is not this vault's.
pub(crate) fn read_anchor(dir: &Path, desk: DeskId, chain_key: &SecretKey, chain: Chain) -> Option<Head> {
    let bytes = std::fs::read(dir.join(FILE)).ok().filter(|bytes| bytes.len() < 4096)?;
    let anchor: Anchor = ciborium::from_reader(bytes.as_slice()).ok()?;
    let tip = &anchor.tips[usize::from(chain == Chain::Audit)];
    let head = Head { seq: tip.seq, hash: tip.hash };
    head.verify(chain_key, &chain.domain(desk), &tip.seal).ok().map(|()| head)
}
