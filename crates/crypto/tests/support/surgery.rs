//! Makes refused headers out of good ones, byte by byte: no randomness, so the files can be made again and compared.

use ciborium::Value;
use sha2::{Digest as _, Sha256};

const MAGIC: usize = 15;
const BODY: usize = MAGIC + 2 + 4;
const CHECKSUM: usize = 8;
const MAC: usize = 32;

/// The good headers, and the vault id under which `other` stands.
pub struct Originals<'a> {
    pub keyring: &'a [u8],
    pub weaker: &'a [u8],
    pub other: &'a [u8],
}

/// How far a header gets before it is refused.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Refused {
    Decode,
    StaffSection,
    Unlock,
    Recovery,
}

/// File name, step that refuses it, and the error's `Debug` text.
pub type Negative = (&'static str, Vec<u8>, Refused, &'static str);

pub fn negatives(originals: &Originals<'_>) -> Vec<Negative> {
    use Refused::{Decode, Recovery, StaffSection, Unlock};
    let (keyring, weaker, other) = (originals.keyring, originals.weaker, originals.other);
    const DAMAGED: &str = "Damaged { part: Checksum }";
    const MAC_FAILS: &str = "Damaged { part: Mac }";
    vec![
        ("empty", vec![], Decode, "Truncated"),
        ("truncated_in_magic", keyring[..9].to_vec(), Decode, "Truncated"),
        ("truncated_in_length", keyring[..BODY - 1].to_vec(), Decode, "Truncated"),
        ("truncated_in_body", keyring[..keyring.len() / 2].to_vec(), Decode, "Truncated"),
        ("truncated_in_mac", keyring[..keyring.len() - 1].to_vec(), Decode, "Truncated"),
        ("trailing_byte", [keyring, &[0]].concat(), Decode, "TrailingBytes"),
        ("wrong_magic", flipped(keyring, 3), Decode, "NotAVault"),
        ("another_file", b"SQLite format 3\0and so on".to_vec(), Decode, "NotAVault"),
        ("newer_version", with_byte(keyring, MAGIC + 1, 2), Decode, "Version { found: 2 }"),
        ("version_zero", with_byte(keyring, MAGIC + 1, 0), Decode, "Version { found: 0 }"),
        ("length_too_long", with_byte(keyring, MAGIC + 2, 0xff), Decode, "Truncated"),
        ("length_too_short", with_byte(keyring, MAGIC + 4, 0), Decode, "TrailingBytes"),
        ("body_flipped", flipped(keyring, BODY + 40), Decode, DAMAGED),
        ("checksum_flipped", flipped(keyring, keyring.len() - MAC - 1), Decode, DAMAGED),
        ("not_cbor", assembled(b"not cbor at all", keyring), Decode, "Malformed"),
        ("cbor_nested", assembled(&[0x81; 4096], keyring), Decode, "Malformed"),
        ("cbor_huge_claim", assembled(&[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], keyring), Decode, "Malformed"),
        ("cbor_trailing", assembled(&[body_bytes(keyring), &[0xf6]].concat(), keyring), Decode, "Malformed"),
        ("cbor_not_canonical", assembled(&not_canonical(keyring), keyring), Decode, "Malformed"),
        ("unknown_field", edited(keyring, |body| map(body).push(("admin".into(), true.into()))), Decode, "Malformed"),
        ("missing_field", edited(keyring, |body| map(body).retain(|(name, _)| name != &"recovery".into())), Decode, "Malformed"),
        ("short_recording_key", edited(keyring, |body| *field(body, "recording_key") = Value::Bytes(vec![1; 31])), Decode, "Malformed"),
        (
            "duplicate_slot",
            edited(weaker, |body| {
                let slots = slots(body);
                slots.push(slots[0].clone());
            }),
            Decode,
            "DuplicateStaff",
        ),
        ("too_many_slots", edited(weaker, too_many), Decode, "TooManyStaff"),
        ("cost_under_floor", edited(weaker, |body| *cost(body, "iterations") = 2.into()), Decode, "Cost(UnderFloor)"),
        ("cost_over_ceiling", edited(weaker, |body| *cost(body, "memory_kib") = 1_048_577.into()), Decode, "Cost(OverCeiling)"),
        ("empty_name", edited(weaker, |body| *field(&mut slots(body)[0], "display_name") = "".into()), Decode, "FieldLength"),
        ("long_clinic_name", edited(weaker, |body| *field(section(body), "clinic") = "x".repeat(201).into()), Decode, "FieldLength"),
        ("long_factor", edited(weaker, long_factor), Decode, "FieldLength"),
        (
            "plain_section_of_another_vault",
            edited(weaker, |body| *field(section(body), "vault_id") = Value::Bytes(vec![0xaa; 16])),
            Decode,
            "Damaged { part: StaffSection }",
        ),
        (
            "keyring_part_of_another_vault",
            edited(keyring, |to| *field(to, "keyring") = field(&mut body(other), "keyring").clone()),
            StaffSection,
            "WrongKeyringSecret",
        ),
        (
            "section_of_another_vault",
            edited(keyring, |to| *field(wrapped(to), "section") = field(wrapped(&mut body(other)), "section").clone()),
            StaffSection,
            "Damaged { part: StaffSection }",
        ),
        (
            "vault_id_of_another_vault",
            edited(keyring, |to| *field(to, "vault_id") = field(&mut body(other), "vault_id").clone()),
            StaffSection,
            "WrongKeyringSecret",
        ),
        ("mac_flipped", flipped(keyring, keyring.len() - 1), Unlock, MAC_FAILS),
        ("recording_key_replaced", edited(keyring, |body| *field(body, "recording_key") = Value::Bytes(vec![9; 32])), Unlock, MAC_FAILS),
        ("generation_changed", edited(keyring, |body| *field(body, "generation") = 1.into()), Unlock, MAC_FAILS),
        ("name_changed", edited(weaker, |body| *field(&mut slots(body)[1], "display_name") = "Mallory".into()), Unlock, MAC_FAILS),
        ("slot_removed", edited(weaker, |body| slots(body).truncate(1)), Unlock, MAC_FAILS),
        ("staff_key_of_another_slot", edited(weaker, |body| copy_between_slots(body, "staff_key")), Unlock, "WrongPassword"),
        ("vault_key_of_another_slot", edited(weaker, |body| copy_between_slots(body, "vault_key")), Unlock, "Damaged { part: VaultKey }"),
        (
            "recovery_of_another_vault",
            edited(keyring, |to| *field(to, "recovery") = field(&mut body(other), "recovery").clone()),
            Recovery,
            "WrongRecoveryKey",
        ),
        ("mac_of_another_vault", with_mac(keyring, &other[other.len() - MAC..]), Recovery, MAC_FAILS),
    ]
}

