//! `cargo xtask`: set-up, run, test, bench and package. The README's commands; nothing here ships with the app.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bench;
mod command;
mod package;
mod places;
mod run;
mod session;
mod setup;
mod test;

use std::error::Error;
use std::process::ExitCode;

use places::Places;
use setup::system::Need;

const USAGE: &str = "\
usage: cargo xtask TASK

  run [WORDS..]         set up, build and open the app (without a screen: the demo visit on a virtual one)
  test                  set up, then all checks and tests
  bench [WORDS..]       the benchmarks
  package               installers for this system
  setup [models]        what the others need first; with `models` only the speech models
  session -- COMMAND..  run a command on a private desktop: display, microphone, keyring, home of its own";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match task(&words.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {}", whole(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn task(words: &[&str]) -> Result<ExitCode, Box<dyn Error>> {
    let places = Places::find().ok_or("there is no home folder; name one for caches in GLADSTONE_CACHE")?;
    match words {
        ["run", "--", app @ ..] | ["run", app @ ..] => run::app(&places, app)?,
        ["test"] if test::everything(&places)? => {}
        ["test"] => return Ok(ExitCode::FAILURE),
        ["bench", "--", rest @ ..] | ["bench", rest @ ..] => bench::all(&places, rest)?,
        ["package"] => package::installers(&places)?,
        ["setup"] => setup::everything(&places, Need::Tests)?,
        ["setup", "models"] => setup::models(&places)?,
        ["session", "--", inside @ ..] if !inside.is_empty() => {
            setup::system::ensure(Need::Desktop)?;
            return Ok(ExitCode::from(session::run(&places, inside)?));
        }
        _ => {
            eprintln!("{USAGE}");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// An error with all its causes, on one line.
fn whole(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
