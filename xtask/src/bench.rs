//! Runs the benchmarks: every `[[bench]]` of the workspace, and nothing else that `cargo bench` would take for one.

use serde::Deserialize;

use crate::command::{self, cargo};
use crate::places::Places;
use crate::session::{self, Session};
use crate::setup::{self, system::Need};
use crate::test::FEATURES;

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Setup(#[from] setup::Error),
    #[error(transparent)]
    Command(#[from] command::Error),
    #[error(transparent)]
    Session(#[from] session::Error),
    #[error("cargo's description of the workspace cannot be understood")]
    Metadata(#[from] serde_json::Error),
    #[error("the workspace has no benchmark")]
    None,
}

/// The part of `cargo metadata` that names targets.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Sets up, builds and runs them one package after the other. Words given are handed to each benchmark.
pub fn all(places: &Places, words: &[&str]) -> Result<(), Error> {
    setup::everything(places, Need::Tests)?;
    let metadata = command::output(cargo(places).args(["metadata", "--format-version=1", "--no-deps"]))?;
    let benches = benches(&serde_json::from_str(&metadata)?);
    if benches.is_empty() {
        return Err(Error::None);
    }
    for (package, targets) in benches {
        println!("\n== Benchmarks of {package}");
        let mut bench = vec!["bench", "--package", &package];
        targets.iter().for_each(|target| bench.extend(["--bench", target]));
        if package == "gladstone" {
            bench.extend(FEATURES);
        }
        command::run(cargo(places).args(&bench).arg("--no-run"))?;
        let session = Session::start(places)?;
        let line = [&["cargo"], bench.as_slice(), &["--"], words].concat();
        command::run(session.command(&line).current_dir(&places.root))?;
    }
    Ok(())
}

/// Packages with their benchmarks; packages without are left out.
fn benches(metadata: &Metadata) -> Vec<(String, Vec<String>)> {
    let is_bench = |target: &&Target| target.kind.iter().any(|kind| kind == "bench");
    let named = metadata.packages.iter().map(|package| {
        (package.name.clone(), package.targets.iter().filter(is_bench).map(|target| target.name.clone()).collect::<Vec<_>>())
    });
    named.filter(|(_, targets)| !targets.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_benchmarks_are_taken() {
        let metadata = r#"{"packages":[{"name":"a","targets":[{"name":"a","kind":["lib"]},{"name":"fast","kind":["bench"]}]},
            {"name":"b","targets":[{"name":"b","kind":["lib"]}]}]}"#;
        assert_eq!(benches(&serde_json::from_str(metadata).unwrap()), [("a".to_owned(), vec!["fast".to_owned()])]);
    }
}
