"""Signed tags in mail addresses: which complaint a reply belongs to, which notice came back.

A tag stands after the plus sign of the installation's own address, as in
`complaints+pr-7k3m-9x2q.c4h2m7q5x3zn@example.org`, and in the id that threads a complaint's mails.
Addresses may be changed to lower case on their way, so tags are made of lower-case letters and
digits only. A tag that we did not sign is no tag.
"""

import base64
import hmac
from typing import Literal

SIGNATURE_CHARACTERS = 12
"""60 bits: each guess costs a mail."""

LONGEST = 200
"""Characters of a local part beyond which nothing is looked at: ours stay far below 64."""

TagKind = Literal["complaint", "notice"]
"""What is tagged: a complaint by its reference, a notice by its mark (`message.mark`)."""


def tagged(mail_address: str, secret: str, kind: TagKind, name: str) -> str:
    """Returns `mail_address` with the signed tag of `name`, which is letters, digits and hyphens.

    What was tagged before is tagged anew: of `a+b@c` the tag `b` is left out.
    """
    user, _, domain = mail_address.rpartition("@")
    return f"{user.partition('+')[0]}+{tag(secret, kind, name)}@{domain}"


def tag(secret: str, kind: TagKind, name: str) -> str:
    """Returns the signed tag of `name`: the name in lower case, a dot, the signature."""
    return f"{name.lower()}.{_signature(secret, kind, name)}"


def tagged_name(mail_address: str, secret: str, kind: TagKind) -> str | None:
    """Returns whose tag the address holds, in lower case, or None when it holds none of ours."""
    user = mail_address.strip().strip("<>").rpartition("@")[0]
    return named(user.partition("+")[2], secret, kind)


def named(text: str, secret: str, kind: TagKind) -> str | None:
    """Returns what a tag names, in lower case, or None when it is not one of ours."""
    if len(text) > LONGEST:
        return None
    name, dot, signature = text.lower().rpartition(".")
    if not dot or not hmac.compare_digest(
        _signature(secret, kind, name).encode(), signature.encode("utf-8", "backslashreplace")
    ):
        return None
    return name


def _signature(secret: str, kind: TagKind, name: str) -> str:
    signed = hmac.digest(secret.encode(), f"mail-tag:{kind}:{name.lower()}".encode(), "sha256")
    return base64.b32encode(signed).decode().lower()[:SIGNATURE_CHARACTERS]
