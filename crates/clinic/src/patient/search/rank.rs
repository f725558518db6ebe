//! How well a stored row answers a query, as a number from 0 to 1. Pure; the order of results is decided here alone.

use std::{borrow::Cow, cell::OnceCell, ops::Range};

use super::{
    fold::{Folded, Role, Word},
    keys::{is_short_form, sound_keys},
    query::{Asked, Number},
    table::StoredRow,
};

/// What of a patient answered the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum Matched {
    /// The name as written, whole or its start.
    Name,
    /// A name that sounds so or is spelled so elsewhere.
    NameSound,
    /// A name one typing mistake away, or with one word that differs.
    NameTypo,
    BirthDate,
    Phone,
    Identifier,
}

/// Below this a name is another name.
const LEAST: f32 = 0.5;

/// Words of the query prepared once for all rows.
pub(crate) struct Question<'a> {
    asked: &'a Asked,
    words: Vec<QuestionWord<'a>>,
    together: Together,
}

struct QuestionWord<'a> {
    word: &'a Word,
    own: Vec<char>,
    latin: Vec<char>,
    sounds: Vec<String>,
    last: bool,
    weight: f32,
}

/// A name without spaces: as written, without particles and titles, and in its own script.
struct Together {
    raw: Vec<char>,
    core: Vec<char>,
    own: Vec<char>,
}

impl<'a> Question<'a> {
    pub fn new(asked: &'a Asked) -> Self {
        let last = asked.name.words.len().saturating_sub(1);
        let words = asked.name.words.iter().enumerate().map(|(at, word)| QuestionWord {
            word,
            own: word.native.chars().collect(),
            latin: word.latin.chars().collect(),
            sounds: sound_keys(&word.latin),
            last: asked.typing && at == last,
            weight: if word.role == Role::Core { 1.0 } else { 0.12 },
        });
        Self { asked, words: words.collect(), together: Together::of(&asked.name) }
    }

    /// The score and what matched; `None` when the row is no answer.
    pub fn score(&self, row: &StoredRow) -> Option<(f32, Matched)> {
        let mut numbers = 0.0;
        let mut by_number = None;
        for number in &self.asked.numbers {
            if let Some((score, matched)) = number_score(number, row) {
                numbers += score / self.asked.numbers.len() as f32;
                by_number = by_number.or(Some(matched));
            }
        }
        let identified = identifier_score(&self.asked.identifier, row);
        if let Some(score) = identified.filter(|score| *score > numbers || self.asked.numbers.is_empty()) {
            numbers = score;
            by_number = Some(Matched::Identifier);
        }
        if self.words.is_empty() {
            return by_number.map(|matched| (numbers, matched));
        }
        let named = self.best_name(row);
        if self.asked.numbers.is_empty() && identified.is_none() {
            return named;
        }
        match (named, by_number) {
            (Some((score, matched)), Some(_)) => Some((0.6 * score + 0.4 * numbers, matched)),
            (Some((score, matched)), None) => Some((0.6 * score, matched)),
            (None, Some(matched)) if identified.is_some() => Some((numbers, matched)),
            (None, Some(matched)) => Some((0.4 * numbers, matched)),
            (None, None) => None,
        }
    }

    fn best_name(&self, row: &StoredRow) -> Option<(f32, Matched)> {
        let mut best: Option<(f32, Matched)> = None;
        for (at, name) in row.folded_names().enumerate() {
            if let Some((score, matched)) = self.name_score(&name) {
                // The name in use comes before a name also known.
                let score = if at == 0 { score } else { score - 0.004 };
                if best.is_none_or(|(than, _)| score > than) {
                    best = Some((score, matched));
                }
            }
        }
        best
    }

    fn name_score(&self, name: &Folded) -> Option<(f32, Matched)> {
        let whole = self.together.score(&Together::of(name), self.asked.typing);
        let by_words = self.words_score(name);
        match (whole, by_words) {
            (Some(a), Some(b)) => Some(if a.0 >= b.0 { a } else { b }),
            (a, b) => a.or(b),
        }
    }

