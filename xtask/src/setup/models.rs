//! Brings the speech models named in `assets/models.toml` into the cache, once.
//!
//! It must never use a model whose sha256 is not the named one, whatever way it came, nor leave half a model under its name.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Instant, UNIX_EPOCH};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::ctranslate2::{self, Model as Weights};
use super::packages::{self, Package};
use super::{ggml, mel};
use crate::command;
use crate::places::Places;

/// Why the models are not there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("assets/models.toml cannot be understood")]
    Catalogue(#[from] toml::de::Error),
    #[error("{path} cannot be used")]
    File { path: PathBuf, source: io::Error },
    #[error("package {0} is used and not described in assets/models.toml")]
    Undescribed(String),
    #[error(transparent)]
    Package(#[from] packages::Error),
    #[error("the packaged weights cannot be read")]
    Weights(#[from] ctranslate2::Error),
    #[error(transparent)]
    Words(#[from] mel::Error),
    #[error("the model cannot be written")]
    Convert(#[from] ggml::Error),
    #[error("the official address did not answer")]
    Official(#[source] command::Error),
    #[error("the finished file is not the named model: its sha256 is {0}")]
    Hash(String),
    #[error(
        "{file} could not be had from any source. Put the file (sha256 {sha256}) into a folder, name the folder in \
         GLADSTONE_MODEL_DIR and start again"
    )]
    Unavailable { file: String, sha256: String },
}

/// `assets/models.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    model: Vec<Model>,
    package: BTreeMap<String, Package>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    file: String,
    about: String,
    sha256: String,
    size: u64,
    licence: String,
    holder: String,
    official: String,
    recipe: Vec<Recipe>,
}

/// A way to make a model from packages.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Recipe {
    /// The file lies in a package as it is.
    Member { from: Part },
    /// Whisper weights in CTranslate2's form, in pieces, rewritten as `ggml.rs` says.
    #[serde(rename = "whisper-ggml-q8_0")]
    Whisper { weights: Vec<Part>, mel_filters: Part, vocabulary: Part },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    package: String,
    member: String,
}

/// Whether a model still has to be brought.
pub fn any_missing(places: &Places) -> Result<bool, Error> {
    let catalogue = catalogue(places)?;
    Ok(catalogue.model.iter().any(|model| !is_verified(&places.models().join(&model.file), model)))
}

/// Makes every model of the catalogue stand, verified, in the cache.
pub fn bring(places: &Places) -> Result<(), Error> {
    let (models, parts) = (places.models(), places.parts());
    let catalogue = catalogue(places)?;
    create_dir(&models)?;
    // Two set-ups at once (a developer's and a check's) would write the same parts.
    let lock = models.join(".lock");
    let lock = File::create(&lock).and_then(|file| file.lock().map(|()| file)).map_err(at(&lock))?;
    for model in &catalogue.model {
        let target = models.join(&model.file);
        if is_verified(&target, model) {
            continue;
        }
        if target.exists() && packages::sha256(&target).map_err(at(&target))? == model.sha256 {
            mark_verified(&target, model)?;
            println!("  {} is in the cache, verified", model.file);
            continue;
        }
        println!("  {}: {} ({:.0} MB, {}, {})", model.file, model.about, model.size as f64 / 1e6, model.licence, model.holder);
        create_dir(&parts)?;
        from_any_source(&catalogue, model, &parts, &target)?;
    }
    drop(lock);
    if parts.exists() {
        fs::remove_dir_all(&parts).map_err(at(&parts))?;
    }
    Ok(())
}

fn catalogue(places: &Places) -> Result<Catalogue, Error> {
    let path = places.root.join("assets/models.toml");
    let text = fs::read_to_string(&path).map_err(at(&path))?;
    Ok(toml::from_str(&text)?)
}

/// Tries each source in turn. Parts already brought stay, so that a later source or a later run need not bring them again.
fn from_any_source(catalogue: &Catalogue, model: &Model, parts: &Path, target: &Path) -> Result<(), Error> {
    let began = Instant::now();
    let folder = env::var_os("GLADSTONE_MODEL_DIR").map(|folder| Path::new(&folder).join(&model.file)).filter(|file| file.exists());
    let sources = folder
        .into_iter()
        .map(Source::Folder)
        .chain(model.recipe.iter().map(Source::Recipe))
        .chain(std::iter::once(Source::Official(&model.official)));
    for source in sources {
        let is_official = matches!(source, Source::Official(_));
        let unfinished = parts.join(if is_official { format!("{}.download", model.file) } else { model.file.clone() });
        let made = source.make(catalogue, parts, &unfinished).and_then(|found| match found == model.sha256 {
            true => Ok(()),
            false => Err(Error::Hash(found)),
        });
        match made {
            Ok(()) => {
                fs::rename(&unfinished, target).map_err(at(target))?;
                mark_verified(target, model)?;
                println!("  {} is ready: {:.1} s, sha256 as named", model.file, began.elapsed().as_secs_f64());
                return Ok(());
            }
            Err(error) => {
                eprintln!("  {source} gave no model: {}", crate::whole(&error));
                // Only a download goes on with half a file.
                if matches!(error, Error::Hash(_)) || !is_official {
                    remove_if_there(&unfinished)?;
                }
            }
        }
    }
    Err(Error::Unavailable { file: model.file.clone(), sha256: model.sha256.clone() })
}

enum Source<'a> {
    Folder(PathBuf),
    Recipe(&'a Recipe),
    Official(&'a str),
}

impl std::fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Folder(file) => write!(f, "{}", file.display()),
            Self::Recipe(Recipe::Member { from }) => write!(f, "package {}", from.package),
            Self::Recipe(Recipe::Whisper { weights, .. }) => {
                write!(f, "packages {}", weights.iter().map(|part| part.package.as_str()).collect::<Vec<_>>().join(", "))
            }
            Self::Official(address) => write!(f, "{address}"),
        }
    }
}

