//! Table of audit events. Columns beside `body` are for filtering; the verifier checks that they say what the body says.

use crypto::{Head, Link};
use protocol::DeskId;
use rusqlite::{Connection, params};

use super::AuditEvent;
use crate::{
    db::{Chain, DeskIdentity, Migration, save_tip},
    error::ClinicError,
    ids::{PatientId, PractitionerId},
};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 2026112402,
    sql: "
    CREATE TABLE audit_event (
        position INTEGER PRIMARY KEY,
        desk BLOB NOT NULL,
        seq INTEGER NOT NULL,
        recorded INTEGER NOT NULL,
        actor BLOB,
        subject BLOB,
        action TEXT NOT NULL,
        outcome TEXT NOT NULL,
        body BLOB NOT NULL,
        prev BLOB NOT NULL,
        hash BLOB NOT NULL,
        signature BLOB NOT NULL
    ) STRICT;
    CREATE INDEX audit_event_seq ON audit_event (desk, seq);
    CREATE INDEX audit_event_subject ON audit_event (subject, position) WHERE subject IS NOT NULL;
    CREATE INDEX audit_event_actor ON audit_event (actor, position);
    CREATE INDEX audit_event_action ON audit_event (action, position);",
}];

/// Appends an event to the desk's chain and gives back the new tip; the caller keeps it once the transaction is committed.
pub(crate) fn append(conn: &Connection, desk: &DeskIdentity, event: &AuditEvent) -> Result<Head, ClinicError> {
    let mut body = Vec::with_capacity(192);
    ciborium::into_writer(event, &mut body).map_err(crate::changes::ChangeError::from)?;
    let link = Link::append(&Chain::Audit.domain(desk.id), &desk.audit, &body, &desk.signing);
    conn.prepare_cached(
        "INSERT INTO audit_event (desk, seq, recorded, actor, subject, action, outcome, body, prev, hash, signature)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        desk.id.0,
        link.seq as i64,
        event.recorded,
        event.actor,
        event.subject,
        event.action,
        event.outcome.name(),
        body,
        link.prev,
        link.hash,
        link.signature.0,
    ])?;
    save_tip(conn, desk, Chain::Audit, link.head())?;
    Ok(link.head())
}

/// Which events to list; newest first.
#[derive(Debug, Clone, Default, serde::Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditFilter {
    pub actor_id: Option<PractitionerId>,
    pub patient_id: Option<PatientId>,
    pub action: Option<String>,
    /// Dates `YYYY-MM-DD`, both included.
    pub from: Option<String>,
    pub to: Option<String>,
    /// Only events before this number: the next page.
    pub before: Option<u32>,
    pub limit: u32,
}

/// A stored event with its place.
pub(crate) struct StoredEvent {
    pub position: i64,
    pub event: AuditEvent,
}

pub(crate) fn list(conn: &Connection, filter: &AuditFilter, from_millis: i64, to_millis: i64) -> Result<Vec<StoredEvent>, ClinicError> {
    // Each shape of filter has its own plan; `?n IS NULL OR` would defeat the indexes.
    let mut sql = String::from("SELECT position, body FROM audit_event WHERE position < ?1 AND recorded BETWEEN ?2 AND ?3");
    let before = filter.before.map_or(i64::MAX, i64::from);
    let mut values: Vec<Box<dyn rusqlite::ToSql>> = vec![Box::new(before), Box::new(from_millis), Box::new(to_millis)];
    let mut and = |column: &str, value: Box<dyn rusqlite::ToSql>| {
        values.push(value);
        sql.push_str(&format!(" AND {column} = ?{}", values.len()));
    };
    if let Some(actor) = filter.actor_id {
        and("actor", Box::new(actor));
    }
    if let Some(subject) = filter.patient_id {
        and("subject", Box::new(subject));
    }
    if let Some(action) = &filter.action {
        and("action", Box::new(action.clone()));
    }
    sql.push_str(&format!(" ORDER BY position DESC LIMIT {}", filter.limit.clamp(1, 1000)));
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(rusqlite::params_from_iter(values), |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    rows.map(|row| {
        let (position, body) = row?;
        Ok(StoredEvent { position, event: decode(&body)? })
    })
    .collect()
}

pub(crate) fn decode(body: &[u8]) -> Result<AuditEvent, ClinicError> {
    Ok(ciborium::de::from_reader_with_recursion_limit(body, 16).map_err(crate::changes::ChangeError::from)?)
}

/// This desk and every other that has, or is said to have, a row of a chain here.
pub(crate) fn desks(conn: &Connection, own: DeskId) -> rusqlite::Result<Vec<DeskId>> {
    let mut desks = std::collections::BTreeSet::from([own]);
    let sql = "SELECT desk FROM chain_tip UNION SELECT desk FROM change_log UNION SELECT desk FROM audit_event";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        // A name that is not one is no desk of ours; its rows are missing from the chain they were taken from.
        desks.extend(row.get(0).ok().map(DeskId));
    }
    Ok(desks.into_iter().collect())
}

/// Numbers of rows that name no desk at all.
pub(crate) fn without_desk(conn: &Connection) -> rusqlite::Result<Vec<(Chain, u64)>> {
    let mut found = Vec::new();
    for (chain, sql) in [
        (Chain::Audit, "SELECT seq FROM audit_event WHERE length(desk) <> 16"),
        (Chain::Changes, "SELECT desk_seq FROM change_log WHERE length(desk) <> 16"),
    ] {
        let mut statement = conn.prepare_cached(sql)?;
        for seq in statement.query_map([], |row| row.get::<_, i64>(0))? {
            found.push((chain, seq? as u64));
        }
    }
    Ok(found)
}
