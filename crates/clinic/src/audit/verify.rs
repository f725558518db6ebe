//! Reads both chains of every desk from end to end and names each place where they were tampered with.

use crypto::{ChainVerifier, Entry, Head, Payload, Signature, VerifyingKey};
use protocol::DeskId;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::{read_anchor, table};
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
    /// `audit`, `change`, or `record` for a row that is not what the changes say.
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
    let access = session.authorize::<ReadAudit>(About::nothing().detail("verify"))?;
    let (dir, desk) = (session.dir.clone(), &session.desk);
    let (own, key, chain_key) = (desk.id, desk.signing.verifying_key(), &desk.chain_key);
    session.read(&access, |tx| {
        let conn = tx.conn();
        let mut result = AuditVerification { events: 0, changes: 0, chains: 0, ok: true, faults: Vec::new() };
        for desk in table::desks(conn)? {
            for chain in Chain::BOTH {
                let stored = stored_tip(conn, chain, desk)?;
                let sealed = stored.filter(|(head, seal)| head.verify(chain_key, &chain.domain(desk), seal).is_ok()).map(|(head, _)| head);
                let anchored = (desk == own).then(|| read_anchor(&dir, desk, chain_key, chain)).flatten();
                // The further of the two: whichever was not cut tells where the chain ended.
                let head = [sealed, anchored].into_iter().flatten().max_by_key(|head| head.seq);
                let mut fault = |kind: &str, seq: u64| {
                    let seq = u32::try_from(seq).unwrap_or(u32::MAX);
                    result.faults.push(ChainFaultView {
                        desk: desk.to_string(),
                        chain: chain.name().to_owned(),
                        seq,
                        kind: kind.to_owned(),
                    });
                };
                if let (Some((tip, _)), None) = (stored, sealed) {
                    fault("edited", tip.seq);
                }
                let report = read_chain(conn, chain, desk, &key, head.as_ref())?;
                for found in &report.faults {
                    fault(&found.kind.to_string(), found.seq);
                }
                for seq in edited_columns(conn, chain, desk)? {
                    if !report.faults.iter().any(|found| found.seq == seq) {
                        fault("edited", seq);
                    }
                }
                let rows = u32::try_from(report.rows).unwrap_or(u32::MAX);
                match chain {
                    Chain::Audit => result.events += rows,
                    Chain::Changes => result.changes += rows,
                }
                result.chains += 1;
                result.ok &= report.complete;
            }
        }
        for seq in edited_records(conn)? {
            result.faults.push(ChainFaultView { desk: own.to_string(), chain: "record".to_owned(), seq, kind: "edited".to_owned() });
        }
        result.ok &= result.faults.is_empty();
        Ok(result)
    })
}

fn stored_tip(conn: &Connection, chain: Chain, desk: DeskId) -> rusqlite::Result<Option<(Head, [u8; 32])>> {
    conn.prepare_cached("SELECT seq, hash, seal FROM chain_tip WHERE chain = ?1 AND desk = ?2")?
        .query_row(params![chain.name(), desk.0], |row| Ok((Head { seq: row.get::<_, i64>(0)? as u64, hash: row.get(1)? }, row.get(2)?)))
        .optional()
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

/// Numbers of the last change of each record whose stored state is not what its changes say.
fn edited_records(conn: &Connection) -> Result<Vec<u32>, ClinicError> {
    let mut statement = conn.prepare_cached(
        "SELECT l.record_id, l.body, l.desk_seq, r.state FROM change_log l LEFT JOIN record r ON r.id = l.record_id ORDER BY l.record_id, l.position",
    )?;
    let mut rows = statement.query([])?;
    let mut edited = Vec::new();
    let mut current: Option<(crate::ids::RecordId, RecordState, Vec<u8>, u32)> = None;
    let mut close = |record: Option<(crate::ids::RecordId, RecordState, Vec<u8>, u32)>| {
        if let Some((_, replayed, stored, seq)) = record {
            let same = ciborium::de::from_reader_with_recursion_limit::<RecordState, _>(stored.as_slice(), 64)
                .is_ok_and(|state| state == replayed);
            if !same {
                edited.push(seq);
            }
        }
    };
    while let Some(row) = rows.next()? {
        // What cannot be read here is found by its hash.
        let (Ok(id), Ok(change)) = (row.get(0), Change::decode(row.get_ref(1)?.as_blob().unwrap_or_default())) else { continue };
        if current.as_ref().is_none_or(|(open, ..)| *open != id) {
            close(current.take());
            current = Some((id, RecordState::default(), row.get::<_, Option<Vec<u8>>>(3)?.unwrap_or_default(), 0));
        }
        if let Some((_, state, _, seq)) = &mut current {
            state.apply(&change);
            *seq = row.get::<_, i64>(2).ok().and_then(|seq| u32::try_from(seq).ok()).unwrap_or(u32::MAX);
        }
    }
    close(current);
    edited.sort_unstable();
    Ok(edited)
}
