//! Merge for any number of desks, any order of arrival, duplicates and partitions. Pure: no database, no clock but a counter.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use clinic::{
    RecordId,
    changes::{Change, FieldChange, Merge, MergeFault, RecordState, RecordType, Waiting},
};
use proptest::{prelude::*, sample::Index};
use protocol::{Clock, DeskId};
use serde_json::json;

const FIELDS: [&str; 3] = ["status", "plan", "history"];

/// One desk as it works apart: what it has received, and its own chain.
struct Desk {
    id: DeskId,
    seq: u64,
    time: u64,
    state: RecordState,
    waiting: Waiting,
    received: BTreeSet<Clock>,
}

impl Desk {
    fn new(number: usize) -> Self {
        Self {
            id: DeskId([number as u8 + 1; 16]),
            seq: 0,
            time: 0,
            state: RecordState::default(),
            waiting: Waiting::default(),
            received: BTreeSet::new(),
        }
    }

    /// Writes as the workstation does: replaces the heads it sees; a sealing change holds all fields.
    fn write(&mut self, fields: &[usize], value: u32, seals: bool) -> Option<Change> {
        if self.state.is_sealed() {
            return None;
        }
        self.seq += 1;
        self.time += 1;
        let clock = Clock { time: self.time, desk: self.id };
        let names: BTreeSet<&str> = if seals { FIELDS.into() } else { fields.iter().map(|at| FIELDS[*at]).collect() };
        let fields = names
            .into_iter()
            .map(|name| {
                let replaces = self.state.heads(name).iter().map(|head| head.clock).collect();
                (name.to_owned(), FieldChange { value: json!(format!("{name} {value} by {}", self.id)), replaces })
            })
            .collect();
        let change = Change {
            clock,
            desk_seq: self.seq,
            author: None,
            subject: None,
            record_type: RecordType::Composition,
            record_id: record(),
            fields,
            seals,
        };
        self.receive(change.clone());
        Some(change)
    }

    fn receive(&mut self, change: Change) -> Vec<Merge> {
        self.time = self.time.max(change.clock.time);
        let ready = self.waiting.arrive(change);
        ready
            .iter()
            .map(|change| {
                self.received.insert(change.clock);
                self.state.apply(change)
            })
            .collect()
    }
}

fn record() -> RecordId {
    RecordId(uuid::Uuid::from_u128(7))
}

#[derive(Debug, Clone)]
enum Step {
    Write {
        desk: Index,
        fields: Vec<usize>,
        seals: bool,
    },
    /// A desk gets one change that it may have already.
    Deliver {
        to: Index,
        change: Index,
    },
    /// A desk gets everything there is.
    Meet {
        to: Index,
    },
    /// The wall clock of a desk jumps ahead.
    Skew {
        desk: Index,
        by: u64,
    },
}

fn step(sealing: u32) -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any::<Index>(), prop::collection::vec(0..FIELDS.len(), 1..3), prop::bool::weighted(f64::from(sealing) / 100.0))
            .prop_map(|(desk, fields, seals)| Step::Write { desk, fields, seals }),
        6 => (any::<Index>(), any::<Index>()).prop_map(|(to, change)| Step::Deliver { to, change }),
        1 => any::<Index>().prop_map(|to| Step::Meet { to }),
        1 => (any::<Index>(), 1..1000u64).prop_map(|(desk, by)| Step::Skew { desk, by }),
    ]
}

/// Works apart as the steps say, and gives all changes in the order they were made.
fn history(desks: usize, steps: &[Step]) -> Vec<Change> {
    let mut desks: Vec<Desk> = (0..desks).map(Desk::new).collect();
    let mut log: Vec<Change> = Vec::new();
    for (value, step) in steps.iter().enumerate() {
        match step {
            Step::Write { desk, fields, seals } => {
                let at = desk.index(desks.len());
                log.extend(desks[at].write(fields, value as u32, *seals));
            }
            Step::Deliver { to, change } if !log.is_empty() => {
                let at = to.index(desks.len());
                desks[at].receive(log[change.index(log.len())].clone());
            }
            Step::Deliver { .. } => {}
            Step::Meet { to } => {
                let at = to.index(desks.len());
                log.iter().for_each(|change| drop(desks[at].receive(change.clone())));
            }
            Step::Skew { desk, by } => {
                let at = desk.index(desks.len());
                desks[at].time += by;
            }
        }
    }
    log
}

