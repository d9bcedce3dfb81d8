"""Policy files: what is published, which version is in force, and how a mistake is refused."""

from datetime import date
from pathlib import Path

import pytest

from services.shared.errors import MendRequest, NotThere
from services.workflow import policies
from services.workflow.deadlines import work_out
from services.workflow.policy import Clock, Span
from tests.days import day, london
from tests.workflow.policy_files import NACRO, clock, policy, rewritten


def test_every_published_policy_can_be_counted_at_every_stage() -> None:
    for name, versions in policies.published().items():
        assert [rules.effective for rules in versions] == sorted(
            {rules.effective for rules in versions}
        )
        for rules in versions:
            assert rules.name == name
            for stage in rules.stages:
                table = work_out(rules, london("Mon 2026-12-21 09:00"), stage=stage.name)
                assert table.acknowledge_by < table.respond_by
                assert rules.next_stage(stage.name) is None or stage.escalate


def test_the_code_and_nacro_give_the_times_that_they_state() -> None:
    stated = {
        "stage-1": ("5 working days", "10 working days", "10 working days"),
        "stage-2": ("5 working days", "20 working days", "20 working days"),
    }
    for name in ("housing-ombudsman", "nacro"):
        for stage in policies.in_force(name, day("Mon 2026-11-02")).stages:
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
    with pytest.raises(NotThere, match="no policy 'nope'; there are: housing-ombudsman, nacro"):
        policies.in_force("nope", date(2026, 1, 1))


ACKNOWLEDGE = 'within = "5 working days"             # stated\nfrom = "received"'

MISTAKES = {
    "an unknown unit": (
        ('"5 working days"', '"5 fortnights"'),
        (
            "stages[0].acknowledge.within: '5 fortnights' is not a span: write a number and hours, "
            "working days, days, weeks or months"
        ),
    ),
    "a span of nothing": (
        ('"5 working days"', '"0 working days"'),
        "stages[0].acknowledge.within: a clock gives at least 1 of its unit",
    ),
    "hours from the acknowledgement": (
        ('within = "10 working days"', 'within = "48 hours"'),
        "stages: stage-1: hours to respond count from 'received'",
    ),
    "an extension in hours": (
        ('at_most = "10 working days"', 'at_most = "24 hours"'),
        "stages[0].extension.at_most: an extension moves a date, so it is not given in hours",
    ),
    "an unknown key": (
        ('title = "Stage 1"', 'title = "Stage 1"\ncolour = "red"'),
        "stages[0].colour is not a key that a policy has",
    ),
    "a missing anchor": (
        (ACKNOWLEDGE, 'within = "5 working days"'),
        "stages[0].acknowledge.from is missing",
    ),
    "an unknown anchor": (
        ('from = "acknowledged"', 'from = "assigned"'),
        (
            "stages[0].respond.from: Input should be 'received', 'requested', 'acknowledged' or "
            "'responded'"
        ),
    ),
    "an anchor of another stage": (
        ('from = "received"', 'from = "requested"'),
        "stages: stage-1: acknowledge counts from 'received'",
    ),
    "a response that counts from itself": (
        ('from = "acknowledged"', 'from = "responded"'),
        "stages: stage-1: respond counts from 'received' or 'acknowledged'",
    ),
    "a time to escalate from receipt": (
        ('from = "responded"', 'from = "received"'),
        "stages: stage-1: escalate counts from 'responded'",
    ),
    "a first stage on request": (
        ('admission = "on-receipt"', 'admission = "on-request"'),
        "stages: stage-1: this stage is entered on-receipt",
    ),
    "a later stage on receipt": (
        ('admission = "on-request"', 'admission = "on-receipt"'),
        "stages: stage-2: this stage is entered on-request",
    ),
    "a last stage with a time to escalate": (
        (
            "[[exclusions]]",
            (
                '[stages.escalate]\nwithin = "1 month"\nfrom = "responded"\nclause = "x"\n\n'
                "[[exclusions]]"
            ),
        ),
        "stages: stage-2: the last stage has no time to escalate",
    ),
    "two stages of one name": (
        ('name = "stage-2"', 'name = "stage-1"'),
        "stages: there are two of stage 'stage-1'",
    ),
    "two exclusions of one code": (
        ('code = "over-12-months"', 'code = "already-considered"'),
        "exclusions: there are two of exclusion 'already-considered'",
    ),
    "a ladder that goes down": (
        ("after = 2", "after = 5"),
        "ladder: each rung comes later than the one before it",
    ),
    "an unknown nation": (
        ('nation = "england"', 'nation = "britain"'),
        "nation: Input should be 'england', 'wales', 'scotland' or 'northern-ireland'",
    ),
    "a name that is not its folder's": (
        ('name = "nacro"', 'name = "nacra"'),
        "says that it is nacra of 2024-04-01",
    ),
    "a date that is not its file's": (
        ("effective = 2024-04-01", "effective = 2024-04-02"),
        "says that it is nacro of 2024-04-02",
    ),
}


@pytest.mark.parametrize(("change", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_policy_file_is_refused_on_one_clear_line(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    with pytest.raises(MendRequest) as refusal:
        policies.load(rewritten(tmp_path, change))
    assert str(refusal.value) == f"invalid-policy: nacro/2024-04-01.toml: {says}"


def test_before_the_last_stage_there_is_a_time_to_escalate(tmp_path: Path) -> None:
    text = NACRO.read_text("utf-8")
    window = text[text.index("[stages.escalate]") : text.index('[[stages]]\nname = "stage-2"')]
    with pytest.raises(MendRequest, match=r"stage-1: until when can the next stage be asked for\?"):
        policies.load(rewritten(tmp_path, (window, "")))


def test_every_mistake_is_named_and_a_file_that_is_no_toml_too(tmp_path: Path) -> None:
    two = (('"5 working days"', '"5 fortnights"'), ('landlord = "Nacro"', ""))
    with pytest.raises(MendRequest, match=r"landlord is missing; .*'5 fortnights' is not a span"):
        policies.load(rewritten(tmp_path, *two))
    with pytest.raises(MendRequest, match=r"nacro/2024-04-01.toml: is not TOML: .*line"):
        policies.load(rewritten(tmp_path, ("[reminders]", "[reminders")))


def test_an_unchanged_file_is_read_as_it_is_published(tmp_path: Path) -> None:
    assert policies.load(rewritten(tmp_path)) == policies.version("nacro", date(2024, 4, 1))


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
