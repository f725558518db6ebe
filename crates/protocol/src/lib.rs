//! What desks and hub share: names of desks and points in time. Ciphertext is opaque bytes here.
//!
//! Must never hold a key, open a payload or import anything of ours, so that the hub stays unable to read.
#![forbid(unsafe_code)]

mod clock;

pub use clock::{Clock, DeskId, MalformedClock};
