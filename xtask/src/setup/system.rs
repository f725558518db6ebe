//! What the operating system must have: native libraries to build with, a desktop without a screen to test on, Node.
//!
//! Only on Debian and Ubuntu, as root or with a sudo that asks nothing, does it install; elsewhere it says what is needed.
//! It must never install more than is missing, nor take a recommended package along.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::command::{self, NPM, command};

/// Native libraries and tools of the build: Tauri's window, sound, security keys, whisper.cpp (cmake, clang).
const BUILD: &[&str] = &[
    "build-essential",
    "clang",
    "cmake",
    "file",
    "libasound2-dev",
    "libayatana-appindicator3-dev",
    "libclang-dev",
    "libgtk-3-dev",
    "librsvg2-dev",
    "libssl-dev",
    "libudev-dev",
    "libusb-1.0-0-dev",
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "patchelf",
    "pkg-config",
];

/// A private desktop (`session.rs`), the driver of the real window, and a voice to speak into its microphone.
const DESKTOP: &[&str] = &[
    "at-spi2-core",
    "dbus",
    "dbus-x11",
    "espeak-ng",
    "fonts-dejavu-core",
    "fonts-noto-cjk",
    "fonts-noto-core",
    "gnome-keyring",
    "imagemagick",
    "libasound2-plugins",
    "pulseaudio",
    "pulseaudio-utils",
    "webkit2gtk-driver",
    "xauth",
    "xvfb",
];

/// What only the tests use beside that.
const TEST: &[&str] = &["alsa-utils", "sox"];

/// Brings packages from the Python registry, or a file from a model's own address; needed only while a model is missing.
const DOWNLOADS: &[&str] = &["ca-certificates", "curl", "python3", "python3-pip"];

/// The oldest Node the UI's tools run on.
const NODE: (u32, u32) = (20, 19);

/// Why this machine cannot build or test.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("these packages are missing and only root or sudo may install them:\n  sudo apt-get install --no-install-recommends {0}")]
    MayNot(String),
    #[error("the packages could not be installed")]
    Install(#[source] command::Error),
    #[error("these are missing: {found}. On this system set-up installs nothing itself; it needs what Debian calls\n  {packages}")]
    Tools { found: String, packages: String },
    #[error("Node {major}.{minor} or newer with npm is needed, and {0}: install it from your system or from nodejs.org", major = NODE.0, minor = NODE.1)]
    Node(String),
}

/// What a task is about to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Build,
    /// A private desktop alone.
    Desktop,
    /// Build, and run on a private desktop.
    BuildAndDesktop,
    Tests,
}

impl Need {
    fn packages(self) -> Vec<&'static str> {
        match self {
            Self::Build => BUILD.to_vec(),
            Self::Desktop => DESKTOP.to_vec(),
            Self::BuildAndDesktop => [BUILD, DESKTOP].concat(),
            Self::Tests => [BUILD, DESKTOP, TEST].concat(),
        }
    }

    /// Programs that show whether the packages' work can be done where dpkg cannot be asked.
    fn programs(self) -> &'static [&'static str] {
        match self {
            _ if !cfg!(target_os = "linux") => &["cmake", "clang"],
            Self::Build => &["cc", "cmake", "clang", "pkg-config"],
            Self::Desktop => &["Xvfb", "pulseaudio", "pactl", "dbus-run-session", "gnome-keyring-daemon"],
            _ => &[
                "cc",
                "cmake",
                "clang",
                "pkg-config",
                "Xvfb",
                "pulseaudio",
                "pactl",
                "dbus-run-session",
                "gnome-keyring-daemon",
                "WebKitWebDriver",
            ],
        }
    }
}

/// Makes sure of everything `need` takes.
pub fn ensure(need: Need) -> Result<(), Error> {
    if is_debian() { install(&need.packages()) } else { look_for(need) }
}

/// Makes sure that a model can be brought.
pub fn ensure_downloads() -> Result<(), Error> {
    // Elsewhere each of the model's sources says by itself what it lacks.
    let is_ready = super::packages::pip().is_some() && is_program("curl");
    if is_ready || !is_debian() { Ok(()) } else { install(DOWNLOADS) }
}

