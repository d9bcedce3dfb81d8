"""`putright policy check`: six policies against the Code, and each rule of the check by itself."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from services.workflow import commands, policies
from services.workflow.self_assessment.assessment import CHECKS, Finding, assess
from services.workflow.self_assessment.provisions import PROVISIONS, REMEMBERED
from tests.workflow.expected_assessments import EXPECTED, FOR_A_PERSON
from tests.workflow.policy_files import published, rewritten

app = typer.Typer()
app.add_typer(commands.policy_app)

NAMED = [
    *("1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2"),
    *("4.1", "4.2", "4.3"),
    *(f"5.{number}" for number in range(1, 16) if number != 13),
    *(f"6.{number}" for number in range(1, 21)),
    *("7.1", "7.2", "7.3", "7.4"),
    *(f"8.{number}" for number in range(1, 6)),
    *(f"9.{number}" for number in range(1, 9)),
]
"""The provisions that a landlord's self-assessment goes through here."""


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, ["policy", "check", *arguments], env=environment)


def findings(path: Path) -> tuple[Finding, ...]:
    return assess(policies.read(path))


def of(provision: str, path: Path) -> list[tuple[str, str | None]]:
    """What is found of one provision: verdict and value."""
    return [(each.verdict, each.value) for each in findings(path) if each.provision == provision]


def lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_policy_is_judged_as_its_document_reads(name: str) -> None:
    for_a_person = [provision for provision, *_ in lines(FOR_A_PERSON)]
    expected = [(provision, verdict) for provision, verdict, *_ in lines(EXPECTED[name])]
    found = [(each.provision, each.verdict) for each in findings(published(name))]
    silent = [each.provision for each in findings(published(name)) if each.value is None]
    for provision in for_a_person:
        assert (provision, "judge") in found
        assert provision in silent
        found.remove((provision, "judge"))
    assert found == expected


def test_every_provision_is_in_the_self_assessment_in_the_codes_order() -> None:
    assert list(PROVISIONS) == NAMED
    assert set(PROVISIONS) >= REMEMBERED
    assert set(CHECKS) <= set(PROVISIONS)
    for name in EXPECTED:
        found = [finding.provision for finding in findings(published(name))]
        assert list(dict.fromkeys(found)) == NAMED


def test_what_a_provision_asks_carries_no_note_of_ours() -> None:
    assert not [one.words for one in findings(published("nacro")) if "memory" in one.words]


@pytest.mark.parametrize(
    ("name", "provision", "value", "at"),
    [
        ("nottingham", "1.2", "defined more narrowly than in the Code", 'definition = "narrower"'),
        ("nottingham", "2.3", "6 months", 'older_than = "6 months"'),
        ("nottingham", "6.12", "asks for reasons", 'needs = ["reasons", "outcome"]'),
        ("nottingham", "6.12", "asks for the outcome sought", 'needs = ["reasons", "outcome"]'),
        (
            "nottingham",
            "5.11",
            "We do not see sufficient grounds for a review at stage 2",
            'wording = "We do not see sufficient grounds',
        ),
        ("manchester", "6.4", "no cap", 'at_most = "uncapped"'),
        ("manchester", "6.15", "no cap", 'at_most = "uncapped"'),
        (
            "review-panel",
            "5.2",
            "First Time Resolution comes first",
            'title = "First Time Resolution"',
        ),
        (
            "review-panel",
            "5.3",
            (
                "4 stages: First Time Resolution, Stage 1, Stage 2: review by the director, "
                "Review panel"
            ),
            'title = "Review panel"',
        ),
        (
            "review-panel",
            "6.12",
            "asks for further evidence",
            'needs = ["reasons", "further-evidence"]',
        ),
        (
            "review-panel",
            "6.14",
            "Review panel: 3 weeks from the hearing, for which no time is set",
            'within = "3 weeks"',
        ),
        ("review-panel", "6.20", "Review panel comes after it", 'title = "Review panel"'),
    ],
)
def test_what_is_not_met_is_shown_with_its_value_and_the_line_it_stands_on(
    name: str, provision: str, value: str, at: str
) -> None:
    path = published(name)
    (found,) = (
        each
        for each in findings(path)
        if (each.provision, each.value) == (provision, value) and each.verdict == "not-met"
    )
    assert found.line is not None
    assert path.read_text("utf-8").splitlines()[found.line - 1].startswith(at)


def test_the_codes_own_file_meets_and_states_everything() -> None:
    found = {finding.verdict for finding in findings(published("housing-ombudsman"))}
    assert found == {"met", "judge"}


def test_a_value_has_a_line_and_silence_has_none() -> None:
    for name in EXPECTED:
        text = published(name).read_text("utf-8").splitlines()
        for finding in findings(published(name)):
            assert (finding.value is None) is (finding.line is None)
            assert finding.line is None or text[finding.line - 1].strip()


CHANNELS = 'named = ["web", "phone", "email", "letter", "in-person", "social"]'

ACKNOWLEDGE = 'within = "5 working days"\nfrom = "received"'

