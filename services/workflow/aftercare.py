"""What is still heard of a complaint after its answer: promises kept, the Ombudsman, lessons. Pure.

A complaint that has ended listens on for as long as the Housing Ombudsman may be heard of, so that
its record is whole. While an action is promised and not done, or the Ombudsman has not determined
the case, it listens without an end.
"""

from datetime import date

from services.shared.errors import AgainstTheRules, MendRequest
from services.shared.events import (
    OmbudsmanDetermined,
    OmbudsmanInvolved,
    PromiseKept,
    SurveyAnswered,
)
from services.shared.local_time import end_of, local_date
from services.workflow import lessons
from services.workflow.complaint import Complaint, PromisedUntil
from services.workflow.counting import add_calendar
from services.workflow.messages import (
    AnswerSurvey,
    InvolveOmbudsman,
    KeepPromise,
    LearnLesson,
    RecordDetermination,
)
from services.workflow.spans import Span
from services.workflow.turn import Turn

LISTENS = Span(count=18, unit="months")
"""How long an ended complaint listens. The resident has twelve months to go to the Ombudsman, and
the landlord hears of it some months later, when the Ombudsman has looked at what was sent.
"""

Aftercare = KeepPromise | InvolveOmbudsman | RecordDetermination | AnswerSurvey | LearnLesson
"""What can be done to a complaint at any time, also after its end."""


def listen_on(turn: Turn) -> None:
    """Lets a complaint listen on that this turn has ended; one that goes on again just goes on."""
    complaint = turn.complaint
    if not complaint.over:
        complaint.listens_until = None
    elif turn.ends:
        complaint.listens_until = end_of(add_calendar(LISTENS, local_date(turn.now)), None)


def close_at_once(complaint: Complaint) -> None:
    """Takes back that a complaint listens on: it ended under a release without aftercare."""
    complaint.listens_until = None


def check(today: date, complaint: Complaint, action: Aftercare) -> None:
    """Refuses what cannot have happened, or did not happen to this complaint."""
    received_on = local_date(complaint.facts.received_at)
    match action:
        case KeepPromise():
            promise = _promise(complaint, action.number)
            _check_day(action.done_on, promise.promised_on, today, "the response that promised it")
            if promise.done_on is not None:
                raise AgainstTheRules("already-kept", "This action has been recorded as done.")
        case InvolveOmbudsman():
            _check_day(action.on, received_on, today, "the receipt of the complaint")
            if complaint.with_ombudsman:
                raise AgainstTheRules("with-the-ombudsman", "The Ombudsman has it already.")
        case RecordDetermination():
            if complaint.ombudsman_since is None:
                raise AgainstTheRules(
                    "not-with-the-ombudsman", "Record first that the Ombudsman has it."
                )
            since = complaint.ombudsman_since
            _check_day(action.on, since, today, "the day on which the Ombudsman had it")
        case AnswerSurvey():
            _check_day(action.on, received_on, today, "the receipt of the complaint")
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
            complaint.ombudsman_since, complaint.determined = action.on, False
            turn.record(OmbudsmanInvolved, on=action.on)
        case RecordDetermination():
            corrected = complaint.determined
            complaint.determined = True
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


def _check_day(day: date, first: date, today: date, after: str) -> None:
    if not first <= day <= today:
        raise MendRequest(
            "not-then",
            f"The day must lie between {after}, {first:%A} {first.day} {first:%B %Y}, and today.",
            earliest=first.isoformat(),
            latest=today.isoformat(),
        )
