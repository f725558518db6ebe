//! Someone with the database key, but not the desk's, edits the file while the desk is locked. Whatever they do is found and named.

use std::path::Path;

use crypto::VaultKey;
use proptest::prelude::*;
use rusqlite::{Connection, params};
use tempfile::TempDir;

use super::{AuditVerification, verify};
use crate::{
    PractitionerId, Session, Vault,
    db::{self, Chain},
    patient,
    session::LockReason,
    testing::{person, set_up, vault_at},
};

/// A locked desk with a past.
struct Desk {
    dir: TempDir,
    key: VaultKey,
    manager: PractitionerId,
    /// Rows of the audit and of the change chain.
    events: u64,
    changes: u64,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault_at(dir.path());
        let mut session = set_up(&vault);
        for family in ["Lim", "Otieno", "Ngo"] {
            let id = patient::register(&mut session, person(family)).unwrap().id;
            patient::update(&mut session, id, person(&format!("{family} Tan"))).unwrap();
            patient::read(&mut session, id).unwrap();
        }
        let (key, manager) = (session.vault_key.duplicate(), session.actor().id);
        lock(vault, session);
        let mut desk = Self { dir, key, manager, events: 0, changes: 0 };
        (desk.events, desk.changes) = desk.edit(desk.dir.path(), |conn| (count(conn, "audit_event"), count(conn, "change_log")));
        desk
    }

    /// Works on the file as a thief of the database key would.
    fn edit<T>(&self, dir: &Path, work: impl FnOnce(&Connection) -> T) -> T {
        let conn = db::open(&dir.join("vault/clinic.db"), &self.key.database_key()).unwrap();
        let value = work(&conn);
        conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        value
    }

    fn copy(&self) -> TempDir {
        let to = tempfile::tempdir().unwrap();
        copy_folder(self.dir.path(), to.path());
        to
    }

    /// Opens a folder as after a right password, without the cost of one, and looks.
    fn look(&self, dir: &Path) -> AuditVerification {
        let (vault, mut session) = self.open(dir);
        let found = verify(&mut session).unwrap();
        lock(vault, session);
        found
    }

    fn open(&self, dir: &Path) -> (Vault, Session) {
        let vault = vault_at(dir);
        let session = vault.reopen(self.key.duplicate(), self.manager).unwrap();
        (vault, session)
    }

    /// What is found after a tamper, as `chain kind seq`.
    fn after(&self, work: impl FnOnce(&Connection)) -> Vec<String> {
        let dir = self.copy();
        self.edit(dir.path(), work);
        let found = self.look(dir.path());
        assert_eq!(found.ok, found.faults.is_empty());
        names(&found)
    }
}

/// The folder is free again afterwards.
fn lock(vault: Vault, session: Session) {
    vault.lock(session, LockReason::User).unwrap();
}

fn names(found: &AuditVerification) -> Vec<String> {
    found.faults.iter().map(|fault| format!("{} {} {}", fault.chain, fault.kind, fault.seq)).collect()
}

fn count(conn: &Connection, table: &str) -> u64 {
    conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0)).unwrap() as u64
}

fn run(conn: &Connection, sql: &str) {
    assert!(conn.execute(sql, []).unwrap() > 0, "the tamper touches a row: {sql}");
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&to).unwrap();
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn an_untouched_desk_verifies_and_says_how_much_was_read() {
    let desk = Desk::new();
    let found = desk.look(desk.dir.path());
    assert!(found.ok, "{:?}", found.faults);
    assert_eq!((found.events, found.changes, found.chains), (desk.events as u32 + 1, desk.changes as u32, 2));
}

#[test]
fn every_column_of_an_event_counts() {
    let desk = Desk::new();
    for column in [
        "recorded = recorded + 1",
        "actor = randomblob(16)",
        "actor = NULL",
        "subject = randomblob(16)",
        "action = 'lock2'",
        "outcome = 'denied'",
        "body = CAST(body || x'00' AS BLOB)",
        "body = randomblob(40)",
        "prev = randomblob(32)",
        "hash = randomblob(32)",
        "hash = x'00'",
        "signature = randomblob(64)",
        "signature = x''",
        "seq = seq + 1000",
    ] {
        assert_eq!(desk.after(|conn| run(conn, &format!("UPDATE audit_event SET {column} WHERE seq = 6"))), ["audit edited 6"], "{column}");
    }
    let moved = desk.after(|conn| run(conn, "UPDATE audit_event SET desk = x'00112233445566778899aabbccddeeff' WHERE seq = 6"));
    assert_eq!(moved, ["audit inserted 1", "audit removed 6"], "to a desk that has no row before it");
    let nowhere = desk.after(|conn| run(conn, "UPDATE audit_event SET desk = x'01' WHERE seq = 6"));
    assert_eq!(nowhere, ["audit removed 6", "audit inserted 6"]);
}

