//! The end of each of this desk's chains: where it must go on, and whether someone cut or rewrote it while nobody looked.
//!
//! What is found here is written into the trail itself, because the next append closes the end again and would hide it.

use std::path::Path;

use crypto::{ChainVerifier, Entry, FaultKind, Head, Payload, SecretKey, Signature, VerifyingKey};
use protocol::DeskId;
use rusqlite::{Connection, OptionalExtension, params};

use super::{AuditEvent, Outcome, read_anchor, table};
use crate::{db::Chain, error::ClinicError, session::Session, types::now_millis};

/// Action of the event that tells of a fault found at the end of a chain.
pub(super) const CHAIN_FAULT: &str = "chain_fault";
/// Rows that are looked at from the end, newest first, for one that this desk signed.
const LOOK_BACK: u32 = 256;

/// Who asks: the desk whose chains are read, with the keys to check them.
pub(crate) struct Owner<'a> {
    pub dir: &'a Path,
    pub desk: DeskId,
    pub key: VerifyingKey,
    pub chain_key: &'a SecretKey,
}

/// A fault at the end of a chain, as its event's detail tells it: `chain kind seq`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TailFault {
    pub chain: String,
    pub kind: String,
    pub seq: u64,
}

impl TailFault {
    fn new(chain: Chain, kind: FaultKind, seq: u64) -> Self {
        Self { chain: chain.name().to_owned(), kind: kind.to_string(), seq }
    }

    fn to_detail(&self) -> String {
        format!("{} {} {}", self.chain, self.kind, self.seq)
    }

    fn from_detail(detail: &str) -> Option<Self> {
        let mut parts = detail.split(' ');
        let (chain, kind, seq) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
        Some(Self { chain: chain.to_owned(), kind: kind.to_owned(), seq })
    }
}

/// The stored tip of a chain, and whether its seal holds.
pub(super) fn stored_tip(conn: &Connection, owner: &Owner<'_>, chain: Chain, desk: DeskId) -> rusqlite::Result<Option<(Head, bool)>> {
    conn.prepare_cached("SELECT seq, hash, seal FROM chain_tip WHERE chain = ?1 AND desk = ?2")?
        .query_row(params![chain.name(), desk.0], |row| {
            let head = Head { seq: row.get::<_, i64>(0)? as u64, hash: row.get(1).unwrap_or_default() };
            let seal: Option<[u8; 32]> = row.get(2).ok();
            let holds = seal.is_some_and(|seal| head.verify(owner.chain_key, &chain.domain(desk), &seal).is_ok());
            Ok((head, holds))
        })
        .optional()
}

/// Where the chain goes on: the furthest end that only this desk can have made. Going on from there leaves the numbers of rows that
/// were cut free for ever, so that the hole shows.
pub(crate) fn true_head(conn: &Connection, owner: &Owner<'_>, chain: Chain) -> Result<Head, ClinicError> {
    let sealed = stored_tip(conn, owner, chain, owner.desk)?.filter(|(_, holds)| *holds).map(|(head, _)| head);
    let anchored = read_anchor(owner.dir, owner.desk, owner.chain_key, chain);
    let last = last_genuine(conn, owner, chain, sealed)?;
    Ok([sealed, anchored, last].into_iter().flatten().max_by_key(|head| head.seq).unwrap_or(Head::genesis()))
}

