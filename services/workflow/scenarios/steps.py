"""The steps of a scenario: one model for each action, and the action that becomes of it.

What a step leaves out is filled in from where the complaint then stands, so that nobody has to
write letters for a play: the points are answered that there are, a call is made when it is logged.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from services.notify.contents import Need, PromisedAction
from services.shared.events import Decision, Frozen
from services.shared.local_time import local_date
from services.shared.text import Code, Words
from services.workflow import contract
from services.workflow.complaint import Complaint
from services.workflow.messages import (
    Acknowledge,
    AddPoints,
    AgreeDate,
    AnyAction,
    Assign,
    Decline,
    Escalate,
    Extend,
    LogContact,
    Refer,
    Respond,
    SendOn,
    SetHearing,
    Triage,
    Withdraw,
)
from services.workflow.scenarios.fields import Day, Moment, Points

FILLER = "As the scenario has it."
"""Stands where a letter would have words."""


class Step(Frozen):
    """Something that somebody does, or tries to do, at a moment."""

    becomes: ClassVar[type[AnyAction]]

    at: Moment
    do: str
    by: Code = "staff"

    def action(self, complaint: Complaint, key: str) -> AnyAction:
        """Returns the action that the step is, as the complaint stands then.

        Raises MendRequest where its words mean nothing under the complaint's policy.
        """
        said = self.model_dump(include=set(self.becomes.model_fields))
        return self.becomes.model_validate({**said, **self.filled_in(complaint), "key": key})

    def filled_in(self, complaint: Complaint) -> dict[str, Any]:  # noqa: ARG002 — most need nothing
        """Returns the fields of the action that are not as the step has them."""
        return {}


class TriageStep(Step):
    """Take the complaint in unless it says `decision = "refuse"`."""

    becomes = Triage

    do: Literal["triage"]
    decision: Literal["accept", "refuse"] = "accept"
    priority: Literal["standard", "high"] = "standard"
    grounds: tuple[Code, ...] = ()
    """The policy's grounds for urgency that hold."""
    reason: Code | None = None
    explanation: Words = FILLER
    issue_on: Day | None = None
    concluded_on: Day | None = None
    no_exception: bool = False

    def filled_in(self, complaint: Complaint) -> dict[str, Any]:
        """Weighs the grounds by the policy, as the API does. Raises `unknown-ground`."""
        rules = complaint.rules
        urgency = contract.urgency(rules.name, rules.effective, self.grounds)
        priority = "high" if "high" in {self.priority, urgency.priority} else "standard"
        return {"priority": priority, "at_once": urgency.at_once}


class AssignStep(Step):
    """Put a named investigator in charge."""

    becomes = Assign

    do: Literal["assign"]
    investigator: Code
    together_with: Code | None = None


class AcknowledgeStep(Step):
    """Acknowledge the stage, with one point unless it says more."""

    becomes = Acknowledge

    do: Literal["acknowledge"]
    definition: Words = FILLER
    points: Points = ("Point 1",)
    outcomes_sought: Words = FILLER
    not_ours: Words | None = None


class AddPointsStep(Step):
    """A further complaint joins this one, of one point unless it says more."""

    becomes = AddPoints

    do: Literal["add-points"]
    points: Points = ("Point 1",)


class ContactStep(Step):
    """The resident is spoken to on the telephone, then, unless it says otherwise."""

    becomes = LogContact

    do: Literal["contact"]
    outcome: Literal["made", "attempted", "left-out"] = "made"
    how: Literal["phone", "email", "letter", "visit", "text", "video", "in-person"] = "phone"
    happened_at: Moment | None = None
    exception: Code | None = None

    def filled_in(self, complaint: Complaint) -> dict[str, Any]:  # noqa: ARG002 — asked like the others
        """Takes it to have happened when it was logged."""
        how = None if self.outcome == "left-out" else self.how
        return {"how": how, "happened_at": self.happened_at or self.at}


class ExtendStep(Step):
    """Take more time to respond."""

    becomes = Extend

    do: Literal["extend"]
    until: Day
    reason: Words = FILLER
    agreed_on: Day | None = None


class AgreeDateStep(Step):
    """Agree on another date with the resident, on that day unless it says when."""

    becomes = AgreeDate

    do: Literal["agree-date"]
    until: Day
    agreed_on: Day | None = None

    def filled_in(self, complaint: Complaint) -> dict[str, Any]:  # noqa: ARG002 — asked like the others
        """Takes it to have been agreed on the day of the step."""
        return {"agreed_on": self.agreed_on or local_date(self.at)}


class HearingStep(Step):
    """Give the hearing a date."""

    becomes = SetHearing

    do: Literal["hearing"]
    on: Day


class AnswerToPoint(Frozen):
    """The answer to one point, by its number."""

    point: Annotated[str, Field(pattern=r"^[0-9]{1,2}$")]
    text: Words = FILLER
    decision: Decision
    reasons: Words = FILLER


class RespondStep(Step):
    """Answer every point, all with one decision, or each with its own."""

    becomes = Respond

    do: Literal["respond"]
    decision: Decision = "upheld"
    """The decision on every point, where `answers` does not give each its own."""
    answers: tuple[AnswerToPoint, ...] = ()
    definition: Words = FILLER
    remedy: Words | None = None
    actions: tuple[PromisedAction, ...] = ()

    def filled_in(self, complaint: Complaint) -> dict[str, Any]:
        """Answers the points that there are then."""
        answers = self.answers or tuple(
            AnswerToPoint(point=point, decision=self.decision)
            for point in complaint.points or ("1",)
        )
        return {"answers": tuple(answer.model_dump() for answer in answers)}


class EscalateStep(Step):
    """The resident asks for the next stage, or answers that it was declined."""

    becomes = Escalate

    do: Literal["escalate"]
    requested_at: Moment | None = None
    offers: tuple[Need, ...] = ()
    late_because: Words | None = None

    def filled_in(self, complaint: Complaint) -> dict[str, Any]:  # noqa: ARG002 — asked like the others
        """Considers a late request where the step gives a reason to."""
        return {"considered_late": self.late_because is not None}


class DeclineStep(Step):
    """Decline the request for this stage, for a reason of the policy."""

    becomes = Decline

    do: Literal["decline"]
    reason: Code
    explanation: Words = FILLER


class ReferStep(Step):
    """Pass the complaint on to the next stage instead of answering this one."""

    becomes = Refer

    do: Literal["refer"]


class SendOnStep(Step):
    """End the procedure: straight to the Ombudsman."""

    becomes = SendOn

    do: Literal["send-on"]
    authorised_by: Code
    explanation: Words = FILLER


class WithdrawStep(Step):
    """The resident takes the complaint back."""

    becomes = Withdraw

    do: Literal["withdraw"]


AnyStep = Annotated[
    TriageStep
    | AssignStep
    | AcknowledgeStep
    | AddPointsStep
    | ContactStep
    | ExtendStep
    | AgreeDateStep
    | HearingStep
    | RespondStep
    | EscalateStep
    | DeclineStep
    | ReferStep
    | SendOnStep
    | WithdrawStep,
    Field(discriminator="do"),
]
"""Any step, told apart by what it says to `do`."""
