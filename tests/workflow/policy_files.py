"""Policy files for tests: a published one with something in it changed."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from services.workflow import policies
from services.workflow.policy import Policy

NACRO = policies.POLICIES / "nacro" / "2024-04-01.toml"

PUBLISHED = sorted(policies.POLICIES.glob("*/*.toml"))


def published(name: str) -> Path:
    """Returns the file of a policy's first version."""
    return min((policies.POLICIES / name).glob("*.toml"))


def rewritten(folder: Path, *changes: tuple[str, str], name: str = "nacro") -> Path:
    """Writes a published file anew, each change made where its old text first stands."""
    original = published(name)
    text = original.read_text("utf-8")
    for old, new in changes:
        assert old in text, f"{old!r} is not in {original.name}"
        text = text.replace(old, new, 1)
    path = folder / name / original.name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def policy(*, first_stage: Mapping[str, object] | None = None, **changes: object) -> Policy:
    """Returns Nacro's rules, checked anew, with changes to the policy and to its first stage."""
    rules = policies.version("nacro", date(2024, 4, 1)).model_dump(by_alias=True)
    first, second = rules["stages"]
    return Policy.model_validate(
        rules | changes | {"stages": (first | dict(first_stage or {}), second)}
    )


def clock(within: str, anchor: str, **more: object) -> dict[str, object]:
    """Returns a clock as a policy file has it."""
    return {"within": within, "from": anchor, "clause": "Reading for a test", **more}
