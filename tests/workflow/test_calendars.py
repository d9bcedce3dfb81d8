"""The calendars of an installation: which counts, and how a newer one is read, checked, kept."""

import json
import os
import threading
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from services.shared import calendars
from services.shared.calendars import Calendar, Division
from services.shared.errors import PutrightError, TryLater
from services.shared.working_days import working_days
from services.workflow.bank_holidays.merging import alone, differences, keep, prepare
from tests.days import day
from tests.workflow.calendar_files import FOLDER, RELEASED, as_govuk, changed, written

TODAY = day("Sat 2026-11-21")
WORLD_CUP = day("Mon 2026-06-15")
JOY = day("Tue 2026-12-29")
DIVISIONS: tuple[Division, ...] = get_args(Division)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The calendars folder of an installation, empty."""
    installed = tmp_path / "calendars"
    installed.mkdir()
    monkeypatch.setenv(FOLDER, str(installed))
    return installed


def prepared(file: object, newest: Calendar = RELEASED, **options: Any) -> Any:
    content = file if isinstance(file, bytes) else json.dumps(file).encode()
    return prepare(content, newest, **{"version": None, "today": TODAY, **options})


def ours(calendar: Calendar, **changes: object) -> dict[str, Any]:
    return calendar.model_dump(mode="json") | changes


def test_without_an_imported_calendar_the_release_s_own_counts(folder: Path) -> None:
    assert calendars.newest() == RELEASED
    folder.rmdir()
    assert calendars.newest() == RELEASED


def test_an_imported_calendar_counts_at_once_and_so_does_the_next(folder: Path) -> None:
    assert working_days("england").why_off(JOY) is None
    keep(changed("2026-11-20", having={JOY: "A day of joy"}), folder)
    assert working_days("england").why_off(JOY) == "A day of joy"
    assert working_days("england").version == "2026-11-20"
    keep(changed("2026-11-21"), folder)
    assert working_days("england").why_off(JOY) is None
    assert working_days("wales").version == "2026-11-21"


def test_it_counts_also_in_a_folder_that_has_long_been_still(folder: Path) -> None:
    keep(changed("2026-11-20"), folder)
    os.utime(folder, (0, 0))
    assert calendars.newest().version == day("Fri 2026-11-20")
    keep(changed("2026-11-21"), folder)
    assert calendars.newest().version == TODAY


def test_an_imported_calendar_older_than_the_release_s_does_not_count(folder: Path) -> None:
    keep(changed("2026-10-01", having={JOY: "A day of joy"}), folder)
    assert calendars.newest() == RELEASED


def test_of_two_with_one_version_the_imported_one_counts(folder: Path) -> None:
    keep(changed(RELEASED.version.isoformat(), having={JOY: "A day of joy"}), folder)
    assert working_days("england").why_off(JOY) == "A day of joy"


def test_other_files_in_the_folder_are_left_alone(folder: Path) -> None:
    (folder / "notes.json").write_text("{}")
    (folder / ".2027-01-01.new").write_text("half")
    assert calendars.newest() == RELEASED


@pytest.mark.parametrize(
    "content", ["", "half", "{}", RELEASED.model_dump_json()], ids=["empty", "half", "{}", "other"]
)
def test_with_a_damaged_calendar_nothing_is_counted(folder: Path, content: str) -> None:
    """Going on with the one before would count bank holidays as working days, quietly."""
    (folder / "2027-01-01.json").write_text(content)
    with pytest.raises(TryLater, match=r"2027-01-01\.json cannot be read") as refusal:
        working_days("england")
    assert refusal.value.code == "calendar-unreadable"
    assert "\n" not in str(refusal.value)
    (folder / "2027-01-01.json").unlink()
    assert working_days("england").version == RELEASED.version.isoformat()


def test_a_calendar_that_is_kept_reads_back_as_it_was(folder: Path) -> None:
    calendar = changed("2026-11-20", having={JOY: "Jour d’été"})
    path = keep(calendar, folder)
    assert path == folder / "2026-11-20.json"
    assert calendars.load(path) == calendar
    assert [found.name for found in folder.iterdir()] == ["2026-11-20.json"]


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "a-file"
    file.touch()
    for attempt in (lambda: keep(RELEASED, file), lambda: alone(file / "folder").__enter__()):
        with pytest.raises(TryLater, match="Nothing can be written to") as refusal:
            attempt()
        assert refusal.value.code == "calendars-folder-unwritable"


def test_two_imports_go_one_after_the_other(folder: Path) -> None:
    order: list[str] = []
    inside, leave = threading.Event(), threading.Event()

    def first() -> None:
        with alone(folder):
            inside.set()
            leave.wait(10)
            order.append("first")

    def second() -> None:
        inside.wait(10)
        with alone(folder):
            order.append("second")

    threads = [threading.Thread(target=each) for each in (second, first)]
    for thread in threads:
        thread.start()
    inside.wait(10)
    threads[0].join(0.2)
    assert order == []
    leave.set()
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second"]


def test_govuk_s_list_with_a_new_day_is_merged_over_the_newest() -> None:
    old = changed("2026-02-02", division="scotland", lacking=[WORLD_CUP])
    found = prepared(as_govuk(RELEASED, range(2020, 2028)), old, today=day("Tue 2026-02-03"))
    assert found.new
    assert found.calendar.version == day("Tue 2026-02-03")
    assert found.calendar.divisions == RELEASED.divisions
    assert (found.calendar.first, found.calendar.last) == (RELEASED.first, RELEASED.last)
    assert found.calendar.published_until == RELEASED.published_until
    assert found.calendar.source.startswith("GOV.UK bank holidays of 2020 to 2027, over the")
    assert [tuple(one) for one in found.differences] == [
        (WORLD_CUP, "scotland", "World Cup bank holiday", "added")
    ]


def test_inside_the_years_of_the_list_its_word_replaces_ours_and_outside_ours_stands() -> None:
    listed = as_govuk(RELEASED, [2027])
    early_may = day("Mon 2027-05-03")
    for event in listed["england-and-wales"]["events"]:
        if event["date"] == early_may.isoformat():
            event["date"], event["notes"] = "2027-05-07", "Moved for a jubilee"
    found = prepared(listed)
    assert [(str(one.day), one.name, one.change) for one in found.differences] == [
        ("2027-05-03", "Early May bank holiday", "removed"),
        ("2027-05-07", "Early May bank holiday (moved for a jubilee)", "added"),
    ]
    for division in DIVISIONS:
        for year in (2026, 2028):
            assert {
                d: n for d, n in found.calendar.divisions[division].items() if d.year == year
            } == {d: n for d, n in RELEASED.divisions[division].items() if d.year == year}


def test_a_year_that_was_projected_becomes_published() -> None:
    projected = changed("2026-11-02").model_copy(update={"published_until": date(2028, 12, 31)})
    listed = as_govuk(RELEASED, range(2026, 2030))
    assert prepared(listed, projected).calendar.published_until == date(2029, 12, 31)
    # A year that stands alone leaves the one before it projected.
    alone_ = as_govuk(RELEASED, [2030])
    alone_["scotland"]["events"][0]["title"] = "Another name"
    assert prepared(alone_, projected).calendar.published_until == date(2028, 12, 31)


def test_a_list_that_goes_on_lengthens_the_calendar() -> None:
    """2032 begins on a Thursday, as 2026 does, and is taken for it here."""
    beyond = as_govuk(RELEASED, [2031])
    for division in DIVISIONS:
        beyond[division]["events"] += [
            {**event, "date": event["date"].replace("2031-", "2032-")}
            for event in beyond[division]["events"]
        ]
    found = prepared(beyond)
    assert found.calendar.last == date(2032, 12, 31)
    assert found.calendar.published_until == RELEASED.published_until
    assert {one.day.year for one in found.differences} == {2032}


@pytest.mark.parametrize("file", [ours(RELEASED), as_govuk(RELEASED, range(2019, 2029))])
def test_what_says_nothing_new_changes_nothing(file: dict[str, Any]) -> None:
    found = prepared(file, version=day("Sat 2027-01-02"))
    assert (found.new, found.calendar, found.differences) == (False, RELEASED, ())


def test_a_calendar_of_ours_keeps_its_own_date_or_takes_the_one_given() -> None:
    file = ours(changed("2026-11-20", having={JOY: "A day of joy"}))
    assert prepared(file).calendar.version == day("Fri 2026-11-20")
    assert prepared(file, version=day("Tue 2026-12-01")).calendar.version == day("Tue 2026-12-01")


def _without(division: str) -> dict[str, Any]:
    listed = as_govuk(RELEASED, range(2019, 2029))
    del listed[division]
    return listed


def _with_event(date_: str, division: Division = "scotland") -> dict[str, Any]:
    listed = as_govuk(RELEASED, range(2019, 2029))
    listed[division]["events"].append({"title": "A day", "date": date_, "notes": ""})
    return listed


def _one_nation_ahead() -> dict[str, Any]:
    listed = as_govuk(RELEASED, [2031])
    listed["scotland"]["events"] += [
        {**event, "date": event["date"].replace("2031-", "2032-")}
        for event in listed["scotland"]["events"]
    ]
    return listed


def _gap() -> dict[str, Any]:
    listed = as_govuk(RELEASED, [2031])
    for division in DIVISIONS:
        for event in listed[division]["events"]:
            event["date"] = event["date"].replace("2031-", "2033-")
    return listed


NEWER = changed("2026-11-20", having={JOY: "A day of joy"})


@pytest.mark.parametrize(
    ("file", "code", "says"),
    [
        (b"<html>", "unreadable-calendar", "It is not JSON"),
        (b"\xff\xfe", "unreadable-calendar", "It is not JSON"),
        (b"[" * 100_000, "unreadable-calendar", "It is not JSON"),
        ([], "unreadable-calendar", "It is JSON, and no calendar"),
        ({"france": {}}, "unreadable-calendar", "neither a calendar of ours nor GOV.UK's"),
        (_with_event("soon"), "unreadable-calendar", "scotland.events"),
        ({**_without("scotland"), "scotland": {"events": []}}, "unreadable-calendar", "scotland"),
        (ours(NEWER, version="soon"), "unreadable-calendar", "version"),
        (ours(NEWER, nations={}), "unreadable-calendar", "nations"),
        (_without("northern-ireland"), "nation-missing", "Nothing is said of northern-ireland"),
        (ours(NEWER, divisions={"scotland": {}}), "nation-missing", "england-and-wales, northern"),
        (_with_event("1926-06-15"), "incomplete-year", "scotland: of 1926 it lists 1"),
        (_one_nation_ahead(), "dates-outside", "of 2032 are known"),
        (_gap(), "dates-outside", "of 2032 are known"),
        (ours(NEWER, first="2013-01-01"), "dates-outside", "2012-01-02 is outside the calendar"),
        (ours(NEWER, published_until="2040-01-01"), "dates-outside", "lies between"),
        (ours(NEWER, version="2026-11-01"), "not-newer", "newest calendar here 2026-11-01"),
        (ours(NEWER, version="2026-10-01"), "not-newer", "give a later date with --version"),
        (
            ours(changed("2026-11-20", division="scotland", lacking=[WORLD_CUP])),
            "past-days-removed",
            r"2026-06-15 \(scotland\)",
        ),
    ],
)
def test_what_is_wrong_is_refused_on_one_line_with_a_code(
    file: object, code: str, says: str
) -> None:
    with pytest.raises(PutrightError, match=says) as refusal:
        prepared(file)
    assert refusal.value.code == code
    assert "\n" not in refusal.value.detail


def test_a_calendar_that_covers_less_is_refused() -> None:
    """Open complaints count on days that it would no longer know."""
    shorter = {
        division: {d: n for d, n in days.items() if d.year < 2031}
        for division, days in RELEASED.divisions.items()
    }
    file = ours(RELEASED.model_copy(update={"divisions": shorter}))
    with pytest.raises(PutrightError) as refusal:
        prepared({**file, "version": "2026-11-20", "last": "2030-12-31"})
    assert refusal.value.code == "covers-less"


@pytest.mark.parametrize(
    ("lacking", "options", "refused"),
    [
        (TODAY.replace(day=20), {}, True),
        (WORLD_CUP, {"allow_removals": True}, False),
        (WORLD_CUP, {"today": day("Sun 2026-06-14")}, False),  # it is still to come
        (WORLD_CUP, {"today": WORLD_CUP}, True),
    ],
)
def test_a_day_that_has_been_does_not_vanish_quietly(
    lacking: date,
    options: dict[str, Any],
    refused: bool,  # noqa: FBT001 — a column of the table
) -> None:
    had = changed("2026-11-02", division="scotland", having={lacking: "World Cup bank holiday"})
    lacks = changed("2026-11-20", division="scotland", lacking=[lacking])
    if refused:
        with pytest.raises(PutrightError, match="--allow-removals"):
            prepared(ours(lacks), had, **options)
    else:
        assert [one.change for one in prepared(ours(lacks), had, **options).differences] == [
            "removed"
        ]


def test_many_days_that_vanish_are_counted_and_few_named() -> None:
    gone = [d for d in RELEASED.divisions["scotland"] if d.year in {2024, 2025}]
    with pytest.raises(PutrightError, match=rf"and {len(gone) - 5} more"):
        prepared(ours(changed("2026-11-20", division="scotland", lacking=gone)))


def test_a_renamed_day_is_a_difference_and_moves_nothing() -> None:
    renamed = changed("2026-11-20", having={day("Fri 2026-12-25"): "Christmas"})
    (found,) = differences(RELEASED, renamed)
    assert (found.name, found.change) == ("Christmas", "renamed")


def test_a_calendar_is_read_once_while_the_folder_is_as_it_was(folder: Path) -> None:
    """Every due date asks for the newest calendar, so asking must cost next to nothing."""
    path = written(changed("2026-11-20"), folder)
    os.utime(folder, (0, 0))
    working_days("england")
    path.write_text("damaged behind our back")
    os.utime(folder, (0, 0))
    assert working_days("england").version == "2026-11-20"
