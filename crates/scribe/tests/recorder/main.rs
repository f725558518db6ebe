//! Real sound: speech is played into a virtual microphone, recorded through the sound system, sealed, read back and understood.
//!
//! Wants the private session of `docs/recipes/run-in-a-private-session.md`, which the repository's test step runs in.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod desk;

use desk::{Desk, ID, Lock, contains, likeness, plain, samples_of};
use scribe::capture::CaptureError;
use scribe::recorder::{Recorder, RecorderError, RecorderEvent, transcribe_spool};
use scribe::spool::{SpoolError, SpoolReader, recover};

#[test]
fn speech_is_sealed_as_it_is_said_and_its_text_arrives_before_the_recording_ends() {
    let desk = Desk::new();
    let (mut recorder, events) = desk.record(Some(desk.text()));
    events.until("the first sound", |e| matches!(e, RecorderEvent::Started));
    desk.say("jfk.flac");
    // The recording goes on: what was said becomes text by itself.
    events.until("the end of the speech as text", |e| matches!(e, RecorderEvent::Turn(t) if plain(&t.text).contains("for your country")));
    let stopped = recorder.stop().unwrap();
    events.until("all text", |e| matches!(e, RecorderEvent::TextSettled));

    let turns = events.turns();
    let heard = plain(&turns.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" "));
    assert!(heard.contains("ask not what your country can do for you"), "{heard}");
    assert!(turns.windows(2).all(|t| t[0].end_s <= t[1].start_s + 0.01), "{turns:?}");
    assert!(events.any(|e| matches!(e, RecorderEvent::Level { peak, .. } if *peak > 0.1)), "the level meter stood still");

    // The sealed file: whole, closed in order, and the sound that was played is in it.
    assert!(stopped.in_order && stopped.path == recorder.path());
    let found = recover(&stopped.path).unwrap();
    assert_eq!((found.recording_id, found.chunks, found.stopped_in_order, found.torn_bytes), (ID, stopped.chunks, true, 0));
    let sound = samples_of(&stopped.path);
    assert!((sound.len() as f64 / 16_000.0 - stopped.duration_s).abs() < 0.001 && stopped.duration_s > 11.0, "{stopped:?}");
    let alike = likeness(&sound, &desk::played("jfk.flac"));
    assert!(alike > 0.8, "what was recorded follows what was played by {alike:.2} only");
    let sealed = std::fs::read(&stopped.path).unwrap();
    let loud = sound.windows(16).find(|w| w.iter().all(|s| s.abs() > 500)).unwrap();
    let clear: Vec<u8> = loud.iter().flat_map(|s| s.to_le_bytes()).collect();
    assert!(!contains(&sealed, &clear), "sound lies in the clear on disk");

    // Read back from disk it says the same, as it will after a crash.
    let again = desk.transcribe(&stopped.path);
    assert!(plain(&again).contains("ask not what your country can do for you"), "{again}");
}

#[test]
fn what_is_said_in_a_pause_is_in_no_file_and_no_text() {
    let desk = Desk::new();
    let (mut recorder, events) = desk.record(None);
    events.until("the first sound", |e| matches!(e, RecorderEvent::Started));
    desk.say("librivox-0870.flac");
    events.until_quiet();
    recorder.pause().unwrap();
    events.until("the pause", |e| matches!(e, RecorderEvent::Paused));
    let paused = std::time::Instant::now();
    desk.say("jfk.flac");
    let away = paused.elapsed();
    recorder.resume().unwrap();
    events.until("the end of the pause", |e| matches!(e, RecorderEvent::Resumed));
    desk.say("librivox-0870.flac");
    events.until_quiet();
    let stopped = recorder.stop().unwrap();
    assert!(recorder.pause().is_err() && recorder.stop().is_err(), "the recording has ended");

    let mut reader = SpoolReader::open(&stopped.path).unwrap();
    let mut missing = Vec::new();
    while let Some(sound) = reader.next_sound(&Lock).unwrap() {
        missing.extend((sound.missing_ms > 0).then_some(sound.missing_ms));
    }
    assert!(matches!(missing[..], [ms] if u128::from(ms) + 500 >= away.as_millis()), "{missing:?} for {away:?}");
    let mut progress = 0.0;
    let (mut recogniser, vad) = desk.models();
    let transcript = transcribe_spool(&stopped.path, &Lock, &mut recogniser, vad, "en", |s| progress = s).unwrap();
    assert!((progress - stopped.duration_s).abs() < 0.001);
    let text = plain(&transcript.turns.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" "));
    assert_eq!(text.matches("dashwood").count(), 2, "{text}");
    assert!(!text.contains("americans") && !text.contains("ask not"), "{text}");
    let gap = transcript.gaps.iter().find(|g| g.reason == "not_recorded").expect("the pause is in the transcript");
    assert!(
        transcript.turns.iter().any(|t| t.end_s <= gap.start_s + 0.5) && transcript.turns.iter().any(|t| t.start_s >= gap.start_s - 0.5)
    );
}

