"""`putright policy` and `putright deadlines`, as people and scripts meet them."""

import json
from datetime import date
from typing import Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from services.workflow import commands, policies
from services.workflow.deadlines import work_out
from tests.days import london, written
from tests.workflow.policy_files import clock, policy

app = typer.Typer()
app.add_typer(commands.policy_app)
app.command()(commands.deadlines)


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, arguments, env=environment)


def deadlines(*arguments: str) -> Result:
    return run("deadlines", "--policy", "nacro", *arguments)


def as_json(*arguments: str) -> dict[str, Any]:
    result = deadlines(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_without_an_acknowledgement_the_table_is_short_plain_lines() -> None:
    result = deadlines("--received", "2026-12-21")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "policy              nacro, in force from Mon 01 Apr 2024",
        "stage               stage-1, england",
        "received            Mon 21 Dec 2026",
        "acknowledged        not yet",
        "acknowledge by      Wed 30 Dec 2026",
        "respond by          Thu 14 Jan 2027",
        "  at most extended  to Thu 28 Jan 2027",
    ]


def test_as_json_it_is_one_object_with_iso_dates_and_utc_instants() -> None:
    assert as_json("--received", "2026-12-21") == {
        "policy": "nacro",
        "policy_effective": "2024-04-01",
        "stage": "stage-1",
        "nation": "england",
        "received": "2026-12-21",
        "acknowledged": None,
        "acknowledged_in_time": None,
        "acknowledge_by": "2026-12-30",
        "respond_by": "2027-01-14",
        "calendar": "2026-11-01",
        "clocks": [
            {
                "clock": "acknowledge",
                "due": "2026-12-30",
                "passes_at": "2026-12-31T00:00:00Z",
                "reminders": ["2026-12-29T08:00:00Z"],
                "ladder": [
                    {"at": "2026-12-31T08:00:00Z", "tell": "investigator"},
                    {"at": "2027-01-04T08:00:00Z", "tell": "line-manager"},
                    {"at": "2027-01-06T08:00:00Z", "tell": "head-of-service"},
                ],
                "latest_extension": None,
                "clause": "Stage one: acknowledged within five working days",
            },
            {
                "clock": "respond",
                "due": "2027-01-14",
                "passes_at": "2027-01-15T00:00:00Z",
                "reminders": ["2027-01-11T08:00:00Z", "2027-01-13T08:00:00Z"],
                "ladder": [
                    {"at": "2027-01-15T08:00:00Z", "tell": "investigator"},
                    {"at": "2027-01-18T08:00:00Z", "tell": "line-manager"},
                    {"at": "2027-01-20T08:00:00Z", "tell": "head-of-service"},
                ],
                "latest_extension": "2027-01-28",
                "clause": "Stage one: written response within 10 working days",
            },
        ],
    }


def test_explained_as_json_each_clock_says_how_it_was_counted() -> None:
    acknowledge, respond = as_json("--received", "2026-12-21", "--explain")["explain"]
    assert acknowledge == {
        "clock": "acknowledge",
        "within": "5 working days",
        "anchor": "received",
        "anchor_date": "2026-12-21",
        "anchor_is_provisional": False,
        "day_1": "2026-12-22",
        "skipped": [
            {"day": "2026-12-25", "why": "Christmas Day"},
            {"day": "2026-12-26", "why": "Saturday"},
            {"day": "2026-12-27", "why": "Sunday"},
            {"day": "2026-12-28", "why": "Boxing Day (substitute day)"},
        ],
        "calendar": "2026-11-01",
        "projected": False,
        "clause": "Stage one: acknowledged within five working days",
    }
    assert (respond["anchor"], respond["anchor_date"]) == ("acknowledged", "2026-12-30")
    assert respond["anchor_is_provisional"]


