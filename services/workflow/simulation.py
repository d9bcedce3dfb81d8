"""One complaint played through in memory by the workflow's own rules: no server, no waiting.

What the workflow does with durable timers and a local activity, this does at once: the same
checks, the same turns, the same due dates, in the same order.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from services.notify.contract import Notice, Person, PersonFound, Word
from services.shared.events import AnyEvent
from services.workflow import actions, clocks, moments, rules
from services.workflow.actions import Dues
from services.workflow.clocks import DueQuestion
from services.workflow.messages import AnyAction, NewComplaint
from services.workflow.turn import Turn


class Written(NamedTuple):
    """A notice, and the moment (aware) at which it was written."""

    at: datetime
    notice: Notice


class Simulation:
    """One complaint from its receipt on. `act` does something to it, `run_until` lets time pass.

    `directory` holds the role of each member of staff by id. Without it everybody is known, and
    may do what the policy leaves to some roles.
    """

    def __init__(self, new: NewComplaint, directory: Mapping[str, str] | None = None) -> None:
        self.complaint, first = actions.receive(new)
        self.now = new.entered_at
        self.turns: list[Turn] = []
        self.events: list[AnyEvent] = []
        self.notices: list[Written] = []
        self.words: list[Word] = []
        self._directory = directory
        self._take(first)

    def run_until(self, until: datetime | None) -> None:
        """Lets the clocks do by themselves all that is due until then (aware; None: to the end).

        Raises MendRequest `beyond-the-calendar`.
        """
        while (moment := self.complaint.next_moment()) and (until is None or moment.at <= until):
            # Nothing can be done before it is known that the complaint exists.
            self.now = max(moment.at, self.now)
            dues = _work_out(moments.question(self.complaint, moment, self.now))
            self._take(moments.pass_moment(self.complaint, moment, self.now, dues))

    def act(self, action: AnyAction, at: datetime) -> Turn:
        """Lets time pass until `at` (aware), then acts. Raises the refusal, if there is one.

        An action whose key was carried out before is not carried out again.
        """
        self.run_until(at)
        self.now = max(at, self.now)
        if action.key in self.complaint.done:
            return Turn(self.complaint, self.now, action.by)
        rules.check(self.complaint, action, self.now)
        self._check_people(action)
        dues = _work_out(actions.question(self.complaint, action, self.now))
        turn = actions.carry_out(self.complaint, action, self.now, dues)
        self._take(turn)
        return turn

    def _check_people(self, action: AnyAction) -> None:
        if self._directory is None:
            return
        found = {
            staff_id: PersonFound(
                person=Person(staff_id=staff_id, role=role)
                if (role := self._directory.get(staff_id)) is not None
                else None
            )
            for staff_id in rules.people(self.complaint, action)
        }
        rules.check_people(self.complaint, action, found)

    def _take(self, turn: Turn) -> None:
        self.turns.append(turn)
        self.events += turn.events
        self.notices += [Written(turn.now, notice) for notice in turn.notices]
        self.words += turn.words


def _work_out(question: DueQuestion | None) -> Dues:
    if question is None:
        return {}
    return {due.clock: due for due in clocks.answer(question)}
