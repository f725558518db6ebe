//! All checks and tests, in order, with a summary that no failure can hide from.
//!
//! It must never pass when a step did not run, or when a test runner ran no test.

use std::io::{self, Write};
use std::process::Command;
use std::time::Instant;

use crate::command::{self, cargo, npm};
use crate::places::Places;
use crate::session::{self, Session};
use crate::setup::{self, system::Need};

/// Rust features of everything built here: the window shows the built UI instead of asking a development server.
pub const FEATURES: [&str; 2] = ["--features", "custom-protocol"];

/// Why the run is no success.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Setup(#[from] setup::Error),
    #[error(transparent)]
    Command(#[from] command::Error),
    #[error(transparent)]
    Session(#[from] session::Error),
    #[error("there is no ui/package.json: the window has nothing to show")]
    NoUi,
    #[error("the test runner ran no test")]
    NoTest,
}

/// Sets up, then runs every check; a failed one does not keep the others from running, unless they need its result. True
/// when all succeeded.
pub fn everything(places: &Places) -> Result<bool, Error> {
    let began = Instant::now();
    if !places.ui().join("package.json").exists() {
        return Err(Error::NoUi);
    }
    setup::everything(places, Need::Tests)?;
    let mut steps = Steps::default();
    steps.run("Rust format", |_| Ok(command::run(cargo(places).args(["fmt", "--all", "--check"]))?));
    steps.run("UI types and lint", |_| Ok(command::run(npm(places).args(["run", "check"]))?));
    steps.run("UI tests", |counts| counted(npm(places).args(["test", "--", "--run"]).env("NO_COLOR", "1"), counts));
    // The window's code takes the built UI in, so that without it nothing below compiles.
    if steps.run("UI build", |_| Ok(command::run(npm(places).args(["run", "build"]))?)) {
        steps.run("Rust lint", |_| {
            Ok(command::run(cargo(places).args(["clippy", "--workspace", "--all-targets"]).args(FEATURES).args(["--", "-D", "warnings"]))?)
        });
        if steps.run("Rust build", |_| Ok(command::run(&mut build(places))?)) {
            steps.run("Rust examples in documentation", |counts| {
                match counted(cargo(places).args(["test", "--workspace", "--doc"]).args(FEATURES), counts) {
                    // Unlike the others, these may one day be none.
                    Err(Error::NoTest) => Ok(()),
                    result => result,
                }
            });
            steps.run("Rust tests", |counts| rust_tests(places, counts));
        }
    }
    Ok(steps.close(began))
}

/// Test binaries are built with the real home, in which cargo's registry and settings stand.
fn build(places: &Places) -> Command {
    let mut build = cargo(places);
    match has_nextest() {
        true => build.args(["nextest", "run", "--no-run"]),
        false => build.args(["test", "--no-run"]),
    };
    build.args(["--workspace"]).args(FEATURES);
    build
}

/// Runs them on a private desktop.
fn rust_tests(places: &Places, counts: &mut Counts) -> Result<(), Error> {
    let session = Session::start(places)?;
    let runner: &[&str] = if has_nextest() { &["cargo", "nextest", "run"] } else { &["cargo", "test"] };
    let words = [runner, &["--workspace", "--no-fail-fast"], &FEATURES].concat();
    counted(session.command(&words).current_dir(&places.root), counts)
}

fn has_nextest() -> bool {
    command::succeeds(command::command("cargo").args(["nextest", "--version"]))
}

/// Runs a test runner, counting by its own summary lines.
pub fn counted(runner: &mut Command, counts: &mut Counts) -> Result<(), Error> {
    counted_on(&mut io::stdout(), runner, counts)
}

fn counted_on(screen: &mut impl Write, runner: &mut Command, counts: &mut Counts) -> Result<(), Error> {
    let mut seen = Counts::default();
    let result = command::watch(runner, screen, |line| {
        if let Some(found) = summary(line) {
            seen.add(found);
        }
    });
    counts.add(seen);
    result?;
    if seen.passed + seen.failed == 0 { Err(Error::NoTest) } else { Ok(()) }
}

/// Tests by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 { write!(f, ", {} skipped", self.skipped) } else { Ok(()) }
    }
}

