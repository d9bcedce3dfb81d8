"""What follows from feedback that is no complaint. Pure: no Temporal, no IO.

Its sender hears back at once: thanks, or the procedure of its own to which it was directed. The
team concerned is told. Where the policy promises thanks by a date, missing it is recorded at that
moment, and the complaints officer hears of it on the next working morning (Code 1.4, 1.5).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, cast

from services.notify.contents import (
    Content,
    Directed,
    LetterToPost,
    PassedOn,
    Thanks,
    ThanksLate,
)
from services.notify.contract import Brand, Letterhead, Notice, Settled, ToResident, ToStaff, Word
from services.shared.events import (
    AnyFeedbackEvent,
    FeedbackEvent,
    FeedbackLate,
    FeedbackNoticeSettled,
    FeedbackReceived,
    Rung,
)
from services.shared.local_time import local_date
from services.workflow import policies
from services.workflow.feedback_messages import NewFeedback, workflow_id
from services.workflow.proof import undeliverable

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
class Feedback:
    """Everything that feedback must remember between two turns. Instants are UTC."""

    new: NewFeedback
    sequence: int = 0
    """The number of the last event."""
    thanked_at: datetime | None = None
    """When the sender heard back."""
    missed_at: datetime | None = None
    officer_told: bool = False
    in_print: list[str] = field(default_factory=list)
    """The notices that wait in the print queue; their senders hear back once they are posted."""
    posted: list[str] = field(default_factory=list)

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


class Turn:
    """One step in the life of feedback: what it records, and whom it writes to.

    Recording numbers the event within the feedback, so a turn changes `feedback.sequence`.
    """

    def __init__(self, feedback: Feedback, now: datetime, by: str = ITSELF) -> None:
        self.feedback = feedback
        self.now = now
        self.by = by
        self.events: list[AnyFeedbackEvent] = []
        self.notices: list[Notice] = []
        self.words: tuple[Word, ...] = ()
        """Nobody is in charge of feedback that is no complaint."""

    def record(
        self, event: type[FeedbackEvent], *, at: datetime | None = None, **facts: object
    ) -> None:
        """Records that something happened, now unless `at` says when. `facts` are its fields."""
        self.feedback.sequence += 1
        told = {
            "reference": self.feedback.new.reference,
            "sequence": self.feedback.sequence,
            "at": at or self.now,
            "by": self.by,
        }
        self.events.append(cast(AnyFeedbackEvent, event.model_validate(told | facts)))

    def write(self, to_whom: Literal["resident"] | Rung, content: Content) -> None:
        """Writes a notice to the sender, or to whoever is in that role for the service area."""
        new = self.feedback.new
        rules = policies.version(new.promise.policy, new.promise.policy_effective)
        to: ToResident | ToStaff
        if to_whom == "resident":
            to = ToResident(addressee=new.addressee)
        else:
            to = ToStaff(role=to_whom, investigator=None, service_area=new.service_area)
        self.notices.append(
            Notice(
                key=f"{new.reference}/{self.feedback.sequence}/{content.about}/{to_whom}",
                reference=new.reference,
                stage=NO_STAGE,
                to=to,
                letterhead=Letterhead(
                    landlord=new.promise.landlord,
                    policy_name=new.promise.policy_title,
                    stage=None,
                    brand=rules.brand or Brand(),
                ),
                content=content,
                asked_by=workflow_id(new.reference),
            )
        )


def receive(new: NewFeedback) -> tuple[Feedback, Turn]:
    """Returns feedback at its start, and its first turn."""
    feedback, promise = Feedback(new), new.promise
    turn = Turn(feedback, new.entered_at, new.entered_by)
    reachable = new.addressee.reachable
    turn.record(
        FeedbackReceived,
        at=new.received_at,
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
    if reachable:
        turn.write("resident", _back_to_sender(new))
    if promise.passed_on:
        received_on = local_date(new.received_at)
        passed_on = PassedOn(
            feedback=promise.kind, received_on=received_on, procedure=promise.procedure
        )
        turn.write("head-of-service", passed_on)
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
    turn, thanks = Turn(feedback, now), feedback.new.promise.thanks
    if thanks is None:
        raise LookupError(moment)
    if moment.what == "passing":
        feedback.missed_at = now
        turn.record(FeedbackLate, due=thanks.on, passed_at=thanks.passes_at)
        return turn
    feedback.officer_told = True
    thanked_on = local_date(feedback.thanked_at) if feedback.thanked_at else None
    late = ThanksLate(feedback=feedback.new.promise.kind, due=thanks.on, thanked_on=thanked_on)
    turn.write("complaints-officer", late)
    return turn


def settle(feedback: Feedback, notice: Notice, settled: Settled, now: datetime) -> Turn:
    """Records what became of a notice; the complaints officer hears of what needs a person.

    `settled` is no longer queued; pydantic's ValidationError says so otherwise.
    """
    turn, about = Turn(feedback, now), notice.content.about
    _record(turn, settled, about, notice.to.role)
    if settled.outcome in {"refused", "uncertain"} and about != "undeliverable":
        turn.write("complaints-officer", undeliverable(notice, settled))
    # News that it was posted may have come before this, when both had to wait for the workflow.
    if settled.outcome == "to-print" and notice.key not in feedback.posted:
        feedback.in_print.append(notice.key)
        turn.write("complaints-officer", LetterToPost(notice=notice.key, notice_about=about))
    return turn


def hear(feedback: Feedback, news: Settled, now: datetime) -> Turn | None:
    """Records that a letter was posted; None for what is no news."""
    reference, _, rest = news.key.partition("/")
    if reference != feedback.new.reference or news.outcome != "posted":
        return None
    if news.key in feedback.posted:
        return None
    feedback.posted.append(news.key)
    feedback.in_print = [key for key in feedback.in_print if key != news.key]
    _, about, role = rest.split("/")
    turn = Turn(feedback, now)
    _record(turn, news, about, role)
    return turn


def _record(turn: Turn, settled: Settled, about: str, role: str) -> None:
    turn.record(
        FeedbackNoticeSettled,
        notice=settled.key,
        about=about,
        to=role,
        outcome=settled.outcome,
        settled_at=settled.at,
    )
    if about in HEARD_BACK and settled.outcome in {"sent", "posted", "by-hand"}:
        turn.feedback.thanked_at = settled.at


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
