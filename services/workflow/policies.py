"""The published policies: one dated TOML file each under `policies/NAME/YYYY-MM-DD.toml`.

A published file is never edited; a change is a new file with a later date. An open complaint
keeps the file under which it was received.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.shared.errors import MendRequest, NotThere
from services.workflow.policy import Policy

POLICIES = Path(__file__).parent / "policies"


def load(path: Path) -> Policy:
    """Reads one policy file.

    Raises MendRequest `invalid-policy`, on one line that names the file, each mistake and where
    in the file it is.
    """
    try:
        policy = Policy.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _invalid(path, [f"is not TOML: {error}"]) from None
    except ValidationError as error:
        raise _invalid(path, [_mistake(found) for found in error.errors()]) from None
    if (policy.name, policy.effective.isoformat()) != (path.parent.name, path.stem):
        raise _invalid(path, [f"says that it is {policy.name} of {policy.effective}"])
    return policy


def _invalid(path: Path, mistakes: list[str]) -> MendRequest:
    where = f"{path.parent.name}/{path.name}"
    return MendRequest("invalid-policy", f"{where}: {'; '.join(mistakes)}", mistakes=list(mistakes))


def _mistake(found: ErrorDetails) -> str:
    """Says where in the file something is wrong and what: "stages[0].respond.from is missing"."""
    where = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in found["loc"]
    ).lstrip(".")
    match found["type"]:
        case "missing":
            return f"{where} is missing"
        case "extra_forbidden":
            return f"{where} is not a key that a policy has"
        case _:
            return f"{where}: {found['msg'].removeprefix('Value error, ')}"


@cache
def published() -> dict[str, tuple[Policy, ...]]:
    """Returns every published policy by its name, its versions oldest first.

    Raises MendRequest `invalid-policy` when a file is wrong.
    """
    found: dict[str, tuple[Policy, ...]] = {}
    for path in sorted(POLICIES.glob("*/*.toml")):
        policy = load(path)
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