    fn words_score(&self, name: &Folded) -> Option<(f32, Matched)> {
        let units = units(name);
        let mut covered = vec![false; name.words.iter().map(Word::length).sum()];
        let (mut sum, mut weight, mut in_order, mut before) = (0.0, 0.0, true, 0);
        let mut first_at = None;
        let mut matched = Matched::Name;
        let mut missed = 0;
        for question in &self.words {
            let mut best = (0.0_f32, Matched::NameTypo, None::<&Unit>);
            for unit in &units {
                let taken = covered[unit.of.clone()].iter().any(|covered| *covered);
                let (mut score, how) = question.likeness(unit);
                if taken {
                    score *= 0.6;
                }
                if score > best.0 + 0.0001 {
                    best = (score, how, Some(unit));
                }
            }
            sum += question.weight * best.0;
            weight += question.weight;
            if question.word.role != Role::Core {
                continue;
            }
            match best.2 {
                Some(unit) if best.0 >= 0.45 => {
                    covered[unit.of.clone()].fill(true);
                    in_order &= unit.of.start >= before;
                    before = unit.of.start;
                    first_at = first_at.or(Some(before));
                    matched = worse(matched, best.1);
                }
                _ => missed += 1,
            }
        }
        let core_asked = self.words.iter().filter(|question| question.word.role == Role::Core).count();
        let base = sum / weight;
        if base < LEAST || missed > 1 || (missed == 1 && core_asked < 2) {
            return None;
        }
        if missed == 1 {
            matched = Matched::NameTypo;
        }
        let cover = cover(name, &covered);
        let start = if first_at == Some(0) { 0.03 } else { 0.0 };
        let order = if in_order { 0.03 } else { 0.0 };
        let lost = if missed == 1 { 0.85 } else { 1.0 };
        // Only the whole name as written is worth all: see `Together`.
        let score = lost * (0.825 * base + 0.10 * cover + order + start);
        (score >= LEAST).then_some((score, matched))
    }
}

impl QuestionWord<'_> {
    fn likeness(&self, unit: &Unit<'_>) -> (f32, Matched) {
        if !self.own.is_empty() && !unit.own.is_empty() {
            if self.own == unit.own {
                return (1.0, Matched::Name);
            }
            if self.last && unit.own.starts_with(&self.own) {
                return (0.92 + 0.06 * share(&self.own, &unit.own), Matched::Name);
            }
        }
        // One Latin spelling of two native words is less than the word itself.
        let other = if !self.own.is_empty() && !unit.own.is_empty() { 0.93 } else { 1.0 };
        let (score, matched) = self.latin_likeness(unit);
        (other * score, matched)
    }

    fn latin_likeness(&self, unit: &Unit<'_>) -> (f32, Matched) {
        if self.latin == unit.latin {
            return (1.0, Matched::Name);
        }
        if unit.latin.starts_with(&self.latin) {
            let share = share(&self.latin, &unit.latin);
            return if self.last { (0.90 + 0.06 * share, Matched::Name) } else { (0.72 + 0.15 * share, Matched::Name) };
        }
        let longest = self.latin.len().max(unit.latin.len());
        let edits = distance(&self.latin, &unit.latin, 6);
        let alike = 1.0 - edits as f32 / longest as f32;
        let mut best = (0.0, Matched::NameTypo);
        if edits == 1 && swapped(&self.latin, &unit.latin) {
            best = (0.84 + 0.1 * alike, Matched::NameTypo);
        } else if edits == 1 && self.latin.len() >= 4 {
            best = (0.78 + 0.1 * alike, Matched::NameTypo);
        }
        let sounds = unit.sounds();
        let short_form = is_short_form(&self.word.latin) || is_short_form(&unit.text);
        if (alike >= 0.3 || short_form) && self.sounds.iter().any(|sound| sounds.contains(sound)) {
            best = better(best, (0.70 + 0.2 * alike, Matched::NameSound));
        } else if self.last && self.sounds.iter().any(|sound| sound.len() >= 2 && sounds.iter().any(|other| other.starts_with(sound))) {
            best = better(best, (0.58 + 0.15 * share(&self.latin, &unit.latin), Matched::NameSound));
        }
        if self.last && self.latin.len() >= 4 && best.0 == 0.0 {
            let near = (self.latin.len() - 1..=self.latin.len() + 1)
                .filter(|length| *length <= unit.latin.len())
                .any(|length| distance(&self.latin, &unit.latin[..length], 1) == 1);
            if near {
                best = (0.70, Matched::NameTypo);
            }
        }
        if best.0 == 0.0 && longest >= 4 && alike >= 0.5 {
            best = (0.62 * alike, Matched::NameTypo);
        }
        best
    }
}

