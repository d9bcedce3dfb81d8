"""One step of a policy: how it is entered, its clocks, who answers it, how far it is put off.

Every rule names the clause that it stands on, and says whether the landlord's document states it
or it is our reading of a silence.
"""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from services.notify.contents import Need
from services.shared.events import ClockName, Frozen
from services.shared.text import Code, Line, Words
from services.workflow.spans import SpanText

Admission = Literal["on-receipt", "on-request", "when-not-resolved", "on-referral"]
"""How a stage is entered.

`on-receipt`: the first, with the complaint itself. `on-request`: the resident asks.
`when-not-resolved`: by itself when the stage before lets its time to respond pass, or says that it
cannot resolve the complaint, or the resident says that it has not. `on-referral`: whoever answers
the stage before passes the complaint on instead of answering.
"""

Anchor = Literal[
    "received", "requested", "referred", "acknowledged", "heard", "responded", "declined"
]
"""The event from which a clock counts. `referred`: the stage was entered without a request."""

BEGINS: dict[Admission, Anchor] = {
    "on-receipt": "received",
    "on-request": "requested",
    "when-not-resolved": "referred",
    "on-referral": "referred",
}
"""The anchor with which a stage begins, by how it is entered."""


class Rule(Frozen):
    """What every rule says of itself."""

    clause: Line
    """Where it stands in the landlord's document, or how we read it."""
    stated: bool = True
    """False marks our reading, where the document is silent or can be read two ways."""
    readings: tuple[str, ...] = ()
    """The keys of a stated rule that are our reading all the same."""

    @model_validator(mode="after")
    def _reads_its_own_keys(self) -> Self:
        keys = {field.alias or name for name, field in type(self).model_fields.items()}
        if unknown := sorted(set(self.readings) - keys):
            raise ValueError(f"readings: this rule has no key {unknown[0]!r}")
        return self


class Clock(Rule):
    """What must happen within which time of which anchor."""

    within: SpanText
    anchor: Anchor = Field(alias="from")
    anchor_is_day_1: bool = False
    """True where the policy counts the anchor's own day as day 1 (if it is a working day)."""

    @field_validator("within")
    @classmethod
    def _takes_time(cls, within: SpanText) -> SpanText:
        if within.count == 0:
            raise ValueError("a clock gives at least 1 of its unit")
        return within


class Window(Clock):
    """The resident's time to ask for the next stage; the complaint closes when it passes."""

    late_within: SpanText | None = None
    """How long after the same anchor a late request is still considered, as an exception."""

    @field_validator("late_within")
    @classmethod
    def _in_days(cls, late_within: SpanText | None) -> SpanText | None:
        return None if late_within is None else _moves_a_date(late_within)


class Extension(Rule):
    """How far the response may be put off (Code 6.4, 6.15)."""

    at_most: SpanText | Literal["uncapped"]
    """The cap on one stage's extensions together; `uncapped` where the document sets none."""
    needs_agreement: bool = False
    """True where even an extension within the cap is agreed with the resident."""
    beyond: Literal["with-agreement", "never"] = "with-agreement"
    """Whether the resident's recorded agreement carries it beyond the cap."""
    tells_ombudsman: bool = False
    """Whether the document says that its notice gives the Ombudsman's details (Code 6.5)."""

    @field_validator("at_most")
    @classmethod
    def _in_days(cls, at_most: SpanText | Literal["uncapped"]) -> SpanText | Literal["uncapped"]:
        return at_most if at_most == "uncapped" else _moves_a_date(at_most)


class AgreedDate(Rule):
    """The response is due on a date agreed with the resident; until then the clock's is the aim."""


class Reason(Rule):
    """A reason that may be given for a decision, by its code and in words for the resident."""

    code: Code
    wording: Words


class Contact(Rule):
    """The resident is spoken to, or an attempt is recorded."""

    before_response: bool = True
    """Whether there is no response before there was contact."""
    by: Clock | None = None
    exceptions: tuple[Reason, ...] = ()
    """For which reasons contact may be left out; the reason is recorded instead."""


class Decline(Reason):
    """A reason for which a request may be declined."""

    unless: Need | None = None
    """What the resident may have offered with the request that rules this reason out."""


class Request(Rule):
    """What asking for this stage takes (Code 5.11, 6.12)."""

    needs: tuple[Need, ...] = ()
    declines: tuple[Decline, ...] = ()
    """Why a request may be declined; without any it is always granted."""
    decided_by: tuple[Code, ...] = ()
    """The directory roles that may decline; none named means any."""
    reply: Clock | None = None
    """The resident's time to answer a decline; without it a decline ends the procedure."""

    def reason(self, code: str) -> Decline | None:
        """Returns the reason for declining of that code, or None."""
        return next((reason for reason in self.declines if reason.code == code), None)


class AnsweredBy(Rule):
    """Who may answer the stage (Code 6.13)."""

    roles: tuple[Code, ...] = ()
    """The directory roles that may investigate; none named means any."""
    together_with: tuple[Code, ...] = ()
    """The roles of which one person joins the investigator; none named means nobody has to."""
    not_previously_involved: bool = False


class Hearing(Rule):
    """The stage is heard by a panel, and the response counts from the hearing."""

    arrange: Clock
    """By when the hearing has a date."""


class SendOn(Rule):
    """After the response a complaint may go straight to the Ombudsman, past the next stage."""

    roles: tuple[Code, ...] = Field(min_length=1)
    """The directory roles of which one authorises it."""


class Stage(Frozen):
    """One step of the policy."""

    name: Code
    title: Line
    after: Code | None = None
    """The stage that it follows; None for the first."""
    admission: Admission
    request: Request | None = None
    """Only of a stage that is entered on request; without it nothing is asked and none declined."""
    answered_by: AnsweredBy | None = None
    acknowledge: Clock | None = None
    contact: Contact | None = None
    hearing: Hearing | None = None
    respond: Clock
    agreed_date: AgreedDate | None = None
    extension: Extension | None = None
    escalate: Window | None = None
    send_on: SendOn | None = None

    @property
    def begins(self) -> Anchor:
        """The anchor with which the stage begins."""
        return BEGINS[self.admission]

    def clock(self, name: ClockName) -> Clock | None:
        """Returns one clock of the stage by its name."""
        clocks: dict[ClockName, Clock | None] = {
            "acknowledge": self.acknowledge,
            "contact": self.contact.by if self.contact else None,
            "arrange": self.hearing.arrange if self.hearing else None,
            "respond": self.respond,
            "escalate": self.escalate,
            "reply": self.request.reply if self.request else None,
        }
        return clocks[name]

    @property
    def can_be_asked_for(self) -> bool:
        """Whether the resident can ask for it, once the stage before has been answered."""
        return self.admission in {"on-request", "when-not-resolved"}

    @property
    def can_be_referred_to(self) -> bool:
        """Whether whoever answers the stage before can pass the complaint on to it."""
        return self.admission in {"when-not-resolved", "on-referral"}


def _moves_a_date(span: SpanText) -> SpanText:
    if span.unit == "hours":
        raise ValueError("this moves a date, so it is not given in hours")
    return span
