"""A mistake in a policy file: one line that names the file, the line and the key."""

import re
from pathlib import Path

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from services.shared.errors import MendRequest
from services.workflow import commands, policies
from tests.workflow.policy_files import NACRO as NACRO_FILE
from tests.workflow.policy_files import rewritten

app = typer.Typer()
app.add_typer(commands.policy_app)

ORIGINAL = NACRO_FILE.read_text("utf-8")

FIRST_RESPOND = '[stages.respond]\nwithin = "10 working days"\nfrom = "acknowledged"'

FIRST_ESCALATE = '[stages.escalate]\nwithin = "12 months"\nfrom = "responded"'

WINDOW = """[stages.escalate]
within = "20 working days"
from = "responded"
late_within = "12 months"             # exceptions are considered; for how long is not stated
clause = "Stage two: asked for within 20 working days of the stage one response"
readings = ["late_within"]
"""

NACRO = {
    "an unknown unit": (
        ('"5 working days"', '"5 fortnights"'),
        'within = "5 fortnights"',
        (
            "feedback[0].thanks.within: '5 fortnights' is not a span: write a number and hours, "
            "working days, days, weeks or months"
        ),
    ),
    "an unknown unit of an extension": (
        ('at_most = "10 working days"', 'at_most = "10 fortnights"'),
        'at_most = "10 fortnights"',
        (
            "stages[0].extension.at_most: '10 fortnights' is not a span: write a number and hours, "
            "working days, days, weeks or months; or: '10 fortnights' should be 'uncapped'"
        ),
    ),
    "a span of nothing": (
        ('within = "10 working days"', 'within = "0 working days"'),
        'within = "0 working days"',
        "stages[0].respond.within: a clock gives at least 1 of its unit",
    ),
    "a missing anchor": (
        (FIRST_RESPOND, '[stages.respond]\nwithin = "10 working days"'),
        "[stages.respond]",
        "stages[0].respond.from is missing",
    ),
    "an unknown anchor": (
        ('from = "acknowledged"', 'from = "assigned"'),
        'from = "assigned"',
        (
            "stages[0].respond.from: 'assigned' should be 'received', 'requested', 'referred', "
            "'acknowledged', 'heard', 'responded' or 'declined'"
        ),
    ),
    "an anchor of another stage": (
        (FIRST_RESPOND, FIRST_RESPOND.replace("acknowledged", "requested")),
        'from = "requested"',
        "stages[0].respond.from: it counts from 'received' or 'acknowledged' in this stage",
    ),
    "a time to escalate from receipt": (
        (FIRST_ESCALATE, FIRST_ESCALATE.replace("responded", "received")),
        'from = "received"',
        "stages[0].escalate.from: it counts from 'responded'",
    ),
    "hours from the acknowledgement": (
        ('within = "10 working days"', 'within = "48 hours"'),
        'within = "48 hours"',
        "stages[0].respond.within: hours count from 'received' only",
    ),
    "an extension without a cap": (
        ('at_most = "10 working days"', "# no cap"),
        "[stages.extension]",
        "stages[0].extension.at_most is missing",
    ),
    "an extension in hours": (
        ('at_most = "10 working days"', 'at_most = "24 hours"'),
        'at_most = "24 hours"',
        "stages[0].extension.at_most: this moves a date, so it is not given in hours",
    ),
    "an age in working days": (
        ('older_than = "12 months"', 'older_than = "200 working days"'),
        'older_than = "200 working days"',
        "exclusions[1].older_than: an age is given in days, weeks or months",
    ),
    "an unreachable step": (
        ('after = "stage-1"', 'after = "stage-7"'),
        'after = "stage-7"',
        "stages[1].after: there is no stage 'stage-7', so this one is never reached",
    ),
    "a step that follows itself": (
        ('after = "stage-1"', 'after = "stage-2"'),
        'after = "stage-2"',
        "stages[1].after: the stages go in a circle (stage-2 after stage-2)",
    ),
    "a first step on request": (
        ('admission = "on-receipt"', 'admission = "on-request"'),
        'admission = "on-request"',
        "stages[0].admission: the first stage, and no other, is on-receipt",
    ),
    "a later step on receipt": (
        ('admission = "on-request"', 'admission = "on-receipt"'),
        'admission = "on-receipt"',
        "stages[1].admission: the first stage, and no other, is on-receipt",
    ),
    "two steps of one name": (
        ('name = "stage-2"', 'name = "stage-1"'),
        '[[stages]]\nname = "stage-1"\ntitle = "Stage 2"',
        "stages: there are two of stage 'stage-1'",
    ),
    "a name that is no code": (
        ('name = "stage-2"', 'name = "Stage 2"'),
        'name = "Stage 2"',
        "stages[1].name: 'Stage 2' should be lower-case letters, digits and hyphens",
    ),
    "an unknown key": (
        ('title = "Stage 1"', 'title = "Stage 1"\ncolour = "red"'),
        'colour = "red"',
        "stages[0].colour is not a key that a policy has",
    ),
    "an unknown table": (
        ("[reminders]", "[notes]\nx = 1\n\n[reminders]"),
        "[notes]",
        "notes is not a key that a policy has",
    ),
    "a missing key of the whole file": (
        ('landlord = "Nacro"', ""),
        "# Nacro: compliments, comments and complaints",
        "landlord is missing",
    ),
    "an unknown nation": (
        ('nation = "england"', 'nation = "britain"'),
        'nation = "britain"',
        "nation: 'britain' should be 'england', 'wales', 'scotland' or 'northern-ireland'",
    ),
    "neither true nor false": (
        ("third_parties = true", 'third_parties = "some"'),
        'third_parties = "some"',
        "scope.third_parties: 'some' should be true or false",
    ),
    "a table written as an array of tables": (
        ("[stages.acknowledge]", "[[stages.acknowledge]]"),
        "[[stages.acknowledge]]",
        "stages[0].acknowledge: it should be a table",
    ),
    "one where there may be several": (
        ('named = ["web", "in-person", "phone"]', 'named = "web"'),
        'named = "web"',
        "channels.named: 'web' should be an array",
    ),
    "a reading of a key that the rule has not": (
        ('readings = ["third_parties"]', 'readings = ["fourth_parties"]'),
        'readings = ["fourth_parties"]',
        "scope.readings: this rule has no key 'fourth_parties'",
    ),
    "an item of an array": (
        ("acknowledge = [1]", "acknowledge = [\n  1, # ours\n  99,\n]"),
        "  99,",
        "reminders.acknowledge[1]: 99 should be less than or equal to 60",
    ),
    "a text that is too long to repeat": (
        ('title = "Stage 1"', f'title = "{"x" * 201}"'),
        'title = "xxx',
        "stages[0].title: it should have at most 200 characters",
    ),
    "a character that cannot be printed": (
        ('title = "Stage 1"', r'title = "Stage \u0000 1"'),
        r'title = "Stage \u0000 1"',
        "stages[0].title: character U+0000 at position 6 cannot be stored or printed",
    ),
    "two exclusions of one code": (
        ('code = "over-12-months"', 'code = "already-considered"'),
        '[[exclusions]]\ncode = "already-considered"\nground = "already-considered"',
        "exclusions: there are two of exclusion 'already-considered'",
    ),
    "an age for another ground": (
        ('ground = "legal-proceedings"', 'ground = "legal-proceedings"\nolder_than = "1 month"'),
        'older_than = "1 month"',
        "exclusions[2]: older_than goes with ground 'age', and only with that",
    ),
    "a ground of age without one": (
        ('older_than = "12 months"', ""),
        '[[exclusions]]\ncode = "over-12-months"',
        "exclusions[1]: older_than goes with ground 'age', and only with that",
    ),
    "a signpost of a service that there is not": (
        ('services = ["education"]', 'services = ["finance"]'),
        'services = ["finance"]',
        "signposts[2].services: the policy has no 'finance'",
    ),
    "a ladder that goes down": (
        ("after = 2", "after = 5"),
        "[[ladder]]\nafter = 1",
        "ladder: each rung comes later than the one before it",
    ),
    "no TOML": (
        ("[reminders]", "[reminders"),
        "[reminders\n",
        "is not TOML: Expected ']' at the end of a table declaration",
    ),
    "a key twice": (
        ('landlord = "Nacro"', 'landlord = "Nacro"\nlandlord = "Other"'),
        'landlord = "Other"',
        "is not TOML: Cannot overwrite a value",
    ),
}
"""Each mistake in Nacro's file: what is changed, what stands on the line it names, what it says."""

