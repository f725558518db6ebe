//! Set-up: everything a fresh clone needs before it builds. Safe to repeat; a second run finds all in place and is quick.
//!
//! It must never fetch from an address of its own: packages come by name and checksum through their registries' own clients.

mod ctranslate2;
mod ggml;
mod mel;
mod models;
mod packages;
pub mod system;
mod ui;

use std::time::Instant;

use crate::places::Places;
use system::Need;

/// What could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    System(#[from] system::Error),
    #[error(transparent)]
    Ui(#[from] ui::Error),
    #[error(transparent)]
    Models(#[from] models::Error),
}

/// Sets up all that `need` takes: system packages, Node and the UI's packages, models.
pub fn everything(places: &Places, need: Need) -> Result<(), Error> {
    let began = Instant::now();
    println!("Set-up");
    system::ensure(need)?;
    system::ensure_node()?;
    ui::ensure(places)?;
    models(places)?;
    println!("  set up in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// Brings the models alone.
pub fn models(places: &Places) -> Result<(), Error> {
    if models::any_missing(places)? {
        system::ensure_downloads()?;
        models::bring(places)?;
    }
    Ok(())
}
