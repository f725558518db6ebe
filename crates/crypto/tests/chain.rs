//! Every way to tamper with a chain is found, named by its kind, at its place; an honest chain has no fault.
#![allow(clippy::unwrap_used)]

use crypto::chain::{GENESIS, MAX_BREAKS, hash_link, payload_digest};
use crypto::{
    ChainDomain, ChainFault, ChainReport, ChainVerifier, Entry, FaultKind, Head, Link, Payload, SecretKey, Signature, SigningKey,
    verify_chain,
};
use proptest::prelude::*;
use proptest::sample::Index;

const DOMAIN: ChainDomain = ChainDomain::new("audit v1", [9; 16]);

#[derive(Debug, Clone, PartialEq)]
struct Row {
    seq: u64,
    prev: [u8; 32],
    hash: [u8; 32],
    payload: Vec<u8>,
    signature: Signature,
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&SecretKey::from_bytes([7; 32]))
}

fn honest(payloads: &[Vec<u8>]) -> (Vec<Row>, Head) {
    let (key, mut head) = (key(), Head::genesis());
    let append = |payload: &Vec<u8>| {
        let link = Link::append(&DOMAIN, &head, payload, &key);
        head = link.head();
        Row { seq: link.seq, prev: link.prev, hash: link.hash, payload: payload.clone(), signature: link.signature }
    };
    (payloads.iter().map(append).collect(), head)
}

fn chain(length: u8) -> (Vec<Row>, Head) {
    honest(&(0..length).map(|n| vec![n; 3]).collect::<Vec<_>>())
}

fn report(rows: &[Row], head: Option<&Head>) -> ChainReport {
    let mut verifier = ChainVerifier::new(DOMAIN, &key().verifying_key());
    for (position, row) in rows.iter().enumerate() {
        verifier.push(&entry(position, row));
    }
    verifier.finish(head)
}

fn entry(position: usize, row: &Row) -> Entry<'_> {
    Entry {
        position: position as i64,
        seq: row.seq,
        prev: row.prev,
        hash: row.hash,
        payload: Payload::Present(&row.payload),
        signature: row.signature,
    }
}

/// Kinds, numbers and counts, without positions.
fn faults(rows: &[Row], head: Option<&Head>) -> Vec<(FaultKind, u64, u64)> {
    let faults = report(rows, head).faults;
    faults.iter().map(|f| (f.kind, f.seq, f.count)).collect()
}

fn rehash(row: &mut Row) {
    row.hash = hash_link(&DOMAIN, row.seq, &row.prev, &payload_digest(&row.payload));
}

fn forged(after: &[Row]) -> Row {
    let mut row = Row {
        seq: after.len() as u64 + 1,
        prev: after.last().map_or(GENESIS, |row| row.hash),
        hash: [0; 32],
        payload: b"forged".to_vec(),
        signature: Signature([3; 64]),
    };
    rehash(&mut row);
    row
}

/// Columns of a row, and the payload with a hash made to fit.
const EDITS: usize = 6;

fn edit(row: &mut Row, how: usize, noise: u64) {
    match how {
        0 => row.payload.push(noise as u8),
        1 => row.seq = row.seq.wrapping_add(noise.max(1)),
        2 => row.prev[noise as usize % 32] ^= 1,
        3 => row.hash[noise as usize % 32] ^= 1,
        4 => row.signature.0[noise as usize % 64] ^= 1,
        _ => {
            row.payload.push(noise as u8);
            rehash(row);
        }
    }
}

fn payloads(min: usize) -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), min..24)
}

