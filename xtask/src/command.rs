//! Starts other programs and says plainly what went wrong with them.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::places::Places;

/// Why a program did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{program} cannot be started: is it installed?")]
    Start { program: String, source: io::Error },
    #[error("`{line}` failed ({status})")]
    Failed { line: String, status: ExitStatus },
    #[error("the output of {program} cannot be read")]
    Output { program: String, source: io::Error },
}

/// A command that inherits this process's terminal.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    // Cargo tells these to what it runs; another cargo below must not take them for its own.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "CARGO_PRIMARY_PACKAGE" {
            command.env_remove(&name);
        }
    }
    command
}

/// A cargo that builds into the lasting cache.
pub fn cargo(places: &Places) -> Command {
    let mut cargo = command("cargo");
    cargo.current_dir(&places.root).env("CARGO_TARGET_DIR", places.target()).env("GLADSTONE_MODELS", places.models());
    cargo
}

/// An npm that works in `ui/`.
pub fn npm(places: &Places) -> Command {
    let mut npm = command(NPM);
    npm.current_dir(places.ui());
    npm
}

/// Windows finds npm only under its full name.
pub const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// How long a program's outputs are silent before it is asked whether it has ended.
const QUIET: Duration = Duration::from_millis(200);

/// Runs to the end; anything but success is an error.
pub fn run(command: &mut Command) -> Result<(), Error> {
    let status = command.status().map_err(|source| start_error(command, source))?;
    check(command, status)
}

/// Standard output of a program that must succeed. Its messages go to the terminal.
pub fn output(command: &mut Command) -> Result<String, Error> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|source| start_error(command, source))?;
    check(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program is there and succeeds, without a word from it.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs to the end, showing every line of both outputs on `screen` as it comes and handing each to `read` too.
pub fn watch(command: &mut Command, screen: &mut impl Write, mut read: impl FnMut(&str)) -> Result<(), Error> {
    let program = name(command);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|source| start_error(command, source))?;
    let (send, lines) = mpsc::channel();
    let outputs = [child.stdout.take().map(|out| Box::new(out) as Box<dyn Read + Send>), child.stderr.take().map(|err| Box::new(err) as _)];
    for output in outputs.into_iter().flatten() {
        let send = send.clone();
        thread::spawn(move || forward(output, &send));
    }
    drop(send);
    // A process left in the background may hold the outputs open, so their end alone does not tell that all is over.
    let status = loop {
        match lines.recv_timeout(QUIET) {
            Ok(line) => {
                let line = line.map_err(|source| Error::Output { program: program.clone(), source })?;
                read(&String::from_utf8_lossy(&line));
                // A reader that went away must not stop the checks: their result is the exit code.
                let _ = screen.write_all(&line).and_then(|()| screen.flush());
            }
            Err(RecvTimeoutError::Disconnected) => break child.wait(),
            Err(RecvTimeoutError::Timeout) => match child.try_wait() {
                Ok(None) => {}
                Ok(Some(status)) => break Ok(status),
                Err(source) => break Err(source),
            },
        }
    };
    check(command, status.map_err(|source| start_error(command, source))?)
}

fn forward(output: impl Read, lines: &mpsc::Sender<io::Result<Vec<u8>>>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        let sent = match output.read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(_) => lines.send(Ok(line)),
            Err(source) => lines.send(Err(source)),
        };
        if sent.is_err() {
            return;
        }
    }
}

fn start_error(command: &Command, source: io::Error) -> Error {
    Error::Start { program: name(command), source }
}

fn check(command: &Command, status: ExitStatus) -> Result<(), Error> {
    if status.success() {
        return Ok(());
    }
    let line = std::iter::once(name(command)).chain(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    Err(Error::Failed { line: line.collect::<Vec<_>>().join(" "), status })
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
