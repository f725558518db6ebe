//! The desk locks with the computer. A stand-in says on the session's bus what logind says on the system's; the app hears it as there.

use std::collections::HashMap;

use zbus::{
    blocking::{Connection, connection::Builder},
    zvariant::{OwnedObjectPath, Value},
};

use crate::harness::{Desk, PASSWORD, Role};

const DOCTOR: &str = "Aisyah Rahman";
const MANAGER: &str = "/org/freedesktop/login1";
const OWN: &str = "/org/freedesktop/login1/session/_31";
const OTHER: &str = "/org/freedesktop/login1/session/_32";
const SESSION: &str = "org.freedesktop.login1.Session";

struct Sessions;

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Sessions {
    #[zbus(name = "GetSessionByPID")]
    fn session_by_pid(&self, _pid: u32) -> OwnedObjectPath {
        OwnedObjectPath::try_from(OWN).expect("a path")
    }
}

struct Logind(Connection);

impl Logind {
    fn start() -> Self {
        let bus = Builder::session().and_then(|bus| bus.name("org.freedesktop.login1")).and_then(|bus| bus.serve_at(MANAGER, Sessions));
        Self(bus.and_then(Builder::build).expect("the session's bus"))
    }

    fn sleeps(&self) {
        self.0.emit_signal(None::<&str>, MANAGER, "org.freedesktop.login1.Manager", "PrepareForSleep", &true).expect("a signal");
    }

    fn locks(&self, session: &str) {
        self.0.emit_signal(None::<&str>, session, SESSION, "Lock", &()).expect("a signal");
    }

    fn changes(&self, session: &str, property: &str, value: bool) {
        let changed = HashMap::from([(property, Value::from(value))]);
        let body = (SESSION, changed, Vec::<&str>::new());
        self.0.emit_signal(None::<&str>, session, "org.freedesktop.DBus.Properties", "PropertiesChanged", &body).expect("a signal");
    }
}

#[test]
fn the_desk_locks_when_the_computer_locks_or_sleeps() {
    let logind = Logind::start();
    let desk = Desk::new("logind").with_clinic_of("Klinik Seberang", DOCTOR);
    let window = desk.open();
    let with_computer = "The desk locked together with the computer.";

    window.unlock(DOCTOR, PASSWORD).finds(Role::Heading, "Today");
    logind.sleeps();
    window.sees("The desk locked because the computer went to sleep.");

    window.unlock(DOCTOR, PASSWORD).finds(Role::Heading, "Today");
    // What happens to another's session is none of this desk's business.
    logind.locks(OTHER);
    logind.changes(OTHER, "LockedHint", true);
    logind.changes(OWN, "LockedHint", false);
    window.go_to("Patients").finds(Role::Field, "Search patients");
    window.go_to("Diary").finds(Role::Heading, "Diary");
    logind.locks(OWN);
    window.sees(with_computer);

    // As a screen locker tells it, and as a change of users does.
    for (property, value) in [("LockedHint", true), ("Active", false)] {
        window.unlock(DOCTOR, PASSWORD).finds(Role::Heading, "Diary");
        logind.changes(OWN, property, value);
        window.sees(with_computer);
    }
}
