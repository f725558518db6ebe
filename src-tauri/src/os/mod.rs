//! What differs between Linux, Windows and macOS: folders, keyring, lock and suspend signals.

pub mod keyring;
pub mod paths;
pub mod power;
