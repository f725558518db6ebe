//! Which model files are loaded: found in one folder, and checked by sha256 before any parser sees them.
//!
//! Must never: fetch anything, or hand an unknown file to whisper.cpp, whose loader trusts its input, unless a person said so.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

/// What a model file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Speech to text.
    Speech,
    /// Where speech is.
    Vad,
}

/// An official model file, known by its hash.
#[derive(Debug)]
pub struct Pinned {
    /// File name without `.bin`; the name that a transcript carries.
    pub name: &'static str,
    pub kind: Kind,
    /// Lower-case hexadecimal.
    pub sha256: &'static str,
}

/// The recogniser that the app brings.
pub const DEFAULT: &str = "ggml-base-q8_0";
/// The speech detector that the app brings.
pub const VAD: &str = "ggml-silero-v6.2.0";

const fn speech(name: &'static str, sha256: &'static str) -> Pinned {
    Pinned { name, kind: Kind::Speech, sha256 }
}

/// Official files of `ggerganov/whisper.cpp` and `ggml-org/whisper-vad`, all multilingual.
pub const PINNED: &[Pinned] = &[
    speech(DEFAULT, "c577b9a86e7e048a0b7eada054f4dd79a56bbfa911fbdacf900ac5b567cbb7d9"),
    Pinned { name: VAD, kind: Kind::Vad, sha256: "2aa269b785eeb53a82983a20501ddf7c1d9c48e33ab63a41391ac6c9f7fb6987" },
    speech("ggml-tiny", "be07e048e1e599ad46341c8d2a135645097a538221678b7acdd1b1919c6e1b21"),
    speech("ggml-base", "60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe"),
    speech("ggml-small", "1be3a9b2063867b937e64e2ec7483364a79917e157fa98c5d94b5c1fffea987b"),
    speech("ggml-small-q8_0", "49c8fb02b65e6049d5fa6c04f81f53b867b5ec9540406812c643f177317f779f"),
    speech("ggml-medium", "6c14d5adee5f86394037b4e4e8b59f1673b6cee10e3cf0b11bbdbee79c156208"),
    speech("ggml-large-v3-turbo", "1fc70f774d38eb169993ac391eea357ef47c88757ef72ee5943879b7e8e2bc69"),
    speech("ggml-large-v3-turbo-q5_0", "394221709cd5ad1f40c46e6031ca61bce88931e6e088c188294c6d5a55ffa7e2"),
];

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The machine has no cache folder and `GLADSTONE_MODELS` is not set.
    #[error("no folder for models: set GLADSTONE_MODELS")]
    NoFolder,
    /// The file is not there.
    #[error("the model {name} is not in {folder}: run set-up, or put the file there")]
    Missing {
        /// File name without `.bin`.
        name: String,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// The file could not be read.
    #[error("the model {name} cannot be read")]
    Read {
        /// File name without `.bin`.
        name: String,
        source: std::io::Error,
    },
    /// The file is not the official one.
    #[error("the model {name} is damaged or not an official file (sha256 {found})")]
    Unknown {
        /// File name without `.bin`.
        name: String,
        /// Hash of what is there.
        found: String,
    },
    /// A known file of another kind.
    #[error("the file {0} is a model for something else")]
    OtherKind(String),
}

/// What may be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    /// Only files in [`PINNED`].
    #[default]
    Pinned,
    /// Any file: a person at this desk said so.
    AnyFile,
}

/// A model file that was checked. There is no other way to get one than [`verify`] and [`find`].
#[derive(Debug, Clone)]
pub struct Model {
    path: PathBuf,
    name: String,
}

impl Model {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Pinned name, or the file's own where an unknown file was allowed.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The folder that holds models: `GLADSTONE_MODELS`, else `gladstone/models` in the user's cache folder.
pub fn folder() -> Result<PathBuf, ModelError> {
    match std::env::var_os("GLADSTONE_MODELS") {
        Some(folder) if !folder.is_empty() => Ok(folder.into()),
        _ => dirs::cache_dir().map(|cache| cache.join("gladstone").join("models")).ok_or(ModelError::NoFolder),
    }
}

/// Finds `name`.bin in `folder` (else in [`folder`]) and checks it.
pub fn find(name: &str, kind: Kind, from: Option<&Path>, trust: Trust) -> Result<Model, ModelError> {
    let folder = match from {
        Some(folder) => folder.to_owned(),
        None => folder()?,
    };
    let path = folder.join(format!("{name}.bin"));
    if !path.is_file() {
        return Err(ModelError::Missing { name: name.to_owned(), folder });
    }
    verify(&path, kind, trust)
}

/// Checks one file. A file that has not changed since it was checked in this process is not read again.
pub fn verify(path: &Path, kind: Kind, trust: Trust) -> Result<Model, ModelError> {
    let own_name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let found = hash(path).map_err(|source| ModelError::Read { name: own_name.clone(), source })?;
    match PINNED.iter().find(|p| p.sha256 == found) {
        Some(pinned) if pinned.kind != kind => Err(ModelError::OtherKind(own_name)),
        Some(pinned) => Ok(Model { path: path.to_owned(), name: pinned.name.to_owned() }),
        None if trust == Trust::AnyFile => Ok(Model { path: path.to_owned(), name: own_name }),
        None => Err(ModelError::Unknown { name: own_name, found }),
    }
}

type Seen = (u64, Option<SystemTime>);
static HASHED: LazyLock<Mutex<HashMap<PathBuf, (Seen, String)>>> = LazyLock::new(Mutex::default);

fn hash(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let about = file.metadata()?;
    let seen = (about.len(), about.modified().ok());
    let mut cache = HASHED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((then, hash)) = cache.get(path)
        && *then == seen
        && seen.1.is_some()
    {
        return Ok(hash.clone());
    }
    let mut hasher = Sha256::new();
    let mut block = vec![0; 1 << 20];
    loop {
        let n = file.read(&mut block)?;
        if n == 0 {
            break;
        }
        hasher.update(&block[..n]);
    }
    let hash: String = hasher.finalize().iter().map(|b| format!("{b:02x}")).collect();
    cache.insert(path.to_owned(), (seen, hash.clone()));
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_official_is_refused_unless_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ggml-mine.bin");
        std::fs::write(&path, b"not a model").unwrap();
        let refused = find("ggml-mine", Kind::Speech, Some(folder.path()), Trust::Pinned);
        assert!(matches!(refused, Err(ModelError::Unknown { ref found, .. }) if found.len() == 64), "{refused:?}");
        let allowed = find("ggml-mine", Kind::Speech, Some(folder.path()), Trust::AnyFile).unwrap();
        assert_eq!(allowed.name(), "ggml-mine");
    }

    #[test]
    fn a_changed_file_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.bin");
        std::fs::write(&path, b"one").unwrap();
        let one = hash(&path).unwrap();
        std::fs::write(&path, b"three").unwrap();
        assert_ne!(one, hash(&path).unwrap());
    }

    #[test]
    fn a_missing_model_names_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let error = find(DEFAULT, Kind::Speech, Some(folder.path()), Trust::Pinned).unwrap_err();
        assert!(error.to_string().contains(&folder.path().display().to_string()), "{error}");
    }

    #[test]
    fn the_speech_detector_is_no_recogniser() {
        let found = find(VAD, Kind::Speech, None, Trust::Pinned);
        assert!(matches!(found, Err(ModelError::OtherKind(_))), "{found:?}");
    }
}
