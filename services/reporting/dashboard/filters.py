"""What a page is narrowed to: as a form sends it, and as links keep it."""

from datetime import date, timedelta
from typing import Annotated, Any, Self
from urllib.parse import urlencode

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.reporting.awaiting import Awaited
from services.reporting.dashboard.linked import spoken
from services.reporting.dashboard.open_stages import Asked, Due, Mark
from services.reporting.measures.scope import Scope
from services.reporting.paging import Day
from services.reporting.reports.figures import day_in_words
from services.shared.events import Frozen
from services.shared.text import Code, Label

EARLIEST = date(1990, 1, 1)
"""The first day that a page can be asked about."""

# Its end is well within what a scope takes: a page may go on to the end of a month.
NarrowingDay = Annotated[Day, Field(ge=EARLIEST, lt=date(2100, 1, 1))]

LABELS = {
    "policy": "Policy",
    "stage": "Stage",
    "service_area": "Service area",
    "region": "Region",
    "category": "Category",
    "channel": "Channel",
    "investigator": "Investigator",
}
"""What a page can be narrowed to one value of, in the order of the form."""

OF_CODES = frozenset({"policy", "stage", "channel"})
"""Fields whose values are codes; the others hold a landlord's own words, or staff ids."""


def said(name: str, value: str) -> str:
    """Returns a value of one of `LABELS` as people read it."""
    return spoken(value) if name in OF_CODES else value


class Filters(Frozen):
    """What the form at the head of each page asks for; what is left empty does not narrow it."""

    policy: Code | None = None
    stage: Code | None = None
    service_area: Label | None = None
    region: Label | None = None
    category: Label | None = None
    channel: Code | None = None
    investigator: Code | None = None
    from_on: NarrowingDay | None = None
    """The first day of the period (Europe/London)."""
    until: NarrowingDay | None = None
    """Its last day."""

    @model_validator(mode="before")
    @classmethod
    def _without_what_is_empty(cls, sent: Any) -> Any:  # noqa: ANN401 — whatever was sent
        if not isinstance(sent, dict):
            return sent
        return {name: value for name, value in sent.items() if value not in ("", [], [""])}

    @model_validator(mode="after")
    def _has_a_day(self) -> Self:
        if self.from_on and self.until and self.until < self.from_on:
            raise PydanticCustomError("period-empty", "the last day comes before the first")
        return self

    @property
    def narrowed(self) -> dict[str, str]:
        """The values asked for, by the name of their field."""
        asked = {name: getattr(self, name) for name in LABELS}
        return {name: value for name, value in asked.items() if value is not None}

    @property
    def in_words(self) -> tuple[str, ...]:
        """What the page is narrowed to, for people: `Region: North`."""
        return tuple(
            f"{LABELS[name]}: {said(name, value)}" for name, value in self.narrowed.items()
        )

    @property
    def period(self) -> str | None:
        """The days asked for, for people: `1 April 2024 to 31 March 2025`."""
        if self.from_on and self.until:
            return f"{day_in_words(self.from_on)} to {day_in_words(self.until)}"
        if self.from_on:
            return f"From {day_in_words(self.from_on)}"
        return f"Up to {day_in_words(self.until)}" if self.until else None

    def scope(self) -> Scope:
        """Returns what measures count."""
        before = self.until + timedelta(days=1) if self.until else None
        return Scope(from_on=self.from_on, before=before, **self.narrowed)

    def of_any_page(self) -> "Filters":
        """Returns what every page can be narrowed to, without what is this page's own."""
        return Filters(**{name: getattr(self, name) for name in Filters.model_fields})

    def during(self, from_on: date, until: date) -> Self:
        """Returns these for other days, both included."""
        return self.model_copy(update={"from_on": from_on, "until": until})

    def url(self, path: str, **more: object) -> str:
        """Returns the address of a page narrowed like this one, or as `more` says instead."""
        asked = {name: getattr(self, name) for name in Filters.model_fields} | more
        written = {name: value for name, value in asked.items() if value is not None}
        return f"{path}?{urlencode(written)}" if written else path


class WorkFilters(Filters):
    """Which open stages are listed."""

    awaited: Awaited | None = None
    due: Due | None = None
    mark: Mark | None = None
    after: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """How many come before this page."""

    @property
    def asked(self) -> Asked:
        """Which open stages are meant, beside what every page can be narrowed to."""
        return Asked(self.awaited, self.due, self.mark)

    def url(self, path: str, **more: object) -> str:
        """Returns the address of the same list, or as `more` says instead; its first page."""
        own = ("awaited", "due", "mark")
        return super().url(path, **({name: getattr(self, name) for name in own} | more))
