"""Where a complaint stands, in plain words, for each status and clock of every policy."""

from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest

from services.intake.case_files import at_receipt
from services.intake.standing import (
    HEADLINES,
    LABELS,
    NEEDS,
    PROMISES,
    Standing,
    in_plain_words,
    stage_title,
    written,
)
from services.shared.events import RESIDENTS_TIME, ClockName
from services.workflow import contract
from services.workflow.contract import ClockPosition, Position, PromisePosition, Status

RECEIVED = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)  # Monday
MONDAY = date(2026, 1, 5)
DUE = date(2026, 1, 19)  # Monday


def clock(name: str, state: str = "running", due: date = DUE) -> ClockPosition:
    """A clock of stage 1, due on Monday 19 January 2026 unless told otherwise."""
    promised = contract.promise("housing-ombudsman", RECEIVED, RECEIVED)
    first = at_receipt("PR-7K3M-2QXD", promised).clocks[0]
    return first.model_copy(update={"clock": name, "due": due, "state": state})


def position(status: str, *clocks: ClockPosition, **facts: Any) -> Position:
    """A complaint of Monday 5 January 2026 at stage 1, with these clocks."""
    promised = contract.promise("housing-ombudsman", RECEIVED, RECEIVED)
    start = at_receipt("PR-7K3M-2QXD", promised)
    return start.model_copy(update={"status": status, "clocks": clocks, **facts})


def standing(at: Position, today: date = MONDAY, **words: str) -> Standing:
    promised = {int(number.removeprefix("action_")): what for number, what in words.items()}
    return in_plain_words(at, MONDAY, today, promised)


def steps(at: Position, today: date = MONDAY) -> str:
    return " ".join(standing(at, today).next_steps)


TOLD_OF = clock("respond", "missed").model_copy(update={"rungs_climbed": 1})

BY_MONDAY = "by Monday 19 January 2026"
SAYS: list[tuple[Position, str]] = [
    (
        position("received", clock("acknowledge")),
        f"We will read your complaint and confirm to you what we will look into {BY_MONDAY}",
    ),
    (position("received", clock("acknowledge", "missed")), "we should have read your complaint"),
    (position("accepted", clock("respond")), f"We will send you our answer {BY_MONDAY}"),
    (
        position("escalated", clock("contact")),
        f"We will speak to you about your complaint {BY_MONDAY}",
    ),
    (position("escalated", clock("contact", "missed")), "we should have spoken to you about"),
    (
        position("escalated", clock("arrange")),
        f"We will tell you the date of your hearing {BY_MONDAY}",
    ),
    (position("escalated", clock("arrange", "missed")), "we should have told you the date"),
    (
        position("acknowledged", clock("respond", "missed")),
        f"should have sent you our answer {BY_MONDAY}",
    ),
    (position("acknowledged", clock("respond", "missed")), "It stays open until it is done"),
    (
        position(
            "acknowledged", clock("respond", "missed").model_copy(update={"rungs_climbed": 1})
        ),
        "The people responsible have been told",
    ),
    (position("answered", clock("escalate")), "again until Monday 19 January 2026"),
    (position("answered", clock("escalate")), "You do not have to say why"),
    (position("answered", clock("escalate")), "we will close your complaint"),
    (position("declined", clock("reply")), "answer that until Monday 19 January 2026"),
    (position("refused", clock("acknowledge", "stopped")), "the ombudsman named in our message"),
    (position("withdrawn", clock("respond", "stopped")), "Nothing more will happen"),
    (position("closed", clock("respond", "met")), "Our procedure has come to its end"),
]


@pytest.mark.parametrize(("at", "says"), SAYS)
def test_what_happens_next_in_plain_words(at: Position, says: str) -> None:
    assert says in steps(at)


def test_every_status_clock_and_need_has_its_words() -> None:
    assert set(HEADLINES) == set(get_args(Status))
    assert set(LABELS) == set(get_args(ClockName))
    assert set(PROMISES) == set(get_args(ClockName)) - RESIDENTS_TIME
    offers = contract.Escalate.model_json_schema()["properties"]["offers"]["items"]["enum"]
    assert set(NEEDS) == set(offers)


@pytest.mark.parametrize("status", get_args(Status))
def test_every_status_says_what_happens_next(status: str) -> None:
    clocks = (clock("respond"), clock("escalate"), clock("reply"))
    assert standing(position(status, *clocks)).next_steps


