"""A scenario: what happens to a complaint and when, written down to be played against a policy.

A TOML file: when the complaint is received, then step by step what people do. A step has the
fields of the API's body for the same action, and may leave most of them out. Times without an
offset are London's. See `deploy/scenarios/` for examples.
"""

import tomllib
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, ValidationError, model_validator
from pydantic_core import ErrorDetails

from services.shared.errors import MendRequest
from services.shared.events import Frozen
from services.shared.local_time import end_of
from services.shared.text import Code
from services.workflow.messages import Channel
from services.workflow.scenarios.fields import Moment, within_years
from services.workflow.scenarios.steps import AnyStep


def _end_of_a_day(value: object) -> object:
    if isinstance(value, str) and len(value) == len("2028-03-06"):
        value = date.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return end_of(within_years(value), None)
    return value


class Scenario(Frozen):
    """What happens to one complaint, in the order of time."""

    received: Moment
    entered: Moment | None = None
    """When it was entered, if that was later: before, nothing can be done about it."""
    channel: Channel = "web"
    anonymous: bool = False
    people: dict[Code, Code] | None = None
    """The role of each member of staff by id. Without it, everybody may do everything."""
    steps: tuple[AnyStep, ...] = ()
    until: Annotated[Moment, BeforeValidator(_end_of_a_day)] | None = None
    """How long the play goes on (a day counts whole); else for as long as anything is to come."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        entered = self.entered or self.received
        if entered < self.received:
            raise ValueError("entered: it lies before received")
        moments = [entered, *(step.at for step in self.steps)]
        for number, (before, at) in enumerate(pairwise(moments), 1):
            if at < before:
                above = "the step above" if number > 1 else "the complaint"
                raise ValueError(f"{self._named(number)}: at: it lies before {above}")
        if self.until is not None and self.until < moments[-1]:
            raise ValueError("until: it lies before the last step")
        return self

    def _named(self, number: int) -> str:
        return f"step {number} ({self.steps[number - 1].do})"


def load(path: Path) -> Scenario:
    """Reads a scenario.

    Raises MendRequest `invalid-scenario` on one line that names the file, and of each mistake the
    step and the key.
    """
    try:
        return Scenario.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise _invalid(path, [f"cannot be read: {error.strerror}"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _invalid(path, [f"is not TOML: {error}"]) from None
    except ValidationError as error:
        raise _invalid(path, [_mistake(found) for found in error.errors()]) from None


def _invalid(path: Path, mistakes: list[str]) -> MendRequest:
    return MendRequest("invalid-scenario", f"{path.name}: {'; '.join(mistakes)}")


def _mistake(found: ErrorDetails) -> str:
    """Says where something is wrong and what: "step 2 (extend): until is missing"."""
    match found["loc"]:
        case ("steps", int(position), str(verb), *keys):
            step = f"step {position + 1} ({verb}): "
        case ("steps", int(position), *keys):
            step = f"step {position + 1}: "
        case keys:
            step = ""
    key = ".".join(str(part) for part in keys)
    match found["type"]:
        case "missing":
            return f"{step}{key} is missing"
        case "extra_forbidden":
            return f"{step}{key} is not a key of it"
        case "union_tag_not_found":
            return f"{step}do is missing"
        case "union_tag_invalid":
            context = found.get("ctx", {})
            return f"{step}do: {context.get('tag')!r} is none of {context.get('expected_tags')}"
        case _:
            says = found["msg"].removeprefix("Value error, ")
            return f"{step}{key}: {says}" if key else f"{step}{says}"
