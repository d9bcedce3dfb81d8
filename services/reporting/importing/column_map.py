"""Which of their columns says what: the map, a TOML file that goes with a table.

It names columns, means values, and says by which working days the old system's complaints were due.
Our fields hold ids, days and codes; there is none for a name, an address or words.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.reporting.code_times import CODE_STAGES
from services.reporting.importing.date_formats import ambiguous, readable
from services.shared.calendars import Nation
from services.shared.events import (
    Decision,
    Determination,
    Frozen,
    RemedyKind,
    Satisfaction,
    Tenure,
)
from services.shared.text import Code, Line

CODE = re.compile("[a-z0-9][a-z0-9-]{0,62}")

OURS = frozenset({"PR", "FB"})
"""The prefixes of references that Putright gives out itself."""

Channel = Literal["web", "phone", "email", "letter", "in-person", "social", "member-enquiry"]
"""The channels by which complaints come in to Putright, so that old ones are counted with them."""

KNOWN: Mapping[str, frozenset[str]] = {
    "channel": frozenset(get_args(Channel)),
    "decision": frozenset(get_args(Decision)),
    "determination": frozenset(get_args(Determination)),
    "remedies": frozenset(get_args(RemedyKind)),
    "satisfaction": frozenset(get_args(Satisfaction)),
    "status": frozenset({"open", "closed", "refused", "withdrawn"}),
    "tenure": frozenset(get_args(Tenure)),
}
"""The fields whose values are the same for every landlord."""

LABELS = frozenset({"category", "service_area", "region"})
"""The fields whose values are names from the landlord's own lists."""

REASONS = frozenset({"refusal_reason", "decline_reason"})
"""The fields whose values are reason codes of the policy, or of the map."""

OF_THEIR_OWN = LABELS | REASONS


def _plain_names(values: Mapping[str, str]) -> Mapping[str, str]:
    return {" ".join(name.split()).casefold(): value for name, value in values.items()}


Values = Annotated[Mapping[str, str], AfterValidator(_plain_names)]
DateFormat = Annotated[Line, AfterValidator(readable)]


def _in_capitals(prefix: object) -> object:
    return prefix.upper() if isinstance(prefix, str) else prefix


class ComplaintColumns(Frozen):
    """The header of the column in which each fact of a complaint stands."""

    reference: Line
    received_on: Line
    channel: Line | None = None
    category: Line | None = None
    service_area: Line | None = None
    region: Line | None = None
    tenure: Line | None = None
    status: Line | None = None
    """Whether it is open, closed, withdrawn or refused."""
    refused_on: Line | None = None
    refusal_reason: Line | None = None
    withdrawn_on: Line | None = None
    closed_on: Line | None = None
    ombudsman_on: Line | None = None
    """When it came before the Housing Ombudsman."""
    determined_on: Line | None = None
    determination: Line | None = None
    orders: Line | None = None
    recommendations: Line | None = None
    ombudsman_compensation: Line | None = None
    survey_on: Line | None = None
    satisfaction: Line | None = None


class StageColumns(Frozen):
    """The header of the column in which each fact of a stage stands."""

    requested_on: Line | None = None
    """When the stage was asked for; the first begins with the receipt."""
    acknowledge_due: Line | None = None
    acknowledged_on: Line | None = None
    respond_due: Line | None = None
    extended_until: Line | None = None
    extension_told_on: Line | None = None
    """When the resident was told of the extension."""
    responded_on: Line
    decision: Line | None = None
    remedies: Line | None = None
    compensation: Line | None = None
    declined_on: Line | None = None
    """When the request for the stage was declined, for good."""
    decline_reason: Line | None = None