def test_explained_in_text_it_names_anchor_day_1_days_skipped_calendar_and_clause() -> None:
    lines = deadlines("--received", "2026-12-21", "--explain").stdout.splitlines()
    start, end = lines.index("acknowledge by      Wed 30 Dec 2026"), len(lines)
    assert lines[start + 1 : start + 14] == [
        "  counted           5 working days from receipt, Mon 21 Dec 2026",
        "  clause            Stage one: acknowledged within five working days",
        "  day 1             Tue 22 Dec 2026",
        "  skipped           Fri 25 Dec 2026  Christmas Day",
        "                    Sat 26 Dec 2026  Saturday",
        "                    Sun 27 Dec 2026  Sunday",
        "                    Mon 28 Dec 2026  Boxing Day (substitute day)",
        "  calendar          2026-11-01",
        "  reminders         Tue 29 Dec 2026 08:00",
        "  passes            Thu 31 Dec 2026 00:00",
        "  if missed         Thu 31 Dec 2026 08:00  investigator",
        "                    Mon 04 Jan 2027 08:00  line-manager",
        "                    Wed 06 Jan 2027 08:00  head-of-service",
    ]
    stand_in = "10 working days from the day on which the acknowledgement is due, Wed 30 Dec 2026"
    assert f"  counted           {stand_in}" in lines[start:end]


@pytest.mark.parametrize(
    ("acknowledged", "in_time", "respond_by"),
    [
        ("2026-12-21", True, "2027-01-07"),
        ("2026-12-26", True, "2027-01-12"),
        ("2026-12-30", True, "2027-01-14"),
        ("2026-12-30T23:59Z", True, "2027-01-14"),
        ("2026-12-31T00:00Z", False, "2027-01-14"),
        ("2027-01-08", False, "2027-01-14"),
    ],
)
def test_acknowledging_early_brings_the_response_forward_and_late_buys_no_time(
    *, acknowledged: str, in_time: bool, respond_by: str
) -> None:
    found = as_json("--received", "2026-12-21", "--acknowledged", acknowledged)
    assert found["acknowledged"] == acknowledged[:10]
    assert found["acknowledged_in_time"] is in_time
    assert (found["acknowledge_by"], found["respond_by"]) == ("2026-12-30", respond_by)
    text = deadlines("--received", "2026-12-21", "--acknowledged", acknowledged).stdout
    assert (", late\n" in text) is not in_time


@pytest.mark.parametrize(
    ("received", "counted_as"),
    [
        ("2026-07-06", "2026-07-06"),
        ("2026-07-06T23:30:00Z", "2026-07-07"),
        ("2026-07-06T23:30:00+01:00", "2026-07-06"),
        ("2026-01-06T23:30:00Z", "2026-01-06"),
        ("2026-07-07T08:30:00+09:00", "2026-07-07"),
    ],
)
def test_a_receipt_counts_from_its_day_in_london(received: str, counted_as: str) -> None:
    assert as_json("--received", received)["received"] == counted_as


@pytest.mark.parametrize(
    ("nation", "acknowledge_by"),
    [
        ("england", "2026-06-19"),
        ("wales", "2026-06-19"),
        ("scotland", "2026-06-22"),
        ("northern-ireland", "2026-06-19"),
    ],
)
def test_another_nation_has_other_bank_holidays(nation: str, acknowledge_by: str) -> None:
    found = as_json("--received", "2026-06-12", "--nation", nation)
    assert (found["nation"], found["acknowledge_by"]) == (nation, acknowledge_by)


def test_a_later_stage_counts_from_its_request() -> None:
    found = as_json("--received", "2026-11-02", "--stage", "stage-2", "--explain")
    assert (found["stage"], found["respond_by"]) == ("stage-2", "2026-12-07")
    assert found["explain"][0]["anchor"] == "requested"


