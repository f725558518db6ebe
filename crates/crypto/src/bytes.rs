//! Byte newtypes that may be stored or sent: hex in text formats, byte strings in CBOR.
//!
//! Must never be used for secrets: these types print, compare and serialise.

/// Implements `Debug`, `Display`, `FromStr`-like parsing and serde for `struct $name([u8; $len])`.
/// `$check` turns the raw bytes into the type or refuses them.
macro_rules! public_bytes {
    ($name:ident, $len:literal, $check:expr) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&hex::encode(self.as_bytes()))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_bytes(self.as_bytes()) }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use serde::de::Error as _;
                let mut bytes = [0u8; $len];
                if deserializer.is_human_readable() {
                    let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                    hex::decode_to_slice(text.as_bytes(), &mut bytes).map_err(D::Error::custom)?;
                } else {
                    bytes = serde_bytes::ByteArray::<$len>::deserialize(deserializer)?.into_array();
                }
                let check: fn([u8; $len]) -> Result<$name, $crate::key::KeyError> = $check;
                check(bytes).map_err(D::Error::custom)
            }
        }
    };
}

pub(crate) use public_bytes;
