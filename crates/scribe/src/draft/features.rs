//! What the section and relevance models see of a statement: its own words, the talk around it, who said it and where.
//!
//! Must never use names of people or files: words of a statement and its context only.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::draft::candidate::{Act, Candidate, Reading};
use crate::draft::context;
use crate::draft::grammar::stem;
use crate::draft::model::{Features, Linear};
use crate::draft::recognise::{self, Kind};
use crate::draft::template::SectionCode;
use crate::roles::Role;

/// Turns before a statement that count as its context; half as many after it.
const WINDOW: usize = 4;
/// Bytes of its own turn, before and after, that are a statement's context.
const NEAR: usize = 4_000;
/// How much the topic of a whole snippet weighs against a statement's own words.
const TOPIC: f32 = 6.0;

/// What a whole snippet is about, for conversations about one thing.
pub fn topic_model() -> &'static Linear {
    static MODEL: OnceLock<Linear> = OnceLock::new();
    MODEL.get_or_init(|| Linear::parse(include_str!("../../data/topics.tsv")))
}

/// The section model, trained by `cargo run -p scribe --example train_sections`.
pub fn section_model() -> &'static Linear {
    static MODEL: OnceLock<Linear> = OnceLock::new();
    MODEL.get_or_init(|| Linear::parse(include_str!("../../data/sections.tsv")))
}

/// The relevance model: how likely a statement belongs in a note at all.
pub fn relevance_model() -> &'static Linear {
    static MODEL: OnceLock<Linear> = OnceLock::new();
    MODEL.get_or_init(|| Linear::parse(include_str!("../../data/relevance.tsv")))
}

/// Lower-case words of a drafted sentence.
pub fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-' && c != '/' && c != '.')
        .map(|w| w.trim_matches('.').to_lowercase())
        .filter(|w| !w.is_empty())
        .collect()
}

fn shape(word: &str) -> String {
    if word.starts_with(|c: char| c.is_ascii_digit()) { "#".into() } else { word.to_owned() }
}

fn add(out: &mut Features, prefix: &str, names: BTreeSet<String>, total: f32) {
    let value = total / (names.len().max(1) as f32).sqrt();
    out.extend(names.into_iter().map(|n| (format!("{prefix}{n}"), value)));
}

/// Words of the turns around a candidate. A long dictated turn is many subjects: its neighbours are no context, and of its own words
/// only the near ones are, so that no length of turn makes the work grow with its square.
fn around(reading: &Reading, candidate: &Candidate) -> BTreeSet<String> {
    let turn = candidate.turn;
    let at = candidate.spans.iter().find(|s| s.0 == turn).map_or(0, |s| s.1.start);
    let to = (turn + WINDOW / 2 + 1).min(reading.clauses.len());
    (turn.saturating_sub(WINDOW)..to)
        .filter(|&t| t == turn || reading.clauses[t].len() <= 8)
        .flat_map(|t| reading.clauses[t].iter().filter(move |c| t != turn || c.span().is_some_and(|s| s.start.abs_diff(at) <= NEAR)))
        .flat_map(|c| c.words().map(shape))
        .collect()
}

/// Features of a whole conversation: what was said, by whom, and how it opened.
pub fn topic_features(reading: &Reading) -> Features {
    let mut words = BTreeSet::new();
    let mut pairs = BTreeSet::new();
    let mut voices = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    let mut stems = BTreeSet::new();
    for (clauses, role) in reading.clauses.iter().zip(&reading.roles) {
        let all: Vec<String> = clauses.iter().flat_map(|c| c.words().map(shape)).collect();
        let who = if *role == Role::Doctor { 'd' } else { 'p' };
        pairs.extend(all.windows(2).map(|p| format!("{}_{}", p[0], p[1])));
        voices.extend(all.iter().map(|w| format!("{who}{w}")));
        kinds.extend(recognise::find(&all).into_iter().map(|h| format!("{}{who}", kind_name(h.kind))));
        stems.extend(all.iter().filter(|w| w.len() > 3).flat_map(|w| roots(&stem(w))));
        words.extend(all);
    }
    let opening: BTreeSet<String> = reading.clauses.first().into_iter().flatten().flat_map(|c| c.words().map(shape)).collect();
    let mut out: Features = vec![("bias".into(), 0.3)];
    out.push((format!("turns:{}", (reading.clauses.len() / 3).min(8)), 0.3));
    add(&mut out, "c:", words, 1.0);
    add(&mut out, "d:", pairs, 1.0);
    add(&mut out, "v:", voices, 1.0);
    add(&mut out, "f:", opening, 0.7);
    add(&mut out, "k:", kinds, 0.5);
    add(&mut out, "g:", stems, 1.0);
    out
}

/// Each four letters in a row of a stem, its ends marked: what `appendectomy` and `tonsillectomy` share.
fn roots(stem: &str) -> Vec<String> {
    let letters: Vec<char> = format!("<{stem}>").chars().collect();
    letters.windows(4).map(|w| w.iter().collect()).collect()
}

