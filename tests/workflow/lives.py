"""A complaint lived through in memory, as tests tell it."""

from collections.abc import Iterator, Mapping
from itertools import count

import pytest

from services.notify.contract import Addressee
from services.shared.errors import PutrightError
from services.workflow import contract
from services.workflow.contract import (
    Acknowledge,
    Answer,
    AnyAction,
    Assign,
    Escalate,
    Extend,
    LogContact,
    NewComplaint,
    Respond,
    Triage,
    Withdraw,
)
from services.workflow.simulation import Simulation
from services.workflow.turn import Turn
from tests.days import day, london, written


class Life(Simulation):
    """One complaint under a policy, spoken to in days of London: `do` acts, `until` waits."""

    def __init__(
        self,
        policy: str,
        received: str,
        entered: str | None = None,
        *,
        directory: Mapping[str, str] | None = None,
    ) -> None:
        received_at = london(received)
        entered_at = london(entered or received)
        super().__init__(
            NewComplaint(
                reference="PR-TEST-0001",
                promise=contract.promise(policy, received_at, entered_at),
                received_at=received_at,
                entered_at=entered_at,
                channel="web",
                entered_by="web",
                addressee=Addressee(name="Ada Bell", email="ada@example.org"),
                anonymous=False,
            ),
            directory,
        )
        self._keys: Iterator[int] = count(1)

    def do(self, at: str, action: AnyAction) -> Turn:
        """Lets the clocks run until `at`, then acts. Raises the refusal if there is one."""
        return self.act(action, london(at))

    def until(self, at: str) -> None:
        """Lets the clocks do by themselves all that is due until then."""
        self.run_until(london(at))

    def triage(self, at: str, **facts: object) -> Turn:
        """Triage: accept unless told otherwise."""
        return self.do(at, Triage.model_validate({"decision": "accept", **self._head(), **facts}))

    def assign(self, at: str, investigator: str, together_with: str | None = None) -> Turn:
        """Assign an investigator, or two who answer together."""
        return self.do(
            at,
            Assign(**self._head(), investigator=investigator, together_with=together_with),
        )

    def acknowledge(self, at: str, points: int = 2) -> Turn:
        """Acknowledge with that many points."""
        texts = tuple(f"point {number}" for number in range(1, points + 1))
        return self.do(
            at, Acknowledge(**self._head(), definition="Damp", points=texts, outcomes_sought="Dry")
        )

    def contact(self, at: str, happened: str | None = None) -> Turn:
        """Log a telephone call made at that moment, or earlier."""
        happened_at = london(happened or at)
        return self.do(
            at, LogContact(**self._head(), outcome="made", how="phone", happened_at=happened_at)
        )

    def extend(self, at: str, until: str, agreed_on: str | None = None) -> Turn:
        """Extend the response until a day."""
        agreed = None if agreed_on is None else day(agreed_on)
        return self.do(
            at, Extend(**self._head(), reason="survey", until=day(until), agreed_on=agreed)
        )

    def respond(self, at: str, *decisions: str) -> Turn:
        """Answer the points in order with these decisions."""
        answers = tuple(
            Answer.model_validate(
                {"point": str(number), "text": "…", "decision": decision, "reasons": "because"}
            )
            for number, decision in enumerate(decisions, 1)
        )
        return self.do(at, Respond(**self._head(), definition="Damp", answers=answers))

    def escalate(self, at: str, requested: str | None = None) -> Turn:
        """Ask for the next stage."""
        asked = None if requested is None else london(requested)
        return self.do(at, Escalate(**self._head(), requested_at=asked))

    def withdraw(self, at: str) -> Turn:
        """Withdraw."""
        return self.do(at, Withdraw(**self._head()))

    def happened(self, *kinds: str) -> list[str]:
        """Returns the events of those kinds, each with its moment."""
        return [f"{written(e.at)} {e.kind}" for e in self.events if e.kind in kinds]

    def due(self, clock: str) -> str:
        """Returns when the newest clock of that name is due: "Mon 2028-03-06"."""
        found = [c.due.on for c in self.complaint.clocks if c.due.clock == clock]
        return f"{found[-1]:%a %Y-%m-%d}"

    def written_to(self, role: str) -> list[str]:
        """Returns the notices to a role: when and what about."""
        return [
            f"{written(at)} {notice.content.about}"
            for at, notice in self.notices
            if notice.to.role == role
        ]

    def _head(self) -> dict[str, str]:
        return {"key": f"key-{next(self._keys)}", "by": "staff"}


def refused(code: str) -> "pytest.RaisesExc[PutrightError]":
    return pytest.raises(PutrightError, check=lambda error: error.code == code)
