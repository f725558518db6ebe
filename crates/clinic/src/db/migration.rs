//! Forward-only migrations. Each stands beside the table it makes; here they are put in order and applied all or nothing.

use rusqlite::Connection;

/// One step of one table. `version` orders all steps of all tables (YYYYMMDDNN); a landed step never changes.
pub struct Migration {
    pub version: i64,
    pub sql: &'static str,
}

#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    #[error("the database was made by a newer version of Gladstone (step {0}); update the app")]
    Newer(i64),
    #[error("migration {version} failed; nothing was changed")]
    Step { version: i64, source: rusqlite::Error },
    #[error("the list of migrations could not be read or written")]
    List(#[from] rusqlite::Error),
}

/// Brings a database to what this version knows. A database that knows more is refused.
pub(crate) fn migrate(conn: &mut Connection, tables: &[&[Migration]]) -> Result<(), MigrationError> {
    let mut steps: Vec<&Migration> = tables.iter().flat_map(|table| table.iter()).collect();
    steps.sort_by_key(|step| step.version);
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    tx.execute_batch("CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER PRIMARY KEY) STRICT")?;
    let done: Vec<i64> = tx.prepare("SELECT version FROM schema_migration")?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if let Some(unknown) = done.iter().find(|version| !steps.iter().any(|step| step.version == **version)) {
        return Err(MigrationError::Newer(*unknown));
    }
    for step in steps.into_iter().filter(|step| !done.contains(&step.version)) {
        tx.execute_batch(step.sql)
            .and_then(|()| tx.execute("INSERT INTO schema_migration (version) VALUES (?1)", [step.version]))
            .map_err(|source| MigrationError::Step { version: step.version, source })?;
    }
    tx.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[Migration] = &[Migration { version: 1, sql: "CREATE TABLE a (x)" }];
    const BROKEN: &[Migration] = &[Migration { version: 2, sql: "CREATE TABLE b (x)" }, Migration { version: 3, sql: "CREATE TABLE" }];

    #[test]
    fn a_failing_step_leaves_nothing_behind() {
        let mut conn = Connection::open_in_memory().unwrap();
        assert!(matches!(migrate(&mut conn, &[ONE, BROKEN]), Err(MigrationError::Step { version: 3, .. })));
        let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema WHERE name IN ('a', 'b')", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 0);
    }

    #[test]
    fn twice_is_once_and_newer_is_refused() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, &[ONE]).unwrap();
        migrate(&mut conn, &[ONE]).unwrap();
        conn.execute("INSERT INTO schema_migration VALUES (99)", []).unwrap();
        assert!(matches!(migrate(&mut conn, &[ONE]), Err(MigrationError::Newer(99))));
    }
}
