//! From runs of genuine rows and foreign rows between them to named faults. Pure; quadratic in the number of breaks.
//!
//! 1. The *backbone* is the choice of runs in rising order that keeps the most rows in place.
//! 2. Genuine rows outside it are second copies (`inserted`) or out of place (`reordered`).
//! 3. Foreign rows take the place of missing numbers (`edited`) or have none (`inserted`).
//! 4. Numbers still missing are `removed`, or `truncated` at the end.

use super::{ChainFault, FaultKind, GENESIS, Head};

/// Consecutive genuine rows, each naming the one before.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub first: u64,
    pub last: u64,
    pub first_prev: [u8; 32],
    pub last_hash: [u8; 32],
    /// Claimed number minus true number, the same for all rows.
    pub shift: i128,
    /// Of the first row.
    pub position: i64,
}

/// A row that is not genuine.
#[derive(Debug, Clone)]
pub(super) struct Bad {
    pub claimed: Option<u64>,
    pub position: i64,
    /// Part of it was signed by the desk, so it was a real row once.
    pub in_part: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Segment {
    Run(Run),
    Bad(Bad),
}

/// A part of the run at `index`.
#[derive(Debug, Clone, Copy)]
struct Piece {
    index: usize,
    first: u64,
    last: u64,
    position: Option<i64>,
}

impl Piece {
    fn len(&self) -> u64 {
        self.last - self.first + 1
    }