@pytest.mark.parametrize(
    ("policy", "clocks"),
    [
        ("housing-ombudsman", ["acknowledge", "respond"]),
        ("nacro", ["acknowledge", "respond"]),
        ("manchester", ["acknowledge", "respond"]),
        ("community-support", ["acknowledge", "respond"]),
        ("nottingham", ["acknowledge", "respond"]),
        ("review-panel", ["respond"]),
    ],
)
def test_on_receipt_a_resident_reads_what_their_policy_promises(
    policy: str, clocks: list[ClockName]
) -> None:
    at = at_receipt("PR-7K3M-2QXD", contract.promise(policy, RECEIVED, RECEIVED))
    said = standing(at)
    assert [step.split(" by ")[0] for step in said.next_steps] == [
        f"We will {PROMISES[name][0]}" for name in clocks
    ]
    assert [key_date.label for key_date in said.dates[1:]] == [LABELS[name] for name in clocks]


def test_what_is_due_first_is_said_first() -> None:
    at = position(
        "escalated",
        clock("acknowledge", due=date(2026, 1, 12)),
        clock("contact", due=date(2026, 1, 8)),
        clock("respond"),
    )
    assert [step.rsplit(" by ", 1)[1] for step in standing(at).next_steps] == [
        "Thursday 8 January 2026.",
        "Monday 12 January 2026.",
        "Monday 19 January 2026.",
    ]


def test_what_is_late_is_said_once_to_be_followed_up() -> None:
    at = position("escalated", clock("contact", "missed"), clock("acknowledge", "missed"))
    assert [step.startswith("We are late") for step in standing(at).next_steps] == [
        *(True, True, False)
    ]


def test_a_request_for_the_next_stage_says_what_it_takes() -> None:
    at = position("answered", clock("escalate"), next_stage_needs=("reasons", "further-evidence"))
    told = "tell us why you are not satisfied with our answer and what further evidence you have."
    assert told in steps(at)
    assert "You do not have to say why" not in steps(at)


def test_all_that_can_be_asked_for_is_listed() -> None:
    needs = ("reasons", "outcome", "further-evidence")
    at = position("answered", clock("escalate"), next_stage_needs=needs)
    assert "with our answer, what you would like to come of it and what further" in steps(at)


def promise(number: int, by: date = DUE, done_on: date | None = None) -> PromisePosition:
    return PromisePosition(number=number, stage="stage-1", by=by, done_on=done_on)


@pytest.mark.parametrize("status", ["answered", "withdrawn", "closed", "escalated"])
def test_what_was_promised_and_is_not_done_is_said_with_its_day(status: str) -> None:
    at = position(status, promises=(promise(1),))
    assert "We still have to do one thing that we promised you." in steps(at)
    assert "Nothing more will happen" not in steps(at)
    [action] = standing(at, action_1="Treat the wall.").promised
    assert (action.label, action.what, action.note) == (
        "Action 1, by Monday 19 January 2026",
        "Treat the wall.",
        "To be done",
    )


@pytest.mark.parametrize(("today", "late"), [(date(2026, 1, 19), False), (date(2026, 1, 20), True)])
def test_what_was_promised_is_late_from_the_day_after(today: date, late: bool) -> None:  # noqa: FBT001 — a parameter of the test
    at = position("closed", promises=(promise(1, done_on=MONDAY), promise(2), promise(3)))
    assert "We still have to do 2 things" in steps(at, today)
    assert ("We are late with this and we are sorry" in steps(at, today)) == late
    notes = [action.note for action in standing(at, today).promised]
    waits = "Late, not done yet" if late else "To be done"
    assert notes == ["Done on Monday 5 January 2026", waits, waits]


def test_what_was_promised_and_done_is_owed_no_more() -> None:
    at = position("withdrawn", promises=(promise(1, done_on=MONDAY),))
    assert steps(at) == "Nothing more will happen. You can complain to us again at any time."
    assert [action.what for action in standing(at).promised] == [
        "Our answer to you says what this is."
    ]


LOOKS_INTO_IT = "The Housing Ombudsman is looking into your complaint."


@pytest.mark.parametrize("status", get_args(Status))
def test_a_complaint_before_the_ombudsman_says_so_and_not_how_to_get_there(status: str) -> None:
    clocks = (clock("respond"), clock("escalate"))
    at = position(status, *clocks, with_ombudsman=True)
    assert steps(at).count(LOOKS_INTO_IT) == 1
    assert "named in our message" not in steps(at)
    assert "Nothing more will happen" not in steps(at)