proptest! {
    #[test]
    fn an_honest_chain_has_no_fault(payloads in payloads(0)) {
        let (rows, head) = honest(&payloads);
        prop_assert!(report(&rows, Some(&head)).is_intact());
        prop_assert!(report(&rows, None).is_intact());
        let entries = rows.iter().enumerate().map(|(position, row)| entry(position, row));
        prop_assert_eq!(verify_chain(DOMAIN, &key().verifying_key(), entries, Some(&head)), vec![]);
    }

    #[test]
    fn one_edit_is_found(payloads in payloads(1), at: Index, how in 0..EDITS, noise: u64) {
        let (mut rows, head) = honest(&payloads);
        let at = at.index(rows.len());
        edit(&mut rows[at], how, noise);
        let expected = vec![(FaultKind::Edited, at as u64 + 1, 1)];
        prop_assert_eq!(faults(&rows, Some(&head)), expected.clone());
        // Without a head, a last row that nothing genuine is left of counts as one too many.
        let unknown = at + 1 == rows.len() && how >= 4;
        let without = if unknown { vec![(FaultKind::Inserted, at as u64 + 1, 1)] } else { expected };
        prop_assert_eq!(faults(&rows, None), without);
    }

    #[test]
    fn removal_and_truncation_are_found(payloads in payloads(1), at: Index, many in 1usize..4) {
        let (mut rows, head) = honest(&payloads);
        let at = at.index(rows.len());
        let until = (at + many).min(rows.len());
        rows.drain(at..until);
        let (seq, count) = (at as u64 + 1, (until - at) as u64);
        let tail = until == payloads.len();
        let kind = if tail { FaultKind::Truncated } else { FaultKind::Removed };
        prop_assert_eq!(faults(&rows, Some(&head)), vec![(kind, seq, count)]);
        let without = if tail { vec![] } else { vec![(kind, seq, count)] };
        prop_assert_eq!(faults(&rows, None), without);
    }

    #[test]
    fn a_forged_row_is_found(payloads in payloads(0), at: Index) {
        let (mut rows, head) = honest(&payloads);
        let at = at.index(rows.len() + 1);
        rows.insert(at, forged(&rows[..at]));
        let expected = vec![(FaultKind::Inserted, at as u64 + 1, 1)];
        prop_assert_eq!(faults(&rows, Some(&head)), expected.clone());
        prop_assert_eq!(faults(&rows, None), expected);
        prop_assert_eq!(report(&rows, None).faults[0].position, Some(at as i64));
    }

    #[test]
    fn a_second_copy_is_found_also_when_it_was_edited(
        payloads in payloads(1), of: Index, at: Index, how in prop::option::of(prop_oneof![Just(0usize), 2..EDITS]), noise: u64
    ) {
        let (mut rows, head) = honest(&payloads);
        let of = of.index(rows.len());
        let at = at.index(rows.len() + 1);
        let mut copy = rows[of].clone();
        if let Some(how) = how {
            edit(&mut copy, how, noise);
        }
        rows.insert(at, copy);
        let expected = vec![(FaultKind::Inserted, of as u64 + 1, 1)];
        prop_assert_eq!(faults(&rows, Some(&head)), expected.clone());
        prop_assert_eq!(faults(&rows, None), expected);
    }

    #[test]
    fn two_rows_that_changed_places_are_both_named(payloads in payloads(2), a: Index, by: Index) {
        let (mut rows, head) = honest(&payloads);
        let a = a.index(rows.len());
        let b = (a + 1 + by.index(rows.len() - 1)) % rows.len();
        rows.swap(a, b);
        let (first, second) = (a.min(b) as u64 + 1, a.max(b) as u64 + 1);
        let expected = vec![(FaultKind::Reordered, first, 1), (FaultKind::Reordered, second, 1)];
        prop_assert_eq!(faults(&rows, Some(&head)), expected.clone());
        prop_assert_eq!(faults(&rows, None), expected);
    }

    #[test]
    fn one_row_moved_far_is_named_alone(payloads in payloads(3), from: Index, by: Index, back: bool) {
        let (mut rows, head) = honest(&payloads);
        let near = from.index(rows.len() - 2);
        let far = near + 2 + by.index(rows.len() - near - 2);
        let (from, to) = if back { (far, near) } else { (near, far) };
        let row = rows.remove(from);
        rows.insert(to, row);
        prop_assert_eq!(faults(&rows, Some(&head)), vec![(FaultKind::Reordered, from as u64 + 1, 1)]);
    }

    /// Whatever is done to the rows, if they are not the honest ones it shows.
    #[test]
    fn nothing_passes(
        payloads in payloads(1),
        steps in prop::collection::vec((0usize..5, any::<Index>(), any::<Index>(), 0..EDITS, any::<u64>()), 1..8)
    ) {
        let (rows, head) = honest(&payloads);
        let mut changed = rows.clone();
        for (step, a, b, how, noise) in steps {
            if changed.is_empty() {
                break;
            }
            let (a, b) = (a.index(changed.len()), b.index(changed.len()));
            match step {
                0 => edit(&mut changed[a], how, noise),
                1 => drop(changed.remove(a)),
                2 => changed.insert(b, changed[a].clone()),
                3 => changed.swap(a, b),
                _ => changed.insert(a, forged(&changed[..a])),
            }
        }
        prop_assert_eq!(report(&changed, Some(&head)).is_intact(), changed == rows);
    }

    /// Rows that no desk ever wrote: no panic, and never intact.
    #[test]
    fn garbage_is_never_intact(
        rows in prop::collection::vec((any::<i64>(), any::<u64>(), any::<[u8; 32]>(), any::<[u8; 32]>(), any::<bool>()), 1..20),
        head in prop::option::of((any::<u64>(), any::<[u8; 32]>()))
    ) {
        let mut verifier = ChainVerifier::new(DOMAIN, &key().verifying_key());
        for (position, seq, prev, hash, readable) in rows {
            if readable {
                let payload = Payload::Erased(hash);
                verifier.push(&Entry { position, seq, prev, hash, payload, signature: Signature([1; 64]) });
            } else {
                verifier.push_unreadable(position, Some(seq));
            }
        }
        let head = head.map(|(seq, hash)| Head { seq, hash });
        prop_assert!(!verifier.finish(head.as_ref()).is_intact());
    }
}