#[test]
fn every_column_of_a_change_counts() {
    let desk = Desk::new();
    for column in [
        "clock = randomblob(24)",
        "subject = randomblob(16)",
        "subject = NULL",
        "body = CAST(body || x'00' AS BLOB)",
        "prev = randomblob(32)",
        "hash = randomblob(32)",
        "signature = randomblob(64)",
        "desk_seq = desk_seq + 1000",
    ] {
        let found = desk.after(|conn| run(conn, &format!("UPDATE change_log SET {column} WHERE desk_seq = 4")));
        assert_eq!(found, ["change edited 4"], "{column}");
    }
    let stray = desk.after(|conn| run(conn, "UPDATE change_log SET record_id = randomblob(16) WHERE desk_seq = 4"));
    assert!(stray.contains(&"change edited 4".to_owned()), "{stray:?}");
}

#[test]
fn removed_rows_are_named_by_their_first_number() {
    let desk = Desk::new();
    assert_eq!(desk.after(|conn| run(conn, "DELETE FROM audit_event WHERE seq = 1")), ["audit removed 1"]);
    assert_eq!(desk.after(|conn| run(conn, "DELETE FROM audit_event WHERE seq IN (5, 6, 7)")), ["audit removed 5"]);
    let change = desk.after(|conn| run(conn, "DELETE FROM change_log WHERE desk_seq = 4"));
    assert!(change.contains(&"change removed 4".to_owned()), "{change:?}");
    let all = desk.after(|conn| {
        run(conn, "DELETE FROM audit_event");
        run(conn, "DELETE FROM chain_tip");
    });
    assert!(all.contains(&"audit truncated 1".to_owned()), "{all:?}");
}

#[test]
fn inserted_rows_are_named() {
    let desk = Desk::new();
    let columns = "desk, recorded, actor, subject, action, outcome, body, prev, hash, signature";
    let again = format!("INSERT INTO audit_event (seq, {columns}) SELECT seq, {columns} FROM audit_event WHERE seq = 6");
    assert_eq!(desk.after(|conn| run(conn, &again)), ["audit inserted 6"]);
    let (next, forged) = (desk.events + 1, columns.replace("signature", "randomblob(64)").replace("hash,", "randomblob(32),"));
    let forge = format!("INSERT INTO audit_event (seq, {columns}) SELECT {next}, {forged} FROM audit_event WHERE seq = 6");
    let found = desk.after(|conn| run(conn, &forge));
    assert_eq!(found, [format!("audit inserted {next}")], "and the desk goes on from its own last row");
    let columns = "clock, desk, subject, record_id, body, prev, hash, signature";
    let forged = columns.replace("clock,", "randomblob(24),").replace("hash,", "randomblob(32),");
    let next = desk.changes + 1;
    let forge = format!("INSERT INTO change_log (desk_seq, {columns}) SELECT {next}, {forged} FROM change_log WHERE desk_seq = 4");
    let found = desk.after(|conn| run(conn, &forge));
    assert!(found.contains(&format!("change inserted {next}")), "{found:?}");
    let stranger = "INSERT INTO audit_event (desk, seq, recorded, action, outcome, body, prev, hash, signature)
        VALUES (randomblob(16), 1, 0, 'lock', 'success', x'a0', zeroblob(32), zeroblob(32), zeroblob(64))";
    assert_eq!(desk.after(|conn| run(conn, stranger)), ["audit inserted 1"], "a desk that does not exist");
}

#[test]
fn rows_that_changed_places_are_both_named() {
    let desk = Desk::new();
    for (table, chain, seq) in [("audit_event", "audit", "seq"), ("change_log", "change", "desk_seq")] {
        let found = desk.after(|conn| {
            run(conn, &format!("UPDATE {table} SET position = -1 WHERE {seq} = 4"));
            run(conn, &format!("UPDATE {table} SET position = 4 WHERE {seq} = 6"));
            run(conn, &format!("UPDATE {table} SET position = 6 WHERE position = -1"));
        });
        for at in [4, 6] {
            assert!(found.contains(&format!("{chain} reordered {at}")), "{found:?}");
        }
    }
}

