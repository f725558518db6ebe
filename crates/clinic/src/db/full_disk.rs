//! A database that may not grow: every write of a visit is refused whole, says that the disk is full, and works again after room is made.

use crate::{
    ClinicError, Session, audit, patient,
    session::LockReason,
    testing::{MANAGER, PASSWORD, person, set_up, vault_at},
};

fn register(session: &mut Session, number: usize) -> Result<(), ClinicError> {
    patient::register(session, person(&format!("Family{number}"))).map(drop)
}

fn rows(session: &Session) -> Vec<i64> {
    ["patient", "record", "change_log", "patient_search", "audit_event"]
        .iter()
        .map(|table| session.conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap())
        .collect()
}

/// SQLite's own limit on pages answers as a full disk does, in the middle of whichever statement needs the next page.
fn allow_more_pages(session: &Session, more: i64) {
    let now: i64 = session.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let _: i64 = session.conn.query_row(&format!("PRAGMA max_page_count = {}", now + more), [], |row| row.get(0)).unwrap();
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing_half_written() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault_at(dir.path());
    let mut session = set_up(&vault);
    let mut number = 0;
    // Each limit fails in another statement of the write.
    for more in 0..12 {
        allow_more_pages(&session, more);
        let refused = loop {
            let before = rows(&session);
            number += 1;
            match register(&mut session, number) {
                Ok(()) => {
                    let one_more: Vec<i64> = before.iter().map(|count| count + 1).collect();
                    assert_eq!(rows(&session), one_more, "a write that came back is there in every table");
                }
                Err(error) => {
                    assert!(error.is_disk_full(), "{error:?}");
                    assert_eq!(rows(&session)[..4], before[..4], "a refused write left no row");
                    break number;
                }
            }
        };
        allow_more_pages(&session, 1_000_000);
        register(&mut session, refused).unwrap();
        let found = audit::verify(&mut session).unwrap();
        assert!(found.ok, "{:?}", found.faults);
    }
    vault.lock(session, LockReason::User).unwrap();
    let mut session = vault.unlock(MANAGER, PASSWORD).unwrap();
    assert!(audit::verify(&mut session).unwrap().ok);
    assert!(session.damaged_pages().unwrap().is_empty());
}
