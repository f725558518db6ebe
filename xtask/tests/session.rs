//! The private desktop as a person uses it: `xtask session -- COMMAND`.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

fn inside(script: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(["session", "--", "sh", "-c", script]).output().unwrap()
}

#[test]
fn gives_the_exit_code_and_leaves_nothing_behind() {
    let output = inside("setsid sleep 1000 >/dev/null 2>&1 & echo $!; echo $GLADSTONE_SESSION; exit 7");
    assert_eq!(output.status.code(), Some(7));
    let text = String::from_utf8(output.stdout).unwrap();
    let [pid, folder] = text.lines().collect::<Vec<_>>().try_into().unwrap();
    assert!(!Path::new(folder).exists(), "{folder} is still there");
    assert!(!Path::new("/proc").join(pid).exists(), "process {pid} lives on");
}

#[test]
fn has_a_home_a_display_a_keyring_and_a_microphone_of_its_own() {
    let output = inside(
        "set -e
         test \"$HOME\" = \"$GLADSTONE_SESSION/home\"
         import -window root \"$TMPDIR/screen.png\"
         dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets/aliases/default \
           org.freedesktop.DBus.Properties.Get string:org.freedesktop.Secret.Collection string:Locked
         pactl get-default-source",
    );
    let (text, messages) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}{messages}");
    assert!(text.contains("boolean false"), "the keyring is locked: {text}");
    assert!(text.ends_with("mic\n"), "{text}");
}
