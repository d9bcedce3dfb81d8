"""Random lives of complaints and feedback, as services tell them: the same for the same seed."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import cast

from services.shared.events import (
    Accepted,
    Acknowledged,
    AnyEvent,
    Assigned,
    Climbed,
    ClockName,
    ClockSet,
    Closed,
    Contacted,
    Declined,
    Event,
    Extended,
    FeedbackLate,
    FeedbackNoticeSettled,
    FeedbackReceived,
    LessonLearned,
    Missed,
    NoticeSettled,
    OmbudsmanDetermined,
    OmbudsmanInvolved,
    PromiseKept,
    Received,
    Recordable,
    Refused,
    Responded,
    StageRequested,
    SurveyAnswered,
    Withdrawn,
)

NEWS: tuple[tuple[str, ...], ...] = (
    *((("sent",),) * 4),
    *(("sent", "bounced"), ("bounced", "sent"), ("bounced", "posted"), ("to-print", "posted")),
    *(("uncertain",), ("uncertain", "sent"), ()),
)
"""What becomes of the notice of an extension, from first to last."""

FIRST_DAY = datetime(2025, 4, 1, 10, tzinfo=UTC)


def lives(seed: int, complaints: int, feedback: int = 0) -> list[list[Recordable]]:
    """Returns so many lives of each sort; some of complaints have lost an event on the way."""
    chance = random.Random(seed)  # noqa: S311 — made-up lives are no secret
    told: list[list[Recordable]] = []
    for number in range(complaints):
        life: list[Recordable] = list(Life(chance, f"PR-{seed:04}-{number:04}").events())
        if len(life) > 3 and chance.random() < 0.1:
            del life[chance.randrange(1, len(life) - 1)]
        told.append(life)
    told += [list(_feedback(chance, f"FB-{seed:04}-{number:04}")) for number in range(feedback)]
    return told


class Life:
    """One complaint from its receipt to wherever chance lets it stop."""

    def __init__(self, chance: random.Random, reference: str) -> None:
        self._chance = chance
        self._reference = reference
        self._stage = "stage-1"
        self._sequence = 0
        self._promises = 0
        self._now = FIRST_DAY + timedelta(days=chance.randrange(300))

    def events(self) -> Iterator[AnyEvent]:
        yield self._received()
        if self._often(0.1):
            yield self._told(Refused, reason="over-12-months")
            return
        yield from self._answered()
        if self._often(0.4):
            self._stage = "stage-2"
            yield self._told(StageRequested, from_stage="stage-1")
            if self._often(0.1):
                yield self._told(Declined, reason="no-grounds", final=True)
                yield self._told(Closed, reason="declined")
                return
            yield from self._answered()
        yield from self._afterwards()

    def _answered(self) -> Iterator[AnyEvent]:
        yield self._clock("acknowledge", 7)
        due = self._now.date() + timedelta(days=21)
        yield self._clock("respond", 21)
        yield self._told(Accepted, priority=self._chance.choice(("standard", "high")))
        yield self._told(Assigned, investigator=self._chance.choice(("amy", "bob")))
        if self._often(0.2):
            yield self._told(Missed, clock="acknowledge", due=self._now.date(), passed_at=self._now)
            yield self._told(
                Climbed,
                clock="acknowledge",
                due=self._now.date(),
                rung="line-manager",
                told=("line-manager",),
            )
        yield self._told(
            Acknowledged, points=2, due=self._now.date(), in_time=self._chance.random() < 0.7
        )
        yield self._settled("acknowledgement", "sent")
        yield self._told(
            Contacted, outcome="made", how="phone", happened_at=self._now, exception=None
        )
        if self._often(0.3):
            yield from self._extended(due)
        if self._often(0.05):
            return
        self._promises += 1
        promise = self._promises
        yield self._told(
            Responded,
            decision=self._chance.choice(("upheld", "not-upheld", None)),
            findings=(),
            due=due,
            in_time=self._chance.random() < 0.5,
            remedies=[{"kind": "apology"}, {"kind": "payment", "pence": 12_500}][
                : self._chance.randrange(3)
            ],
            promises=[{"number": promise, "by": due}],
        )
        if self._often(0.1):
            yield from self._news("response", ("to-print", "posted"))
        if self._often(0.5):
            yield self._told(PromiseKept, number=promise, promised_for=due, done_on=due)

    def _extended(self, due: date) -> Iterator[AnyEvent]:
        """Puts the answer off, once or twice, and takes its time with it."""
        for _ in range(self._chance.randrange(1, 3)):
            was, due = due, due + timedelta(days=self._chance.randrange(1, 30))
            agreed_on = self._chance.choice((self._now.date(), None))
            yield self._told(Extended, was=was, until=due, agreed_on=agreed_on)
            yield from self._news("extension", self._chance.choice(NEWS))
            self._now += timedelta(days=self._chance.randrange(20))

    def _news(self, about: str, outcomes: Sequence[str]) -> Iterator[AnyEvent]:
        """Tells what became of one notice, thing by thing; the last may never be told."""
        notice, was = f"{self._reference}/{self._sequence}/{about}/resident", None
        for outcome in outcomes:
            if was is not None and self._often(0.2):
                return
            yield self._settled(about, outcome, notice=notice, was=was)
            was = outcome

    def _afterwards(self) -> Iterator[AnyEvent]:
        if self._often(0.3):
            yield self._told(Withdrawn)
        elif self._often(0.6):
            yield self._told(Closed, reason="final-response")
        if self._often(0.3):
            yield self._told(OmbudsmanInvolved, on=self._now.date())
            yield self._told(
                OmbudsmanDetermined,
                on=self._now.date(),
                determination="service-failure",
                orders=2,
                recommendations=1,
                pence=20_000,
            )
        if self._often(0.3):
            yield self._told(SurveyAnswered, on=self._now.date(), satisfaction="neither")
        if self._often(0.2):
            yield self._told(
                LessonLearned, theme="repairs", heard="Nobody rang.", done="We ring on the day."
            )

    def _received(self) -> AnyEvent:
        return self._told(
            Received,
            policy="housing-ombudsman",
            policy_effective=date(2024, 4, 1),
            channel=self._chance.choice(("web", "phone")),
            entered_at=self._now,
            category=self._chance.choice(("repairs", None)),
            region=self._chance.choice(("North", "South")),
            tenure=self._chance.choice(("rented", "shared-ownership", None)),
        )

    def _clock(self, clock: ClockName, days: int) -> AnyEvent:
        due = self._now.date() + timedelta(days=days)
        return self._told(
            ClockSet,
            clock=clock,
            due=due,
            passes_at=self._now + timedelta(days=days),
            anchor="received",
            anchor_date=self._now.date(),
            provisional=False,
            day_1=due,
            skipped=(),
            calendar="2026-11-01",
            clause="Code 6.2",
        )

    def _settled(
        self, about: str, outcome: str, notice: str | None = None, was: str | None = None
    ) -> AnyEvent:
        return self._told(
            NoticeSettled,
            notice=notice or f"{self._reference}/{self._sequence}/{about}/resident",
            was=was,
            about=about,
            to="resident",
            outcome=outcome,
            settled_at=self._now,
        )

    def _told(self, kind: type[Event], **facts: object) -> AnyEvent:
        self._sequence += 1
        self._now += timedelta(hours=self._chance.randrange(1, 80))
        event = kind.model_validate(
            {
                "reference": self._reference,
                "sequence": self._sequence,
                "at": self._now,
                "stage": self._stage,
                "by": "staff",
                **facts,
            }
        )
        return cast(AnyEvent, event)

    def _often(self, share: float) -> bool:
        return self._chance.random() < share


def _feedback(chance: random.Random, reference: str) -> Iterator[Recordable]:
    at = FIRST_DAY + timedelta(days=chance.randrange(300))
    every = {"reference": reference, "at": at, "by": "putright"}
    yield FeedbackReceived(
        **every,
        sequence=1,
        feedback_kind=chance.choice(("compliment", "comment")),
        policy="nacro",
        policy_effective=date(2024, 4, 1),
        channel="web",
        entered_at=at,
        service_area=None,
        region="North",
        anonymous=False,
        thanks=None,
    )
    if chance.random() < 0.5:
        yield FeedbackLate(**every, sequence=2, due=at.date(), passed_at=at)
        return
    yield FeedbackNoticeSettled(
        **every,
        sequence=2,
        notice=f"{reference}/1/thanks/resident",
        about="thanks",
        to="resident",
        outcome="sent",
        settled_at=at,
    )
