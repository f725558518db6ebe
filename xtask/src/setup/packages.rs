//! Brings pinned packages through the Python registry's own client, and takes single files out of them.
//!
//! It must never install a package, use one whose sha256 differs, or unpack more of one than asked.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::command;

/// The largest file taken out of a package.
const MOST_MEMBER_BYTES: u64 = 1 << 30;
/// A source package has a few hundred files; more is not one.
const MOST_MEMBERS: usize = 20_000;

/// Why a package or a file in it could not be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("Python with pip is needed to bring packages: install python3 and python3-pip")]
    NoPip,
    #[error("package {name} could not be brought")]
    Download { name: String, source: command::Error },
    #[error("{archive} is not the pinned file: its sha256 is {found}")]
    Hash { archive: String, found: String },
    #[error("{path} cannot be used")]
    File { path: PathBuf, source: io::Error },
    #[error("{archive} is neither a wheel nor a source package")]
    Kind { archive: String },
    #[error("{archive} is not a wheel")]
    Wheel { archive: String, source: zip::result::ZipError },
    #[error("{archive} does not hold {member}")]
    Member { archive: String, member: String },
    #[error("{member} in {archive} is larger than any model part")]
    Large { archive: String, member: String },
}

/// One package of `assets/models.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    pub version: String,
    /// The exact file the registry serves.
    pub archive: String,
    pub sha256: String,
    /// Bytes of `archive`.
    pub size: u64,
}

/// Downloads `package` into `folder` unless it is there already, whole and right.
pub fn bring(name: &str, package: &Package, folder: &Path) -> Result<PathBuf, Error> {
    let path = folder.join(&package.archive);
    if path.exists() && check(&path, package).is_ok() {
        println!("  {name} {} is already here", package.version);
        return Ok(path);
    }
    let mut pip = pip().ok_or(Error::NoPip)?;
    println!("  bringing {name} {} ({:.1} MB)", package.version, package.size as f64 / 1e6);
    // Hashes can be given to pip only in a file.
    let wanted = folder.join(format!("{name}.txt"));
    let pinned = format!("{name}=={} --hash=sha256:{}\n", package.version, package.sha256);
    fs::write(&wanted, pinned).map_err(|source| Error::File { path: wanted.clone(), source })?;
    pip.args(["download", "--require-hashes", "--no-deps", "--no-cache-dir", "--disable-pip-version-check", "--no-input", "--retries=5"]);
    if !io::stderr().is_terminal() {
        pip.arg("--quiet");
    }
    pip.args(["--dest".as_ref(), folder.as_os_str(), "--requirement".as_ref(), wanted.as_os_str()]);
    pip.args(selection(name, package)?);
    let brought = command::run(&mut pip);
    let _ = fs::remove_file(&wanted);
    brought.map_err(|source| Error::Download { name: name.to_owned(), source })?;
    check(&path, package)?;
    Ok(path)
}

/// The bytes of one file in an archive brought before, appended to `out`.
pub fn read_member(archive: &Path, member: &str, out: &mut Vec<u8>) -> Result<(), Error> {
    let shown = archive.display().to_string();
    let file_error = |source| Error::File { path: archive.to_owned(), source };
    let missing = || Error::Member { archive: shown.clone(), member: member.to_owned() };
    let mut append = |from: &mut dyn Read| {
        let taken = from.take(MOST_MEMBER_BYTES + 1).read_to_end(out).map_err(file_error)?;
        if taken as u64 > MOST_MEMBER_BYTES {
            return Err(Error::Large { archive: shown.clone(), member: member.to_owned() });
        }
        Ok(())
    };
    let file = File::open(archive).map_err(file_error)?;
    if is_wheel(&shown) {
        let mut zip = zip::ZipArchive::new(file).map_err(|source| Error::Wheel { archive: shown.clone(), source })?;
        let mut entry = zip.by_name(member).map_err(|_| missing())?;
        return append(&mut entry);
    }
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(file).take(MOST_MEMBER_BYTES));
    for entry in tar.entries().map_err(file_error)?.take(MOST_MEMBERS) {
        let mut entry = entry.map_err(file_error)?;
        if entry.path().is_ok_and(|path| path == Path::new(member)) {
            return append(&mut entry);
        }
    }
    Err(missing())
}