#[test]
fn several_faults_in_one_chain_are_told_apart() {
    let (mut rows, head) = chain(30);
    rows.truncate(28);
    rows.swap(19, 22);
    rows.insert(15, rows[3].clone());
    rows.remove(9);
    rows[5].payload.push(1);
    let expected = vec![
        (FaultKind::Inserted, 4, 1),
        (FaultKind::Edited, 6, 1),
        (FaultKind::Removed, 10, 1),
        (FaultKind::Reordered, 20, 1),
        (FaultKind::Reordered, 23, 1),
        (FaultKind::Truncated, 29, 2),
    ];
    assert_eq!(faults(&rows, Some(&head)), expected);
}

#[test]
fn a_removal_hidden_by_renumbering_is_a_removal_and_edited_numbers() {
    let (mut rows, head) = chain(12);
    rows.remove(4);
    rows[4..].iter_mut().for_each(|row| row.seq -= 1);
    let expected = vec![(FaultKind::Removed, 5, 1), (FaultKind::Edited, 6, 7)];
    assert_eq!(faults(&rows, Some(&head)), expected);
}

#[test]
fn an_insertion_hidden_by_renumbering_is_an_insertion_and_edited_numbers() {
    let (mut rows, head) = chain(12);
    rows.insert(4, forged(&rows[..4]));
    rows[5..].iter_mut().for_each(|row| row.seq += 1);
    let expected = vec![(FaultKind::Edited, 5, 8), (FaultKind::Inserted, 5, 1)];
    assert_eq!(faults(&rows, Some(&head)), expected);
}

#[test]
fn swapped_payloads_are_two_edits() {
    let (mut rows, head) = chain(12);
    let payload = rows[3].payload.clone();
    rows[3].payload = std::mem::replace(&mut rows[8].payload, payload);
    let expected = vec![(FaultKind::Edited, 4, 1), (FaultKind::Edited, 9, 1)];
    assert_eq!(faults(&rows, Some(&head)), expected);
}

#[test]
fn an_empty_table_under_a_head_is_truncated_whole() {
    let (_, head) = chain(5);
    assert_eq!(faults(&[], Some(&head)), vec![(FaultKind::Truncated, 1, 5)]);
    assert!(report(&[], Some(&Head::genesis())).is_intact());
}

#[test]
fn an_older_head_put_back_shows() {
    let (rows, _) = chain(9);
    let older = Head { seq: 6, hash: rows[5].hash };
    let expected = vec![(FaultKind::Inserted, 7, 3)];
    assert_eq!(faults(&rows, Some(&older)), expected);
}