/// Features of one candidate. `sections` is what the section model said of it, for the relevance model only.
pub fn features(reading: &Reading, index: usize, sections: Option<&[f32]>) -> Features {
    let candidate = &reading.candidates[index];
    let n = reading.clauses.len();
    let words = words_of(&candidate.text);
    let mut out: Features = vec![("bias".into(), 1.0)];
    let unigrams: BTreeSet<String> = words.iter().map(|w| shape(w)).collect();
    let bigrams: BTreeSet<String> = words.windows(2).map(|p| format!("{}_{}", shape(&p[0]), shape(&p[1]))).collect();
    add(&mut out, "w:", unigrams, 1.5);
    add(&mut out, "b:", bigrams, 1.0);
    let long = !reading.snippet;
    if long {
        add(&mut out, "c:", around(reading, candidate), 1.2);
    }
    let role = match candidate.role {
        Role::Doctor => "doctor",
        Role::Patient => "patient",
        Role::Companion => "companion",
    };
    let act = match candidate.act {
        Act::Said => "said",
        Act::Confirmed => "yes",
        Act::Denied => "no",
        Act::Answered => "open",
    };
    let length = if long { "long" } else { "short" };
    out.push((format!("r:{role}"), 0.5));
    out.push((format!("a:{act}"), 0.5));
    out.push((format!("n:{length}"), 0.5));
    if long {
        let place = candidate.turn * 8 / n;
        out.push((format!("p:{place}"), 0.5));
        out.push((format!("pr:{place}{role}"), 0.5));
        let many = reading.clauses[candidate.turn].len();
        out.push((format!("t:{}{role}", (many / 4).min(5)), 0.5));
    }
    out.push((format!("l:{}", (words.len() / 4).min(6)), 0.5));
    let opening: Vec<&str> = words.iter().map(String::as_str).skip_while(|w| matches!(*w, "the" | "patient")).take(1).collect();
    out.push((format!("o:{}{role}", opening.join("_")), 0.5));
    let kinds: BTreeSet<String> = recognise::find(&words).into_iter().map(|h| kind_name(h.kind).to_owned()).collect();
    for kind in &kinds {
        out.push((format!("k:{kind}"), 0.5));
        out.push((format!("k:{kind}{role}"), 0.5));
    }
    if kinds.is_empty() {
        out.push(("k:none".into(), 0.5));
    }
    if words.iter().any(|w| context::is_relative(w)) {
        out.push(("x:relative".into(), 0.7));
    }
    if context::historical(&words) {
        out.push(("x:past".into(), 0.5));
    }
    if context::has_negation(&words) {
        out.push(("x:denied".into(), 0.4));
    }
    if let Some(sections) = sections {
        for (code, p) in SectionCode::ALL.iter().zip(sections) {
            if *p > 0.1 {
                out.push((format!("s:{}", code.as_str()), *p));
                out.push((format!("s:{}{role}", code.as_str()), *p * 0.7));
            }
        }
    }
    out
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Drug => "drug",
        Kind::Symptom => "symptom",
        Kind::Problem => "problem",
        Kind::RedFlag => "redflag",
        Kind::Vital => "vital",
        Kind::Lab => "lab",
        Kind::Imaging => "imaging",
        Kind::Procedure => "procedure",
        Kind::Unit => "unit",
    }
}

/// Section probabilities of every candidate: its own, and in a snippet also those of the whole.
pub fn sections(reading: &Reading, statements: &Linear, topics: &Linear) -> Vec<Vec<f32>> {
    let mut all: Vec<Vec<f32>> = (0..reading.candidates.len()).map(|i| statements.probabilities(&features(reading, i, None))).collect();
    if reading.snippet {
        let topic = topics.probabilities(&topic_features(reading));
        for own in &mut all {
            for (p, t) in own.iter_mut().zip(&topic) {
                *p = (*p + TOPIC * t) / (1.0 + TOPIC);
            }
        }
    }
    all
}

/// Section probabilities and relevance of every candidate of a reading.
pub fn judge(reading: &Reading) -> Vec<(Vec<f32>, f32)> {
    sections(reading, section_model(), topic_model())
        .into_iter()
        .enumerate()
        .map(|(i, sections)| {
            let relevance = relevance_model().probabilities(&features(reading, i, Some(&sections)));
            (sections, relevance.first().copied().unwrap_or(0.0))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_in_the_repository_are_whole_and_in_the_form_the_trainer_writes() {
        let codes: Vec<&str> = SectionCode::ALL.iter().map(|c| c.as_str()).collect();
        for (name, text, classes, at_least) in [
            ("sections", include_str!("../../data/sections.tsv"), codes.clone(), 5_000),
            ("topics", include_str!("../../data/topics.tsv"), codes, 5_000),
            ("relevance", include_str!("../../data/relevance.tsv"), vec!["keep"], 5_000),
        ] {
            let header: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("# ")).collect();
            let model = Linear::parse(text);
            assert_eq!(model.classes, classes, "{name}");
            assert!(text.lines().count() > at_least, "{name} is cut off");
            // Read and written again, every row comes back: none was passed over, out of order or of another form.
            assert!(model.to_text(&header.join("\n")) == text, "{name}.tsv is not what train_sections writes");
        }
    }
}