#[test]
fn a_cut_end_is_found_whatever_was_cut_with_it_and_stays_found() {
    let desk = Desk::new();
    let old_tip = |conn: &Connection| {
        // The thief cannot seal a tip; an older one they may have kept.
        run(
            conn,
            "UPDATE chain_tip SET seq = seq - 3, hash = (SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1) WHERE chain = 'audit'",
        );
    };
    let cut = format!("audit truncated {}", desk.events - 2);
    let rows = format!("DELETE FROM audit_event WHERE seq > {}", desk.events - 3);
    assert_eq!(desk.after(|conn| run(conn, &rows)), std::slice::from_ref(&cut));
    let without_tip = desk.after(|conn| {
        run(conn, &rows);
        run(conn, "DELETE FROM chain_tip WHERE chain = 'audit'");
    });
    assert!(without_tip.contains(&cut), "{without_tip:?}");
    let with_forged_tip = desk.after(|conn| {
        run(conn, &rows);
        old_tip(conn);
    });
    assert!(with_forged_tip.contains(&cut), "{with_forged_tip:?}");

    let dir = desk.copy();
    desk.edit(dir.path(), |conn| run(conn, &rows));
    assert_eq!(names(&desk.look(dir.path())), std::slice::from_ref(&cut));
    let (vault, mut session) = desk.open(dir.path());
    for family in ["Silva", "Haddad"] {
        patient::register(&mut session, person(family)).unwrap();
    }
    lock(vault, session);
    assert_eq!(names(&desk.look(dir.path())), [cut], "more work does not cover it, and it is told once");
}

#[test]
fn a_cut_end_of_the_change_log_is_found_and_work_goes_on_after_the_hole() {
    let desk = Desk::new();
    let dir = desk.copy();
    desk.edit(dir.path(), |conn| run(conn, &format!("DELETE FROM change_log WHERE desk_seq = {}", desk.changes)));
    let cut = format!("change truncated {}", desk.changes);
    assert!(names(&desk.look(dir.path())).contains(&cut));
    let (vault, mut session) = desk.open(dir.path());
    patient::register(&mut session, person("Silva")).unwrap();
    lock(vault, session);
    assert!(names(&desk.look(dir.path())).contains(&cut));
    let last: i64 = desk.edit(dir.path(), |conn| conn.query_row("SELECT max(desk_seq) FROM change_log", [], |row| row.get(0)).unwrap());
    assert_eq!(last as u64, desk.changes + 1, "no number is given twice");
}

#[test]
fn an_older_copy_of_the_database_is_a_cut_end() {
    let desk = Desk::new();
    let old = desk.copy();
    let now = desk.copy();
    let (vault, mut session) = desk.open(now.path());
    patient::register(&mut session, person("Silva")).unwrap();
    lock(vault, session);
    for file in ["clinic.db", "clinic.db-wal", "clinic.db-shm"] {
        let _ = std::fs::remove_file(now.path().join("vault").join(file));
    }
    std::fs::copy(old.path().join("vault/clinic.db"), now.path().join("vault/clinic.db")).unwrap();
    let expected = [format!("audit truncated {}", desk.events + 1), format!("change truncated {}", desk.changes + 1)];
    let mut found = names(&desk.look(now.path()));
    found.sort();
    assert_eq!(found, expected);
    let mut later = names(&desk.look(now.path()));
    later.sort();
    assert_eq!(later, expected, "one more unlock does not cover it");
    std::fs::remove_file(now.path().join("chain.anchor")).unwrap();
    let found = names(&desk.look(now.path()));
    assert!(found.iter().any(|fault| fault.starts_with("anchor removed")), "the file that would tell was taken: {found:?}");
}

#[test]
fn a_cut_under_an_open_session_is_found_too() {
    let desk = Desk::new();
    let dir = desk.copy();
    let (vault, mut session) = desk.open(dir.path());
    let last = session.desk.audit.seq;
    session.conn.execute("DELETE FROM audit_event WHERE seq = ?1", [last as i64]).unwrap();
    assert_eq!(names(&verify(&mut session).unwrap()), [format!("audit truncated {last}")]);
    lock(vault, session);
}

