//! `gladstone <verb>` at the same desk.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use super::desk::{APP, Desk};

pub struct CommandLine<'a> {
    desk: &'a Desk,
}

impl<'a> CommandLine<'a> {
    pub fn new(desk: &'a Desk) -> Self {
        Self { desk }
    }

    /// Runs one verb; the password, where there is one, goes in by standard input.
    pub fn run(&self, words: &[&str], password: Option<&str>) -> Output {
        let mut command = Command::new(APP);
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.desk.surround(&mut command);
        let mut running = command.spawn().expect("the app starts");
        let mut input = running.stdin.take().expect("standard input");
        // A verb that asks for no password may have ended already.
        let _ = writeln!(input, "{}", password.unwrap_or_default());
        drop(input);
        running.wait_with_output().expect("the verb ends")
    }

    /// Runs a verb that must succeed and gives its result.
    pub fn result(&self, words: &[&str], password: Option<&str>) -> Value {
        let output = self.run(words, password);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "gladstone {} was refused: {said}", words.join(" "));
        serde_json::from_slice(&output.stdout).expect("a result in JSON")
    }
}