/// Refuses a machine without a Node that the UI can be built with.
pub fn ensure_node() -> Result<(), Error> {
    let version = command::output(command("node").arg("--version")).map_err(|_| Error::Node("there is none".into()))?;
    if node_version(&version).is_none_or(|found| found < NODE) {
        return Err(Error::Node(format!("here is {}", version.trim())));
    }
    if !command::succeeds(command(NPM).arg("--version")) {
        return Err(Error::Node("there is no npm".into()));
    }
    Ok(())
}

fn node_version(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().strip_prefix('v')?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

fn is_debian() -> bool {
    cfg!(target_os = "linux") && Path::new("/etc/debian_version").exists() && is_program("apt-get")
}

fn install(packages: &[&str]) -> Result<(), Error> {
    // dpkg-query fails when it does not know a name, and still answers for the others.
    let answer = command("dpkg-query").args(["-W", "-f=${db:Status-Status} ${Package}\n"]).args(packages).output();
    let answer = answer.map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned()).unwrap_or_default();
    let missing = not_installed(packages, &answer);
    if missing.is_empty() {
        return Ok(());
    }
    let Some(right) = right() else { return Err(Error::MayNot(missing.join(" "))) };
    println!("  installing {} system packages: {}", missing.len(), missing.join(" "));
    let install = || {
        let mut install = apt(&right);
        install.args(["install", "--yes", "--no-install-recommends"]).args(&missing);
        install
    };
    if command::run(&mut install()).is_ok() {
        return Ok(());
    }
    println!("  that did not work: renewing the package lists, then once more");
    command::run(apt(&right).arg("update")).and_then(|()| command::run(&mut install())).map_err(Error::Install)
}

fn not_installed<'a>(packages: &[&'a str], answer: &str) -> Vec<&'a str> {
    let installed: Vec<&str> = answer.lines().filter_map(|line| line.strip_prefix("installed ")).collect();
    packages.iter().copied().filter(|package| !installed.contains(package)).collect()
}

/// How this user becomes root: no words, `sudo -n`, or not at all.
fn right() -> Option<Vec<&'static str>> {
    if command::output(command("id").arg("-u")).is_ok_and(|user| user.trim() == "0") {
        return Some(Vec::new());
    }
    command::succeeds(command("sudo").args(["-n", "true"])).then(|| vec!["sudo", "-n"])
}

fn apt(right: &[&str]) -> Command {
    let line =
        [right, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0", "-q"]]
            .concat();
    let mut apt = command(line[0]);
    apt.args(&line[1..]).stdin(std::process::Stdio::null());
    apt
}

fn look_for(need: Need) -> Result<(), Error> {
    let mut missing: Vec<&str> = need.programs().iter().copied().filter(|program| !is_program(program)).collect();
    let is_built = need != Need::Desktop && cfg!(target_os = "linux") && !missing.contains(&"pkg-config");
    let libraries: &[&str] = if is_built { &["webkit2gtk-4.1", "gtk+-3.0", "alsa", "openssl"] } else { &[] };
    missing.extend(libraries.iter().filter(|library| !command::succeeds(command("pkg-config").args(["--exists", library]))));
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::Tools { found: missing.join(", "), packages: need.packages().join(" ") })
}

/// Whether a program stands on the search path.
pub fn is_program(name: &str) -> bool {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(&file).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_installed() {
        let answer = "installed xvfb\ndeinstalled sox\nnot-installed clang\n";
        assert_eq!(not_installed(&["xvfb", "sox", "clang", "cmake"], answer), ["sox", "clang", "cmake"]);
    }

    #[test]
    fn node_versions_are_read() {
        assert_eq!(node_version("v20.20.2\n"), Some((20, 20)));
        assert_eq!(node_version("20"), None);
    }

    #[test]
    fn the_build_alone_needs_no_desktop() {
        assert!(!Need::Build.packages().contains(&"xvfb"));
        assert!(Need::Tests.packages().len() > Need::BuildAndDesktop.packages().len());
    }
}
