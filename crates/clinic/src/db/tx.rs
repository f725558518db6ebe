//! The two doors to rows. A read handle and a write handle are different types, and both carry the permission they were opened with.
//!
//! [`WriteTx`] has no other constructor than [`commit_write`], which appends the audit event in the same transaction: a write that is
//! unchecked, unaudited or unlogged does not compile.

use std::{
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
};

use crypto::{ChainDomain, Head, Link, SecretKey, SigningKey};
use protocol::DeskId;
use rusqlite::{Connection, TransactionBehavior, params};

use crate::{
    access::{Access, MayRead, MayWrite, Permission},
    audit::{self, AuditEvent},
    changes::{self, Change, FieldChange, HybridClock, Merge, Record, RecordState, RecordType, SignedChange},
    error::ClinicError,
    ids::{PatientId, PractitionerId, RecordId},
};

/// Who this desk is: id, signing key, clock, and the tips of its two chains. Lives only while the vault is open.
pub(crate) struct DeskIdentity {
    pub id: DeskId,
    pub signing: SigningKey,
    /// Authenticates the tips, so that cutting the end of a chain is found.
    pub chain_key: SecretKey,
    pub clock: HybridClock,
    pub changes: Head,
    pub audit: Head,
}

/// Which of a desk's two chains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chain {
    Changes,
    Audit,
}

impl Chain {
    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Changes => "change",
            Self::Audit => "audit",
        }
    }

    /// As hashed.
    pub fn domain(self, desk: DeskId) -> ChainDomain {
        let label = match self {
            Self::Changes => "change v1",
            Self::Audit => "audit v1",
        };
        ChainDomain::new(label, desk.0)
    }
}

/// Field values by name.
type Fields = serde_json::Map<String, serde_json::Value>;

/// Rows may be read, as far as `P` reaches.
pub struct ReadTx<'a, P> {
    conn: &'a Connection,
    only: Option<PatientId>,
    permission: PhantomData<P>,
}

impl<'a, P: Permission> ReadTx<'a, P> {
    /// Needs the access as proof that the gate was passed.
    pub(crate) fn new(conn: &'a Connection, proof: &Access<P>) -> Self {
        Self { conn, only: only::<P>(proof.subject()), permission: PhantomData }
    }

    pub(crate) fn conn(&self) -> &Connection {
        self.conn
    }

    pub fn load<R: Record>(&self, id: impl Into<RecordId>) -> Result<R, ClinicError>
    where
        P: MayRead<R>,
    {
        load(self.conn, id.into(), self.only)
    }

    /// All of a patient's records of one type, oldest first.
    pub fn all_of<R: Record>(&self, subject: PatientId) -> Result<Vec<R>, ClinicError>
    where
        P: MayRead<R>,
    {
        all_of(self.conn, subject, self.only)
    }
}

/// The one patient whose records an access reaches, where it was given for a care relation.
fn only<P: Permission>(subject: Option<PatientId>) -> Option<PatientId> {
    subject.filter(|_| P::CARE_RELATION)
}

/// An access that was given for one patient opens no other's record.
fn same_patient(only: Option<PatientId>, subject: Option<PatientId>) -> Result<(), ClinicError> {
    match (only, subject) {
        (Some(only), Some(subject)) if only != subject => Err(ClinicError::NoCareRelation),
        _ => Ok(()),
    }
}

/// Rows may be written, as far as `P` reaches; each write is a signed change.
pub struct WriteTx<'a, P> {
    conn: &'a Connection,
    desk: &'a mut DeskIdentity,
    tip: Head,
    author: Option<PractitionerId>,
    only: Option<PatientId>,
    event: AuditEvent,
    touched: BTreeSet<RecordType>,
    permission: PhantomData<P>,
}

