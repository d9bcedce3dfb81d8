"""Complaint references: `PR-` and eight random characters that can be read out on the phone.

Crockford's base 32 leaves out I, L, O and U; on input, I and L are read as 1 and O as 0. Eight
characters are 40 random bits: not guessable in sequence, and no count of complaints shows.
"""

import re
import secrets

from services.shared.errors import NotThere

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("ILO", "110")
GROUP = 4
WRITTEN = re.compile(rf"PR-?([{ALPHABET}]{{{GROUP}}})-?([{ALPHABET}]{{{GROUP}}})")


def new_reference() -> str:
    """Returns a random reference such as `PR-7K3M-2QXD`; whether it is free, only storage knows."""
    number = secrets.randbits(5 * 2 * GROUP)
    letters = [ALPHABET[number >> 5 * place & 31] for place in range(2 * GROUP)]
    return f"PR-{''.join(letters[:GROUP])}-{''.join(letters[GROUP:])}"


def parse_reference(text: str) -> str:
    """Returns the reference that a person wrote, in its one canonical form.

    Raises NotThere `unknown-reference` when it cannot be a reference.
    """
    written = WRITTEN.fullmatch(text.upper().translate(LOOKALIKES)) if text.isascii() else None
    if written is None:
        raise unknown_reference()
    return f"PR-{written[1]}-{written[2]}"


def unknown_reference() -> NotThere:
    """Returns the refusal of a reference that no complaint has."""
    return NotThere("unknown-reference", "No complaint has this reference.")
