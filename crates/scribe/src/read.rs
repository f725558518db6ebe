//! Transcripts from outside: the JSON of `gladstone transcribe`, or text lines `[doctor] words`.
//!
//! Must never execute, follow or trust what it reads: a transcript is bytes from a file. Errors name the place, never the words.

use serde::Deserialize;
use thiserror::Error;

use crate::transcript::{Engine, Gap, Transcript, Turn, Word};

/// Largest transcript accepted, in bytes: far above a whole day of speech.
pub const MAX_BYTES: usize = 16 << 20;
/// Most turns accepted.
pub const MAX_TURNS: usize = 20_000;
/// Longest turn accepted, in bytes.
pub const MAX_TURN_BYTES: usize = 256 << 10;

/// Why a transcript was refused. Lines and columns count from 1.
#[derive(Debug, Error)]
pub enum ReadError {
    #[error("the transcript has {bytes} bytes; at most {MAX_BYTES} are read")]
    TooLarge { bytes: usize },
    #[error("the transcript is not UTF-8 text: line {line}, column {column}")]
    NotUtf8 { line: usize, column: usize, source: std::str::Utf8Error },
    #[error("the transcript is not the expected JSON: line {line}, column {column}")]
    Json { line: usize, column: usize, source: serde_json::Error },
    #[error("the transcript has no turn")]
    Empty,
    #[error("the transcript has {turns} turns; at most {MAX_TURNS} are read")]
    TooManyTurns { turns: usize },
    #[error("turn {turn} has {bytes} bytes; at most {MAX_TURN_BYTES} are read")]
    TurnTooLong { turn: usize, bytes: usize },
    #[error("turn {turn} has a time or confidence that is not a number of seconds or a share")]
    BadNumber { turn: usize },
}

/// Only what a draft needs is required; the rest may be left out by other recognisers.
#[derive(Deserialize)]
struct Loose {
    #[serde(default)]
    engine: Option<Engine>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    duration_s: f64,
    #[serde(default)]
    elapsed_s: f64,
    turns: Vec<LooseTurn>,
    #[serde(default)]
    gaps: Vec<Gap>,
}

#[derive(Deserialize)]
struct LooseTurn {
    #[serde(default)]
    speaker: String,
    #[serde(default)]
    start_s: f64,
    #[serde(default)]
    end_s: f64,
    text: String,
    #[serde(default = "sure")]
    confidence: f32,
    #[serde(default)]
    words: Vec<Word>,
}

fn sure() -> f32 {
    1.0
}

/// Reads a transcript from a file's bytes. JSON when the first character is `{`, else one turn a non-empty line.
pub fn read_transcript(bytes: &[u8]) -> Result<Transcript, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooLarge { bytes: bytes.len() });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|source| {
        let before = &bytes[..source.valid_up_to()];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
        ReadError::NotUtf8 { line, column: String::from_utf8_lossy(&before[start..]).chars().count() + 1, source }
    })?;
    let transcript = if text.trim_start().starts_with('{') { from_json(text)? } else { from_lines(text) };
    within_limits(&transcript)?;
    Ok(transcript)
}

fn from_json(text: &str) -> Result<Transcript, ReadError> {
    let loose: Loose =
        serde_json::from_str(text).map_err(|source| ReadError::Json { line: source.line(), column: source.column(), source })?;
    Ok(Transcript {
        engine: loose.engine.unwrap_or(Engine { name: "unknown".into(), model: None, version: None }),
        language: loose.language.unwrap_or_else(|| "en".into()),
        duration_s: loose.duration_s,
        elapsed_s: loose.elapsed_s,
        turns: loose
            .turns
            .into_iter()
            .map(|t| Turn {
                speaker: t.speaker,
                start_s: t.start_s,
                end_s: t.end_s,
                text: t.text,
                confidence: t.confidence,
                words: t.words,
            })
            .collect(),
        gaps: loose.gaps,
    })
}

