//! Which sections a note has, in which order and under which titles.
//!
//! A template chooses, orders and names; it never carries words of a visit.

use serde::{Deserialize, Serialize};

/// A section of a clinical note. Names follow the MTS-Dialog headers, spelt out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SectionCode {
    ChiefComplaint,
    HistoryOfPresentIllness,
    PastMedicalHistory,
    PastSurgicalHistory,
    FamilySocialHistory,
    GynecologicHistory,
    OtherHistory,
    Allergies,
    Medications,
    Immunizations,
    ReviewOfSystems,
    Vitals,
    Examination,
    Labs,
    Imaging,
    Procedures,
    Diagnosis,
    Assessment,
    Plan,
    Disposition,
    EdCourse,
}

impl SectionCode {
    /// Every section, in the order of the default template.
    pub const ALL: [SectionCode; 21] = [
        Self::ChiefComplaint,
        Self::HistoryOfPresentIllness,
        Self::PastMedicalHistory,
        Self::PastSurgicalHistory,
        Self::FamilySocialHistory,
        Self::GynecologicHistory,
        Self::OtherHistory,
        Self::Allergies,
        Self::Medications,
        Self::Immunizations,
        Self::ReviewOfSystems,
        Self::Vitals,
        Self::Examination,
        Self::Labs,
        Self::Imaging,
        Self::Procedures,
        Self::EdCourse,
        Self::Diagnosis,
        Self::Assessment,
        Self::Plan,
        Self::Disposition,
    ];

    /// The stable code, as in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChiefComplaint => "chief_complaint",
            Self::HistoryOfPresentIllness => "history_of_present_illness",
            Self::PastMedicalHistory => "past_medical_history",
            Self::PastSurgicalHistory => "past_surgical_history",
            Self::FamilySocialHistory => "family_social_history",
            Self::GynecologicHistory => "gynecologic_history",
            Self::OtherHistory => "other_history",
            Self::Allergies => "allergies",
            Self::Medications => "medications",
            Self::Immunizations => "immunizations",
            Self::ReviewOfSystems => "review_of_systems",
            Self::Vitals => "vitals",
            Self::Examination => "examination",
            Self::Labs => "labs",
            Self::Imaging => "imaging",
            Self::Procedures => "procedures",
            Self::Diagnosis => "diagnosis",
            Self::Assessment => "assessment",
            Self::Plan => "plan",
            Self::Disposition => "disposition",
            Self::EdCourse => "ed_course",
        }
    }

    /// The section with this stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == code)
    }

    /// Where words go when a template lacks this section: the nearest broader one.
    pub fn broader(self) -> Option<Self> {
        match self {
            Self::HistoryOfPresentIllness | Self::Plan => None,
            Self::ChiefComplaint | Self::ReviewOfSystems | Self::EdCourse | Self::OtherHistory => Some(Self::HistoryOfPresentIllness),
            Self::PastSurgicalHistory
            | Self::GynecologicHistory
            | Self::Allergies
            | Self::Medications
            | Self::Immunizations
            | Self::FamilySocialHistory => Some(Self::PastMedicalHistory),
            Self::PastMedicalHistory => Some(Self::HistoryOfPresentIllness),
            Self::Vitals | Self::Labs | Self::Imaging | Self::Procedures => Some(Self::Examination),
            Self::Examination => Some(Self::HistoryOfPresentIllness),
            Self::Diagnosis => Some(Self::Assessment),
            Self::Assessment | Self::Disposition => Some(Self::Plan),
        }
    }
}

/// One section of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TemplateSection {
    pub code: SectionCode,
    pub title: String,
}

/// What a drafter is told about the note it drafts: the only thing it gets beside the transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Template {
    pub name: String,
    pub sections: Vec<TemplateSection>,
}

impl Template {
    /// The section of this template that takes words of `code`: itself, or the nearest broader one present.
    pub fn place(&self, code: SectionCode) -> Option<SectionCode> {
        let mut at = Some(code);
        while let Some(code) = at {
            if self.sections.iter().any(|s| s.code == code) {
                return Some(code);
            }
            at = code.broader();
        }
        None
    }
}

impl Default for Template {
    /// Every section, in the order most notes use.
    fn default() -> Self {
        let title = |code| match code {
            SectionCode::ChiefComplaint => "Chief complaint",
            SectionCode::HistoryOfPresentIllness => "History of present illness",
            SectionCode::PastMedicalHistory => "Medical history",
            SectionCode::PastSurgicalHistory => "Surgical history",
            SectionCode::FamilySocialHistory => "Family and social history",
            SectionCode::GynecologicHistory => "Gynecologic history",
            SectionCode::OtherHistory => "Other history",
            SectionCode::Allergies => "Allergies",
            SectionCode::Medications => "Medications",
            SectionCode::Immunizations => "Immunizations",
            SectionCode::ReviewOfSystems => "Review of systems",
            SectionCode::Vitals => "Vitals",
            SectionCode::Examination => "Physical exam",
            SectionCode::Labs => "Laboratory results",
            SectionCode::Imaging => "Imaging results",
            SectionCode::Procedures => "Procedures",
            SectionCode::Diagnosis => "Diagnosis",
            SectionCode::Assessment => "Assessment",
            SectionCode::Plan => "Plan",
            SectionCode::Disposition => "Disposition",
            SectionCode::EdCourse => "Emergency department course",
        };
        let sections = SectionCode::ALL.into_iter().map(|code| TemplateSection { code, title: title(code).to_owned() }).collect();
        Template { name: "General visit".to_owned(), sections }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stable_and_round_trip() {
        for code in SectionCode::ALL {
            assert_eq!(SectionCode::parse(code.as_str()), Some(code));
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{}\"", code.as_str()));
        }
    }

    #[test]
    fn a_missing_section_falls_to_a_broader_one() {
        let small = Template {
            name: "Short".into(),
            sections: vec![
                TemplateSection { code: SectionCode::HistoryOfPresentIllness, title: "History".into() },
                TemplateSection { code: SectionCode::Plan, title: "Plan".into() },
            ],
        };
        assert_eq!(small.place(SectionCode::Allergies), Some(SectionCode::HistoryOfPresentIllness));
        assert_eq!(small.place(SectionCode::Diagnosis), Some(SectionCode::Plan));
        assert_eq!(Template { name: String::new(), sections: vec![] }.place(SectionCode::Plan), None);
    }
}
