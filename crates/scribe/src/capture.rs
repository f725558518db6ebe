//! Microphones by `cpal`: a list of sane names, and one open stream that fills a lock-free ring.
//!
//! The callback averages channels and pushes samples; it must never block, allocate, lock or log.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use cpal::traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _};
use cpal::{Device, DeviceDirection, ErrorKind, FromSample, SampleFormat, SizedSample, StreamConfig};

/// Sound that the ring holds while the worker is held up, in seconds.
const RING_S: usize = 10;
/// How long a device may take to open.
const OPENING: Duration = Duration::from_secs(5);

/// Why there is no sound.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The computer has no microphone, or none that this user may use.
    #[error("no microphone was found")]
    NoMicrophone,
    /// The chosen microphone is not there.
    #[error("the chosen microphone is not connected")]
    NotConnected,
    /// Another program holds it.
    #[error("the microphone is in use by another program")]
    Busy,
    /// The system forbids it.
    #[error("the system does not let this app use the microphone")]
    Denied,
    /// It offers no kind of sound that can be read.
    #[error("the microphone offers no usable sound format")]
    Format,
    /// Anything else.
    #[error("the sound system failed")]
    System(#[source] cpal::Error),
}

impl From<cpal::Error> for CaptureError {
    fn from(error: cpal::Error) -> Self {
        match error.kind() {
            ErrorKind::DeviceNotAvailable | ErrorKind::StreamInvalidated => Self::NotConnected,
            ErrorKind::DeviceBusy => Self::Busy,
            ErrorKind::PermissionDenied => Self::Denied,
            ErrorKind::UnsupportedConfig | ErrorKind::UnsupportedOperation => Self::Format,
            _ => Self::System(error),
        }
    }
}

/// A microphone as a person chooses it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Microphone {
    /// Stable name for settings and for [`crate::recorder::RecorderConfig`].
    pub id: String,
    pub name: String,
    pub is_default: bool,
}

/// The microphones of this computer, the default first. No device is opened. Empty when there is none.
///
/// ALSA lists dozens of aliases: kept are the default, the sound servers, and each card's inputs once.
pub fn microphones() -> Result<Vec<Microphone>, CaptureError> {
    let host = cpal::default_host();
    let default = host.default_input_device().and_then(|d| d.id().ok());
    let mut list: Vec<Microphone> = Vec::new();
    for device in host.devices()? {
        let (Ok(id), Ok(about)) = (device.id(), device.description()) else { continue };
        let is_default = Some(&id) == default.as_ref();
        if !takes_sound(&device, about.direction()) || !(is_default || is_sane(id.id())) {
            continue;
        }
        let name = match id.id() {
            "default" => "System default".to_owned(),
            _ => about.name().trim().to_owned(),
        };
        let known = list.iter().any(|m| m.id == id.to_string() || (m.name == name && !is_default));
        if !known {
            list.push(Microphone { id: id.to_string(), name, is_default });
        }
    }
    list.sort_by_key(|m| !m.is_default);
    Ok(list)
}

fn takes_sound(device: &Device, direction: DeviceDirection) -> bool {
    match direction {
        DeviceDirection::Input | DeviceDirection::Duplex => true,
        DeviceDirection::Output => false,
        // Only elsewhere than on ALSA: asking there opens the device.
        _ => !cfg!(target_os = "linux") && device.supports_input(),
    }
}

#[cfg(target_os = "linux")]
fn is_sane(id: &str) -> bool {
    let numbered = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    matches!(id, "default" | "pulse" | "pipewire") || id.strip_prefix("plughw:CARD=").is_some_and(numbered)
}

#[cfg(not(target_os = "linux"))]
fn is_sane(_: &str) -> bool {
    true
}

/// What the callbacks tell the worker.
#[derive(Default)]
struct Signs {
    callbacks: AtomicU64,
    overflow: AtomicU64,
    broken: AtomicBool,
}

/// An open microphone. Dropping it closes the device.
pub(crate) struct Input {
    _stream: cpal::Stream,
    ring: rtrb::Consumer<f32>,
    signs: Arc<Signs>,
    /// Hertz.
    pub rate: u32,
}

