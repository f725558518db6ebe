//! The encrypted database of one desk: opening, migrations, and the transactions that are the only doors to rows.
//!
//! Must never open without a key, fall back to plaintext, or recreate a file that cannot be opened.

#[cfg(test)]
mod full_disk;
mod migration;
mod open;
mod tx;

pub use migration::{Migration, MigrationError};
pub use open::{OpenError, check_integrity};
pub use tx::{ReadTx, WriteTx};

pub(crate) use migration::migrate;
pub(crate) use open::{create, is_damage, open};
pub(crate) use tx::{Chain, DeskIdentity, commit_write, save_tip};

/// Migrations of every table.
pub(crate) const TABLES: &[&[Migration]] = &[
    crate::unlock::MIGRATIONS,
    crate::changes::table::MIGRATIONS,
    crate::audit::table::MIGRATIONS,
    crate::session::forms::MIGRATIONS,
    crate::patient::table::MIGRATIONS,
    crate::patient::search::MIGRATIONS,
    crate::appointment::table::MIGRATIONS,
    crate::encounter::table::MIGRATIONS,
    crate::fhir::table::MIGRATIONS,
];

/// The schema as SQL, so that a benchmark can put the same rows into plain SQLite.
#[doc(hidden)]
pub fn schema() -> impl Iterator<Item = &'static str> {
    let mut steps: Vec<&Migration> = TABLES.iter().flat_map(|table| table.iter()).collect();
    steps.sort_by_key(|step| step.version);
    steps.into_iter().map(|step| step.sql)
}

/// What the desk may do before there is anyone to ask: write the first manager and the settings, once, while it is made.
pub(crate) enum SettingUp {}

impl crate::access::Permission for SettingUp {
    const CODE: crate::access::PermissionCode = crate::access::PermissionCode::ManageStaff;
    const WRITES: bool = true;
    const CARE_RELATION: bool = false;
    const STEP_UP: bool = false;
}
impl crate::access::MayWrite<crate::practitioner::Practitioner> for SettingUp {}
impl crate::access::MayWrite<crate::settings::ClinicSettings> for SettingUp {}
