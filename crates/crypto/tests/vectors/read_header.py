"""Opens the good header vectors with an implementation that shares no code with ours: pyca/cryptography (OpenSSL).

Run by hand in `header/` when the format changes: python3 ../read_header.py
"""
import hashlib
import hmac
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand


def cbor(data, at=0):
    kind, size = data[at] >> 5, data[at] & 31
    at += 1
    if size >= 24:
        width = 1 << (size - 24)
        size, at = int.from_bytes(data[at:at + width], "big"), at + width
    if kind == 0:
        return size, at
    if kind in (2, 3):
        raw = data[at:at + size]
        return (raw if kind == 2 else raw.decode()), at + size
    items = []
    for _ in range(size * (kind - 3)):
        item, at = cbor(data, at)
        items.append(item)
    return (items if kind == 4 else dict(zip(items[::2], items[1::2]))), at


def derive(key, label):
    return HKDF(hashes.SHA256(), 32, None, label).derive(key)


def opened(key, aad, sealed):
    assert sealed[0] == 1
    return AESGCMSIV(key).decrypt(sealed[1:13], sealed[13:], b"\x01" + aad)


def hpke_opened(private, info, aad, sealed):
    """RFC 9180, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; first message."""
    def extract(suite, salt, label, ikm):
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")

    def expand(suite, key, label, context, size):
        labelled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
        return HKDFExpand(hashes.SHA256(), size, labelled).derive(key)

    assert sealed[0] == 1
    enc, ciphertext = sealed[1:33], sealed[33:]
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    secret = private.exchange(X25519PublicKey.from_public_bytes(enc))
    context = enc + private.public_key().public_bytes_raw()
    shared = expand(kem, extract(kem, b"", b"eae_prk", secret), b"shared_secret", context, 32)
    context = b"\x00" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    secret = extract(suite, shared, b"secret", b"")
    key = expand(suite, secret, b"key", context, 32)
    nonce = expand(suite, secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, b"\x01" + aad)


for name in ("keyring", "weaker", "other"):
    header = open(f"{name}.bin", "rb").read()
    expected = json.load(open(f"{name}.json"))
    assert header[:17] == b"GLADSTONE-VAULT\x00\x01"
    assert header[-40:-32] == hashlib.sha256(header[:-40]).digest()[:8]
    body, _ = cbor(header[21:-40])
    vault_id, keyring = body["vault_id"], body["keyring"]
    if "wrapped" in keyring:
        wrapped = keyring["wrapped"]
        section_key = opened(derive(b"\x42" * 32, b"gladstone v1 keyring wrap key"),
                             b"gladstone v1 section key by keyring\0" + vault_id, wrapped["key_by_keyring"])
        section, _ = cbor(opened(section_key, b"gladstone v1 staff section\0" + vault_id, wrapped["section"]))
    else:
        section = keyring["none"]["section"]
    slot = section["slots"][0]
    cost = slot["cost"]
    stretched = Argon2id(salt=slot["salt"], length=32, iterations=cost["iterations"], lanes=cost["lanes"],
                         memory_cost=cost["memory_kib"]).derive(b"jambatan hijau tujuh")
    bound = vault_id + slot["staff_id"] + slot["public_key"]
    private = X25519PrivateKey.from_private_bytes(
        opened(derive(stretched, b"gladstone v1 unlock key"), b"gladstone v1 staff private key\0" + bound,
               slot["staff_key"]))
    assert private.public_key().public_bytes_raw() == slot["public_key"]
    vault_key = hpke_opened(private, b"gladstone v1 vault key for staff", bound, slot["vault_key"])
    assert derive(vault_key, b"gladstone v1 database key").hex() == expected["database_key"]
    mac_key = derive(vault_key, b"gladstone v1 header mac key")
    assert hmac.digest(mac_key, b"gladstone v1 vault header\0" + header[:-32], "sha256") == header[-32:]
    print(name, section["clinic"], len(section["slots"]), "ok")