@pytest.mark.parametrize("status", get_args(Status))
def test_what_the_ombudsman_has_determined_is_decided(status: str) -> None:
    at = position(status, clock("respond"), clock("escalate"), determined=True)
    assert steps(at).count("has made a decision about your complaint.") == 1
    assert LOOKS_INTO_IT not in steps(at)
    assert "named in our message" not in steps(at)


def test_a_second_case_is_looked_into_again() -> None:
    assert LOOKS_INTO_IT in steps(position("closed", determined=True, with_ombudsman=True))


LATE_UNTIL = datetime(2026, 6, 30, 23, 0, tzinfo=UTC)  # the midnight after Tuesday 30 June


def test_a_closed_complaint_says_until_when_a_late_request_is_considered() -> None:
    at = position("closed", clock("escalate", "stopped"), late_requests_until=LATE_UNTIL)
    assert "tell us by Tuesday 30 June 2026" in steps(at)
    assert "the ombudsman named in our messages" in steps(at)
    assert "come to its end" not in steps(at)
    assert [key_date.day for key_date in standing(at).dates][-1] == "Tuesday 30 June 2026"


def test_a_late_request_too_says_what_it_takes() -> None:
    needs = {"late_requests_until": LATE_UNTIL, "next_stage_needs": ("reasons",)}
    assert "Please tell us why you are not satisfied" in steps(position("closed", **needs))


@pytest.mark.parametrize(
    ("today", "says"),
    [
        (date(2026, 3, 8), "takes place on Monday 9 March 2026"),
        (date(2026, 3, 9), "takes place on Monday 9 March 2026"),
        (date(2026, 3, 10), "took place on Monday 9 March 2026"),
    ],
)
def test_a_hearing_is_announced_and_remembered(today: date, says: str) -> None:
    at = position(
        "escalated",
        clock("arrange", "met"),
        clock("respond", due=date(2026, 3, 30)),
        hearing_on=date(2026, 3, 9),
    )
    assert says in steps(at, today)
    assert "send you our answer by Monday 30 March 2026" in steps(at, today)
    days = [key_date.day for key_date in standing(at).dates]
    assert days[-2:] == ["Monday 9 March 2026", "Monday 30 March 2026"]


@pytest.mark.parametrize(
    ("at", "note"),
    [
        (position("accepted", clock("respond")), ""),
        (position("acknowledged", clock("acknowledge", "met")), "Done in time"),
        (position("acknowledged", clock("acknowledge", "met-late")), "Done late"),
        (position("acknowledged", clock("respond", "missed")), "Late, not done yet"),
        (position("withdrawn", clock("respond", "missed")), "Not done in time"),
        (position("withdrawn", clock("respond", "stopped")), "No longer needed"),
        (position("answered", clock("escalate")), ""),
        (position("closed", clock("escalate", "stopped")), "No longer open"),
    ],
)
def test_a_date_says_what_became_of_it(at: Position, note: str) -> None:
    assert standing(at).dates[-1].note == note


def test_a_thing_done_late_is_promised_no_more() -> None:
    at = position("acknowledged", clock("acknowledge", "met-late"), clock("respond"))
    assert "confirm" not in steps(at)


def test_clocks_of_an_earlier_stage_are_not_shown() -> None:
    old = clock("acknowledge").model_copy(update={"stage": "stage-0"})
    assert len(standing(position("escalated", old)).dates) == 1


def test_of_a_clock_that_was_started_anew_the_newest_counts() -> None:
    before = clock("acknowledge", "missed", due=date(2026, 1, 12))
    at = position("escalated", before, clock("reply", "stopped"), clock("acknowledge"))
    assert steps(at) == (
        f"We will read your complaint and confirm to you what we will look into {BY_MONDAY}."
    )


def test_a_stage_is_called_by_its_title_or_else_by_its_code() -> None:
    titled = position("escalated", stage_title="Stage 2: review by the director")
    assert stage_title(titled) == "Stage 2: review by the director"
    assert stage_title(position("escalated")) == "Stage 1"


def test_days_are_written_with_their_weekday() -> None:
    assert written(date(2026, 1, 5)) == "Monday 5 January 2026"


def test_nobody_is_said_to_have_been_told_before_anybody_was() -> None:
    assert "have been told" not in steps(position("acknowledged", clock("respond", "missed")))
