//! Every primitive and framing against published vectors or an independent implementation
//! (`vectors/primitives.py`), and against bytes nobody ever made.
#![allow(clippy::unwrap_used)]

use crypto::key::label;
use crypto::{
    ChainDomain, ChainVerifier, CostError, Entry, EnvelopeError, Head, KeyError, Link, PasswordCost, Payload, RecoveryKey,
    RecoveryWordsError, Sealed, SealedTo, SealingKeyPair, SealingPublicKey, SecretKey, Signature, SigningKey, VerifyingKey,
    derive_unlock_key, open, open_with, seal, seal_to,
};
use proptest::prelude::*;
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors/primitives.json")).unwrap()
}

fn bytes<const N: usize>(value: &Value) -> [u8; N] {
    vec(value).try_into().unwrap()
}

fn vec(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn secret(value: &Value) -> SecretKey {
    SecretKey::from_bytes(bytes(value))
}

#[test]
fn unlock_keys_match_another_implementation() {
    for vector in vectors()["unlock"].as_array().unwrap() {
        let number = |name: &str| u32::try_from(vector[name].as_u64().unwrap()).unwrap();
        let cost = PasswordCost { memory_kib: number("memory_kib"), iterations: number("iterations"), lanes: number("lanes") };
        let password = vector["password"].as_str().unwrap().as_bytes();
        let salt = bytes(&vector["salt"]);
        let key = derive_unlock_key(password, &salt, &cost, None).ok().unwrap();
        assert_eq!(key.expose(), &bytes(&vector["by_password"]));
        let second = secret(&vector["second"]);
        let key = derive_unlock_key(password, &salt, &cost, Some(&second));
        assert_eq!(key.ok().unwrap().expose(), &bytes(&vector["by_both"]));
    }
}

/// RFC 9106, section 5.3: the crate under `derive_unlock_key`, below our floor.
#[test]
fn argon2id_matches_rfc_9106() {
    use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
    let params = ParamsBuilder::new().m_cost(32).t_cost(3).p_cost(4).data(AssociatedData::new(&[4; 12]).unwrap()).build().unwrap();
    let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut out = [0; 32];
    argon2.hash_password_into(&[1; 32], &[2; 16], &mut out).unwrap();
    assert_eq!(hex::encode(out), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
}

#[test]
fn costs_out_of_bounds_are_refused() {
    let floor = PasswordCost::floor();
    let refused = |cost: PasswordCost| {
        let error = derive_unlock_key(b"password", &[0; 16], &cost, None).err();
        assert_eq!(error, cost.check().err());
        error
    };
    let with = |memory_kib, iterations, lanes| PasswordCost { memory_kib, iterations, lanes };
    for under in [with(65535, 3, 1), with(65536, 2, 1), with(65536, 3, 0)] {
        assert_eq!(refused(under), Some(CostError::UnderFloor));
    }
    let max = u32::MAX;
    for over in [with(1_048_577, 3, 1), with(65536, 21, 1), with(65536, 3, 9), with(max, max, max)] {
        assert_eq!(refused(over), Some(CostError::OverCeiling));
    }
    assert_eq!(floor.check(), Ok(()));
    assert_eq!(PasswordCost::ceiling().check(), Ok(()));
    for password in [vec![], vec![b'x'; 1025]] {
        let error = derive_unlock_key(&password, &[0; 16], &floor, None).err();
        assert_eq!(error, Some(CostError::PasswordLength));
    }
}

#[test]
fn a_measured_cost_is_within_bounds() {
    use std::time::Duration;
    let least = PasswordCost::measure(Duration::ZERO).unwrap();
    assert_eq!(least, PasswordCost::floor());
    let most = PasswordCost::measure(Duration::from_secs(3600)).unwrap();
    assert_eq!(most.check(), Ok(()));
    assert!(least.is_weaker_than(&most));
}

#[test]
fn derived_keys_match_another_implementation() {
    let vectors = vectors();
    let key = secret(&vectors["derive"]["key"]);
    let labels = [
        label::DATABASE,
        label::BLOB,
        label::HEADER_MAC,
        label::STAFF_SECTION,
        label::BACKUP,
        label::CHAIN_MAC,
        label::DRAFT,
        label::RECOVERY_WRAP,
        label::KEYRING_WRAP,
    ];
    let expected = vectors["derive"]["labels"].as_object().unwrap();
    assert_eq!(labels.len(), expected.len());
    for label in labels {
        assert_eq!(key.derive(label).expose(), &bytes(&expected[label]));
    }
}

#[test]
fn signatures_match_another_implementation_and_keep_their_purpose() {
    let vector = &vectors()["signature"];
    let key = SigningKey::from_bytes(&secret(&vector["seed"]));
    let data = vec(&vector["data"]);
    let signature = key.sign("a label", &data);
    assert_eq!(signature.as_bytes(), &bytes(&vector["signature"]));
    let public = VerifyingKey::from_bytes(bytes(&vector["public"])).unwrap();
    assert_eq!(public, key.verifying_key());
    assert_eq!(public.verify("a label", &data, &signature), Ok(()));
    let refused = Err(KeyError::BadSignature);
    assert_eq!(public.verify("another", &data, &signature), refused);
    assert_eq!(public.verify("a label", b"date", &signature), refused);
    let other = SigningKey::make_random().verifying_key();
    assert_eq!(other.verify("a label", &data, &signature), refused);
    assert!(SigningKey::from_bytes(&key.seed()).verifying_key() == public);
}

/// RFC 8032, section 7.1, test 2: the crate under `SigningKey`, without our prefix.
#[test]
fn ed25519_matches_rfc_8032() {
    use ed25519_dalek::Signer as _;
    let seed = hex::decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&seed.try_into().unwrap());
    assert_eq!(
        hex::encode(key.sign(&[0x72]).to_bytes()),
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    );
}

#[test]
fn weak_and_invalid_public_keys_are_refused() {
    let mut identity = [0; 32];
    identity[0] = 1;
    for weak in [[0; 32], identity, [2; 32]] {
        assert_eq!(VerifyingKey::from_bytes(weak), Err(KeyError::BadVerifyingKey));
    }
    let recipient = SealingPublicKey([0; 32]);
    let refused = seal_to(&recipient, b"", b"", b"secret");
    assert_eq!(refused, Err(EnvelopeError::BadRecipient));
}

#[test]
fn public_values_are_hex_in_json_and_bytes_in_cbor() {
    let key = SigningKey::from_bytes(&SecretKey::from_bytes([7; 32]));
    let public = key.verifying_key();
    let json = serde_json::to_string(&public).unwrap();
    assert_eq!(json, format!("\"{public}\""));
    assert_eq!(serde_json::from_str::<VerifyingKey>(&json).unwrap(), public);
    let weak = format!("\"{}\"", "00".repeat(32));
    assert!(serde_json::from_str::<VerifyingKey>(&weak).is_err());
    let signature = key.sign("a label", b"data");
    let mut cbor = Vec::new();
    ciborium::into_writer(&signature, &mut cbor).unwrap();
    assert_eq!(cbor.len(), 66);
    assert_eq!(ciborium::from_reader::<Signature, _>(&cbor[..]).unwrap(), signature);
}

#[test]
fn envelopes_match_another_implementation() {
    let vector = &vectors()["sealed"];
    let (key, aad) = (secret(&vector["key"]), vec(&vector["aad"]));
    let sealed = Sealed::from_bytes(vec(&vector["bytes"]));
    let opened = open(&key, &aad, &sealed).unwrap();
    assert_eq!(*opened, vec(&vector["plaintext"]));
}

#[test]
fn an_envelope_opens_only_under_its_key_purpose_and_bytes() {
    let key = SecretKey::make_random();
    let sealed = seal(&key, b"here", b"a chart").unwrap();
    assert_eq!(*open(&key, b"here", &sealed).unwrap(), b"a chart");
    assert_ne!(sealed, seal(&key, b"here", b"a chart").unwrap());
    let refused = Err(EnvelopeError::NotOpened);
    assert_eq!(open(&key, b"there", &sealed), refused);
    assert_eq!(open(&SecretKey::make_random(), b"here", &sealed), refused);
    let bytes = sealed.into_bytes();
    for at in 1..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        assert_eq!(open(&key, b"here", &Sealed::from_bytes(damaged)), refused);
    }
    let with = |bytes: Vec<u8>| open(&key, b"here", &Sealed::from_bytes(bytes));
    let mut newer = bytes.clone();
    newer[0] = 2;
    assert_eq!(with(newer), Err(EnvelopeError::Version { found: 2 }));
    assert_eq!(with(bytes[..28].to_vec()), Err(EnvelopeError::TooShort));
    assert_eq!(with(vec![]), Err(EnvelopeError::TooShort));
}

