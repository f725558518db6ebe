//! Processes of this story and no others: found by their parents, ended by their numbers.

use std::{fs, path::PathBuf, process::Command};

/// All that were started below `pid`, nearest first.
pub fn below(pid: u32) -> Vec<u32> {
    let numbers = fs::read_dir("/proc").expect("/proc").flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let parents: Vec<(u32, u32)> = numbers.filter_map(|pid: u32| Some((pid, parent(pid)?))).collect();
    let mut found = vec![pid];
    let mut next = 0;
    while let Some(above) = found.get(next).copied() {
        found.extend(parents.iter().filter(|(_, parent)| *parent == above).map(|(pid, _)| *pid));
        next += 1;
    }
    found.split_off(1)
}

/// The program a process runs.
pub fn program(pid: u32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/exe")).ok()
}

/// True until the process has ended, whether or not anybody asked how.
pub fn lives(pid: u32) -> bool {
    stat(pid).is_some_and(|fields| fields.first().is_some_and(|state| state != "Z"))
}

/// Sends a signal, by name, to each.
pub fn signal(name: &str, pids: &[u32]) {
    let living: Vec<String> = pids.iter().filter(|pid| lives(**pid)).map(u32::to_string).collect();
    if !living.is_empty() {
        // One that ended in between is what was wanted.
        let _ = Command::new("kill").arg(format!("-{name}")).args(living).output();
    }
}

fn parent(pid: u32) -> Option<u32> {
    stat(pid)?.get(1)?.parse().ok()
}

/// The fields behind the program's name, which may itself hold spaces and brackets.
fn stat(pid: u32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(stat.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}
