"""Lengths of time as policies write them: "5 working days", "12 months"."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from services.shared.events import Frozen

Unit = Literal["hours", "working-days", "days", "weeks", "months"]
"""`hours` are clock hours; `days`, `weeks` and `months` are of the calendar."""

SPAN = re.compile(r"(\d{1,4}) (hour|working day|day|week|month)s?")


class Span(Frozen):
    """A length of time, written in a policy file as "5 working days" or "12 months"."""

    count: int = Field(ge=0)
    unit: Unit

    def __str__(self) -> str:
        """The span as people say it."""
        name = self.unit.replace("-", " ")
        return f"{self.count} {name.removesuffix('s') if self.count == 1 else name}"


def _span(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = SPAN.fullmatch(value)
    if match is None:
        raise ValueError(
            f"{value!r} is not a span: write a number and hours, working days, days, "
            "weeks or months"
        )
    return {"count": int(match[1]), "unit": match[2].replace(" ", "-") + "s"}


SpanText = Annotated[Span, BeforeValidator(_span, json_schema_input_type=str)]
