"""What an import asks of the published policies: which there are, and which reasons they know.

Their files are read as they are published (`policy.schema.json` says how), for reporting imports no
other service.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import services
from services.shared.errors import MendRequest

FILES = Path(services.__file__).parent / "workflow" / "policies"
"""NAME/DATE.toml."""


class Reasons(NamedTuple):
    """The codes for which a complaint, or the request for a later stage, may be turned down."""

    refusal: frozenset[str] = frozenset()
    decline: frozenset[str] = frozenset()


def known_reasons(policy: str, *, former: bool) -> Reasons:
    """Returns the reasons of every version of a policy; of a former one nothing is known.

    Raises MendRequest `unknown-policy` for one that is not published and not said to be a former
    one, and `policy-in-use` for one that is published and said to be former.
    """
    known = _published()
    if former and policy in known:
        raise MendRequest(
            "policy-in-use", f"{policy} is published: former_policy is for one that is not."
        )
    if not former and policy not in known:
        raise MendRequest(
            "unknown-policy",
            f"There is no policy {policy}; there are: {', '.join(known)}. One that is in force no "
            "more, and has no file, needs former_policy = true in the map.",
        )
    return known.get(policy, Reasons())


@cache
def _published() -> Mapping[str, Reasons]:
    found: dict[str, Reasons] = {}
    for file in sorted(FILES.glob("*/*.toml")):
        content = tomllib.loads(file.read_text("utf-8"))
        refusal = frozenset(one["code"] for one in content.get("exclusions", ()))
        decline = frozenset(one["code"] for one in _declines(content))
        earlier = found.get(file.parent.name, Reasons())
        found[file.parent.name] = Reasons(earlier.refusal | refusal, earlier.decline | decline)
    return found


def _declines(policy: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for stage in policy.get("stages", ()):
        yield from stage.get("request", {}).get("declines", ())
