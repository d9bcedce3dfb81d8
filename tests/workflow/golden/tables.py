"""Reads the tables beside it: one file per policy version, columns two or more blanks apart."""

import re
import tomllib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from services.shared.events import ClockName, Frozen

HERE = Path(__file__).parent

Row = dict[str, str]
"""The cells of one row by the heading of their column, as they stand in the file."""


def rows(text: str) -> list[Row]:
    """Returns the rows under a line of headings. Raises ValueError when a row has other columns."""
    headings, *found = (
        re.split(r"  +", line.strip())
        for line in text.splitlines()
        if line and not line.startswith("#")
    )
    return [dict(zip(headings, cells, strict=True)) for cells in found]


Rows = Annotated[tuple[Row, ...], BeforeValidator(rows)]


class Table(Frozen):
    """What one clock of one stage says for each of many anchors.

    Spans are as a policy file has them ("5 working days").
    """

    policy: str
    effective: date
    stage: str
    clock: ClockName
    within: str
    anchor: str = Field(alias="from")
    extension: str | None = None
    """Of a response only: the cap, `uncapped` where there is none, `none` without extensions."""
    late_within: str | None = None
    response: str | None = None
    """Of an acknowledgement only: the time to respond, which counts from the day it is due."""
    moves_on: bool = False
    """Of a response only: whether missing it sends the complaint to the next stage by itself."""
    rows: Rows

    def __str__(self) -> str:
        """The table as a failing test names it."""
        return f"{self.policy} {self.stage} {self.clock}"

    @property
    def cap(self) -> str | None:
        """How far the response may be put off, or None where nothing says so."""
        return None if self.extension in {"none", "uncapped"} else self.extension


class Agreed(Frozen):
    """What becomes of a response when another date for it is agreed with the resident."""

    policy: str
    effective: date
    stage: str
    rows: Rows


class Golden(Frozen):
    """Everything that the files say."""

    tables: tuple[Table, ...]
    agreed: tuple[Agreed, ...]


@cache
def read() -> Golden:
    """Reads every file. Raises pydantic's ValidationError for a key that no table has."""
    tables, agreed = list[Table](), list[Agreed]()
    for path in sorted(HERE.glob("*.toml")):
        said = tomllib.loads(path.read_text("utf-8"))
        version = {"policy": said["policy"], "effective": said["effective"]}
        tables += (Table.model_validate(version | each) for each in said["table"])
        agreed += (Agreed.model_validate(version | each) for each in said.get("agreed", ()))
    return Golden(tables=tuple(tables), agreed=tuple(agreed))


def instant(row: Row) -> datetime:
    """Returns when a row's clock begins, from its UTC column."""
    return datetime.strptime(row["UTC"], "%Y-%m-%d %H:%MZ").replace(tzinfo=UTC)
