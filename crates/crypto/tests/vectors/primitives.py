"""Writes primitives.json with an implementation that shares no code with ours: pyca/cryptography (OpenSSL).

Run by hand when a format changes: python3 primitives.py > primitives.json
"""
import hashlib
import hmac
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def hkdf(ikm, info):
    return HKDF(hashes.SHA256(), 32, None, info).derive(ikm)


def framed(text):
    return bytes([len(text)]) + text


def sha256(data):
    return hashlib.sha256(data).digest()


KEY = bytes(range(32))
PASSWORD = "päss wörd, klinik"
SALT = bytes(range(16))
SECOND = bytes([0x55] * 32)

unlock = []
for lanes in (1, 2):
    stretched = Argon2id(salt=SALT, length=32, iterations=3, lanes=lanes, memory_cost=65536).derive(PASSWORD.encode())
    unlock.append({
        "password": PASSWORD, "salt": SALT.hex(), "second": SECOND.hex(),
        "memory_kib": 65536, "iterations": 3, "lanes": lanes,
        "by_password": hkdf(stretched, b"gladstone v1 unlock key").hex(),
        "by_both": hkdf(stretched + SECOND, b"gladstone v1 unlock key with security key").hex(),
    })

labels = ["database key", "blob key", "header mac key", "staff section key", "backup key", "chain mac key",
          "draft key", "recovery wrap key", "keyring wrap key"]
derive = {f"gladstone v1 {name}": hkdf(KEY, f"gladstone v1 {name}".encode()).hex() for name in labels}

signer = Ed25519PrivateKey.from_private_bytes(bytes([7] * 32))


def sign(label, data):
    return signer.sign(b"gladstone signature v1\0" + framed(label) + data).hex()


nonce, aad, plaintext = bytes(range(12)), b"patient 7", b"a chart"
sealed = b"\x01" + nonce + AESGCMSIV(KEY).encrypt(nonce, plaintext, b"\x01" + aad)

domain = framed(b"audit v1") + bytes([9] * 16)
rows, previous = [], bytes(32)
for seq, payload in enumerate((b"first", b"", b"third"), 1):
    digest = sha256(b"gladstone chain payload v1\0" + payload)
    link = sha256(b"gladstone chain link v1\0" + domain + seq.to_bytes(8, "big") + previous + digest)
    rows.append({"seq": seq, "payload": payload.hex(), "prev": previous.hex(), "hash": link.hex(),
                 "signature": sign(b"chain link", link)})
    previous = link
head = hmac.new(bytes([5] * 32), b"gladstone chain head v1\0" + domain + (3).to_bytes(8, "big") + previous, "sha256")

print(json.dumps({
    "unlock": unlock,
    "derive": {"key": KEY.hex(), "labels": derive},
    "signature": {"seed": bytes([7] * 32).hex(), "public": signer.public_key().public_bytes_raw().hex(),
                  "label": "a label", "data": b"data".hex(), "signature": sign(b"a label", b"data")},
    "sealed": {"key": KEY.hex(), "aad": aad.hex(), "plaintext": plaintext.hex(), "bytes": sealed.hex()},
    "chain": {"label": "audit v1", "owner": bytes([9] * 16).hex(), "rows": rows,
              "mac_key": bytes([5] * 32).hex(), "head_mac": head.hexdigest()},
}, indent=1, ensure_ascii=False))
