"""What is looked at: which days, and which part of a landlord's work."""

from datetime import date
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.reporting.paging import Day
from services.shared.events import Frozen, Tenure
from services.shared.text import Code, Label

NARROWING = (
    *("policy", "channel", "category", "service_area", "region", "tenure"),
    *("investigator", "stage", "code_stage"),
)
"""The fields that ask for exactly one value of the column of the same name."""


KnownDay = Annotated[Day, Field(ge=date(1900, 1, 1), lt=date(2200, 1, 1))]
"""A day far wider than any complaint, and far enough from the ends of what a date can be."""


class Scope(Frozen):
    """What is counted. What is left out does not narrow it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    from_on: KnownDay | None = Field(default=None, examples=["2028-04-01"])
    """From this day on (Europe/London). Each measure says which day of a case is meant."""
    before: KnownDay | None = Field(default=None, examples=["2029-04-01"])
    """Before this day (Europe/London)."""
    policy: Code | None = Field(default=None, examples=["housing-ombudsman"])
    channel: Code | None = Field(default=None, examples=["web"])
    category: Label | None = Field(default=None, examples=["repairs"])
    """The landlord's own category, before it is standardised."""
    service_area: Label | None = Field(default=None, examples=["Heating"])
    region: Label | None = Field(default=None, examples=["North"])
    tenure: Tenure | None = None
    investigator: Code | None = Field(default=None, examples=["amy-smith"])
    """The staff id of who is, or was last, in charge: of a stage that is counted, or else of the
    complaint."""
    stage: Code | None = Field(default=None, examples=["stage-1"])
    code_stage: str | None = Field(default=None, pattern="^[12]$", examples=["1"])
    """Which stage of the Code."""

    @model_validator(mode="after")
    def _has_a_day(self) -> Self:
        if self.from_on and self.before and self.before <= self.from_on:
            raise PydanticCustomError("period-empty", "a period ends after it begins")
        return self

    @property
    def narrowed(self) -> dict[str, str]:
        """The columns that must have exactly one value, with that value."""
        asked = {name: getattr(self, name) for name in NARROWING}
        return {name: value for name, value in asked.items() if value is not None}

    def during(self, from_on: date, before: date) -> Self:
        """Returns this scope for other days."""
        return self.model_copy(update={"from_on": from_on, "before": before})
