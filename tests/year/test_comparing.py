"""A played figure that is not the published one is named, and ends `make year` with an error."""

import io
from collections.abc import Iterable

import pytest
import typer
from rich.console import Console

from services.reporting.reports.document import Report, Row, Section, Table
from services.reporting.reports.figures import Count, Figure, Money, Share
from tests.reporting.reports.documents import report
from tests.year.__main__ import judge
from tests.year.comparing import Compared, compare
from tests.year.source import read_source

MAIN_THEME = "property-condition and service-delivery"

STAGE_1: dict[str, Figure] = {
    "Stage 1 received, 2027-q1": Count(id="stage-1/received/2027-q1", value=17),
    "Stage 1 received, 2027-q2": Count(id="stage-1/received/2027-q2", value=42),
    "Stage 1 received, 2027-q3": Count(id="stage-1/received/2027-q3", value=33),
    "Stage 1 received, 2027-q4": Count(id="stage-1/received/2027-q4", value=43),
    "Stage 1 received": Count(id="stage-1/received", value=135),
    "Stage 1 upheld": Count(id="stage-1/outcomes/upheld", value=32),
    "Stage 1 partially-upheld": Count(id="stage-1/outcomes/partially-upheld", value=21),
    "Stage 1 not-upheld": Count(id="stage-1/outcomes/not-upheld", value=21),
    "Stage 1 outcomes recorded": Count(id="stage-1/outcomes/recorded", value=74),
    "Stage 1 acknowledged in time": Share(id="stage-1/acknowledged-by-code", met=98, of=135),
    "Stage 1 answered in time": Share(id="stage-1/responded-by-code-unextended", met=64, of=135),
    "Stage 1 answered late": Count(id="late-responses/stage-1", value=71),
}
STAGE_2: dict[str, Figure] = {
    "Stage 2 received, 2027-q1": Count(id="stage-2/received/2027-q1", value=2),
    "Stage 2 received, 2027-q2": Count(id="stage-2/received/2027-q2", value=5),
    "Stage 2 received, 2027-q3": Count(id="stage-2/received/2027-q3", value=1),
    "Stage 2 received, 2027-q4": Count(id="stage-2/received/2027-q4", value=4),
    "Stage 2 received": Count(id="stage-2/received", value=12),
    "Stage 2 upheld": Count(id="stage-2/outcomes/upheld", value=1),
    "Stage 2 partially-upheld": Count(id="stage-2/outcomes/partially-upheld", value=6),
    "Stage 2 not-upheld": Count(id="stage-2/outcomes/not-upheld", value=5),
    "Stage 2 outcomes recorded": Count(id="stage-2/outcomes/recorded", value=12),
    "Stage 2 acknowledged in time": Share(id="stage-2/acknowledged-by-code", met=9, of=12),
    "Stage 2 answered in time": Share(id="stage-2/responded-by-code-unextended", met=8, of=12),
}
OTHERS: dict[str, Figure] = {
    "CAS-2 received": Count(id="areas/cas-2/stage-1", value=35),
    "CAS-2 answered late": Share(id="late-responses/stage-1/areas/cas-2", met=31, of=35),
    "Refused": Count(id="refused", value=0),
    "Compensation, payments": Count(id="compensation/payments", value=4),
    "Compensation": Money(id="compensation/paid", pence=317_800),
    "Before the Ombudsman": Count(id="ombudsman/open", value=5),
    "Determined": Count(id="ombudsman/determined", value=0),
    MAIN_THEME: Count(id="themes/property-condition/stage-1", value=47),
}
PLAYED: dict[str, Figure] = {**STAGE_1, **STAGE_2, **OTHERS}
"""The figures of a report as they were published, by the line that compares them."""

OTHER_THEME = Count(id="themes/communication/stage-1", value=29)
"""Of what is published as one theme the report makes two."""


def made_of(figures: Iterable[Figure]) -> Report:
    """A report of a year with these figures in it."""
    rows = [Row(heading=one.id, cells=(one,)) for one in (*figures, OTHER_THEME)]
    table = Table(caption="Year", columns=("Figure", "Number"), rows=tuple(rows))
    return report(Section(heading="Year", tables=(table,)))


def compared(figures: dict[str, Figure]) -> list[Compared]:
    """The report of these figures beside the published ones."""
    return compare(made_of(figures.values()), read_source().published)


def one_more(figure: Figure) -> Figure:
    """The figure with one more in it."""
    [field] = {"value", "met", "pence"} & {*type(figure).model_fields}
    return figure.model_copy(update={field: getattr(figure, field) + 1})


def test_the_published_figures_differ_in_nothing() -> None:
    lines = compared(PLAYED)
    assert [one for one in lines if not one.same] == []
    assert {one.what for one in lines} == {*PLAYED}


@pytest.mark.parametrize("changed", PLAYED)
def test_a_figure_that_is_not_as_published_is_named(changed: str) -> None:
    lines = compared({**PLAYED, changed: one_more(PLAYED[changed])})
    assert [one.what for one in lines if not one.same] == [changed]


def test_the_main_theme_is_a_share_of_what_was_played() -> None:
    twice = Count(id="stage-1/received", value=270)
    [theme] = [one for one in compared({**PLAYED, "Stage 1 received": twice}) if "and" in one.what]
    assert theme == Compared(MAIN_THEME, "56%", "28%")


def test_a_figure_that_the_report_does_not_hold_is_no_match() -> None:
    without = {line: figure for line, figure in PLAYED.items() if line != "Compensation"}
    with pytest.raises(KeyError, match="compensation/paid"):
        compared(without)


def test_one_difference_ends_the_command_with_an_error_and_is_shown() -> None:
    shown = io.StringIO()
    console = Console(file=shown, width=100)
    judge(compared(PLAYED), console)
    assert "differs" not in shown.getvalue()
    refused = one_more(PLAYED["Refused"])
    with pytest.raises(typer.Exit) as ended:
        judge(compared({**PLAYED, "Refused": refused}), console)
    assert ended.value.exit_code == 1
    [line] = [line for line in shown.getvalue().splitlines() if "differs" in line]
    assert [cell.strip() for cell in line.strip("│").split("│")] == ["Refused", "0", "1", "differs"]
