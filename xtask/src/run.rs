//! Builds the app and opens it; on a machine without a screen it walks through the demo visit on a virtual one.

use std::env;
use std::path::PathBuf;

use crate::command::{self, cargo, npm};
use crate::places::Places;
use crate::session::{self, Session};
use crate::setup::{self, system::Need};
use crate::test::{self, Counts, FEATURES};

/// Why the app does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Setup(#[from] setup::Error),
    #[error(transparent)]
    Command(#[from] command::Error),
    #[error(transparent)]
    Session(#[from] session::Error),
    #[error("the demo visit failed")]
    Visit(#[from] test::Error),
}

/// Sets up, builds, opens. Words given are handed to the app.
pub fn app(places: &Places, words: &[&str]) -> Result<(), Error> {
    let has_screen = has_screen();
    setup::everything(places, if has_screen { Need::Build } else { Need::BuildAndDesktop })?;
    println!("Building the UI");
    command::run(npm(places).args(["run", "build"]))?;
    if !has_screen && words.is_empty() {
        return demo_visit(places);
    }
    println!("Building the app");
    command::run(cargo(places).args(["build", "--package", "gladstone"]).args(FEATURES))?;
    println!("Opening Gladstone");
    let app = places.target().join("debug").join(format!("gladstone{}", env::consts::EXE_SUFFIX));
    Ok(command::run(command::command(app).args(words).env("GLADSTONE_MODELS", places.models()))?)
}

/// Walks through the demo visit: the end-to-end test of that name drives the real window, which is what a person would do.
fn demo_visit(places: &Places) -> Result<(), Error> {
    println!("There is no screen: building the app, and walking through the demo visit on a virtual one");
    // As `xtask test` builds it, so that whoever ran the one does not wait for the other.
    let visit = ["test", "--workspace", "--test", "e2e"];
    command::run(cargo(places).args(visit).arg("--no-run").args(FEATURES))?;
    let session = Session::start(places)?;
    let words = [&["cargo"][..], &visit, &FEATURES, &["demo_visit", "--", "--nocapture"]].concat();
    test::counted(session.command(&words).current_dir(&places.root), &mut Counts::default())?;
    println!("Screenshots and the signed note are in {}", pictures(places).display());
    Ok(())
}

/// Where the end-to-end tests leave what a person should look at.
fn pictures(places: &Places) -> PathBuf {
    places.root.join("tests/e2e/out")
}

fn has_screen() -> bool {
    !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}
