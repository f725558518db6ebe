//! Trains the section and relevance models from public dialogues, the same bytes every time.
//!
//! `cargo run -p scribe --example train_sections -- OUT_DIR FILE.csv..`
//!
//! A file with the columns `section_header, section_text, dialogue` is MTS-Dialog (each line `Speaker: words`); one with
//! `dialogue, note` is ACI-Bench (each line `[speaker] words`). Writes `sections.tsv`, `topics.tsv` and `relevance.tsv` to OUT_DIR.
//! `--cross FILE.csv..` prints five-fold figures instead: each fifth is judged by models trained on the others.
//! `--score FILE.csv..` scores section placement of the built-in models on MTS-Dialog files instead.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::path::Path;

use scribe::draft::candidate::{Act, Candidate, Reading, read};
use scribe::draft::features::{features, sections as place_all, topic_features, words_of};
use scribe::draft::grammar::stem;
use scribe::draft::model::{Example, Linear, Training, train, train_margins};
use scribe::draft::{Drafter, RulesDrafter, SectionCode, Template};
use scribe::read::read_transcript;
use scribe::roles::Role;
use scribe::transcript::Transcript;

type Row = HashMap<String, String>;

const HEADER: &str =
    "Trained on MTS-Dialog and ACI-Bench (both CC BY 4.0); see MODEL-CARD.md.\nRow: feature, then class:weight in hundredths.";

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let first = args.next().ok_or("usage: train_sections OUT_DIR FILE.csv.. | --score FILE.csv..")?;
    let files: Vec<String> = args.collect();
    if first == "--score" {
        return files.iter().try_for_each(|f| score(f));
    }
    let mut visits = Vec::new();
    for file in &files {
        for row in rows(file)? {
            visits.extend(visit(&row)?);
        }
    }
    let all: Vec<&Visit> = visits.iter().collect();
    if first == "--cross" {
        cross(&all);
        return Ok(());
    }
    let (sections, topics, relevance) = train_all(&all);
    std::fs::write(Path::new(&first).join("sections.tsv"), sections.to_text(HEADER))?;
    std::fs::write(Path::new(&first).join("topics.tsv"), topics.to_text(HEADER))?;
    std::fs::write(Path::new(&first).join("relevance.tsv"), relevance.to_text(HEADER))?;
    println!("{} conversations, {} statements", visits.len(), visits.iter().map(|v| v.worth.len()).sum::<usize>());
    Ok(())
}

fn train_all(visits: &[&Visit]) -> (Linear, Linear, Linear) {
    let sections = train_sections(visits);
    let topics = train_topics(visits);
    let mut examples = Vec::new();
    for (group, v) in visits.iter().enumerate() {
        let guesses = place_all(&v.reading, &sections, &topics);
        for (index, worth) in v.worth.iter().enumerate() {
            let guess = &guesses[index];
            let weight = if v.full { 1.0 } else { 0.25 };
            examples.push(Example { features: features(&v.reading, index, Some(guess)), targets: vec![*worth], weight, group });
        }
    }
    let how = Training { epochs: 8, rate: 0.03, decay: 2e-5, min_count: 4, prune: 0.02 };
    let relevance = train(&["keep"], &examples, how);
    (sections, topics, relevance)
}

