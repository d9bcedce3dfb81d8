"""Measures of what stands now, whenever it began: for the live position and its lists."""

from dataclasses import replace
from datetime import date

from services.reporting.facts import StageFacts
from services.reporting.measures import ombudsman
from services.reporting.measures.catalogue import Catalogue, catalogue
from services.reporting.measures.measure import Measure, Verdict, met, out
from services.reporting.measures.outcomes import promises_kept
from services.reporting.measures.populations import OPEN_STAGES, PROMISES
from services.reporting.measures.rule_sets import PUTRIGHT
from services.reporting.measures.switches import Switches
from services.reporting.tables import PromiseFactsRow

OMBUDSMAN_OPEN = ombudsman.OPEN.name
PROMISES_OPEN = "promises-open"
ANSWERED_OPEN = "answered-open"

UNDONE = replace(
    PROMISES,
    name="promises-undone",
    says="Each action that a response promised and that is not done yet.",
    placed_by=None,
    only=(("done_on", None),),
)


def answered(facts: StageFacts) -> Verdict:
    """Answered, and the resident may still take it further."""
    return out("not-answered") if facts.decision is None else met("answered")


ANSWERED = Measure(
    name=ANSWERED_OPEN,
    title="Answered, and still open to the next stage",
    says="The stages that are open and answered: the resident may still ask for the next stage.",
    source="Code 6.10",
    rule_set=PUTRIGHT,
    population=OPEN_STAGES,
    reads=("decision",),
    rule=answered,
    reasons={"answered": "Answered", "not-answered": "To be answered"},
)


def promises_open(today: date) -> Measure:
    """What is promised and not done, late when it would be so among the promises of a period."""
    of_a_period = promises_kept(today)

    def rule(facts: PromiseFactsRow) -> Verdict:
        return met(of_a_period.rule(facts).reason)

    return replace(
        of_a_period,
        name=PROMISES_OPEN,
        title="Promised actions still to be done",
        says="The actions that responses promised and that are not done: which of them are late.",
        population=UNDONE,
        rule=rule,
    )


def measures(today: date, switches: Switches | None = None) -> Catalogue:
    """Returns every measure that a page can list the cases of, with the landlord's switches."""
    return {
        **catalogue(today, switches),
        ANSWERED_OPEN: ANSWERED,
        PROMISES_OPEN: promises_open(today),
    }
