"""`putright policy simulate`, as people and scripts meet it. 2028: Good Friday is 14 April."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from services.workflow.scenarios.command import simulate

app = typer.Typer()
app.command()(simulate)

EXAMPLES = Path(__file__).parents[2] / "deploy" / "scenarios"


@pytest.fixture
def play(tmp_path: Path) -> "Play":
    return Play(tmp_path)


class Play:
    """Writes a scenario and plays it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "story.toml"

    def __call__(self, policy: str, text: str, *options: str, **environment: str) -> Result:
        self._file.write_text(text, "utf-8")
        arguments = [policy, "--scenario", str(self._file), *options]
        return CliRunner().invoke(app, arguments, env=environment)


UNANSWERED = """
received = "2028-04-05T10:00"
until = 2028-04-19
"""


def test_the_timeline_has_every_date_with_its_weekday_and_says_who_is_told(play: Play) -> None:
    result = play("housing-ombudsman", UNANSWERED)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "housing-ombudsman, in force from 2024-04-01",
        "",
        "Wed 05 Apr 2028",
        "  10:00  received by web",
        "  10:00  acknowledge by Wed 12 Apr 2028 (from receipt, day 1 Thu 06 Apr 2028; Code 6.2)",
        (
            "  10:00  respond by Fri 28 Apr 2028 (from the day on which the acknowledgement is "
            "due, day 1 Thu 13 Apr 2028; Code 6.3)"
        ),
        "  10:00  -> resident: receipt",
        "",
        "Tue 11 Apr 2028",
        "  08:00  reminder: acknowledge by Wed 12 Apr 2028",
        "  08:00  -> investigator: reminder",
        "",
        "Thu 13 Apr 2028",
        "  00:00  MISSED: acknowledge by Wed 12 Apr 2028",
        "  08:00  ladder: investigator, still to acknowledge: told complaints-officer",
        "  08:00  -> complaints-officer: escalation",
        "",
        "Tue 18 Apr 2028",
        "  08:00  ladder: line-manager, still to acknowledge: told complaints-officer",
        "  08:00  -> complaints-officer: escalation",
        "",
        "ends received, at stage-1",
    ]


REFUSED = """
received = "2028-03-06T10:00"
until = 2028-03-08

[[steps]]
at = 2028-03-06T11:00:00
do = "respond"

[[steps]]
at = "2028-03-07T09:30+00:00"
do = "withdraw"
"""


def test_a_refused_step_is_shown_with_its_code_and_the_play_goes_on(play: Play) -> None:
    lines = play("nacro", REFUSED).stdout.splitlines()
    assert (
        "  11:00  refused: respond: Acknowledge the complaint with its definition and points "
        "first. (not-acknowledged)"
    ) in lines
    assert lines[-5:] == [
        "Tue 07 Mar 2028",
        "  09:30  withdrawn",
        "  09:30  -> resident: closing",
        "",
        "ends withdrawn, at stage-1",
    ]


def test_as_json_it_is_one_object_with_every_field(play: Play) -> None:
    result = play("nacro", REFUSED, "--json")
    shown: dict[str, Any] = json.loads(result.stdout)
    [one] = shown["plays"]
    assert (shown["scenario"], one["policy"], one["policy_effective"]) == (
        "story.toml",
        "nacro",
        "2024-04-01",
    )
    assert [(each["what"], each["facts"].get("kind")) for each in one["happenings"]] == [
        ("event", "received"),
        ("event", "clock-set"),
        ("event", "clock-set"),
        ("notice", None),
        ("refused", None),
        ("event", "withdrawn"),
        ("notice", None),
    ]
    clock, refused = one["happenings"][1], one["happenings"][4]
    assert (clock["facts"]["due"], clock["facts"]["day_1"]) == ("2028-03-13", "2028-03-07")
    assert (refused["at"], refused["local"]) == ("2028-03-06T11:00:00Z", "Mon 06 Mar 2028 11:00")
    assert refused["facts"]["code"] == "not-acknowledged"
    assert one["end"]["status"] == "withdrawn"


