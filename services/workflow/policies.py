"""The published policies: one dated TOML file each under `policies/NAME/YYYY-MM-DD.toml`.

A published file is never edited; a change is a new file with a later date. An open complaint
keeps the file under which it was received.
"""

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from services.shared.errors import MendRequest, NotThere
from services.workflow.policy import Policy
from services.workflow.policy_mistakes import mistakes
from services.workflow.toml_source import TomlSource

POLICIES = Path(__file__).parent / "policies"


class PolicyFile(NamedTuple):
    """A policy file as read: its rules, and where in the file each of them stands."""

    rules: Policy
    source: TomlSource


def read(path: Path) -> PolicyFile:
    """Reads any policy file, wherever it lies.

    Raises MendRequest `invalid-policy`. Its `mistakes` are a line each, "FILE:LINE: KEY …", where
    FILE is the file with its folder.
    """
    text = _text(path)
    try:
        source = TomlSource(text)
        return PolicyFile(Policy.model_validate(source.data), source)
    except tomllib.TOMLDecodeError as error:
        raise _invalid(path, [_not_toml(error, text)]) from None
    except ValidationError as error:
        raise _invalid(path, mistakes(error, source)) from None


def load(path: Path) -> Policy:
    """Reads the rules of any policy file. Raises as `read` does."""
    return read(path).rules


def load_published(path: Path) -> Policy:
    """Reads a file of `policies/`, which is named NAME/DATE.toml by what it says of itself.

    Raises as `read` does.
    """
    rules, source = read(path)
    for key, says, named in (
        ("name", rules.name, path.parent.name),
        ("effective", rules.effective.isoformat(), path.stem),
    ):
        if says != named:
            line = source.line((key,))
            raise _invalid(path, [f"{line}: {key} is {says}, but the file is published as {named}"])
    return rules


def path_of(rules: Policy) -> Path:
    """Returns the file that a published policy was read from."""
    return POLICIES / rules.name / f"{rules.effective}.toml"


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise _invalid(path, [f" cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _invalid(path, [f"{line}: is not UTF-8"]) from None


def _invalid(path: Path, found: list[str]) -> MendRequest:
    file = "/".join(path.parts[-2:])
    lines = [f"{file}:{mistake}" for mistake in found]
    return MendRequest("invalid-policy", "; ".join(lines), mistakes=list(lines))


def _not_toml(error: tomllib.TOMLDecodeError, text: str) -> str:
    says, _, where = str(error).partition(" (at ")
    named = re.match(r"line (\d+)", where)
    line = int(named[1]) if named else len(text.splitlines())
    return f"{line}: is not TOML: {says}"


@cache
def published() -> dict[str, tuple[Policy, ...]]:
    """Returns every published policy by its name, its versions oldest first.

    Raises MendRequest `invalid-policy` when a file is wrong.
    """
    found: dict[str, tuple[Policy, ...]] = {}
    for path in sorted(POLICIES.glob("*/*.toml")):
        policy = load_published(path)
        found[policy.name] = (*found.get(policy.name, ()), policy)
    return found


def versions(name: str) -> tuple[Policy, ...]:
    """Returns the versions of a policy, oldest first. Raises NotThere `unknown-policy`."""
    known = published()
    if name not in known:
        names = ", ".join(known)
        raise NotThere("unknown-policy", f"There is no policy {name!r}; there are: {names}.")
    return known[name]


def in_force(name: str, on: date) -> Policy:
    """Returns the version of a policy that is in force on a day.

    Raises NotThere `unknown-policy`.
    """
    return effective_on(versions(name), on)


def effective_on(known: tuple[Policy, ...], on: date) -> Policy:
    """Returns which of the versions (oldest first) is in force on a day; before all, the oldest.

    So a complaint older than every file is handled under the oldest rules that are known.
    """
    oldest, *later = known
    return next((policy for policy in reversed(later) if policy.effective <= on), oldest)


def version(name: str, effective: date) -> Policy:
    """Returns the version of exactly that date, as an open complaint needs it.

    Raises NotThere `unknown-policy` when it is no longer published here.
    """
    for policy in versions(name):
        if policy.effective == effective:
            return policy
    raise NotThere("unknown-policy", f"Policy {name!r} has no version of {effective}.")
