//! From a transcript to a drafted note: rules that choose, place and rewrite what was said. No text is generated.
//!
//! Must never put a fact into a note that the transcript does not carry, read anything but the transcript and the template,
//! or treat words of a transcript as instructions.

pub mod candidate;
pub mod clean;
pub mod context;
pub mod features;
pub mod grammar;
pub mod model;
pub mod number;
pub mod omission;
pub mod pair;
pub mod recognise;
pub mod rewrite;
pub mod segment;
pub mod template;
pub mod wordlist;

mod compose;
mod opening;

use std::time::Instant;

use serde::{Deserialize, Serialize};

pub use crate::evidence::{Evidence, Flag, Support};
pub use omission::{Omission, OmissionKind};
pub use template::{SectionCode, Template, TemplateSection};

use crate::transcript::{Engine, Transcript};

/// One drafted sentence and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DraftSentence {
    pub text: String,
    pub evidence: Vec<Evidence>,
    pub support: Support,
    pub flags: Vec<Flag>,
}

/// The sentences of one section, in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DraftSection {
    pub code: SectionCode,
    pub title: String,
    pub sentences: Vec<DraftSentence>,
}

/// A draft for a person to keep, edit or strike; never a note by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DraftedNote {
    pub engine: Engine,
    pub elapsed_ms: u32,
    /// Sections of the template that have words, in its order.
    pub sections: Vec<DraftSection>,
    pub omissions: Vec<Omission>,
}

/// Anything that drafts. It is given the transcript and the template, and nothing else.
pub trait Drafter {
    fn draft(&self, transcript: &Transcript, template: &Template) -> DraftedNote;
}

/// The embedded default: grounded rules with a small linear model for placing and choosing.
#[derive(Debug, Clone, Copy, Default)]
pub struct RulesDrafter;

impl RulesDrafter {
    /// Name and version, as in the JSON and in Provenance.
    pub fn engine() -> Engine {
        Engine { name: "rules".into(), model: None, version: Some("1".into()) }
    }
}

impl Drafter for RulesDrafter {
    fn draft(&self, transcript: &Transcript, template: &Template) -> DraftedNote {
        let began = Instant::now();
        let (sections, omissions) = compose::compose(transcript, template);
        let elapsed_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        DraftedNote { engine: Self::engine(), elapsed_ms, sections, omissions }
    }
}

/// Short transcripts for tests of this crate.
#[cfg(test)]
pub(crate) mod testing {
    use crate::transcript::{Engine, Transcript, Turn};

    pub fn talk(turns: &[(&str, &str)]) -> Transcript {
        let turns = turns
            .iter()
            .map(|(speaker, text)| Turn {
                speaker: (*speaker).to_owned(),
                start_s: 0.0,
                end_s: 0.0,
                text: (*text).to_owned(),
                confidence: 1.0,
                words: vec![],
            })
            .collect();
        Transcript {
            engine: Engine { name: "test".into(), model: None, version: None },
            language: "en".into(),
            duration_s: 0.0,
            elapsed_s: 0.0,
            turns,
            gaps: vec![],
        }
    }
}
