//! Chooses statements, places them in sections, orders and de-duplicates them, checks each.
//!
//! Must never keep a sentence that its own evidence check finds fault with, unless the fault is shown.

use std::collections::HashSet;

use crate::draft::candidate::{Candidate, read};
use crate::draft::features::{judge, words_of};
use crate::draft::omission::{self, Omission};
use crate::draft::recognise::{self, Kind};
use crate::draft::rewrite::Gender;
use crate::draft::template::{SectionCode, Template};
use crate::draft::{DraftSection, DraftSentence};
use crate::evidence::{Evidence, Flag, check};
use crate::transcript::Transcript;

/// Statements less likely than this to belong in a note are left to the omission strip.
const KEEP: f32 = 0.42;
/// In a snippet, where there is little to choose from.
const KEEP_SHORT: f32 = 0.25;
/// A visit's draft holds at most this share of its words, best statements first.
const SHARE: f32 = 0.36;
/// And never more words than this: what is longer is no note. The strip shows the rest.
const LONGEST: usize = 2_500;
/// Two sentences with this share of words in common say the same.
const SAME: f32 = 0.75;

/// The sections and omissions of a draft.
pub fn compose(transcript: &Transcript, template: &Template) -> (Vec<DraftSection>, Vec<Omission>) {
    let reading = read(transcript);
    let mut judged = judge(&reading);
    for (candidate, (_, relevance)) in reading.candidates.iter().zip(&mut judged) {
        *relevance += weighty(&words_of(&candidate.text));
    }
    let short = reading.snippet;
    let mut order: Vec<usize> = (0..judged.len()).collect();
    order.sort_by(|&a, &b| judged[b].1.total_cmp(&judged[a].1).then(a.cmp(&b)));
    let spoken: usize = reading.clauses.iter().flatten().map(|c| c.words().count()).sum();
    let budget = if short { usize::MAX } else { ((spoken as f32 * SHARE) as usize + 40).min(LONGEST) };
    let keep = if short { KEEP_SHORT } else { KEEP };
    let mut used = 0;
    let mut chosen: Vec<(usize, SectionCode, DraftSentence)> = Vec::new();
    let mut kept_words: Vec<HashSet<String>> = Vec::new();
    for index in order {
        let candidate = &reading.candidates[index];
        let words = words_of(&candidate.text);
        let forced = short && chosen.is_empty();
        if !forced && (judged[index].1 < keep || used + words.len() > budget) {
            continue;
        }
        let set: HashSet<String> = words.iter().cloned().collect();
        if kept_words.iter().any(|other| alike(other, &set)) {
            continue;
        }
        let Some(code) = place(&judged[index].0, template) else { continue };
        let Some(sentence) = sentence(candidate, transcript) else { continue };
        used += words.len();
        kept_words.push(set);
        chosen.push((index, code, sentence));
    }
    chosen.sort_by_key(|c| c.0);
    let cited: Vec<_> = chosen.iter().flat_map(|c| reading.candidates[c.0].spans.clone()).collect();
    let drafted: Vec<String> = chosen.iter().flat_map(|c| words_of(&c.2.text)).collect();
    let omissions = omission::find(transcript, &reading, &cited, &drafted.join(" "));
    let mut sections = Vec::new();
    for section in &template.sections {
        let mut sentences: Vec<DraftSentence> = chosen.iter().filter(|c| c.1 == section.code).map(|c| c.2.clone()).collect();
        vary_subject(&mut sentences, reading.gender);
        if !sentences.is_empty() && !sections.iter().any(|s: &DraftSection| s.code == section.code) {
            sections.push(DraftSection { code: section.code, title: section.title.clone(), sentences });
        }
    }
    (sections, omissions)
}

/// What a model may find unlikely but a clinician must not miss: medicines, doses, allergies, red flags.
fn weighty(words: &[String]) -> f32 {
    let hits = recognise::find(words);
    let any = |kind| hits.iter().any(|h| h.kind == kind);
    let mut bonus: f32 = 0.0;
    if words.iter().any(|w| matches!(w.as_str(), "allergic" | "allergy" | "allergies")) || !recognise::doses(words).is_empty() {
        bonus += 0.3;
    }
    if any(Kind::Drug) {
        bonus += 0.15;
    }
    if any(Kind::RedFlag) {
        bonus += 0.15;
    }
    bonus.min(0.4)
}

/// The likeliest section that the template has or can take.
fn place(sections: &[f32], template: &Template) -> Option<SectionCode> {
    let best = (0..sections.len()).max_by(|&a, &b| sections[a].total_cmp(&sections[b]).then(b.cmp(&a)))?;
    template.place(*SectionCode::ALL.get(best)?)
}

fn alike(a: &HashSet<String>, b: &HashSet<String>) -> bool {
    let both = a.intersection(b).count() as f32;
    both / (a.len().min(b.len()).max(1) as f32) >= SAME && both / (a.union(b).count().max(1) as f32) > 0.6
}

/// The checked sentence. What states a number, medicine or side other than its quotes, or denies otherwise, is not drafted at all by these rules.
fn sentence(candidate: &Candidate, transcript: &Transcript) -> Option<DraftSentence> {
    let evidence: Vec<Evidence> = candidate
        .spans
        .iter()
        .map(|(turn, span)| {
            Some(Evidence { turn: u32::try_from(*turn).ok()?, quote: transcript.turns.get(*turn)?.text.get(span.clone())?.to_owned() })
        })
        .collect::<Option<_>>()?;
    let (support, flags) = check(&candidate.text, &evidence, transcript);
    let broken = flags.iter().any(|f| {
        matches!(
            f,
            Flag::NoEvidence | Flag::QuoteNotSaid | Flag::EvidenceTooWide | Flag::Number | Flag::Dose | Flag::Drug | Flag::Laterality
        )
    });
    (!broken).then(|| DraftSentence { text: candidate.text.clone(), evidence, support, flags })
}

/// "The patient .. The patient .." reads as "The patient .. She ..", where the transcript says which.
fn vary_subject(sentences: &mut [DraftSentence], gender: Option<Gender>) {
    let Some(gender) = gender else { return };
    let (subject, own) = match gender {
        Gender::Female => ("She ", "Her "),
        Gender::Male => ("He ", "His "),
    };
    for sentence in sentences.iter_mut().skip(1) {
        if let Some(rest) = sentence.text.strip_prefix("The patient's ") {
            sentence.text = format!("{own}{rest}");
        } else if let Some(rest) = sentence.text.strip_prefix("The patient ") {
            sentence.text = format!("{subject}{rest}");
        }
    }
}