impl Together {
    fn of(name: &Folded) -> Self {
        Self {
            raw: name.words.iter().flat_map(|word| word.latin.chars()).collect(),
            core: name.core().flat_map(|word| word.joined().chars().collect::<Vec<_>>()).collect(),
            own: if name.words.iter().any(|word| !word.native.is_empty()) {
                name.words.iter().flat_map(|word| word.own().chars()).collect()
            } else {
                Vec::new()
            },
        }
    }

    fn score(&self, name: &Self, typing: bool) -> Option<(f32, Matched)> {
        let both_own = !self.own.is_empty() && !name.own.is_empty();
        let top = if both_own && self.own != name.own { 0.95 } else { 1.0 };
        if self.raw == name.raw {
            return Some((top, Matched::Name));
        }
        if self.core == name.core {
            // Of equal names first the one whose particles agree: `bin` and `binti` are different people.
            return Some((top - 0.005 - 0.002 * distance(&self.raw, &name.raw, 6) as f32, Matched::Name));
        }
        if typing && both_own && name.own.starts_with(&self.own) {
            return Some((0.94 + 0.04 * share(&self.own, &name.own), Matched::Name));
        }
        if typing && !both_own {
            for (asked, name, top) in [(&self.raw, &name.raw, 0.935), (&self.core, &name.core, 0.925)] {
                if name.starts_with(asked) {
                    return Some((top + 0.04 * share(asked, name), Matched::Name));
                }
            }
        }
        let one_off = |a: &Vec<char>, b: &Vec<char>| a.len() >= 5 && distance(a, b, 1) == 1;
        (one_off(&self.raw, &name.raw) || one_off(&self.core, &name.core)).then_some((0.9 * top, Matched::NameTypo))
    }
}

/// A word of a stored name, a run of its syllables, or two neighbours together.
struct Unit<'a> {
    latin: Vec<char>,
    own: Vec<char>,
    /// Which syllables of the name it stands for.
    of: Range<usize>,
    sounds: OnceCell<Vec<String>>,
    text: Cow<'a, str>,
}

impl<'a> Unit<'a> {
    fn new(text: Cow<'a, str>, own: &str, of: Range<usize>) -> Self {
        Self { latin: text.chars().collect(), own: own.chars().collect(), of, sounds: OnceCell::new(), text }
    }

    fn sounds(&self) -> &[String] {
        self.sounds.get_or_init(|| sound_keys(&self.text))
    }
}

fn units(name: &Folded) -> Vec<Unit<'_>> {
    let mut units: Vec<Unit<'_>> = Vec::new();
    let mut at = 0;
    let mut before: Option<(&Word, usize)> = None;
    for word in &name.words {
        let end = at + word.length();
        units.push(Unit::new(word.latin.as_str().into(), &word.native, at..end));
        if !word.native.is_empty() || !word.parts.is_empty() {
            let others = word.spellings().into_iter().skip(1);
            units.extend(others.map(|(spelling, of)| Unit::new(spelling.into(), "", at + of.start..at + of.end)));
        }
        if let Some((before, from)) = before.filter(|(before, _)| before.role == Role::Core && word.role == Role::Core) {
            units.push(Unit::new(format!("{}{}", before.latin, word.latin).into(), "", from..end));
        }
        before = Some((word, at));
        at = end;
    }
    units
}

/// How much of the name proper is covered, 0 to 1.
fn cover(name: &Folded, covered: &[bool]) -> f32 {
    let (mut at, mut met, mut all) = (0, 0, 0);
    for word in &name.words {
        let end = at + word.length();
        if word.role == Role::Core {
            met += covered[at..end].iter().filter(|covered| **covered).count();
            all += word.length();
        }
        at = end;
    }
    met as f32 / all.max(1) as f32
}

