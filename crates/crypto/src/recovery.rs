//! The recovery kit: 256 random bits as 24 English words.
//!
//! Words and checksum are BIP-39's (11 bits a word, the last 8 bits are SHA-256's first byte). Only the encoding is
//! taken: no seed is stretched from the words. Must never print a word.

use bip39::{Language, Mnemonic};
use zeroize::Zeroizing;

use crate::key::SecretKey;

/// Words in a kit.
pub const WORDS: usize = 24;

/// What is wrong with typed words. Positions count from one; no error repeats a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryWordsError {
    #[error("a recovery kit has {WORDS} words, not {found}")]
    Count { found: usize },
    #[error("word {position} is not in the word list")]
    UnknownWord { position: usize },
    #[error("all words are known, but together they are no recovery kit: one is wrong or two changed places")]
    Checksum,
}

/// The printed secret that opens the vault key.
pub struct RecoveryKey(SecretKey);

impl RecoveryKey {
    #[must_use]
    pub fn make_random() -> Self {
        Self(SecretKey::make_random())
    }

    #[must_use]
    pub fn from_secret(secret: SecretKey) -> Self {
        Self(secret)
    }

    #[must_use]
    pub fn secret(&self) -> &SecretKey {
        &self.0
    }

    /// The 24 words in lower case, one space between.
    #[must_use]
    pub fn to_words(&self) -> Zeroizing<String> {
        let mnemonic = Mnemonic::from_entropy_in(Language::English, self.0.expose()).expect("256 bits are 24 words");
        // Longest word: 8 letters. One allocation, so that no copy is left behind by growing.
        let mut words = Zeroizing::new(String::with_capacity(WORDS * 9));
        for word in mnemonic.words() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
        words
    }

    /// Reads words as people type them: any case, spacing and line breaks, also with commas or numbers between.
    ///
    /// # Errors
    /// Which word is unknown, how many there are, or that the checksum fails.
    pub fn from_words(typed: &str) -> Result<Self, RecoveryWordsError> {
        // Lower case may be longer than the original, twice at most for what is alphabetic.
        let mut words = Zeroizing::new(String::with_capacity(typed.len() * 2 + 1));
        let mut found = 0;
        for word in typed.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
            found += 1;
            if found > WORDS {
                continue;
            }
            if found > 1 {
                words.push(' ');
            }
            words.extend(word.chars().flat_map(char::to_lowercase));
        }
        let list = Language::English;
        if let Some(at) = words.split(' ').position(|word| !word.is_empty() && list.find_word(word).is_none()) {
            return Err(RecoveryWordsError::UnknownWord { position: at + 1 });
        }
        if found != WORDS {
            return Err(RecoveryWordsError::Count { found });
        }
        let mnemonic = Mnemonic::parse_in_normalized(list, &words).map_err(|_| RecoveryWordsError::Checksum)?;
        let (mut entropy, length) = mnemonic.to_entropy_array();
        let secret = SecretKey::from_slice(&entropy[..length]);
        zeroize::Zeroize::zeroize(&mut entropy);
        secret.map(Self).ok_or(RecoveryWordsError::Checksum)
    }
}
