//! Looks for words that must not stand in plain text anywhere on the disk.

use std::{
    fs,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

/// Something that a file gives away.
#[derive(Debug)]
#[allow(dead_code, reason = "read by a person, when a test fails")]
pub struct Leak {
    pub file: PathBuf,
    pub word: String,
}

/// Every file below `folder` whose name or content holds one of the words, in UTF-8 or UTF-16, whatever the case.
pub fn leaks(folder: &Path, wanted: &[String]) -> Vec<Leak> {
    let needles: Vec<(String, Vec<Vec<u8>>)> = wanted.iter().map(|word| (word.clone(), spellings(word))).collect();
    let mut found = Vec::new();
    visit(folder, &mut |path, content| {
        let name = path.strip_prefix(folder).unwrap_or(path).as_os_str().as_bytes().to_ascii_lowercase();
        let content = content.to_ascii_lowercase();
        for (word, spellings) in &needles {
            if spellings.iter().any(|spelling| holds(&content, spelling) || holds(&name, spelling)) {
                found.push(Leak { file: path.to_owned(), word: word.clone() });
            }
        }
    });
    found
}

/// Files that begin as sound does, in a form that any player opens.
pub fn sounds(folder: &Path) -> Vec<PathBuf> {
    const MAGIC: [&[u8]; 4] = [b"RIFF", b"fLaC", b"OggS", b"ID3"];
    let mut found = Vec::new();
    visit(folder, &mut |path, content| {
        if MAGIC.iter().any(|magic| content.starts_with(magic)) {
            found.push(path.to_owned());
        }
    });
    found
}

/// Bits of information in each byte, at most 8. Sound and text stay well below; what is encrypted does not.
pub fn entropy(content: &[u8]) -> f64 {
    let mut counts = [0_u64; 256];
    for byte in content {
        counts[usize::from(*byte)] += 1;
    }
    let all = content.len() as f64;
    counts.iter().filter(|count| **count > 0).map(|count| *count as f64 / all).map(|share| -share * share.log2()).sum()
}

/// Hands over every file, whole.
pub fn visit(folder: &Path, look: &mut impl FnMut(&Path, &[u8])) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            visit(&entry.path(), look);
        } else if kind.is_file() {
            // One that was removed while we looked holds nothing any more.
            look(&entry.path(), &fs::read(entry.path()).unwrap_or_default());
        }
    }
}

/// The bytes of a word, in lower case: UTF-8, UTF-16 of both orders, and as hexadecimal digits.
fn spellings(word: &str) -> Vec<Vec<u8>> {
    let word = word.to_lowercase();
    let wide = |bytes: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
    vec![word.clone().into_bytes(), wide(u16::to_le_bytes), wide(u16::to_be_bytes), hex.into_bytes()]
}

fn holds(content: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else { return false };
    let starts = content.iter().enumerate().filter(|(_, byte)| *byte == first);
    starts.map(|(at, _)| &content[at..]).any(|rest| rest.starts_with(wanted))
}

#[test]
fn what_stands_in_plain_is_found_however_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let word = "Qazvibrel";
    let forms: [(&str, Vec<u8>); 5] = [
        ("plain", b"..qAZVIBREL..".to_vec()),
        ("wide", "QAZvibrel".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("hex", b"..7161 no, 71617a76696272656c".to_vec()),
        ("innocent", b"qazvibre".to_vec()),
        ("named-qazvibrel", Vec::new()),
    ];
    for (name, content) in forms {
        fs::create_dir_all(folder.path().join("deep")).expect("a folder");
        fs::write(folder.path().join("deep").join(name), content).expect("a file");
    }
    let mut found: Vec<String> = leaks(folder.path(), &[word.to_owned()])
        .iter()
        .map(|leak| leak.file.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    found.sort();
    assert_eq!(found, ["hex", "named-qazvibrel", "plain", "wide"]);
    assert!(entropy(&[7; 5000]) < 0.1 && entropy(&(0..=255).collect::<Vec<u8>>()) > 7.9);
}
