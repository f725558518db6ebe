//! One desk: its folders, which no other story shares, and the right to the screen and the microphone while it lasts.

use std::{
    env,
    fs::{self, File, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use tempfile::TempDir;

use super::{PATIENCE, command_line::CommandLine, until, window::Window};

/// The app as it is built.
pub const APP: &str = env!("CARGO_BIN_EXE_gladstone");

/// A folder that the app could leave something in.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// The desk's folder: everything that is to be kept.
    Data,
    Home,
    Runtime,
    Temporary,
    /// What app, webview and driver printed.
    Output,
}

impl Place {
    pub const ALL: [Self; 5] = [Self::Data, Self::Home, Self::Runtime, Self::Temporary, Self::Output];

    fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Home => "home",
            Self::Runtime => "run",
            Self::Temporary => "tmp",
            Self::Output => "out",
        }
    }
}

pub struct Desk {
    folder: TempDir,
    story: &'static str,
    _turn: File,
}

impl Desk {
    /// Waits for the screen and the microphone, then gives an empty desk.
    pub fn new(story: &'static str) -> Self {
        assert!(
            env::var_os("GLADSTONE_SESSION").is_some(),
            "the window is tested on a private desktop only: cargo xtask session -- cargo nextest run -p gladstone --test e2e"
        );
        let turn = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("e2e.turn")).expect("a file to queue at");
        turn.lock().expect("a turn");
        let folder = tempfile::Builder::new().prefix("e2e-").tempdir().expect("a folder");
        let desk = Self { folder, story, _turn: turn };
        for place in Place::ALL {
            fs::create_dir(desk.place(place)).expect("a folder");
            fs::set_permissions(desk.place(place), Permissions::from_mode(0o700)).expect("a private folder");
        }
        fs::write(desk.place(Place::Home).join(".asoundrc"), "pcm.!default { type pulse }\nctl.!default { type pulse }\n").expect("sound");
        desk
    }

    pub fn place(&self, place: Place) -> PathBuf {
        self.folder.path().join(place.name())
    }

    /// Opens the window, as a person starts the app.
    pub fn open(&self) -> Window {
        Window::open(self, self.story)
    }

    /// Starts the app once more, as somebody does who clicks twice.
    pub fn start_second(&self) -> Second {
        let mut command = Command::new(APP);
        self.surround(&mut command);
        let output = File::create(self.place(Place::Output).join("second.txt")).expect("a file for its output");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(output.try_clone().expect("the same file"));
        Second { process: command.spawn().expect("the app starts"), output: self.place(Place::Output).join("second.txt") }
    }

    /// The same desk from a terminal.
    pub fn command_line(&self) -> CommandLine<'_> {
        CommandLine::new(self)
    }

    /// What app, webview and driver printed so far.
    pub fn printed(&self) -> PathBuf {
        self.place(Place::Output).join("printed.txt")
    }

    /// Gives a command this desk's folders.
    pub fn surround(&self, command: &mut Command) {
        command
            .env("GLADSTONE_HOME", self.place(Place::Data))
            .env("HOME", self.place(Place::Home))
            .env("XDG_RUNTIME_DIR", self.place(Place::Runtime))
            .env("TMPDIR", self.place(Place::Temporary))
            // Logind's part is played on the session's own bus: there is no other.
            .env("DBUS_SYSTEM_BUS_ADDRESS", env::var_os("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default())
            // As talkative as it gets: what is not to be printed must not be printed then either.
            .env("GLADSTONE_LOG", "warn,gladstone_app=trace,clinic=trace,scribe=trace,crypto=trace")
            .env("RUST_BACKTRACE", "1");
    }
}

/// A second start of the app. Ended when dropped.
pub struct Second {
    process: Child,
    output: PathBuf,
}

impl Second {
    /// How it ended and what it said; `None` when it stays.
    pub fn ends(mut self) -> Option<(ExitStatus, String)> {
        let ended = until(PATIENCE, || self.process.try_wait().expect("the app"))?;
        Some((ended, fs::read_to_string(&self.output).expect("what it said")))
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
