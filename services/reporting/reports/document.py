"""The model of a report, free of any format. Renderers show it; nothing else is known to them.

A report is made of sections; a section of paragraphs, then charts, then tables. A chart always
brings its own data table, so a table with the same figures beside it is not needed.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.reporting.reports.figures import (
    FIGURES,
    Cell,
    Figure,
    Quantity,
    Suppressed,
    day_in_words,
)
from services.reporting.reports.shown_text import ShownLine, ShownWords
from services.shared.events import Frozen
from services.shared.text import Code

MOST_SERIES = 6
"""As many as can be told apart by colour and pattern, or by colour and marker."""


class Period(Frozen):
    """The days that a report is about (Europe/London): from `from_on`, and before `before`."""

    from_on: date
    before: date

    @model_validator(mode="after")
    def _has_a_day(self) -> Self:
        if self.before <= self.from_on:
            raise PydanticCustomError("period-empty", "a period ends after it begins")
        return self

    @property
    def shown(self) -> str:
        """As people read it, both days included: `1 April 2024 to 31 March 2025`."""
        last = self.before - timedelta(days=1)
        return f"{day_in_words(self.from_on)} to {day_in_words(last)}"


class RuleSet(Frozen):
    """One of the dated rules by which figures of the report were counted."""

    name: Code
    title: ShownLine
    dated: date
    """The day from which this version of the rule counts."""
    says: ShownWords
    """The rule in plain English, with its source."""


class Row(Frozen):
    """One line of a table: what it is about, and a cell under each further column."""

    heading: ShownLine
    cells: tuple[Cell, ...]
    total: bool = False
    """Whether it sums up the lines above it; it is then set apart."""


class Table(Frozen):
    """A table with a caption. The first of `columns` heads the rows' own headings."""

    caption: ShownLine
    columns: tuple[ShownLine, ...] = Field(min_length=2)
    rows: tuple[Row, ...]
    notes: tuple[ShownWords, ...] = ()

    @model_validator(mode="after")
    def _has_a_cell_under_each_column(self) -> Self:
        for row in self.rows:
            if len(row.cells) != len(self.columns) - 1:
                raise PydanticCustomError(
                    "ragged-table",
                    "{caption}: the line {row} has {cells} cells under {columns} columns",
                    {
                        "caption": self.caption,
                        "row": row.heading,
                        "cells": len(row.cells),
                        "columns": len(self.columns) - 1,
                    },
                )
        return self

    @property
    def figure_columns(self) -> tuple[bool, ...]:
        """For each column, whether it holds figures alone, and so is set to the right."""
        return (
            False,
            *(
                bool(self.rows) and all(isinstance(row.cells[at], FIGURES) for row in self.rows)
                for at in range(len(self.columns) - 1)
            ),
        )


class Series(Frozen):
    """One series of a chart: a figure for each category."""

    name: ShownLine
    figures: tuple[Figure, ...]


class Chart(Frozen):
    """A chart: bars beside each other, bars in one stack, or lines. All figures have one unit."""

    kind: Literal["bars", "stacked", "lines"]
    title: ShownLine
    description: ShownLine
    """What the chart shows, for who does not see it: the shape, and the figures that matter."""
    heading: ShownLine
    """What the categories are: `Quarter`, `Service area`."""
    categories: tuple[ShownLine, ...] = Field(min_length=1)
    series: tuple[Series, ...] = Field(min_length=1, max_length=MOST_SERIES)
    notes: tuple[ShownWords, ...] = ()

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        for series in self.series:
            if len(series.figures) != len(self.categories):
                raise PydanticCustomError(
                    "ragged-chart",
                    "{title}: {series} has {figures} figures for {categories} categories",
                    {
                        "title": self.title,
                        "series": series.name,
                        "figures": len(series.figures),
                        "categories": len(self.categories),
                    },
                )
        if len(set(map(_unit, self._drawn()))) > 1:
            raise PydanticCustomError(
                "mixed-units",
                "{title}: all figures of a chart have one unit",
                {"title": self.title},
            )
        return self

    def _drawn(self) -> Iterator[Figure]:
        for series in self.series:
            yield from (one for one in series.figures if not isinstance(one, Suppressed))

    @property
    def table(self) -> Table:
        """The data table that goes with the chart wherever it is shown."""
        rows = (
            Row(heading=category, cells=tuple(series.figures[at] for series in self.series))
            for at, category in enumerate(self.categories)
        )
        return Table(
            caption=self.title,
            columns=(self.heading, *(series.name for series in self.series)),
            rows=tuple(rows),
            notes=self.notes,
        )


def _unit(figure: Figure) -> str:
    return figure.unit if isinstance(figure, Quantity) else figure.kind


class Section(Frozen):
    """A part of a report under its heading: paragraphs, then charts, then tables."""

    heading: ShownLine
    paragraphs: tuple[ShownWords, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


QuantityId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)*(#met|#of)?$", max_length=210)
]
"""A whole number of the report: the id of a count or of money, or `ID#met`, `ID#of` of a share."""


class Sum(Frozen):
    """A promise that the parts add up to the total. With one part: that the two are equal."""

    total: QuantityId
    parts: tuple[QuantityId, ...] = Field(min_length=1)


class Report(Frozen):
    """A whole report. It is checked by `adds_up.check` before any format is made of it."""

    title: ShownLine
    subtitle: ShownWords = ""
    landlord: ShownLine
    policy: Code | None = None
    """The only policy whose complaints are in it; None: all."""
    period: Period
    as_at: AwareDatetime
    """Up to when what had happened is counted in (UTC)."""
    made_at: AwareDatetime
    rule_sets: tuple[RuleSet, ...] = ()
    """Every dated rule by which a figure of this report was counted."""
    sections: tuple[Section, ...]
    sums: tuple[Sum, ...] = ()

    def figures(self) -> Iterator[Figure]:
        """Yields every figure, in the order of reading; one that stands twice comes twice."""
        for section in self.sections:
            for table in (*(chart.table for chart in section.charts), *section.tables):
                for row in table.rows:
                    yield from (cell for cell in row.cells if isinstance(cell, FIGURES))