class StageMap(Frozen):
    """One stage: its name in the policy, its working days, its columns."""

    name: Code
    """`stage-1` and `stage-2` are those of the Code."""
    outside_code: bool = False
    """That the Code knows no such stage, so that no figure by the Code counts it, is meant."""
    acknowledge_within: int | None = Field(default=None, ge=1, le=250)
    """Working days from the receipt or the request."""
    respond_within: int | None = Field(default=None, ge=1, le=250)
    """Working days from the acknowledgement, or from the day on which that was due."""
    respond_from: Literal["acknowledged", "requested"] = "acknowledged"
    """`requested`: from the receipt or the request."""
    columns: StageColumns

    @model_validator(mode="after")
    def _is_of_the_code_or_says_so(self) -> Self:
        if (self.name in CODE_STAGES) == self.outside_code:
            raise PydanticCustomError(
                "code_stage",
                "the Code's stages are {known}, and no figure by the Code counts another: "
                "outside_code = true says of another, and only of another, that this is meant",
                {"known": " and ".join(CODE_STAGES)},
            )
        return self

    @model_validator(mode="after")
    def _says_when_it_is_due(self) -> Self:
        if self.respond_within is None and self.columns.respond_due is None:
            raise PydanticCustomError(
                "no_due_date", "say respond_within, or in which column the due date stands"
            )
        from_acknowledgement = self.respond_from == "acknowledged" and self.respond_within
        unknown = self.acknowledge_within is None and self.columns.acknowledge_due is None
        if from_acknowledgement and unknown:
            raise PydanticCustomError(
                "no_due_date",
                "the response counts from the acknowledgement: say acknowledge_within",
            )
        return self


class Defaults(Frozen):
    """What counts where a cell is empty, or no column is named."""

    channel: Channel | None = None
    category: Line | None = None
    service_area: Line | None = None
    region: Line | None = None
    tenure: Tenure | None = None


class ColumnMap(Frozen):
    """How to read one landlord's table of past complaints."""

    policy: Code
    effective: date
    """The date of the policy version that bound them."""
    former_policy: bool = False
    """That the policy is in force no more and has no file, so that no name can be checked."""
    prefix: Annotated[str, BeforeValidator(_in_capitals), Field(pattern="^[A-Z0-9]{2,8}$")] = "PAST"
    """What their references begin with here. Another system's table has another."""
    nation: Nation = "england"
    closure_days: frozenset[date] = frozenset()
    sheet: Line | None = None
    """Of a workbook; without it the first."""
    header_row: int = Field(default=1, ge=1, le=100)
    dates: tuple[DateFormat, ...] = Field(default=("%Y-%m-%d",), min_length=1, max_length=10)
    """How dates are written, where they are texts, as Python writes formats."""
    blanks: frozenset[str] = frozenset()
    """Texts that say nothing, such as "n/a"."""
    still_open: Literal["refuse", "leave-out"] = "refuse"
    """What becomes of complaints that had not ended: Putright cannot run their clocks."""
    columns: ComplaintColumns
    stages: tuple[StageMap, ...] = Field(min_length=1, max_length=2)
    defaults: Defaults = Defaults()
    values: Mapping[str, Values] = {}
    """What their words mean, field by field."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.prefix in OURS:
            raise PydanticCustomError("prefix_taken", "Putright's own references begin like that")
        if self.columns.channel is None and self.defaults.channel is None:
            raise PydanticCustomError("no_channel", "name a column of the channel, or a default")
        first, *later = self.stages
        if first.columns.requested_on or first.columns.declined_on:
            raise PydanticCustomError(
                "first_stage", "the first stage begins with the receipt and is never declined"
            )
        if any(stage.columns.requested_on is None for stage in later):
            raise PydanticCustomError("no_request", "a later stage has a column requested_on")
        if len({stage.name for stage in self.stages}) < len(self.stages):
            raise PydanticCustomError("same_stage", "two stages have one name")
        if ambiguous(self.dates):
            raise PydanticCustomError("ambiguous_dates", "04/05/2024 could be either of two days")
        _check_values(self.values)
        return self


def _check_values(values: Mapping[str, Mapping[str, str]]) -> None:
    for field, meant in values.items():
        if field in REASONS and not all(CODE.fullmatch(each) for each in meant.values() if each):
            raise PydanticCustomError(
                "no_code", "{field}: a reason is a code, such as over-12-months", {"field": field}
            )
        if field not in KNOWN and field not in OF_THEIR_OWN:
            raise PydanticCustomError(
                "no_such_values", "{field} has no values to map", {"field": field}
            )
        if field in KNOWN and (unknown := set(meant.values()) - KNOWN[field] - {""}):
            raise PydanticCustomError(
                "unknown_value",
                "{field}: {unknown} is none of {known}",
                {
                    "field": field,
                    "unknown": ", ".join(sorted(unknown)),
                    "known": ", ".join(sorted(KNOWN[field])),
                },
            )
