"""A bank holiday is proclaimed while a complaint is open: its dates move, and people hear of it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.days import day
from tests.journeys.story import telling
from tests.workflow.calendar_files import FOLDER, changed, written

Proclaim = Callable[..., None]


@pytest.fixture
def proclaim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Proclaim:
    """Puts a calendar with new bank holidays into the folder that the worker looks into."""
    monkeypatch.setenv(FOLDER, str(tmp_path))

    def put(version: str, *days: date) -> None:
        written(changed(version, having=dict.fromkeys(days, "A day of joy")), tmp_path)

    return put


async def test_dates_move_once_and_everything_that_follows_goes_by_them(
    proclaim: Proclaim,
) -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        promised = await story.receive(policy="nacro")
        assert promised["acknowledge_by"] == "2028-03-13"
        assert promised["respond_by"] == "2028-03-27"
        await story.assign(investigator="sam-okafor")
        await story.at("Tue 2028-03-07 10:00")
        proclaim("2026-11-02", day("Wed 2028-03-08"))
        for _ in range(2):  # told twice, as a repeated import does
            await story.calendar_changed("2026-11-02")
        dues = {clock["clock"]: clock["due"] for clock in await story.clocks()}
        assert dues == {"acknowledge": "2028-03-14", "respond": "2028-03-28"}
        assert await story.timeline("due-moved") == ["Tue 2028-03-07 10:00 due-moved"] * 2
        await story.at("Thu 2028-03-16 12:00")
        assert await story.timeline("missed") == ["Wed 2028-03-15 00:00 missed"]
        assert story.mails_to("resident") == [
            "Mon 2028-03-06 10:00 receipt",
            "Tue 2028-03-07 10:00 due-moved",
        ]
        assert story.mails_to("sam-okafor") == [
            "Mon 2028-03-06 10:00 assignment",
            "Tue 2028-03-07 08:10 digest",  # it is new
            "Thu 2028-03-09 08:10 digest",  # its dates have moved; Wednesday is a holiday now
            "Mon 2028-03-13 08:10 digest",  # to acknowledge on Tuesday
            "Wed 2028-03-15 08:00 escalation",
            "Wed 2028-03-15 08:10 digest",  # late
            "Thu 2028-03-16 08:10 digest",  # late still
        ]
        letter = story.mail("resident", "due-moved").text
        assert "Wednesday 8 March 2028 is now a bank holiday (A day of joy)." in letter
        assert "by Tuesday 14 March 2028. Before, it was Monday 13 March 2028." in letter
        assert "by Tuesday 28 March 2028. Before, it was Monday 27 March 2028." in letter
        row = await story.row()
        assert row["stages"][0]["respond_due"] == "2028-03-28"


async def test_a_calendar_that_has_not_reached_the_worker_changes_nothing_until_it_has(
    proclaim: Proclaim,
) -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="nacro")
        before = await story.clocks()
        await story.calendar_changed("2026-11-02")
        assert await story.clocks() == before
        await story.assign(investigator="sam-okafor")  # and people can go on
        proclaim("2026-11-02", day("Wed 2028-03-08"))
        await story.calendar_changed("2026-11-02")
        assert [clock["due"] for clock in await story.clocks()] == ["2028-03-14", "2028-03-28"]


async def test_an_extended_date_stands_and_the_resident_hears_nothing(proclaim: Proclaim) -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="nacro")
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        await story.act("extend", reason="The surveyor is away.", until="2028-03-30")
        proclaim("2026-11-02", day("Wed 2028-03-29"))
        await story.calendar_changed("2026-11-02")
        assert await story.timeline("due-moved") == []
        assert "due-moved" not in " ".join(story.mails_to("resident"))
        await story.at("Fri 2028-03-31 12:00")
        assert await story.timeline("missed") == ["Fri 2028-03-31 00:00 missed"]
        assert story.mails_to("sam-okafor") == [
            "Mon 2028-03-06 10:00 assignment",
            "Tue 2028-03-07 08:10 digest",  # it is new, and due on Thursday 30 March
            "Fri 2028-03-24 08:10 digest",  # three working days before that
            "Tue 2028-03-28 08:10 digest",  # one: the day before it is the new bank holiday
            "Fri 2028-03-31 08:00 escalation",
            "Fri 2028-03-31 08:10 digest",
        ]