/// A desk that receives the log in some order, some of it twice.
fn arrives(log: &[Change], order: &[Index], twice: &[Index]) -> (RecordState, BTreeMap<Clock, Merge>) {
    let mut rest: Vec<&Change> = log.iter().collect();
    let mut desk = Desk::new(200);
    let mut outcomes = BTreeMap::new();
    let mut at = order.iter().cycle();
    while !rest.is_empty() {
        let next = rest.remove(at.next().unwrap().index(rest.len()));
        for change in std::iter::once(next).chain(twice.iter().map(|at| &log[at.index(log.len())])) {
            for change in desk.waiting.arrive(change.clone()) {
                outcomes.insert(change.clock, desk.state.apply(&change));
            }
        }
    }
    assert!(desk.waiting.is_empty(), "everything there is can be applied");
    (desk.state, outcomes)
}

/// What the record must be, told without merging: all values that no change replaced, or what the first seal says.
fn expected(log: &[Change]) -> BTreeMap<String, Vec<Clock>> {
    if let Some(seal) = log.iter().filter(|change| change.seals).min_by_key(|change| change.clock) {
        return seal.fields.keys().map(|name| (name.clone(), vec![seal.clock])).collect();
    }
    let mut fields: BTreeMap<String, BTreeSet<Clock>> = BTreeMap::new();
    for change in log {
        for name in change.fields.keys() {
            fields.entry(name.clone()).or_default().insert(change.clock);
        }
    }
    for change in log {
        for (name, field) in &change.fields {
            if let Some(clocks) = fields.get_mut(name) {
                clocks.retain(|clock| !field.replaces.contains(clock));
            }
        }
    }
    fields.into_iter().map(|(name, clocks)| (name, clocks.into_iter().collect())).collect()
}