/// A whole header around `body`, with a checksum that fits and the MAC of `original`, which cannot.
pub fn assembled(body: &[u8], original: &[u8]) -> Vec<u8> {
    let mut bytes = original[..MAGIC + 2].to_vec();
    bytes.extend_from_slice(&u32::try_from(body.len()).unwrap().to_be_bytes());
    bytes.extend_from_slice(body);
    let checksum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&checksum[..CHECKSUM]);
    bytes.extend_from_slice(&original[original.len() - MAC..]);
    bytes
}

pub fn body_bytes(header: &[u8]) -> &[u8] {
    &header[BODY..header.len() - CHECKSUM - MAC]
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    with_byte(bytes, at, bytes[at] ^ 1)
}

fn with_byte(bytes: &[u8], at: usize, byte: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] = byte;
    bytes
}

fn with_mac(bytes: &[u8], mac: &[u8]) -> Vec<u8> {
    [&bytes[..bytes.len() - MAC], mac].concat()
}

fn body(header: &[u8]) -> Value {
    ciborium::from_reader(body_bytes(header)).unwrap()
}

fn edited(header: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value = body(header);
    change(&mut value);
    let mut bytes = Vec::new();
    ciborium::into_writer(&value, &mut bytes).unwrap();
    assembled(&bytes, header)
}

/// The same content with the outer map's length written in two bytes instead of one.
fn not_canonical(header: &[u8]) -> Vec<u8> {
    let body = body_bytes(header);
    assert_eq!(body[0] & 0xe0, 0xa0, "a short map");
    [&[0xb8, body[0] & 0x1f], &body[1..]].concat()
}

fn map(value: &mut Value) -> &mut Vec<(Value, Value)> {
    value.as_map_mut().unwrap()
}

fn field<'a>(value: &'a mut Value, name: &str) -> &'a mut Value {
    let found = map(value).iter_mut().find(|(key, _)| key == &name.into());
    &mut found.unwrap().1
}

fn wrapped(body: &mut Value) -> &mut Value {
    field(field(body, "keyring"), "wrapped")
}

fn section(body: &mut Value) -> &mut Value {
    field(field(field(body, "keyring"), "none"), "section")
}

fn slots(body: &mut Value) -> &mut Vec<Value> {
    field(section(body), "slots").as_array_mut().unwrap()
}

fn cost<'a>(body: &'a mut Value, name: &str) -> &'a mut Value {
    field(field(&mut slots(body)[1], "cost"), name)
}

fn too_many(body: &mut Value) {
    let slots = slots(body);
    slots[0] = slots[1].clone();
    slots.resize(501, slots[0].clone());
}

fn long_factor(body: &mut Value) {
    let factor = Value::Map(vec![("salt".into(), Value::Bytes(vec![0; 1025]))]);
    *field(&mut slots(body)[0], "second_factor") = factor;
}

fn copy_between_slots(body: &mut Value, name: &str) {
    let slots = slots(body);
    let from = field(&mut slots[1], name).clone();
    *field(&mut slots[0], name) = from;
}
