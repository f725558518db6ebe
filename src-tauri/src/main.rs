//! `gladstone` without arguments opens the window; with a verb it runs that use case on the command line.
#![forbid(unsafe_code)]
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    gladstone_app::start()
}
