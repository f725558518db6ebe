//! Writes a Whisper model as whisper.cpp's own file: legacy ggml container, 8-bit blocks (`q8_0`) for matrices.
//!
//! The result equals the officially published file bit for bit, so the order of tensors, the kind of each and the rounding
//! are those of whisper.cpp's `convert-pt-to-ggml.py` and `quantize`, and of ggml's `quantize_row_q8_0_ref`.
//! It must never decide whether the result is right: the sha256 of the finished file does.

use std::io::{self, Write};

use half::f16;

use super::ctranslate2::{self, Model, Tensor};
use super::mel::Filters;

const MAGIC: i32 = 0x6767_6d6c;
/// `GGML_QNT_VERSION` 2 × 1000 + `GGML_FTYPE_MOSTLY_Q8_0` 7.
const FILE_TYPE: i32 = 2007;
/// Numbers that share one scale.
const BLOCK: usize = 32;

/// Why a model cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the weights cannot be used")]
    Weights(#[from] ctranslate2::Error),
    #[error("tensor {0} does not have the shape its place in the model needs")]
    Shape(String),
    #[error("a number of the model does not fit the file: {0}")]
    Range(#[from] std::num::TryFromIntError),
    #[error("the model has {bands} mel bands and the filters {filters}")]
    Bands { bands: usize, filters: usize },
    #[error("the model cannot be written")]
    Write(#[from] io::Error),
}

/// How a tensor stands in the file; the numbers are ggml's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stored {
    F32 = 0,
    F16 = 1,
    Q8 = 8,
}

/// Writes `model` with its filters and vocabulary to `out`.
pub fn write(out: &mut impl Write, model: &Model, filters: &Filters, words: &[Vec<u8>]) -> Result<(), Error> {
    let (_, [tokens, width]) = model.shaped::<2>("decoder/embeddings/weight")?;
    let (_, [sounds, _]) = model.shaped::<2>("encoder/position_encodings/encodings")?;
    let (_, [context, _]) = model.shaped::<2>("decoder/position_encodings/encodings")?;
    let (_, [_, bands, _]) = model.shaped::<3>("encoder/conv1/weight")?;
    if bands != filters.shape[0] {
        return Err(Error::Bands { bands, filters: filters.shape[0] });
    }
    let heads = model.whole("encoder/num_heads")?;
    let (encoder, decoder) = (model.layers("encoder"), model.layers("decoder"));

    number(out, MAGIC)?;
    sizes(out, &[tokens, sounds, width])?;
    number(out, heads)?;
    sizes(out, &[encoder, context, width])?;
    number(out, heads)?;
    sizes(out, &[decoder, bands])?;
    number(out, FILE_TYPE)?;

    sizes(out, &filters.shape)?;
    // Adding zero turns the published array's negative zeros into the zeros of the published model.
    filters.values.iter().try_for_each(|value| out.write_all(&(value + 0.0).to_le_bytes()))?;

    sizes(out, &[words.len()])?;
    for word in words {
        sizes(out, &[word.len()])?;
        out.write_all(word)?;
    }
    named(model)?.iter().try_for_each(|(name, tensor)| write_tensor(out, name, tensor))
}

fn number(out: &mut impl Write, value: i32) -> Result<(), Error> {
    Ok(out.write_all(&value.to_le_bytes())?)
}

fn sizes(out: &mut impl Write, values: &[usize]) -> Result<(), Error> {
    values.iter().try_for_each(|value| number(out, i32::try_from(*value)?))
}

fn write_tensor(out: &mut impl Write, name: &str, tensor: &Tensor) -> Result<(), Error> {
    let misshapen = || Error::Shape(name.to_owned());
    let is_conv_bias = name.ends_with("conv1.bias") || name.ends_with("conv2.bias");
    let mut shape = tensor.shape.clone();
    if is_conv_bias {
        shape.push(1);
    }
    let is_full = shape.len() < 2 || is_conv_bias || name.ends_with("positional_embedding");
    let stored = match shape.len() {
        _ if is_full => Stored::F32,
        2 => Stored::Q8,
        _ => Stored::F16,
    };
    sizes(out, &[shape.len(), name.len()])?;
    number(out, stored as i32)?;
    for size in shape.iter().rev() {
        sizes(out, &[*size])?;
    }
    out.write_all(name.as_bytes())?;
    let mut values = tensor.floats().ok_or_else(misshapen)?;
    match stored {
        Stored::F32 => values.try_for_each(|value| out.write_all(&value.to_le_bytes()))?,
        Stored::F16 => values.try_for_each(|value| out.write_all(&f16::from_f32(value).to_le_bytes()))?,
        Stored::Q8 => {
            if !shape.last().is_some_and(|row| row.is_multiple_of(BLOCK)) {
                return Err(misshapen());
            }
            let mut block = [0.0; BLOCK];
            let mut filled = 0;
            for value in values {
                block[filled] = f16::from_f32(value).to_f32();
                filled += 1;
                if filled == BLOCK {
                    out.write_all(&q8(&block))?;
                    filled = 0;
                }
            }
        }
    }
    Ok(())
}

/// One `block_q8_0`: the scale as a half, then 32 signed bytes. Rounds half away from zero, as C's `roundf`.
fn q8(block: &[f32; BLOCK]) -> [u8; 2 + BLOCK] {
    let scale = block.iter().fold(0.0f32, |most, value| most.max(value.abs())) / 127.0;
    let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
    let mut out = [0; 2 + BLOCK];
    let (head, bytes) = out.split_at_mut(2);
    head.copy_from_slice(&f16::from_f32(scale).to_le_bytes());
    for (byte, value) in bytes.iter_mut().zip(block) {
        *byte = ((value * inverse).round() as i8).to_le_bytes()[0];
    }
    out
}

/// The tensors under whisper.cpp's names, in the order of the official file.
fn named<'a>(model: &Model<'a>) -> Result<Vec<(String, Tensor<'a>)>, Error> {
    let mut plan = Plan { model, out: Vec::new() };
    plan.copy("decoder.positional_embedding", "decoder/position_encodings/encodings")?;
    plan.copy("encoder.positional_embedding", "encoder/position_encodings/encodings")?;
    plan.copy("decoder.token_embedding.weight", "decoder/embeddings/weight")?;
    for (side, last) in [("decoder", "decoder.ln"), ("encoder", "encoder.ln_post")] {
        if side == "encoder" {
            plan.linear("encoder.conv1", "encoder/conv1")?;
            plan.linear("encoder.conv2", "encoder/conv2")?;
        }
        for layer in 0..model.layers(side) {
            let (to, from) = (format!("{side}.blocks.{layer}"), format!("{side}/layer_{layer}"));
            plan.norm(&format!("{to}.mlp_ln"), &format!("{from}/ffn/layer_norm"))?;
            plan.linear(&format!("{to}.mlp.0"), &format!("{from}/ffn/linear_0"))?;
            plan.linear(&format!("{to}.mlp.2"), &format!("{from}/ffn/linear_1"))?;
            plan.norm(&format!("{to}.attn_ln"), &format!("{from}/self_attention/layer_norm"))?;
            plan.self_attention(&format!("{to}.attn"), &format!("{from}/self_attention"))?;
            if side == "decoder" {
                plan.norm(&format!("{to}.cross_attn_ln"), &format!("{from}/attention/layer_norm"))?;
                plan.cross_attention(&format!("{to}.cross_attn"), &format!("{from}/attention"))?;
            }
        }
        plan.norm(last, &format!("{side}/layer_norm"))?;
    }
    Ok(plan.out)
}

