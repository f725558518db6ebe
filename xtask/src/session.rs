//! A private desktop: its own home, display, session bus with an unlocked keyring, and a microphone that a program can speak
//! into. Tests and the demo visit run on it, so that they neither see nor touch the desk of the person who starts them.
//!
//! All of it ends with the session: every process started inside, also those that left for the background, and its folder.
//! It must never reach the user's own bus, keyring, sound server or home.
//!
//! Linux only; elsewhere there is no such thing, and the command runs on the user's own desktop.

use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::command;
use crate::places::Places;

/// Why there is no private desktop.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only Linux has a session to fail"))]
pub enum Error {
    #[error("the session's folder cannot be made: {path}")]
    Folder { path: PathBuf, source: io::Error },
    #[error("{program} cannot be started: is it installed?")]
    Start { program: &'static str, source: io::Error },
    #[error("the virtual display ended before it was ready; its messages are in {0}")]
    Display(PathBuf),
    #[error("the sound server was not ready after {seconds} s; its messages:\n{messages}")]
    Sound { seconds: u64, messages: String },
    #[error("the session's signals cannot be watched")]
    Signals(#[from] ctrlc::Error),
    #[error(transparent)]
    Command(#[from] command::Error),
}

/// Runs `inside` in a session that lasts as long as it does, and gives its exit code.
pub fn run(places: &Places, inside: &[&str]) -> Result<u8, Error> {
    let session = Session::start(places)?;
    let mut command = session.command(inside);
    let status = command.status().map_err(|source| Error::Start { program: "the command", source })?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

/// The tools' own folders: they stand in the real home, which a session hides.
fn real_homes(command: &mut Command, places: &Places) {
    let home = std::env::home_dir().unwrap_or_default();
    for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup"), ("npm_config_cache", ".npm"), ("PYENV_ROOT", ".pyenv")] {
        if std::env::var_os(name).is_none() {
            command.env(name, home.join(folder));
        }
    }
    command.env("GLADSTONE_CACHE", &places.cache_base).env("GLADSTONE_MODELS", places.models()).env("CARGO_TARGET_DIR", places.target());
}

#[cfg(not(target_os = "linux"))]
pub use elsewhere::Session;
#[cfg(target_os = "linux")]
pub use linux::Session;

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::{self, File, Permissions};
    use std::io::{self, BufRead, BufReader};
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    use std::path::{Path, PathBuf};
    use std::process::{ChildStdout, Command, Stdio};
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal, getpid, kill_process, set_child_subreaper};
    use tempfile::TempDir;

    use super::{Error, real_homes};
    use crate::command::{self, command};
    use crate::places::Places;
    use crate::setup::system::is_program;

    /// Wide enough for the app's three columns, with room for a screenshot of the whole.
    const SCREEN: &str = "1440x900x24";
    const SOUND_SECONDS: u64 = 20;
    /// What processes get to end by themselves before they are ended.
    const GRACE: Duration = Duration::from_secs(3);

    /// Starts the session bus, whose own messages go to a file: the command's are on standard error alone.
    const BUS: &str = "exec 3>&2 2>\"$GLADSTONE_SESSION/bus.log\"\nexec dbus-run-session -- sh -c \"$0\" sh \"$@\"";

    /// Inside it, starts the keyring, unlocked with a password that guards nothing, then the command.
    const KEYRING: &str = "exec 2>&3 3>&-
printf private | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>\"$GLADSTONE_SESSION/keyring.log\"
exec \"$@\"";

    /// Sound of the ALSA interface, which the app records by, goes to the session's own server.
    const ASOUNDRC: &str = "pcm.!default { type pulse }\nctl.!default { type pulse }\n";

    /// A running private desktop. Dropping it ends everything inside.
    pub struct Session {
        folder: TempDir,
        display: String,
        places: Places,
        /// Kept so that the display has somewhere to write.
        _display_output: BufReader<ChildStdout>,
    }

    impl Session {
        /// Starts the display and the sound server and waits until both answer.
        pub fn start(places: &Places) -> Result<Self, Error> {
            // Processes that leave for the background become children of this one instead of init, and can be ended.
            let _ = set_child_subreaper(Some(getpid()));
            ctrlc::set_handler(end_all)?;
            let folder = tempfile::Builder::new().prefix("gs-").tempdir();
            let folder = folder.map_err(|source| Error::Folder { path: std::env::temp_dir(), source })?;
            for name in ["home", "run", "tmp"] {
                let path = folder.path().join(name);
                let made = fs::create_dir(&path).and_then(|()| fs::set_permissions(&path, Permissions::from_mode(0o700)));
                made.map_err(|source| Error::Folder { path, source })?;
            }
            let asoundrc = folder.path().join("home/.asoundrc");
            fs::write(&asoundrc, ASOUNDRC).map_err(|source| Error::Folder { path: asoundrc, source })?;
            let (display, _display_output) = match start_display(folder.path()) {
                Ok(started) => started,
                Err(error) => {
                    end_all();
                    // The messages are what tells why.
                    let _ = folder.keep();
                    return Err(error);
                }
            };
            let places = Places { root: places.root.clone(), cache_base: places.cache_base.clone() };
            let session = Self { folder, display, places, _display_output };
            session.start_sound()?;
            Ok(session)
        }

        /// A command that will run inside: on the session's bus, with its keyring, display, sound and home.
        pub fn command(&self, words: &[&str]) -> Command {
            let mut inside = tied("sh");
            inside.args(["-c", BUS, KEYRING]).args(words);
            self.surround(&mut inside);
            inside
        }

        fn surround(&self, command: &mut Command) {
            let folder = self.folder.path();
            real_homes(command, &self.places);
            command
                .env("GLADSTONE_SESSION", folder)
                .env("HOME", folder.join("home"))
                .env("XDG_RUNTIME_DIR", folder.join("run"))
                .env("TMPDIR", folder.join("tmp"))
                .env("DISPLAY", &self.display)
                .env("GDK_BACKEND", "x11")
                .env("PULSE_SERVER", format!("unix:{}", self.sound_socket().display()));
            if std::env::var_os("LANG").is_none() {
                command.env("LANG", "C.UTF-8");
            }
            let theirs = [
                "DBUS_SESSION_BUS_ADDRESS",
                "GNOME_KEYRING_CONTROL",
                "SSH_AUTH_SOCK",
                "WAYLAND_DISPLAY",
                "XAUTHORITY",
                "XDG_CACHE_HOME",
                "XDG_CONFIG_HOME",
                "XDG_CURRENT_DESKTOP",
                "XDG_DATA_HOME",
                "XDG_SESSION_ID",
                "XDG_SESSION_TYPE",
                "XDG_STATE_HOME",
            ];
            for name in theirs {
                command.env_remove(name);
            }
        }

        fn sound_socket(&self) -> PathBuf {
            self.folder.path().join("run/pulse.socket")
        }

        /// Source `mic` hears what is played to sink `vmic`; sink `speaker` is where the app itself plays, unheard.
        fn start_sound(&self) -> Result<(), Error> {
            let socket = self.sound_socket();
            let log = self.folder.path().join("sound.log");
            let mut server = tied("pulseaudio");
            server.args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=warn"]);
            for module in [
                "module-null-sink sink_name=vmic rate=48000 channels=1",
                "module-null-sink sink_name=speaker rate=48000 channels=2",
                "module-remap-source master=vmic.monitor source_name=mic",
                &format!("module-native-protocol-unix socket={} auth-anonymous=1", socket.display()),
            ] {
                server.args(["-L", module]);
            }
            self.surround(&mut server);
            // A server must not take itself for the client of one, and without a display it starts no bus of its own.
            server
                .env_remove("PULSE_SERVER")
                .env_remove("DISPLAY")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log_file(&log)?)
                .process_group(0);
            let mut server = server.spawn().map_err(|source| Error::Start { program: "pulseaudio", source })?;
            let began = Instant::now();
            let answers = |words: &[&str]| {
                let mut pactl = command("pactl");
                self.surround(&mut pactl);
                command::succeeds(pactl.args(words))
            };
            // It tells nobody when it is ready; its socket is there a moment before it answers.
            while !(socket.exists() && answers(&["set-default-source", "mic"]) && answers(&["set-default-sink", "speaker"])) {
                let ended = server.try_wait().is_ok_and(|status| status.is_some());
                if ended || began.elapsed() > Duration::from_secs(SOUND_SECONDS) {
                    let messages = fs::read_to_string(&log).unwrap_or_default();
                    return Err(Error::Sound { seconds: SOUND_SECONDS, messages });
                }
                thread::sleep(Duration::from_millis(50));
            }
            Ok(())
        }
    }

