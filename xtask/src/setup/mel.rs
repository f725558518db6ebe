//! Reads two small files that Whisper's own package carries: the mel filters (`.npz`) and the vocabulary (`.tiktoken`).
//!
//! It must never reserve memory by a number the file claims, or panic on a damaged file.

use std::io::{Cursor, Read};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// The largest array taken from a `.npz`; the real ones have 100 kB.
const MOST_ARRAY_BYTES: u64 = 4 << 20;
/// More than any Whisper vocabulary (51,866 words).
const MOST_WORDS: usize = 200_000;

/// Why the filters or the vocabulary cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the mel filters are not a zip of arrays")]
    Zip(#[from] zip::result::ZipError),
    #[error("the mel filters cannot be unpacked")]
    Unpack(#[from] std::io::Error),
    #[error("the mel filters are not a two-dimensional little-endian 32-bit array")]
    Array,
    #[error("the mel filters' shape does not fit their {0} bytes")]
    Size(usize),
    #[error("line {line} of the vocabulary is not a word and a number")]
    Line { line: usize },
    #[error("line {line} of the vocabulary is not base64")]
    Base64 { line: usize, source: base64::DecodeError },
    #[error("the vocabulary has more than {MOST_WORDS} words")]
    Words,
}

/// The mel filter bank: `shape` is bands × frequencies, values row by row.
#[derive(Debug, PartialEq)]
pub struct Filters {
    pub shape: [usize; 2],
    pub values: Vec<f32>,
}

/// Reads array `name` of a `.npz`.
pub fn filters(npz: &[u8], name: &str) -> Result<Filters, Error> {
    let mut archive = zip::ZipArchive::new(Cursor::new(npz))?;
    let mut bytes = Vec::new();
    archive.by_name(&format!("{name}.npy"))?.take(MOST_ARRAY_BYTES).read_to_end(&mut bytes)?;
    array(&bytes)
}

/// The words of a vocabulary in rank order: a line is the word in base64, a space and its rank.
pub fn words(tiktoken: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let mut words = Vec::new();
    for (index, line) in tiktoken.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
        let line_number = index + 1;
        let mut parts = line.split(u8::is_ascii_whitespace).filter(|part| !part.is_empty());
        let (Some(word), Some(rank), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::Line { line: line_number });
        };
        if std::str::from_utf8(rank).ok().and_then(|rank| rank.parse::<usize>().ok()) != Some(words.len()) {
            return Err(Error::Line { line: line_number });
        }
        if words.len() == MOST_WORDS {
            return Err(Error::Words);
        }
        // The published vocabulary spells its one empty word as padding alone.
        let word = if word == b"=" { Vec::new() } else { decoded(word, line_number)? };
        words.push(word);
    }
    Ok(words)
}

fn decoded(word: &[u8], line: usize) -> Result<Vec<u8>, Error> {
    BASE64_STANDARD.decode(word).map_err(|source| Error::Base64 { line, source })
}

/// Reads a `.npy` of format version 1 (numpy.lib.format): magic, version, `u16` header length, a Python dictionary, data.
fn array(bytes: &[u8]) -> Result<Filters, Error> {
    let rest = bytes.strip_prefix(b"\x93NUMPY\x01\x00").ok_or(Error::Array)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Error::Array)?;
    let (header, data) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length))).ok_or(Error::Array)?;
    let header: String = std::str::from_utf8(header).map_err(|_| Error::Array)?.chars().filter(|letter| !letter.is_whitespace()).collect();
    let shape = header
        .strip_prefix("{'descr':'<f4','fortran_order':False,'shape':(")
        .and_then(|rest| rest.strip_suffix("),}"))
        .and_then(|shape| shape.split_once(','))
        .and_then(|(bands, frequencies)| Some([bands.parse::<usize>().ok()?, frequencies.parse::<usize>().ok()?]))
        .ok_or(Error::Array)?;
    if shape[0].checked_mul(shape[1]).and_then(|numbers| numbers.checked_mul(4)) != Some(data.len()) {
        return Err(Error::Size(data.len()));
    }
    let (numbers, _) = data.as_chunks::<4>();
    Ok(Filters { shape, values: numbers.iter().map(|number| f32::from_le_bytes(*number)).collect() })
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    pub fn npy(header: &str, data: &[u8]) -> Vec<u8> {
        [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
    }

    pub fn npz(name: &str, npy: &[u8]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file(format!("{name}.npy"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(npy).unwrap();
        archive.finish().unwrap().into_inner()
    }

    pub const HEADER: &str = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }          \n";

    #[test]
    fn reads_filters_from_a_zip() {
        let file = npz("mel_80", &npy(HEADER, &[1.0f32.to_le_bytes(), 2.0f32.to_le_bytes()].concat()));
        assert_eq!(filters(&file, "mel_80").unwrap(), Filters { shape: [2, 1], values: vec![1.0, 2.0] });
        assert!(matches!(filters(&file, "mel_128"), Err(Error::Zip(_))));
        assert!(matches!(filters(b"not a zip", "mel_80"), Err(Error::Zip(_))));
    }

    #[test]
    fn refuses_arrays_of_another_kind_and_shapes_that_lie() {
        assert!(matches!(array(&npy(&HEADER.replace("<f4", "<f8"), &[0; 8])), Err(Error::Array)));
        assert!(matches!(array(&npy(&HEADER.replace("False", "True"), &[0; 8])), Err(Error::Array)));
        assert!(matches!(array(&npy(HEADER, &[0; 7])), Err(Error::Size(7))));
        let overflow = HEADER.replace("(2, 1)", &format!("({0}, {0})", usize::MAX));
        assert!(matches!(array(&npy(&overflow, &[0; 8])), Err(Error::Size(8))));
    }

    #[test]
    fn reads_words_in_order_and_refuses_any_other_line() {
        assert_eq!(words(b"IQ== 0\nISE= 1\n= 2\n").unwrap(), [b"!".to_vec(), b"!!".to_vec(), vec![]]);
        assert!(matches!(words(b"IQ== 1\n"), Err(Error::Line { line: 1 })));
        assert!(matches!(words(b"IQ== 0\nISE=\n"), Err(Error::Line { line: 2 })));
        assert!(matches!(words(b"!! 0\n"), Err(Error::Base64 { line: 1, .. })));
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = (words(&bytes), array(&bytes), filters(&bytes, "mel_80"));
            let _ = array(&[b"\x93NUMPY\x01\x00", &bytes[..]].concat());
        }
    }
}