impl Source<'_> {
    /// Writes the model to `out` and gives its sha256.
    fn make(&self, catalogue: &Catalogue, parts: &Path, out: &Path) -> Result<String, Error> {
        match self {
            Self::Folder(file) => {
                println!("  copying {}", file.display());
                fs::copy(file, out).map_err(at(file))?;
                packages::sha256(out).map_err(at(out))
            }
            Self::Recipe(Recipe::Member { from }) => {
                let bytes = bring_and_read(catalogue, parts, &[from])?;
                written(out, |file| file.write_all(&bytes).map_err(at(out)))
            }
            Self::Recipe(Recipe::Whisper { weights, mel_filters, vocabulary }) => {
                let weights = bring_and_read(catalogue, parts, &weights.iter().collect::<Vec<_>>())?;
                let mel = bring_and_read(catalogue, parts, &[mel_filters])?;
                let words = mel::words(&bring_and_read(catalogue, parts, &[vocabulary])?)?;
                println!("  writing the model in whisper.cpp's form");
                let weights = Weights::parse(&weights)?;
                let (_, [_, bands, _]) = weights.shaped::<3>("encoder/conv1/weight")?;
                let filters = mel::filters(&mel, &format!("mel_{bands}"))?;
                written(out, |file| Ok(ggml::write(file, &weights, &filters, &words)?))
            }
            Self::Official(address) => {
                println!("  asking {address}");
                let mut curl = command::command("curl");
                curl.args(["--location", "--fail", "--continue-at", "-", "--retry", "3", "--connect-timeout", "20"]);
                curl.args(["--proto", "=https", "--output"]).arg(out).arg(address);
                command::run(&mut curl).map_err(Error::Official)?;
                packages::sha256(out).map_err(at(out))
            }
        }
    }
}

/// The members' bytes, joined.
fn bring_and_read(catalogue: &Catalogue, parts: &Path, members: &[&Part]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for Part { package: name, member } in members {
        let package = catalogue.package.get(name).ok_or_else(|| Error::Undescribed(name.clone()))?;
        let archive = packages::bring(name, package, parts)?;
        packages::read_member(&archive, member, &mut bytes)?;
    }
    Ok(bytes)
}