#[test]
fn what_is_sealed_to_a_key_opens_only_with_its_pair_and_purpose() {
    let pair = SealingKeyPair::make_random();
    let sealed = seal_to(&pair.public(), b"recording", b"chunk 1", b"speech").unwrap();
    let stored = SealingKeyPair::from_secret(pair.secret().duplicate());
    assert_eq!(*open_with(&stored, b"recording", b"chunk 1", &sealed).unwrap(), b"speech");
    let refused = Err(EnvelopeError::NotOpened);
    assert_eq!(open_with(&pair, b"recording", b"chunk 2", &sealed), refused);
    assert_eq!(open_with(&pair, b"vault key", b"chunk 1", &sealed), refused);
    let other = SealingKeyPair::make_random();
    assert_eq!(open_with(&other, b"recording", b"chunk 1", &sealed), refused);
    let short = SealedTo::from_bytes(sealed.as_bytes()[..48].to_vec());
    assert_eq!(open_with(&pair, b"recording", b"chunk 1", &short), Err(EnvelopeError::TooShort));
}

#[test]
fn chains_match_another_implementation() {
    let vector = &vectors()["chain"];
    let domain = ChainDomain::new("audit v1", bytes(&vector["owner"]));
    let key = SigningKey::from_bytes(&SecretKey::from_bytes([7; 32]));
    let mut head = Head::genesis();
    let mut verifier = ChainVerifier::new(domain, &key.verifying_key());
    for row in vector["rows"].as_array().unwrap() {
        let payload = vec(&row["payload"]);
        let link = Link::append(&domain, &head, &payload, &key);
        assert_eq!(link.seq, row["seq"].as_u64().unwrap());
        assert_eq!(link.prev, bytes(&row["prev"]));
        assert_eq!(link.hash, bytes(&row["hash"]));
        assert_eq!(link.signature.as_bytes(), &bytes(&row["signature"]));
        head = link.head();
        verifier.push(&Entry {
            position: 0,
            seq: link.seq,
            prev: link.prev,
            hash: link.hash,
            payload: Payload::Present(&payload),
            signature: link.signature,
        });
    }
    assert!(verifier.finish(Some(&head)).is_intact());
    let mac_key = secret(&vector["mac_key"]);
    assert_eq!(head.seal(&mac_key, &domain), bytes(&vector["head_mac"]));
}