#[test]
fn at_lock_the_text_falls_silent_and_at_unlock_it_comes_back_from_disk() {
    let desk = Desk::new();
    let (mut recorder, events) = desk.record(None);
    events.until("the first sound", |e| matches!(e, RecorderEvent::Started));
    desk.say("librivox-0870.flac");
    events.until_quiet();
    recorder.attach_text(desk.text()).unwrap();
    events.until("what was said before", |e| matches!(e, RecorderEvent::Turn(t) if plain(&t.text).contains("dashwood")));
    recorder.detach_text();
    let locked = events.turns().len();
    desk.say("jfk.flac");
    events.until_quiet();
    assert_eq!(events.turns().len(), locked, "text came from a locked desk");
    recorder.attach_text(desk.text()).unwrap();
    events.until("what was said while locked", |e| matches!(e, RecorderEvent::Turn(t) if plain(&t.text).contains("for your country")));
    recorder.stop().unwrap();
    events.until("all text", |e| matches!(e, RecorderEvent::TextSettled));
    let text = plain(&events.turns().iter().map(|t| t.text.clone()).collect::<Vec<_>>().join(" "));
    assert_eq!((text.matches("dashwood").count(), text.matches("americans").count()), (1, 1), "{text}");
    assert!(!events.any(|e| matches!(e, RecorderEvent::NotYetText { .. } | RecorderEvent::TextFailed(_))));
}

#[test]
fn a_microphone_that_falls_silent_is_told_and_the_recording_goes_on_when_it_is_back() {
    let desk = Desk::new();
    let (mut recorder, events) = desk.record(None);
    events.until("the first sound", |e| matches!(e, RecorderEvent::Started));
    desk.say("librivox-0870.flac");
    events.until_quiet();
    let unplugged = desk.unplug();
    events.until("the loss", |e| matches!(e, RecorderEvent::DeviceLost { .. }));
    drop(unplugged);
    events.until("the return", |e| matches!(e, RecorderEvent::DeviceBack { .. }));
    desk.say("jfk.flac");
    events.until_quiet();
    let stopped = recorder.stop().unwrap();
    assert!(stopped.in_order);
    let text = plain(&desk.transcribe(&stopped.path));
    assert!(text.contains("dashwood") && text.contains("for your country"), "{text}");
}

#[test]
fn a_recording_that_cannot_begin_says_why_and_leaves_no_file() {
    let desk = Desk::new();
    let start = |device: Option<&str>, file: std::path::PathBuf| {
        let config = desk.config(device.map(str::to_owned), file, None);
        Recorder::start(config, |event| panic!("{event:?}")).err()
    };
    for device in ["alsa:no-such-microphone", "nonsense", ""] {
        let error = start(Some(device), desk.file());
        assert!(matches!(error, Some(RecorderError::Capture(CaptureError::NotConnected))), "{device:?}: {error:?}");
    }
    assert!(!desk.file().exists());
    std::fs::create_dir_all(desk.file().parent().unwrap()).unwrap();
    std::fs::write(desk.file(), "in the way").unwrap();
    for taken in [desk.file(), desk.file().join("below")] {
        let error = start(None, taken);
        assert!(matches!(error, Some(RecorderError::Spool(SpoolError::Io(_)))), "{error:?}");
    }
    assert_eq!(std::fs::read(desk.file()).unwrap(), b"in the way");
}

#[test]
fn the_virtual_microphone_is_in_the_list_once_and_first() {
    let _desk = Desk::new();
    let list = scribe::capture::microphones().unwrap();
    assert!(list[0].is_default, "{list:?}");
    let mut ids: Vec<&str> = list.iter().map(|m| m.id.as_str()).collect();
    ids.dedup();
    assert_eq!(ids.len(), list.len(), "{list:?}");
}
