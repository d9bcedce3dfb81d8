"""What a report is made of: what was asked of the measures, and what they answered."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from services.reporting.landlord import Landlord, PeriodWords
from services.reporting.measures.catalogue import Catalogue
from services.reporting.measures.facets import Facet, quarter
from services.reporting.measures.tally import Tally
from services.reporting.reports.document import Period, Section, Sum
from services.reporting.reports.figures import Count, Quantity, Share, day_in_words
from services.shared.local_time import local_date

MONTHS_IN_A_QUARTER = 3

LONGEST_MONTH = timedelta(days=31)

STAGES: Mapping[str, str] = {"1": "Stage 1", "2": "Stage 2"}
"""The stages of the Code, as tables name them."""


class Ask(NamedTuple):
    """A question to a measure, by the measure's name."""

    measure: str
    by: tuple[Facet, ...] = ()


Asks = Mapping[str, Ask]
"""Questions by the key under which a report keeps their answers."""


class Part(NamedTuple):
    """A section of a report with what must add up in it."""

    section: Section
    sums: tuple[Sum, ...] = ()
    breakdowns: tuple[str, ...] = ()
    """The beginnings of the ids that tell no small number when it is published."""


class Slice(NamedTuple):
    """A quarter or a month of the period."""

    code: str
    title: str
    months: tuple[str, ...]


class Lesson(NamedTuple):
    """What was learnt from a complaint, in the words that are published."""

    theme: str
    heard: str
    done: str


@dataclass(frozen=True)
class Material:
    """Everything of one report, before it is written."""

    period: Period
    as_at: datetime
    landlord: Landlord
    measures: Catalogue
    counts: Mapping[str, Tally]
    before: Mapping[str, Tally]
    """What was counted of the period before, which was as long."""
    lessons: Sequence[Lesson] = ()
    policy: str | None = None
    """The only policy whose complaints are counted; None: all."""
    published: bool = False
    """Whether it is written for everybody: breakdowns then tell no small number."""

    @property
    def words(self) -> PeriodWords:
        """What the landlord itself says of the period."""
        return self.landlord.words_of(self.period.from_on, self.period.before)

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The months of a period of up to a quarter, else its quarters."""
        months = tuple(months_of(self.period))
        if len(months) <= MONTHS_IN_A_QUARTER:
            return tuple(Slice(month, month_in_words(month), (month,)) for month in months)
        quarters: dict[str, list[str]] = {}
        for month in months:
            quarters.setdefault(quarter(month), []).append(month)
        return tuple(
            Slice(code, quarter_in_words(code), tuple(held)) for code, held in quarters.items()
        )

    @property
    def begun(self) -> tuple[Slice, ...]:
        """The slices of which a day has come."""
        return tuple(one for one in self.slices if one.months[0] <= self._this_month)

    @property
    def months_begun(self) -> tuple[str, ...]:
        """The months of the period of which a day has come."""
        return tuple(month for month in months_of(self.period) if month <= self._this_month)

    @property
    def so_far(self) -> str:
        """Says up to which day a period is told that is not over; else nothing."""
        today = local_date(self.as_at)
        if today >= self.period.before:
            return ""
        return f"The period is not over: these are the figures so far, up to {day_in_words(today)}."

    @property
    def _this_month(self) -> str:
        return f"{local_date(self.as_at):%Y-%m}"

    def count_in(self, one: Slice, name: str, number: int) -> Count | Quantity:
        """Returns a count of a slice under that id; a dash where the slice is still to come."""
        if one.months[0] > self._this_month:
            return Quantity(id=name, value=None, unit="complaints")
        return count(name, number)

    @property
    def sliced_by(self) -> str:
        """What the slices are: `month` or `quarter`."""
        return "month" if len(tuple(months_of(self.period))) <= MONTHS_IN_A_QUARTER else "quarter"


def months_of(period: Period) -> Iterator[str]:
    """Yields the months that the period touches: "2024-04"."""
    day = period.from_on.replace(day=1)
    while day < period.before:
        yield f"{day:%Y-%m}"
        day = (day + LONGEST_MONTH).replace(day=1)


def months_later(day: date, months: int) -> date:
    """Returns the first of a month, so many months after another; before it, where negative."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def month_in_words(month: str) -> str:
    """Returns `April 2024` of "2024-04"."""
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def quarter_in_words(code: str) -> str:
    """Returns `Quarter 1 2024/25` of "2024-q1"."""
    year, number = int(code[:4]), code[-1]
    return f"Quarter {number} {year}/{(year + 1) % 100:02}"


def count(name: str, number: int) -> Count:
    """Returns a count under that id."""
    return Count(id=name, value=number)


def share(name: str, tally: Tally, places: int = 0) -> Share:
    """Returns how many of those counted in are met."""
    return Share(id=name, met=tally.met, of=tally.counted, places=places)


def adds(total: str, parts: Sequence[str]) -> Sum:
    """Declares that the parts add up to the total."""
    return Sum(total=total, parts=tuple(parts))


def paragraphs(*words: str) -> tuple[str, ...]:
    """Returns the landlord's words as paragraphs: lines of one belong together."""
    split = (block for text in words for block in re.split(r"\n\s*\n", text))
    return tuple(" ".join(block.split()) for block in split if block.strip())


def codes_of(values: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Returns a code for each value, made of its letters and digits; no two are alike."""
    found: dict[str, str] = {}
    used = {*taken}
    for value in values:
        plain = re.sub(r"[^a-z0-9]+", "-", value.casefold()).strip("-") or "unnamed"
        code, number = plain, 2
        while code in used:
            code, number = f"{plain}-{number}", number + 1
        used.add(code)
        found[value] = code
    return found
