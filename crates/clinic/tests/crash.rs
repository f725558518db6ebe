//! The program is killed at random points of its work, two hundred times. Whatever it said was saved is there afterwards, and the
//! chains verify. Also: a file system that takes no more bytes.
//!
//! Has its own `main`: the test starts this same program as the one that is killed.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod harness;

use std::{
    collections::VecDeque,
    hash::{BuildHasher, RandomState},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, ExitCode, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use clinic::{
    EncounterId, Session,
    access::Role,
    appointment, audit,
    changes::{RecordType, history},
    consultation, encounter,
    note::{self, NoteEdit},
    patient,
    session::LockReason,
    unlock::SetUp,
};
use harness::*;

const KILLS: u32 = 200;
const FOLDERS: usize = 8;
/// Writes that a program does before it locks and ends by itself, if nobody kills it.
const ENOUGH: u32 = 40;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, "work", folder] => {
            work(Path::new(folder));
            ExitCode::SUCCESS
        }
        // `cargo test NAME` runs this program too, when it has nothing to do with NAME.
        [_, ref words @ ..] if words.iter().any(|word| is_filter(word) && !"crash killed full".contains(word)) => ExitCode::SUCCESS,
        _ => {
            two_hundred_kills_lose_nothing_acknowledged();
            #[cfg(unix)]
            a_file_that_may_not_grow_is_an_error_and_loses_nothing();
            println!("test result: ok. crash");
            ExitCode::SUCCESS
        }
    }
}

fn is_filter(word: &str) -> bool {
    !word.starts_with('-') && word.parse::<u32>().is_err()
}

// The program that is killed.

/// Looks whether all that was acknowledged before is here, then writes, and says each id only after the write came back.
fn work(folder: &Path) {
    let acknowledged: Vec<String> = std::io::stdin().lock().lines().map(Result::unwrap).collect();
    let vault = vault_at(folder);
    let mut session = vault.unlock(MANAGER, PASSWORD).unwrap();
    check(&mut session, &acknowledged);
    say("checked");
    for turn in 0..ENOUGH / 5 {
        match write(&mut session, turn) {
            Ok(()) => {}
            Err(error) => {
                say(&format!("error {error} {}", error.is_disk_full()));
                break;
            }
        }
    }
    let _ = vault.lock(session, LockReason::User);
    say("locked");
}

/// One patient's visit: five writes.
fn write(session: &mut Session, turn: u32) -> Result<(), clinic::ClinicError> {
    let patient = patient::register(session, person(&format!("Family{turn}")))?;
    say(&format!("patient {}", patient.id));
    let me = session.actor().id;
    let mut request = booking(patient.id, me, &at(1, "09:00"), &at(1, "09:20"));
    request.allow_overlap = true;
    say(&format!("appointment {}", appointment::book(session, request)?.id));
    let visit = encounter::start_visit(session, patient.id, "cough")?.encounter_id;
    say(&format!("visit {visit}"));
    let note = note::draft(session, visit, None)?;
    say(&format!("note {visit} -"));
    let text = format!("sentence-{turn}");
    note::edit(session, note.id, NoteEdit::Write { section: "plan".to_owned(), text: text.clone() })?;
    say(&format!("note {visit} {text}"));
    Ok(())
}

fn check(session: &mut Session, acknowledged: &[String]) {
    for line in acknowledged {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["patient", id] => assert!(patient::read(session, id.parse().unwrap()).unwrap().display_name.contains("Family")),
            ["appointment", id] => {
                let id: clinic::AppointmentId = id.parse().unwrap();
                assert!(!history::of_record(session, RecordType::Appointment, id.into()).unwrap().is_empty(), "{line}");
            }
            ["visit", id] => drop(consultation::open(session, id.parse().unwrap()).unwrap()),
            ["note", visit, text] => {
                let visit: EncounterId = visit.parse().unwrap();
                let note = consultation::open(session, visit).unwrap().note.unwrap();
                let found = note.sections.iter().flat_map(|section| &section.sentences).any(|sentence| sentence.text == text);
                assert!(found || text == "-", "{line}");
            }
            _ => panic!("{line}"),
        }
    }
    let found = audit::verify(session).unwrap();
    assert!(found.ok, "{:?}", found.faults);
    assert!(session.damaged_pages().unwrap().is_empty());
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

// The one who kills.

/// A folder with what its programs said was saved.
struct Folder {
    dir: tempfile::TempDir,
    acknowledged: Vec<String>,
}

