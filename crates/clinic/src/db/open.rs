//! Opens the SQLCipher file with a raw 256-bit key.

use std::path::Path;

use crypto::SecretKey;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::Zeroizing;

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("there is no database where the vault says there is one")]
    Missing,
    #[error("there is a database already")]
    Exists,
    #[error("the database does not open with the vault's key: it is damaged or was exchanged")]
    NotReadable,
    #[error("the database file could not be looked at")]
    File(#[from] std::io::Error),
    #[error("the database could not be used")]
    Database(#[from] rusqlite::Error),
}

/// The file is not what was written: another key, a flipped bit, a cut end.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

/// Makes a new database; refuses where there is one.
pub(crate) fn create(path: &Path, key: &SecretKey) -> Result<Connection, OpenError> {
    if path.exists() {
        return Err(OpenError::Exists);
    }
    connect(path, key, OpenFlags::SQLITE_OPEN_CREATE)
}

/// Opens an existing database; never makes one.
pub(crate) fn open(path: &Path, key: &SecretKey) -> Result<Connection, OpenError> {
    match std::fs::metadata(path) {
        // An empty file would open with any key, as a new database.
        Ok(file) if !file.is_file() || file.len() == 0 => return Err(OpenError::NotReadable),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(OpenError::Missing),
        Err(error) => return Err(OpenError::File(error)),
    }
    connect(path, key, OpenFlags::empty())
}

/// Names of damaged pages; empty when every page's authentication code holds.
pub fn check_integrity(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    conn.prepare("PRAGMA cipher_integrity_check")?.query_map([], |row| row.get(0))?.collect()
}

fn connect(path: &Path, key: &SecretKey, extra: OpenFlags) -> Result<Connection, OpenError> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | extra)?;
    let mut pragma = Zeroizing::new(String::with_capacity(96));
    pragma.push_str("PRAGMA key = \"x'");
    for byte in key.expose() {
        for nibble in [byte >> 4, byte & 15] {
            pragma.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    pragma.push_str("'\"");
    // The log would go to standard error and name the file; a wrong key is told by the error below.
    conn.execute_batch("PRAGMA cipher_log_level = NONE")?;
    conn.execute_batch(&pragma)?;
    match conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())) {
        Err(error) if is_damage(&error) => return Err(OpenError::NotReadable),
        other => other?,
    }
    // FULL: acknowledged means on the disk. MEMORY: no plaintext temporary file.
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -65536",
    )?;
    conn.set_prepared_statement_cache_capacity(256);
    Ok(conn)
}
