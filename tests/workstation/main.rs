//! Tests of the repository as a whole.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)]

mod source;
mod tidy;
