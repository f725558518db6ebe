//! Sound files through the public door: words that were said come out, nothing is made up, and no file can do harm.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use proptest::prelude::*;
use scribe::audio::{AudioError, Keep, Reader, read_mono};
use scribe::speakers::told_apart;
use scribe::transcribe::{Options, TranscribeError, Whisper, transcribe_file, transcribe_file_with};
use scribe::transcript::Transcript;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/audio").join(name)
}

/// One recogniser for all tests, one after the other: two at once on few cores only wait for each other.
fn transcribe(path: &Path) -> Transcript {
    static RECOGNISER: LazyLock<Mutex<Whisper>> = LazyLock::new(|| Mutex::new(Options::default().load_recogniser().unwrap()));
    let mut recogniser = RECOGNISER.lock().unwrap_or_else(PoisonError::into_inner);
    transcribe_file_with(path, &mut *recogniser, &Options::default(), |_| {}).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn text(transcript: &Transcript) -> String {
    plain(&transcript.turns.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" "))
}

fn plain(text: &str) -> String {
    let kept: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() || c == '\'' { c } else { ' ' }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn write_wav(path: &Path, rate: u32, channels: &[Vec<f32>]) {
    let spec =
        hound::WavSpec { channels: channels.len() as u16, sample_rate: rate, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for i in 0..channels[0].len() {
        for channel in channels {
            writer.write_sample((channel[i].clamp(-1.0, 1.0) * 32_000.0) as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
}

/// Words that differ, in the least number of edits, by words said.
fn word_error(said: &str, heard: &str) -> f64 {
    let (said, heard): (Vec<&str>, Vec<&str>) = (said.split(' ').collect(), heard.split(' ').collect());
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (i, s) in said.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, h) in heard.iter().enumerate() {
            let best = (diagonal + usize::from(s != h)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = best;
        }
    }
    row[heard.len()] as f64 / said.len() as f64
}

#[test]
fn a_speech_is_written_down_with_times_and_probabilities() {
    let transcript = transcribe(&data("jfk.flac"));
    assert_eq!(
        text(&transcript),
        "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
    );
    assert!((transcript.duration_s - 11.0).abs() < 0.01);
    assert_eq!(transcript.engine.model.as_deref(), Some("ggml-base-q8_0"));
    assert!(transcript.gaps.is_empty(), "{:?}", transcript.gaps);
    let mut at = 0.0;
    for turn in &transcript.turns {
        assert!(turn.start_s >= at && turn.end_s > turn.start_s && turn.end_s <= transcript.duration_s);
        assert!(turn.confidence > 0.3 && turn.confidence <= 1.0);
        assert_eq!(turn.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" "), turn.text);
        at = turn.end_s;
    }
}

#[test]
fn every_format_gives_the_same_words() {
    let said = "and mr john dashwood had then leisure to consider how much there might be prudently in his power to do for them";
    for name in ["librivox-0870.flac", "librivox-0870.ogg", "librivox-0870.mp3"] {
        let heard = text(&transcribe(&data(name)));
        assert!(word_error(said, &heard) <= 0.05, "{name}: {heard}");
    }
}

#[test]
fn a_consultation_comes_out_in_turns_that_do_not_pretend_to_know_who_spoke() {
    let transcript = transcribe(&data("synthetic-consultation.flac"));
    let said = plain(
        "Hello? Hi. Um, should we start? Yeah, okay. Hello how um. Good morning sir, how can I help you this morning? \
         Hello, how are you? Oh hey, um, I've just had some diarrhea for the last three days, um, and it's been affecting me \
         I need to stay close to the toilet. And, um, yeah, it's been affecting my day-to-day activities.",
    );
    let error = word_error(&said, &text(&transcript));
    assert!(error < 0.2, "word error {error}: {}", text(&transcript));
    assert!(transcript.turns.len() >= 5, "{} turns", transcript.turns.len());
    assert!(!told_apart(&transcript));
}

#[test]
fn two_microphones_tell_two_people_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pair.wav");
    let (one, two) = (read_mono(&data("librivox-0870.flac"), 60).unwrap(), read_mono(&data("jfk.flac"), 60).unwrap());
    let silence = |n: usize| vec![0.0; n];
    let left = [one.clone(), silence(two.len())].concat();
    let right = [silence(one.len()), two].concat();
    write_wav(&path, 16_000, &[left, right]);
    let transcript = transcribe(&path);
    assert!(told_apart(&transcript));
    for turn in &transcript.turns {
        let words = plain(&turn.text);
        assert_eq!(turn.speaker, if turn.start_s < 7.0 { "S1" } else { "S2" }, "{words}");
    }
    assert!(text(&transcript).contains("leisure to consider") && text(&transcript).contains("my fellow americans"));
}

#[test]
fn where_nobody_speaks_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quiet.wav");
    let mut seed = 1_u32;
    let mut noise = |gain: f32| -> Vec<f32> {
        (0..16_000 * 40)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 8) as f32 / (1 << 23) as f32 * gain - gain
            })
            .collect()
    };
    let hum: Vec<f32> = (0..16_000 * 40).map(|i| (i as f32 * 50.0 * std::f32::consts::TAU / 16_000.0).sin() * 0.2).collect();
    for (name, sound) in [("silence", vec![0.0; 16_000 * 40]), ("hiss", noise(0.01)), ("loud noise", noise(0.3)), ("mains hum", hum)] {
        write_wav(&path, 16_000, &[sound]);
        let transcript = transcribe(&path);
        assert!(transcript.turns.is_empty(), "{name}: {:?}", text(&transcript));
        assert!((transcript.duration_s - 40.0).abs() < 0.01);
    }
}

