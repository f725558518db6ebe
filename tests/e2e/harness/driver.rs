//! WebKitWebDriver, which starts the app and lends hands and eyes to a test.

use std::{
    fs::File,
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use super::{PATIENCE, processes, until};

pub struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// `surround` gives the driver, and so the app it starts, its folders. What both print goes to `output`.
    pub fn start(surround: impl FnOnce(&mut Command), output: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let print = || File::options().create(true).append(true).open(output).expect("a file for the app's output");
        let mut command = Command::new("WebKitWebDriver");
        command.arg(format!("--port={port}"));
        surround(&mut command);
        // Without it the app never answers its driver.
        command.env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.stdin(Stdio::null()).stdout(print()).stderr(print()).process_group(0);
        let process = command.spawn().expect("WebKitWebDriver (package webkit2gtk-driver)");
        let driver = Self { process, port };
        until(PATIENCE, || TcpStream::connect(("127.0.0.1", port)).ok()).expect("WebKitWebDriver answers");
        driver
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let below = processes::below(self.pid());
        // The driver first, or it would report the loss of the window.
        let _ = self.process.kill();
        let _ = self.process.wait();
        processes::signal("KILL", &below);
    }
}
