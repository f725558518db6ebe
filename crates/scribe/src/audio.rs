//! Sound files in: WAV, FLAC, OGG Vorbis and MP3 decoded to 16 kHz, a block at a time.
//!
//! Must never: panic on any file, trust a length a header claims, or hold more than a block of a file in memory.

use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_OPUS, CODEC_ID_SPEEX};
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as Symphonia;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use crate::resample::{RATE, RATES, Resample, ResampleError};

/// Longest sound that is taken, in seconds: a small file can unpack to days of silence.
pub const LONGEST_S: u64 = 6 * 3600;
/// Most channels that are taken.
pub const MOST_CHANNELS: usize = 32;
/// Damaged packets that are skipped in one file before it is refused.
const MOST_FAULTS: usize = 64;
/// Packets of other tracks, or without sound, that are passed over in a row before the file is refused.
const MOST_EMPTY: usize = 100_000;

/// What is wrong with a sound file.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// The file could not be opened or read.
    #[error("the file cannot be read")]
    Io(#[from] std::io::Error),
    /// Nothing is in the file.
    #[error("the file is empty")]
    Empty,
    /// Another kind of file; named where its first bytes tell.
    #[error("this is {0}, not WAV, FLAC, OGG Vorbis or MP3 sound")]
    OtherFormat(&'static str),
    /// The container is one of ours but its header is damaged or of a kind that is not read.
    #[error("the {format} header is damaged or of an unsupported kind ({source})")]
    Header {
        /// `WAV`, `FLAC`, `OGG` or `MP3`.
        format: &'static str,
        /// What the parser met.
        source: Symphonia,
    },
    /// The container holds no sound track.
    #[error("the {0} file holds no sound track")]
    NoTrack(&'static str),
    /// The sound is coded in a way that is not read.
    #[error("the {format} file holds sound coded as {codec}, which is not supported")]
    Codec {
        /// `WAV`, `FLAC`, `OGG` or `MP3`.
        format: &'static str,
        /// Name or number of the coding.
        codec: String,
    },
    /// More channels than [`MOST_CHANNELS`], or none.
    #[error("{0} channels: 1 to 32 are possible")]
    Channels(usize),
    /// The sample rate is impossible.
    #[error(transparent)]
    Rate(#[from] ResampleError),
    /// Rate or channels change in the middle.
    #[error("the sound changes its sample rate or channels after {after_s} s")]
    Changes {
        /// Whole seconds before the change.
        after_s: u64,
    },
    /// Too many packets are damaged.
    #[error("the sound is damaged after {after_s} s ({source})")]
    Damaged {
        /// Whole seconds that were readable.
        after_s: u64,
        /// The last fault met.
        source: Symphonia,
    },
    /// The decoder gave up in a way it should not.
    #[error("the sound is damaged after {after_s} s: the decoder failed")]
    Decoder {
        /// Whole seconds that were readable.
        after_s: u64,
    },
    /// The header is fine and no sound follows.
    #[error("the {0} file holds no sound")]
    NoSound(&'static str),
    /// Longer than [`LONGEST_S`].
    #[error("longer than 6 hours")]
    TooLong,
}

/// How many channels a reader hands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// One: the mean of all channels.
    Mono,
    /// Two, where the file has exactly two; else one as for `Mono`.
    Pair,
}

/// An open sound file, read from front to back. Nothing of it is kept once handed out.
pub struct Reader {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    name: &'static str,
    track: u32,
    keep: Keep,
    /// One per channel handed out, made at the first decoded packet, whose word counts over the header's.
    resamplers: Vec<Resample>,
    spec: Option<(u32, usize)>,
    interleaved: Vec<f32>,
    frames: u64,
    faults: usize,
    cut_short: bool,
    ended: bool,
}

impl Reader {
    /// Opens `path` by its content; the file's name is not looked at.
    pub fn open(path: &Path, keep: Keep) -> Result<Self, AudioError> {
        let mut file = File::open(path)?;
        let mut head = Vec::with_capacity(64);
        Read::by_ref(&mut file).take(64).read_to_end(&mut head)?;
        file.seek(SeekFrom::Start(0))?;
        let name = kind(&head)?;
        let made = catch_unwind(|| {
            let stream = MediaSourceStream::new(Box::new(file), Default::default());
            symphonia::default::get_probe().probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        });
        let format = match made {
            Ok(Ok(format)) => format,
            Ok(Err(source)) => {
                return Err(AudioError::Header { format: name, source });
            }
            Err(_) => return Err(AudioError::Decoder { after_s: 0 }),
        };
        let track = format.default_track(TrackType::Audio).ok_or(AudioError::NoTrack(name))?;
        let Some(CodecParameters::Audio(params)) = &track.codec_params else {
            return Err(AudioError::NoTrack(name));
        };
        if let Some(rate) = params.sample_rate
            && !RATES.contains(&rate)
        {
            return Err(ResampleError::Rate(rate).into());
        }
        if let Some(channels) = params.channels.as_ref().map(|c| c.count())
            && !(1..=MOST_CHANNELS).contains(&channels)
        {
            return Err(AudioError::Channels(channels));
        }
        let id = track.id;
        let decoder = match catch_unwind(AssertUnwindSafe(|| {
            symphonia::default::get_codecs().make_audio_decoder(params, &AudioDecoderOptions::default())
        })) {
            Ok(Ok(decoder)) => decoder,
            Ok(Err(Symphonia::Unsupported(_))) => {
                let codec = match params.codec {
                    CODEC_ID_OPUS => "Opus".to_owned(),
                    CODEC_ID_SPEEX => "Speex".to_owned(),
                    other => format!("codec {other}"),
                };
                return Err(AudioError::Codec { format: name, codec });
            }
            Ok(Err(source)) => {
                return Err(AudioError::Header { format: name, source });
            }
            Err(_) => return Err(AudioError::Decoder { after_s: 0 }),
        };
        Ok(Self {
            format,
            decoder,
            name,
            track: id,
            keep,
            resamplers: Vec::new(),
            spec: None,
            interleaved: Vec::new(),
            frames: 0,
            faults: 0,
            cut_short: false,
            ended: false,
        })
    }

    /// `WAV`, `FLAC`, `OGG` or `MP3`.
    pub fn format(&self) -> &'static str {
        self.name
    }

    /// Seconds of sound read so far.
    pub fn seconds(&self) -> f64 {
        self.spec.map_or(0.0, |(rate, _)| self.frames as f64 / f64::from(rate))
    }

    /// True when the file ended before its header said, or packets had to be skipped. Known after the last block.
    pub fn cut_short(&self) -> bool {
        self.cut_short || self.faults > 0
    }

    /// The next stretch of sound, some milliseconds to a second long: one vector of 16 kHz samples (-1 to 1) per channel, all of one
    /// length. `None` at the end. A file that breaks off is read as far as it goes; one without any sound is [`AudioError::NoSound`].
    pub fn next_block(&mut self) -> Result<Option<Vec<Vec<f32>>>, AudioError> {
        let mut empty = 0;
        while !self.ended {
            let frames = match catch_unwind(AssertUnwindSafe(|| self.decode_packet())) {
                Ok(step) => step?,
                Err(_) => {
                    return Err(AudioError::Decoder { after_s: self.seconds() as u64 });
                }
            };
            match frames {
                Step::Sound => {
                    let out = self.resample()?;
                    if out.iter().any(|c| !c.is_empty()) {
                        return Ok(Some(out));
                    }
                }
                Step::Nothing => {
                    empty += 1;
                    if empty > MOST_EMPTY {
                        return Err(AudioError::NoSound(self.name));
                    }
                }
                Step::End => {
                    self.ended = true;
                    if self.frames == 0 {
                        return Err(AudioError::NoSound(self.name));
                    }
                    let mut out = vec![Vec::new(); self.resamplers.len()];
                    for (r, o) in self.resamplers.iter_mut().zip(&mut out) {
                        r.finish(o)?;
                    }
                    if out.iter().any(|c| !c.is_empty()) {
                        return Ok(Some(out));
                    }
                }
            }
        }
        Ok(None)
    }

    fn decode_packet(&mut self) -> Result<Step, AudioError> {
        let packet = match self.format.next_packet() {
            Ok(Some(packet)) if packet.track_id == self.track => packet,
            Ok(Some(_)) => return Ok(Step::Nothing),
            Ok(None) => return Ok(Step::End),
            Err(Symphonia::IoError(e)) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                self.cut_short = true;
                return Ok(Step::End);
            }
            Err(Symphonia::IoError(e)) => return Err(e.into()),
            // A chained OGG starts over with another stream.
            Err(Symphonia::ResetRequired) => {
                return Err(AudioError::Changes { after_s: self.seconds() as u64 });
            }
            Err(source) => return self.fault(source),
        };
        let (rate, channels) = match self.decoder.decode(&packet) {
            Ok(buffer) => {
                let spec = (buffer.spec().rate(), buffer.spec().channels().count());
                self.interleaved.clear();
                buffer.copy_to_vec_interleaved(&mut self.interleaved);
                spec
            }
            Err(Symphonia::IoError(e)) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                self.cut_short = true;
                return Ok(Step::Nothing);
            }
            Err(source) => return self.fault(source),
        };
        if self.interleaved.is_empty() {
            return Ok(Step::Nothing);
        }
        if !(1..=MOST_CHANNELS).contains(&channels) {
            return Err(AudioError::Channels(channels));
        }
        match self.spec {
            None => {
                let out = if self.keep == Keep::Pair && channels == 2 { 2 } else { 1 };
                self.resamplers = (0..out).map(|_| Resample::new(rate)).collect::<Result<_, _>>()?;
                self.spec = Some((rate, channels));
            }
            Some(spec) if spec != (rate, channels) => {
                return Err(AudioError::Changes { after_s: self.seconds() as u64 });
            }
            Some(_) => {}
        }
        self.frames += (self.interleaved.len() / channels) as u64;
        if self.frames / u64::from(rate) > LONGEST_S {
            return Err(AudioError::TooLong);
        }
        Ok(Step::Sound)
    }

    fn fault(&mut self, source: Symphonia) -> Result<Step, AudioError> {
        self.faults += 1;
        if self.faults > MOST_FAULTS {
            return Err(AudioError::Damaged { after_s: self.seconds() as u64, source });
        }
        Ok(Step::Nothing)
    }

    fn resample(&mut self) -> Result<Vec<Vec<f32>>, AudioError> {
        let channels = self.spec.map_or(1, |(_, c)| c);
        // Float files may hold anything: what is no number is silence, what is too loud is clipped.
        let sane = |x: f32| {
            if x.is_finite() { x.clamp(-1.0, 1.0) } else { 0.0 }
        };
        let mut out = vec![Vec::new(); self.resamplers.len()];
        let mut line = Vec::with_capacity(self.interleaved.len() / channels);
        for (index, (resampler, out)) in self.resamplers.iter_mut().zip(&mut out).enumerate() {
            line.clear();
            if self.keep == Keep::Pair && channels == 2 {
                line.extend(self.interleaved.iter().skip(index).step_by(2).map(|x| sane(*x)));
            } else {
                line.extend(self.interleaved.chunks_exact(channels).map(|f| f.iter().map(|x| sane(*x)).sum::<f32>() / channels as f32));
            }
            resampler.push(&line, out)?;
        }
        Ok(out)
    }
}

