//! Data types that several records share, after FHIR R4, and the checks every text input goes through.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::InvalidInput;

/// Longest single-line text, in characters.
pub const MAX_LINE: usize = 500;
/// Longest free text, in characters.
pub const MAX_TEXT: usize = 20_000;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default)]
pub struct Coding {
    pub system: String,
    pub code: String,
    pub display: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default)]
pub struct CodeableConcept {
    pub coding: Vec<Coding>,
    pub text: String,
}

impl CodeableConcept {
    pub fn text(text: impl Into<String>) -> Self {
        Self { coding: Vec::new(), text: text.into() }
    }

    /// What a person reads: the text, else the first coding's display, else its code.
    pub fn label(&self) -> &str {
        let coding = self.coding.first();
        [self.text.as_str(), coding.map_or("", |c| &c.display), coding.map_or("", |c| &c.code)]
            .into_iter()
            .find(|t| !t.is_empty())
            .unwrap_or("")
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum AdministrativeGender {
    Male,
    Female,
    Other,
    #[default]
    Unknown,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default)]
pub struct HumanName {
    /// official | usual | maiden | nickname | old
    #[serde(rename = "use")]
    pub name_use: String,
    pub prefix: Vec<String>,
    pub given: Vec<String>,
    pub family: String,
    pub suffix: Vec<String>,
    /// The whole name as written, for scripts and cultures without parts.
    pub text: String,
}

impl HumanName {
    /// As one line: the written form, else the parts in order.
    pub fn display(&self) -> String {
        if !self.text.is_empty() {
            return self.text.clone();
        }
        let parts = self
            .prefix
            .iter()
            .chain(&self.given)
            .map(String::as_str)
            .chain([self.family.as_str()])
            .chain(self.suffix.iter().map(String::as_str));
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default)]
pub struct ContactPoint {
    /// phone | email
    pub system: String,
    pub value: String,
    /// home | work | mobile
    #[serde(rename = "use")]
    pub point_use: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default)]
pub struct Identifier {
    pub system: String,
    pub value: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default, rename_all = "camelCase")]
pub struct Address {
    pub line: Vec<String>,
    pub city: String,
    pub district: String,
    pub state: String,
    pub postal_code: String,
    pub country: String,
}

/// Next of kin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default)]
pub struct PatientContact {
    pub name: String,
    pub relationship: String,
    pub phone: String,
}

/// Trimmed single-line text; control characters become spaces. Stored exactly otherwise, whatever script it is in.
pub(crate) fn line(field: &str, text: &str) -> Result<String, InvalidInput> {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    bounded(field, clean.trim(), MAX_LINE)
}

/// As [`line`], and not empty.
pub(crate) fn required_line(field: &str, text: &str) -> Result<String, InvalidInput> {
    let text = line(field, text)?;
    if text.is_empty() { Err(InvalidInput { field: field.to_owned(), reason: "required" }) } else { Ok(text) }
}

/// Trimmed text that keeps its line breaks.
pub(crate) fn text(field: &str, text: &str) -> Result<String, InvalidInput> {
    let clean: String = text.chars().filter(|c| !c.is_control() || *c == '\n' || *c == '\t').collect();
    bounded(field, clean.trim(), MAX_TEXT)
}

fn bounded(field: &str, text: &str, max: usize) -> Result<String, InvalidInput> {
    if text.chars().count() > max {
        return Err(InvalidInput { field: field.to_owned(), reason: "too_long" });
    }
    Ok(text.to_owned())
}

/// Checks a FHIR partial date `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and gives its first day.
pub(crate) fn partial_date(field: &str, text: &str) -> Result<Date, InvalidInput> {
    let fault = || InvalidInput { field: field.to_owned(), reason: "impossible_date" };
    let number = |range: std::ops::Range<usize>| {
        text.get(range).filter(|part| part.bytes().all(|b| b.is_ascii_digit())).and_then(|part| part.parse::<i16>().ok())
    };
    let year = number(0..4).ok_or_else(fault)?;
    let (month, day) = match (text.len(), text.as_bytes().get(4), text.as_bytes().get(7)) {
        (4, None, None) => (1, 1),
        (7, Some(b'-'), None) => (number(5..7).ok_or_else(fault)?, 1),
        (10, Some(b'-'), Some(b'-')) => (number(5..7).ok_or_else(fault)?, number(8..10).ok_or_else(fault)?),
        _ => return Err(fault()),
    };
    Date::new(year, month as i8, day as i8).map_err(|_| fault())
}

/// Age on a day, in words a clinic uses: days under a month, months under two years, then years.
pub fn age_text(birth: Option<Date>, today: Date) -> String {
    let Some(birth) = birth else { return String::new() };
    let Ok(span) = birth.until((jiff::Unit::Year, today)) else { return String::new() };
    if span.is_negative() {
        return String::new();
    }
    match (span.get_years(), span.get_months()) {
        (years, _) if years >= 2 => format!("{years} y"),
        (0, 0) => format!("{} d", span.get_days()),
        (years, months) => format!("{} mo", i32::from(years) * 12 + months),
    }
}

/// Milliseconds since 1970 by the wall clock.
pub(crate) fn now_millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// RFC 3339 instant of milliseconds since 1970.
pub(crate) fn instant(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).map(|at| at.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_dates_are_real_days() {
        for good in ["1959", "1959-06", "1959-06-18", "2024-02-29"] {
            assert!(partial_date("birthDate", good).is_ok(), "{good}");
        }
        for bad in ["", "59", "1959-13", "2023-02-29", "1959/06/18", "1959-6-18", "١٩٥٩", "1959-06-18T00"] {
            assert!(partial_date("birthDate", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ages_read_as_a_clinic_says_them() {
        let today = Date::new(2026, 11, 24).unwrap();
        let age = |text| age_text(partial_date("b", text).ok(), today);
        assert_eq!(age("2026-11-10"), "14 d");
        assert_eq!(age("2025-09-24"), "14 mo");
        assert_eq!(age("1959-12-01"), "66 y");
        assert_eq!(age("2030-01-01"), "");
    }
}