    fn fault(&self, kind: FaultKind) -> ChainFault {
        ChainFault { seq: self.first, kind, count: self.len(), position: self.position }
    }
}

pub(super) fn classify(segments: &[Segment], head: Option<&Head>, complete: bool) -> Vec<ChainFault> {
    let mut faults = Vec::new();
    let backbone = backbone(segments);
    let mut present = Ranges::default();
    for piece in &backbone {
        present.add(piece.first, piece.last);
    }
    let moved = displaced(segments, &backbone, &mut present, &mut faults);
    reordered(&backbone, &moved, &mut faults);
    rewritten(segments, &backbone, &mut faults);
    let head = head.filter(|_| complete);
    if let Some(head) = head {
        against_head(segments, &present, head, &mut faults);
    }
    let end = present.end().max(head.map_or(0, |head| head.seq));
    let mut missing = present.gaps(end);
    let mut last_present = present.end();
    foreign(segments, &backbone, end, head.is_some(), &mut missing, &mut last_present, &mut faults);
    if complete {
        faults.extend(missing.0.iter().map(|&(first, last)| ChainFault {
            seq: first,
            kind: if first > last_present { FaultKind::Truncated } else { FaultKind::Removed },
            count: last - first + 1,
            position: None,
        }));
    }
    faults
}

fn runs(segments: &[Segment]) -> impl Iterator<Item = (usize, &Run)> {
    segments.iter().enumerate().filter_map(|(index, segment)| match segment {
        Segment::Run(run) => Some((index, run)),
        Segment::Bad(_) => None,
    })
}

/// The rising selection of runs that holds the most rows. A run that overlaps the one before gives up its first rows.
fn backbone(segments: &[Segment]) -> Vec<Piece> {
    let runs: Vec<(usize, &Run)> = runs(segments).collect();
    // For each run: rows in the best selection that ends with it, and the run before it there.
    let mut best: Vec<(i128, Option<usize>)> = Vec::with_capacity(runs.len());
    for (at, (_, run)) in runs.iter().enumerate() {
        let length = i128::from(run.last) - i128::from(run.first) + 1;
        let mut choice = (length, None);
        for before in 0..at {
            let earlier = runs[before].1;
            if earlier.last >= run.last {
                continue;
            }
            let overlap = (i128::from(earlier.last) - i128::from(run.first) + 1).max(0);
            let rows = length + best[before].0 - overlap;
            if rows > choice.0 {
                choice = (rows, Some(before));
            }
        }
        best.push(choice);
    }
    let mut chosen = Vec::new();
    let mut next = (0..best.len()).max_by_key(|&at| (best[at].0, usize::MAX - at));
    while let Some(at) = next {
        let (index, run) = runs[at];
        next = best[at].1;
        let first = next.map_or(run.first, |before| run.first.max(runs[before].1.last.saturating_add(1)));
        chosen.push(piece(index, run, first, run.last));
    }
    chosen.reverse();
    chosen
}

fn piece(index: usize, run: &Run, first: u64, last: u64) -> Piece {
    Piece { index, first, last, position: (first == run.first).then_some(run.position) }
}

/// Genuine rows outside the backbone: second copies become faults, the others are returned and become present.
fn displaced(segments: &[Segment], backbone: &[Piece], present: &mut Ranges, faults: &mut Vec<ChainFault>) -> Vec<Piece> {
    let mut moved = Vec::new();
    let mut in_place = backbone.iter().peekable();
    for (index, run) in runs(segments) {
        let last = match in_place.next_if(|piece| piece.index == index) {
            None => run.last,
            Some(kept) if kept.first > run.first => kept.first - 1,
            Some(_) => continue,
        };
        let mut first = run.first;
        while first <= last {
            let (covered, to) = present.stretch(first, last);
            let part = piece(index, run, first, to);
            if covered {
                faults.push(part.fault(FaultKind::Inserted));
            } else {
                present.add(first, to);
                moved.push(part);
            }
            let Some(after) = to.checked_add(1) else {
                break;
            };
            first = after;
        }
    }
    moved
}

/// Compares each piece's place in storage with its place by number, block by block: a block is a stretch that holds the
/// same rows in both orders.
fn reordered(backbone: &[Piece], moved: &[Piece], faults: &mut Vec<ChainFault>) {
    if moved.is_empty() {
        return;
    }
    let mut pieces: Vec<(Piece, bool)> = backbone.iter().map(|&piece| (piece, false)).collect();
    pieces.extend(moved.iter().map(|&piece| (piece, true)));
    pieces.sort_by_key(|(piece, _)| (piece.index, piece.first));
    let mut by_number: Vec<(u64, u64)> = pieces.iter().map(|(p, _)| (p.first, p.len())).collect();
    by_number.sort_unstable();
    let mut rank = 0;
    let ranks: std::collections::BTreeMap<u64, u64> = by_number
        .into_iter()
        .map(|(first, length)| {
            rank += length;
            (first, rank - length)
        })
        .collect();

    let mut block: Vec<(Piece, bool, bool)> = Vec::new();
    let (mut stored, mut reach) = (0, 0);
    for (piece, is_moved) in pieces {
        let place = ranks[&piece.first];
        block.push((piece, is_moved, place != stored));
        stored += piece.len();
        reach = reach.max(place + piece.len());
        if reach == stored {
            let shifted: u64 = block.iter().filter(|b| b.2).map(|b| b.0.len()).sum();
            let swap = shifted == 2;
            let named = block.drain(..).filter(|b| if swap { b.2 } else { b.1 });
            faults.extend(named.map(|(piece, ..)| piece.fault(FaultKind::Reordered)));
        }
    }
}

/// Rows in place that claim another number, and neighbours of which the later does not name the earlier: only the
/// desk's own key makes those (two histories of one desk), and the earlier row is not the one that was built on.
fn rewritten(segments: &[Segment], backbone: &[Piece], faults: &mut Vec<ChainFault>) {
    let mut before: (u64, [u8; 32]) = (0, GENESIS);
    for piece in backbone {
        let Segment::Run(run) = &segments[piece.index] else {
            continue;
        };
        if run.shift != 0 {
            faults.push(piece.fault(FaultKind::Edited));
        }
        let follows = piece.first == run.first && before.0.checked_add(1) == Some(piece.first);
        if follows && run.first_prev != before.1 {
            faults.push(ChainFault { seq: before.0.max(1), kind: FaultKind::Edited, count: 1, position: None });
        }
        before = (run.last, run.last_hash);
    }
}

fn against_head(segments: &[Segment], present: &Ranges, head: &Head, faults: &mut Vec<ChainFault>) {
    if present.end() > head.seq {
        faults.push(ChainFault { seq: head.seq + 1, kind: FaultKind::Inserted, count: present.end() - head.seq, position: None });
    }
    if runs(segments).any(|(_, run)| run.last == head.seq)
        && !runs(segments).any(|(_, run)| run.last == head.seq && run.last_hash == head.hash)
    {
        faults.push(ChainFault { seq: head.seq, kind: FaultKind::Edited, count: 1, position: None });
    }
}

/// A foreign row with the numbers that may have stood in its place.
struct Stranger<'a> {
    row: &'a Bad,
    from: u64,
    to: u64,
    /// After the last row in place.
    at_end: bool,
}

