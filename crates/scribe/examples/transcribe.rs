//! Prints the transcript of a sound file as JSON, for the scoring tools: `cargo run -p scribe --example transcribe -- FILE [LANGUAGE]`.

use std::path::Path;

fn main() {
    let mut args = std::env::args().skip(1);
    let file = args.next().unwrap_or_default();
    let mut options = scribe::transcribe::Options::default();
    options.language = args.next().unwrap_or(options.language);
    match scribe::transcribe::transcribe_file(Path::new(&file), &options) {
        Ok(transcript) => println!("{}", serde_json::to_string(&transcript).unwrap_or_default()),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}
