//! Reads both chains of every desk from end to end and names each place where they were tampered with.

use crypto::{ChainVerifier, Entry, FaultKind, Head, Payload, Signature, VerifyingKey};
use protocol::DeskId;
use rusqlite::{Connection, Row};
use serde::Serialize;

use super::{
    Owner, table,
    tail::{self, TailFault},
};
use crate::{
    access::{About, ReadAudit},
    changes::{Change, RecordState},
    db::Chain,
    error::ClinicError,
    session::Session,
};

/// One place where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct ChainFaultView {
    pub desk: String,
    /// `audit`, `change`, `record` for a row that is not what the changes say, or `anchor` for the file that keeps the chains' ends.
    pub chain: String,
    pub seq: u32,
    /// edited | removed | inserted | reordered | truncated
    pub kind: String,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct AuditVerification {
    /// Audit events read.
    pub events: u32,
    /// Changes read.
    pub changes: u32,
    pub chains: u32,
    pub ok: bool,
    pub faults: Vec<ChainFaultView>,
}

/// Verifies everything: both chains of every desk, and that each record is what its changes say.
pub fn verify(session: &mut Session) -> Result<AuditVerification, ClinicError> {
    // Before this look is itself written down: that append closes the end of the chain again.
    super::note_faults(session, false)?;
    let access = session.authorize::<ReadAudit>(About::nothing().detail("verify"))?;
    let own = session.desk.id;
    let heads = [(Chain::Changes, session.desk.changes), (Chain::Audit, session.desk.audit)];
    let (key, dir) = (session.desk.signing.verifying_key(), session.dir.clone());
    session.read(&access, |tx| {
        let conn = tx.conn();
        let owner = Owner { dir: &dir, desk: own, key, chain_key: &session.desk.chain_key };
        let told = tail::told(conn)?;
        let mut result = AuditVerification { events: 0, changes: 0, chains: 0, ok: true, faults: Vec::new() };
        for desk in table::desks(conn, own)? {
            for (chain, own_head) in heads {
                let mut report = verify_one(conn, &owner, chain, desk, (desk == own).then_some(own_head), &told)?;
                result.faults.append(&mut report.faults);
                match chain {
                    Chain::Audit => result.events += report.rows,
                    Chain::Changes => result.changes += report.rows,
                }
                result.chains += 1;
                result.ok &= report.complete;
            }
        }
        for (chain, seq) in table::without_desk(conn)? {
            result.faults.push(view(own, chain.name(), seq, &FaultKind::Inserted.to_string()));
        }
        for fault in told.iter().filter(|fault| fault.chain == "anchor") {
            result.faults.push(view(own, "anchor", fault.seq, &fault.kind));
        }
        for seq in edited_records(conn)? {
            result.faults.push(view(own, "record", seq.into(), "edited"));
        }
        result.ok &= result.faults.is_empty();
        Ok(result)
    })
}

/// What one chain of one desk was found to be.
struct OneChain {
    rows: u32,
    complete: bool,
    faults: Vec<ChainFaultView>,
}

fn verify_one(
    conn: &Connection,
    owner: &Owner<'_>,
    chain: Chain,
    desk: DeskId,
    own_head: Option<Head>,
    told: &[TailFault],
) -> Result<OneChain, ClinicError> {
    let stored = tail::stored_tip(conn, owner, chain, desk)?;
    let sealed = stored.filter(|(_, holds)| *holds).map(|(head, _)| head);
    // This desk knows where its own chains end.
    let head = own_head.or(sealed);
    let report = read_chain(conn, chain, desk, &owner.key, head.as_ref())?;
    let mut found: Vec<(u64, String)> = report.faults.iter().map(|fault| (fault.seq, fault.kind.to_string())).collect();
    if let (Some((tip, _)), None) = (stored, sealed) {
        found.push((tip.seq, FaultKind::Edited.to_string()));
    }
    for seq in edited_columns(conn, chain, desk)? {
        if !report.faults.iter().any(|fault| fault.seq == seq) {
            found.push((seq, FaultKind::Edited.to_string()));
        }
    }
    for fault in told.iter().filter(|fault| own_head.is_some() && fault.chain == chain.name()) {
        let removed = (fault.seq, FaultKind::Removed.to_string());
        if fault.kind == FaultKind::Truncated.to_string()
            && let Some(found) = found.iter_mut().find(|found| **found == removed)
        {
            // Later rows stand after a cut end: what was cut is missing in the middle now, and was the end when it went.
            found.1.clone_from(&fault.kind);
        } else {
            found.push((fault.seq, fault.kind.clone()));
        }
    }
    found.sort();
    found.dedup();
    Ok(OneChain {
        rows: u32::try_from(report.rows).unwrap_or(u32::MAX),
        complete: report.complete,
        faults: found.into_iter().map(|(seq, kind)| view(desk, chain.name(), seq, &kind)).collect(),
    })
}

fn view(desk: DeskId, chain: &str, seq: u64, kind: &str) -> ChainFaultView {
    ChainFaultView { desk: desk.to_string(), chain: chain.to_owned(), seq: u32::try_from(seq).unwrap_or(u32::MAX), kind: kind.to_owned() }
}