/// Gives foreign rows the missing numbers: first the one they claim in their place, then any in their place, then the
/// one they claim elsewhere. What was once genuine chooses first.
fn foreign(
    segments: &[Segment],
    backbone: &[Piece],
    end: u64,
    has_head: bool,
    missing: &mut Ranges,
    last_present: &mut u64,
    faults: &mut Vec<ChainFault>,
) {
    let mut strangers = strangers(segments, backbone, end);
    let mut name = |row: &Bad, seq: u64, kind: FaultKind| {
        if kind == FaultKind::Edited {
            *last_present = seq.max(*last_present);
        }
        faults.push(ChainFault { seq, kind, count: 1, position: Some(row.position) });
    };
    for in_part in [true, false] {
        strangers.retain(|s| {
            let claimed = s.row.claimed.filter(|seq| (s.from..=s.to).contains(seq));
            let taken = s.row.in_part == in_part && claimed.is_some_and(|seq| missing.take(seq));
            if let (true, Some(seq)) = (taken, claimed) {
                name(s.row, seq, FaultKind::Edited);
            }
            !taken
        });
    }
    for in_part in [true, false] {
        strangers.retain(|s| {
            let free = missing.first_within(s.from, s.to).filter(|_| s.row.in_part == in_part);
            if let Some(seq) = free {
                missing.take(seq);
                name(s.row, seq, FaultKind::Edited);
            }
            free.is_none()
        });
    }
    let mut tail = end;
    for s in strangers {
        if let Some(seq) = s.row.claimed.filter(|&seq| missing.take(seq)) {
            name(s.row, seq, FaultKind::Edited);
            name(s.row, seq, FaultKind::Reordered);
        } else if !has_head && s.at_end && s.row.in_part && s.row.claimed == tail.checked_add(1) {
            tail += 1;
            name(s.row, tail, FaultKind::Edited);
        } else {
            let possible = 1..=end.saturating_add(1);
            let claimed = s.row.claimed.filter(|seq| possible.contains(seq));
            name(s.row, claimed.unwrap_or(s.from), FaultKind::Inserted);
        }
    }
}

fn strangers<'a>(segments: &'a [Segment], backbone: &[Piece], end: u64) -> Vec<Stranger<'a>> {
    let mut in_place = backbone.iter().peekable();
    let mut from = 1;
    let mut strangers = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        match segment {
            Segment::Run(_) => {
                if let Some(kept) = in_place.next_if(|piece| piece.index == index) {
                    from = kept.last.saturating_add(1);
                }
            }
            Segment::Bad(row) => strangers.push(Stranger {
                row,
                from,
                to: in_place.peek().map_or(end, |next| next.first - 1),
                at_end: in_place.peek().is_none(),
            }),
        }
    }
    strangers
}

/// Disjoint inclusive ranges in rising order.
#[derive(Debug, Default)]
struct Ranges(Vec<(u64, u64)>);

impl Ranges {
    /// Adds a range that overlaps none.
    fn add(&mut self, first: u64, last: u64) {
        let at = self.0.partition_point(|range| range.0 < first);
        self.0.insert(at, (first, last));
    }

    fn end(&self) -> u64 {
        self.0.last().map_or(0, |range| range.1)
    }

    /// Whether `first` is in a range, and the last number up to `limit` for which that answer stays.
    fn stretch(&self, first: u64, limit: u64) -> (bool, u64) {
        let at = self.0.partition_point(|range| range.1 < first);
        match self.0.get(at) {
            Some(&(start, end)) if start <= first => (true, end.min(limit)),
            Some(&(start, _)) => (false, (start - 1).min(limit)),
            None => (false, limit),
        }
    }

    /// What is not in a range, from 1 to `end`.
    fn gaps(&self, end: u64) -> Self {
        let mut gaps = Vec::new();
        let mut next = 1;
        for &(first, last) in &self.0 {
            if first > next {
                gaps.push((next, first - 1));
            }
            next = last.saturating_add(1);
        }
        if next <= end {
            gaps.push((next, end));
        }
        Self(gaps)
    }

    fn first_within(&self, from: u64, to: u64) -> Option<u64> {
        let at = self.0.partition_point(|range| range.1 < from);
        let first = self.0.get(at)?.0.max(from);
        (first <= to).then_some(first)
    }

    /// Takes one number out; false if it was not there.
    fn take(&mut self, seq: u64) -> bool {
        let at = self.0.partition_point(|range| range.1 < seq);
        let Some(&(first, last)) = self.0.get(at).filter(|range| range.0 <= seq) else {
            return false;
        };
        let left = (first < seq).then(|| (first, seq - 1));
        let right = (seq < last).then(|| (seq + 1, last));
        self.0.splice(at..=at, left.into_iter().chain(right));
        true
    }
}