impl Folder {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (_, session) = vault_at(dir.path()).set_up(SetUp { roles: vec![Role::Manager, Role::Doctor], ..set_up_request() }).unwrap();
        drop(session);
        Self { dir, acknowledged: Vec::new() }
    }

    fn start(&self, mut command: Command) -> Child {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let told = self.acknowledged.join("\n") + if self.acknowledged.is_empty() { "" } else { "\n" };
        // A program that was killed while it read does not read on.
        let _ = child.stdin.take().unwrap().write_all(told.as_bytes());
        child
    }

    fn program(&self) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["work", self.dir.path().to_str().unwrap()]);
        command
    }

    /// Lets the program come `so_far` lines and a little further, then ends it at once.
    fn kill_after(&mut self, so_far: u32, further: Duration) {
        let mut child = self.start(self.program());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut heard: Vec<String> = lines.by_ref().take(so_far as usize).collect();
        let until = Instant::now() + further;
        while Instant::now() < until {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        let end = child.wait().unwrap();
        // What it said before it died counts, also what was still in the pipe.
        heard.extend(lines);
        let ended_itself = heard.last().is_some_and(|line| line == "locked");
        assert!(ended_itself || end.code().is_none(), "the program failed by itself after {heard:?}: {end}");
        self.take(heard);
    }

    fn take(&mut self, heard: Vec<String>) {
        self.acknowledged.extend(heard.into_iter().filter(|line| !matches!(line.split(' ').next(), Some("checked" | "locked" | "error"))));
    }

    /// The last look is this process's own.
    fn finish(&self) {
        let vault = vault_at(self.dir.path());
        let mut session = vault.unlock(MANAGER, PASSWORD).unwrap();
        check(&mut session, &self.acknowledged);
    }
}

fn two_hundred_kills_lose_nothing_acknowledged() {
    let began = Instant::now();
    let seed = RandomState::new();
    let number = |kill: u32, what: &str, below: u32| (seed.hash_one((kill, what)) % u64::from(below)) as u32;
    let folders: Arc<Mutex<VecDeque<Folder>>> = Arc::new(Mutex::new((0..FOLDERS).map(|_| Folder::new()).collect()));
    let left = Mutex::new(0..KILLS);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, |cores| cores.get().min(FOLDERS)) {
            scope.spawn(|| {
                loop {
                    let Some(kill) = left.lock().unwrap().next() else { return };
                    let mut folder = folders.lock().unwrap().pop_front().unwrap();
                    // One in ten before the first word: while it unlocks, migrates, checks.
                    match number(kill, "when", 10) {
                        0 => folder.kill_after(0, Duration::from_millis(number(kill, "early", 300).into())),
                        _ => folder.kill_after(1 + number(kill, "lines", ENOUGH), Duration::from_micros(number(kill, "late", 4000).into())),
                    }
                    folders.lock().unwrap().push_back(folder);
                }
            });
        }
    });
    let folders = folders.lock().unwrap();
    folders.iter().for_each(Folder::finish);
    let written: usize = folders.iter().map(|folder| folder.acknowledged.len()).sum();
    assert!(written > KILLS as usize, "the kills hit programs at work: {written}");
    println!("test {KILLS} kills in {FOLDERS} folders, {written} acknowledged writes, all there ... ok ({:.0?})", began.elapsed());
}

/// The limit on file sizes stands in for a full disk that needs no root: the write fails in the middle of a transaction.
#[cfg(unix)]
fn a_file_that_may_not_grow_is_an_error_and_loses_nothing() {
    let mut folder = Folder::new();
    let size = |folder: &Folder| std::fs::metadata(folder.dir.path().join("vault/clinic.db")).unwrap().len();
    let mut errors = 0;
    for more in [0, 16, 40, 96] {
        // In blocks of 512 bytes. The journal is a file of its own, so either of the two may hit the limit.
        let blocks = size(&folder) / 512 + more;
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""));
        command.arg(std::env::current_exe().unwrap()).args(["work", folder.dir.path().to_str().unwrap()]);
        let mut child = folder.start(command);
        let heard: Vec<String> = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap).collect();
        child.wait().unwrap();
        errors += heard.iter().filter(|line| line.starts_with("error")).count();
        folder.take(heard);
        folder.finish();
    }
    assert!(errors > 0, "the limit was never hit");
    folder.kill_after(ENOUGH, Duration::ZERO);
    folder.finish();
    println!("test a file that may not grow: {errors} refused, {} acknowledged writes, all there ... ok", folder.acknowledged.len());
}
