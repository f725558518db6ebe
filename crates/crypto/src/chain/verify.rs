//! The pass over stored rows: tells genuine rows from others and gathers them into runs.

use super::classify::{Bad, Run, Segment, classify};
use super::{ChainDomain, ChainFault, ChainReport, Entry, Head, LINK_LABEL, Payload, hash_link, payload_digest};
use crate::key::{Signature, VerifyingKey, VerifyingPoint};

/// Most runs and foreign rows remembered. An honest chain is one run.
pub const MAX_BREAKS: usize = 4096;

/// How far from its place a row whose number was rewritten is still recognised.
const RENUMBERED_WITHIN: u64 = 8;

/// Takes rows in stored order, then tells the faults.
pub struct ChainVerifier {
    domain: ChainDomain,
    key: VerifyingPoint,
    segments: Vec<Segment>,
    /// The number that the last genuine row makes us expect.
    next: u64,
    rows: u64,
    erased: u64,
    complete: bool,
}

enum Genuine {
    Yes {
        seq: u64,
    },
    /// The desk signed something in this row, but not the row as it stands.
    InPart,
    No,
}

impl ChainVerifier {
    #[must_use]
    pub fn new(domain: ChainDomain, key: &VerifyingKey) -> Self {
        Self { domain, key: key.point(), segments: Vec::new(), next: 1, rows: 0, erased: 0, complete: true }
    }

    pub fn push(&mut self, entry: &Entry<'_>) {
        self.rows += 1;
        self.erased += u64::from(matches!(entry.payload, Payload::Erased(_)));
        if !self.complete {
            return;
        }
        match self.judge(entry) {
            Genuine::Yes { seq } => self.push_genuine(seq, entry),
            Genuine::InPart => self.push_bad(Some(entry.seq), entry.position, true),
            Genuine::No => self.push_bad(Some(entry.seq), entry.position, false),
        }
    }

    /// A row whose columns could not even be read, such as a hash of another length.
    pub fn push_unreadable(&mut self, position: i64, claimed_seq: Option<u64>) {
        self.rows += 1;
        if self.complete {
            self.push_bad(claimed_seq, position, false);
        }
    }

    /// `head` is one that [`Head::verify`] accepted; without it truncation cannot be found.
    #[must_use]
    pub fn finish(self, head: Option<&Head>) -> ChainReport {
        let mut faults = classify(&self.segments, head, self.complete);
        faults.sort_by_key(|fault| (fault.seq, fault.kind, fault.position));
        faults.dedup_by_key(|fault| (fault.seq, fault.kind, fault.position));
        ChainReport { rows: self.rows, erased: self.erased, faults, complete: self.complete }
    }

    fn judge(&self, entry: &Entry<'_>) -> Genuine {
        let digest = match entry.payload {
            Payload::Present(payload) => payload_digest(payload),
            Payload::Erased(digest) => digest,
        };
        let hash = |seq| hash_link(&self.domain, seq, &entry.prev, &digest);
        let claimed = hash(entry.seq);
        let stored_is_signed = self.signed(&entry.hash, &entry.signature);
        if stored_is_signed && entry.hash == claimed && entry.seq != 0 {
            return Genuine::Yes { seq: entry.seq };
        }
        if stored_is_signed {
            // Only the number was changed? Then the row is genuine under the number it was signed with.
            let near = self.next.saturating_sub(RENUMBERED_WITHIN).max(1)..=self.next.saturating_add(RENUMBERED_WITHIN);
            let found = near.into_iter().find(|&seq| hash(seq) == entry.hash);
            return found.map_or(Genuine::InPart, |seq| Genuine::Yes { seq });
        }
        if self.signed(&claimed, &entry.signature) {
            return Genuine::InPart;
        }
        Genuine::No
    }

    fn signed(&self, hash: &[u8; 32], signature: &Signature) -> bool {
        self.key.verify(LINK_LABEL, hash, signature).is_ok()
    }

    fn push_genuine(&mut self, seq: u64, entry: &Entry<'_>) {
        self.next = seq.saturating_add(1);
        let shift = i128::from(entry.seq) - i128::from(seq);
        if let Some(Segment::Run(run)) = self.segments.last_mut()
            && run.last.checked_add(1) == Some(seq)
            && run.last_hash == entry.prev
            && run.shift == shift
        {
            run.last = seq;
            run.last_hash = entry.hash;
            return;
        }
        self.push_segment(Segment::Run(Run {
            first: seq,
            last: seq,
            first_prev: entry.prev,
            last_hash: entry.hash,
            shift,
            position: entry.position,
        }));
    }

    fn push_bad(&mut self, claimed: Option<u64>, position: i64, in_part: bool) {
        self.push_segment(Segment::Bad(Bad { claimed, position, in_part }));
    }

    fn push_segment(&mut self, segment: Segment) {
        if self.segments.len() == MAX_BREAKS {
            self.complete = false;
        } else {
            self.segments.push(segment);
        }
    }
}

/// [`ChainVerifier`] over an iterator in stored order.
pub fn verify_chain<'a>(
    domain: ChainDomain,
    key: &VerifyingKey,
    entries: impl IntoIterator<Item = Entry<'a>>,
    head: Option<&Head>,
) -> Vec<ChainFault> {
    let mut verifier = ChainVerifier::new(domain, key);
    for entry in entries {
        verifier.push(&entry);
    }
    verifier.finish(head).faults
}
