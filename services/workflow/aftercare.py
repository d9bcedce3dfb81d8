"""What is still heard of a complaint after its answer: promises kept, the Ombudsman, lessons. Pure.

A complaint that has ended listens on for as long as the Housing Ombudsman takes one up, so that
its record is whole. While an action is promised and not done, or the Ombudsman has not determined
the case, it listens without an end.
"""

from datetime import date, timedelta

from services.shared.errors import AgainstTheRules, MendRequest
from services.shared.events import (
    OmbudsmanDetermined,
    OmbudsmanInvolved,
    PromiseKept,
    SurveyAnswered,
)
from services.shared.local_time import local_date
from services.workflow import lessons
from services.workflow.complaint import Complaint, PromisedUntil
from services.workflow.messages import (
    AnswerSurvey,
    InvolveOmbudsman,
    KeepPromise,
    LearnLesson,
    RecordDetermination,
)
from services.workflow.turn import Turn

LISTENS = timedelta(days=366)
"""How long an ended complaint listens: the Ombudsman takes a complaint up within twelve months."""

Aftercare = KeepPromise | InvolveOmbudsman | RecordDetermination | AnswerSurvey | LearnLesson
"""What can be done to a complaint at any time, also after its end."""


def listen_on(turn: Turn, *, was_over: bool) -> None:
    """Lets a complaint that this turn has ended listen on, and one that goes on again just go on.

    `was_over` is whether it was at its end before the turn.
    """
    complaint = turn.complaint
    if not complaint.over:
        complaint.listens_until = None
    elif not was_over:
        complaint.listens_until = turn.now + LISTENS


def check(today: date, complaint: Complaint, action: Aftercare) -> None:
    """Refuses what cannot have happened, or did not happen to this complaint."""
    match action:
        case KeepPromise():
            _check_day(complaint, action.done_on, today)
            if _promise(complaint, action.number).done_on is not None:
                raise AgainstTheRules("already-kept", "This action has been recorded as done.")
        case InvolveOmbudsman():
            _check_day(complaint, action.on, today)
            if complaint.with_ombudsman:
                raise AgainstTheRules("with-the-ombudsman", "The Ombudsman has it already.")
        case RecordDetermination():
            _check_day(complaint, action.on, today)
            if not (complaint.with_ombudsman or complaint.determined):
                raise AgainstTheRules(
                    "not-with-the-ombudsman", "Record first that the Ombudsman has it."
                )
        case AnswerSurvey():
            _check_day(complaint, action.on, today)
        case LearnLesson():
            lessons.check(complaint, action)


def carry_out(turn: Turn, action: Aftercare) -> None:
    """Records what was heard."""
    complaint = turn.complaint
    match action:
        case KeepPromise():
            promise = _promise(complaint, action.number)
            promise.done_on = action.done_on
            turn.record(
                PromiseKept,
                number=promise.number,
                promised_for=promise.by,
                done_on=action.done_on,
            )
        case InvolveOmbudsman():
            complaint.with_ombudsman = True
            turn.record(OmbudsmanInvolved, on=action.on)
        case RecordDetermination():
            corrected = not complaint.with_ombudsman
            complaint.with_ombudsman, complaint.determined = False, True
            facts = action.model_dump(exclude={"key", "by"})
            turn.record(OmbudsmanDetermined, corrected=corrected, **facts)
        case AnswerSurvey():
            turn.record(SurveyAnswered, on=action.on, satisfaction=action.satisfaction)
        case LearnLesson():
            lessons.carry_out(turn, action)


def _promise(complaint: Complaint, number: int) -> PromisedUntil:
    for promise in complaint.promises:
        if promise.number == number:
            return promise
    raise MendRequest(
        "unknown-promise",
        "No response of this complaint promised an action of that number.",
        numbers=[promise.number for promise in complaint.promises],
    )


def _check_day(complaint: Complaint, day: date, today: date) -> None:
    if not local_date(complaint.facts.received_at) <= day <= today:
        raise MendRequest("not-then", "That was between the receipt of the complaint and today.")
