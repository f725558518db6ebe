//! Reads the weights of a CTranslate2 model: binary container, specification version 6.
//!
//! Layout, little-endian: `u32` version, text specification name, `u32` revision, `u32` count, then per tensor: text name,
//! `u8` rank, rank × `u32` shape, `u8` type, `u32` bytes, data. A text is `u16` length (its closing zero counted) and bytes.
//! Aliases follow and are not needed here.
//!
//! It must never copy the weights, reserve memory by a number the file claims, or panic on a damaged file.

use std::collections::BTreeMap;

use half::f16;

/// The only container version read.
const VERSION: u32 = 6;
/// Whisper large has 1,200 tensors; more than this is a damaged count.
const MOST_TENSORS: u32 = 10_000;
const MOST_DIMENSIONS: u8 = 4;

/// Why a file is not a CTranslate2 model that can be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("container version {0} where {VERSION} is read")]
    Version(u32),
    #[error("the model ends in the middle, at byte {0}")]
    Short(usize),
    #[error("a name is not text, at byte {0}")]
    Name(usize),
    #[error("{0} tensors, more than any such model holds")]
    Count(u32),
    #[error("tensor {0} has {1} dimensions")]
    Rank(String, u8),
    #[error("tensor {0} is of unknown type {1}")]
    Type(String, u8),
    #[error("tensor {name}: its shape needs {needed:?} bytes and it holds {held}")]
    Size { name: String, needed: Option<usize>, held: usize },
    #[error("tensor {0} stands in the model twice")]
    Twice(String),
    #[error("the model has no tensor {0}")]
    Missing(String),
    #[error("tensor {0} does not have the expected shape or type")]
    Unexpected(String),
}

/// How a tensor's numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    F32,
    F16,
    I8,
    I16,
    I32,
}

impl Kind {
    fn from_code(code: u8) -> Option<Self> {
        [Self::F32, Self::I8, Self::I16, Self::I32, Self::F16].get(usize::from(code)).copied()
    }

    /// Bytes of one number.
    pub const fn width(self) -> usize {
        match self {
            Self::F32 | Self::I32 => 4,
            Self::F16 | Self::I16 => 2,
            Self::I8 => 1,
        }
    }
}

/// A tensor, borrowed from the file: row-major, outermost dimension first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor<'a> {
    pub shape: Vec<usize>,
    pub kind: Kind,
    pub bytes: &'a [u8],
}

impl<'a> Tensor<'a> {
    /// Rows `from..to` of the outermost dimension; none when they are not there.
    pub fn rows(&self, from: usize, to: usize) -> Option<Self> {
        let (rows, rest) = self.shape.split_first()?;
        if from > to || to > *rows {
            return None;
        }
        let row = self.bytes.len().checked_div(*rows)?;
        let mut shape = vec![to - from];
        shape.extend_from_slice(rest);
        Some(Self { shape, kind: self.kind, bytes: self.bytes.get(from * row..to * row)? })
    }

    /// The numbers of a floating-point tensor; none for whole-number types.
    pub fn floats(&self) -> Option<impl Iterator<Item = f32> + 'a> {
        let kind = self.kind;
        let is_float = matches!(kind, Kind::F16 | Kind::F32);
        is_float.then(|| {
            self.bytes.chunks_exact(kind.width()).map(move |number| match (kind, number) {
                (Kind::F16, [a, b]) => f16::from_le_bytes([*a, *b]).to_f32(),
                (_, [a, b, c, d]) => f32::from_le_bytes([*a, *b, *c, *d]),
                _ => f32::NAN,
            })
        })
    }
}

/// All tensors of a model, by name.
#[derive(Debug)]
pub struct Model<'a>(BTreeMap<String, Tensor<'a>>);

