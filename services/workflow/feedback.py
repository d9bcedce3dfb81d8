"""Feedback that is no complaint: what it gets, and what follows from it. Pure: no Temporal, no IO.

Its sender hears back at once: thanks, or the procedure of its own to which it was directed. The
team concerned is told. Where the policy promises thanks by a date, missing it is recorded at that
moment, and the complaints officer hears of it on the next working morning (Code 1.4, 1.5).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from services.notify.contract import (
    Content,
    Directed,
    Letterhead,
    Notice,
    PassedOn,
    Settled,
    Thanks,
    ThanksLate,
    ToResident,
    ToStaff,
    Undeliverable,
)
from services.shared.errors import MendRequest
from services.shared.events import (
    AnyFeedbackEvent,
    FeedbackKind,
    FeedbackLate,
    FeedbackNoticeSettled,
    FeedbackReceived,
    Rung,
    ThanksPromised,
)
from services.workflow.counting import day_1_and_last
from services.workflow.feedback_messages import FeedbackPromise, NewFeedback
from services.workflow.local_time import end_of, local_date, morning
from services.workflow.policy import Policy
from services.workflow.stages import Clock
from services.workflow.working_days import working_days

ITSELF = "putright"
"""Who did what the clock does by itself."""

NO_STAGE = "feedback"
"""Stands in notices where those of a complaint name its stage."""

HEARD_BACK = frozenset({"thanks", "directed"})
"""The notices with which the sender hears back."""


class Moment(NamedTuple):
    """The next thing that the clock will do by itself, and when (UTC)."""

    at: datetime
    what: Literal["passing", "telling"]


@dataclass
class Turn:
    """One step in the life of feedback: what it records, and whom it writes to."""

    events: list[AnyFeedbackEvent] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass
class Feedback:
    """Everything that feedback must remember between two turns. Instants are UTC."""

    new: NewFeedback
    sequence: int = 0
    """The number of the last event."""
    thanked_at: datetime | None = None
    """When the sender heard back."""
    missed_at: datetime | None = None
    officer_told: bool = False

    def next_moment(self) -> Moment | None:
        """Returns what the clock will do next by itself, or None when it waits for nothing."""
        promise = self.new.promise
        if promise.thanks is None or promise.late_told_at is None or self.officer_told:
            return None
        passes_at = promise.thanks.passes_at
        if self.missed_at is None:
            return None if self.thanked_at else Moment(passes_at, "passing")
        # The proof of a mail that went out in time may come back after that time.
        in_time = self.thanked_at is not None and self.thanked_at < passes_at
        return None if in_time else Moment(promise.late_told_at, "telling")


def promise(
    rules: Policy,
    kind: FeedbackKind,
    received_at: datetime,
    entered_at: datetime,
    *,
    can_be_written_to: bool,
) -> FeedbackPromise:
    """Returns what feedback received at `received_at` (aware) gets under a policy.

    Raises MendRequest `unknown-feedback-kind` where the policy is silent about the kind, and
    `beyond-the-calendar`.
    """
    rule = rules.feedback_of(kind)
    if rule is None:
        known = [each.kind for each in rules.feedback]
        raise MendRequest(
            "unknown-feedback-kind",
            f"The policy says what becomes of these kinds: {', '.join(known) or 'none'}.",
            kinds=[*known],
        )
    thanks = late_told_at = None
    if rule.thanks is not None and can_be_written_to:
        days = working_days(rules.nation, rules.closure_days)
        thanks = _thanks(rules, rule.thanks, received_at)
        # Nobody can be told of a miss before the feedback has been entered.
        late_told_at = morning(days.after(max(thanks.on, local_date(entered_at)), 1))
    return FeedbackPromise(
        policy=rules.name,
        policy_effective=rules.effective,
        policy_title=rules.title,
        landlord=rules.landlord,
        kind=kind,
        thanks=thanks,
        late_told_at=late_told_at,
        passed_on=rule.passed_on,
        procedure=rule.procedure,
        may_become_complaint=rule.may_become_complaint,
    )


def _thanks(rules: Policy, clock: Clock, received_at: datetime) -> ThanksPromised:
    days = working_days(rules.nation, rules.closure_days)
    day_1, last = day_1_and_last(clock, days, received_at)
    in_hours = clock.within.unit == "hours"
    skipped = days.skipped(local_date(received_at), last)
    return ThanksPromised(
        on=last,
        passes_at=received_at + timedelta(hours=clock.within.count)
        if in_hours
        else end_of(last, rules.close_of_business),
        day_1=day_1,
        skipped=tuple(f"{day} {why}" for day, why in skipped)
        if clock.within.unit == "working-days"
        else (),
        calendar=days.version,
        clause=clock.clause,
    )


def receive(new: NewFeedback) -> tuple[Feedback, Turn]:
    """Returns feedback at its start, and its first turn."""
    feedback, turn = Feedback(new), Turn()
    promise = new.promise
    feedback.sequence = 1
    reachable = new.addressee.email is not None or new.addressee.postal
    turn.events.append(
        FeedbackReceived(
            reference=new.reference,
            sequence=1,
            at=new.received_at,
            by=new.entered_by,
            feedback_kind=promise.kind,
            policy=promise.policy,
            policy_effective=promise.policy_effective,
            channel=new.channel,
            entered_at=new.entered_at,
            service_area=new.service_area,
            region=new.region,
            anonymous=not reachable,
            thanks=promise.thanks,
        )
    )
    received_on = local_date(new.received_at)
    if reachable:
        turn.notices.append(_notice(feedback, "resident", _back_to_sender(new)))
    if promise.passed_on:
        passed_on = PassedOn(
            feedback=promise.kind, received_on=received_on, procedure=promise.procedure
        )
        turn.notices.append(_notice(feedback, "head-of-service", passed_on))
    return feedback, turn


def _back_to_sender(new: NewFeedback) -> Content:
    promise, received_on = new.promise, local_date(new.received_at)
    if promise.procedure is None:
        return Thanks(feedback=promise.kind, received_on=received_on, passed_on=promise.passed_on)
    return Directed(
        feedback=promise.kind,
        received_on=received_on,
        procedure=promise.procedure,
        team=new.service_area if promise.passed_on else None,
        may_complain=promise.may_become_complaint,
    )


def pass_moment(feedback: Feedback, moment: Moment, now: datetime) -> Turn:
    """Does what is due at `moment`, the next one, and returns the turn. `now` is UTC."""
    turn, thanks = Turn(), feedback.new.promise.thanks
    if thanks is None:
        raise LookupError(moment)
    if moment.what == "passing":
        feedback.missed_at = now
        feedback.sequence += 1
        turn.events.append(
            FeedbackLate(
                reference=feedback.new.reference,
                sequence=feedback.sequence,
                at=now,
                by=ITSELF,
                due=thanks.on,
                passed_at=thanks.passes_at,
            )
        )
    else:
        feedback.officer_told = True
        thanked_on = local_date(feedback.thanked_at) if feedback.thanked_at else None
        late = ThanksLate(feedback=feedback.new.promise.kind, due=thanks.on, thanked_on=thanked_on)
        turn.notices.append(_notice(feedback, "complaints-officer", late))
    return turn


def settle(feedback: Feedback, notice: Notice, settled: Settled, now: datetime) -> Turn:
    """Records what became of a notice; one refused for good goes to the complaints officer.

    Raises ValueError for a notice that is still queued, which has not become anything yet.
    """
    if settled.outcome == "queued":
        raise ValueError(f"{notice.key} is not settled")
    turn, about = Turn(), notice.content.about
    if about in HEARD_BACK and settled.outcome in {"sent", "by-hand"}:
        feedback.thanked_at = settled.at
    feedback.sequence += 1
    turn.events.append(
        FeedbackNoticeSettled(
            reference=feedback.new.reference,
            sequence=feedback.sequence,
            at=now,
            by=ITSELF,
            notice=notice.key,
            about=about,
            to=notice.to.role,
            outcome=settled.outcome,
            settled_at=settled.at,
        )
    )
    if settled.outcome == "refused" and about != "undeliverable":
        told = Undeliverable(notice=notice.key, notice_about=about, notice_to=notice.to.role)
        turn.notices.append(_notice(feedback, "complaints-officer", told))
    return turn


def _notice(feedback: Feedback, to_whom: Literal["resident"] | Rung, content: Content) -> Notice:
    new = feedback.new
    return Notice(
        key=f"{new.reference}/{feedback.sequence}/{content.about}/{to_whom}",
        reference=new.reference,
        stage=NO_STAGE,
        to=ToResident(addressee=new.addressee)
        if to_whom == "resident"
        else ToStaff(role=to_whom, investigator=None, service_area=new.service_area),
        letterhead=Letterhead(
            landlord=new.promise.landlord, policy_name=new.promise.policy_title, stage=None
        ),
        content=content,
    )


def standing(feedback: Feedback) -> str:
    """Returns where it stands, in words for the Temporal UI. No personal data."""
    new, thanks = feedback.new, feedback.new.promise.thanks
    promised = "no date promised" if thanks is None else f"to be thanked by {thanks.on:%a %d %b %Y}"
    if feedback.thanked_at is not None:
        heard = "its sender has heard back"
    else:
        heard = "its sender has not heard back yet"
    late = ", late" if feedback.missed_at else ""
    return f"**{new.reference} · {new.promise.kind}** · {promised} · {heard}{late}"
