"""Taking a complaint in: receipt, triage, who investigates, acknowledgement, contact. Pure.

For each action a check, which refuses with a stable code and changes nothing, and what it does.
"""

from datetime import date, datetime
from typing import Any

from services.notify.contents import (
    Acknowledgement,
    AddedPoints,
    Assignment,
    Point,
    Receipt,
    Refusal,
    Urgent,
)
from services.shared.errors import AgainstTheRules, MendRequest
from services.shared.events import (
    Accepted,
    Acknowledged,
    Assigned,
    ClockName,
    Contacted,
    PointsAdded,
    Received,
    Refused,
    SentUpAtOnce,
)
from services.shared.local_time import local_date
from services.workflow.clocks import Due
from services.workflow.complaint import Complaint
from services.workflow.counting import add_calendar
from services.workflow.messages import (
    Acknowledge,
    AddPoints,
    Assign,
    LogContact,
    NewComplaint,
    Triage,
)
from services.workflow.policy import Exclusion
from services.workflow.turn import Turn, whom

MOST_POINTS = 50


def receive(new: NewComplaint) -> tuple[Complaint, Turn]:
    """Returns a complaint at its start, with the clocks that were promised, and its first turn."""
    received_on = local_date(new.received_at)
    complaint = Complaint(facts=new, stage_name=new.promise.stage, began_on=received_on)
    turn = Turn(complaint, new.entered_at, new.entered_by)
    turn.record(
        Received,
        at=new.received_at,
        policy=new.promise.policy,
        policy_effective=new.promise.policy_effective,
        channel=new.channel,
        entered_at=new.entered_at,
        category=new.category,
        service_area=new.service_area,
        region=new.region,
        tenure=new.tenure,
        anonymous=new.anonymous,
        from_feedback=new.from_feedback,
    )
    for due in new.promise.dues:
        turn.start_clock(due)
    # Where the acknowledgement itself is due at once, a receipt before it would only be noise.
    if _due_on(complaint, "acknowledge") == received_on:
        return complaint, turn
    turn.write_to_resident(
        Receipt(
            received_on=received_on,
            entered_on=local_date(new.entered_at),
            acknowledge_by=_due_on(complaint, "acknowledge"),
            respond_by=_due_on(complaint, "respond"),
        )
    )
    return complaint, turn


def check_triage(complaint: Complaint, action: Triage) -> None:
    """Lets triage pass once, before there is a response.

    A refusal needs a reason of the policy that really holds.
    """
    if complaint.triaged:
        raise AgainstTheRules("already-triaged", "The complaint has been taken in already.")
    if any(clock.due.clock == "respond" and clock.met_at for clock in complaint.clocks):
        raise AgainstTheRules("already-answered", "The complaint has been answered.")
    if action.decision == "accept":
        return
    if action.reason is None or action.explanation is None:
        raise MendRequest(
            "reason-needed", "A refusal needs a reason of the policy and an explanation (Code 2.4)."
        )
    exclusion = complaint.rules.exclusion(action.reason)
    if exclusion is None:
        reasons = [exclusion.code for exclusion in complaint.rules.exclusions]
        raise MendRequest(
            "unknown-reason",
            f"The policy knows these reasons only: {', '.join(reasons)}.",
            reasons=list(reasons),
        )
    _check_exclusion(exclusion, action, local_date(complaint.facts.received_at))


def triage(turn: Turn, action: Triage) -> None:
    """Takes the complaint in, perhaps up the ladder at once, or refuses it."""
    complaint = turn.complaint
    complaint.triaged = True
    if action.decision == "refuse":
        _refuse(turn, action)
        return
    if complaint.status == "received":
        complaint.status = "accepted"
    complaint.priority = action.priority
    turn.record(Accepted, priority=action.priority)
    rules = complaint.rules.at_once
    if rules is None or not action.at_once:
        return
    told = whom(complaint, rules.tell)
    turn.record(SentUpAtOnce, grounds=action.at_once, rung=rules.tell, told=told)
    for role in told:
        turn.write_to_staff(
            role,
            Urgent(grounds=action.at_once, rung=rules.tell, investigator=complaint.investigator),
        )


