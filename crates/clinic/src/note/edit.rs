//! What a person does to a note before signing. Pure: a note and an edit give a note or a refusal.

use serde::Deserialize;

use super::{Draft, Evidence, Note, NoteSection, NoteSentence, SentenceOrigin, SentenceState, SentenceSupport, section_key};
use crate::{error::ClinicError, types::text};

/// One edit.
#[derive(Debug, Clone, Deserialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum NoteEdit {
    Keep { sentence_id: String },
    Strike { sentence_id: String },
    Restore { sentence_id: String },
    Edit { sentence_id: String, text: String },
    Write { section: String, text: String },
    AddOmission { section: String, turn: u32, quote: String },
}

impl Note {
    pub(crate) fn apply(&mut self, edit: NoteEdit) -> Result<(), ClinicError> {
        match edit {
            NoteEdit::Keep { sentence_id } => self.sentence(&sentence_id)?.state = SentenceState::Kept,
            NoteEdit::Strike { sentence_id } => self.sentence(&sentence_id)?.state = SentenceState::Struck,
            NoteEdit::Restore { sentence_id } => self.sentence(&sentence_id)?.state = SentenceState::Pending,
            NoteEdit::Edit { sentence_id, text: words } => {
                let words = required(&words)?;
                let sentence = self.sentence(&sentence_id)?;
                if sentence.text != words {
                    if sentence.origin == SentenceOrigin::Drafted {
                        sentence.drafted = Some(std::mem::take(&mut sentence.text));
                        sentence.origin = SentenceOrigin::Edited;
                    }
                    sentence.text = words;
                }
                sentence.state = SentenceState::Kept;
            }
            NoteEdit::Write { section, text: words } => {
                let sentence = by_hand(required(&words)?, SentenceOrigin::Written, Vec::new());
                self.section(&section)?.sentences.push(sentence);
            }
            NoteEdit::AddOmission { section, turn, quote } => {
                let at = self
                    .omissions
                    .iter()
                    .position(|o| o.turn == turn && o.quote == quote)
                    .ok_or_else(|| ClinicError::invalid("quote", "unknown"))?;
                let omission = self.omissions.remove(at);
                let evidence = vec![Evidence { turn, quote: omission.quote.clone() }];
                let sentence = by_hand(format!("Said: \u{201c}{}\u{201d}", omission.quote), SentenceOrigin::Omission, evidence);
                self.section(&section)?.sentences.push(sentence);
            }
        }
        Ok(())
    }

    /// Takes a new draft in. What a person kept, edited, wrote or struck stays; only untouched sentences are replaced.
    pub(super) fn take_draft(&mut self, draft: Draft) {
        let touched = |sentence: &NoteSentence| sentence.origin != SentenceOrigin::Drafted || sentence.state != SentenceState::Pending;
        let decided: Vec<String> = self
            .sections
            .values()
            .flat_map(|section| &section.sentences)
            .filter(|sentence| touched(sentence))
            .map(|sentence| sentence.drafted.clone().unwrap_or_else(|| sentence.text.clone()))
            .collect();
        for section in self.sections.values_mut() {
            section.sentences.retain(touched);
        }
        self.engine = Some(draft.engine);
        self.omissions = draft.omissions;
        let mut order: Vec<String> = draft.sections.iter().map(|section| section.code.clone()).collect();
        order.extend(self.order.iter().filter(|code| !draft.sections.iter().any(|section| section.code == **code)).cloned());
        self.order = order;
        for drafted in draft.sections {
            let section =
                self.sections.entry(section_key(&drafted.code)).or_insert_with(|| NoteSection { sentences: Vec::new(), ..drafted.clone() });
            section.title = drafted.title;
            let fresh = drafted.sentences.into_iter().filter(|sentence| !decided.contains(&sentence.text));
            let mut sentences: Vec<NoteSentence> = fresh.collect();
            sentences.append(&mut section.sentences);
            section.sentences = sentences;
        }
    }

    /// Nothing of what was said may stay: drafted sentences and quotes go, sentences in a person's own words stay.
    pub(crate) fn forget_said(&mut self) {
        for section in self.sections.values_mut() {
            section.sentences.retain(|sentence| matches!(sentence.origin, SentenceOrigin::Written | SentenceOrigin::Edited));
            for sentence in &mut section.sentences {
                (sentence.evidence, sentence.drafted) = (Vec::new(), None);
            }
        }
        self.omissions.clear();
        self.engine = None;
    }

    fn sentence(&mut self, id: &str) -> Result<&mut NoteSentence, ClinicError> {
        self.sections
            .values_mut()
            .flat_map(|section| &mut section.sentences)
            .find(|sentence| sentence.id == id)
            .ok_or_else(|| ClinicError::invalid("sentenceId", "unknown"))
    }

    fn section(&mut self, code: &str) -> Result<&mut NoteSection, ClinicError> {
        let known = code.len() <= 64 && !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if !known {
            return Err(ClinicError::invalid("section", "unknown_code"));
        }
        if !self.order.iter().any(|known| known == code) {
            self.order.push(code.to_owned());
        }
        let title = || {
            let mut title = code.replace('_', " ");
            if let Some(first) = title.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            title
        };
        Ok(self.sections.entry(section_key(code)).or_insert_with(|| NoteSection {
            code: code.to_owned(),
            title: title(),
            sentences: Vec::new(),
        }))
    }
}

fn by_hand(words: String, origin: SentenceOrigin, evidence: Vec<Evidence>) -> NoteSentence {
    NoteSentence {
        id: super::make_sentence_id(),
        text: words,
        origin,
        state: SentenceState::Kept,
        support: SentenceSupport::Supported,
        flags: Vec::new(),
        evidence,
        drafted: None,
    }
}

fn required(words: &str) -> Result<String, ClinicError> {
    let words = text("text", words)?;
    if words.is_empty() { Err(ClinicError::invalid("text", "required")) } else { Ok(words) }
}
