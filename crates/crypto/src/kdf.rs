//! From a password to an unlock key, slowly on purpose.
//!
//! ```text
//! stretched  = Argon2id(version 0x13, password, salt, m, t, p)[0..32]                       RFC 9106
//! unlock key = HKDF-SHA256(stretched,           "gladstone v1 unlock key")
//!            | HKDF-SHA256(stretched || second, "gladstone v1 unlock key with security key")
//! ```
//! Must never accept a cost under [`PasswordCost::floor`], in tests neither.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use crate::key::{SecretKey, derive_key};

const UNLOCK: &[u8] = b"gladstone v1 unlock key";
const UNLOCK_WITH_SECURITY_KEY: &[u8] = b"gladstone v1 unlock key with security key";

/// Longest password in bytes: 128 characters of the longest encoding, and room to spare.
pub const PASSWORD_LIMIT: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CostError {
    #[error("the password cost is under the floor of 64 MiB and 3 passes")]
    UnderFloor,
    #[error("the password cost is over the ceiling of 1 GiB, 20 passes and 8 lanes")]
    OverCeiling,
    #[error("the password is empty or longer than {PASSWORD_LIMIT} bytes")]
    PasswordLength,
    #[error("not enough memory to check the password")]
    Memory,
}

/// Argon2id cost, stored with each staff slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    pub lanes: u32,
}

impl PasswordCost {
    /// The least ever accepted: 64 MiB, 3 passes, one lane (RFC 9106, second recommended option, on one lane).
    #[must_use]
    pub const fn floor() -> Self {
        Self { memory_kib: 64 * 1024, iterations: 3, lanes: 1 }
    }

    /// The most ever accepted, so that a forged header cannot hang or exhaust a desk.
    #[must_use]
    pub const fn ceiling() -> Self {
        Self { memory_kib: 1024 * 1024, iterations: 20, lanes: 8 }
    }

    /// # Errors
    /// [`CostError::UnderFloor`] or [`CostError::OverCeiling`].
    pub fn check(&self) -> Result<(), CostError> {
        let (floor, ceiling) = (Self::floor(), Self::ceiling());
        if self.memory_kib < floor.memory_kib || self.iterations < floor.iterations || self.lanes < floor.lanes {
            return Err(CostError::UnderFloor);
        }
        if self.memory_kib > ceiling.memory_kib || self.iterations > ceiling.iterations || self.lanes > ceiling.lanes {
            return Err(CostError::OverCeiling);
        }
        Ok(())
    }

    /// Whether this cost asks less than `policy` in memory or passes.
    #[must_use]
    pub fn is_weaker_than(&self, policy: &Self) -> bool {
        self.memory_kib < policy.memory_kib || self.iterations < policy.iterations
    }

    /// The cost that takes about `target` on this machine: memory grows first, to 256 MiB, then passes.
    /// Never under the floor, however slow the machine. Takes about one floor derivation of CPU time.
    ///
    /// # Errors
    /// [`CostError::Memory`] when even the floor's 64 MiB are not to be had.
    pub fn measure(target: Duration) -> Result<Self, CostError> {
        let floor = Self::floor();
        let start = Instant::now();
        stretch(b"gladstone", &[0; 16], &floor)?;
        Ok(floor.scaled(target, start.elapsed()))
    }

    /// Time is proportional to memory times passes.
    fn scaled(self, target: Duration, measured: Duration) -> Self {
        const MEMORY_STEPS: u32 = 4;
        let mut ratio = target.as_secs_f64() / measured.as_secs_f64().max(1e-3);
        let steps = (ratio as u32).clamp(1, MEMORY_STEPS);
        ratio /= f64::from(steps);
        let ceiling = Self::ceiling().iterations;
        let iterations = (f64::from(self.iterations) * ratio) as u32;
        Self { memory_kib: self.memory_kib * steps, iterations: iterations.clamp(self.iterations, ceiling), lanes: self.lanes }
    }
}

/// The key that opens a staff member's private key.
///
/// `password` is the UTF-8 of the NFC form; the caller normalises. `second` is the hmac-secret output of a security
/// key where one is enrolled: without it the password alone derives another key.
///
/// # Errors
/// A cost out of bounds, a password of impossible length, or no memory.
pub fn derive_unlock_key(
    password: &[u8],
    salt: &[u8; 16],
    cost: &PasswordCost,
    second: Option<&SecretKey>,
) -> Result<SecretKey, CostError> {
    let stretched = stretch(password, salt, cost)?;
    Ok(match second {
        None => derive_key(&[stretched.as_ref()], UNLOCK),
        Some(second) => derive_key(&[stretched.as_ref(), second.expose()], UNLOCK_WITH_SECURITY_KEY),
    })
}

fn stretch(password: &[u8], salt: &[u8; 16], cost: &PasswordCost) -> Result<Zeroizing<[u8; 32]>, CostError> {
    cost.check()?;
    if password.is_empty() || password.len() > PASSWORD_LIMIT {
        return Err(CostError::PasswordLength);
    }
    let params = Params::new(cost.memory_kib, cost.iterations, cost.lanes, Some(32)).map_err(|_| CostError::OverCeiling)?;
    // Own memory, so that a machine short of it gets an error, and so that the blocks are wiped.
    let mut blocks: Vec<Block> = Vec::new();
    blocks.try_reserve_exact(params.block_count()).map_err(|_| CostError::Memory)?;
    blocks.resize(params.block_count(), Block::new());
    let mut out = Zeroizing::new([0; 32]);
    let result =
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(password, salt, out.as_mut(), &mut blocks);
    blocks.zeroize();
    result.map_err(|_| CostError::Memory)?;
    Ok(out)
}