    impl Drop for Session {
        fn drop(&mut self) {
            end_all();
        }
    }

    /// Starts a display on a number that is free, and gives its name once it answers.
    fn start_display(folder: &Path) -> Result<(String, BufReader<ChildStdout>), Error> {
        let log = folder.join("display.log");
        let mut server = tied("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]);
        server.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log_file(&log)?).process_group(0);
        let mut server = server.spawn().map_err(|source| Error::Start { program: "Xvfb", source })?;
        let mut output = BufReader::new(server.stdout.take().ok_or_else(|| Error::Display(log.clone()))?);
        let mut number = String::new();
        match output.read_line(&mut number) {
            Ok(_) if number.trim().parse::<u32>().is_ok() => Ok((format!(":{}", number.trim()), output)),
            _ => Err(Error::Display(log)),
        }
    }

    fn log_file(path: &Path) -> Result<File, Error> {
        File::create(path).map_err(|source| Error::Folder { path: path.to_owned(), source })
    }

    /// A program that the kernel ends with this one, should this one be killed before it can end anything itself.
    fn tied(program: &'static str) -> Command {
        if !is_program("setpriv") {
            return command(program);
        }
        let mut tied = command("setpriv");
        tied.args(["--pdeathsig", "TERM", program]);
        tied
    }

