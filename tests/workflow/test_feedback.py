"""Feedback that is no complaint, by the rules alone: what it is promised and what follows."""

from datetime import datetime
from typing import get_args

import pytest

from services.notify.contents import Directed, PassedOn, Thanks
from services.notify.contract import Addressee, Notice, Settled, ToStaff
from services.shared.errors import MendRequest
from services.shared.events import FeedbackKind, FeedbackReceived
from services.shared.local_time import local_date
from services.workflow import feedback, feedback_contract, feedback_promise, policies
from services.workflow.feedback import Feedback, Moment, Turn
from services.workflow.feedback_contract import FeedbackPromise, NewFeedback
from tests.days import day, london, written

KINDS: tuple[FeedbackKind, ...] = get_args(FeedbackKind)
ADA = Addressee(name="Ada Bell", email="ada@example.org")
NOBODY = Addressee()


def promised(
    policy: str, kind: FeedbackKind, at: str, *, entered: str | None = None, reachable: bool = True
) -> FeedbackPromise:
    return feedback_contract.promise(
        policy, kind, london(at), london(entered or at), can_be_written_to=reachable
    )


def came_in(
    policy: str = "nacro",
    kind: FeedbackKind = "compliment",
    at: str = "Mon 2028-03-06 10:00",
    *,
    addressee: Addressee = ADA,
) -> tuple[Feedback, Turn]:
    return feedback.receive(
        NewFeedback(
            reference="FB-1",
            promise=promised(policy, kind, at, reachable=addressee.email is not None),
            received_at=london(at),
            entered_at=london(at),
            channel="web",
            entered_by="website",
            addressee=addressee,
            service_area="Repairs",
        )
    )


def notice(turn: Turn, about: str) -> Notice:
    [found] = [each for each in turn.notices if each.content.about == about]
    return found


def settle(state: Feedback, one: Notice, outcome: str, at: str) -> Turn:
    settled = Settled.model_validate({"key": one.key, "outcome": outcome, "at": london(at)})
    return feedback.settle(state, one, settled, london(at))


@pytest.mark.parametrize("policy", ["nacro", "manchester"])
@pytest.mark.parametrize("kind", ["compliment", "comment"])
@pytest.mark.parametrize(
    ("received", "due", "skipped"),
    [
        ("Mon 2028-03-06 10:00", "Mon 2028-03-13", 2),
        ("Sat 2028-03-11 23:30", "Fri 2028-03-17", 1),
        ("Tue 2028-04-11 10:00", "Thu 2028-04-20", 4),  # Good Friday to Easter Monday
        ("Thu 2028-12-21 09:00", "Tue 2029-01-02", 7),  # Christmas, Boxing Day, New Year's Day
    ],
)
def test_thanks_are_promised_within_five_working_days(
    policy: str, kind: FeedbackKind, received: str, due: str, skipped: int
) -> None:
    thanks = promised(policy, kind, received).thanks
    assert thanks is not None
    assert thanks.on == day(due)
    assert len(thanks.skipped) == skipped
    assert local_date(thanks.passes_at) > day(due), "it passes at the end of the day"


@pytest.mark.parametrize("name", sorted(policies.published()))
def test_every_policy_says_what_each_kind_gets(name: str) -> None:
    at = "Mon 2028-03-06 10:00"
    for kind in KINDS[:2]:
        found = promised(name, kind, at)
        assert found.passed_on
        assert (found.procedure, found.may_become_complaint) == (None, False)
        assert (found.thanks is not None) == (name in {"nacro", "manchester"})
    for kind in KINDS[2:]:
        found = promised(name, kind, at)
        assert found.procedure
        assert (found.thanks, found.may_become_complaint) == (None, True)


def test_a_kind_on_which_the_policy_is_silent_is_refused_with_those_it_knows() -> None:
    rules = policies.in_force("nacro", day("Mon 2028-03-06"))
    silent = rules.model_copy(update={"feedback": rules.feedback[:1]})
    at = london("Mon 2028-03-06 10:00")
    with pytest.raises(MendRequest) as caught:
        feedback_promise.promise(silent, "comment", at, at, can_be_written_to=True)
    assert caught.value.code == "unknown-feedback-kind"
    assert caught.value.facts == {"kinds": ["compliment"]}


def test_thanks_in_hours_pass_to_the_minute_and_at_the_close_of_business_by_that() -> None:
    rules = policies.in_force("nacro", day("Mon 2028-03-06"))
    at = london("Mon 2028-03-06 10:00")

    def passes(within: str, **changes: object) -> datetime:
        data = rules.model_dump(by_alias=True) | changes
        data["feedback"][0]["thanks"]["within"] = within
        changed = type(rules).model_validate(data)
        thanks = feedback_promise.promise(
            changed, "compliment", at, at, can_be_written_to=True
        ).thanks
        assert thanks is not None
        return thanks.passes_at

    assert written(passes("48 hours")) == "Wed 2028-03-08 10:00"
    assert written(passes("1 week")) == "Tue 2028-03-14 00:00"
    assert written(passes("1 week", close_of_business="17:00")) == "Mon 2028-03-13 17:00"