def test_two_policies_are_shown_side_by_side_day_by_day(play: Play) -> None:
    lines = play("manchester", UNANSWERED, "--against", "review-panel").stdout.splitlines()
    left, right = "manchester, in force from 2022-10-01", "review-panel, in force from 2024-04-01"
    assert lines[0] == f"{left:<66}{right}"
    assert lines[2] == f"{'Wed 05 Apr 2028':<66}Wed 05 Apr 2028"
    assert f"{'':<66}Thu 06 Apr 2028" not in lines
    moved_on = next(line for line in lines if "moved on to stage-1" in line)
    assert moved_on.index("moved on") == 66 + len("  08:00  ")
    assert lines[-1] == f"{'ends received, at stage-1':<66}ends escalated, at stage-1"
    assert max(map(len, lines)) <= 130


def test_on_a_terminal_two_policies_stand_in_columns(play: Play) -> None:
    terminal = {"FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "140"}
    shown = play("manchester", UNANSWERED, "--against", "review-panel", **terminal).stdout
    assert "\x1b[1mWed 05 Apr 2028" in shown
    assert "moved on to stage-1" in shown


def test_both_as_json_are_two_plays(play: Play) -> None:
    shown = json.loads(play("nacro", UNANSWERED, "--against", "nottingham", "--json").stdout)
    assert [one["policy"] for one in shown["plays"]] == ["nacro", "nottingham"]


def test_a_scenario_may_say_who_is_who_and_give_any_field_of_the_api(play: Play) -> None:
    result = play(
        "manchester",
        """
        received = "2028-03-06T10:00"
        entered = "2028-03-07T10:00"
        channel = "letter"
        people = { sam = "manager", lee = "senior-leader" }
        steps = [
            { at = "2028-03-07T10:00", do = "triage", grounds = ["several-households",
              "health-and-safety-risk"], by = "sam" },
            { at = "2028-03-07T10:01", do = "assign", investigator = "nobody" },
            { at = "2028-03-07T10:02", do = "assign", investigator = "sam" },
            { at = "2028-03-07T10:03", do = "acknowledge", points = 2 },
            { at = "2028-03-07T10:04", do = "contact", outcome = "attempted" },
            { at = "2028-03-07T10:05", do = "add-points", points = ["The hall is dark."] },
            { at = "2028-03-08T10:00", do = "respond", answers = [
                { point = "1", decision = "upheld" },
                { point = "2", decision = "not-upheld" },
                { point = "3", decision = "upheld", reasons = "The lamp was ordered." },
            ] },
            { at = "2028-03-09T10:00", do = "send-on", authorised_by = "sam" },
            { at = "2028-03-09T10:01", do = "send-on", authorised_by = "lee" },
        ]
        """,
    )
    said = [line[9:] for line in result.stdout.splitlines() if line.startswith("  ")]
    assert said[0] == "received by letter, which was on Mon 06 Mar 2028 10:00"
    for line in (
        "accepted, priority high",
        "sent up at once for 2 grounds: told head-of-service and complaints-officer",
        "refused: assign: The staff directory has nobody of the id 'nobody'. (unknown-staff)",
        "acknowledged in time, points: 2",
        "contact attempted",
        "points added: 1",
        "answered in time: partially-upheld",
        (
            "refused: send-on: At Stage 1 this is for one of: senior-leader, director. "
            "(role-not-allowed)"
        ),
        "closed: sent on",
    ):
        assert line in said


def test_a_ground_that_a_policy_does_not_know_refuses_the_step_there(play: Play) -> None:
    text = """
    received = "2028-03-06T10:00"
    until = 2028-03-06
    steps = [{ at = "2028-03-06T11:00", do = "triage", grounds = ["several-households"] }]
    """
    assert "(unknown-ground)" not in play("manchester", text).stdout
    assert "(unknown-ground)" in play("nottingham", text).stdout


RECEIVED = 'received = "2028-03-06T10:00"\n'


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "received is missing"),
        ("received = ", "is not TOML: Invalid value (at end of document)"),
        (
            'received = "today"',
            "received: 'today' is no date and time such as 2028-03-06T10:00",
        ),
        (
            "received = 2028-03-06",
            "received: 2028-03-06 is no date and time such as 2028-03-06T10:00",
        ),
        (
            'received = "2028-03-26T01:30"',
            "received: clocks in London never show 01:30 on 26 March 2028",
        ),
        (f"{RECEIVED}weather = 'fine'", "weather is not a key of it"),
        (f"{RECEIVED}until = 2028-03-05", "until: it lies before the last step"),
        (f"{RECEIVED}until = 9999-12-31", "until: the year is not one of a complaint"),
        (f"{RECEIVED}entered = '2028-03-06T09:00'", "entered: it lies before received"),
        (f"{RECEIVED}[[steps]]\ndo = 'refer'", "step 1 (refer): at is missing"),
        (f"{RECEIVED}[[steps]]\nat = '2028-03-07T10:00'", "step 1: do is missing"),
        (
            f"{RECEIVED}[[steps]]\nat = '2028-03-07T10:00'\ndo = 'extend'",
            "step 1 (extend): until is missing",
        ),
        (
            f"{RECEIVED}[[steps]]\nat = '2028-03-07T10:00'\ndo = 'refer'\nuntil = 2028-03-09",
            "step 1 (refer): until is not a key of it",
        ),
        (
            f"{RECEIVED}[[steps]]\nat = '2028-03-05T10:00'\ndo = 'refer'",
            "step 1 (refer): at: it lies before the complaint",
        ),
        (
            (
                f"{RECEIVED}[[steps]]\nat = '2028-03-07T10:00'\ndo = 'refer'\n"
                "[[steps]]\nat = '2028-03-07T09:00'\ndo = 'withdraw'"
            ),
            "step 2 (withdraw): at: it lies before the step above",
        ),
    ],
)
def test_a_mistake_is_one_line_with_file_step_and_key_and_exit_code_2(
    play: Play, text: str, mistake: str
) -> None:
    result = play("nacro", text)
    expected = (2, "", f"invalid-scenario: story.toml: {mistake}\n")
    assert (result.exit_code, result.stdout, result.stderr) == expected


