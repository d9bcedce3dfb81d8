"""When people are away, in days of Europe/London, and who covers for them meanwhile."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from pydantic import model_validator

from services.shared.events import Frozen
from services.shared.text import Code


class Absence(Frozen):
    """Days on which somebody is away, both included."""

    staff_id: Code
    from_on: date
    until_on: date
    deputy: Code | None = None
    """Who covers these days, before the deputy that the person otherwise has."""

    @property
    def id(self) -> str:
        """Whose days, and which: a person has one absence of exactly these days."""
        return f"{self.staff_id}.{self.from_on}.{self.until_on}"

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until_on < self.from_on:
            raise ValueError("the last day away lies before the first")
        if self.deputy == self.staff_id:
            raise ValueError(f"{self.staff_id}: cannot be their own deputy")
        return self


def of_the_day(absences: Iterable[Absence], on: date) -> Absence | None:
    """Returns the absence that holds on that day, of those of one person; None when they are here.

    Of several it is the one that ends last: who was to be away until Friday has fallen ill since.
    """
    then = (absence for absence in absences if absence.from_on <= on <= absence.until_on)
    return max(then, key=lambda absence: (absence.until_on, absence.from_on), default=None)
