"""The published policies: which there are, which version is in force, what a span is."""

from datetime import date
from pathlib import Path

import pytest

from services.shared.errors import MendRequest, NotThere
from services.workflow import policies
from services.workflow.deadlines import work_out
from services.workflow.spans import Span
from services.workflow.stages import Clock
from tests.days import day, london
from tests.workflow.policy_files import PUBLISHED, clock, policy, rewritten

NAMES = [
    "community-support",
    "housing-ombudsman",
    "manchester",
    "nacro",
    "nottingham",
    "review-panel",
]


def test_the_six_policies_are_published() -> None:
    assert set(NAMES) <= set(policies.published())


def test_each_version_is_read_from_the_file_that_is_named_for_it() -> None:
    found = [rules for versions in policies.published().values() for rules in versions]
    assert [policies.path_of(rules) for rules in found] == PUBLISHED
    assert [policies.load_published(path) for path in PUBLISHED] == found


def test_every_stage_of_every_policy_can_be_counted() -> None:
    for versions in policies.published().values():
        for rules in versions:
            for stage in rules.stages:
                table = work_out(rules, london("Mon 2026-12-21 09:00"), stage=stage.name)
                assert table.respond_by or stage.hearing
                assert table.clocks


def test_the_code_and_nacro_give_the_times_that_they_state() -> None:
    stated = {
        "stage-1": ("5 working days", "10 working days", "10 working days"),
        "stage-2": ("5 working days", "20 working days", "20 working days"),
    }
    for name in ("housing-ombudsman", "nacro"):
        for stage in policies.in_force(name, day("Mon 2026-11-02")).stages:
            assert stage.acknowledge
            assert stage.extension
            spans = (stage.acknowledge.within, stage.respond.within, stage.extension.at_most)
            assert tuple(map(str, spans)) == stated[stage.name]
            assert stage.respond.anchor == "acknowledged"


def test_the_version_in_force_is_the_newest_that_has_begun() -> None:
    old, new = policy(), policy(effective=day("Wed 2026-07-01"))
    newest = policy(effective=day("Fri 2027-01-01"))
    for on, expected in (
        ("Mon 2018-01-01", old),
        ("Tue 2026-06-30", old),
        ("Wed 2026-07-01", new),
        ("Thu 2026-12-31", new),
        ("Fri 2027-01-01", newest),
        ("Mon 2030-01-07", newest),
    ):
        assert policies.effective_on((old, new, newest), day(on)) is expected


def test_an_open_complaint_finds_exactly_the_version_it_came_in_under() -> None:
    assert policies.version("nacro", date(2024, 4, 1)).effective == date(2024, 4, 1)
    with pytest.raises(NotThere, match="unknown-policy: Policy 'nacro' has no version of 2024-04"):
        policies.version("nacro", date(2024, 4, 2))
    with pytest.raises(NotThere, match=f"no policy 'nope'; there are: {', '.join(NAMES)}"):
        policies.in_force("nope", date(2026, 1, 1))


def test_an_unchanged_file_is_read_as_it_is_published(tmp_path: Path) -> None:
    assert policies.load(rewritten(tmp_path)) == policies.version("nacro", date(2024, 4, 1))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ('name = "nacro"', 'name = "nacra"'),
            "5: name is nacra, but the file is published as nacro",
        ),
        (
            ("effective = 2024-04-01", "effective = 2024-04-02"),
            "8: effective is 2024-04-02, but the file is published as 2024-04-01",
        ),
    ],
)
def test_only_a_published_file_must_be_named_by_what_it_says(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    path = rewritten(tmp_path, change)
    assert policies.load(path).title == "Nacro compliments, comments and complaints policy"
    with pytest.raises(MendRequest) as refused:
        policies.load_published(path)
    assert str(refused.value) == f"invalid-policy: nacro/2024-04-01.toml:{says}"


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("24 hours", Span(count=24, unit="hours")),
        ("1 working day", Span(count=1, unit="working-days")),
        ("20 working days", Span(count=20, unit="working-days")),
        ("3 days", Span(count=3, unit="days")),
        ("8 weeks", Span(count=8, unit="weeks")),
        ("1 month", Span(count=1, unit="months")),
    ],
)
def test_a_span_is_written_as_people_say_it(written: str, span: Span) -> None:
    read = Clock.model_validate(clock(written, "received")).within
    assert read == span
    assert str(read) == written


@pytest.mark.parametrize(
    "written", ["5", "working days", "-1 days", "1.5 days", "5  days", "5 Days", "5 days ", 5]
)
def test_what_is_no_span_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="within"):
        Clock.model_validate({"within": written, "from": "received", "clause": "x"})