/// Writes a file through `fill` and gives its sha256; on the disk before it counts.
fn written(path: &Path, fill: impl FnOnce(&mut Hashed) -> Result<(), Error>) -> Result<String, Error> {
    let file = File::create(path).map_err(at(path))?;
    let mut file = Hashed { file: BufWriter::with_capacity(1 << 20, file), hash: Sha256::new() };
    fill(&mut file)?;
    file.file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all()).map_err(at(path))?;
    Ok(packages::hexadecimal(&file.hash.finalize()))
}

struct Hashed {
    file: BufWriter<File>,
    hash: Sha256,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.hash.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Whether the file is the one that was verified before: hashing it every time would slow every start.
fn is_verified(file: &Path, model: &Model) -> bool {
    state(file, model).is_ok_and(|state| fs::read_to_string(note(file)).is_ok_and(|noted| noted == state))
}

fn mark_verified(file: &Path, model: &Model) -> Result<(), Error> {
    let path = note(file);
    state(file, model).and_then(|state| fs::write(&path, state)).map_err(at(&path))
}

fn note(file: &Path) -> PathBuf {
    file.with_extension("verified")
}

fn state(file: &Path, model: &Model) -> io::Result<String> {
    let about = fs::metadata(file)?;
    let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    Ok(format!("{} {} {changed}\n", model.sha256, about.len()))
}

fn create_dir(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(at(path))
}

fn remove_if_there(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(at(path)(source)),
        _ => Ok(()),
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(sha256: &str) -> Model {
        let text = format!(
            "file = 'm.bin'\nabout = ''\nsha256 = '{sha256}'\nsize = 3\nlicence = ''\nholder = ''\nofficial = 'https://0.0.0.0/'\nrecipe = []"
        );
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn the_catalogue_describes_every_package_it_uses() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
        let catalogue = catalogue(&Places { root, cache_base: PathBuf::new() }).unwrap();
        let used = |recipe: &Recipe| match recipe {
            Recipe::Member { from } => vec![from.package.clone()],
            Recipe::Whisper { weights, mel_filters, vocabulary } => {
                weights.iter().chain([mel_filters, vocabulary]).map(|part| part.package.clone()).collect()
            }
        };
        let mut all: Vec<String> = catalogue.model.iter().flat_map(|model| model.recipe.iter().flat_map(used)).collect();
        all.sort();
        all.dedup();
        assert_eq!(all, catalogue.package.keys().cloned().collect::<Vec<_>>());
        let hashes = catalogue.model.iter().map(|model| &model.sha256).chain(catalogue.package.values().map(|package| &package.sha256));
        assert!(hashes.into_iter().all(|hash| hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit())));
    }

    #[test]
    fn a_changed_file_is_not_taken_for_the_verified_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("m.bin");
        assert!(!is_verified(&file, &model("aa")));
        fs::write(&file, b"abc").unwrap();
        assert!(!is_verified(&file, &model("aa")));
        mark_verified(&file, &model("aa")).unwrap();
        assert!(is_verified(&file, &model("aa")));
        assert!(!is_verified(&file, &model("bb")));
        fs::write(&file, b"abcd").unwrap();
        assert!(!is_verified(&file, &model("aa")));
    }

    #[test]
    fn a_folder_with_the_wrong_model_gives_another_hash() {
        let folder = tempfile::tempdir().unwrap();
        let (given, out) = (folder.path().join("given"), folder.path().join("out"));
        fs::write(&given, b"abc").unwrap();
        let catalogue = Catalogue { model: Vec::new(), package: BTreeMap::new() };
        let found = Source::Folder(given).make(&catalogue, folder.path(), &out).unwrap();
        assert_eq!(found, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let undescribed = Recipe::Member { from: Part { package: "p".into(), member: "m".into() } };
        assert!(matches!(Source::Recipe(&undescribed).make(&catalogue, folder.path(), &out), Err(Error::Undescribed(_))));
    }
}