impl<'a> Model<'a> {
    /// Reads the container in `bytes`.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut input = Input { bytes, at: 0 };
        let version = input.u32()?;
        if version != VERSION {
            return Err(Error::Version(version));
        }
        input.text()?;
        input.u32()?;
        let count = input.u32()?;
        if count > MOST_TENSORS {
            return Err(Error::Count(count));
        }
        let mut tensors = BTreeMap::new();
        for _ in 0..count {
            let (name, tensor) = input.tensor()?;
            if tensors.insert(name.clone(), tensor).is_some() {
                return Err(Error::Twice(name));
            }
        }
        Ok(Self(tensors))
    }

    /// A tensor that must be there.
    pub fn get(&self, name: &str) -> Result<&Tensor<'a>, Error> {
        self.0.get(name).ok_or_else(|| Error::Missing(name.to_owned()))
    }

    /// A tensor that must be there with this many dimensions.
    pub fn shaped<const N: usize>(&self, name: &str) -> Result<(&Tensor<'a>, [usize; N]), Error> {
        let tensor = self.get(name)?;
        let shape = tensor.shape.as_slice().try_into().map_err(|_| Error::Unexpected(name.to_owned()))?;
        Ok((tensor, shape))
    }

    /// A whole number stored as a tensor without dimensions.
    pub fn whole(&self, name: &str) -> Result<i32, Error> {
        let (tensor, []) = self.shaped::<0>(name)?;
        match (tensor.kind, tensor.bytes) {
            (Kind::I8, [a]) => Ok(i32::from(i8::from_le_bytes([*a]))),
            (Kind::I16, [a, b]) => Ok(i32::from(i16::from_le_bytes([*a, *b]))),
            (Kind::I32, [a, b, c, d]) => Ok(i32::from_le_bytes([*a, *b, *c, *d])),
            _ => Err(Error::Unexpected(name.to_owned())),
        }
    }

    /// How many layers a side ("encoder" or "decoder") has.
    pub fn layers(&self, side: &str) -> usize {
        (0..).take_while(|layer| self.0.contains_key(&format!("{side}/layer_{layer}/ffn/layer_norm/gamma"))).count()
    }
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(length).ok_or(Error::Short(self.at))?;
        let taken = self.bytes.get(self.at..end).ok_or(Error::Short(self.at))?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let at = self.at;
        self.take(N)?.try_into().map_err(|_| Error::Short(at))
    }

    fn u8(&mut self) -> Result<u8, Error> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32, Error> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn length(&mut self) -> Result<usize, Error> {
        let at = self.at;
        usize::try_from(self.u32()?).map_err(|_| Error::Short(at))
    }

    fn text(&mut self) -> Result<String, Error> {
        let length = usize::from(u16::from_le_bytes(self.array()?));
        let at = self.at;
        let (zero, text) = self.take(length)?.split_last().ok_or(Error::Name(at))?;
        match std::str::from_utf8(text) {
            Ok(text) if *zero == 0 => Ok(text.to_owned()),
            _ => Err(Error::Name(at)),
        }
    }

    fn tensor(&mut self) -> Result<(String, Tensor<'a>), Error> {
        let name = self.text()?;
        let rank = self.u8()?;
        if rank > MOST_DIMENSIONS {
            return Err(Error::Rank(name, rank));
        }
        let shape = (0..rank).map(|_| self.length()).collect::<Result<Vec<_>, _>>()?;
        let code = self.u8()?;
        let Some(kind) = Kind::from_code(code) else { return Err(Error::Type(name, code)) };
        let held = self.length()?;
        let needed = shape.iter().try_fold(kind.width(), |bytes, size| bytes.checked_mul(*size));
        if needed != Some(held) {
            return Err(Error::Size { name, needed, held });
        }
        let bytes = self.take(held)?;
        Ok((name, Tensor { shape, kind, bytes }))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Writes a container, so that tests need no weights of anybody's.
    pub fn container(tensors: &[(&str, &[u32], u8, Vec<u8>)]) -> Vec<u8> {
        let text = |text: &str| [&(text.len() as u16 + 1).to_le_bytes()[..], text.as_bytes(), &[0]].concat();
        let mut out = [&VERSION.to_le_bytes()[..], &text("WhisperSpec"), &3u32.to_le_bytes()].concat();
        out.extend((tensors.len() as u32).to_le_bytes());
        for (name, shape, kind, data) in tensors {
            out.extend(text(name));
            out.push(shape.len() as u8);
            shape.iter().for_each(|size| out.extend(size.to_le_bytes()));
            out.push(*kind);
            out.extend((data.len() as u32).to_le_bytes());
            out.extend(data);
        }
        out
    }

    #[test]
    fn reads_tensors_rows_and_whole_numbers() {
        let bytes =
            container(&[("w", &[3, 2], 4, [0x3c00u16, 0, 0x4000, 0, 0xbc00, 0].map(u16::to_le_bytes).concat()), ("n", &[], 2, vec![8, 0])]);
        let model = Model::parse(&bytes).unwrap();
        assert_eq!(model.whole("n"), Ok(8));
        let last = model.get("w").unwrap().rows(1, 3).unwrap();
        assert_eq!((last.shape.as_slice(), last.floats().unwrap().collect::<Vec<_>>()), (&[2, 2][..], vec![2.0, 0.0, -1.0, 0.0]));
        assert_eq!(model.get("w").unwrap().rows(2, 4), None);
        assert_eq!(model.get("x").unwrap_err(), Error::Missing("x".into()));
    }

    #[test]
    fn refuses_a_shape_that_overflows_or_lies() {
        let huge = container(&[("w", &[u32::MAX, u32::MAX, u32::MAX], 0, vec![])]);
        assert_eq!(Model::parse(&huge).unwrap_err(), Error::Size { name: "w".into(), needed: None, held: 0 });
        let lies = container(&[("w", &[2], 0, vec![0; 4])]);
        assert_eq!(Model::parse(&lies).unwrap_err(), Error::Size { name: "w".into(), needed: Some(8), held: 4 });
    }

    #[test]
    fn refuses_counts_types_ranks_and_repeats_no_model_has() {
        let mut many = container(&[]);
        let count = many.len() - 4;
        many[count..].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(Model::parse(&many).unwrap_err(), Error::Count(u32::MAX));
        assert_eq!(Model::parse(&container(&[("w", &[], 9, vec![])])).unwrap_err(), Error::Type("w".into(), 9));
        assert_eq!(Model::parse(&container(&[("w", &[1; 5], 1, vec![0])])).unwrap_err(), Error::Rank("w".into(), 5));
        let twice = container(&[("w", &[], 1, vec![0]), ("w", &[], 1, vec![0])]);
        assert_eq!(Model::parse(&twice).unwrap_err(), Error::Twice("w".into()));
        assert_eq!(Model::parse(&[5, 0, 0, 0]).unwrap_err(), Error::Version(5));
    }

    #[test]
    fn refuses_a_model_cut_anywhere() {
        let whole = container(&[("weights", &[2, 2], 0, vec![7; 16])]);
        for end in 0..whole.len() {
            assert!(Model::parse(&whole[..end]).is_err(), "cut at {end}");
        }
    }

    proptest! {
        #[test]
        fn damaged_containers_never_panic(at in 0usize..80, to: u8) {
            let mut bytes = container(&[("weights", &[2, 2], 4, vec![7; 8]), ("n", &[], 2, vec![8, 0])]);
            let at = at % bytes.len();
            bytes[at] = to;
            if let Ok(model) = Model::parse(&bytes) {
                let _ = (model.whole("n"), model.layers("encoder"));
            }
        }
    }
}