/// Compares the ends of both chains with where this desk knows they are, and writes what is wrong into the trail, each fault once.
pub(crate) fn note_faults(session: &mut Session, anchor_expected: bool) -> Result<(), ClinicError> {
    let key = session.desk.signing.verifying_key();
    let chain_key = session.desk.chain_key.duplicate();
    let dir = session.dir.clone();
    let owner = Owner { dir: &dir, desk: session.desk.id, key, chain_key: &chain_key };
    let mut found = Vec::new();
    for (chain, head) in [(Chain::Changes, session.desk.changes), (Chain::Audit, session.desk.audit)] {
        found.extend(faults(&session.conn, &owner, chain, head)?);
        if anchor_expected && read_anchor(&dir, owner.desk, &chain_key, chain).is_none() {
            found.push(TailFault { chain: "anchor".to_owned(), kind: FaultKind::Removed.to_string(), seq: head.seq });
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    let told = told(&session.conn)?;
    for fault in found.into_iter().filter(|fault| !told.contains(fault)) {
        tracing::error!(chain = %fault.chain, kind = %fault.kind, seq = fault.seq, "the end of a chain was tampered with");
        let event = AuditEvent {
            recorded: now_millis(),
            actor: None,
            roles: Vec::new(),
            action: CHAIN_FAULT.to_owned(),
            subject: None,
            record: None,
            outcome: Outcome::Failed,
            detail: Some(fault.to_detail()),
        };
        session.append_event(&event)?;
    }
    Ok(())
}

/// Faults that the trail tells of.
pub(super) fn told(conn: &Connection) -> Result<Vec<TailFault>, ClinicError> {
    let mut statement = conn.prepare_cached("SELECT body FROM audit_event WHERE action = ?1 ORDER BY position")?;
    let bodies = statement.query_map([CHAIN_FAULT], |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(bodies
        .iter()
        .filter_map(|body| table::decode(body).ok())
        .filter_map(|event| TailFault::from_detail(event.detail.as_deref()?))
        .collect())
}

fn faults(conn: &Connection, owner: &Owner<'_>, chain: Chain, head: Head) -> Result<Vec<TailFault>, ClinicError> {
    let mut faults = Vec::new();
    let tip = stored_tip(conn, owner, chain, owner.desk)?;
    let last = last_genuine(conn, owner, chain, tip.filter(|(_, holds)| *holds).map(|(tip, _)| tip))?.unwrap_or(Head::genesis());
    let tip_holds = match tip {
        // A tip past the last row is a cut chain, told below; one before it, or beside it, was put back or rewritten.
        Some((tip, true)) => tip.seq > last.seq || tip == last,
        Some((_, false)) => false,
        None => head.seq == 0,
    };
    if !tip_holds {
        faults.push(TailFault::new(chain, FaultKind::Edited, tip.map_or(head.seq, |(tip, _)| tip.seq)));
    }
    if last.seq < head.seq {
        faults.push(TailFault::new(chain, FaultKind::Truncated, last.seq + 1));
    }
    Ok(faults)
}

/// The newest row that this desk signed, as the chain's head. `tip` is an authenticated one: the row it names needs no other proof.
fn last_genuine(conn: &Connection, owner: &Owner<'_>, chain: Chain, tip: Option<Head>) -> rusqlite::Result<Option<Head>> {
    let sql = match chain {
        Chain::Audit => "SELECT position, seq, prev, hash, signature, body FROM audit_event WHERE desk = ?1 ORDER BY seq DESC LIMIT ?2",
        Chain::Changes => {
            "SELECT position, desk_seq, prev, hash, signature, body FROM change_log WHERE desk = ?1 ORDER BY desk_seq DESC LIMIT ?2"
        }
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![owner.desk.0, LOOK_BACK])?;
    while let Some(row) = rows.next()? {
        let (Ok(seq), Ok(prev), Ok(hash), Ok(signature)) = (row.get::<_, i64>(1), row.get(2), row.get(3), row.get(4)) else { continue };
        let head = Head { seq: seq as u64, hash };
        if tip == Some(head) {
            return Ok(Some(head));
        }
        let mut verifier = ChainVerifier::new(chain.domain(owner.desk), &owner.key);
        verifier.push(&Entry {
            position: row.get(0)?,
            seq: seq as u64,
            prev,
            hash,
            payload: Payload::Present(row.get_ref(5)?.as_blob().unwrap_or_default()),
            signature: Signature(signature),
        });
        // On its own every row but the first lacks those before it; any other fault is the row's own.
        if verifier.finish(None).faults.iter().all(|fault| fault.kind == FaultKind::Removed) {
            return Ok(Some(head));
        }
    }
    Ok(None)
}
