"""Lives of complaints in which anything may be tried, by anybody, at any time.

What is tried next comes from a seeded source of chance: the same seed gives the same life.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, get_args

from services.notify.contents import Need, PromisedAction
from services.notify.contract import Addressee
from services.shared.errors import PutrightError
from services.shared.events import Decision, Determination, Remedy, Satisfaction, Tenure
from services.shared.local_time import local_date
from services.workflow import contract
from services.workflow.complaint import Complaint
from services.workflow.messages import (
    Acknowledge,
    AddPoints,
    AgreeDate,
    Answer,
    AnswerSurvey,
    AnyAction,
    AskHelp,
    Assign,
    Classify,
    Confirm,
    Decline,
    Escalate,
    Extend,
    InvolveOmbudsman,
    KeepPromise,
    LearnLesson,
    LogContact,
    LogResponse,
    NewComplaint,
    RecordDetermination,
    Refer,
    Respond,
    SendOn,
    SetHearing,
    TellOfMail,
    Triage,
    Withdraw,
)
from services.workflow.simulation import Simulation
from tests.days import LONDON

POLICIES = (
    "community-support",
    "housing-ombudsman",
    "manchester",
    "nacro",
    "nottingham",
    "review-panel",
)

DIRECTORY = {
    "amy": "manager",
    "bob": "manager",
    "cal": "area-manager",
    "dee": "head-of-service",
    "eve": "director",
    "fay": "senior-manager",
    "gus": "customer-relations",
    "hal": "independent-member",
    "ivy": "senior-leader",
    "jon": "director",
    "kim": "senior-manager",
}

PEOPLE = (*DIRECTORY, "nobody-knows")

BEGIN = date(2028, 3, 6)
"""A Monday. All lives begin in the three weeks from then, before the clocks change and Easter."""

SLOTS = (6, 11, 21)
"""The hours, at 20 past, at which something is tried: many lives go on at the same moments."""


def new_complaint(chance: Random, policy: str, reference: str) -> NewComplaint:
    """Returns a complaint received on any day and hour, now and then entered days later."""
    entered_at = _slot(BEGIN + timedelta(days=chance.randint(0, 20)), chance.choice(SLOTS))
    late = timedelta(days=chance.choice([0, 0, 0, 0, 1, 3, 12]), hours=chance.randint(0, 5))
    received_at = entered_at - late
    return NewComplaint(
        reference=reference,
        promise=contract.promise(policy, received_at, entered_at),
        received_at=received_at.astimezone(UTC),
        entered_at=entered_at.astimezone(UTC),
        channel=chance.choice(["web", "phone", "letter"]),
        entered_by="web",
        addressee=Addressee(
            name="Ada Bell",
            email="ada@example.org",
            phone="01632 960123",
            texts=chance.choice([False, True]),
        ),
        anonymous=False,
        service_area="Repairs",
    )


def next_action(
    chance: Random, complaint: Complaint, now: datetime, key: str, *, sensible_of_10: int = 8
) -> AnyAction:
    """Returns what is tried next: mostly something that gets on with it, else anything."""
    made = Attempts(chance, complaint, now)
    sensible = list(made.sensible())
    useful = sensible and chance.randint(1, 10) <= sensible_of_10
    make = chance.choice(sensible) if useful else chance.choice(list(made.anything()))
    action = make()
    return action.model_copy(update={"key": key, "by": action.by or chance.choice(PEOPLE)})


Maker = Callable[[], AnyAction]


class Attempts:
    """The actions that can be tried on a complaint as it stands, with arguments right or wrong."""

    def __init__(self, chance: Random, complaint: Complaint, now: datetime) -> None:
        self.chance = chance
        self.complaint = complaint
        self.now = now
        self.today = local_date(now)

    def sensible(self) -> Iterator[Maker]:
        """What somebody who wants it done would do next; nothing at the end."""
        complaint, stage = self.complaint, self.complaint.stage
        if complaint.over:
            yield from self._afterwards()
            return
        if complaint.status in {"answered", "declined"}:
            yield from [self.escalate] * (3 if complaint.status == "answered" else 9)
            yield from [self.send_on] if stage.send_on else []
            yield from self._afterwards()
            return
        if complaint.status == "received":
            yield self.triage
        missing = [*self._missing()]
        yield from [*missing * 4, self.respond] if missing else [self.respond] * 3
        if complaint.status == "escalated" and stage.request and stage.request.declines:
            yield self.decline
        yield from self._more_time()
        if set(complaint.in_charge) - set(complaint.confirmed):
            yield self.confirm
        yield self.ask_help if self.chance.randint(0, 1) else self.tell_of_mail
        if complaint.following and complaint.following.can_be_referred_to and not missing:
            yield from [self.refer] * 3

    def anything(self) -> Iterator[Maker]:
        """Every action, whether or not it makes any sense now."""
        yield from (self.triage, self.assign, self.acknowledge, self.add_points, self.contact)
        yield from (self.extend, self.agree_date, self.hearing, self.respond, self.escalate)
        yield from (self.decline, self.refer, self.send_on, self.withdraw)
        yield from (self.confirm, self.ask_help, self.tell_of_mail, self.log_response)
        yield from (self.keep_promise, self.involve_ombudsman, self.determine)
        yield from (self.answer_survey, self.learn_lesson, self.classify)

    def _afterwards(self) -> Iterator[Maker]:
        """What is heard of a complaint that was answered, or has ended."""
        yield self.determine if self.complaint.with_ombudsman else self.involve_ombudsman
        yield self.answer_survey if self.chance.randint(0, 1) else self.learn_lesson
        if any(promise.done_on is None for promise in self.complaint.promises):
            yield self.keep_promise

    def _missing(self) -> Iterator[Maker]:
        """What stands between the complaint and its response."""
        complaint, stage = self.complaint, self.complaint.stage
        alone = (
            stage.answered_by and stage.answered_by.together_with and not complaint.together_with
        )
        if complaint.investigator is None or alone:
            yield self.assign
        if stage.acknowledge and complaint.status != "acknowledged":
            yield self.acknowledge
        if stage.contact and complaint.contacts == 0:
            yield self.contact
        if stage.hearing and complaint.hearing_on is None:
            yield self.hearing

    def _more_time(self) -> Iterator[Maker]:
        """What can put the response off, before it is due."""
        stage, clock = self.complaint.stage, self.complaint.clock("respond")
        if clock is None or self.now >= clock.due.passes_at:
            return
        if stage.extension and self.complaint.status == "acknowledged":
            yield self.extend
        if stage.agreed_date:
            yield self.agree_date

    def triage(self) -> Triage:
        rules = self.complaint.rules
        if self.chance.randint(0, 5):
            up = rules.at_once.at_least if rules.at_once else 0
            at_once = self.chance.choice([0, up])
            return Triage(**BLANK, decision="accept", priority="standard", at_once=at_once)
        reasons = [exclusion.code for exclusion in rules.exclusions]
        return Triage(
            **BLANK,
            decision="refuse",
            reason=self.chance.choice([*reasons, "no-such-reason", None]),
            explanation=self.chance.choice(["Because it is so.", None]),
            issue_on=self.chance.choice([None, self._day(-500, -300), self._day(-30, 10)]),
            concluded_on=self.chance.choice([None, self._day(-250, -100)]),
            no_exception=bool(self.chance.randint(0, 2)),
        )

    def classify(self) -> Classify:
        return Classify(
            **BLANK,
            category=self.chance.choice([None, "repairs", "Damp & mould"]),
            service_area=self.chance.choice([None, "Heating", "Repairs"]),
            region=self.chance.choice([None, "North"]),
            tenure=self.chance.choice([None, *get_args(Tenure)]),
        )

    def assign(self) -> Assign:
        rule = self.complaint.stage.answered_by
        fitting = [who for who, role in DIRECTORY.items() if rule and role in rule.roles]
        second = [who for who, role in DIRECTORY.items() if rule and role in rule.together_with]
        seldom = self.chance.choice([None, None, None, *PEOPLE])
        return Assign(
            **BLANK,
            investigator=self.chance.choice([*fitting * 3, *PEOPLE]),
            together_with=self.chance.choice([*second * 3, seldom]),
        )

    def acknowledge(self) -> Acknowledge:
        return Acknowledge(
            **BLANK, definition="Damp", points=self._texts(), outcomes_sought="A dry home"
        )

    def add_points(self) -> AddPoints:
        return AddPoints(**BLANK, points=self._texts())

    def contact(self) -> LogContact:
        happened_at = self.now - timedelta(hours=self.chance.choice([0, 0, 0, 1, 1, 30, 3000, -5]))
        if self.chance.randint(0, 3):
            outcome = self.chance.choice(["made", "attempted"])
            return LogContact(
                **BLANK,
                outcome=outcome,
                how=self.chance.choice(["phone", "visit", None]),
                happened_at=happened_at,
            )
        return LogContact(
            **BLANK, outcome="left-out", happened_at=happened_at, exception="cannot-be-reached"
        )

    def _in_charge(self) -> str:
        return self.chance.choice([*self.complaint.in_charge, *self.complaint.in_charge, "anybody"])

    def extend(self) -> Extend:
        return Extend(
            **BLANK, reason="A survey", until=self._later_than_due(), agreed_on=self._agreed_on()
        )

    def agree_date(self) -> AgreeDate:
        return AgreeDate(
            **BLANK,
            until=self._later_than_due(),
            agreed_on=self._agreed_on() or self.today,
        )

    def hearing(self) -> SetHearing:
        members = self.chance.choice([(), (), ("hal", "amy"), ("nobody-knows",)])
        return SetHearing(**BLANK, on=self._day(-20, 40), members=members)

    def confirm(self) -> Confirm:
        return Confirm(key="", by=self._in_charge())

    def ask_help(self) -> AskHelp:
        return AskHelp(key="", by=self._in_charge(), help="records", note="I cannot open the file.")

    def tell_of_mail(self) -> TellOfMail:
        return TellOfMail(**BLANK)

    def respond(self) -> Respond:
        points = self.complaint.points or ("1",)
        answered = points if self.chance.randint(0, 5) else (*points[1:], "51")
        return Respond(
            **BLANK,
            definition="Damp",
            answers=tuple(
                Answer(
                    point=point,
                    text="Damp",
                    decision=self.chance.choice(get_args(Decision)),
                    reasons="Our records say so.",
                )
                for point in answered
            ),
            remedies=tuple(
                Remedy(
                    kind=kind, pence=self.chance.randint(1, 50_000) if kind == "payment" else None
                )
                for kind in self.chance.choice([(), ("apology",), ("apology", "payment")])
            ),
            actions=tuple(
                PromisedAction(what="Treat the wall", by=self._day(1, 40))
                for _ in range(self.chance.choice([0, 0, 1, 2]))
            ),
        )

    def log_response(self) -> LogResponse:
        before = timedelta(hours=self.chance.choice([0, 20, 200, -3]))
        decision = self.chance.choice([None, *get_args(Decision)])
        return LogResponse(**BLANK, responded_at=self.now - before, decision=decision)

    def keep_promise(self) -> KeepPromise:
        numbers = [promise.number for promise in self.complaint.promises]
        number = self.chance.choice([*numbers * 4, 1, 7])
        return KeepPromise(**BLANK, number=number, done_on=self._day(-10, 1))

    def involve_ombudsman(self) -> InvolveOmbudsman:
        return InvolveOmbudsman(**BLANK, on=self._day(-10, 1))

    def determine(self) -> RecordDetermination:
        found = self.chance.choice(get_args(Determination))
        orders = self.chance.randint(0, 3)
        return RecordDetermination(
            **BLANK, on=self._day(-2, 0), determination=found, orders=orders, pence=100 * orders
        )

    def answer_survey(self) -> AnswerSurvey:
        satisfaction = self.chance.choice(get_args(Satisfaction))
        return AnswerSurvey(**BLANK, on=self._day(-2, 0), satisfaction=satisfaction)

    def learn_lesson(self) -> LearnLesson:
        number = self.chance.choice([None, None, 1, 2])
        if self.chance.randint(0, 3) == 0:
            return LearnLesson(**BLANK, number=number, withdraw=True)
        words = {"theme": "Damp", "heard": "It came back.", "done": "We look again."}
        return LearnLesson(**BLANK, **words, number=number)

    def escalate(self) -> Escalate:
        before = timedelta(hours=self.chance.choice([0, 20, 200, -3]))
        needs = [(), get_args(Need), ("reasons",)]
        return Escalate(
            **BLANK,
            requested_at=self.chance.choice([None, self.now - before]),
            offers=self.chance.choice(needs),
            considered_late=bool(self.chance.randint(0, 1)),
        )

    def decline(self) -> Decline:
        request = self.complaint.stage.request
        reasons = [one.code for one in request.declines] if request else []
        reason = self.chance.choice([*reasons * 4, "no-such-reason"])
        roles = request.decided_by if request else ()
        fitting = [who for who, role in DIRECTORY.items() if role in roles]
        by = self.chance.choice([*fitting * 8, *PEOPLE])
        return Decline(key="", by=by, reason=reason, explanation="We looked at it twice.")

    def refer(self) -> Refer:
        return Refer(**BLANK)

    def send_on(self) -> SendOn:
        rule = self.complaint.stage.send_on
        fitting = [who for who, role in DIRECTORY.items() if rule and role in rule.roles]
        who = self.chance.choice([*fitting * 3, *PEOPLE])
        return SendOn(**BLANK, authorised_by=who, explanation="It is for them to say.")

    def withdraw(self) -> Withdraw:
        return Withdraw(**BLANK)

    def _texts(self) -> tuple[str, ...]:
        return tuple("Damp" for _ in range(self.chance.choice([1, 1, 2, 3, 30])))

    def _day(self, first: int, last: int) -> date:
        return self.today + timedelta(days=self.chance.randint(first, last))

    def _agreed_on(self) -> date | None:
        return self.chance.choice([None, self.today, self.today, self._day(-10, 2)])

    def _later_than_due(self) -> date:
        clock = self.complaint.clock("respond")
        due = self.today if clock is None else clock.due.on
        latest = clock.due.latest_extension if clock else None
        within = due + timedelta(days=self.chance.randint(-3, 40))
        return self.chance.choice([within, within, latest or within])


BLANK: dict[str, Any] = {"key": "", "by": ""}
"""Filled in when the action is chosen."""


@dataclass(frozen=True)
class Tried:
    """An action that was tried at a moment, and the code with which it was refused, if it was."""

    at: datetime
    action: AnyAction
    refused: str | None


@dataclass(frozen=True)
class RandomLife:
    """One whole life: how it began, what was tried, and how the simulation went."""

    new: NewComplaint
    tried: tuple[Tried, ...]
    until: datetime
    simulation: Simulation


def live(seed: int, policy: str) -> RandomLife:
    """Returns the life of a complaint that a seed stands for, simulated to its `until`."""
    chance = Random(seed)  # noqa: S311 — the same seed must give the same life
    new = new_complaint(chance, policy, f"PR-{seed:04}-{policy}")
    simulation = Simulation(new, DIRECTORY)
    now, tried = new.entered_at, []
    for number in range(chance.randint(0, 18)):
        now = _next_slot(now, chance)
        simulation.run_until(now)
        action = next_action(chance, simulation.complaint, now, f"key-{number}")
        tried.append(Tried(now, action, _refusal(simulation, action, now)))
        if simulation.complaint.over and chance.randint(0, 1):
            break
    until = _next_slot(now + timedelta(days=chance.choice([1, 10, 30, 400])), chance)
    simulation.run_until(until)
    return RandomLife(new, tuple(tried), until, simulation)


def _refusal(simulation: Simulation, action: AnyAction, at: datetime) -> str | None:
    try:
        simulation.act(action, at)
    except PutrightError as refusal:
        return refusal.code
    return None


def _next_slot(now: datetime, chance: Random) -> datetime:
    """Returns a moment after `now`: mostly within days, now and then weeks or a year later."""
    days = chance.choice([0, 0, 0, 0, 0, 1, 1, 2, 3, 5, 8, 20])
    local = (now + timedelta(days=days)).astimezone(LONDON)
    later = [hour for hour in SLOTS if (hour, 20) > (local.hour, local.minute)]
    day = local.date() if later else local.date() + timedelta(days=1)
    hour = chance.choice(later or SLOTS)
    return _slot(day, hour)


@cache
def _slot(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 20, tzinfo=LONDON).astimezone(UTC)
