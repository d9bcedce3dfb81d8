"""The published policies: one dated TOML file each under `policies/NAME/YYYY-MM-DD.toml`.

A published file is never edited; a change is a new file with a later date. An open complaint
keeps the file under which it was received.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from services.shared.errors import NotThere
from services.workflow.policy import Policy

POLICIES = Path(__file__).parent / "policies"


def load(path: Path) -> Policy:
    """Reads one policy file. Raises pydantic's ValidationError, or tomllib's TOMLDecodeError."""
    return Policy.model_validate(tomllib.loads(path.read_text("utf-8")))


@cache
def published() -> dict[str, tuple[Policy, ...]]:
    """Returns every published policy by its name, its versions oldest first."""
    found: dict[str, tuple[Policy, ...]] = {}
    for path in sorted(POLICIES.glob("*/*.toml")):
        policy = load(path)
        if (policy.name, policy.effective.isoformat()) != (path.parent.name, path.stem):
            raise ValueError(f"{path}: its name and effective date must be those of its path")
        found[policy.name] = (*found.get(policy.name, ()), policy)
    return found


def versions(name: str) -> tuple[Policy, ...]:
    """Returns the versions of a policy, oldest first. Raises NotThere `unknown-policy`."""
    try:
        return published()[name]
    except KeyError:
        known = ", ".join(sorted(published()))
        raise NotThere("unknown-policy", f"No policy {name!r} here; there are: {known}.") from None


def in_force(name: str, on: date) -> Policy:
    """Returns the version in force on a day; before the first one, the first.

    A complaint older than the oldest file is handled under the oldest rules that are known.
    Raises NotThere `unknown-policy`.
    """
    oldest, *_ = known = versions(name)
    return max(
        (policy for policy in known if policy.effective <= on),
        key=lambda policy: policy.effective,
        default=oldest,
    )


def version(name: str, effective: date) -> Policy:
    """Returns the version of exactly that date, as an open complaint needs it.

    Raises NotThere `unknown-policy` when it is no longer published here.
    """
    for policy in versions(name):
        if policy.effective == effective:
            return policy
    raise NotThere("unknown-policy", f"Policy {name!r} has no version of {effective}.")
