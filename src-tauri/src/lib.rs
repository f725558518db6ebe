//! The app: the only place that knows windows, the operating system's keyring and power events, and the command line.
//!
//! Holds no logic of its own: commands parse, call `clinic` or `scribe`, and map. Must never send a key, a password hash or anything
//! about a patient to a log.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod bindings;
mod cli;
mod commands;
mod error;
mod os;
mod recorder;
mod state;

use std::process::ExitCode;

use clap::Parser;
use tauri::Manager;
use tracing_subscriber::{EnvFilter, fmt};

pub use error::{AppError, ErrorCode};

/// Window or command line, by the arguments.
pub fn start() -> ExitCode {
    let filter = EnvFilter::try_from_env("GLADSTONE_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = cli::Arguments::parse();
    let folder = match os::paths::desk_folder(arguments.data_dir.as_deref()) {
        Some(folder) => folder,
        None => {
            eprintln!("there is no home folder; name one with --data-dir");
            return ExitCode::FAILURE;
        }
    };
    match arguments.verb {
        Some(verb) => cli::run(verb, &folder, arguments.as_staff.as_deref()),
        None => window(folder),
    }
}

fn window(folder: std::path::PathBuf) -> ExitCode {
    let desk = match state::Desk::open(&folder, os::keyring::system()) {
        Ok(desk) => desk,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let bindings = bindings::builder();
    let app = tauri::Builder::default().plugin(tauri_plugin_dialog::init()).invoke_handler(bindings.invoke_handler()).manage(desk).setup(
        move |app| {
            bindings.mount_events(app);
            state::watch_time(app.handle().clone());
            os::power::watch(app.handle().clone());
            Ok(())
        },
    );
    let mut context = tauri::generate_context!();
    share_storage_with_driver(&mut context);
    let built = match app.build(context) {
        Ok(built) => built,
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            return ExitCode::FAILURE;
        }
    };
    built.run(|app, event| {
        if matches!(event, tauri::RunEvent::Exit) {
            app.state::<state::Desk>().shut_down(app);
        }
    });
    ExitCode::SUCCESS
}

/// A window with private storage cannot be driven by tests: wry gives its web context no automation. So a development build that is
/// started by a driver keeps the webview's storage, which hides nothing from a test that looks for leaks. Never in a release.
fn share_storage_with_driver(context: &mut tauri::Context) {
    if cfg!(debug_assertions) && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some() {
        for window in &mut context.config_mut().app.windows {
            window.incognito = false;
        }
    }
}