/// Figures on conversations the models have not seen.
fn cross(visits: &[&Visit]) {
    let (mut snippets, mut right, mut statements, mut placed, mut full_right, mut full_all) = (0, 0, 0, 0, 0, 0);
    let mut errors = 0.0;
    let mut faults: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut by_section: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for fold in 0..5 {
        let rest: Vec<&Visit> = visits.iter().enumerate().filter(|(i, _)| i % 5 != fold).map(|(_, v)| *v).collect();
        let (sections, topics, relevance) = train_all(&rest);
        for v in visits.iter().enumerate().filter(|(i, _)| i % 5 == fold).map(|(_, v)| *v) {
            let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
            let guesses = place_all(&v.reading, &sections, &topics);
            for (index, code) in v.codes.iter().enumerate() {
                let p = &guesses[index];
                let best = (0..p.len()).max_by(|&a, &b| p[a].total_cmp(&p[b])).unwrap_or(0);
                let keep = relevance.probabilities(&features(&v.reading, index, Some(p)))[0];
                statements += 1;
                errors += f64::from((keep - v.worth[index]).powi(2));
                *votes.entry(best).or_default() += 1;
                let Some(code) = code else { continue };
                if v.full {
                    full_all += 1;
                    full_right += usize::from(SectionCode::ALL[best] == *code);
                } else {
                    placed += usize::from(SectionCode::ALL[best] == *code);
                }
            }
            if let (false, Some(Some(code))) = (v.full, v.codes.first()) {
                snippets += 1;
                let guess = votes.iter().rev().max_by_key(|x| x.1).map_or(0, |x| *x.0);
                let counts = by_section.entry(code.as_str()).or_default();
                counts.1 += 1;
                if SectionCode::ALL[guess] == *code {
                    right += 1;
                    counts.0 += 1;
                } else {
                    *faults.entry((code.as_str(), SectionCode::ALL[guess].as_str())).or_default() += 1;
                }
            }
        }
    }
    println!(
        "snippets placed right: {right} of {snippets} = {:.4}; their statements {placed}",
        f64::from(right) / f64::from(snippets.max(1))
    );
    println!(
        "statements of full visits placed right: {full_right} of {full_all}; relevance squared error {:.4}",
        errors / f64::from(statements.max(1))
    );
    let recalls: f64 = by_section.values().map(|(right, all)| f64::from(*right) / f64::from(*all)).sum();
    println!("mean over sections of snippets placed right: {:.4}", recalls / by_section.len().max(1) as f64);
    let mut faults: Vec<_> = faults.into_iter().collect();
    faults.sort_by_key(|f| std::cmp::Reverse(f.1));
    for ((truth, guess), n) in faults.into_iter().take(14) {
        println!("  {n:3} {truth} -> {guess}");
    }
}

struct Visit {
    reading: Reading,
    /// Section of each candidate, where the note tells.
    codes: Vec<Option<SectionCode>>,
    /// How much of each candidate stands in the note, 0 to 1.
    worth: Vec<f32>,
    header: Option<SectionCode>,
    full: bool,
}

fn train_sections(visits: &[&Visit]) -> Linear {
    let names: Vec<&str> = SectionCode::ALL.iter().map(|c| c.as_str()).collect();
    let mut examples = Vec::new();
    for (group, v) in visits.iter().enumerate() {
        let labelled = v.codes.iter().flatten().count().max(1) as f32;
        for (index, code) in v.codes.iter().enumerate() {
            let Some(code) = code else { continue };
            let mut targets = vec![0.0; names.len()];
            if let Some(at) = SectionCode::ALL.iter().position(|c| c == code) {
                targets[at] = 1.0;
            }
            let weight = if v.full { 0.5 } else { 1.0 / labelled.sqrt() };
            examples.push(Example { features: features(&v.reading, index, None), targets, weight, group });
        }
    }
    let how = Training { epochs: 10, rate: 0.05, decay: 1e-5, min_count: 4, prune: 0.06 };
    train(&names, &examples, how)
}

/// What whole snippets are about. Rare sections weigh as much as common ones: a snippet of a rare kind is no less likely to come.
fn train_topics(visits: &[&Visit]) -> Linear {
    let names: Vec<&str> = SectionCode::ALL.iter().map(|c| c.as_str()).collect();
    let labelled: Vec<(usize, &Visit, usize)> = visits
        .iter()
        .enumerate()
        .filter_map(|(group, v)| Some((group, *v, SectionCode::ALL.iter().position(|c| Some(c) == v.header.as_ref())?)))
        .collect();
    let examples: Vec<Example> = labelled
        .iter()
        .map(|&(group, v, class)| {
            let mut targets = vec![0.0; names.len()];
            targets[class] = 1.0;
            Example { features: topic_features(&v.reading), targets, weight: 1.0, group }
        })
        .collect();
    let how = Training { epochs: 30, rate: 0.0, decay: 0.0, min_count: 3, prune: 0.1 };
    train_margins(&names, &examples, how, 1.0, 5.0)
}

fn rows(file: &str) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(file)?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