OTHERS = {
    "circular admission": (
        "review-panel",
        ('after = "first-time-resolution"', 'after = "panel"'),
        'after = "panel"',
        (
            "stages[1].after: the stages go in a circle "
            "(stage-1 after panel after stage-2 after stage-1)"
        ),
    ),
    "a step that is left without a way in": (
        "review-panel",
        ('after = "stage-2"', 'after = "stage-3"'),
        'after = "stage-3"',
        "stages[3].after: there is no stage 'stage-3', so this one is never reached",
    ),
    "two steps after one": (
        "review-panel",
        ('after = "stage-2"', 'after = "stage-1"'),
        'after = "stage-1"',
        "stages[3].after: stage-2 follows 'stage-1' already",
    ),
    "no time to ask for the next step": (
        "community-support",
        (WINDOW, ""),
        '[[stages]]\nname = "stage-1"',
        "stages[0].escalate is missing: until when can the next stage be asked for?",
    ),
    "more criteria than there are": (
        "manchester",
        ("at_least = 2", "at_least = 5"),
        "at_least = 5",
        "at_once: at_least is 5, of 4 grounds",
    ),
    "a panel that counts from something else": (
        "review-panel",
        ('from = "heard"', 'from = "referred"'),
        'from = "referred"',
        "stages[3].respond.from: it counts from 'heard' in this stage",
    ),
}
"""Mistakes that take more than Nacro's file has, each with the policy that it is planted in."""


