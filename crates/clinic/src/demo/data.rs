//! Shapes of `data/demo.json`: what it says, before it is anyone's record. Times count back from the day of set-up.

use jiff::{Span, civil::Time};
use serde::Deserialize;

use super::plan::fault;
use crate::{consent::ConsentDecision, encounter::Stage, error::ClinicError, types::AdministrativeGender};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Demo {
    /// For whoever opens the file.
    #[serde(rename = "note")]
    pub _note: String,
    pub patients: Vec<Person>,
    /// Bookings of Monday to Saturday, of the week that holds the day of set-up.
    pub week: [Vec<Booking>; 6],
    /// Bookings of the day itself, in minutes from the present.
    pub today: Vec<Today>,
    pub later: Vec<Booking>,
}

impl Demo {
    pub fn read() -> Result<Self, ClinicError> {
        serde_json::from_str(include_str!("../../data/demo.json")).map_err(|_| fault("demo.json"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Who {
    Aisyah,
    Tan,
    Nurse,
}

/// Name, then how long ago, in jiff's words: `3y`, `5mo 3d`.
type Since = (String, String, Span);

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Person {
    pub key: String,
    /// The whole name as spoken.
    pub name: String,
    #[serde(default)]
    pub family: String,
    #[serde(default)]
    pub given: String,
    /// Other spellings and scripts.
    #[serde(default)]
    pub other: Vec<String>,
    pub gender: AdministrativeGender,
    /// Age on the day of set-up.
    pub born: Span,
    /// Only the year of birth is known, and that by guess.
    #[serde(default)]
    pub estimated: bool,
    pub language: String,
    /// `passport NUMBER`; absent: a number in the shape of a national one; empty: none.
    pub id: Option<String>,
    pub phone: Option<String>,
    /// Line, city, state.
    pub address: (String, String, String),
    /// Name, relation.
    pub kin: (String, String),
    #[serde(default)]
    pub no_known_allergy: bool,
    /// Substance, criticality, reaction.
    #[serde(default)]
    pub allergies: Vec<(String, String, String)>,
    /// ICD-10 code, words, since.
    #[serde(default)]
    pub conditions: Vec<Since>,
    /// As conditions, resolved.
    #[serde(default)]
    pub past: Vec<Since>,
    /// Medicine, use, since.
    #[serde(default)]
    pub medicines: Vec<Since>,
    #[serde(default)]
    pub stopped: Vec<Since>,
    /// CVX code, words, given.
    #[serde(default)]
    pub vaccines: Vec<Since>,
    #[serde(default)]
    pub measured: Vec<Measured>,
    #[serde(default)]
    pub visits: Vec<Visit>,
}

/// What was measured at one time; `ago` is absent inside a visit.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Measured {
    pub ago: Option<Span>,
    /// Systolic, diastolic, mmHg.
    pub bp: Option<(f64, f64)>,
    pub pulse: Option<f64>,
    pub temp: Option<f64>,
    pub resp: Option<f64>,
    pub spo2: Option<f64>,
    pub weight: Option<f64>,
    pub height: Option<f64>,
    /// HbA1c in percent.
    pub a1c: Option<f64>,
    /// mmol/L.
    pub ldl: Option<f64>,
    /// µmol/L.
    pub creatinine: Option<f64>,
    /// g/dL.
    pub hb: Option<f64>,
    /// mIU/L.
    pub tsh: Option<f64>,
    pub inr: Option<f64>,
}

/// A past visit with its note.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Visit {
    pub ago: Span,
    pub at: Time,
    pub with: Who,
    pub why: String,
    pub measured: Option<Measured>,
    /// To record the visit.
    pub consent: Option<ConsentDecision>,
    pub complaint: String,
    pub history: String,
    pub examination: String,
    pub assessment: String,
    pub plan: String,
    pub addendum: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Booking {
    /// Days from the day of set-up, for later ones.
    #[serde(default, rename = "in")]
    pub days: i32,
    pub with: Who,
    pub at: Time,
    /// Minutes.
    #[serde(rename = "for")]
    pub minutes: i32,
    pub who: String,
    pub why: String,
    /// What the doctor found and what follows, once the visit is over.
    pub note: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Booked,
    Cancelled,
    NoShow,
    #[serde(untagged)]
    Here(Stage),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Today {
    pub with: Who,
    #[serde(default)]
    pub from: i32,
    #[serde(default, rename = "for")]
    pub minutes: i32,
    pub who: String,
    pub why: String,
    pub state: State,
    /// Minutes since each stage began, arrival first.
    #[serde(default)]
    pub ago: Vec<i32>,
    #[serde(default, rename = "walkIn")]
    pub walk_in: bool,
    #[serde(default)]
    pub because: String,
    pub measured: Option<Measured>,
    pub note: Option<(String, String)>,
}
