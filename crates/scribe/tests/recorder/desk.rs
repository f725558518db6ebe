//! A desk with a virtual microphone: says things, records them, and hears what the recorder tells.

use std::cell::RefCell;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use aes_gcm_siv::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use scribe::audio::read_mono;
use scribe::recorder::{Recorder, RecorderConfig, RecorderEvent, TextParts, transcribe_spool};
use scribe::spool::{ChunkOpener, ChunkSealer, RecordingId, SealError, SpoolReader};
use scribe::transcribe::{Options, Whisper};
use scribe::transcript::Turn;
use scribe::vad::Vad;
use zeroize::Zeroizing;

pub const ID: RecordingId = *b"a test recording";
/// A machine that builds beside it may be slow; what never comes is noticed after this.
const PATIENCE: Duration = Duration::from_secs(240);

/// Stands for the vault: seals and opens with a real cipher, binding recording and place.
pub struct Lock;

impl Lock {
    fn cipher(index: u32) -> (Aes256GcmSiv, Nonce) {
        let mut nonce = Nonce::default();
        nonce[..4].copy_from_slice(&index.to_le_bytes());
        (Aes256GcmSiv::new(&[7; 32].into()), nonce)
    }
}

impl ChunkSealer for Lock {
    fn seal(&self, id: &RecordingId, index: u32, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let (cipher, nonce) = Self::cipher(index);
        cipher.encrypt(&nonce, Payload { msg: plaintext, aad: id }).map_err(|e| SealError(e.to_string().into()))
    }
}

impl ChunkOpener for Lock {
    fn open(&self, id: &RecordingId, index: u32, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (cipher, nonce) = Self::cipher(index);
        let plain = cipher.decrypt(&nonce, Payload { msg: sealed, aad: id });
        plain.map(Zeroizing::new).map_err(|e| SealError(e.to_string().into()))
    }
}

pub struct Desk {
    folder: tempfile::TempDir,
    /// The microphone is one for all tests of a session: they take turns.
    _microphone: File,
}

impl Desk {
    pub fn new() -> Self {
        let session = std::env::var_os("GLADSTONE_SESSION").expect(
            "this test speaks into a virtual microphone, which is there only in a private session: \
             run `cargo xtask session -- cargo test -p scribe`, or all tests by `cargo xtask test`",
        );
        let microphone = File::create(Path::new(&session).join("microphone.lock")).unwrap();
        microphone.lock().unwrap();
        sound("pactl", &["info"]);
        Self { folder: tempfile::tempdir().unwrap(), _microphone: microphone }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("spool/visit.spool")
    }

    pub fn config(&self, device: Option<String>, path: PathBuf, text: Option<TextParts>) -> RecorderConfig {
        let vad = Some(Options::default().load_vad().unwrap());
        RecorderConfig { device, path, recording_id: ID, sealer: Box::new(Lock), vad, text }
    }

    pub fn record(&self, text: Option<TextParts>) -> (Recorder, Events) {
        let (tell, coming) = channel();
        let recorder = Recorder::start(self.config(None, self.file(), text), move |event| {
            // The test may have ended before the recorder.
            let _ = tell.send(event);
        });
        (recorder.unwrap(), Events { coming, come: RefCell::default() })
    }

    pub fn models(&self) -> (Whisper, Vad) {
        (Options::default().load_recogniser().unwrap(), Options::default().load_vad().unwrap())
    }

    pub fn text(&self) -> TextParts {
        let (recogniser, vad) = self.models();
        TextParts { recogniser: Box::new(recogniser), vad, language: "en".to_owned(), opener: Some(Box::new(Lock)) }
    }