fn number_score(number: &Number, row: &StoredRow) -> Option<(f32, Matched)> {
    let mut best: Option<(f32, Matched)> = None;
    let mut offer = |score: f32, matched| {
        if best.is_none_or(|(than, _)| score > than) {
            best = Some((score, matched));
        }
    };
    for (at, date) in number.dates.iter().enumerate() {
        if row.birth_date.starts_with(date.as_str()) {
            offer(0.97 - 0.02 * at.min(5) as f32, Matched::BirthDate);
        }
    }
    for (at, fragment) in number.fragments().into_iter().enumerate() {
        for phone in row.phones.lines() {
            if let Some(score) = fragment_score(fragment, phone) {
                offer(score - 0.01 * at as f32, Matched::Phone);
            }
        }
        for identifier in row.identifiers.lines().filter(|_| at == 0) {
            let digits: String = identifier.chars().filter(char::is_ascii_digit).collect();
            if let Some(score) = fragment_score(fragment, &digits) {
                offer(score, Matched::Identifier);
            }
        }
    }
    best
}

fn fragment_score(fragment: &str, whole: &str) -> Option<f32> {
    if fragment == whole {
        Some(1.0)
    } else if whole.starts_with(fragment) {
        Some(0.9)
    } else if whole.ends_with(fragment) {
        Some(0.88)
    } else if whole.contains(fragment) {
        Some(0.75)
    } else {
        None
    }
}

fn identifier_score(asked: &str, row: &StoredRow) -> Option<f32> {
    if asked.is_empty() {
        return None;
    }
    let scores = row.identifiers.lines().filter_map(|identifier| {
        if identifier == asked {
            Some(1.0)
        } else {
            identifier.starts_with(asked).then(|| 0.9 + 0.05 * asked.len() as f32 / identifier.len() as f32)
        }
    });
    scores.max_by(f32::total_cmp)
}

fn worse(a: Matched, b: Matched) -> Matched {
    let order = |matched| match matched {
        Matched::NameTypo => 2,
        Matched::NameSound => 1,
        _ => 0,
    };
    if order(b) > order(a) { b } else { a }
}

fn better(a: (f32, Matched), b: (f32, Matched)) -> (f32, Matched) {
    if b.0 > a.0 { b } else { a }
}

fn share(part: &[char], whole: &[char]) -> f32 {
    part.len() as f32 / whole.len().max(1) as f32
}

/// Whether two words have the same letters.
fn swapped(a: &[char], b: &[char]) -> bool {
    if a.len() != b.len() || a.len() < 3 {
        return false;
    }
    let mut a = a.to_vec();
    let mut b = b.to_vec();
    a.sort_unstable();
    b.sort_unstable();
    a == b
}

/// Edits (insert, delete, replace, swap of neighbours) from one to the other; anything above `most` is `most + 1`.
pub(crate) fn distance(a: &[char], b: &[char], most: usize) -> usize {
    const WIDTH: usize = 2 * super::fold::MAX_CHARS + 2;
    if a.len().abs_diff(b.len()) > most || b.len() + 1 > WIDTH {
        return most + 1;
    }
    // Equal ends cost nothing and make most comparisons short.
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    let mut rows = [[0_u16; WIDTH]; 3];
    for (at, cell) in rows[0].iter_mut().enumerate().take(b.len() + 1) {
        *cell = at as u16;
    }
    for i in 1..=a.len() {
        let (now, last, before) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[now][0] = i as u16;
        let mut least = i as u16;
        for j in 1..=b.len() {
            let replace = rows[last][j - 1] + u16::from(a[i - 1] != b[j - 1]);
            let mut cell = replace.min(rows[last][j] + 1).min(rows[now][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cell = cell.min(rows[before][j - 2] + 1);
            }
            rows[now][j] = cell;
            least = least.min(cell);
        }
        if usize::from(least) > most + 1 {
            return most + 1;
        }
    }
    usize::from(rows[a.len() % 3][b.len()]).min(most + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(a: &str, b: &str) -> usize {
        distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>(), 3)
    }

    #[test]
    fn edits_are_counted_with_swaps_as_one() {
        assert_eq!(edits("white", "wihte"), 1);
        assert_eq!(edits("khathi", "khtahi"), 1);
        assert_eq!(edits("abc", "abc"), 0);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("abcdef", "uvwxyz"), 4);
        assert_eq!(edits("ca", "abc"), 3);
    }
}