def test_the_complaints_officer_hears_of_a_miss_on_the_next_working_morning_after_its_entry() -> (
    None
):
    late = promised("nacro", "comment", "Fri 2028-03-03 10:00")
    assert late.late_told_at is not None
    assert written(late.late_told_at) == "Mon 2028-03-13 08:00"
    entered = promised("nacro", "comment", "Tue 2028-02-01 10:00", entered="Fri 2028-04-07 16:00")
    assert entered.late_told_at is not None
    assert written(entered.late_told_at) == "Mon 2028-04-10 08:00"


def test_a_compliment_is_thanked_for_and_passed_on_at_once() -> None:
    _, turn = came_in()
    [received] = turn.events
    assert isinstance(received, FeedbackReceived)
    assert (received.feedback_kind, received.policy, received.anonymous) == (
        "compliment",
        "nacro",
        False,
    )
    assert received.thanks is not None
    thanks = notice(turn, "thanks")
    assert isinstance(thanks.content, Thanks)
    assert thanks.content.passed_on
    passed_on = notice(turn, "passed-on")
    assert passed_on.to == ToStaff(
        role="head-of-service", investigator=None, service_area="Repairs"
    )
    assert len({one.key for one in turn.notices}) == 2


def test_a_service_request_is_directed_to_its_procedure() -> None:
    _, turn = came_in("manchester", "service-request")
    directed = notice(turn, "directed").content
    assert isinstance(directed, Directed)
    assert directed.procedure.startswith("You have asked us to put something right")
    assert (directed.team, directed.may_complain) == ("Repairs", True)
    passed_on = notice(turn, "passed-on").content
    assert isinstance(passed_on, PassedOn)
    assert passed_on.procedure == directed.procedure


def test_nobody_is_thanked_who_left_no_address_and_no_date_is_promised() -> None:
    state, turn = came_in(addressee=NOBODY)
    assert [one.content.about for one in turn.notices] == ["passed-on"]
    [received] = turn.events
    assert isinstance(received, FeedbackReceived)
    assert (received.anonymous, received.thanks) == (True, None)
    assert state.next_moment() is None


@pytest.mark.parametrize("outcome", ["sent", "by-hand"])
def test_thanks_that_went_out_end_the_clock(outcome: str) -> None:
    state, turn = came_in()
    assert state.next_moment() == Moment(london("Tue 2028-03-14 00:00"), "passing")
    after = settle(state, notice(turn, "thanks"), outcome, "Mon 2028-03-06 10:01")
    assert [event.sequence for event in after.events] == [2]
    assert after.notices == []
    assert state.next_moment() is None


def test_thanks_that_were_refused_are_told_to_the_officer_and_the_clock_goes_on() -> None:
    state, turn = came_in()
    after = settle(state, notice(turn, "thanks"), "refused", "Mon 2028-03-06 10:01")
    told = notice(after, "undeliverable")
    assert told.to.role == "complaints-officer"
    assert state.next_moment() == Moment(london("Tue 2028-03-14 00:00"), "passing")
    again = settle(state, told, "refused", "Mon 2028-03-06 10:02")
    assert again.notices == [], "that a note to the officer was refused is told to nobody"


def test_a_miss_is_recorded_when_it_happens_and_told_once_in_the_morning() -> None:
    state, _ = came_in()
    passing = state.next_moment()
    assert passing is not None
    missed = feedback.pass_moment(state, passing, passing.at)
    assert [event.kind for event in missed.events] == ["feedback-late"]
    assert missed.notices == []
    telling = state.next_moment()
    assert telling == Moment(london("Tue 2028-03-14 08:00"), "telling")
    told = feedback.pass_moment(state, telling, telling.at)
    assert told.events == []
    late = notice(told, "thanks-late")
    assert late.to.role == "complaints-officer"
    assert late.content.model_dump(include={"due", "thanked_on"}) == {
        "due": day("Mon 2028-03-13"),
        "thanked_on": None,
    }
    assert state.next_moment() is None


def test_proof_of_thanks_in_time_that_comes_late_spares_the_officer() -> None:
    state, turn = came_in()
    passing = state.next_moment()
    assert passing is not None
    feedback.pass_moment(state, passing, passing.at)
    settle(state, notice(turn, "thanks"), "sent", "Mon 2028-03-13 23:59")
    assert state.next_moment() is None


def test_a_notice_that_still_waits_is_not_settled() -> None:
    state, turn = came_in()
    with pytest.raises(ValueError, match="outcome"):
        settle(state, notice(turn, "thanks"), "queued", "Mon 2028-03-06 10:01")


def test_no_word_and_no_name_is_in_any_event_or_key() -> None:
    state, turn = came_in()
    after = settle(state, notice(turn, "thanks"), "sent", "Mon 2028-03-06 10:01")
    told = "".join(event.model_dump_json() for event in (*turn.events, *after.events))
    keys = "".join(one.key for one in turn.notices)
    standing = feedback.standing(state)
    for person in ("Ada", "Bell", "ada@example.org"):
        assert person not in told + keys + standing
