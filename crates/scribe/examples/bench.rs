//! Times the parts of the scribe on this computer: `cargo run --release -p scribe --example bench -- AUDIO TRANSCRIPT`.
//!
//! A busy computer slows all of it alike: read the figures against each other, or run it twice.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use scribe::draft::{Drafter, RulesDrafter, Template};
use scribe::resample::RATE;
use scribe::transcribe::{Options, Recogniser as _};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(audio), Some(transcript)) = (args.next(), args.next()) else {
        return Err("usage: bench AUDIO TRANSCRIPT".into());
    };
    let options = Options::default();
    let mut recogniser = timed("recogniser loaded", || options.load_recogniser())?;
    let mut vad = timed("speech detector loaded", || options.load_vad())?;
    let sound = scribe::audio::read_mono(Path::new(&audio), 3600)?;
    let seconds = sound.len() as f64 / f64::from(RATE);
    timed(&format!("speech looked for in {seconds:.0} s"), || vad.probabilities(&sound))?;
    for window in [5, 25] {
        let part = &sound[..(window * RATE as usize).min(sound.len())];
        timed(&format!("words of one window of {} s", part.len() / RATE as usize), || recogniser.recognise(part, "en"))?;
    }
    let transcript = scribe::read::read_transcript(&std::fs::read(transcript)?)?;
    for turn in ["first", "later"] {
        let what = format!("draft of {} turns ({turn} time)", transcript.turns.len());
        timed(&what, || RulesDrafter.draft(&transcript, &Template::default()));
    }
    Ok(())
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = work();
    println!("{:8.1} ms  {what}", began.elapsed().as_secs_f64() * 1000.0);
    result
}
