"""Links in a manager's mail, each for one purpose, one person and one complaint, and for a time.

Notify puts them into mails, intake answers them. The token is encrypted and authenticated
(AES-SIV): an address holds nothing about a person, cannot be changed, and is the same for every
attempt at the mail that it stands in.
"""

import base64
import hashlib
from datetime import datetime
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from pydantic import AwareDatetime

from services.shared.errors import NotThere
from services.shared.events import Frozen

LinkPurpose = Literal["confirm", "contact", "help", "extend", "take-on"]
"""What a link lets a manager do; `take-on` is a deputy's, for a complaint offered to them."""

PATH = "manager"
"""The links of intake are `/manager/PURPOSE/TOKEN`."""


class ManagerLink(Frozen):
    """What a link stands for. It is no longer good from `expires_at` on."""

    purpose: LinkPurpose
    staff_id: str
    reference: str
    expires_at: AwareDatetime


def address(public_url: str, secret: str, link: ManagerLink) -> str:
    """Returns the address of a link, below where intake is reached from outside."""
    sealed = _cipher(secret).encrypt(link.model_dump_json().encode(), [link.purpose.encode()])
    token = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
    return f"{public_url.rstrip('/')}/{PATH}/{link.purpose}/{token}"


def opened(secret: str, purpose: str, token: str, now: datetime) -> ManagerLink:
    """Returns what the link of that purpose and token stands for.

    Raises NotThere: `unknown-link` for one that we never made, `expired-link` for an old one.
    """
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        plain = _cipher(secret).decrypt(sealed, [purpose.encode()])
    except (ValueError, InvalidTag):
        raise NotThere("unknown-link", "This link is not one of ours, or is not whole.") from None
    link = ManagerLink.model_validate_json(plain)
    if link.expires_at <= now:
        raise NotThere("expired-link", "This link is too old to be used.")
    return link


def _cipher(secret: str) -> AESSIV:
    return AESSIV(hashlib.sha512(b"manager-links:" + secret.encode()).digest())
