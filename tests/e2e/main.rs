//! The real window, as the people at the desk use it: the built app in its own webview on a virtual screen, driven by WebDriver, with a
//! microphone that hears what a test says. Pictures of every step are left in `tests/e2e/out`.
//!
//! Runs on a private desktop only (`cargo xtask session`): it must never show a window, play a sound or touch a keyring of the person who
//! starts it. Nothing is skipped: what is missing fails.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod accessibility;
mod clinic_day;
mod demo;
mod desk;
mod harness;
mod keyboard_only;
mod leaks;
mod logind;
mod recording;
