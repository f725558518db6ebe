//! Sound and text, fully offline: capture, spool, recogniser, draft with evidence.
//!
//! Knows no patient and no database, and must never: open a network connection, write plaintext audio or text to disk,
//! or put a word into a note that the transcript does not carry.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod audio;
pub mod capture;
pub mod draft;
pub mod evidence;
pub mod playback;
pub mod read;
pub mod recorder;
pub mod resample;
pub mod roles;
pub mod speakers;
pub mod spool;
pub mod transcribe;
pub mod transcript;
pub mod vad;
