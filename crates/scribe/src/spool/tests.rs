use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use super::write::MOST_WAITING;
use super::*;
use proptest::prelude::*;

/// Not secret: turns bytes over and binds place and recording, so that tests see tampering and misplacement.
struct Flip;

impl ChunkSealer for Flip {
    fn seal(&self, id: &RecordingId, index: u32, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut out: Vec<u8> = plaintext.iter().map(|b| b ^ 0xa5).collect();
        out.extend_from_slice(&index.to_le_bytes());
        out.extend_from_slice(id);
        Ok(out)
    }
}

impl ChunkOpener for Flip {
    fn open(&self, id: &RecordingId, index: u32, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (body, bound) = sealed.split_at_checked(sealed.len().saturating_sub(20)).ok_or_else(|| SealError("short".into()))?;
        if bound != [&index.to_le_bytes()[..], id].concat() {
            return Err(SealError("another place".into()));
        }
        Ok(Zeroizing::new(body.iter().map(|b| b ^ 0xa5).collect()))
    }
}

const ID: RecordingId = [7; 16];

fn written(chunks: &[&[i16]], end: bool) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::create(&folder.path().join("a.spool"), ID, Box::new(Flip)).unwrap();
    for (i, chunk) in chunks.iter().enumerate() {
        let appended = spool.append(chunk, i as u32 * 10).unwrap();
        assert!(appended.index == i as u32 && appended.saved.is_ok());
    }
    let path = spool.path().to_owned();
    if end {
        spool.finish().unwrap();
    }
    (folder, path)
}

fn sounds(path: &Path) -> Result<Vec<(u32, Vec<i16>)>, SpoolError> {
    let mut reader = SpoolReader::open(path)?;
    let mut out = Vec::new();
    while let Some(sound) = reader.next_sound(&Flip)? {
        out.push((sound.missing_ms, sound.samples.to_vec()));
    }
    Ok(out)
}

#[test]
fn what_is_written_is_read() {
    let long = vec![-3; MOST_SAMPLES];
    let (_folder, path) = written(&[&[1, -2, 3], &long], true);
    assert_eq!(sounds(&path).unwrap(), [(0, vec![1, -2, 3]), (10, long)]);
    let found = recover(&path).unwrap();
    assert_eq!((found.chunks, found.stopped_in_order, found.torn_bytes, found.recording_id), (2, true, 0, ID));
}

#[test]
fn a_file_cut_anywhere_keeps_its_whole_chunks_and_is_mended() {
    let (folder, path) = written(&[&[1; 40], &[2; 40], &[3; 40]], false);
    let whole = std::fs::read(&path).unwrap();
    let frame = (whole.len() - HEADER as usize) / 3;
    for cut in HEADER as usize..whole.len() {
        let torn = folder.path().join("torn.spool");
        std::fs::write(&torn, &whole[..cut]).unwrap();
        let kept = (cut - HEADER as usize) / frame;
        let found = recover(&torn).unwrap();
        assert_eq!((found.chunks as usize, found.stopped_in_order), (kept, false), "cut at {cut}");
        assert_eq!(found.torn_bytes as usize, cut - HEADER as usize - kept * frame);
        assert_eq!(std::fs::metadata(&torn).unwrap().len() as usize, HEADER as usize + kept * frame);
        assert_eq!(sounds(&torn).unwrap().len(), kept);
    }
}

#[test]
fn a_flipped_bit_ends_the_recording_there_and_a_moved_chunk_is_noticed() {
    let (folder, path) = written(&[&[1; 40], &[2; 40]], true);
    let mut bytes = std::fs::read(&path).unwrap();
    let frame = FRAME_HEAD + 5 + 80 + 20 + CHECK;
    let second = HEADER as usize + frame;
    bytes[second + FRAME_HEAD + 8] ^= 1;
    let bad = folder.path().join("bad.spool");
    std::fs::write(&bad, &bytes).unwrap();
    assert_eq!(sounds(&bad).unwrap().len(), 1);
    // Another recording's header before these chunks: every check holds, the seal does not.
    let mut moved = std::fs::read(&path).unwrap();
    moved[8] ^= 1;
    std::fs::write(&bad, &moved).unwrap();
    assert!(matches!(sounds(&bad), Err(SpoolError::Seal(_))));
}

#[test]
fn other_files_are_no_spools() {
    let folder = tempfile::tempdir().unwrap();
    for bytes in [&b""[..], b"GLSPOOL1", b"GLSPOOL2aaaaaaaaaaaaaaaa", b"RIFF"] {
        let path = folder.path().join("x.spool");
        std::fs::write(&path, bytes).unwrap();
        assert!(matches!(recover(&path), Err(SpoolError::NotASpool)), "{bytes:?}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
}

/// /dev/full takes no byte: the spool is pointed at it for a while.
#[cfg(target_os = "linux")]
#[test]
fn while_the_disk_is_full_chunks_wait_sealed_and_none_is_lost_unsaid() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::create(&folder.path().join("a.spool"), ID, Box::new(Flip)).unwrap();
    let path = spool.path().to_owned();
    spool.append(&[0; 10], 0).unwrap().saved.unwrap();
    spool.file = OpenOptions::new().write(true).open("/dev/full").unwrap();
    for i in 1..=MOST_WAITING as i16 {
        let appended = spool.append(&[i; 10], 0).unwrap();
        assert!(matches!(appended.saved, Err(SpoolError::DiskFull(_))));
    }
    assert!(matches!(spool.append(&[-1; 10], 0), Err(SpoolError::DiskFull(_))), "no more is taken");
    assert_eq!(sounds(&path).unwrap().len(), 1);
    spool.file = OpenOptions::new().append(true).open(&path).unwrap();
    spool.append(&[500; 10], 0).unwrap().saved.unwrap();
    spool.finish().unwrap();
    let read: Vec<i16> = sounds(&path).unwrap().iter().map(|(_, s)| s[0]).collect();
    assert_eq!(read, (0..=MOST_WAITING as i16).chain([500]).collect::<Vec<_>>());
}

#[cfg(unix)]
#[test]
fn only_its_user_can_read_a_spool() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, path) = written(&[&[1]], true);
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic_or_read_beyond_them(body in prop::collection::vec(any::<u8>(), 0..400), claimed in any::<u64>()) {
        let bytes = [&MAGIC[..], &ID, &body].concat();
        let mut reader = SpoolReader::new(&bytes[..], claimed.min(1 << 40)).unwrap();
        while let Ok(Some(sealed)) = reader.next_sealed() {
            prop_assert!(sealed.bytes.len() <= body.len());
            let _ = unseal(&ID, &sealed, &Flip);
        }
    }

    #[test]
    fn damage_never_yields_other_sound(at in 24_usize..600, with in any::<u8>()) {
        let (folder, path) = written(&[&[1; 40], &[2; 40], &[3; 40]], true);
        let mut bytes = std::fs::read(&path).unwrap();
        let at = at.min(bytes.len() - 1);
        bytes[at] = with;
        let bad = folder.path().join("bad.spool");
        std::fs::write(&bad, &bytes).unwrap();
        for (i, (_, samples)) in sounds(&bad).unwrap().iter().enumerate() {
            prop_assert_eq!(samples, &vec![i as i16 + 1; 40]);
        }
    }
}
