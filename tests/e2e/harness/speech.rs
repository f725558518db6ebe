//! What is said in a consulting room, by voices that a computer makes when the test runs. Not real speech, nobody's words.

use std::{path::PathBuf, process::Command, time::Duration};

use tempfile::TempDir;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    Doctor,
    Patient,
}

/// Words with the time they are said at.
#[derive(Clone, Debug)]
pub struct Line {
    pub words: &'static str,
    pub end: Duration,
}

pub struct Speech {
    pub lines: Vec<Line>,
    pub file: PathBuf,
    _folder: TempDir,
}

/// Between two people's lines, in seconds.
const PAUSE: f64 = 0.7;

const CONSULTATION: [(Voice, &str); 13] = [
    (Voice::Doctor, "Good morning. What brings you in today?"),
    (Voice::Patient, "I have had chest pain for three days. It gets worse when I climb the stairs."),
    (Voice::Doctor, "Do you have any fever, or shortness of breath?"),
    (Voice::Patient, "No fever. But I feel short of breath when I walk."),
    (Voice::Doctor, "Are you allergic to any medicines?"),
    (Voice::Patient, "Yes. I am allergic to penicillin."),
    (Voice::Doctor, "What medicines do you take at home?"),
    (Voice::Patient, "I take amlodipine, five milligrams, every morning."),
    (Voice::Doctor, "Your blood pressure today is one hundred and fifty over ninety."),
    (Voice::Doctor, "I think this is angina. I will order an E C G and a blood test."),
    (Voice::Patient, "My father had a heart attack at sixty."),
    (Voice::Doctor, "Please come back in one week. If the pain gets worse, go to the hospital at once."),
    (Voice::Patient, "Thank you, doctor."),
];

impl Speech {
    /// About fifty seconds of a visit for chest pain.
    pub fn consultation() -> Self {
        Self::of(&CONSULTATION)
    }

    /// Makes the sound of these lines, one after the other.
    pub fn of(lines: &[(Voice, &'static str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut said = Vec::new();
        let mut files = Vec::new();
        let mut end = 0.0;
        for (at, (voice, words)) in lines.iter().enumerate() {
            let raw = folder.path().join(format!("{at}-raw.wav"));
            let line = folder.path().join(format!("{at}.wav"));
            let (voice, speed, pitch) = match voice {
                Voice::Doctor => ("en-gb", "150", "40"),
                Voice::Patient => ("en-us", "140", "50"),
            };
            run(Command::new("espeak-ng").args(["-v", voice, "-s", speed, "-p", pitch, "-w"]).arg(&raw).arg(words));
            // Silence between people, one rate for all.
            run(Command::new("sox").arg(&raw).args(["-r", "48000", "-c", "1", "-b", "16"]).arg(&line).args([
                "pad",
                "0",
                &PAUSE.to_string(),
            ]));
            let seconds = run(Command::new("soxi").arg("-D").arg(&line));
            end += seconds.trim().parse::<f64>().expect("seconds");
            said.push(Line { words, end: Duration::from_secs_f64(end - PAUSE) });
            files.push(line);
        }
        let file = folder.path().join("speech.wav");
        run(Command::new("sox").args(&files).arg(&file));
        Self { lines: said, file, _folder: folder }
    }

    pub fn length(&self) -> Duration {
        self.lines.last().map(|line| line.end).unwrap_or_default()
    }

    /// The words of lines that lie wholly between.
    pub fn words_between(&self, start: Duration, end: Duration) -> Vec<String> {
        let begins = |at: usize| at.checked_sub(1).map(|before| self.lines[before].end).unwrap_or_default();
        let within = |(at, line): &(usize, &Line)| begins(*at) >= start && line.end <= end;
        self.lines.iter().enumerate().filter(within).flat_map(|(_, line)| words(line.words)).collect()
    }

    /// The words said in whole lines until then.
    pub fn words_until(&self, end: Duration) -> Vec<String> {
        self.lines.iter().filter(|line| line.end <= end).flat_map(|line| words(line.words)).collect()
    }
}

/// A text as bare words.
pub fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Which part of the words is found in the text, from 0 to 1. Words of up to three letters tell nothing.
pub fn share(wanted: &[String], text: &str) -> f64 {
    let heard = words(text);
    let wanted: Vec<&String> = wanted.iter().filter(|word| word.len() > 3).collect();
    assert!(!wanted.is_empty(), "nothing was said");
    wanted.iter().filter(|word| heard.contains(word)).count() as f64 / wanted.len() as f64
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{:?} cannot be started: {error}", command.get_program()));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
