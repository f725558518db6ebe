//! Drafts one transcript file and prints the JSON that `gladstone draft --format json` prints.
//!
//! `cargo run -p scribe --example draft -- TRANSCRIPT`

use std::process::ExitCode;

use scribe::draft::{Drafter, RulesDrafter, Template};
use scribe::read::read_transcript;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: draft TRANSCRIPT");
        return ExitCode::from(2);
    };
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("cannot read the file: {error}");
            return ExitCode::FAILURE;
        }
    };
    let transcript = match read_transcript(&bytes) {
        Ok(transcript) => transcript,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let note = RulesDrafter.draft(&transcript, &Template::default());
    match serde_json::to_string_pretty(&note) {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
