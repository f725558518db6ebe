//! Growing delay after failed unlocks, kept in a file, so that it survives a restart.
//!
//! It is bounded: a stranger at the keyboard slows the next try, but cannot close the clinic.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};

use super::write_atomically;
use crate::ids::PractitionerId;

const FILE: &str = "attempts";
/// The longest wait, in seconds.
pub const WAIT_LIMIT: u32 = 60;
/// Tries that cost nothing: fingers slip.
const FREE: u32 = 3;

/// Failed tries of one person since their last success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Tries {
    count: u32,
    /// Milliseconds since 1970 of the last one.
    last: i64,
    /// How many of them no audit event tells of yet: a locked desk cannot write one.
    unreported: u32,
}

/// Failed tries by person; ids only.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Attempts(BTreeMap<PractitionerId, Tries>);

impl Attempts {
    /// A file that cannot be read counts as one full wait from now, not as none; a try in the future (the clock was set back) as one made
    /// now. Both are written down, so that the wait ends.
    pub(super) fn load(dir: &Path, now: i64, staff: impl Iterator<Item = PractitionerId>) -> Self {
        let bytes = match std::fs::read(dir.join(FILE)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Self::default(),
            read => read.ok().filter(|bytes| bytes.len() < 1 << 20),
        };
        let read = bytes.and_then(|bytes| ciborium::from_reader::<Self, _>(bytes.as_slice()).ok());
        let is_damaged = read.is_none();
        let mut attempts =
            read.unwrap_or_else(|| Self(staff.map(|id| (id, Tries { count: FREE + 6, last: now, unreported: 0 })).collect()));
        let from_future = |tries: &&mut Tries| tries.last > now;
        let moved = attempts.0.values_mut().filter(from_future).map(|tries| tries.last = now).count() > 0;
        if (is_damaged || moved)
            && let Err(error) = attempts.save(dir)
        {
            // A disk that takes nothing keeps the person waiting, which is the safe side.
            tracing::warn!(%error, "failed tries could not be written down");
        }
        attempts
    }

    /// Seconds until this person may try again.
    pub(super) fn wait(&self, id: PractitionerId, now: i64) -> u32 {
        let Some(tries) = self.0.get(&id) else { return 0 };
        let wait = Self::delay(tries.count);
        // A clock set back must not make the wait longer than it ever was.
        let since = (now - tries.last).clamp(0, i64::from(u32::MAX)) / 1000;
        wait.saturating_sub(since as u32)
    }

    pub(super) fn longest_wait(&self, now: i64) -> u32 {
        self.0.keys().map(|id| self.wait(*id, now)).max().unwrap_or(0)
    }

    pub(super) fn failed(&mut self, id: PractitionerId, now: i64, dir: &Path) -> std::io::Result<()> {
        let tries = self.0.entry(id).or_insert(Tries { count: 0, last: now, unreported: 0 });
        *tries = Tries { count: tries.count.saturating_add(1), last: now, unreported: tries.unreported.saturating_add(1) };
        self.save(dir)
    }

    /// Failures of anyone that are not in the audit trail yet.
    pub(super) fn unreported(&self) -> Vec<(PractitionerId, u32)> {
        self.0.iter().filter(|(_, tries)| tries.unreported > 0).map(|(id, tries)| (*id, tries.unreported)).collect()
    }

    /// The trail has them all, and `id` has proved who they are: their count starts over.
    pub(super) fn reported(&mut self, id: PractitionerId, dir: &Path) -> std::io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.remove(&id);
        self.0.values_mut().for_each(|tries| tries.unreported = 0);
        self.save(dir)
    }

    /// The trail has this person's last failure already.
    pub(super) fn told(&mut self, id: PractitionerId, dir: &Path) -> std::io::Result<()> {
        if let Some(tries) = self.0.get_mut(&id) {
            tries.unreported = tries.unreported.saturating_sub(1);
        }
        self.save(dir)
    }

    fn delay(count: u32) -> u32 {
        if count < FREE { 0 } else { (1u32 << (count - FREE).min(6)).min(WAIT_LIMIT) }
    }

    fn save(&self, dir: &Path) -> std::io::Result<()> {
        let mut bytes = Vec::new();
        ciborium::into_writer(self, &mut bytes).map_err(std::io::Error::other)?;
        write_atomically(&dir.join(FILE), &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_is_bounded_and_survives_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let id = PractitionerId::make();
        let mut attempts = Attempts::load(dir.path(), 0, [id].into_iter());
        let waits: Vec<u32> = (0..12)
            .map(|_| {
                attempts.failed(id, 1_000_000, dir.path()).unwrap();
                attempts.wait(id, 1_000_000)
            })
            .collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
        let restarted = Attempts::load(dir.path(), 1_010_000, [id].into_iter());
        assert_eq!(restarted.wait(id, 1_010_000), 50);
        let set_back = Attempts::load(dir.path(), 0, [id].into_iter());
        assert_eq!(set_back.wait(id, 0), 60, "a clock set back waits no longer than the limit");
        let later = Attempts::load(dir.path(), 61_000, [id].into_iter());
        assert_eq!(later.wait(id, 61_000), 0, "and the wait ends though the clock has not caught up");
        assert_eq!(restarted.wait(PractitionerId::make(), 1_010_000), 0, "others are not held up");
    }

    #[test]
    fn a_damaged_file_is_a_wait_and_not_a_way_around() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), b"\xff\xff").unwrap();
        let id = PractitionerId::make();
        assert_eq!(Attempts::load(dir.path(), 5_000, [id].into_iter()).wait(id, 5_000), WAIT_LIMIT);
        assert_eq!(Attempts::load(dir.path(), 70_000, [id].into_iter()).wait(id, 70_000), 0, "the wait ends");
    }
}