def test_a_date_that_rests_on_projected_bank_holidays_says_so() -> None:
    note = "projected: bank holidays that far ahead are not published yet"
    acknowledge, respond = as_json("--received", "2028-12-11", "--explain")["explain"]
    assert (acknowledge["projected"], respond["projected"]) == (False, True)
    assert deadlines("--received", "2028-12-11", "--explain").stdout.count(note) == 1
    assert note not in deadlines("--received", "2026-12-11", "--explain").stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["--received", "2026-12-21T10:00"],
            (
                "naive-time: '2026-12-21T10:00' does not say which instant it is: "
                "add Z or an offset (+01:00)."
            ),
        ),
        (
            ["--received", "2026-12-21", "--acknowledged", "2026-12-22 10:00"],
            (
                "naive-time: '2026-12-22 10:00' does not say which instant it is: "
                "add Z or an offset (+01:00)."
            ),
        ),
        (
            ["--received", "yesterday"],
            (
                "unreadable-time: 'yesterday' is no ISO date such as 2026-12-21, "
                "nor a time such as 2026-12-21T09:30Z."
            ),
        ),
        (
            ["--received", "9999-12-31T23:59:59-12:00"],
            (
                "unreadable-time: '9999-12-31T23:59:59-12:00' is no ISO date such as 2026-12-21, "
                "nor a time such as 2026-12-21T09:30Z."
            ),
        ),
        (
            ["--received", "2026-12-21", "--acknowledged", "2026-12-20"],
            (
                "acknowledged-before-received: What was received on 2026-12-21 cannot be "
                "acknowledged on 2026-12-20."
            ),
        ),
        (
            ["--received", "2026-12-21", "--nation", "britain"],
            "unknown-nation: 'britain' is none of: england, wales, scotland, northern-ireland.",
        ),
        (
            ["--received", "2026-12-21", "--stage", "panel"],
            "unknown-stage: Policy 'nacro' has no stage 'panel'; it has: stage-1, stage-2.",
        ),
        (
            ["--received", "2026-12-21", "--policy", "nope\nnope"],
            (
                "unknown-policy: There is no policy 'nope\\nnope'; there are: community-support, "
                "housing-ombudsman, manchester, nacro, nottingham, review-panel."
            ),
        ),
        (
            ["--received", "1999-12-31"],
            (
                "beyond-the-calendar: 1999-12-31 is outside the bank-holiday calendar, "
                "which runs from 2012-01-01 to 2031-12-31."
            ),
        ),
        (
            ["--received", "9999-12-31"],
            (
                "beyond-the-calendar: 9999-12-31 is outside the bank-holiday calendar, "
                "which runs from 2012-01-01 to 2031-12-31."
            ),
        ),
    ],
)
def test_what_cannot_be_answered_is_one_line_on_stderr_and_exit_code_2(
    arguments: list[str], line: str
) -> None:
    result = deadlines(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{line}\n")


@settings(deadline=None, max_examples=30)
@given(st.text(max_size=40))
def test_no_text_for_a_date_ends_in_a_traceback(received: str) -> None:
    result = deadlines(f"--received={received}")
    assert result.exit_code in {0, 2}
    assert result.stderr.count("\n") == (result.exit_code == 2)


def test_on_a_terminal_it_is_styled_and_says_the_same() -> None:
    arguments = ("deadlines", "--policy", "nacro", "--received", "2026-12-21", "--explain")
    styled = run(*arguments, FORCE_COLOR="1", TERM="xterm", COLUMNS="120").stdout
    assert "\x1b[1mWed 30 Dec 2026" in styled
    for line in run(*arguments).stdout.splitlines():
        assert line[20:] in styled


def test_policies_are_listed_one_version_a_line() -> None:
    lines = run("policy", "list").stdout.splitlines()
    versions = [rules for known in policies.published().values() for rules in known]
    assert [line.split("\t")[0] for line in lines] == [rules.name for rules in versions]
    assert lines[1:3] == [
        "housing-ombudsman\t2024-04-01\tengland\tHousing Ombudsman Complaint Handling Code",
        (
            "manchester\t2022-10-01\tengland\tManchester City Council Housing Services complaints "
            "and compliments policy"
        ),
    ]
    styled = run("policy", "list", FORCE_COLOR="1", TERM="xterm", COLUMNS="120").stdout
    assert "housing-ombudsman" in styled
    assert "\t" not in styled


def test_a_policy_is_shown_with_its_clocks_ladder_and_reasons() -> None:
    shown = run("policy", "show", "housing-ombudsman", "--on", "2026-07-01")
    assert shown.exit_code == 0
    for line in (
        "policy              housing-ombudsman, in force from Mon 01 Apr 2024",
        "  acknowledge       5 working days from receipt (Code 6.2)",
        "  respond           10 working days from the acknowledgement (Code 6.3)",
        "  escalate          12 months from the response (Reading of Code 2.3 and 6.10)",
        "  extension         at most 10 working days (Code 6.4 and 6.5)",
        "  acknowledge       5 working days from the request (Code 6.11)",
        "  investigator      somebody not previously involved",
        "if missed           1 working day later: investigator",
        "                    4 working days later: head-of-service",
        "may be refused      over-12-months, unless good reason (Code 2.2 and 2.3)",
        "signposts           Housing Ombudsman Service",
    ):
        assert line in shown.stdout.splitlines()
    assert run("policy", "show", "nacro").stdout.count("made or attempted before the response") == 1


def test_a_policy_is_shown_with_what_only_some_have() -> None:
    shown = {name: run("policy", "show", name).stdout.splitlines() for name in policies.published()}
    for name, line in (
        ("manchester", "complaints by       web, phone, in person or letter"),
        ("manchester", "  extension         without a cap (Stage 1: the delay is explained and a "),
        ("manchester", "  sent on by        senior leader or director"),
        ("manchester", "sent up at once     to head-of-service if 2 or more hold"),
        (
            "manchester",
            "restrictions        Contact takes place in one form only, such as letters.",
        ),
        (
            "manchester",
            "                    same-issue-within-6-months, unless safeguarding or health ",
        ),
        ("nacro", "no complaint        compliment: thanked within 5 working days from receipt, "),
        ("nottingham", "  asked for with    reasons, the outcome sought"),
        ("nottingham", "  declined for      insufficient-grounds"),
        ("nottingham", "  together with     customer relations"),
        ("nottingham", "priority            There is an immediate risk to health and safety."),
        ("nottingham", "remedies            An apology"),
        ("review-panel", "stage               first-time-resolution: First Time Resolution"),
        ("review-panel", "  arrange           20 working days from the referral to the stage ("),
        ("review-panel", "  agreed date       counts in the clock's place ("),
    ):
        assert any(each.startswith(line) for each in shown[name]), (name, line)


def test_a_policy_that_is_not_there_is_refused_on_one_line() -> None:
    result = run("policy", "show", "nope")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("unknown-policy: There is no policy 'nope'; there are: ")
    assert result.stderr.count("\n") == 1


def test_a_response_that_counts_from_receipt_is_not_moved_by_the_acknowledgement() -> None:
    rules = policy(first_stage={"respond": clock("24 hours", "received")})
    received = london("Sat 2026-11-07 09:00")
    table = work_out(rules, received, acknowledged_at=london("Sat 2026-11-07 10:00"))
    assert written(table.clocks[1].passes_at) == "Sun 2026-11-08 09:00"
    assert (table.explain[1].anchor, table.explain[1].skipped) == ("received", ())


def test_the_table_is_made_from_what_the_workflow_is_promised() -> None:
    rules = policies.version("nacro", date(2024, 4, 1))
    table = work_out(rules, london("Mon 2026-12-21 09:00"))
    assert [each.due for each in table.clocks] == [table.acknowledge_by, table.respond_by]
    assert [each.clock for each in table.explain] == ["acknowledge", "respond"]