/// The counts in a closing line of nextest, cargo test or vitest.
fn summary(line: &str) -> Option<Counts> {
    let line = plain(line);
    let line = line.trim();
    let rest = if line.starts_with("Summary [") {
        line.split_once("tests run:").or_else(|| line.split_once("test run:"))?.1
    } else if let Some(rest) = line.strip_prefix("test result:") {
        rest
    } else {
        line.strip_prefix("Tests ")?
    };
    let mut counts = Counts::default();
    for part in rest.split([',', ';', '|', '.']) {
        let mut words = part.split_whitespace();
        let (Some(number), Some(kind)) = (words.next().and_then(|number| number.parse::<u64>().ok()), words.next()) else { continue };
        match kind {
            "passed" => counts.passed += number,
            // nextest counts apart what timed out and what could not be started.
            "failed" | "timed" | "exec" => counts.failed += number,
            "skipped" | "ignored" | "todo" => counts.skipped += number,
            _ => {}
        }
    }
    Some(counts)
}

/// A line without terminal colours.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut is_colour = false;
    for letter in line.chars() {
        match letter {
            '\u{1b}' => is_colour = true,
            'm' if is_colour => is_colour = false,
            _ if is_colour => {}
            _ => out.push(letter),
        }
    }
    out
}

#[derive(Default)]
struct Steps {
    done: Vec<(&'static str, f64, bool)>,
    counts: Counts,
}

impl Steps {
    /// Runs one step under its name; true when it succeeded.
    fn run(&mut self, name: &'static str, step: impl FnOnce(&mut Counts) -> Result<(), Error>) -> bool {
        println!("\n== {name}");
        let began = Instant::now();
        let result = step(&mut self.counts);
        if let Err(error) = &result {
            println!("== {name} FAILED: {}", crate::whole(error));
        }
        self.done.push((name, began.elapsed().as_secs_f64(), result.is_ok()));
        result.is_ok()
    }

    /// Prints how each step ended, and last the count of tests, alone on its line.
    fn close(self, began: Instant) -> bool {
        println!("\n== Summary");
        for (name, seconds, is_good) in &self.done {
            println!("  {} {seconds:7.1} s  {name}", if *is_good { "ok    " } else { "FAILED" });
        }
        println!("  in all {:.1} s", began.elapsed().as_secs_f64());
        println!("{}", self.counts);
        self.done.iter().all(|(_, _, is_good)| *is_good)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_the_three_runners_are_counted() {
        let counts = |passed, failed, skipped| Some(Counts { passed, failed, skipped });
        assert_eq!(summary("     Summary [   0.006s] 3 tests run: 3 passed, 0 skipped"), counts(3, 0, 0));
        assert_eq!(
            summary("     Summary [   9.1s] 9 tests run: 5 passed (1 slow), 2 failed, 1 timed out, 1 exec failed, 4 skipped"),
            counts(5, 4, 4)
        );
        assert_eq!(summary("     Summary [   9.1s] 1 test run: 1 passed, 0 skipped"), counts(1, 0, 0));
        assert_eq!(summary("test result: FAILED. 5 passed; 1 failed; 2 ignored; 0 measured; 3 filtered out"), counts(5, 1, 2));
        assert_eq!(summary("      Tests  1 failed | 5 passed | 1 skipped (7)"), counts(5, 1, 1));
        assert_eq!(
            summary("\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m14 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (14)\u{1b}[39m"),
            counts(14, 0, 0)
        );
        assert_eq!(summary(" Test Files  2 passed (2)"), None);
        assert_eq!(summary("        PASS [   0.001s] xtask test::tests::x"), None);
    }

    #[test]
    fn a_failed_step_fails_the_run_and_the_rest_still_runs() {
        let mut steps = Steps::default();
        assert!(!steps.run("first", |_| Err(Error::NoTest)));
        assert!(steps.run("second", |counts| {
            counts.passed += 1;
            Ok(())
        }));
        assert!(!steps.close(Instant::now()));
    }

    #[cfg(unix)]
    #[test]
    fn a_runner_that_ran_nothing_has_not_passed() {
        let runner = |line: &str| {
            let mut counts = Counts::default();
            let result = counted_on(&mut Vec::new(), command::command("sh").args(["-c", line]), &mut counts);
            (result, counts)
        };
        assert!(matches!(runner("echo nothing"), (Err(Error::NoTest), _)));
        assert!(matches!(runner("echo 'test result: ok. 2 passed; 0 failed'"), (Ok(()), Counts { passed: 2, .. })));
        assert!(matches!(runner("echo 'test result: ok. 2 passed; 1 failed'; exit 1"), (Err(Error::Command(_)), Counts { failed: 1, .. })));
    }
}