fn from_lines(text: &str) -> Transcript {
    let mut speaker = String::new();
    let mut turns = Vec::new();
    // The scorer's own splitting: any of Python's line ends, then white space off both sides.
    for line in text.split(is_line_end).map(str::trim).filter(|l| !l.is_empty()) {
        let (tag, words) = split_tag(line);
        // A line without a tag goes on with the speaker before it.
        if let Some(tag) = tag {
            speaker = tag.trim().to_owned();
        }
        turns.push(Turn { speaker: speaker.clone(), start_s: 0.0, end_s: 0.0, text: words.to_owned(), confidence: 1.0, words: Vec::new() });
    }
    Transcript {
        engine: Engine { name: "text".into(), model: None, version: None },
        language: "en".into(),
        duration_s: 0.0,
        elapsed_s: 0.0,
        turns,
        gaps: Vec::new(),
    }
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}' | '\u{1d}' | '\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// `[doctor] words` -> (`doctor`, `words`).
fn split_tag(line: &str) -> (Option<&str>, &str) {
    let Some(rest) = line.strip_prefix('[') else {
        return (None, line);
    };
    match rest.split_once(']') {
        Some((tag, words)) => (Some(tag), words.trim_start()),
        None => (None, line),
    }
}

fn within_limits(transcript: &Transcript) -> Result<(), ReadError> {
    let turns = transcript.turns.len();
    if turns == 0 {
        return Err(ReadError::Empty);
    }
    if turns > MAX_TURNS {
        return Err(ReadError::TooManyTurns { turns });
    }
    for (turn, t) in transcript.turns.iter().enumerate() {
        if t.text.len() > MAX_TURN_BYTES {
            return Err(ReadError::TurnTooLong { turn, bytes: t.text.len() });
        }
        if t.start_s < 0.0 || t.end_s < t.start_s || !(0.0..=1.0).contains(&t.confidence) {
            return Err(ReadError::BadNumber { turn });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_with_and_without_tags_are_read() {
        let t = read_transcript(b"[doctor] hello there\n\n  [patient]  my knee hurts \r\nand swells\n").unwrap();
        let seen: Vec<(&str, &str)> = t.turns.iter().map(|t| (t.speaker.as_str(), t.text.as_str())).collect();
        assert_eq!(seen, [("doctor", "hello there"), ("patient", "my knee hurts"), ("patient", "and swells")]);
    }

    #[test]
    fn the_json_of_transcribe_is_read() {
        let json = br#"{"engine":{"name":"whisper.cpp","model":"ggml-base-q8_0"},"language":"en","duration_s":61.2,"elapsed_s":7.1,
            "turns":[{"speaker":"S1","start_s":0.4,"end_s":3.9,"text":"Good morning.","confidence":0.93}],"gaps":[{"start_s":20.1,"end_s":22.8,"reason":"not_understood"}]}"#;
        let t = read_transcript(json).unwrap();
        assert_eq!((t.turns[0].text.as_str(), t.gaps.len(), t.engine.name.as_str()), ("Good morning.", 1, "whisper.cpp"));
    }

    #[test]
    fn broken_input_is_refused_with_its_place_and_without_its_words() {
        assert!(matches!(read_transcript(b"[doctor] hi\n[patient] \xff"), Err(ReadError::NotUtf8 { line: 2, column: 11, .. })));
        let error = read_transcript(b"{\"turns\":[{\"text\":\n \"secret\" 4}]}").unwrap_err();
        assert!(matches!(error, ReadError::Json { line: 2, .. }), "{error}");
        assert!(!error.to_string().contains("secret"));
        assert!(matches!(read_transcript(b"{\"turns\":[{\"speaker\":\"x\"}]}"), Err(ReadError::Json { .. })));
        assert!(matches!(read_transcript(b" \n\t\n"), Err(ReadError::Empty)));
        assert!(matches!(
            read_transcript(b"{\"turns\":[{\"text\":\"a\",\"start_s\":5,\"end_s\":1}]}"),
            Err(ReadError::BadNumber { turn: 0 })
        ));
        assert!(matches!(read_transcript(&vec![b'a'; MAX_BYTES + 1]), Err(ReadError::TooLarge { .. })));
        assert!(matches!(read_transcript(&vec![b'a'; MAX_TURN_BYTES + 1]), Err(ReadError::TurnTooLong { turn: 0, .. })));
        assert!(matches!(read_transcript("a\n".repeat(MAX_TURNS + 1).as_bytes()), Err(ReadError::TooManyTurns { .. })));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_transcript(&bytes);
        }
    }
}
