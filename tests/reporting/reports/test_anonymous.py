"""Names planted wherever an event can hold a text are in no report.

A service area with five complaints or more is a place, and its name is told; so each name here
stands in the places of one complaint alone. What a lesson says is written to be published.
"""

from datetime import UTC, date, datetime
from typing import Any, cast, get_args

import pytest

from services.reporting.landlord import Landlord
from services.reporting.reports.adds_up import by_id
from services.reporting.reports.document import Report
from services.reporting.reports.formats import FormatName, render
from services.reporting.reports.making import Asked, Kind, make
from services.reporting.reports.self_assessment import Finding
from services.shared.database import Database
from services.shared.events import AnyEvent, Recordable, Refused
from tests.reporting.lives import lives
from tests.reporting.measures.filled import Lives
from tests.reporting.reports.reading import said, unspaced, workbook

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)

NAMES = ("Ottilie", "Quinlan", "Wrzesniewska", "Xanthippe", "Zbigniew")

PLANTED: dict[str, Any] = {
    "by": "{code}",
    "investigator": "{code}",
    "together_with": "{code}",
    "channel": "{code}",
    "category": "{name} and her flat",
    "service_area": "{name}'s house",
    "region": "{name}'s street",
    "notice": "{name}/1/receipt/resident",
    "from_feedback": "FB-{name}",
    "how": "{name}",
}
"""The fields of events that can hold a text which is not one of a fixed few, with a name in each.

A decline's reason is a code that a policy has to know before it is recorded.
"""

REASON = "{code}-is-rude"
"""Of a refusal: one that came with past complaints may be anything."""


@pytest.fixture
async def planted(database: Database) -> Database:
    told = [
        [_planted(event, NAMES[number % len(NAMES)], number) for event in life]
        for number, life in enumerate(lives(11, 80))
        if [event.sequence for event in life] == [*range(1, len(life) + 1)]
    ]
    await Lives.of(told).fill(database)
    return database


@pytest.mark.parametrize("kind", get_args(Kind))
async def test_no_report_holds_a_name_or_a_reference(planted: Database, kind: Kind) -> None:
    report = await _made(planted, kind)
    for form in get_args(FormatName):
        content = _text(render(report, form), form).casefold()
        assert "complaint" in content, form
        for name in (*NAMES, "PR-0011"):
            assert name.casefold() not in content, (form, name)


async def test_a_reason_that_names_somebody_is_counted_without_its_words(
    planted: Database,
) -> None:
    figures = by_id(await _made(planted, "annual"))
    assert [name for name in figures if name.startswith("refusals/")] == ["refusals/other-reasons"]
    assert figures["refusals/other-reasons"].shown == figures["refused"].shown != "0"


async def _made(database: Database, kind: Kind) -> Report:
    asked = Asked(
        from_on=date(2025, 4, 1), policy="housing-ombudsman", seed="board-7", of_each_stage=20
    )
    finding = Finding(provision="6.2", verdict="met", words="In time.", value=None, line=None)
    async with database.session() as session:
        return await make(session, kind, asked, landlord=Landlord(), findings=(finding,), now=NOW)


async def test_names_are_found_where_they_are_told(planted: Database) -> None:
    # The reading above is not blind: a landlord's own words with a name in them are found.
    asked = Asked(from_on=date(2025, 4, 1))
    improved = {"heard": NAMES[0], "done": "It is mended."}
    year = {"from_on": date(2025, 4, 1), "before": date(2026, 4, 1), "improvements": [improved]}
    landlord = Landlord.model_validate({"periods": [year]})
    async with planted.session() as session:
        report = await make(session, "annual", asked, landlord=landlord, now=NOW)
    for form in get_args(FormatName):
        assert NAMES[0].casefold() in _text(render(report, form), form).casefold(), form


def _planted(event: Recordable, name: str, number: int) -> AnyEvent:
    """Plants a name with a number of its own, so that no two complaints share a place."""
    values = {"name": f"{name}{number}", "code": f"{name}-{number}".lower()}
    held = event.model_dump()
    changes = {field: text.format(**values) for field, text in PLANTED.items() if field in held}
    if isinstance(event, Refused):
        changes["reason"] = REASON.format(**values)
    return cast(AnyEvent, type(event).model_validate({**held, **changes}))


def _text(content: bytes, form: FormatName) -> str:
    if form == "pdf":
        return said(content)
    if form == "xlsx":
        rows = (row for sheet in workbook(content) for row in sheet.iter_rows(values_only=True))
        return unspaced(" ".join(str(cell) for row in rows for cell in row))
    return unspaced(content.decode())
