"""References: a prefix and eight random characters that can be read out on the phone.

Complaints have `PR-`, and feedback that is no complaint `FB-`: nobody takes one for the other, and
what is recorded of both is told apart.

Crockford's base 32 leaves out I, L, O and U; on input, I and L are read as 1 and O as 0. Eight
characters are 40 random bits: not guessable in sequence, and no count of complaints shows.
"""

import re
import secrets
from contextlib import suppress
from typing import Literal

from services.shared.errors import NotThere

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("ILO", "110")
GROUP = 4
WRITTEN = re.compile(rf"([A-Z]{{2}})-?([{ALPHABET}]{{{GROUP}}})-?([{ALPHABET}]{{{GROUP}}})")

Prefix = Literal["PR", "FB"]

IN_TEXT: dict[Prefix, re.Pattern[str]] = {
    prefix: re.compile(
        rf"(?<![A-Za-z0-9-]){prefix}-?[A-Za-z0-9]{{{GROUP}}}-?[A-Za-z0-9]{{{GROUP}}}(?![A-Za-z0-9-])",
        re.ASCII | re.IGNORECASE,
    )
    for prefix in ("PR", "FB")
}
"""What may be a reference in the middle of a text; `parse_reference` says whether it can be."""

WHAT: dict[Prefix, str] = {"PR": "complaint", "FB": "feedback"}
"""What a reference of each prefix stands for."""


def new_reference(prefix: Prefix = "PR") -> str:
    """Returns a random reference such as `PR-7K3M-2QXD`; whether it is free, only storage knows."""
    number = secrets.randbits(5 * 2 * GROUP)
    letters = [ALPHABET[number >> 5 * place & 31] for place in range(2 * GROUP)]
    return f"{prefix}-{''.join(letters[:GROUP])}-{''.join(letters[GROUP:])}"


def parse_reference(text: str, prefix: Prefix = "PR") -> str:
    """Returns the reference that a person wrote, in its one canonical form.

    Raises NotThere `unknown-reference` when it cannot be a reference.
    """
    written = WRITTEN.fullmatch(text.upper().translate(LOOKALIKES)) if text.isascii() else None
    if written is None or written[1] != prefix:
        raise unknown_reference(prefix)
    return f"{prefix}-{written[2]}-{written[3]}"


def references_in(text: str, prefix: Prefix = "PR") -> list[str]:
    """Returns the references that a text holds, each once, in the form of `parse_reference`."""
    found = []
    for written in IN_TEXT[prefix].finditer(text):
        with suppress(NotThere):  # a U in it, say
            found.append(parse_reference(written[0], prefix))
    return list(dict.fromkeys(found))


def unknown_reference(prefix: Prefix = "PR") -> NotThere:
    """Returns the refusal of a reference that no complaint, or no feedback, has."""
    return NotThere("unknown-reference", f"No {WHAT[prefix]} has this reference.")
