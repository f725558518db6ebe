//! Makes the installer of this system with Tauri's own bundler, which the UI's package list brings by version and checksum.
//!
//! On Linux that is a `.deb`. An AppImage is left out: its bundler downloads a runtime and tools from addresses of its own,
//! unpinned, which nothing here may do.

use crate::command::{self, command};
use crate::places::Places;
use crate::setup::{self, system::Need};

/// Why there is no installer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Setup(#[from] setup::Error),
    #[error(transparent)]
    Command(#[from] command::Error),
    #[error("Tauri's command line is not among the UI's packages: add @tauri-apps/cli to the devDependencies of ui/package.json")]
    NoBundler,
}

const BUNDLE: &str = if cfg!(windows) {
    "nsis"
} else if cfg!(target_os = "macos") {
    "dmg"
} else {
    "deb"
};

/// Sets up, builds the UI and the app for release, and bundles them.
pub fn installers(places: &Places) -> Result<(), Error> {
    setup::everything(places, Need::Build)?;
    let bundler = places.ui().join("node_modules/.bin").join(if cfg!(windows) { "tauri.cmd" } else { "tauri" });
    if !bundler.exists() {
        return Err(Error::NoBundler);
    }
    // The bundler finds its settings from the root, where they stand.
    let mut tauri = command(bundler);
    tauri.current_dir(&places.root).env("CARGO_TARGET_DIR", places.target()).args(["build", "--bundles", BUNDLE]);
    command::run(&mut tauri)?;
    println!("The installer is in {}", places.target().join("release/bundle").display());
    Ok(())
}
