//! What a story needs: a desk of its own with its window and command line, a microphone that can be spoken into, and eyes.
//!
//! Waiting is always for something that can be seen, up to a deadline; nothing here sleeps and hopes.

mod axe;
mod command_line;
mod consulting_room;
mod desk;
mod driver;
mod keyboard;
mod leaks;
mod microphone;
mod pages;
mod processes;
mod reception;
mod sight;
mod speech;
mod window;

pub use desk::{Desk, Place};
pub use leaks::{entropy, leaks, sounds, visit};
pub use microphone::Microphone;
pub use pages::{DEMO_PASSWORD, PASSWORD, Person};
pub use reception::Patient;
pub use sight::{Colours, album};
pub use speech::{Speech, Voice, share, words};
pub use window::{Named, Role, Window};

use std::{
    thread,
    time::{Duration, Instant},
};

/// How long the window may take for what it does by itself. Long, since other tests share the machine; nothing waits for it in vain.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How long recognising speech may take after the words were said.
pub const HEARING: Duration = Duration::from_secs(300);

/// Looks again and again until there is something; `None` once the time is over.
pub fn until<T>(patience: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if began.elapsed() > patience {
            return None;
        }
        thread::sleep(Duration::from_millis(50));
    }
}