/// BIP-39's own test vectors (trezor/python-mnemonic, vectors.json).
#[test]
fn recovery_words_match_bip_39() {
    let kit = |entropy: &str| {
        let entropy: [u8; 32] = hex::decode(entropy).unwrap().try_into().unwrap();
        RecoveryKey::from_secret(SecretKey::from_bytes(entropy))
    };
    for (entropy, words) in [
        (
            "9f6a2878b2520799a44ef18bc7df394e7061a224d2c33cd015b157d746869863",
            "panda eyebrow bullet gorilla call smoke muffin taste mesh discover soft ostrich alcohol speed nation \
             flash devote level hobby quick inner drive ghost inside",
        ),
        (
            "68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c",
            "hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel \
             tennis maple dilemma loan word shrug inflict delay length",
        ),
    ] {
        assert_eq!(kit(entropy).to_words().as_str(), words);
        let read = RecoveryKey::from_words(words).ok().unwrap();
        assert!(read.secret().same_as(kit(entropy).secret()));
    }
}

#[test]
fn recovery_words_are_read_as_people_type_them() {
    let kit = RecoveryKey::make_random();
    let words = kit.to_words();
    let numbered: Vec<String> = words.split(' ').enumerate().map(|(at, word)| format!("{}. {},", at + 1, word.to_uppercase())).collect();
    for typed in [format!("  {}\r\n", words.replace(' ', " \n\t ")), numbered.join("\n")] {
        let read = RecoveryKey::from_words(&typed).ok().unwrap();
        assert!(read.secret().same_as(kit.secret()));
    }
}

#[test]
fn recovery_words_say_which_word_is_wrong() {
    let error = |typed: String| RecoveryKey::from_words(&typed).err();
    let mut kit = vec!["abandon"; 23];
    kit.push("art");
    assert_eq!(error(kit.join(" ")), None);
    let mut mistyped = kit.clone();
    mistyped[6] = "abandom";
    let unknown = RecoveryWordsError::UnknownWord { position: 7 };
    assert_eq!(error(mistyped.join(" ")), Some(unknown));
    assert_eq!(unknown.to_string(), "word 7 is not in the word list");
    let count = |found| Some(RecoveryWordsError::Count { found });
    assert_eq!(error(kit[..23].join(" ")), count(23));
    assert_eq!(error(format!("{} art", kit.join(" "))), count(25));
    assert_eq!(error(String::new()), count(0));
    let mut other = kit.clone();
    other[0] = "ability";
    assert_eq!(error(other.join(" ")), Some(RecoveryWordsError::Checksum));
}

proptest! {
    #[test]
    fn what_is_sealed_opens(plaintext: Vec<u8>, aad: Vec<u8>, info: Vec<u8>) {
        let key = SecretKey::from_bytes([1; 32]);
        prop_assert_eq!(&*open(&key, &aad, &seal(&key, &aad, &plaintext).unwrap()).unwrap(), &plaintext);
        let pair = SealingKeyPair::from_secret(key);
        let sealed = seal_to(&pair.public(), &info, &aad, &plaintext).unwrap();
        prop_assert_eq!(&*open_with(&pair, &info, &aad, &sealed).unwrap(), &plaintext);
    }

    #[test]
    fn bytes_nobody_sealed_do_not_open(mut bytes: Vec<u8>, versioned: bool) {
        if versioned {
            bytes.insert(0, 1);
        }
        let key = SecretKey::from_bytes([1; 32]);
        prop_assert!(open(&key, b"", &Sealed::from_bytes(bytes.clone())).is_err());
        let pair = SealingKeyPair::from_secret(key);
        prop_assert!(open_with(&pair, b"", b"", &SealedTo::from_bytes(bytes)).is_err());
    }

    #[test]
    fn any_kit_survives_its_words(entropy: [u8; 32]) {
        let kit = RecoveryKey::from_secret(SecretKey::from_bytes(entropy));
        let read = RecoveryKey::from_words(&kit.to_words()).ok().unwrap();
        prop_assert_eq!(read.secret().expose(), &entropy);
    }

    #[test]
    fn text_that_is_no_kit_is_refused(text in "\\PC{0,300}") {
        prop_assert!(RecoveryKey::from_words(&text).is_err());
    }
}