impl Input {
    /// Opens the microphone with this id, or the default one. Sound flows only once [`Input::callbacks`] is above 0.
    pub fn open(id: Option<&str>) -> Result<Self, CaptureError> {
        let host = cpal::default_host();
        let device = match id {
            None => host.default_input_device().ok_or(CaptureError::NoMicrophone)?,
            Some(id) => {
                let id = id.parse().map_err(|_| CaptureError::NotConnected)?;
                host.device_by_id(&id).ok_or(CaptureError::NotConnected)?
            }
        };
        let offered = device.default_input_config()?;
        let rate = offered.sample_rate();
        if offered.channels() == 0 || !crate::resample::RATES.contains(&rate) {
            return Err(CaptureError::Format);
        }
        let (ring_in, ring) = rtrb::RingBuffer::new(rate as usize * RING_S);
        let signs = Arc::new(Signs::default());
        let tap = Tap { device: &device, config: offered.config(), ring: ring_in, signs: signs.clone() };
        let stream = match offered.sample_format() {
            SampleFormat::F32 => tap.build::<f32>(),
            SampleFormat::F64 => tap.build::<f64>(),
            SampleFormat::I8 => tap.build::<i8>(),
            SampleFormat::I16 => tap.build::<i16>(),
            SampleFormat::I24 => tap.build::<cpal::I24>(),
            SampleFormat::I32 => tap.build::<i32>(),
            SampleFormat::I64 => tap.build::<i64>(),
            SampleFormat::U8 => tap.build::<u8>(),
            SampleFormat::U16 => tap.build::<u16>(),
            SampleFormat::U24 => tap.build::<cpal::U24>(),
            SampleFormat::U32 => tap.build::<u32>(),
            SampleFormat::U64 => tap.build::<u64>(),
            _ => Err(CaptureError::Format),
        }?;
        stream.play()?;
        Ok(Self { _stream: stream, ring, signs, rate })
    }

    /// Appends all sound that has come, mono at [`Input::rate`].
    pub fn take(&mut self, into: &mut Vec<f32>) {
        let n = self.ring.slots();
        if let Ok(chunk) = self.ring.read_chunk(n) {
            let (a, b) = chunk.as_slices();
            into.extend_from_slice(a);
            into.extend_from_slice(b);
            chunk.commit_all();
        }
    }

    /// Calls of the device so far.
    pub fn callbacks(&self) -> u64 {
        self.signs.callbacks.load(Ordering::Relaxed)
    }

    /// Samples lost since the last call, because the worker was held up for longer than the ring holds.
    pub fn take_overflow(&self) -> u64 {
        self.signs.overflow.swap(0, Ordering::Relaxed)
    }

    /// True once the device reported that it is gone.
    pub fn is_broken(&self) -> bool {
        self.signs.broken.load(Ordering::Relaxed)
    }
}

struct Tap<'a> {
    device: &'a Device,
    config: StreamConfig,
    ring: rtrb::Producer<f32>,
    signs: Arc<Signs>,
}

impl Tap<'_> {
    fn build<T>(self) -> Result<cpal::Stream, CaptureError>
    where
        T: SizedSample,
        f32: FromSample<T>,
    {
        let Self { device, config, mut ring, signs } = self;
        let channels = usize::from(config.channels);
        let share = 1.0 / channels as f32;
        let broken = signs.clone();
        let stream = device.build_input_stream(
            config,
            move |data: &[T], _: &cpal::InputCallbackInfo| {
                signs.callbacks.fetch_add(1, Ordering::Relaxed);
                let mut lost = 0;
                for frame in data.chunks_exact(channels) {
                    let mean = frame.iter().map(|s| f32::from_sample_(*s)).sum::<f32>() * share;
                    lost += u64::from(ring.push(mean).is_err());
                }
                if lost > 0 {
                    signs.overflow.fetch_add(lost, Ordering::Relaxed);
                }
            },
            move |error| {
                // Lost samples and a moved default are no end; everything else is.
                if !matches!(error.kind(), ErrorKind::Xrun | ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied) {
                    broken.broken.store(true, Ordering::Relaxed);
                }
            },
            Some(OPENING),
        )?;
        Ok(stream)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::is_sane;

    #[test]
    fn of_alsas_many_names_only_those_a_person_would_choose_are_kept() {
        for id in ["default", "pulse", "pipewire", "plughw:CARD=0,DEV=0", "plughw:CARD=12,DEV=3"] {
            assert!(is_sane(id), "{id}");
        }
        for id in [
            "null",
            "lavrate",
            "samplerate",
            "surround51:CARD=PCH,DEV=0",
            "front:CARD=PCH",
            "hw:CARD=0,DEV=0",
            "plughw:CARD=PCH,DEV=0",
            "upmix",
        ] {
            assert!(!is_sane(id), "{id}");
        }
    }
}
