"""Policy files for tests: Nacro's own, with something in it changed."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from services.workflow import policies
from services.workflow.policy import Policy

NACRO = policies.POLICIES / "nacro" / "2024-04-01.toml"


def rewritten(folder: Path, *changes: tuple[str, str]) -> Path:
    """Writes Nacro's file anew, each change made where its old text first stands."""
    text = NACRO.read_text("utf-8")
    for old, new in changes:
        assert old in text, f"{old!r} is not in {NACRO.name}"
        text = text.replace(old, new, 1)
    path = folder / "nacro" / NACRO.name
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