struct Plan<'m, 'a> {
    model: &'m Model<'a>,
    out: Vec<(String, Tensor<'a>)>,
}

impl Plan<'_, '_> {
    fn copy(&mut self, to: &str, from: &str) -> Result<(), Error> {
        self.out.push((to.to_owned(), self.model.get(from)?.clone()));
        Ok(())
    }

    fn rows(&mut self, to: &str, from: &str, first: usize, end: usize) -> Result<(), Error> {
        let rows = self.model.get(from)?.rows(first, end).ok_or_else(|| Error::Shape(from.to_owned()))?;
        self.out.push((to.to_owned(), rows));
        Ok(())
    }

    fn linear(&mut self, to: &str, from: &str) -> Result<(), Error> {
        self.copy(&format!("{to}.weight"), &format!("{from}/weight"))?;
        self.copy(&format!("{to}.bias"), &format!("{from}/bias"))
    }

    fn norm(&mut self, to: &str, from: &str) -> Result<(), Error> {
        self.copy(&format!("{to}.weight"), &format!("{from}/gamma"))?;
        self.copy(&format!("{to}.bias"), &format!("{from}/beta"))
    }

    /// CTranslate2 fuses query, key and value in one matrix; Whisper's key has no bias.
    fn self_attention(&mut self, to: &str, from: &str) -> Result<(), Error> {
        let (weight, bias) = (format!("{from}/linear_0/weight"), format!("{from}/linear_0/bias"));
        let (_, [all, width]) = self.model.shaped::<2>(&weight)?;
        // `rows` refuses what does not add up, so a damaged width cannot reach past the matrix.
        let (key, value) = (width, width.saturating_mul(2));
        self.rows(&format!("{to}.query.weight"), &weight, 0, key)?;
        self.rows(&format!("{to}.query.bias"), &bias, 0, key)?;
        self.rows(&format!("{to}.key.weight"), &weight, key, value)?;
        self.rows(&format!("{to}.value.weight"), &weight, value, all)?;
        self.rows(&format!("{to}.value.bias"), &bias, value, all)?;
        self.linear(&format!("{to}.out"), &format!("{from}/linear_1"))
    }

