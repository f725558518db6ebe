//! Merge, pure: what a record is, given a set of changes. Order of arrival, duplicates and partitions never matter.
//!
//! A field is a multi-value register: its heads are the values that no change has replaced. The head with the greatest clock is
//! shown; more than one head is a conflict that a person resolves with a change that replaces them all.
//!
//! A *sealing* change (a signature) freezes the record at what it says: every other change of the record that it does not build on is
//! refused, whether it came before or after. Of two seals the one with the smaller clock stands.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use protocol::{Clock, DeskId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Change;

/// One value of a field that nothing has replaced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    pub clock: Clock,
    pub value: Value,
}

/// Merged state of one record: the heads of each field, greatest clock last.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordState {
    fields: BTreeMap<String, Vec<Head>>,
    /// Clock of the sealing change, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<Clock>,
}

/// Why a change did not become part of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MergeFault {
    #[error("the record is signed and cannot change")]
    Signed,
}

/// What applying a change did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merge {
    Applied,
    /// The change sealed the record over values it had not seen; these clocks go to quarantine.
    Sealed {
        displaced: Vec<Clock>,
    },
    Refused(MergeFault),
}

impl RecordState {
    /// Applies a change whose predecessors have all been applied ([`Waiting`] sees to that).
    pub fn apply(&mut self, change: &Change) -> Merge {
        if let Some(seal) = self.sealed
            && !(change.seals && change.clock < seal)
        {
            return Merge::Refused(MergeFault::Signed);
        }
        if change.seals {
            let seen: BTreeSet<Clock> = change.replaced().collect();
            let displaced: BTreeSet<Clock> =
                self.fields.values().flatten().map(|head| head.clock).filter(|clock| !seen.contains(clock)).chain(self.sealed).collect();
            self.fields = change
                .fields
                .iter()
                .map(|(name, field)| (name.clone(), vec![Head { clock: change.clock, value: field.value.clone() }]))
                .collect();
            self.sealed = Some(change.clock);
            return if displaced.is_empty() { Merge::Applied } else { Merge::Sealed { displaced: displaced.into_iter().collect() } };
        }
        for (name, field) in &change.fields {
            let heads = self.fields.entry(name.clone()).or_default();
            heads.retain(|head| !field.replaces.contains(&head.clock) && head.clock != change.clock);
            let at = heads.partition_point(|head| head.clock < change.clock);
            heads.insert(at, Head { clock: change.clock, value: field.value.clone() });
        }
        Merge::Applied
    }

    /// Field names with the value to show.
    pub fn shown(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.fields.iter().filter_map(|(name, heads)| Some((name.as_str(), &heads.last()?.value)))
    }

    /// All heads of a field, the shown one last.
    pub fn heads(&self, field: &str) -> &[Head] {
        self.fields.get(field).map_or(&[], Vec::as_slice)
    }

    /// Names of fields with more than one head.
    pub fn conflicts(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|(_, heads)| heads.len() > 1).map(|(name, _)| name.as_str())
    }

    pub fn is_sealed(&self) -> bool {
        self.sealed.is_some()
    }
}

/// Changes that arrived before what they build on: the change before them on their desk, and every value they replace.
#[derive(Debug, Default)]
pub struct Waiting {
    /// Last number seen of each desk's chain.
    reached: BTreeMap<DeskId, u64>,
    seen: BTreeSet<Clock>,
    waiting: BTreeMap<(DeskId, u64), Change>,
}

impl Waiting {
    /// Takes a change in; gives back, in an order that respects cause and effect, all that can be applied now. Duplicates give nothing.
    pub fn arrive(&mut self, change: Change) -> Vec<Change> {
        let key = (change.desk(), change.desk_seq);
        if self.reached.get(&key.0).is_some_and(|reached| *reached >= key.1) {
            return Vec::new();
        }
        self.waiting.insert(key, change);
        let mut ready = Vec::new();
        while let Some(key) = self.next() {
            let Some(change) = self.waiting.remove(&key) else { break };
            self.reached.insert(key.0, key.1);
            self.seen.insert(change.clock);
            ready.push(change);
        }
        ready
    }

    /// A waiting change that can be applied. Only the next one of each desk can be: the others are not looked at.
    fn next(&self) -> Option<(DeskId, u64)> {
        let mut after = Bound::Unbounded;
        while let Some((&(desk, _), _)) = self.waiting.range((after, Bound::Unbounded)).next() {
            let next = (desk, self.reached.get(&desk).copied().unwrap_or(0).saturating_add(1));
            if self.waiting.get(&next).is_some_and(|change| self.can_apply(&next, change)) {
                return Some(next);
            }
            after = Bound::Excluded((desk, u64::MAX));
        }
        None
    }

    fn can_apply(&self, key: &(DeskId, u64), change: &Change) -> bool {
        self.reached.get(&key.0).copied().unwrap_or(0) + 1 == key.1 && change.replaced().all(|clock| self.seen.contains(&clock))
    }

    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}