/// A Python that has pip, as `python -m pip`.
pub fn pip() -> Option<Command> {
    let pythons: &[&str] = if cfg!(windows) { &["py", "python", "python3"] } else { &["python3", "/usr/bin/python3", "python"] };
    let has_pip = |python: &&&str| command::succeeds(command::command(python).args(["-m", "pip", "--version"]));
    let python = pythons.iter().find(has_pip)?;
    let mut pip = command::command(python);
    pip.args(["-m", "pip"]);
    Some(pip)
}

/// The sha256 of a file, in small hexadecimal letters.
pub fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(hexadecimal(&hash.finalize()));
        }
        hash.update(&buffer[..count]);
    }
}

/// Bytes as small hexadecimal letters.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_wheel(archive: &str) -> bool {
    archive.ends_with(".whl")
}

/// What makes pip choose this very file, on any machine: a wheel for another system still holds the same model.
fn selection(name: &str, package: &Package) -> Result<Vec<String>, Error> {
    if package.archive.ends_with(".tar.gz") {
        return Ok(vec![format!("--no-binary={name}")]);
    }
    let kind = || Error::Kind { archive: package.archive.clone() };
    let tags = package.archive.strip_suffix(".whl").ok_or_else(kind)?;
    let [_, _, python, abi, platform] = tags.split('-').collect::<Vec<_>>().try_into().map_err(|_| kind())?;
    let mut chosen = vec!["--only-binary=:all:".to_owned()];
    if platform != "any" {
        let version = python.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        chosen.extend([
            format!("--platform={platform}"),
            format!("--python-version={version}"),
            "--implementation=cp".into(),
            format!("--abi={abi}"),
        ]);
    }
    Ok(chosen)
}

/// Refuses, and removes, a file that is not the pinned one.
fn check(path: &Path, package: &Package) -> Result<(), Error> {
    let found = sha256(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
    if found == package.sha256 {
        return Ok(());
    }
    fs::remove_file(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
    Err(Error::Hash { archive: package.archive.clone(), found })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn package(archive: &str) -> Package {
        Package { version: "1".into(), archive: archive.into(), sha256: String::new(), size: 0 }
    }

    #[test]
    fn any_machine_chooses_the_same_file() {
        assert_eq!(selection("a", &package("a-1-py3-none-any.whl")).unwrap(), ["--only-binary=:all:"]);
        assert_eq!(selection("a", &package("a-1.tar.gz")).unwrap(), ["--no-binary=a"]);
        let native = selection("a", &package("a-1-cp39-abi3-manylinux_2_28_x86_64.whl")).unwrap();
        assert_eq!(native[1..], ["--platform=manylinux_2_28_x86_64", "--python-version=39", "--implementation=cp", "--abi=abi3"]);
        assert!(matches!(selection("a", &package("a-1.exe")), Err(Error::Kind { .. })));
    }

    #[test]
    fn a_file_with_another_hash_is_refused_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a-1.tar.gz");
        fs::write(&path, b"abc").unwrap();
        let mut pinned = package("a-1.tar.gz");
        pinned.sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into();
        check(&path, &pinned).unwrap();
        pinned.sha256.replace_range(0..1, "c");
        assert!(matches!(check(&path, &pinned), Err(Error::Hash { .. })));
        assert!(!path.exists());
    }

    #[test]
    fn members_are_read_from_wheels_and_source_packages() {
        let folder = tempfile::tempdir().unwrap();
        let wheel = folder.path().join("a-1-py3-none-any.whl");
        let mut zip = zip::ZipWriter::new(File::create(&wheel).unwrap());
        zip.start_file("a/data", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"one").unwrap();
        zip.finish().unwrap();
        let source = folder.path().join("a-1.tar.gz");
        let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(File::create(&source).unwrap(), flate2::Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_size(3);
        tar.append_data(&mut header, "a-1/data", &b"two"[..]).unwrap();
        tar.into_inner().unwrap().finish().unwrap();

        let mut out = Vec::new();
        read_member(&wheel, "a/data", &mut out).unwrap();
        read_member(&source, "a-1/data", &mut out).unwrap();
        assert_eq!(out, b"onetwo");
        assert!(matches!(read_member(&wheel, "a/none", &mut out), Err(Error::Member { .. })));
        assert!(matches!(read_member(&source, "a-1/none", &mut out), Err(Error::Member { .. })));
        fs::write(&wheel, b"no zip").unwrap();
        assert!(matches!(read_member(&wheel, "a/data", &mut out), Err(Error::Wheel { .. })));
    }
}
