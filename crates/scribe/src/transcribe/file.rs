//! A whole sound file to a transcript, in memory that does not grow with the file.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::models::{self, Kind, Trust};
use super::{Heard, Recogniser, TranscribeError, Whisper, all_threads, hear};
use crate::audio::{Keep, Reader};
use crate::resample::RATE;
use crate::speakers;
use crate::transcript::Transcript;
use crate::vad::{Chunk, Cutter, Pace, Vad};

/// How to transcribe.
#[derive(Debug, Clone)]
pub struct Options {
    /// ISO 639-1 code, or `auto`: then the first speech decides, once.
    pub language: String,
    /// Model file name without `.bin`.
    pub model: String,
    /// Folder of the models; `None`: see [`models::folder`].
    pub folder: Option<PathBuf>,
    /// Whether a model that is not pinned may be loaded.
    pub trust: Trust,
    /// Threads of the recogniser.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { language: "en".to_owned(), model: models::DEFAULT.to_owned(), folder: None, trust: Trust::Pinned, threads: all_threads() }
    }
}

impl Options {
    /// Finds, checks and loads the recogniser.
    pub fn load_recogniser(&self) -> Result<Whisper, TranscribeError> {
        let model = models::find(&self.model, Kind::Speech, self.folder.as_deref(), self.trust)?;
        Whisper::load(&model, self.threads)
    }

    /// Finds, checks and loads the speech detector.
    pub fn load_vad(&self) -> Result<Vad, TranscribeError> {
        let model = models::find(models::VAD, Kind::Vad, self.folder.as_deref(), self.trust)?;
        Ok(Vad::load(model.path())?)
    }
}

/// Reads a WAV, FLAC, OGG Vorbis or MP3 file and transcribes it with the embedded recogniser. Nothing is kept.
/// `elapsed_s` counts everything, loading included. A bad file is refused before a model is loaded.
pub fn transcribe_file(path: &Path, options: &Options) -> Result<Transcript, TranscribeError> {
    let began = Instant::now();
    Reader::open(path, Keep::Mono)?;
    let mut recogniser = options.load_recogniser()?;
    let mut transcript = transcribe_file_with(path, &mut recogniser, options, |_| {})?;
    transcript.elapsed_s = super::turns::to_millis(began.elapsed().as_secs_f64());
    Ok(transcript)
}

/// The same with a recogniser that is already loaded. `progress` gets the seconds of sound that are done.
pub fn transcribe_file_with(
    path: &Path,
    recogniser: &mut dyn Recogniser,
    options: &Options,
    mut progress: impl FnMut(f64),
) -> Result<Transcript, TranscribeError> {
    let began = Instant::now();
    let separate = speakers::on_separate_channels(path)?;
    let mut reader = Reader::open(path, if separate { Keep::Pair } else { Keep::Mono })?;
    let mut channels = Vec::new();
    for label in [speakers::FIRST, speakers::SECOND].into_iter().take(if separate { 2 } else { 1 }) {
        channels.push((label, Cutter::new(options.load_vad()?, Pace::FILE)));
    }
    let mut language = (options.language != "auto").then(|| options.language.clone());
    let mut heard = Heard::default();
    let mut listen = |recogniser: &mut dyn Recogniser, chunks: Vec<Chunk>, label: &str| -> Result<(), TranscribeError> {
        for chunk in chunks {
            let language = match &mut language {
                Some(known) => known,
                unknown => unknown.insert(recogniser.detect_language(&chunk.samples)?),
            };
            heard.append(hear(recogniser, &chunk, language, label)?);
            progress(chunk.end_s());
        }
        Ok(())
    };
    let mut samples = 0;
    while let Some(block) = reader.next_block()? {
        samples += block.first().map_or(0, Vec::len);
        for ((label, cutter), sound) in channels.iter_mut().zip(&block) {
            listen(recogniser, cutter.push(sound)?, label)?;
        }
    }
    for (label, cutter) in &mut channels {
        listen(recogniser, cutter.flush()?, label)?;
    }
    let mut turns = heard.turns;
    turns.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    let mut gaps = heard.gaps;
    gaps.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    Ok(Transcript {
        engine: recogniser.engine(),
        language: language.unwrap_or_else(|| "en".to_owned()),
        duration_s: super::turns::to_millis(samples as f64 / f64::from(RATE)),
        elapsed_s: super::turns::to_millis(began.elapsed().as_secs_f64()),
        turns,
        gaps,
    })
}