def refusal(path: Path) -> list[str]:
    with pytest.raises(MendRequest) as refused:
        policies.load(path)
    assert refused.value.code == "invalid-policy"
    mistakes = refused.value.facts["mistakes"]
    assert isinstance(mistakes, list)
    assert refused.value.detail == "; ".join(map(str, mistakes))
    return [str(mistake) for mistake in mistakes]


def assert_refused(path: Path, at: str, says: str) -> None:
    """Asserts that the one refusal says this of the line on which `at` stands."""
    (mistake,) = refusal(path)
    file, line, said = mistake.split(":", 2)
    assert (file, said) == (f"{path.parent.name}/{path.name}", f" {says}")
    rest = path.read_text("utf-8").splitlines(keepends=True)[int(line) - 1 :]
    assert "".join(rest).startswith(at)


@pytest.mark.parametrize(("change", "at", "says"), NACRO.values(), ids=NACRO)
def test_a_mistake_is_one_line_with_the_file_the_line_and_the_key(
    tmp_path: Path, change: tuple[str, str], at: str, says: str
) -> None:
    assert_refused(rewritten(tmp_path, change), at, says)


@pytest.mark.parametrize(("name", "change", "at", "says"), OTHERS.values(), ids=OTHERS)
def test_so_is_one_that_only_another_policy_can_hold(
    tmp_path: Path, name: str, change: tuple[str, str], at: str, says: str
) -> None:
    assert_refused(rewritten(tmp_path, change, name=name), at, says)


def test_several_mistakes_are_a_line_each_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = rewritten(
        tmp_path,
        ('at_most = "10 working days"', 'at_most = "10 hours"'),
        ('"5 working days"', '"5 fortnights"'),
        ('landlord = "Nacro"', ""),
    )
    assert [line.split()[1] for line in refusal(path)] == [
        "landlord",
        "feedback[0].thanks.within:",
        "stages[0].extension.at_most:",
    ]


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_whatever_is_done_to_a_line_the_refusal_names_a_line_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    lines = ORIGINAL.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.sampled_from(["", "x", "x = 1", "[x]", "[[stages]]", *lines]))
    path = tmp_path_factory.mktemp("changed") / "mine.toml"
    path.write_text("\n".join([*lines[:at], other, *lines[at + 1 :]]), "utf-8")
    try:
        policies.load(path)
    except MendRequest as refused:
        mistakes = refused.facts["mistakes"]
        assert isinstance(mistakes, list)
        for mistake in mistakes:
            file, line, said = str(mistake).split(":", 2)
            assert file.endswith("/mine.toml")
            assert 1 <= int(line) <= len(lines)
            assert re.match(r" [a-z_]", said)
            assert "\n" not in said


def test_what_is_no_text_says_on_which_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b'name = "mine"\ntitle = "\xff"\n')
    assert refusal(path) == [f"{tmp_path.name}/mine.toml:2: is not UTF-8"]


def test_the_command_says_each_mistake_on_a_line_of_its_own_and_exits_with_2(
    tmp_path: Path,
) -> None:
    path = rewritten(tmp_path, ('landlord = "Nacro"', ""), ('"5 working days"', '"5 fortnights"'))
    result = CliRunner().invoke(app, ["policy", "check", str(path)])
    assert (result.exit_code, result.stdout) == (2, "")
    first, second = result.stderr.splitlines()
    assert first == "invalid-policy: nacro/2024-04-01.toml:1: landlord is missing"
    assert second.startswith("invalid-policy: nacro/2024-04-01.toml:")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("nowhere/mine.toml", "invalid-policy: nowhere/mine.toml: cannot be read: No such file"),
        ("./tests", "invalid-policy: tests: cannot be read: Is a directory"),
        ("nope", "unknown-policy: There is no policy 'nope'; there are: community-support, "),
    ],
)
def test_what_is_not_there_is_one_line_and_exit_code_2(given: str, says: str) -> None:
    result = CliRunner().invoke(app, ["policy", "check", given])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(says)
    assert result.stderr.count("\n") == 1