fn read_chain(
    conn: &Connection,
    chain: Chain,
    desk: DeskId,
    key: &VerifyingKey,
    head: Option<&Head>,
) -> rusqlite::Result<crypto::ChainReport> {
    let sql = match chain {
        Chain::Audit => "SELECT position, seq, prev, hash, signature, body FROM audit_event WHERE desk = ?1 ORDER BY position",
        Chain::Changes => "SELECT position, desk_seq, prev, hash, signature, body FROM change_log WHERE desk = ?1 ORDER BY position",
    };
    let mut verifier = ChainVerifier::new(chain.domain(desk), key);
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([desk.0])?;
    while let Some(row) = rows.next()? {
        match columns(row) {
            Ok((position, seq, prev, hash, signature)) => {
                let body: &[u8] = row.get_ref(5)?.as_blob().unwrap_or_default();
                verifier.push(&Entry {
                    position,
                    seq: seq as u64,
                    prev,
                    hash,
                    payload: Payload::Present(body),
                    signature: Signature(signature),
                });
            }
            Err(_) => verifier.push_unreadable(row.get(0)?, row.get::<_, i64>(1).ok().map(|seq| seq as u64)),
        }
    }
    Ok(verifier.finish(head))
}

type Columns = (i64, i64, [u8; 32], [u8; 32], [u8; 64]);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

/// Numbers of rows whose columns for filtering do not say what the signed body says.
fn edited_columns(conn: &Connection, chain: Chain, desk: DeskId) -> Result<Vec<u64>, ClinicError> {
    let mut edited = Vec::new();
    match chain {
        Chain::Audit => {
            let mut statement =
                conn.prepare_cached("SELECT seq, body, recorded, actor, subject, action, outcome FROM audit_event WHERE desk = ?1")?;
            let mut rows = statement.query([desk.0])?;
            while let Some(row) = rows.next()? {
                // A body that cannot be read is found by its hash.
                let Ok(event) = table::decode(row.get_ref(1)?.as_blob().unwrap_or_default()) else { continue };
                let same = row.get::<_, i64>(2).ok() == Some(event.recorded)
                    && row.get::<_, Option<_>>(3).ok() == Some(event.actor)
                    && row.get::<_, Option<_>>(4).ok() == Some(event.subject)
                    && row.get::<_, String>(5).ok() == Some(event.action)
                    && row.get::<_, String>(6).ok().as_deref() == Some(event.outcome.name());
                if !same {
                    edited.push(row.get::<_, i64>(0)? as u64);
                }
            }
        }
        Chain::Changes => {
            let mut statement = conn.prepare_cached("SELECT desk_seq, body, clock, subject, record_id FROM change_log WHERE desk = ?1")?;
            let mut rows = statement.query([desk.0])?;
            while let Some(row) = rows.next()? {
                let Ok(change) = Change::decode(row.get_ref(1)?.as_blob().unwrap_or_default()) else { continue };
                let same = row.get::<_, Vec<u8>>(2).ok().as_deref() == Some(&change.clock.to_bytes())
                    && row.get::<_, Option<_>>(3).ok() == Some(change.subject)
                    && row.get::<_, crate::ids::RecordId>(4).ok() == Some(change.record_id);
                if !same {
                    edited.push(row.get::<_, i64>(0)? as u64);
                }
            }
        }
    }
    Ok(edited)
}

/// Numbers of the last change of each record that does not stand in the table as its changes say; 0 for one that no change made.
fn edited_records(conn: &Connection) -> Result<Vec<u32>, ClinicError> {
    let mut statement = conn.prepare_cached(
        "SELECT l.record_id, l.body, l.desk_seq, r.state, r.type, r.subject
         FROM change_log l LEFT JOIN record r ON r.id = l.record_id ORDER BY l.record_id, l.position",
    )?;
    let mut rows = statement.query([])?;
    let mut edited = Vec::new();
    let mut open: Option<Replay> = None;
    while let Some(row) = rows.next()? {
        // What cannot be read here is found by its hash.
        let (Ok(id), Ok(change)) = (row.get(0), Change::decode(row.get_ref(1)?.as_blob().unwrap_or_default())) else { continue };
        if open.as_ref().is_none_or(|open| open.id != id) {
            edited.extend(open.take().and_then(Replay::close));
            let stored = row.get::<_, Option<Vec<u8>>>(3).ok().flatten().unwrap_or_default();
            let same_place = row.get::<_, String>(4).ok().as_deref() == Some(change.record_type.name())
                && row.get::<_, Option<crate::ids::PatientId>>(5).ok() == Some(change.subject);
            open = Some(Replay { id, state: RecordState::default(), stored, same_place, seq: 0 });
        }
        if let Some(open) = &mut open {
            open.state.apply(&change);
            open.seq = row.get::<_, i64>(2).ok().and_then(|seq| u32::try_from(seq).ok()).unwrap_or(u32::MAX);
        }
    }
    edited.extend(open.and_then(Replay::close));
    let unmade: i64 = conn.query_row(
        "SELECT count(*) FROM record r WHERE NOT EXISTS (SELECT 1 FROM change_log l WHERE l.record_id = r.id)",
        [],
        |row| row.get(0),
    )?;
    if unmade > 0 {
        edited.push(0);
    }
    edited.sort_unstable();
    edited.dedup();
    Ok(edited)
}

/// One record made again from its changes.
struct Replay {
    id: crate::ids::RecordId,
    state: RecordState,
    stored: Vec<u8>,
    same_place: bool,
    seq: u32,
}

impl Replay {
    /// The number of the last change, if the table says something else.
    fn close(self) -> Option<u32> {
        let same = self.same_place
            && ciborium::de::from_reader_with_recursion_limit::<RecordState, _>(self.stored.as_slice(), 64)
                .is_ok_and(|state| state == self.state);
        (!same).then_some(self.seq)
    }
}