/// `Doctor: words` lines as `[Doctor] words`.
fn tagged(dialogue: &str) -> String {
    let mut out = String::new();
    for line in dialogue.lines() {
        match line.split_once(':') {
            Some((who, words)) if !line.trim_start().starts_with('[') && who.trim().len() < 20 && who.split_whitespace().count() < 3 => {
                out.push_str(&format!("[{}] {}\n", who.trim(), words.trim()))
            }
            _ => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

fn transcript(dialogue: &str) -> Option<Transcript> {
    read_transcript(tagged(dialogue).as_bytes()).ok()
}

fn content(text: &str) -> HashSet<String> {
    const PLAIN: &[&str] = &[
        "the",
        "and",
        "patient",
        "has",
        "have",
        "had",
        "with",
        "for",
        "that",
        "was",
        "were",
        "are",
        "not",
        "this",
        "his",
        "her",
        "she",
        "they",
        "their",
        "reports",
        "denies",
        "any",
        "will",
        "should",
        "but",
        "from",
        "does",
        "did",
        "been",
        "there",
        "when",
        "you",
        "your",
        "impression",
        "plan",
        "can",
        "would",
        "also",
        "just",
        "about",
        "then",
        "some",
        "which",
        "them",
        "him",
        "our",
        "what",
        "like",
        "get",
        "going",
        "well",
        "very",
        "really",
        "little",
        "bit",
        "good",
        "know",
        "see",
        "now",
        "out",
        "all",
        "one",
        "clinician",
        "its",
        "into",
        "take",
        "thing",
        "lot",
        "want",
        "make",
        "got",
        "still",
        "today",
        "okay",
        "right",
        "because",
        "other",
        "could",
        "time",
        "something",
        "think",
        "back",
    ];
    words_of(text)
        .into_iter()
        .filter(|w| (w.len() > 2 || w.starts_with(|c: char| c.is_ascii_digit())) && !PLAIN.contains(&w.as_str()))
        .map(|w| stem(&w))
        .collect()
}

fn visit(row: &Row) -> Result<Option<Visit>, Box<dyn Error>> {
    let dialogue = row.get("dialogue").ok_or("no column dialogue")?;
    let Some(t) = transcript(dialogue) else { return Ok(None) };
    let reading = read(&t);
    let (note, header) = match (row.get("note"), row.get("section_header")) {
        (Some(note), _) => (note.clone(), None),
        (None, Some(header)) => (row.get("section_text").cloned().unwrap_or_default(), mts_code(header)),
        _ => return Err("neither a note nor a section header".into()),
    };
    let lines = if header.is_none() { note_lines(&note) } else { Vec::new() };
    let all = content(&note);
    let mut codes = Vec::new();
    let mut worth = Vec::new();
    for candidate in &reading.candidates {
        let words = content(&candidate.text);
        let share = words.intersection(&all).count() as f32 / words.len().max(1) as f32;
        let size = (words.len() as f32 / 3.0).min(1.0);
        worth.push(((share - 0.25) / 0.5).clamp(0.0, 1.0) * size);
        codes.push(header.or_else(|| align(candidate, &words, &lines)));
    }
    Ok(Some(Visit { reading, codes, worth, header, full: header.is_none() }))
}

/// The section of the note line that says most of a candidate.
fn align(candidate: &Candidate, words: &HashSet<String>, lines: &[(SectionCode, HashSet<String>)]) -> Option<SectionCode> {
    if words.len() < 2 {
        return None;
    }
    let mut best: Option<(f32, SectionCode)> = None;
    for (code, line) in lines {
        let both = words.intersection(line).count() as f32;
        let score = both / words.len() as f32 + 0.2 * both / line.len().max(1) as f32;
        if both >= 2.0 && score > best.map_or(0.45, |b| b.0) {
            best = Some((score, *code));
        }
    }
    let code = best?.1;
    let forward = ["Will", "Plan", "The patient should", "Order", "Continue", "Can"].iter().any(|p| candidate.text.starts_with(p));
    Some(match code {
        SectionCode::Assessment if forward && candidate.role == Role::Doctor => SectionCode::Plan,
        SectionCode::Plan if !forward && candidate.role == Role::Doctor && candidate.text.starts_with("Impression") => {
            SectionCode::Assessment
        }
        SectionCode::Assessment | SectionCode::Plan if candidate.role != Role::Doctor => SectionCode::HistoryOfPresentIllness,
        // A complaint's line is short and said again in the history.
        SectionCode::ChiefComplaint if candidate.act != Act::Said => SectionCode::HistoryOfPresentIllness,
        other => other,
    })
}

/// Lines of a full note with the section they stand under.
fn note_lines(note: &str) -> Vec<(SectionCode, HashSet<String>)> {
    let mut code = SectionCode::HistoryOfPresentIllness;
    let mut out = Vec::new();
    for line in note.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if let Some(found) = heading(line) {
            code = found;
            continue;
        }
        for sentence in line.split(". ") {
            let lower = sentence.to_lowercase();
            let code = match code {
                SectionCode::Labs if ["x-ray", "mri", "ct ", "ultrasound", "echo", "ekg", "imaging"].iter().any(|w| lower.contains(w)) => {
                    SectionCode::Imaging
                }
                other => other,
            };
            out.push((code, content(sentence)));
        }
    }
    out
}

fn heading(line: &str) -> Option<SectionCode> {
    if line.len() > 40 || line.chars().any(char::is_lowercase) {
        return None;
    }
    let h = line.trim_end_matches(':');
    Some(match h {
        _ if h.contains("CHIEF") => SectionCode::ChiefComplaint,
        _ if h.contains("PRESENT ILLNESS") || h == "HPI" => SectionCode::HistoryOfPresentIllness,
        _ if h.contains("REVIEW OF SYSTEMS") => SectionCode::ReviewOfSystems,
        _ if h.contains("SURGICAL") => SectionCode::PastSurgicalHistory,
        _ if h.contains("SOCIAL") || h.contains("FAMILY") => SectionCode::FamilySocialHistory,
        _ if h.contains("MEDICATION") => SectionCode::Medications,
        _ if h.contains("ALLERG") => SectionCode::Allergies,
        _ if h.contains("HISTORY") => SectionCode::PastMedicalHistory,
        _ if h.contains("VITAL") => SectionCode::Vitals,
        _ if h.contains("EXAM") => SectionCode::Examination,
        _ if h.contains("RESULT") => SectionCode::Labs,
        _ if h.contains("PROCEDURE") => SectionCode::Procedures,
        _ if h.contains("ASSESSMENT") || h.contains("IMPRESSION") => SectionCode::Assessment,
        _ if h.contains("PLAN") || h.contains("INSTRUCTIONS") => SectionCode::Plan,
        _ => return None,
    })
}

fn mts_code(header: &str) -> Option<SectionCode> {
    Some(match header.trim() {
        "CC" => SectionCode::ChiefComplaint,
        "GENHX" => SectionCode::HistoryOfPresentIllness,
        "PASTMEDICALHX" => SectionCode::PastMedicalHistory,
        "PASTSURGICAL" => SectionCode::PastSurgicalHistory,
        "FAM/SOCHX" => SectionCode::FamilySocialHistory,
        "GYNHX" => SectionCode::GynecologicHistory,
        "OTHER_HISTORY" => SectionCode::OtherHistory,
        "ALLERGY" => SectionCode::Allergies,
        "MEDICATIONS" => SectionCode::Medications,
        "IMMUNIZATIONS" => SectionCode::Immunizations,
        "ROS" => SectionCode::ReviewOfSystems,
        "EXAM" => SectionCode::Examination,
        "LABS" => SectionCode::Labs,
        "IMAGING" => SectionCode::Imaging,
        "PROCEDURES" => SectionCode::Procedures,
        "DIAGNOSIS" => SectionCode::Diagnosis,
        "ASSESSMENT" => SectionCode::Assessment,
        "PLAN" => SectionCode::Plan,
        "DISPOSITION" => SectionCode::Disposition,
        "EDCOURSE" => SectionCode::EdCourse,
        _ => return None,
    })
}

/// Share of snippets whose section holds most of their drafted sentences; ties go to the section that comes first.
fn score(file: &str) -> Result<(), Box<dyn Error>> {
    let mut right = 0;
    let mut empty = 0;
    let mut confusion: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let all = rows(file)?;
    for row in &all {
        let Some(code) = row.get("section_header").and_then(|h| mts_code(h)) else { continue };
        let Some(t) = row.get("dialogue").and_then(|d| transcript(d)) else { continue };
        let note = RulesDrafter.draft(&t, &Template::default());
        let most = note.sections.iter().rev().max_by_key(|s| s.sentences.len());
        match most {
            Some(section) if section.code == code => right += 1,
            Some(section) => *confusion.entry((code.as_str(), section.code.as_str())).or_default() += 1,
            None => empty += 1,
        }
    }
    println!("{file}: {right} of {} placed right, {empty} without a sentence", all.len());
    let mut faults: Vec<_> = confusion.into_iter().collect();
    faults.sort_by_key(|f| std::cmp::Reverse(f.1));
    for ((truth, guess), n) in faults.into_iter().take(12) {
        println!("  {n:3} {truth} -> {guess}");
    }
    Ok(())
}