def check_assign(complaint: Complaint, action: Assign) -> None:
    """Refuses whoever the stage bars (Code 6.13); the directory's roles are checked apart."""
    stage = complaint.stage
    if complaint.status == "answered":
        raise AgainstTheRules("already-answered", "This stage has been answered already.")
    if action.investigator == (action.together_with or complaint.together_with):
        raise MendRequest("same-person", "Two people answer together, not one twice.")
    now_in_charge = (complaint.investigator, complaint.together_with)
    if (action.investigator, action.together_with or complaint.together_with) == now_in_charge:
        raise AgainstTheRules("already-assigned", "That person is the investigator already.")
    if stage.answered_by is None:
        return
    barred = {action.investigator, action.together_with} & set(complaint.involved)
    if stage.answered_by.not_previously_involved and barred:
        raise AgainstTheRules(
            "previously-involved",
            f"{stage.title} must be reviewed by somebody who has not been involved before "
            "(Code 6.13).",
        )


def assign(turn: Turn, action: Assign) -> None:
    """Puts somebody in charge, and writes to whoever is new."""
    complaint = turn.complaint
    new_investigator = action.investigator != complaint.investigator
    new_second = action.together_with not in {None, complaint.together_with}
    if new_second and complaint.together_with is not None:
        # Whoever is replaced has been involved all the same, like an investigator before.
        complaint.investigators.insert(0, complaint.together_with)
    if new_investigator:
        complaint.investigators.append(action.investigator)
    complaint.together_with = action.together_with or complaint.together_with
    _put_in_charge(complaint, turn.now)
    turn.record(Assigned, investigator=action.investigator, together_with=complaint.together_with)
    response = complaint.clock("respond")
    dates: dict[str, Any] = {
        "acknowledge_by": _running(complaint, "acknowledge"),
        "arrange_by": _running(complaint, "arrange"),
        "respond_by": _running(complaint, "respond"),
        "respond_sooner": response is not None and response.due.provisional,
    }
    if new_investigator:
        turn.write_to_staff(
            "investigator", Assignment(together_with=complaint.together_with, **dates)
        )
    if new_second and action.together_with is not None:
        turn.write_to_staff(
            "investigator",
            Assignment(together_with=action.investigator, **dates),
            instead=action.together_with,
        )


def check_acknowledge(complaint: Complaint) -> None:
    """Lets a stage be acknowledged once."""
    if complaint.status == "declined":
        raise AgainstTheRules("declined", "The request for this stage has been declined.")
    if complaint.status in {"acknowledged", "answered"}:
        raise AgainstTheRules("already-acknowledged", "This stage has been acknowledged already.")


def acknowledge(turn: Turn, action: Acknowledge, respond: Due | None) -> None:
    """Sets the definition and the points out; `respond` is the new date for the response."""
    complaint = turn.complaint
    clock = complaint.clock("acknowledge")
    if clock is not None:
        clock.met_at = turn.now
    complaint.status = "acknowledged"
    complaint.points = _numbers(1, len(action.points))
    turn.record(
        Acknowledged,
        points=len(complaint.points),
        due=None if clock is None else clock.due.on,
        in_time=clock is None or turn.now < clock.due.passes_at,
    )
    if respond is not None:
        turn.start_clock(respond)
    turn.write_to_resident(
        Acknowledgement(
            about="acknowledgement" if complaint.stage.after is None else "stage-acknowledgement",
            definition=action.definition,
            points=_points(complaint.points, action.points),
            outcomes_sought=action.outcomes_sought,
            not_ours=action.not_ours,
            investigator=complaint.investigator,
            respond_by=_due_on(complaint, "respond"),
        )
    )


def check_add_points(complaint: Complaint, action: AddPoints) -> None:
    """Lets a further complaint join while the response is not out (Code 6.8)."""
    joins = complaint.rules.further_complaints
    if joins is not None and not joins.join_before_response:
        raise AgainstTheRules("not-joined", "The policy makes a further complaint a new one.")
    reviewed = complaint.stage.admission in {"on-request", "on-referral"}
    if reviewed or complaint.status == "answered":
        raise AgainstTheRules(
            "response-is-out", "The response is out: bring it in as a new complaint (Code 6.8)."
        )
    if complaint.status != "acknowledged" or complaint.clock("respond") is None:
        raise AgainstTheRules(
            "not-acknowledged", "Acknowledge the complaint with its definition and points first."
        )
    if len(complaint.points) + len(action.points) > MOST_POINTS:
        raise MendRequest("too-many-points", f"A complaint has at most {MOST_POINTS} points.")


