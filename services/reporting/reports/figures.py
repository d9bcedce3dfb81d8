"""What stands in a cell of a report: typed figures, each with an id, beside plain text and days.

A figure knows how people read it (`shown`) and what it is made of (`quantities`), so that every
format shows the same and sums can be checked. Rounding is half up, as people round.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.reporting.reports.shown_text import ShownLine, ShownWords
from services.shared.events import Frozen

NOTHING = "–"
"""Stands where there is no figure: a share of nothing, an average of nothing."""

HUNDRED = 100

FigureId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)*$", min_length=1, max_length=200)
]
"""The stable address of a figure in its report, made of codes: `stage-1/received/q2`."""


class Count(Frozen):
    """How many: complaints, notices, actions."""

    kind: Literal["count"] = "count"
    id: FigureId
    value: int = Field(ge=0)

    @property
    def shown(self) -> str:
        """As people read it: `1,234`."""
        return f"{self.value:,}"

    @property
    def quantities(self) -> dict[str, int]:
        """The whole numbers that sums are made of, by the id that names them in a `Sum`."""
        return {self.id: self.value}


class Share(Frozen):
    """How many of how many. `places` is how many decimals of the percentage are shown."""

    kind: Literal["share"] = "share"
    id: FigureId
    met: int = Field(ge=0)
    of: int = Field(ge=0)
    places: int = Field(default=0, ge=0, le=2)

    @model_validator(mode="after")
    def _part_of_the_whole(self) -> "Share":
        if self.met > self.of:
            raise PydanticCustomError(
                "more-than-all",
                "{id}: {met} of {of} is more than all",
                {"id": self.id, "met": self.met, "of": self.of},
            )
        return self

    @property
    def percentage(self) -> Decimal | None:
        """The percentage, rounded half up to `places`; None of nothing."""
        return self._rounded(self.places)

    @property
    def exact(self) -> Decimal | None:
        """The percentage for people who calculate with it, to four decimals; None of nothing."""
        return self._rounded(4)

    def _rounded(self, places: int) -> Decimal | None:
        if not self.of:
            return None
        whole = Decimal(self.met) * HUNDRED / Decimal(self.of)
        return whole.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

    @property
    def shown(self) -> str:
        """As people read it: `73% (98)`.

        Only all is 100% and only none is 0%: what would round there is `over 99%`, `under 1%`.
        """
        rounded = self.percentage
        if rounded is None:
            return NOTHING
        step = Decimal(1).scaleb(-self.places)
        said = f"{rounded}%"
        if rounded == HUNDRED and self.met < self.of:
            said = f"over {HUNDRED - step}%"
        elif rounded == 0 and self.met:
            said = f"under {step}%"
        return f"{said} ({self.met:,})"

    @property
    def quantities(self) -> dict[str, int]:
        """Both whole numbers, as `ID#met` and `ID#of`."""
        return {f"{self.id}#met": self.met, f"{self.id}#of": self.of}


class Money(Frozen):
    """A sum of money in pence."""

    kind: Literal["money"] = "money"
    id: FigureId
    pence: int = Field(ge=0)

    @property
    def pounds(self) -> Decimal:
        """The sum in pounds, with two decimals."""
        return Decimal(self.pence).scaleb(-2)

    @property
    def shown(self) -> str:
        """As people read it: `£3,178`, and `£3,178.50` where there are pence."""
        return f"£{self.pounds:,.2f}".removesuffix(".00")

    @property
    def quantities(self) -> dict[str, int]:
        """The pence."""
        return {self.id: self.pence}


class Quantity(Frozen):
    """Any other number with its unit: an average, a rate. None where there is nothing to measure.

    It is shown with the decimals that it has: round it by the measure's own rule.
    """

    kind: Literal["quantity"] = "quantity"
    id: FigureId
    value: Decimal | None = Field(allow_inf_nan=False)
    unit: ShownLine
    """Read after the number: `working days`, `per 1,000 homes`."""

    @property
    def shown(self) -> str:
        """As people read it: `47.6 per 1,000 homes`."""
        return NOTHING if self.value is None else f"{self.value:,f} {self.unit}"

    @property
    def quantities(self) -> dict[str, int]:
        """Nothing: averages and rates do not add up."""
        return {}


class Suppressed(Frozen):
    """A figure that is not told, so that nobody can be recognised. Its value is nowhere in here.

    It may be any number: a small one, or one kept back so that no small one follows from it.
    """

    kind: Literal["suppressed"] = "suppressed"
    id: FigureId

    @property
    def shown(self) -> str:
        """As people read it."""
        return "not shown"

    @property
    def quantities(self) -> dict[str, int]:
        """Nothing that could be read."""
        return {}


class Text(Frozen):
    """Words in a cell."""

    kind: Literal["text"] = "text"
    text: ShownWords

    @property
    def shown(self) -> str:
        """The words."""
        return self.text


class Day(Frozen):
    """A day in Europe/London; None where it has not come."""

    kind: Literal["day"] = "day"
    day: date | None

    @property
    def shown(self) -> str:
        """As people read it: `5 January 2027`."""
        return NOTHING if self.day is None else day_in_words(self.day)


Figure = Annotated[Count | Share | Money | Quantity | Suppressed, Field(discriminator="kind")]

FIGURES = (Count, Share, Money, Quantity, Suppressed)

Cell = Annotated[
    Count | Share | Money | Quantity | Suppressed | Text | Day, Field(discriminator="kind")
]


def day_in_words(day: date) -> str:
    """Returns `5 January 2027`."""
    return f"{day.day} {day:%B %Y}"