    /// The words of a sealed recording.
    pub fn transcribe(&self, spool: &Path) -> String {
        let (mut recogniser, vad) = self.models();
        let transcript = transcribe_spool(spool, &Lock, &mut recogniser, vad, "en", |_| {}).unwrap();
        transcript.turns.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Plays a file into the microphone, to its end.
    pub fn say(&self, name: &str) {
        sound("paplay", &["--device=vmic", &data(name).to_string_lossy()]);
    }

    /// The microphone gives nothing until the result is dropped.
    pub fn unplug(&self) -> Unplugged {
        sound("pactl", &["suspend-source", "mic", "1"]);
        Unplugged
    }
}

pub struct Unplugged;

impl Drop for Unplugged {
    fn drop(&mut self) {
        sound("pactl", &["suspend-source", "mic", "0"]);
    }
}

/// Runs a program of the sound server; one that fails is the end of the test.
fn sound(program: &str, args: &[&str]) {
    let output = Command::new(program).args(args).output().unwrap_or_else(|e| panic!("{program} cannot be started: {e}"));
    assert!(output.status.success(), "the session's sound server refuses {program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// What the recorder told so far, and what it will tell.
pub struct Events {
    coming: Receiver<RecorderEvent>,
    come: RefCell<Vec<RecorderEvent>>,
}

impl Events {
    /// Waits for an event; `what` names it where it does not come.
    pub fn until(&self, what: &str, mut is: impl FnMut(&RecorderEvent) -> bool) {
        let began = Instant::now();
        loop {
            let event = self.coming.recv_timeout(PATIENCE.saturating_sub(began.elapsed()));
            let event = event.unwrap_or_else(|_| panic!("{what} did not come; what came: {:?}", self.but_levels()));
            let found = is(&event);
            self.come.borrow_mut().push(event);
            if found {
                return;
            }
        }
    }

    /// Waits until all that was played has been recorded: one second of nothing.
    pub fn until_quiet(&self) {
        let mut quiet = 0;
        self.until("silence", |event| {
            if let RecorderEvent::Level { peak, .. } = event {
                quiet = if *peak < 0.001 { quiet + 1 } else { 0 };
            }
            quiet == 10
        });
    }

    pub fn any(&self, is: impl Fn(&RecorderEvent) -> bool) -> bool {
        self.take_in();
        self.come.borrow().iter().any(is)
    }

    pub fn turns(&self) -> Vec<Turn> {
        self.take_in();
        self.come.borrow().iter().filter_map(|e| if let RecorderEvent::Turn(t) = e { Some(t.clone()) } else { None }).collect()
    }

    fn take_in(&self) {
        self.come.borrow_mut().extend(self.coming.try_iter());
    }

    fn but_levels(&self) -> Vec<String> {
        self.come.borrow().iter().filter(|e| !matches!(e, RecorderEvent::Level { .. })).map(|e| format!("{e:?}")).collect()
    }
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/audio").join(name)
}

/// What a file sounds like, at 16 kHz.
pub fn played(name: &str) -> Vec<i16> {
    read_mono(&data(name), 60).unwrap().iter().map(|s| (s * 32_767.0) as i16).collect()
}

pub fn samples_of(spool: &Path) -> Vec<i16> {
    let mut reader = SpoolReader::open(spool).unwrap();
    let mut samples = Vec::new();
    while let Some(sound) = reader.next_sound(&Lock).unwrap() {
        samples.extend_from_slice(&sound.samples);
    }
    samples
}

/// How well the loudness of `played` is found somewhere in `recorded`, 0 to 1, in steps of 20 ms.
pub fn likeness(recorded: &[i16], played: &[i16]) -> f64 {
    let loudness = |sound: &[i16]| -> Vec<f64> {
        sound.chunks(320).map(|c| (c.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / c.len() as f64).sqrt()).collect()
    };
    let (recorded, played) = (loudness(recorded), loudness(played));
    (0..=recorded.len().saturating_sub(played.len())).map(|at| correlation(&recorded[at..at + played.len()], &played)).fold(0.0, f64::max)
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (ma, mb) = (mean(a), mean(b));
    let both: f64 = a.iter().zip(b).map(|(a, b)| (a - ma) * (b - mb)).sum();
    let own = |x: &[f64], m: f64| x.iter().map(|x| (x - m).powi(2)).sum::<f64>();
    both / (own(a, ma) * own(b, mb)).sqrt().max(1e-9)
}

pub fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

pub fn plain(text: &str) -> String {
    let kept: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() || c == '\'' { c } else { ' ' }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}
