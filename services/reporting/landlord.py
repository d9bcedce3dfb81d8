"""What reports say that no complaint tells: the landlord's own file of facts and words.

Homes, the board's comment, what was improved. The words are published as they stand, so nothing
about a resident belongs in them.
"""

import tomllib
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Annotated, Self

from pydantic import ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from services.reporting.measures.switches import Switches
from services.shared.errors import MendRequest, TryLater
from services.shared.events import Frozen
from services.shared.text import Label, Line, Words

Homes = Annotated[int, Field(ge=0, le=10_000_000)]


class OwnedHomes(Frozen):
    """How many relevant homes there were at the end of a reporting year."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    year: Annotated[int, Field(ge=2000, le=2200)]
    """The year in which the reporting year begins, on 1 April."""
    rented: Homes = 0
    """Low cost rental accommodation (LCRA)."""
    shared_ownership: Homes = 0
    """Low cost home ownership (LCHO)."""


class Improvement(Frozen):
    """Something that was improved because of what people said."""

    heard: Words
    """"You said"."""
    done: Words
    """"We did"."""


class PeriodWords(Frozen):
    """What the landlord itself says of a period."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    from_on: date
    """The first of a month. The words are shown in the report of exactly these days."""
    before: date
    """The first day after it: the first of another month."""
    board_comment: Words | None = None
    """The governing body's response to the report (Code 8.1, 8.3)."""
    late_responses: Words | None = None
    """Why responses were late, and what is done about it."""
    improvements: tuple[Improvement, ...] = ()
    plans: tuple[Words, ...] = ()
    """What will be improved next."""

    @model_validator(mode="after")
    def _has_a_day(self) -> Self:
        if self.before <= self.from_on:
            raise PydanticCustomError("period-empty", "a period ends after it begins")
        if (self.from_on.day, self.before.day) != (1, 1):
            # Reports are about whole months: these words would never be shown.
            raise PydanticCustomError(
                "not-whole-months",
                "a period begins on the first of a month, and `before` is the first of another",
            )
        return self


class Landlord(Frozen):
    """The landlord as its reports present it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: Line = "The landlord"
    member_responsible: Line | None = None
    """The Member Responsible for Complaints (Code 9.5), as reports name them: an office, or the
    name of who holds it, which is then published."""
    homes: tuple[OwnedHomes, ...] = ()
    homes_by_service_area: dict[Label, Homes] = Field(default_factory=dict)
    """Where every area has them, areas are compared by complaints for each home."""
    periods: tuple[PeriodWords, ...] = ()
    tenant_satisfaction_measures: Switches = Switches()

    @model_validator(mode="after")
    def _says_things_once(self) -> Self:
        for one, other in combinations(self.homes, 2):
            if one.year == other.year:
                raise PydanticCustomError(
                    "year-twice", "homes: the year {year} stands here twice", {"year": one.year}
                )
        for words, others in combinations(self.periods, 2):
            if (words.from_on, words.before) == (others.from_on, others.before):
                raise PydanticCustomError(
                    "period-twice",
                    "periods: the one from {from_on} stands here twice",
                    {"from_on": words.from_on.isoformat()},
                )
        return self

    def homes_in(self, year: int) -> OwnedHomes | None:
        """Returns the homes of the reporting year that begins in `year`; None: not known."""
        return next((homes for homes in self.homes if homes.year == year), None)

    def words_of(self, from_on: date, before: date) -> PeriodWords:
        """Returns what is said of exactly these days, or nothing."""
        for words in self.periods:
            if (words.from_on, words.before) == (from_on, before):
                return words
        return PeriodWords(from_on=from_on, before=before)

    def overlapping(self, from_on: date, before: date) -> tuple[PeriodWords, ...]:
        """Returns what is said of periods that share a day with these, earlier ones first."""
        shared = (one for one in self.periods if one.from_on < before and from_on < one.before)
        return tuple(sorted(shared, key=lambda one: (one.from_on, one.before)))


def read(path: Path | None) -> Landlord:
    """Returns what the file says; without a path a landlord of whom nothing is known.

    Raises MendRequest `invalid-landlord-file`, with each mistake and its place, and TryLater
    `landlord-file-unreadable`.
    """
    if path is None:
        return Landlord()
    try:
        return Landlord.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise TryLater(
            "landlord-file-unreadable", f"{path} could not be read: {error.strerror}."
        ) from None
    except ValidationError as error:
        mistakes = [
            f"{_place(entry['loc'])}: {entry['msg']}"
            for entry in error.errors(include_url=False, include_input=False)
        ]
        raise _invalid(path, mistakes) from None
    except ValueError as error:  # not TOML, or not UTF-8
        raise _invalid(path, [str(error)]) from None


def _place(loc: tuple[int | str, ...]) -> str:
    """Returns where in the file something stands: `periods[2].board_comment`, from 1."""
    place = ""
    for part in loc:
        place += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if place else part
    return place or "the file"


def _invalid(path: Path, mistakes: list[str]) -> MendRequest:
    return MendRequest(
        "invalid-landlord-file", f"{path.name}: {'; '.join(mistakes)}", mistakes=[*mistakes]
    )
