"""Keys that callers show as `Authorization: Bearer …`: a readable prefix and 32 random bytes.

Only the SHA-256 of a key is ever stored. A plain hash is enough: the key is 256 random bits,
so there is nothing to guess and no need of a slow hash.
"""

import hashlib
import hmac
import secrets


def new_key(prefix: str) -> str:
    """Returns a fresh key such as `channel_Jq3…`, shown once and never stored."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def key_hash(key: str) -> str:
    """Returns the SHA-256 of `key` as 64 hex digits."""
    return hashlib.sha256(key.encode()).hexdigest()


def same_key(key: str, stored_hash: str) -> bool:
    """Says whether `key` is the one behind `stored_hash`, in constant time."""
    return hmac.compare_digest(key_hash(key), stored_hash)