    /// Ends everything that this process started, and all that those started, politely first.
    fn end_all() {
        let began = Instant::now();
        let mut signal = Signal::TERM;
        loop {
            let below = descendants();
            if below.is_empty() || began.elapsed() > 2 * GRACE {
                return;
            }
            if began.elapsed() > GRACE {
                signal = Signal::KILL;
            }
            for pid in below {
                let _ = kill_process(pid, signal);
                // Reaps it if it is a dead child of ours; one that lives, or is another's, is left alone.
                let _ = rustix::process::waitpid(Some(pid), rustix::process::WaitOptions::NOHANG);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Every living or unreaped process below this one.
    fn descendants() -> Vec<Pid> {
        let parents: Vec<(i32, i32)> = processes().unwrap_or_default();
        let mut found = vec![getpid().as_raw_nonzero().get()];
        let mut next = 0;
        while let Some(parent) = found.get(next).copied() {
            found.extend(parents.iter().filter(|(_, above)| *above == parent).map(|(pid, _)| *pid));
            next += 1;
        }
        found.into_iter().skip(1).filter_map(Pid::from_raw).collect()
    }

    /// Each process of this machine with its parent.
    fn processes() -> io::Result<Vec<(i32, i32)>> {
        let numbers = fs::read_dir("/proc")?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        Ok(numbers.filter_map(|pid: i32| Some((pid, parent(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?))).collect())
    }

    /// The parent in a line of `/proc/PID/stat`; the name before it may itself hold spaces and brackets.
    fn parent(stat: &str) -> Option<i32> {
        stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn the_parent_is_found_behind_any_name() {
            assert_eq!(super::parent("12 (a) S 3 (b) S 7 12 12"), Some(7));
            assert_eq!(super::parent("12 (sh) S 9 12"), Some(9));
            assert_eq!(super::parent("nothing"), None);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::process::Command;

    use super::{Error, real_homes};
    use crate::command::command;
    use crate::places::Places;

    /// The user's own desktop.
    pub struct Session {
        places: Places,
    }

    impl Session {
        pub fn start(places: &Places) -> Result<Self, Error> {
            Ok(Self { places: Places { root: places.root.clone(), cache_base: places.cache_base.clone() } })
        }

        pub fn command(&self, words: &[&str]) -> Command {
            let (program, rest) = words.split_first().unwrap_or((&"", &[]));
            let mut inside = command(program);
            inside.args(rest);
            real_homes(&mut inside, &self.places);
            inside
        }
    }
}
