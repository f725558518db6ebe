//! What the doctor does in a visit.

use std::time::Duration;

use super::{HEARING, Named, PATIENCE, Role, Window, until};

const SENTENCE_STATES: [&str; 4] = ["Not decided", "Kept", "Struck", "Needs a look"];

impl Window {
    /// From Today: the next patient who waits.
    pub fn open_next_patient(&self, name: &str) -> &Self {
        self.click("Open next patient").finds(Role::Heading, name).finds(Role::Any("region"), "Recorder")
    }

    /// Notes that the patient said yes.
    pub fn give_consent(&self) -> &Self {
        self.finds(Role::Control, "Record");
        assert!(!self.is_able("Record"), "{}: records without consent", self.story);
        self.click("Given").click("Save consent").sees("Consent given")
    }

    /// Begins to record and waits for the first sound: only from then on may anybody speak.
    pub fn record(&self) -> &Self {
        self.click("Record").records()
    }

    /// Waits until the microphone is heard.
    pub fn records(&self) -> &Self {
        self.finds(Role::Control, "Pause");
        let heard =
            until(PATIENCE, || self.text().lines().any(|line| line.starts_with("REC ") && !line.starts_with("REC starting")).then_some(()));
        if heard.is_none() {
            self.fail("the recording never starts");
        }
        self
    }

    /// How many turns of the talk are in words.
    pub fn turns(&self) -> Vec<String> {
        self.names_within("What was said", Role::ListItem, Named::Has(""))
    }

    /// Everything that is in words.
    pub fn transcript(&self) -> String {
        self.turns().join(" ")
    }

    /// Waits until words come in.
    pub fn hears_something(&self) -> &Self {
        if until(HEARING, || (!self.turns().is_empty()).then_some(())).is_none() {
            self.fail("no words of what was said come in");
        }
        self
    }

    /// Stops and waits until all is in words and the note is drafted from them.
    pub fn stop_and_draft(&self) -> &Self {
        self.click("Stop").finds_within(HEARING, Role::Control, "Sign")
    }

    /// Waits longer than usual.
    pub fn finds_within<'a>(&self, patience: Duration, role: Role, name: impl Into<Named<'a>>) -> &Self {
        let name = name.into();
        if until(patience, || self.has(role, name).then_some(())).is_none() {
            self.fail(&format!("there is no {role:?} {name:?} after {patience:?}"));
        }
        self
    }

    /// Sentences of the note, each with what a person made of it.
    pub fn sentences(&self) -> Vec<String> {
        let all = self.names_within("Note", Role::Any("group"), Named::Has(""));
        all.into_iter().filter(|name| SENTENCE_STATES.iter().any(|state| name.contains(&format!(". {state}")))).collect()
    }

    /// How many sentences a person has to look at before the note can be signed.
    pub fn blockers(&self) -> usize {
        self.sentences().iter().filter(|sentence| sentence.contains(". Needs a look")).count()
    }

    /// Brings the keyboard to a sentence of the note.
    pub fn go_to_sentence(&self, sentence: &str) -> &Self {
        self.point_at(Role::Any("group"), Named::Is(sentence)).focuses(sentence)
    }

    /// Keeps by key whatever needs a look, until the note can be signed.
    pub fn keep_what_needs_a_look(&self) -> &Self {
        while self.blockers() > 0 {
            let before = self.blockers();
            self.press("N");
            if until(PATIENCE, || self.focus().filter(|(_, name)| name.contains(". Needs a look"))).is_none() {
                self.fail("N does not lead to a sentence that needs a look");
            }
            self.press("Y");
            if until(PATIENCE, || (self.blockers() < before).then_some(())).is_none() {
                self.fail("Y does not keep the sentence");
            }
        }
        self.sees("Ready to sign")
    }

    /// Writes one sentence by hand into a section, which is added where the note has none of it.
    pub fn write_sentence(&self, section: &str, text: &str) -> &Self {
        let write = format!("Write in {section}");
        if self.has(Role::Control, Named::Is(&write)) {
            self.click(Named::Is(&write));
        } else {
            self.click("Add a section").click(section);
        }
        self.fill(&format!("New sentence in {section}"), text).press("Enter").finds(Role::Any("group"), Named::Starts(text))
    }

    /// Waits until a control can be used.
    pub fn readies(&self, control: &str) -> &Self {
        if until(PATIENCE, || self.is_able(control).then_some(())).is_none() {
            self.fail(&format!("“{control}” cannot be used"));
        }
        self
    }

    pub fn is_able(&self, control: &str) -> bool {
        self.state(Role::Control, control)["able"] == true
    }
}
