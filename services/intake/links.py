"""The resident's link to follow a complaint: signed, and holding nothing about a person."""

import base64
import hmac

TOKEN_BYTES = 16
"""128 bits of the HMAC-SHA256: far beyond guessing over a network."""

PURPOSE = "follow"
"""Signed with the reference, so that a link for one purpose never opens another."""


def tracking_url(public_url: str, secret: str, reference: str) -> str:
    """Returns the address at which the resident follows the complaint of `reference`."""
    return f"{public_url.rstrip('/')}/follow/{reference}/{_token(secret, reference)}"


def may_follow(secret: str, reference: str, token: str) -> bool:
    """Says whether `token` is the one of this reference's link, in constant time."""
    return hmac.compare_digest(
        _token(secret, reference).encode(), token.encode("utf-8", "backslashreplace")
    )


def _token(secret: str, reference: str) -> str:
    signed = hmac.digest(secret.encode(), f"{PURPOSE}:{reference}".encode(), "sha256")
    return base64.urlsafe_b64encode(signed[:TOKEN_BYTES]).rstrip(b"=").decode()