#[test]
fn two_histories_of_one_desk_show() {
    let (rows, head) = chain(9);
    let (mut other, _) = honest(&vec![b"other".to_vec(); 9]);
    other.splice(5.., rows[5..].iter().cloned());
    assert_eq!(faults(&other, Some(&head)), vec![(FaultKind::Edited, 5, 1)]);
    let (forked, _) = honest(&vec![b"other".to_vec(); 9]);
    assert_eq!(faults(&forked, Some(&head)), vec![(FaultKind::Edited, 9, 1)]);
}

#[test]
fn an_erased_payload_leaves_the_chain_intact_and_counted() {
    let (rows, head) = chain(6);
    let mut verifier = ChainVerifier::new(DOMAIN, &key().verifying_key());
    for (position, row) in rows.iter().enumerate() {
        let mut entry = entry(position, row);
        if position == 2 {
            entry.payload = Payload::Erased(payload_digest(&row.payload));
        }
        verifier.push(&entry);
    }
    let report = verifier.finish(Some(&head));
    assert!(report.is_intact());
    assert_eq!((report.rows, report.erased), (6, 1));
}

#[test]
fn a_row_that_cannot_be_read_is_an_edit() {
    let (rows, head) = chain(6);
    let mut verifier = ChainVerifier::new(DOMAIN, &key().verifying_key());
    for (position, row) in rows.iter().enumerate() {
        if position == 2 {
            verifier.push_unreadable(2, None);
        } else {
            verifier.push(&entry(position, row));
        }
    }
    let expected = ChainFault { seq: 3, kind: FaultKind::Edited, count: 1, position: Some(2) };
    assert_eq!(verifier.finish(Some(&head)).faults, vec![expected]);
}

#[test]
fn rows_of_another_chain_or_desk_do_not_pass() {
    let (rows, head) = chain(3);
    let entries = || rows.iter().enumerate().map(|(at, row)| entry(at, row));
    let other_desk = ChainDomain::new("audit v1", [8; 16]);
    let other_log = ChainDomain::new("changes v1", [9; 16]);
    let key = key().verifying_key();
    for domain in [other_desk, other_log] {
        assert_eq!(verify_chain(domain, &key, entries(), Some(&head)).len(), 3);
    }
    let other_key = SigningKey::make_random().verifying_key();
    assert_eq!(verify_chain(DOMAIN, &other_key, entries(), Some(&head)).len(), 3);
}

#[test]
fn too_many_breaks_end_the_search_but_not_the_verdict() {
    let mut verifier = ChainVerifier::new(DOMAIN, &key().verifying_key());
    for position in 0..MAX_BREAKS as i64 + 10 {
        verifier.push_unreadable(position, None);
    }
    let report = verifier.finish(Some(&Head::genesis()));
    assert!(!report.complete && !report.is_intact());
    assert_eq!(report.rows, MAX_BREAKS as u64 + 10);
}

#[test]
fn a_head_is_bound_to_key_chain_number_and_hash() {
    let (_, head) = chain(3);
    let key = SecretKey::from_bytes([5; 32]);
    let mac = head.seal(&key, &DOMAIN);
    assert!(head.verify(&key, &DOMAIN, &mac).is_ok());
    let shorter = Head { seq: 2, ..head };
    assert!(shorter.verify(&key, &DOMAIN, &mac).is_err());
    let other = Head { hash: [1; 32], ..head };
    assert!(other.verify(&key, &DOMAIN, &mac).is_err());
    let domain = ChainDomain::new("audit v1", [8; 16]);
    assert!(head.verify(&key, &domain, &mac).is_err());
    assert!(head.verify(&SecretKey::from_bytes([6; 32]), &DOMAIN, &mac).is_err());
}

#[test]
fn kinds_are_written_in_lower_case() {
    let fault = ChainFault { seq: 4, kind: FaultKind::Truncated, count: 2, position: None };
    let json = serde_json::to_string(&fault).unwrap();
    assert_eq!(json, r#"{"seq":4,"kind":"truncated","count":2}"#);
}
