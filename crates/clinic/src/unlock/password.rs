//! Passwords after NIST SP 800-63B-4: long enough, not guessable, nothing else asked.

use serde::Serialize;
use zeroize::Zeroizing;

use super::UnlockError;

pub const SHORTEST: usize = 12;
pub const LONGEST: usize = 128;
/// zxcvbn score of 0 to 4 that is good enough.
const ENOUGH: u8 = 3;
/// Letters and digits a password must hold besides names the attacker knows.
const ENOUGH_BESIDE_NAMES: usize = 8;

/// How well a password would hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct PasswordStrength {
    /// 0 to 4.
    pub score: u8,
    pub acceptable: bool,
    /// too_short | too_long | contains_name | too_common | guessable
    pub reason: Option<&'static str>,
}

/// Judges a password against names the attacker knows: the person, the clinic.
pub fn strength(password: &str, names: &[String]) -> PasswordStrength {
    let length = password.chars().count();
    let inputs: Vec<&str> = names.iter().flat_map(|name| name.split_whitespace()).chain(["gladstone", "clinic", "klinik"]).collect();
    // zxcvbn looks at the first hundred characters; more only cost time.
    let start: Zeroizing<String> = Zeroizing::new(password.chars().take(100).collect());
    let estimate = zxcvbn::zxcvbn(&start, &inputs);
    let score = u8::from(estimate.score());
    let lower = Zeroizing::new(password.to_lowercase());
    // A known name is no secret: what stands beside it must hold by itself.
    let mut rest = Zeroizing::new(String::clone(&lower));
    for name in inputs.iter().filter(|name| name.chars().count() >= 4) {
        rest = Zeroizing::new(rest.replace(&name.to_lowercase(), ""));
    }
    let held = rest.len() < lower.len();
    let little_beside = held && rest.chars().filter(|c| c.is_alphanumeric()).count() < ENOUGH_BESIDE_NAMES;
    let reason = match () {
        () if length < SHORTEST => Some("too_short"),
        () if length > LONGEST => Some("too_long"),
        () if little_beside || (score < ENOUGH && held) => Some("contains_name"),
        () if score == 0 => Some("too_common"),
        () if score < ENOUGH => Some("guessable"),
        () => None,
    };
    PasswordStrength { score: if length < SHORTEST { score.min(1) } else { score }, acceptable: reason.is_none(), reason }
}

/// Refuses a password that would not hold.
pub fn check_password(password: &str, names: &[String]) -> Result<(), UnlockError> {
    match strength(password, names).reason {
        Some(reason) => Err(UnlockError::WeakPassword(reason)),
        None => Ok(()),
    }
}

/// The form in which passwords are hashed, the same whatever keyboard composed it.
pub(crate) fn normalised(password: &str) -> Zeroizing<Vec<u8>> {
    use unicode_normalization::UnicodeNormalization;
    let mut bytes = Zeroizing::new(Vec::with_capacity(password.len() * 3));
    let mut buffer = [0; 4];
    for character in password.nfc() {
        bytes.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_guessing_count_and_composition_does_not() {
        let reason = |password: &str| strength(password, &["Dr Aisyah Rahman".to_owned(), "Klinik Bangsar".to_owned()]).reason;
        assert_eq!(reason("Xk9!vq2"), Some("too_short"));
        assert_eq!(reason("passwordpassword"), Some("too_common"));
        assert_eq!(reason("aisyahrahman1"), Some("contains_name"));
        assert_eq!(reason("AisyahRahman KlinikBangsar 2026"), Some("contains_name"));
        assert_eq!(reason("aisyah makan durian tengah malam"), None);
        assert_eq!(reason("correct horse battery staple"), None);
        assert_eq!(reason("kuda hijau terbang malam"), None);
        assert_eq!(reason(&"long ".repeat(30)), Some("too_long"));
    }

    #[test]
    fn composed_and_decomposed_letters_are_one_password() {
        assert_eq!(*normalised("caf\u{e9} au lait matin"), *normalised("cafe\u{301} au lait matin"));
    }
}
