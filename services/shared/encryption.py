"""Temporal payloads under AES-256-GCM, so that histories hold nothing readable.

Each payload names the id of its key. The first key of the ring encrypts and every key decrypts,
so a key is rotated by putting a new one in front and keeping the old one until no history needs
it. The id is bound to the ciphertext as associated data.
"""

import base64
import os
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

ENCODING = b"binary/encrypted"
NONCE_BYTES = 12


class KeyRing:
    """The payload keys by id. `spec` is `id:base64[,id:base64…]`, 32 bytes each.

    Raises ValueError, without showing a key, when the text is not of that form.
    """

    def __init__(self, spec: str) -> None:
        self._ciphers: dict[str, AESGCM] = {}
        for entry in spec.split(","):
            name, _, encoded = entry.strip().partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except ValueError:
                key = b""
            if not name or len(key) != 32:
                raise ValueError("PUTRIGHT_PAYLOAD_KEYS: each entry is id:base64 of 32 bytes")
            if name in self._ciphers:
                raise ValueError("PUTRIGHT_PAYLOAD_KEYS: each key needs an id of its own")
            self._ciphers[name] = AESGCM(key)
        self._current = next(iter(self._ciphers))

    def encrypt(self, plain: bytes) -> tuple[str, bytes]:
        """Returns the current key's id and nonce + ciphertext."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, plain, self._current.encode())
        return self._current, nonce + sealed

    def decrypt(self, key_id: str, sealed: bytes) -> bytes:
        """Undoes `encrypt`. Raises ValueError on an unknown key id or a changed payload."""
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise ValueError(f"payload key {key_id!r} is not on the key ring")
        try:
            return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], key_id.encode())
        except (InvalidTag, ValueError):
            raise ValueError("the payload was changed, or is not of this key ring") from None


def new_key_spec(key_id: str) -> str:
    """Returns a fresh `id:base64` entry for `PUTRIGHT_PAYLOAD_KEYS`."""
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"


class EncryptionCodec(PayloadCodec):
    """Seals every payload whole, its metadata included; leaves foreign payloads as they are."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypts each payload under the current key."""
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypts what `encode` made. Raises ValueError on an unknown key or a changed payload."""
        return list(self._open(payloads))

    def _seal(self, payload: Payload) -> Payload:
        key_id, sealed = self._keys.encrypt(payload.SerializeToString())
        return Payload(metadata={"encoding": ENCODING, "key": key_id.encode()}, data=sealed)

    def _open(self, payloads: Iterable[Payload]) -> Iterable[Payload]:
        for payload in payloads:
            if payload.metadata.get("encoding") != ENCODING:
                yield payload
                continue
            key_id = payload.metadata.get("key", b"").decode()
            yield Payload.FromString(self._keys.decrypt(key_id, payload.data))