impl<P: Permission> WriteTx<'_, P> {
    pub(crate) fn conn(&self) -> &Connection {
        self.conn
    }

    pub fn author(&self) -> Option<PractitionerId> {
        self.author
    }

    /// Names the patient in the audit event when it was not known before, as when one is registered.
    pub fn about(&mut self, subject: PatientId) {
        self.event.subject = Some(subject);
    }

    pub fn load<R: Record>(&self, id: impl Into<RecordId>) -> Result<R, ClinicError>
    where
        P: MayRead<R>,
    {
        load(self.conn, id.into(), self.only)
    }

    pub fn all_of<R: Record>(&self, subject: PatientId) -> Result<Vec<R>, ClinicError>
    where
        P: MayRead<R>,
    {
        all_of(self.conn, subject, self.only)
    }

    /// Stores a new record.
    pub fn create<R: Record>(&mut self, record: &R) -> Result<(), ClinicError>
    where
        P: MayWrite<R>,
    {
        self.put(record, None)
    }

    /// Edits a record; only fields that differ become part of the change. The value given back is the stored one.
    pub fn update<R: Record>(
        &mut self,
        id: impl Into<RecordId>,
        edit: impl FnOnce(&mut R) -> Result<(), ClinicError>,
    ) -> Result<R, ClinicError>
    where
        P: MayWrite<R>,
    {
        let id = id.into();
        let (record_type, state) = changes::table::state(self.conn, id)?.ok_or(ClinicError::NotFound(R::TYPE))?;
        if record_type != R::TYPE {
            return Err(ClinicError::NotFound(R::TYPE));
        }
        let mut record: R = changes::shown_record(id, &state)?;
        let before = changes::fields_of(&record)?;
        let subject = record.subject();
        same_patient(self.only, subject)?;
        edit(&mut record)?;
        if record.subject() != subject || record.record_id() != id {
            return Err(ClinicError::Conflict("a record stays with its patient"));
        }
        self.put(&record, Some((state, before)))?;
        Ok(record)
    }

    /// `stored`: what the record was until now, and its fields. Without it the record is new, and one of the same id is never overwritten.
    fn put<R: Record>(&mut self, record: &R, stored: Option<(RecordState, Fields)>) -> Result<(), ClinicError> {
        same_patient(self.only, record.subject())?;
        let is_new = stored.is_none();
        let (mut state, before) = stored.unwrap_or_default();
        if state.is_sealed() {
            return Err(ClinicError::Signed);
        }
        let seals = record.sealed();
        let mut values = changes::fields_of(record)?;
        // A field that went is a change too. One that this version does not know is in neither and stays as it is.
        for name in before.into_iter().map(|(name, _)| name) {
            values.entry(name).or_insert(serde_json::Value::Null);
        }
        let shown: BTreeMap<&str, &serde_json::Value> = state.shown().collect();
        let fields: BTreeMap<String, FieldChange> = values
            .into_iter()
            .filter(|(name, value)| seals || shown.get(name.as_str()) != Some(&value) || state.heads(name).len() > 1)
            .map(|(name, value)| {
                let replaces = state.heads(&name).iter().map(|head| head.clock).collect();
                (name, FieldChange { value, replaces })
            })
            .collect();
        if fields.is_empty() {
            return Ok(());
        }
        let change = Change {
            clock: self.desk.clock.tick(),
            desk_seq: self.tip.seq + 1,
            author: self.author,
            subject: record.subject(),
            record_type: R::TYPE,
            record_id: record.record_id(),
            fields,
            seals,
        };
        let body = change.encode()?;
        let link = Link::append(&Chain::Changes.domain(self.desk.id), &self.tip, &body, &self.desk.signing);
        let signed = SignedChange { body, link };
        if let Merge::Refused(_) = state.apply(&change) {
            return Err(ClinicError::Signed);
        }
        changes::table::append(self.conn, &change, &signed)?;
        changes::table::save_state(self.conn, &change, &state, is_new)?;
        record.project(self.conn)?;
        self.tip = signed.link.head();
        self.touched.insert(R::TYPE);
        Ok(())
    }
}

/// Runs a write and commits rows, changes and the audit event together, or nothing at all. Gives back which record types changed.
pub(crate) fn commit_write<P: Permission, T>(
    conn: &mut Connection,
    desk: &mut DeskIdentity,
    author: Option<PractitionerId>,
    access: Access<P>,
    work: impl FnOnce(&mut WriteTx<'_, P>) -> Result<T, ClinicError>,
) -> Result<(T, BTreeSet<RecordType>), ClinicError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tip = desk.changes;
    let event = access.into_event();
    let only = only::<P>(event.subject);
    let mut write = WriteTx { conn: &tx, desk, tip, author, only, event, touched: BTreeSet::new(), permission: PhantomData };
    let value = work(&mut write)?;
    let WriteTx { tip, event, touched, .. } = write;
    if tip != desk.changes {
        save_tip(&tx, desk, Chain::Changes, tip)?;
    }
    let audit_tip = audit::append(&tx, desk, &event)?;
    tx.commit()?;
    desk.changes = tip;
    desk.audit = audit_tip;
    Ok((value, touched))
}

/// Stores the authenticated tip of a chain.
pub(crate) fn save_tip(conn: &Connection, desk: &DeskIdentity, chain: Chain, tip: Head) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO chain_tip (chain, desk, seq, hash, seal) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (chain, desk) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, seal = excluded.seal",
    )?
    .execute(params![chain.name(), desk.id.0, tip.seq as i64, tip.hash, tip.seal(&desk.chain_key, &chain.domain(desk.id))])?;
    Ok(())
}

fn load<R: Record>(conn: &Connection, id: RecordId, only: Option<PatientId>) -> Result<R, ClinicError> {
    match changes::table::state(conn, id)? {
        Some((record_type, state)) if record_type == R::TYPE => {
            let record: R = changes::shown_record(id, &state)?;
            same_patient(only, record.subject())?;
            Ok(record)
        }
        _ => Err(ClinicError::NotFound(R::TYPE)),
    }
}

fn all_of<R: Record>(conn: &Connection, subject: PatientId, only: Option<PatientId>) -> Result<Vec<R>, ClinicError> {
    same_patient(only, Some(subject))?;
    changes::table::states_of(conn, subject, &R::TYPE)?.into_iter().map(|(id, state)| Ok(changes::shown_record(id, &state)?)).collect()
}
