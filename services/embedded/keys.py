"""The keys of the embedded default: made at the first start, the same ever after.

They live in `secrets.env`, which only its owner can read. Without it the histories in the Temporal
database could never be read again, so it is never made anew beside one.
"""

import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from services.embedded.refusals import CannotStart
from services.shared.encryption import new_key_spec
from services.shared.keys import new_key

OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Keys:
    """Everything secret that the services of one embedded default share."""

    payload_keys: str
    link_secret: str
    staff_key: str
    channel_key: str


def keep(var: Path, histories: Path) -> Keys:
    """Returns the keys of `var`, making them at the first start.

    Raises CannotStart when they are gone, or incomplete, while the Temporal database that they
    seal (`histories`) is there.
    """
    path = var / "secrets.env"
    stored = read(path)
    names = list(Keys.__dataclass_fields__)
    if all(_variable(name) in stored for name in names):
        return Keys(**{name: stored[_variable(name)] for name in names})
    if histories.exists():
        raise CannotStart(
            f"{path} is gone or incomplete, and {histories} is sealed with its keys: "
            f"put it back, or remove {var}/ and start with nothing"
        )
    keys = Keys(
        payload_keys=new_key_spec("embedded-1"),
        link_secret=secrets.token_urlsafe(32),
        staff_key=new_key("staff"),
        channel_key=new_key("channel"),
    )
    write(path, {_variable(name): value for name, value in asdict(keys).items()})
    return keys


def read(path: Path) -> dict[str, str]:
    """Returns the NAME=value lines of a file; none when there is no such file."""
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in path.read_text("utf-8").splitlines())
    return {name: value for name, equals, value in pairs if equals}


def write(path: Path, values: dict[str, str]) -> None:
    """Writes NAME=value lines that only the owner can read, whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=OWNER_ONLY)
    with new.open("w", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)


def _variable(name: str) -> str:
    return f"PUTRIGHT_{name.upper()}"