def add_points(turn: Turn, action: AddPoints) -> None:
    """Numbers the new points on from those that there are."""
    complaint = turn.complaint
    numbers = _numbers(len(complaint.points) + 1, len(action.points))
    complaint.points += numbers
    turn.record(PointsAdded, points=len(numbers))
    respond_by = _due_on(complaint, "respond")
    if respond_by is not None:
        turn.write_to_resident(
            AddedPoints(points=_points(numbers, action.points), respond_by=respond_by)
        )


def check_contact(complaint: Complaint, action: LogContact, now: datetime) -> None:
    """Refuses a contact out of its time, and leaving it out without the policy's exception."""
    if action.happened_at > now:
        raise MendRequest("happened-in-future", "A contact cannot be logged before it happened.")
    # By day: people say when something was to the minute at best.
    if local_date(action.happened_at) < local_date(complaint.facts.received_at):
        raise MendRequest("happened-before-receipt", "The contact was before the complaint.")
    if action.outcome != "left-out":
        if action.how is None:
            raise MendRequest("how-needed", "Say how contact was made or attempted.")
        if action.exception is not None:
            raise MendRequest("not-left-out", "An exception is for a contact that was left out.")
        return
    rule = complaint.stage.contact
    known = [] if rule is None else [exception.code for exception in rule.exceptions]
    if action.exception not in known:
        raise MendRequest(
            "unknown-exception",
            f"Contact may be left out at this stage for: {', '.join(known) or 'nothing'}.",
            exceptions=list(known),
        )


def log_contact(turn: Turn, action: LogContact) -> None:
    """Counts a contact of this stage, and meets the clock that waits for it.

    One that happened before the stage began is recorded, and no more.
    """
    complaint = turn.complaint
    counts = local_date(action.happened_at) >= complaint.began_on
    if counts:
        complaint.contacts += 1
        clock = complaint.clock("contact")
        if clock is not None and clock.running:
            clock.met_at = turn.now
    turn.record(
        Contacted,
        outcome=action.outcome,
        how=action.how,
        happened_at=action.happened_at,
        exception=action.exception,
        counts=counts,
    )


def _put_in_charge(complaint: Complaint, now: datetime) -> None:
    since = complaint.in_charge
    people = (complaint.investigator, complaint.together_with)
    complaint.in_charge = {one: since.get(one, now) for one in people if one is not None}
    complaint.confirmed = [one for one in complaint.confirmed if one in complaint.in_charge]


def _refuse(turn: Turn, action: Triage) -> None:
    complaint = turn.complaint
    exclusion = complaint.rules.exclusion(action.reason or "")
    if exclusion is None:
        raise LookupError(action.reason)
    complaint.status = "refused"
    turn.stop_clocks()
    turn.record(Refused, reason=exclusion.code)
    turn.write_to_resident(Refusal(reason=exclusion.wording, explanation=action.explanation or ""))


def _check_exclusion(exclusion: Exclusion, action: Triage, received_on: date) -> None:
    for span, day, field, missing in (
        (exclusion.older_than, action.issue_on, "issue_on", "of the issue"),
        (exclusion.again_within, action.concluded_on, "concluded_on", "of the conclusion"),
    ):
        if span is None:
            continue
        if day is None:
            raise MendRequest("day-needed", f"Say the day {missing} ({field}).", field=field)
        if day > received_on:
            raise MendRequest(
                "not-then", f"The day {missing} lies before the complaint.", field=field
            )
        old = add_calendar(span, day) < received_on
        if old != (field == "issue_on"):
            raise AgainstTheRules(
                "reason-does-not-hold",
                f"From {day} to {received_on} is {'' if old else 'not '}more than {span}: this "
                "reason does not hold.",
            )
    if exclusion.exceptions and not action.no_exception:
        exceptions = [exception.code for exception in exclusion.exceptions]
        raise MendRequest(
            "exceptions-not-considered",
            f"Say that none of these holds (no_exception): {', '.join(exceptions)}.",
            exceptions=list(exceptions),
        )


def _numbers(first: int, count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(first, first + count))


def _points(numbers: tuple[str, ...], texts: tuple[str, ...]) -> tuple[Point, ...]:
    return tuple(
        Point(point=number, text=text) for number, text in zip(numbers, texts, strict=True)
    )


def _due_on(complaint: Complaint, name: ClockName) -> date | None:
    clock = complaint.clock(name)
    return None if clock is None else clock.due.on


def _running(complaint: Complaint, name: ClockName) -> date | None:
    clock = complaint.clock(name)
    return clock.due.on if clock is not None and clock.running else None
