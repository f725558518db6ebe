//! Half-written forms: each person's own typing, kept in the encrypted database across lock and crash, never synced, never part of a record.

use rusqlite::{OptionalExtension, params};

use crate::{db::Migration, error::ClinicError, session::Session, types::now_millis};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 2026112403,
    sql: "
    CREATE TABLE form_draft (
        staff BLOB NOT NULL,
        key TEXT NOT NULL,
        content TEXT NOT NULL,
        saved_at INTEGER NOT NULL,
        PRIMARY KEY (staff, key)
    ) STRICT",
}];

/// Longest form kept, in bytes.
const MAX_FORM: usize = 256 * 1024;
const MAX_KEY: usize = 200;

impl Session {
    /// Keeps what was typed. `key` names the form and what it is about by id.
    pub fn save_form(&mut self, key: &str, content: &str) -> Result<(), ClinicError> {
        if key.is_empty() || key.len() > MAX_KEY {
            return Err(ClinicError::invalid("key", "too_long"));
        }
        if content.len() > MAX_FORM {
            return Err(ClinicError::invalid("content", "too_long"));
        }
        self.conn
            .prepare_cached(
                "INSERT INTO form_draft (staff, key, content, saved_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (staff, key) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at",
            )?
            .execute(params![self.actor.id, key, content, now_millis()])?;
        Ok(())
    }

    pub fn load_form(&self, key: &str) -> Result<Option<String>, ClinicError> {
        let row = self.conn.prepare_cached("SELECT content FROM form_draft WHERE staff = ?1 AND key = ?2")?;
        let mut row = row;
        Ok(row.query_row(params![self.actor.id, key], |row| row.get(0)).optional()?)
    }

    pub fn drop_form(&mut self, key: &str) -> Result<(), ClinicError> {
        self.conn.prepare_cached("DELETE FROM form_draft WHERE staff = ?1 AND key = ?2")?.execute(params![self.actor.id, key])?;
        Ok(())
    }

    /// Keys of this person's unfinished forms, newest first.
    pub fn form_keys(&self) -> Result<Vec<String>, ClinicError> {
        let mut statement = self.conn.prepare_cached("SELECT key FROM form_draft WHERE staff = ?1 ORDER BY saved_at DESC")?;
        Ok(statement.query_map([self.actor.id], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}