#[test]
fn speech_after_a_long_silence_keeps_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("late.wav");
    let speech = read_mono(&data("librivox-0870.flac"), 60).unwrap();
    write_wav(&path, 16_000, &[[vec![0.0; 16_000 * 65], speech.clone(), vec![0.0; 16_000 * 35], speech].concat()]);
    let transcript = transcribe(&path);
    let starts: Vec<f64> = transcript.turns.iter().map(|t| t.start_s).collect();
    assert!(starts[0] > 64.5 && starts[0] < 67.0, "{starts:?}");
    assert!(starts.iter().any(|s| *s > 106.5 && *s < 109.0), "{starts:?}");
    assert_eq!(text(&transcript).matches("dashwood").count(), 2, "{}", text(&transcript));
}

#[test]
fn a_language_or_a_model_that_is_not_there_is_refused_by_name() {
    let path = data("librivox-0870.flac");
    for language in ["xx", "", "EN", "e\0n", "english please"] {
        let options = Options { language: language.to_owned(), ..Options::default() };
        assert!(matches!(transcribe_file(&path, &options), Err(TranscribeError::Language(_))), "{language:?}");
    }
    let options = Options { model: "ggml-huge".to_owned(), ..Options::default() };
    let error = transcribe_file(&path, &options).unwrap_err();
    assert!(matches!(error, TranscribeError::Model(_)) && error.to_string().contains("ggml-huge"), "{error}");
}

#[test]
fn the_language_can_be_found_by_ear() {
    let options = Options { language: "auto".to_owned(), ..Options::default() };
    assert_eq!(transcribe_file(&data("jfk.flac"), &options).unwrap().language, "en");
}

/// Reads a file to its end: seconds, or the refusal.
fn read(path: &Path) -> Result<f64, AudioError> {
    let mut reader = Reader::open(path, Keep::Pair)?;
    let mut frames = 0;
    while let Some(block) = reader.next_block()? {
        assert!(block.iter().flatten().all(|x| x.is_finite() && x.abs() < 4.0));
        frames += block[0].len();
    }
    Ok(frames as f64 / 16_000.0)
}

#[test]
fn every_odd_or_broken_wav_is_read_or_refused_by_name() {
    let mut read_well = 0;
    for entry in std::fs::read_dir(data("malformed")).unwrap() {
        let path = entry.unwrap().path();
        match read(&path) {
            Ok(seconds) => {
                assert!(seconds < 2.0, "{}: {seconds} s", path.display());
                read_well += 1;
            }
            Err(error) => assert!(error.to_string().len() > 10, "{}: {error}", path.display()),
        }
    }
    assert!(read_well >= 8, "only {read_well} of the odd but sound files were read");
}

#[test]
fn a_header_that_promises_four_gigabytes_is_believed_only_as_far_as_there_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.wav");
    write_wav(&path, 16_000, &[vec![0.1; 16_000]]);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    bytes[40..44].copy_from_slice(&(u32::MAX - 8).to_le_bytes());
    std::fs::write(&path, &bytes).unwrap();
    let seconds = read(&path).unwrap();
    assert!(seconds > 0.9 && seconds <= 1.0, "{seconds}");
    std::fs::write(&path, &bytes[..44]).unwrap();
    assert!(matches!(read(&path), Err(AudioError::NoSound("WAV"))));
}

#[test]
fn other_files_are_refused_by_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let cases: [(&[u8], &str); 7] = [
        (b"", "empty"),
        (b"%PDF-1.7 not sound", "a PDF file"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", "an MP4, M4A or 3GP file"),
        (b"PK\x03\x04zip", "a ZIP or Office file"),
        (b"RIFX\0\0\0\0WAVEfmt ", "RIFX"),
        (b"RIFF\0\0\0\0AVI LIST", "AVI"),
        (b"hello, this is plain text", "an unknown kind of file"),
    ];
    for (bytes, name) in cases {
        std::fs::write(&path, bytes).unwrap();
        let error = transcribe_file(&path, &Options::default()).unwrap_err();
        assert!(matches!(error, TranscribeError::Audio(_)) && error.to_string().contains(name), "{error}");
    }
    assert!(matches!(read(&folder.path().join("missing.wav")), Err(AudioError::Io(_))));
    assert!(read(folder.path()).is_err(), "a folder is no sound");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn damaged_files_never_panic_nor_grow(
        name in prop::sample::select(vec!["librivox-0870.ogg", "librivox-0870.mp3", "librivox-0870.flac", "malformed/hound-pop.wav"]),
        cut in 0.0..1.0_f64,
        damage in prop::collection::vec((0.0..1.0_f64, any::<u8>()), 0..12),
    ) {
        let mut bytes = std::fs::read(data(name)).unwrap();
        // Headers are where the numbers are: half of the damage lands in the first 200 bytes.
        let length = bytes.len();
        for (i, (at, with)) in damage.into_iter().enumerate() {
            let span = if i % 2 == 0 { length.min(200) } else { length };
            bytes[(at * span as f64) as usize] = with;
        }
        bytes.truncate((cut * 2.0 * length as f64) as usize);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        if let Ok(seconds) = read(file.path()) {
            prop_assert!(seconds < 3_600.0, "{seconds} s out of {} bytes", bytes.len());
        }
    }
}