def test_an_unknown_verb_names_those_that_there_are(play: Play) -> None:
    result = play("nacro", f"{RECEIVED}[[steps]]\nat = '2028-03-07T10:00'\ndo = 'sing'")
    assert result.exit_code == 2
    assert result.stderr.startswith("invalid-scenario: story.toml: step 1: do: 'sing' is none of ")
    assert "'agree-date'" in result.stderr


def test_a_file_that_is_not_there_and_an_unknown_policy_are_one_line_each(play: Play) -> None:
    arguments = ["nacro", "--scenario", "nowhere.toml"]
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.stderr) == (
        2,
        "invalid-scenario: nowhere.toml: cannot be read: No such file or directory\n",
    )
    result = play("nobodys", UNANSWERED)
    assert result.exit_code == 2
    assert result.stderr.startswith("unknown-policy: There is no policy 'nobodys'")


def test_dates_beyond_the_calendar_are_refused_rather_than_guessed(play: Play) -> None:
    result = play("nacro", 'received = "2031-12-29T10:00"')
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("beyond-the-calendar: ")


@pytest.mark.parametrize(
    ("policy", "example", "ends"),
    [
        ("housing-ombudsman", "nobody-answers", "ends closed, at stage-1"),
        ("review-panel", "heard-by-the-panel", "ends closed, at panel"),
        ("nottingham", "grounds-judged", "ends closed, at stage-2"),
        ("manchester", "sent-up-at-once", "ends closed, at stage-1"),
    ],
)
def test_every_example_plays_to_its_end(policy: str, example: str, ends: str) -> None:
    result = CliRunner().invoke(app, [policy, "--scenario", str(EXAMPLES / f"{example}.toml")])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == ends


def test_every_example_is_played_here() -> None:
    assert sorted(path.stem for path in EXAMPLES.glob("*.toml")) == [
        "grounds-judged",
        "heard-by-the-panel",
        "nobody-answers",
        "sent-up-at-once",
    ]