CHANGED = {
    "an earlier acknowledgement": (
        "6.2",
        (ACKNOWLEDGE, ACKNOWLEDGE.replace("5 working days", "2 days")),
        ("met", "2 days from receipt"),
    ),
    "a later acknowledgement": (
        "6.2",
        (ACKNOWLEDGE, ACKNOWLEDGE.replace("5 working days", "2 weeks")),
        ("not-met", "2 weeks from receipt"),
    ),
    "one that may be either": (
        "6.2",
        (ACKNOWLEDGE, ACKNOWLEDGE.replace("5 working days", "7 days")),
        ("judge", "7 days from receipt"),
    ),
    "a response counted from receipt": (
        "6.3",
        (
            'within = "10 working days"\nfrom = "acknowledged"',
            'within = "10 working days"\nfrom = "received"',
        ),
        ("met", "10 working days from receipt"),
    ),
    "a response in a month": (
        "6.3",
        ('within = "10 working days"', 'within = "1 month"'),
        ("not-met", "1 month from the acknowledgement"),
    ),
    "a longer extension": (
        "6.4",
        ('at_most = "10 working days"', 'at_most = "11 working days"'),
        ("not-met", "at most 11 working days"),
    ),
    "a letter that does not say that it names the Ombudsman": (
        "6.5",
        ("tells_ombudsman = true\n", ""),
        ("not-stated", "our reading: the letter names the Housing Ombudsman Service"),
    ),
    "an Ombudsman whom extensions do not name": (
        "6.5",
        ("[[signposts]]\n", '[[signposts]]\nnotices = ["response"]\n'),
        ("not-met", "the letter names no Ombudsman"),
    ),
    "refusals that do not name the Ombudsman": (
        "2.4",
        ("[[signposts]]\n", '[[signposts]]\nnotices = ["response"]\n'),
        ("not-met", "the letter names no Ombudsman"),
    ),
    "final letters that do not": (
        "6.19",
        ("[[signposts]]\n", '[[signposts]]\nstages = ["stage-1"]\n'),
        ("not-met", "the letter names no Ombudsman"),
    ),
    "two years": (
        "2.3",
        ('older_than = "12 months"', 'older_than = "24 months"'),
        ("met", "24 months"),
    ),
    "a year in weeks": (
        "2.3",
        ('older_than = "12 months"', 'older_than = "52 weeks"'),
        ("judge", "52 weeks"),
    ),
    "residents only": (
        "1.3",
        ("third_parties = true", "third_parties = false"),
        ("not-met", "only residents may"),
    ),
    "a request that stays one": (
        "1.5",
        ("may_become_complaint = true", "may_become_complaint = false"),
        ("not-met", "it does not become a complaint"),
    ),
    "a single channel": (
        "3.1",
        (CHANNELS, 'named = ["web"]'),
        ("not-met", "web"),
    ),
    "no channel named": (
        "3.1",
        (f'[channels]\n{CHANNELS}\nclause = "Code 3.1 and 3.2"\n', ""),
        ("not-stated", None),
    ),
    "a further complaint that never joins": (
        "6.8",
        ("join_before_response = true", "join_before_response = false"),
        ("not-met", "it never joins"),
    ),
    "a request declined for a reason of the Code's": (
        "5.11",
        (
            "[stages.answered_by]",
            (
                '[[stages.request.declines]]\ncode = "court-proceedings"\nwording = "In court."\n'
                'clause = "x"\n\n[stages.answered_by]'
            ),
        ),
        ("met", "In court"),
    ),
    "anybody who is a manager": (
        "6.13",
        ("not_previously_involved = true", 'roles = ["manager", "director"]'),
        ("judge", "manager or director"),
    ),
    "restrictions that are not reviewed": ("5.14", ("reviewed = true\n", ""), ("not-stated", None)),
    "a time for the case file": (
        "5.12",
        ("[reminders]", '[retention]\ncase_file = "72 months"\nclause = "x"\n\n[reminders]'),
        ("judge", "the case file is kept for 72 months"),
    ),
}
"""The Code's own file with something changed: the provision, and what is then found of it."""


@pytest.mark.parametrize(("provision", "change", "expected"), CHANGED.values(), ids=CHANGED)
def test_each_rule_judges_what_the_file_says(
    tmp_path: Path, provision: str, change: tuple[str, str], expected: tuple[str, str | None]
) -> None:
    assert expected not in of(provision, published("housing-ombudsman"))
    path = rewritten(tmp_path, change, name="housing-ombudsman")
    assert expected in of(provision, path)


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (
            "5 working days",
            (
                "judge",
                (
                    "Review panel: 3 weeks from the hearing, whose date is set within "
                    "5 working days from the referral to the stage"
                ),
            ),
        ),
        (
            "3 months",
            (
                "not-met",
                (
                    "Review panel: 3 weeks from the hearing, whose date is set within "
                    "3 months from the referral to the stage"
                ),
            ),
        ),
    ],
)
def test_a_hearing_with_a_time_of_its_own_is_for_a_person_to_judge(
    tmp_path: Path, within: str, expected: tuple[str, str]
) -> None:
    arrange = '[stages.hearing.arrange]\nwithin = "20 working days"\nfrom = "referred"\n'
    clause = 'clause = "Reading: no time for the hearing is stated, but it must not be forgotten"\n'
    path = rewritten(
        tmp_path,
        (
            f"{arrange}{clause}stated = false",
            f"{arrange.replace('20 working days', within)}{clause}",
        ),
        name="review-panel",
    )
    assert of("6.14", path)[1] == expected


