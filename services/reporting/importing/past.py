"""A past complaint as its row tells it: days, codes and amounts, and no person."""

from dataclasses import dataclass
from datetime import date

from services.shared.events import Decision, Determination, RemedyKind, Satisfaction, Tenure


@dataclass(frozen=True, slots=True)
class PastStage:
    """One stage. `due` dates are those of the table, or None where they are to be counted."""

    asked_on: date
    """When the stage was asked for; of the first stage, when the complaint came in."""
    acknowledge_due: date | None = None
    acknowledged_on: date | None = None
    respond_due: date | None = None
    extended_until: date | None = None
    extension_told_on: date | None = None
    responded_on: date | None = None
    decision: Decision | None = None
    remedies: tuple[RemedyKind, ...] = ()
    """Other than payments."""
    pence: int | None = None
    """What was paid in compensation."""
    declined_on: date | None = None
    decline_reason: str | None = None


@dataclass(frozen=True, slots=True)
class PastOmbudsman:
    """The Housing Ombudsman's case; without a determination it was still open."""

    involved_on: date
    determined_on: date | None = None
    determination: Determination | None = None
    orders: int = 0
    recommendations: int = 0
    pence: int = 0


@dataclass(frozen=True, slots=True)
class PastComplaint:
    """One complaint. It has ended: what is still open does not get this far."""

    row: int
    """As a spreadsheet numbers it."""
    reference: str
    channel: str
    category: str | None
    service_area: str | None
    region: str | None
    tenure: Tenure | None
    stages: tuple[PastStage, ...]
    refused_on: date | None = None
    refusal_reason: str | None = None
    withdrawn_on: date | None = None
    closed_on: date | None = None
    ombudsman: PastOmbudsman | None = None
    survey_on: date | None = None
    satisfaction: Satisfaction | None = None

    @property
    def received_on(self) -> date:
        """The day of receipt."""
        return self.stages[0].asked_on

    @property
    def ended_on(self) -> date | None:
        """The day on which the procedure ended; None while nothing says that it did."""
        last = self.stages[-1]
        return (
            self.refused_on
            or self.withdrawn_on
            or self.closed_on
            or last.declined_on
            or last.responded_on
        )
