//! One person at an unlocked desk. Owns the open database and every key; dropping it closes the one and wipes the others.
//!
//! [`Session::authorize`], [`Session::read`] and [`Session::write`] are the only ways to data. Must never be cloned, kept beyond a lock, or give
//! its connection away.

pub(crate) mod forms;
mod timer;

use std::{collections::BTreeSet, fs::File, path::PathBuf, sync::Arc};

use crypto::{SealingKeyPair, VaultKey};
use rusqlite::Connection;

use crate::{
    access::{About, Access, Permission, Role, allows},
    audit::{self, AuditEvent, Outcome},
    changes::RecordType,
    db::{DeskIdentity, ReadTx, WriteTx, commit_write},
    error::ClinicError,
    ids::{PatientId, PractitionerId},
    settings::ClinicSettings,
    types::now_millis,
};

pub use timer::{ABSOLUTE_LIMIT, IDLE_WARNING, LockReason, MAX_IDLE, STEP_UP_AFTER, SessionTimer, Tick};

/// The person at the desk.
#[derive(Debug, Clone)]
pub struct Actor {
    pub id: PractitionerId,
    pub name: String,
    pub roles: Vec<Role>,
}

/// An unlocked desk.
pub struct Session {
    pub(crate) conn: Connection,
    pub(crate) desk: DeskIdentity,
    pub(crate) actor: Actor,
    pub(crate) settings: ClinicSettings,
    pub(crate) dir: PathBuf,
    /// Opens sealed sound; its public half is in the vault header, so that a locked desk can still seal.
    pub(crate) recording_key: SealingKeyPair,
    pub(crate) vault_key: VaultKey,
    pub timer: SessionTimer,
    changed: BTreeSet<RecordType>,
    /// The folder stays this program's as long as the database is open, and the vault sees that someone is here.
    _folder: Arc<File>,
}

impl Session {
    #[allow(clippy::too_many_arguments, reason = "one value for each field that the vault opens")]
    pub(crate) fn new(
        conn: Connection,
        desk: DeskIdentity,
        actor: Actor,
        settings: ClinicSettings,
        dir: PathBuf,
        recording_key: SealingKeyPair,
        vault_key: VaultKey,
        folder: Arc<File>,
    ) -> Self {
        let timer = SessionTimer::start(std::time::Duration::from_secs(settings.idle_limit_seconds.into()));
        Self { conn, desk, actor, settings, dir, recording_key, vault_key, timer, changed: BTreeSet::new(), _folder: folder }
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn settings(&self) -> &ClinicSettings {
        &self.settings
    }

    /// Asks for `P`. A read is audited here; a write carries its event into [`Session::write`]; a denial is audited and refused.
    /// If the audit cannot be written, there is no access.
    pub fn authorize<P: Permission>(&mut self, about: About) -> Result<Access<P>, ClinicError> {
        if let Err(denial) = self.check::<P>(&about) {
            let event = self.event(P::CODE.name(), about, Outcome::Denied);
            self.append_event(&event)?;
            return Err(denial);
        }
        let event = self.event(P::CODE.name(), about, Outcome::Success);
        if !P::WRITES {
            self.append_event(&event)?;
        }
        Ok(Access::grant(event))
    }

    fn check<P: Permission>(&self, about: &About) -> Result<(), ClinicError> {
        if !allows(&self.actor.roles, P::CODE) {
            return Err(ClinicError::Denied(P::CODE));
        }
        if P::CARE_RELATION {
            let subject = about.subject.ok_or(ClinicError::NoCareRelation)?;
            if !self.has_care_relation(subject)? {
                return Err(ClinicError::NoCareRelation);
            }
        }
        if P::STEP_UP && self.timer.needs_step_up() {
            return Err(ClinicError::StepUpNeeded);
        }
        Ok(())
    }

    /// Doctors: an appointment or visit of theirs. Nurses: any visit or appointment of the clinic within thirty days.
    fn has_care_relation(&self, subject: PatientId) -> Result<bool, ClinicError> {
        let with = self.actor.roles.contains(&Role::Doctor).then_some(self.actor.id);
        if crate::encounter::table::is_seen_by(&self.conn, subject, self.actor.id)?
            || crate::appointment::table::is_booked_with(&self.conn, subject, with)?
        {
            return Ok(true);
        }
        Ok(self.actor.roles.contains(&Role::Nurse) && crate::encounter::table::is_recent(&self.conn, subject)?)
    }

    /// Reads what the access was given for.
    pub fn read<P: Permission, T>(
        &self,
        access: &Access<P>,
        work: impl FnOnce(&ReadTx<'_, P>) -> Result<T, ClinicError>,
    ) -> Result<T, ClinicError> {
        // Access to write is audited by the write: reading with it would leave no trace.
        const { assert!(!P::WRITES, "read with a permission to read") };
        work(&ReadTx::new(&self.conn, access))
    }

    /// Writes rows, their signed changes and the audit event in one transaction. Acknowledged means on the disk.
    pub fn write<P: Permission, T>(
        &mut self,
        access: Access<P>,
        work: impl FnOnce(&mut WriteTx<'_, P>) -> Result<T, ClinicError>,
    ) -> Result<T, ClinicError> {
        let event = access.event().clone();
        match commit_write(&mut self.conn, &mut self.desk, Some(self.actor.id), access, work) {
            Ok((value, touched)) => {
                self.changed.extend(touched);
                Ok(value)
            }
            Err(refusal) => {
                // Nothing was written, and the trail tells that someone tried. A disk that takes no event either has its own error to show.
                if let Err(error) = self.append_event(&AuditEvent { outcome: Outcome::Failed, ..event }) {
                    tracing::error!(%error, "a refused write could not be audited");
                }
                Err(refusal)
            }
        }
    }

    /// Seals sound to this vault; keeping it opens nothing.
    pub fn recording_public_key(&self) -> crypto::SealingPublicKey {
        self.recording_key.public()
    }

    /// Damaged pages of the database, as SQLCipher names them; empty when every page's authentication code holds. Reads the whole file.
    pub fn damaged_pages(&self) -> Result<Vec<String>, ClinicError> {
        Ok(crate::db::check_integrity(&self.conn)?)
    }

    /// Record types written since the last call: what the window must fetch again.
    pub fn take_changed(&mut self) -> BTreeSet<RecordType> {
        std::mem::take(&mut self.changed)
    }

    /// Writes an event that is about the session itself: unlock, lock, a failed try.
    pub(crate) fn note_event(&mut self, action: &str, outcome: Outcome, detail: Option<String>) -> Result<(), ClinicError> {
        let event = self.event(action, About { detail, ..About::default() }, outcome);
        self.append_event(&event)
    }

    pub(crate) fn append_event(&mut self, event: &AuditEvent) -> Result<(), ClinicError> {
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let tip = audit::append(&tx, &self.desk, event)?;
        tx.commit()?;
        self.desk.audit = tip;
        Ok(())
    }

    fn event(&self, action: &str, about: About, outcome: Outcome) -> AuditEvent {
        AuditEvent {
            recorded: now_millis(),
            actor: Some(self.actor.id),
            roles: self.actor.roles.clone(),
            action: action.to_owned(),
            subject: about.subject,
            record: about.record,
            outcome,
            detail: about.detail,
        }
    }
}

impl Drop for Session {
    /// The anchor outside the database lets the next unlock see a chain that was cut meanwhile.
    fn drop(&mut self) {
        if let Err(error) = audit::write_anchor(&self.dir, &self.desk) {
            tracing::error!(%error, "the chain anchor could not be written");
        }
    }
}
