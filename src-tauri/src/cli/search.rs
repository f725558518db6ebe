//! `gladstone search`: finds patients, one result line a query.

use std::{io::BufRead, time::Instant};

use clinic::{
    patient::{self, PatientHit},
    types::Identifier,
};
use serde::Serialize;

use super::{CliError, DeskArguments, print};

#[derive(clap::Args)]
pub struct Search {
    /// What to look for, or `-` to read one query a line after the password, all under one unlock.
    query: String,
}

#[derive(Serialize)]
struct Found {
    query: String,
    elapsed_ms: f64,
    patients: Vec<Hit>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Hit {
    id: String,
    name: String,
    birth_date: Option<String>,
    identifiers: Vec<Identifier>,
}

impl From<PatientHit> for Hit {
    fn from(hit: PatientHit) -> Self {
        Self {
            id: hit.id.to_string(),
            name: hit.display_name,
            birth_date: hit.birth_date,
            identifiers: hit.identifier.into_iter().collect(),
        }
    }
}

impl Search {
    pub(super) fn run(self, desk: &DeskArguments<'_>) -> Result<(), CliError> {
        desk.session(|session| {
            let mut answer = |query: String| {
                let began = Instant::now();
                let patients = patient::find(session, &query)?;
                let elapsed_ms = began.elapsed().as_secs_f64() * 1000.0;
                print(&Found { query, elapsed_ms, patients: patients.into_iter().map(Hit::from).collect() })
            };
            if self.query != "-" {
                return answer(self.query);
            }
            std::io::stdin().lock().lines().try_for_each(|line| answer(line?))
        })
    }
}
