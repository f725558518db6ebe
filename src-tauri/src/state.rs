//! The desk while the app runs: locked, or unlocked with its one session. Everything that ends a session goes through [`Desk::lock`].

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clinic::{
    ClinicError, RecordingId, Session, Vault,
    changes::RecordType,
    session::{LockReason, Tick},
    unlock::{Keyring, SealingPublicKey},
};
use serde::Serialize;
use tauri::{AppHandle, Manager};
use tauri_specta::Event;
use zeroize::Zeroizing;

use crate::{
    error::{AppError, ErrorCode},
    recorder::Recorders,
};

/// The session ended or is about to.
#[derive(Debug, Clone, Serialize, specta::Type, Event)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SessionEvent {
    /// `reason`: user | idle | limit | os_lock | suspend
    Locked {
        reason: LockReason,
    },
    Warning {
        seconds_left: u32,
    },
    Resumed,
}

/// Rows of these record types changed.
#[derive(Debug, Clone, Serialize, specta::Type, Event)]
#[serde(rename_all = "camelCase")]
pub struct DataChanged {
    pub record_types: Vec<String>,
}

/// The app's one state.
pub struct Desk {
    inner: Mutex<Inner>,
    pub recorders: Recorders,
}

struct Inner {
    vault: Vault,
    session: Option<Session>,
    /// Milliseconds since 1970 of the last acknowledged write.
    saved_at: Option<i64>,
    warned: bool,
}

impl Desk {
    pub fn open(folder: &Path, keyring: Arc<dyn Keyring>) -> Result<Self, ClinicError> {
        let vault = Vault::open(folder, keyring)?;
        Ok(Self { inner: Mutex::new(Inner { vault, session: None, saved_at: None, warned: false }), recorders: Recorders::default() })
    }

    /// A panic elsewhere must not keep the desk from locking.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn folder(&self) -> PathBuf {
        self.inner().vault.dir().to_owned()
    }

    /// Whether someone is at the desk.
    pub fn is_unlocked(&self) -> bool {
        self.inner().session.is_some()
    }

    pub fn saved_at(&self) -> Option<i64> {
        self.inner().saved_at
    }

    /// Works on the vault while nobody is at the desk.
    pub fn with_vault<T>(&self, work: impl FnOnce(&Vault) -> Result<T, ClinicError>) -> Result<T, AppError> {
        Ok(work(&self.inner().vault)?)
    }

    /// Opens a session; one that was open is locked first, so that another person takes over in one step.
    pub fn begin<T>(&self, app: &AppHandle, open: impl FnOnce(&Vault) -> Result<(T, Session), ClinicError>) -> Result<T, AppError> {
        self.lock(app, LockReason::User);
        let mut inner = self.inner();
        let (value, session) = open(&inner.vault)?;
        inner.session = Some(session);
        inner.warned = false;
        drop(inner);
        self.recorders.unlocked(app);
        Ok(value)
    }

    /// Works on the session, then tells the window what changed.
    pub fn with<T>(&self, app: &AppHandle, work: impl FnOnce(&Vault, &mut Session) -> Result<T, ClinicError>) -> Result<T, AppError> {
        let mut inner = self.inner();
        let Inner { vault, session, saved_at, .. } = &mut *inner;
        let session = session.as_mut().ok_or(ErrorCode::Locked)?;
        // A timer thread may be late: an expired session does nothing more.
        if let Tick::Lock(reason) = session.timer.tick() {
            drop(inner);
            self.lock(app, reason);
            return Err(ErrorCode::Locked.into());
        }
        let result = work(vault, session);
        let changed = session.take_changed();
        if !changed.is_empty() {
            *saved_at = Some(now_millis());
        }
        drop(inner);
        self.announce(app, changed);
        Ok(result?)
    }

    /// Writes something down on the way into a lock, when the time limits have had their say already.
    pub fn keep<T>(&self, app: &AppHandle, work: impl FnOnce(&mut Session) -> Result<T, ClinicError>) -> Result<T, AppError> {
        let mut inner = self.inner();
        let session = inner.session.as_mut().ok_or(ErrorCode::Locked)?;
        let result = work(session);
        let changed = session.take_changed();
        drop(inner);
        self.announce(app, changed);
        Ok(result?)
    }

    /// Opens one sealed chunk of sound; `None` when the desk is locked. Who asks was authorised when the reading began.
    pub fn open_sound(&self, id: RecordingId, index: u32, sealed: &[u8]) -> Option<Result<Zeroizing<Vec<u8>>, ClinicError>> {
        self.inner().session.as_ref().map(|session| clinic::recording::open_chunk(session, id, index, sealed))
    }

    /// The key that seals sound; a recording keeps its copy beyond a lock.
    pub fn recording_key(&self) -> Result<SealingPublicKey, AppError> {
        let inner = self.inner();
        let session = inner.session.as_ref().ok_or(ErrorCode::Locked)?;
        Ok(session.recording_public_key())
    }

    /// Ends the session: closes the database, wipes the keys, clears the window. Nothing can veto it.
    pub fn lock(&self, app: &AppHandle, reason: LockReason) {
        // What was understood so far is kept while there is a session to keep it with.
        self.recorders.locking(self, app);
        let mut inner = self.inner();
        inner.warned = false;
        let Some(session) = inner.session.take() else { return };
        if let Err(error) = inner.vault.lock(session, reason) {
            tracing::error!(%error, "the lock could not be audited; the desk is locked");
        }
        drop(inner);
        emit(app, SessionEvent::Locked { reason });
    }

    /// The app ends: recordings are closed in order, then the desk locks.
    pub fn shut_down(&self, app: &AppHandle) {
        self.recorders.stop_all(self, app);
        self.lock(app, LockReason::User);
    }

    /// One beat of the clock.
    fn tick(&self, app: &AppHandle) {
        let mut inner = self.inner();
        let Some(session) = &inner.session else { return };
        match session.timer.tick() {
            Tick::Open => {
                if std::mem::take(&mut inner.warned) {
                    drop(inner);
                    emit(app, SessionEvent::Resumed);
                }
            }
            Tick::Warn { left } => {
                inner.warned = true;
                drop(inner);
                emit(app, SessionEvent::Warning { seconds_left: u32::try_from(left.as_secs()).unwrap_or(u32::MAX).saturating_add(1) });
            }
            Tick::Lock(reason) => {
                drop(inner);
                self.lock(app, reason);
            }
        }
    }

    fn announce(&self, app: &AppHandle, changed: std::collections::BTreeSet<RecordType>) {
        if !changed.is_empty() {
            emit(app, DataChanged { record_types: changed.iter().map(|record_type| record_type.name().to_owned()).collect() });
        }
    }
}

/// Sends an event to the window; a window that is gone needs none.
pub fn emit<E: Event + Serialize + Clone>(app: &AppHandle, event: E) {
    if let Err(error) = event.emit(app) {
        tracing::warn!(%error, "the window did not take an event");
    }
}

/// Watches the session's time limits for as long as the app runs.
pub fn watch_time(app: AppHandle) {
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_millis(500));
            app.state::<Desk>().tick(&app);
        }
    });
}

pub fn now_millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
