//! `gladstone import fhir` and `gladstone export fhir`.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use clinic::{
    PatientId,
    fhir::{self, validate::MAX_BYTES},
};

use super::{CliError, DeskArguments, print};

#[derive(clap::Subcommand)]
pub enum Import {
    /// FHIR R4 Bundles or single resources. A bad file is refused whole, with the path of each fault.
    Fhir { files: Vec<PathBuf> },
}

impl Import {
    pub(super) fn run(self, desk: &DeskArguments<'_>) -> Result<(), CliError> {
        let Self::Fhir { files } = self;
        let files = files
            .into_iter()
            .map(|path| match read(&path) {
                Ok(bytes) => Ok((path.display().to_string(), bytes)),
                Err(source) => Err(CliError::File { path: path.display().to_string(), source }),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let report = desk.session(|session| Ok(fhir::import(session, &files)?))?;
        print(&report)?;
        if report.refused.is_empty() { Ok(()) } else { Err(CliError::Refused("some files were refused; the others were taken in")) }
    }
}

/// One byte more than the longest file that is taken in, at most: the import then says that it is too large.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[derive(clap::Subcommand)]
pub enum Export {
    /// One patient as a Bundle, or everything as NDJSON, one file a type.
    #[command(group(clap::ArgGroup::new("what").required(true)))]
    Fhir {
        /// Id of the patient.
        #[arg(long, group = "what")]
        patient: Option<PatientId>,
        /// Folder to write everything to.
        #[arg(long, group = "what", value_name = "DIR")]
        all: Option<PathBuf>,
    },
}

impl Export {
    pub(super) fn run(self, desk: &DeskArguments<'_>) -> Result<(), CliError> {
        let Self::Fhir { patient, all } = self;
        desk.session(|session| {
            if let Some(patient) = patient {
                println!("{}", fhir::export_patient(session, patient)?);
            }
            if let Some(folder) = all {
                print(&fhir::export_all(session, &folder)?)?;
            }
            Ok(())
        })
    }
}
