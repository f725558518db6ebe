//! Plays a stretch of sound on the computer's speaker, from memory.
//!
//! Must never write sound anywhere, or keep it after [`Playback`] is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cpal::traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _};
use cpal::{Device, FromSample, SampleFormat, SizedSample, StreamConfig};
use zeroize::Zeroizing;

use crate::capture::CaptureError;
use crate::resample::RATE;

/// Sound that plays until its end, or until this is dropped; then it is wiped.
pub struct Playback {
    _stream: cpal::Stream,
    sound: Arc<Zeroizing<Vec<f32>>>,
    at: Arc<AtomicUsize>,
}

impl Playback {
    /// Plays 16 kHz mono samples, -1 to 1, on the default speaker. [`CaptureError::NoMicrophone`] stands for "no speaker" here.
    pub fn start(sound: Zeroizing<Vec<f32>>) -> Result<Self, CaptureError> {
        let device = cpal::default_host().default_output_device().ok_or(CaptureError::NoMicrophone)?;
        let offered = device.default_output_config()?;
        let sound = Arc::new(sound);
        let at = Arc::new(AtomicUsize::new(0));
        let tap = Tap { device: &device, config: offered.config(), sound: sound.clone(), at: at.clone() };
        let stream = match offered.sample_format() {
            SampleFormat::F32 => tap.build::<f32>(),
            SampleFormat::F64 => tap.build::<f64>(),
            SampleFormat::I16 => tap.build::<i16>(),
            SampleFormat::I32 => tap.build::<i32>(),
            SampleFormat::U8 => tap.build::<u8>(),
            SampleFormat::U16 => tap.build::<u16>(),
            _ => Err(CaptureError::Format),
        }?;
        stream.play()?;
        Ok(Self { _stream: stream, sound, at })
    }

    /// True once all was handed to the speaker.
    pub fn is_done(&self) -> bool {
        self.at.load(Ordering::Relaxed) >= self.sound.len()
    }
}

struct Tap<'a> {
    device: &'a Device,
    config: StreamConfig,
    sound: Arc<Zeroizing<Vec<f32>>>,
    at: Arc<AtomicUsize>,
}

impl Tap<'_> {
    fn build<T>(self) -> Result<cpal::Stream, CaptureError>
    where
        T: SizedSample + FromSample<f32>,
    {
        let Self { device, config, sound, at } = self;
        let channels = usize::from(config.channels).max(1);
        let step = f64::from(RATE) / f64::from(config.sample_rate);
        let mut frame = 0_u64;
        let stream = device.build_output_stream(
            config,
            move |out: &mut [T], _: &cpal::OutputCallbackInfo| {
                for slot in out.chunks_mut(channels) {
                    let place = frame as f64 * step;
                    slot.fill(T::from_sample_(between(&sound, place)));
                    frame += 1;
                }
                at.store((frame as f64 * step) as usize, Ordering::Relaxed);
            },
            |error| tracing::warn!(%error, "the speaker failed"),
            None,
        )?;
        Ok(stream)
    }
}

/// The sample at a place between two; silence behind the end. Good enough to listen to speech.
fn between(sound: &[f32], place: f64) -> f32 {
    let (index, part) = (place as usize, place.fract() as f32);
    let sample = |index: usize| sound.get(index).copied().unwrap_or_default();
    sample(index) * (1.0 - part) + sample(index + 1) * part
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn places_between_samples_are_mixed_and_the_end_is_silent() {
        let sound = [0.0, 1.0, -1.0];
        assert_eq!(between(&sound, 1.0), 1.0);
        assert_eq!(between(&sound, 0.25), 0.25);
        assert_eq!(between(&sound, 2.5), -0.5);
        assert_eq!(between(&sound, 9.0), 0.0);
    }
}
