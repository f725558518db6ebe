//! Installs the UI's packages, exactly as `ui/package-lock.json` names them, when they are not those of the last time.

use std::fs;
use std::io;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::packages::hexadecimal;
use crate::command::{self, command};
use crate::places::Places;

/// Why the UI's packages are not there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{path} cannot be used")]
    File { path: PathBuf, source: io::Error },
    #[error("the UI's packages could not be installed")]
    Install(#[from] command::Error),
}

/// Runs `npm ci` if the lock file, the package file or Node changed since it last succeeded.
pub fn ensure(places: &Places) -> Result<(), Error> {
    let mut hash = Sha256::new();
    for name in ["package.json", "package-lock.json"] {
        let path = places.ui().join(name);
        hash.update(fs::read(&path).map_err(|source| Error::File { path, source })?);
    }
    hash.update(command::output(command("node").arg("--version"))?);
    let state = hexadecimal(&hash.finalize());
    let stamp = places.ui().join("node_modules/.gladstone-stamp");
    if fs::read_to_string(&stamp).is_ok_and(|stamped| stamped == state) {
        return Ok(());
    }
    println!("  installing the UI's packages");
    command::run(command::npm(places).args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, state).map_err(|source| Error::File { path: stamp, source })
}
