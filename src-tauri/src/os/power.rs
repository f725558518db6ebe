//! Locks the desk at once when the operating system locks its screen or goes to sleep.

use tauri::{AppHandle, Manager};

use crate::state::Desk;
use clinic::session::LockReason;

/// Listens on threads of its own for as long as the app runs.
pub fn watch(app: AppHandle) {
    platform::watch(app);
}

#[cfg_attr(not(any(target_os = "linux", target_os = "windows", target_os = "macos")), allow(dead_code))]
fn lock(app: &AppHandle, reason: LockReason) {
    app.state::<Desk>().lock(app, reason);
}

/// logind on the system bus: sleep, and this session's lock in each of the ways desktops tell it.
#[cfg(target_os = "linux")]
mod platform {
    use std::collections::HashMap;

    use zbus::{
        blocking::{Connection, MessageIterator},
        zvariant::{OwnedObjectPath, Value},
    };

    use super::{AppHandle, LockReason, lock};

    const LOGIND: &str = "org.freedesktop.login1";

    pub fn watch(app: AppHandle) {
        std::thread::spawn(move || {
            if let Err(error) = listen(&app) {
                tracing::warn!(%error, "logind cannot be heard: the desk locks by idle time, button and shortcut only");
            }
        });
    }

    fn listen(app: &AppHandle) -> zbus::Result<()> {
        let bus = Connection::system()?;
        let rule = zbus::MatchRule::builder().msg_type(zbus::message::Type::Signal).sender(LOGIND)?.build();
        let messages = MessageIterator::for_match_rule(rule, &bus, Some(64))?;
        let own = own_session(&bus);
        // Where the own session is not known, any session's lock counts: a desk that locks once too often is safe.
        let is_own = |path: Option<&str>| own.as_ref().is_none_or(|own| path == Some(own.as_str()));
        for message in messages {
            let message = message?;
            let header = message.header();
            let path = header.path().map(|path| path.as_str());
            match header.member().map(|member| member.as_str()) {
                Some("PrepareForSleep") if message.body().deserialize::<bool>().unwrap_or(true) => lock(app, LockReason::Suspend),
                Some("Lock") if is_own(path) => lock(app, LockReason::OsLock),
                Some("PropertiesChanged") if is_own(path) && went_away(&message) => lock(app, LockReason::OsLock),
                _ => {}
            }
        }
        Ok(())
    }

    fn own_session(bus: &Connection) -> Option<OwnedObjectPath> {
        let answer = bus.call_method(
            Some(LOGIND),
            "/org/freedesktop/login1",
            Some("org.freedesktop.login1.Manager"),
            "GetSessionByPID",
            &(std::process::id(),),
        );
        answer.ok()?.body().deserialize().ok()
    }

    /// The screen locker set its hint, or another user's session came to the front.
    fn went_away(message: &zbus::Message) -> bool {
        let body = message.body();
        let Ok((interface, changed, _)) = body.deserialize::<(String, HashMap<String, Value<'_>>, Vec<String>)>() else { return false };
        let is = |name: &str, value: bool| matches!(changed.get(name), Some(Value::Bool(now)) if *now == value);
        interface == "org.freedesktop.login1.Session" && (is("LockedHint", true) || is("Active", false))
    }
}

/// Windows: the session's state and the time slept, asked every second. The window's own messages would need unsafe code.
#[cfg(target_os = "windows")]
mod platform {
    use super::{AppHandle, LockReason, lock};
    use std::time::{Duration, Instant, SystemTime};

    pub fn watch(app: AppHandle) {
        std::thread::spawn(move || {
            loop {
                let (ticked, told) = (Instant::now(), SystemTime::now());
                std::thread::sleep(Duration::from_secs(1));
                let asleep = told.elapsed().unwrap_or_default().saturating_sub(ticked.elapsed());
                if asleep > Duration::from_secs(5) || ticked.elapsed() > Duration::from_secs(20) {
                    lock(&app, LockReason::Suspend);
                }
                if screen_locked() {
                    lock(&app, LockReason::OsLock);
                }
            }
        });
    }

    /// `LogonUI` runs in the session while its screen is locked.
    fn screen_locked() -> bool {
        std::process::Command::new("tasklist")
            .args(["/FI", "IMAGENAME eq LogonUI.exe", "/NH"])
            .output()
            .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("LogonUI.exe"))
    }
}

/// macOS: the session dictionary that `ioreg` prints, and the time slept, asked every second.
#[cfg(target_os = "macos")]
mod platform {
    use super::{AppHandle, LockReason, lock};
    use std::time::{Duration, Instant, SystemTime};

    pub fn watch(app: AppHandle) {
        std::thread::spawn(move || {
            loop {
                let (ticked, told) = (Instant::now(), SystemTime::now());
                std::thread::sleep(Duration::from_secs(1));
                let asleep = told.elapsed().unwrap_or_default().saturating_sub(ticked.elapsed());
                if asleep > Duration::from_secs(5) || ticked.elapsed() > Duration::from_secs(20) {
                    lock(&app, LockReason::Suspend);
                }
                if screen_locked() {
                    lock(&app, LockReason::OsLock);
                }
            }
        });
    }

    fn screen_locked() -> bool {
        std::process::Command::new("ioreg")
            .args(["-n", "Root", "-d1", "-a"])
            .output()
            .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("CGSSessionScreenIsLocked"))
    }
}

/// Elsewhere the desk locks by idle time, button and shortcut.
#[cfg(not(any(target_os = "linux", target_os = "windows", target_os = "macos")))]
mod platform {
    pub fn watch(_app: super::AppHandle) {}
}