fn heads(state: &RecordState) -> BTreeMap<String, Vec<Clock>> {
    state.shown().map(|(name, _)| (name.to_owned(), state.heads(name).iter().map(|head| head.clock).collect())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_order_of_arrival_gives_one_record(
        desks in 2..=5usize,
        steps in prop::collection::vec(step(0), 1..60),
        orders in prop::collection::vec(prop::collection::vec(any::<Index>(), 40), 3),
        twice in prop::collection::vec(any::<Index>(), 0..3),
    ) {
        let log = history(desks, &steps);
        prop_assume!(!log.is_empty());
        let expected = expected(&log);
        let (first, _) = arrives(&log, &orders[0], &[]);
        prop_assert_eq!(heads(&first), expected);
        for order in &orders {
            prop_assert_eq!(&arrives(&log, order, &twice).0, &first);
        }
    }

    #[test]
    fn with_signatures_too(
        desks in 2..=5usize,
        steps in prop::collection::vec(step(12), 1..60),
        orders in prop::collection::vec(prop::collection::vec(any::<Index>(), 40), 3),
        twice in prop::collection::vec(any::<Index>(), 0..3),
    ) {
        let log = history(desks, &steps);
        prop_assume!(!log.is_empty());
        let expected = expected(&log);
        let (first, _) = arrives(&log, &orders[0], &[]);
        prop_assert_eq!(heads(&first), expected);
        prop_assert_eq!(first.is_sealed(), log.iter().any(|change| change.seals));
        for order in &orders {
            prop_assert_eq!(&arrives(&log, order, &twice).0, &first);
        }
    }

    /// A person at any desk ends a conflict by writing once, and nothing of it is left.
    #[test]
    fn a_change_that_saw_both_ends_a_conflict(
        desks in 2..=5usize,
        steps in prop::collection::vec(step(0), 1..40),
        order in prop::collection::vec(any::<Index>(), 40),
    ) {
        let mut log = history(desks, &steps);
        let mut judge = Desk::new(100);
        log.iter().for_each(|change| drop(judge.receive(change.clone())));
        log.extend(judge.write(&[0, 1, 2], 9999, false));
        let (state, _) = arrives(&log, &order, &[]);
        prop_assert_eq!(state.conflicts().count(), 0);
        prop_assert!(state.shown().all(|(_, value)| value.as_str().is_some_and(|text| text.contains("9999"))));
    }

    /// No change is lost without a word: what is not part of the record was refused, displaced or replaced.
    #[test]
    fn what_is_not_shown_was_replaced_refused_or_displaced(
        desks in 2..=4usize,
        steps in prop::collection::vec(step(12), 1..40),
        order in prop::collection::vec(any::<Index>(), 40),
    ) {
        let log = history(desks, &steps);
        prop_assume!(!log.is_empty());
        let (state, outcomes) = arrives(&log, &order, &[]);
        let shown: BTreeSet<Clock> = heads(&state).into_values().flatten().collect();
        let replaced: BTreeSet<Clock> = log.iter().flat_map(Change::replaced).collect();
        let displaced: BTreeSet<Clock> = outcomes
            .values()
            .flat_map(|outcome| if let Merge::Sealed { displaced } = outcome { displaced.clone() } else { Vec::new() })
            .collect();
        for change in &log {
            let told = outcomes[&change.clock] == Merge::Refused(MergeFault::Signed) || displaced.contains(&change.clock);
            prop_assert!(shown.contains(&change.clock) || replaced.contains(&change.clock) || told, "{:?}", change.clock);
        }
    }
}

/// Two desks have the same record and part.
fn two_desks() -> (Desk, Desk, Vec<Change>) {
    let (mut a, mut b) = (Desk::new(0), Desk::new(1));
    let first = a.write(&[0, 1, 2], 0, false).unwrap();
    b.receive(first.clone());
    (a, b, vec![first])
}

#[test]
fn edits_on_two_desks_both_stay_until_a_person_chooses() {
    let (mut a, mut b, _) = two_desks();
    let (by_a, by_b) = (a.write(&[1], 1, false).unwrap(), b.write(&[1], 2, false).unwrap());
    a.receive(by_b);
    b.receive(by_a);
    assert_eq!(a.state, b.state);
    assert_eq!(a.state.conflicts().collect::<Vec<_>>(), ["plan"]);
    assert_eq!(a.state.heads("plan").len(), 2, "the screen shows both");
    let choice = b.write(&[1], 3, false).unwrap();
    a.receive(choice);
    assert_eq!(a.state, b.state);
    assert_eq!(a.state.conflicts().count(), 0);
}

#[test]
fn a_signed_record_refuses_what_it_did_not_see_on_every_desk() {
    let (mut a, mut b, _) = two_desks();
    let seal = a.write(&[], 1, true).unwrap();
    let late = b.write(&[2], 2, false).unwrap();
    assert_eq!(a.receive(late.clone()), [Merge::Refused(MergeFault::Signed)]);
    assert_eq!(b.receive(seal), [Merge::Sealed { displaced: vec![late.clock] }], "told, so that it can be shown");
    assert_eq!(a.state, b.state);
    assert!(a.write(&[1], 3, false).is_none() && b.write(&[1], 3, false).is_none());
}

#[test]
fn of_two_signatures_one_stands_everywhere_and_the_other_is_told() {
    let (mut a, mut b, _) = two_desks();
    let (first, second) = (a.write(&[], 1, true).unwrap(), b.write(&[], 2, true).unwrap());
    assert_eq!(a.receive(second.clone()), [Merge::Refused(MergeFault::Signed)]);
    assert_eq!(b.receive(first), [Merge::Sealed { displaced: vec![second.clock] }]);
    assert_eq!(a.state, b.state);
}

#[test]
fn a_change_waits_for_what_it_builds_on_and_stops_nothing_else() {
    let (mut a, mut b, log) = two_desks();
    let second = a.write(&[1], 1, false).unwrap();
    b.receive(second.clone());
    let third = b.write(&[1], 2, false).unwrap();
    let mut c = Desk::new(2);
    assert!(c.receive(third).is_empty());
    assert!(c.receive(second).is_empty());
    assert_eq!(c.waiting.len(), 2);
    let own = c.write(&[2], 3, false);
    assert!(own.is_some(), "this desk goes on meanwhile");
    assert_eq!(c.receive(log[0].clone()).len(), 3, "all at once when the missing one comes");
    assert!(c.waiting.is_empty());
    assert!(c.receive(log[0].clone()).is_empty(), "a duplicate gives nothing");
}

#[test]
fn a_long_chain_that_comes_backwards_is_taken_in_one_go() {
    let mut a = Desk::new(0);
    let log: Vec<Change> = (0..20_000).map(|value| a.write(&[0], value, false).unwrap()).collect();
    let mut waiting = Waiting::default();
    for change in log[1..].iter().rev() {
        assert!(waiting.arrive(change.clone()).is_empty());
    }
    assert_eq!(waiting.arrive(log[0].clone()).len(), log.len());
}
