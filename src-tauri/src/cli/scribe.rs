//! `gladstone transcribe` and `gladstone draft`: read one file, write standard output, keep nothing. They need no vault.

use std::path::PathBuf;

use scribe::{
    draft::{Drafter, RulesDrafter, Template},
    read::read_transcript,
    transcribe::{Options, transcribe_file},
};

use super::{CliError, print};

#[derive(clap::Args)]
pub struct Transcribe {
    /// WAV, FLAC, OGG or MP3.
    audio: PathBuf,
    /// ISO 639-1 code of the language, or `auto`.
    #[arg(long, default_value = "en")]
    language: String,
}

impl Transcribe {
    pub(super) fn run(self) -> Result<(), CliError> {
        let options = Options { language: self.language, ..Options::default() };
        print(&transcribe_file(&self.audio, &options)?)
    }
}

#[derive(clap::Args)]
pub struct Draft {
    /// The JSON that `transcribe` writes, or text lines `[doctor] words`.
    transcript: PathBuf,
}

impl Draft {
    pub(super) fn run(self) -> Result<(), CliError> {
        let bytes =
            std::fs::read(&self.transcript).map_err(|source| CliError::File { path: self.transcript.display().to_string(), source })?;
        print(&RulesDrafter.draft(&read_transcript(&bytes)?, &Template::default()))
    }
}
