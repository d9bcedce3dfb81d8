"""A scenario played against a policy: what happens by itself, who is told, which steps are refused.

It is the workflow's own code that plays, in memory; there is no second engine.
"""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, JsonValue

from services.notify.contract import Addressee, Notice
from services.shared.errors import PutrightError
from services.shared.events import AnyEvent, Frozen
from services.shared.local_time import LONDON
from services.workflow import contract
from services.workflow.messages import NewComplaint, Position
from services.workflow.scenarios.scenario import Scenario
from services.workflow.scenarios.steps import Step
from services.workflow.scenarios.telling import told_event, told_notice
from services.workflow.simulation import Simulation


class Happening(Frozen):
    """One thing that happens in a play: an event, a notice that is written, or a step refused."""

    at: AwareDatetime
    local: str
    """The same moment in London, with its weekday: "Mon 06 Mar 2028 10:00"."""
    what: Literal["event", "notice", "refused"]
    stage: str
    says: str
    """It in plain words."""
    facts: dict[str, JsonValue]
    """Its fields: of the event, of the notice's content, or `do`, `code` and `detail`."""


class Play(Frozen):
    """How a scenario goes under a policy."""

    policy: str
    policy_effective: str
    happenings: tuple[Happening, ...]
    end: Position
    """Where the complaint stands when the play is over."""


def play(scenario: Scenario, policy: str) -> Play:
    """Plays a scenario against the version of a policy that is in force at its receipt.

    A step that the rules refuse is told, and the play goes on. Raises NotThere `unknown-policy`,
    MendRequest `beyond-the-calendar`.
    """
    performance = _Performance(Simulation(_received(scenario, policy), scenario.people))
    for number, step in enumerate(scenario.steps, 1):
        performance.step(step, f"step-{number}")
    performance.rest(scenario.until)
    return performance.told()


class _Performance:
    """A play under way: what its simulation does, told in the order in which it does it."""

    def __init__(self, simulation: Simulation) -> None:
        self._life = simulation
        self._happenings: list[Happening] = []
        self._turns_told = 0

    def step(self, step: Step, key: str) -> None:
        self.rest(step.at)
        try:
            self._life.act(step.action(self._life.complaint, key), step.at)
        except PutrightError as refusal:
            self._tell(
                step.at,
                "refused",
                self._life.complaint.stage_name,
                f"refused: {step.do}: {refusal.detail} ({refusal.code})",
                {"do": step.do, "code": refusal.code, "detail": refusal.detail},
            )
        self._tell_turns()

    def rest(self, until: datetime | None) -> None:
        self._life.run_until(until)
        self._tell_turns()

    def told(self) -> Play:
        rules = self._life.complaint.rules
        return Play(
            policy=rules.name,
            policy_effective=rules.effective.isoformat(),
            happenings=tuple(self._happenings),
            end=self._life.complaint.position(),
        )

    def _tell_turns(self) -> None:
        for turn in self._life.turns[self._turns_told :]:
            for event in turn.events:
                self._tell_event(turn.now, event)
            for notice in turn.notices:
                self._tell_notice(turn.now, notice)
        self._turns_told = len(self._life.turns)

    def _tell_event(self, at: datetime, event: AnyEvent) -> None:
        facts = event.model_dump(mode="json", exclude={"reference", "sequence", "stage"})
        self._tell(at, "event", event.stage, told_event(event, at), facts)

    def _tell_notice(self, at: datetime, notice: Notice) -> None:
        facts = {"to": notice.to.role, **notice.content.model_dump(mode="json")}
        self._tell(at, "notice", notice.stage, told_notice(notice), facts)

    def _tell(
        self,
        at: datetime,
        what: Literal["event", "notice", "refused"],
        stage: str,
        says: str,
        facts: dict[str, JsonValue],
    ) -> None:
        local = f"{at.astimezone(LONDON):%a %d %b %Y %H:%M}"
        self._happenings.append(
            Happening(at=at, local=local, what=what, stage=stage, says=says, facts=facts)
        )


def _received(scenario: Scenario, policy: str) -> NewComplaint:
    entered = scenario.entered or scenario.received
    return NewComplaint(
        reference="scenario",
        promise=contract.promise(policy, scenario.received, entered),
        received_at=scenario.received,
        entered_at=entered,
        channel=scenario.channel,
        entered_by=scenario.channel,
        addressee=Addressee(),
        anonymous=scenario.anonymous,
    )