#[test]
fn records_that_are_not_what_their_changes_say_are_found() {
    let desk = Desk::new();
    // Changes 3 to 8: three patients, registered and updated; the number is that of the record's last change.
    let second = "(SELECT record_id FROM change_log WHERE desk_seq = 6)";
    let other_state = "(SELECT state FROM record WHERE id = (SELECT record_id FROM change_log WHERE desk_seq = 8))";
    for edit in [
        format!("UPDATE record SET state = {other_state} WHERE id = {second}"),
        format!("UPDATE record SET subject = randomblob(16) WHERE id = {second}"),
        format!("UPDATE record SET subject = NULL WHERE id = {second}"),
        format!("UPDATE record SET type = 'Composition' WHERE id = {second}"),
        format!("UPDATE record SET state = x'00' WHERE id = {second}"),
        format!("DELETE FROM record WHERE id = {second}"),
    ] {
        assert_eq!(desk.after(|conn| run(conn, &edit)), ["record edited 6"], "{edit}");
    }
    let unmade = format!(
        "INSERT INTO record (id, type, subject, state) SELECT randomblob(16), type, subject, state FROM record WHERE id = {second}"
    );
    assert_eq!(desk.after(|conn| run(conn, &unmade)), ["record edited 0"]);
}

#[derive(Debug, Clone, Copy)]
enum Tamper {
    Edit,
    Remove,
    Copy,
    Swap,
    Cut,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_tamper_anywhere_is_named_with_its_place(
        tampers in prop::collection::vec((
            prop::sample::select(vec![Tamper::Edit, Tamper::Remove, Tamper::Copy, Tamper::Swap, Tamper::Cut]),
            prop::sample::select(vec![Chain::Audit, Chain::Changes]),
            any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1)
    ) {
        thread_local!(static DESK: Desk = Desk::new());
        DESK.with(|desk| {
            for (tamper, chain, first, second, byte) in tampers {
                check(desk, tamper, chain, first, second, byte);
            }
        });
    }
}

fn check(desk: &Desk, tamper: Tamper, chain: Chain, first: prop::sample::Index, second: prop::sample::Index, byte: prop::sample::Index) {
    let (table, seq, rows) = match chain {
        Chain::Audit => ("audit_event", "seq", desk.events),
        Chain::Changes => ("change_log", "desk_seq", desk.changes),
    };
    let at = first.index(rows as usize) as i64 + 1;
    let other = second.index(rows as usize) as i64 + 1;
    let name = chain.name();
    let is = |kind: &str, seq: i64| format!("{name} {kind} {seq}");
    let mut expected = Vec::new();
    let found = desk.after(|conn| match tamper {
        Tamper::Edit => {
            let mut body: Vec<u8> = conn.query_row(&format!("SELECT body FROM {table} WHERE {seq} = ?1"), [at], |row| row.get(0)).unwrap();
            let bit = byte.index(body.len() * 8);
            body[bit / 8] ^= 1 << (bit % 8);
            conn.execute(&format!("UPDATE {table} SET body = ?2 WHERE {seq} = ?1"), params![at, body]).unwrap();
            expected.push(is("edited", at));
        }
        Tamper::Remove => {
            conn.execute(&format!("DELETE FROM {table} WHERE {seq} = ?1"), [at]).unwrap();
            expected.push(is(if at == rows as i64 { "truncated" } else { "removed" }, at));
        }
        Tamper::Copy if chain == Chain::Audit => {
            let columns = "desk, seq, recorded, actor, subject, action, outcome, body, prev, hash, signature";
            conn.execute(&format!("INSERT INTO audit_event ({columns}) SELECT {columns} FROM audit_event WHERE seq = ?1"), [at]).unwrap();
            expected.push(is("inserted", at));
        }
        // The table itself refuses a second change of one number.
        Tamper::Copy => {
            let columns = "clock, desk, desk_seq, subject, record_id, body, prev, hash, signature";
            let copy = format!("INSERT INTO change_log ({columns}) SELECT {columns} FROM change_log WHERE desk_seq = ?1");
            assert!(conn.execute(&copy, [at]).is_err());
        }
        Tamper::Swap if at != other => {
            for (to, from) in [(-1, at), (at, other), (other, -1)] {
                conn.execute(&format!("UPDATE {table} SET position = ?1 WHERE position = ?2"), [to, from]).unwrap();
            }
            expected.extend([is("reordered", at), is("reordered", other)]);
        }
        Tamper::Swap => {}
        Tamper::Cut => {
            conn.execute(&format!("DELETE FROM {table} WHERE {seq} >= ?1"), [at]).unwrap();
            expected.push(is("truncated", at));
        }
    });
    for fault in &expected {
        assert!(found.contains(fault), "{tamper:?} {at} {other}: expected {expected:?}, found {found:?}");
    }
    // Nothing else of the chains is blamed; records may differ from a change log that was edited.
    let blamed = found.iter().filter(|fault| !fault.starts_with("record")).count();
    assert_eq!(blamed, expected.len(), "{tamper:?} {at} {other}: expected {expected:?}, found {found:?}");
}
