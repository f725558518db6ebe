//! The embedded recogniser: whisper.cpp through `whisper-rs`, one window of at most 28 s at a time.
//!
//! Must never: print (whisper.cpp's own messages are dropped), take an initial prompt (word lists made it drop 20 s of speech), or carry
//! text from one window to the next (an invented phrase would breed).

use std::sync::Once;

use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperState, WhisperToken};

use super::models::Model;
use super::words::{Token, words};
use super::{Piece, Recogniser, TranscribeError};
use crate::resample::RATE;
use crate::transcript::Engine;

/// The token that whisper.cpp's multilingual vocabulary begins its time stamps with, relative to the end-of-text token.
const STAMP_S: f64 = 0.02;
/// Shortest sound that whisper.cpp takes without complaint, in samples (it wants more than 1 s).
const SHORTEST: usize = RATE as usize + RATE as usize / 10;

/// Drops all messages of whisper.cpp and ggml. Called by everything here that touches them.
pub(crate) fn silence_native_logs() {
    static ONCE: Once = Once::new();
    ONCE.call_once(whisper_rs::install_logging_hooks);
}

/// A loaded model with its working memory (about 370 MB for the default model); dropping it gives both back.
pub struct Whisper {
    state: WhisperState,
    name: String,
    multilingual: bool,
    first_stamp: i32,
    end_of_text: i32,
    threads: usize,
}

impl Whisper {
    /// Loads a checked model. `threads` is at least 1; see [`spare_threads`].
    pub fn load(model: &Model, threads: usize) -> Result<Self, TranscribeError> {
        cpu_is_new_enough()?;
        silence_native_logs();
        let mut params = WhisperContextParameters::default();
        params.use_gpu(false).flash_attn(false);
        let context = WhisperContext::new_with_params(model.path(), params)?;
        Ok(Self {
            name: model.name().to_owned(),
            multilingual: context.is_multilingual(),
            first_stamp: context.token_beg(),
            end_of_text: context.token_eot(),
            state: context.create_state()?,
            threads: threads.max(1),
        })
    }

    fn language(&self, language: &str) -> Result<(), TranscribeError> {
        if !knows_language(language) || (!self.multilingual && language != "en") {
            return Err(TranscribeError::Language(language.chars().take(20).collect()));
        }
        Ok(())
    }

    fn token(&self, token: &WhisperToken<'_, '_>) -> Result<Token, TranscribeError> {
        let data = token.token_data();
        let seconds = |t: i64| t as f64 / 100.0;
        Ok(Token {
            bytes: if data.id < self.end_of_text { token.to_bytes()?.to_vec() } else { Vec::new() },
            stamp_s: (data.id >= self.first_stamp).then(|| f64::from(data.id - self.first_stamp) * STAMP_S),
            start_s: seconds(data.t0),
            end_s: seconds(data.t1),
            probability: data.p,
        })
    }
}

impl Recogniser for Whisper {
    fn engine(&self) -> Engine {
        Engine { name: "whisper.cpp".to_owned(), model: Some(self.name.clone()), version: Some(whisper_rs::WHISPER_CPP_VERSION.to_owned()) }
    }

    fn detect_language(&mut self, samples: &[f32]) -> Result<String, TranscribeError> {
        if !self.multilingual {
            return Ok("en".to_owned());
        }
        self.state.pcm_to_mel(samples, self.threads)?;
        let (id, _) = self.state.lang_detect(0, self.threads)?;
        Ok(whisper_rs::get_lang_str(id).unwrap_or("en").to_owned())
    }

    fn recognise(&mut self, samples: &[f32], language: &str) -> Result<Vec<Piece>, TranscribeError> {
        self.language(language)?;
        let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
        params.set_n_threads(self.threads as i32);
        params.set_language(Some(language));
        params.set_translate(false);
        params.set_no_context(true);
        // One window, one pass: what it leaves out is looked at by the coverage guard instead of a blind second pass.
        params.set_single_segment(true);
        params.set_token_timestamps(true);
        params.set_suppress_nst(true);
        params.set_print_special(false);
        params.set_print_progress(false);
        params.set_print_realtime(false);
        params.set_print_timestamps(false);
        let padded;
        let samples = if samples.len() < SHORTEST {
            padded = zeroize::Zeroizing::new([samples, &vec![0.0; SHORTEST - samples.len()]].concat());
            &padded[..]
        } else {
            samples
        };
        self.state.full(params, samples)?;
        let end_s = samples.len() as f64 / f64::from(RATE);
        let mut pieces = Vec::new();
        for segment in self.state.as_iter() {
            let tokens =
                (0..segment.n_tokens()).filter_map(|i| segment.get_token(i)).map(|t| self.token(&t)).collect::<Result<Vec<_>, _>>()?;
            let silence = segment.no_speech_probability();
            // Stretches between time stamps: <|0.00|> words <|2.40|><|2.40|> words <|5.00|>
            let mut start_s = 0.0;
            let mut from = 0;
            for (i, token) in tokens.iter().enumerate() {
                let last = i + 1 == tokens.len();
                if token.stamp_s.is_none() && !last {
                    continue;
                }
                let to = token.stamp_s.unwrap_or(end_s).clamp(start_s, end_s.max(start_s));
                let (text, words) = words(&tokens[from..=i], start_s, to);
                if !words.is_empty() {
                    pieces.push(Piece { start_s, end_s: to, text, words, no_speech: silence });
                }
                start_s = to;
                from = i + 1;
            }
        }
        Ok(pieces)
    }
}

/// Whether this is the ISO 639-1 code of a language that the multilingual models know.
pub fn knows_language(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase()) && whisper_rs::get_lang_id(code).is_some()
}

/// Threads that leave one core to the window: for recognition while people work.
pub fn spare_threads() -> usize {
    all_threads().saturating_sub(1).max(1)
}

/// Threads for work that nobody waits beside: one a core, at most 8, beyond which the model gains nothing.
pub fn all_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(8)
}

/// whisper.cpp is built for x86 CPUs since about 2013 (`.cargo/config.toml`); on an older one it would die without a word.
#[cfg(target_arch = "x86_64")]
fn cpu_is_new_enough() -> Result<(), TranscribeError> {
    let missing = [
        ("SSE4.2", std::arch::is_x86_feature_detected!("sse4.2")),
        ("AVX", std::arch::is_x86_feature_detected!("avx")),
        ("AVX2", std::arch::is_x86_feature_detected!("avx2")),
        ("FMA", std::arch::is_x86_feature_detected!("fma")),
        ("F16C", std::arch::is_x86_feature_detected!("f16c")),
        ("BMI2", std::arch::is_x86_feature_detected!("bmi2")),
    ]
    .into_iter()
    .find(|(_, there)| !there);
    missing.map_or(Ok(()), |(name, _)| Err(TranscribeError::CpuTooOld(name)))
}

#[cfg(not(target_arch = "x86_64"))]
fn cpu_is_new_enough() -> Result<(), TranscribeError> {
    Ok(())
}
