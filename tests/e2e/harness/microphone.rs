//! The microphone of the private desktop: what is played to its sink `vmic` is what the app hears.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{Speech, until};

pub struct Microphone;

/// Somebody speaking. Silenced when dropped.
pub struct Speaking<'a> {
    speech: &'a Speech,
    began: Instant,
    player: Child,
}

impl Microphone {
    /// Begins to speak.
    pub fn speak(speech: &Speech) -> Speaking<'_> {
        let mut player = Command::new("paplay");
        player.arg("--device=vmic").arg(&speech.file).stdin(Stdio::null()).stdout(Stdio::null());
        Speaking { speech, began: Instant::now(), player: player.spawn().expect("paplay (package pulseaudio-utils)") }
    }

    /// Says everything, to the end.
    pub fn say(speech: &Speech) {
        Self::speak(speech).until_the_end();
    }
}

impl Speaking<'_> {
    pub fn until_the_end(mut self) {
        let patience = self.speech.length() + Duration::from_secs(20);
        let ended = until(patience, || self.player.try_wait().expect("the player")).expect("the speech comes to its end");
        assert!(ended.success(), "the speech could not be played: {ended}");
    }

    /// Waits until this much was said.
    pub fn until(&mut self, said: Duration) {
        let left = said.saturating_sub(self.began.elapsed());
        until(left + Duration::from_secs(20), || (self.began.elapsed() >= said).then_some(())).expect("time passes");
        assert!(self.player.try_wait().expect("the player").is_none(), "the speech is shorter than {said:?}");
    }

    /// How much was said by now.
    pub fn said(&self) -> Duration {
        self.began.elapsed()
    }
}

impl Drop for Speaking<'_> {
    fn drop(&mut self) {
        let _ = self.player.kill();
        let _ = self.player.wait();
    }
}