    /// Here only key and value are fused.
    fn cross_attention(&mut self, to: &str, from: &str) -> Result<(), Error> {
        self.linear(&format!("{to}.query"), &format!("{from}/linear_0"))?;
        let (weight, bias) = (format!("{from}/linear_1/weight"), format!("{from}/linear_1/bias"));
        let (_, [all, width]) = self.model.shaped::<2>(&weight)?;
        self.rows(&format!("{to}.key.weight"), &weight, 0, width)?;
        self.rows(&format!("{to}.value.weight"), &weight, width, all)?;
        self.rows(&format!("{to}.value.bias"), &bias, width, all)?;
        self.linear(&format!("{to}.out"), &format!("{from}/linear_2"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::ctranslate2::tests::container;
    use super::*;

    #[test]
    fn a_block_holds_its_scale_and_rounds_half_away_from_zero() {
        let mut block = [0.0; BLOCK];
        // The scale is exactly 2, so 5 is two and a half steps.
        (block[0], block[1], block[2], block[3]) = (254.0, 5.0, -5.0, 4.0);
        let bytes = q8(&block);
        assert_eq!(bytes[..2], f16::from_f32(2.0).to_le_bytes());
        assert_eq!(bytes[2..7], [127, 3, -3i8 as u8, 2, 0]);
        assert_eq!(q8(&[0.0; BLOCK]), [0; 34]);
        assert_eq!(q8(&[f32::NAN; BLOCK])[2..], [0; 32]);
    }

    #[test]
    fn tensors_are_stored_by_their_place() {
        let halves = |count: usize| vec![f16::ONE.to_le_bytes(); count].concat();
        let bytes = container(&[
            ("vector", &[2], 4, halves(2)),
            ("matrix", &[1, 32], 4, halves(32)),
            ("cube", &[1, 1, 2], 4, halves(2)),
            ("narrow", &[2, 31], 4, halves(62)),
            ("whole", &[1], 3, vec![0; 4]),
        ]);
        let model = Model::parse(&bytes).unwrap();
        let written = |name: &str, from: &str| {
            let mut out = Vec::new();
            write_tensor(&mut out, name, model.get(from).unwrap()).map(|()| out)
        };
        let head =
            |values: &[i32], name: &str| [values.iter().flat_map(|value| value.to_le_bytes()).collect(), name.as_bytes().to_vec()].concat();
        assert_eq!(written("v", "vector").unwrap(), [head(&[1, 1, 0, 2], "v"), vec![0, 0, 128, 63, 0, 0, 128, 63]].concat());
        assert_eq!(written("conv1.bias", "vector").unwrap()[..20], head(&[2, 10, 0, 1, 2], ""));
        assert_eq!(written("m", "matrix").unwrap().len(), 4 * 5 + 1 + 34);
        assert_eq!(written("c", "cube").unwrap(), [head(&[3, 1, 1, 2, 1, 1], "c"), vec![0, 60, 0, 60]].concat());
        assert!(matches!(written("n", "narrow"), Err(Error::Shape(_))));
        assert!(matches!(written("w", "whole"), Err(Error::Shape(_))));
    }

    #[test]
    fn refuses_a_model_whose_fused_matrix_does_not_add_up() {
        let bytes = container(&[
            ("decoder/layer_0/self_attention/linear_0/weight", &[4, 2], 4, vec![0; 16]),
            ("decoder/layer_0/self_attention/linear_0/bias", &[3], 4, vec![0; 6]),
        ]);
        let model = Model::parse(&bytes).unwrap();
        let mut plan = Plan { model: &model, out: Vec::new() };
        let from = "decoder/layer_0/self_attention";
        assert!(matches!(plan.self_attention("attn", from), Err(Error::Shape(name)) if name.ends_with("bias")));
    }
}