def test_a_policy_of_one_stage_leaves_nothing_to_go_on_to(tmp_path: Path) -> None:
    path = rewritten(tmp_path)
    text = path.read_text("utf-8")
    start, end = text.index("[stages.escalate]"), text.index("[[exclusions]]")
    path.write_text(text[:start] + text[end:], "utf-8")
    assert of("5.3", path) == [("met", "1 stage: Stage 1")]
    assert of("6.10", path) == [("not-met", "Stage 1 is the last")]
    for provision in ("5.11", "6.11", "6.12", "6.13", "6.14", "6.15", "6.16", "6.19", "6.20"):
        assert of(provision, path) == [("not-stated", None)]


def test_a_policy_that_says_nothing_is_silent(tmp_path: Path) -> None:
    path = rewritten(tmp_path)
    text = path.read_text("utf-8")
    scope, stages = text.index("[scope]"), text.index("# The stages")
    path.write_text(text[:scope] + text[stages:], "utf-8")
    for provision in ("1.2", "1.4", "1.5"):
        assert of(provision, path) == [("not-stated", None)]
    assert of("1.3", path) == [("judge", None), ("not-stated", None)]


def test_as_json_it_is_a_list_of_objects_with_five_keys() -> None:
    result = run("nottingham", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    found = json.loads(result.stdout)
    assert all(list(each) == ["provision", "verdict", "words", "value", "line"] for each in found)
    assert [each["provision"] for each in found if each["verdict"] == "not-met"] == [
        *("1.2", "2.3", "5.2", "5.11", "6.12", "6.12")
    ]
    (limit,) = (each for each in found if each["value"] == "6 months")
    assert limit["words"] == (
        "A complaint is accepted within 12 months of the issue, or of becoming aware of it"
    )
    assert isinstance(limit["line"], int)


def test_as_text_it_opens_with_what_is_not_met() -> None:
    result = run("manchester")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[:4] == [
        "manchester, in force from Sat 01 Oct 2022",
        "read against the Housing Ombudsman's Complaint Handling Code of 1 April 2024",
        "2 not met, 19 met, 5 not stated, 47 to judge",
        "not met: 6.4, 6.15",
    ]
    at = lines.index(
        "not met     6.4   Stage 1 is put off by at most 10 working days, with reasons"
    )
    assert lines[at + 1].strip().startswith("no cap (line ")
    assert "9. Scrutiny and learning" in lines
    compared = lines[-1].partition("Not yet compared with the Code's: ")[2].removesuffix(".")
    assert {*compared.split(", ")} == REMEMBERED


def test_on_a_terminal_it_is_styled_and_says_the_same() -> None:
    styled = run("manchester", FORCE_COLOR="1", TERM="xterm", COLUMNS="400").stdout
    assert "\x1b[1;31mnot met" in styled
    for line in run("manchester").stdout.splitlines():
        assert line[18:] in styled


def test_as_markdown_it_is_a_table_with_a_row_a_finding() -> None:
    result = run("nottingham", "--markdown")
    assert result.exit_code == 1
    page = result.stdout.splitlines()
    assert page[0] == (
        "# Nottingham City Council Housing Services complaints policy: self-assessment"
    )
    rows = [line for line in page if line.startswith("| ")]
    assert len(rows) == 1 + len(findings(published("nottingham")))
    assert all(row.count(" | ") == 4 for row in rows)
    (limit,) = (row for row in rows if "6 months" in row)
    assert limit.startswith("| 2.3 | **not met** | A complaint is accepted within 12 months")


def test_a_bar_in_a_policys_words_does_not_break_the_table(tmp_path: Path) -> None:
    path = rewritten(
        tmp_path, ('title = "Stage 1"', 'title = "Stage | 1"'), name="housing-ombudsman"
    )
    shown = run(str(path), "--markdown").stdout
    assert r"Stage \| 1 comes first" in shown


def test_exit_code_0_says_that_nothing_is_not_met() -> None:
    codes = {name: run(name).exit_code for name in EXPECTED}
    assert codes == {
        "community-support": 0,
        "housing-ombudsman": 0,
        "manchester": 1,
        "nacro": 0,
        "nottingham": 1,
        "review-panel": 1,
    }


def test_a_file_is_checked_wherever_it_lies_and_whatever_it_is_called(tmp_path: Path) -> None:
    path = rewritten(tmp_path, ('name = "nacro"', 'name = "mine"')).rename(tmp_path / "draft.toml")
    result = run(str(path))
    assert result.exit_code == 0
    assert result.stdout.startswith("mine, in force from Mon 01 Apr 2024\n")


def test_two_ways_to_print_at_once_are_refused() -> None:
    result = run("nacro", "--json", "--markdown")
    assert (result.exit_code, result.stdout) == (2, "")