enum Step {
    Sound,
    Nothing,
    End,
}

/// A whole file as 16 kHz mono in memory; for short sounds. `longest_s` bounds memory (64 kB a second).
pub fn read_mono(path: &Path, longest_s: u64) -> Result<Vec<f32>, AudioError> {
    let mut reader = Reader::open(path, Keep::Mono)?;
    let mut all = Vec::new();
    while let Some(mut block) = reader.next_block()? {
        all.append(&mut block[0]);
        if all.len() as u64 > longest_s * u64::from(RATE) {
            return Err(AudioError::TooLong);
        }
    }
    Ok(all)
}

/// Names the container by its first bytes, before any parser sees them.
fn kind(head: &[u8]) -> Result<&'static str, AudioError> {
    let at = |offset: usize, bytes: &[u8]| head.get(offset..offset + bytes.len()) == Some(bytes);
    if head.is_empty() {
        return Err(AudioError::Empty);
    }
    if at(0, b"RIFF") {
        return match head.get(8..12) {
            Some(b"WAVE") | None => Ok("WAV"),
            Some(_) => Err(AudioError::OtherFormat("a RIFF file without sound (such as AVI)")),
        };
    }
    if at(0, b"fLaC") {
        return Ok("FLAC");
    }
    if at(0, b"OggS") {
        return Ok("OGG");
    }
    if at(0, b"ID3") || (head[0] == 0xff && head.get(1).is_some_and(|b| b & 0xe6 == 0xe2)) {
        return Ok("MP3");
    }
    let other = [
        (0, &b"RIFX"[..], "a big-endian WAV (RIFX) file"),
        (0, b"RF64", "a WAV file of the RF64 kind"),
        (4, b"ftyp", "an MP4, M4A or 3GP file"),
        (0, b"FORM", "an AIFF file"),
        (0, b"\x1a\x45\xdf\xa3", "a WebM or Matroska file"),
        (0, b"#!AMR", "an AMR file"),
        (0, b"\x30\x26\xb2\x75", "a WMA file"),
        (0, b"caff", "a CAF file"),
        (0, b"%PDF", "a PDF file"),
        (0, b"PK\x03\x04", "a ZIP or Office file"),
        (0, b"\x89PNG", "a PNG picture"),
        (0, b"\xff\xd8\xff", "a JPEG picture"),
        (0, b"\xff\xf1", "an AAC file"),
        (0, b"\xff\xf9", "an AAC file"),
    ];
    let name = other.iter().find(|(offset, bytes, _)| at(*offset, bytes)).map_or("an unknown kind of file", |(_, _, name)| name);
    Err(AudioError::OtherFormat(name))
}
