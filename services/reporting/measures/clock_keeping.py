"""Clocks that were missed, the ladder that was climbed, and extensions with their notices."""

from services.reporting.facts import StageFacts
from services.reporting.measures.measure import Measure, Verdict, met, not_met, out
from services.reporting.measures.populations import STAGES
from services.reporting.measures.rule_sets import CODE, PUTRIGHT


def missed(facts: StageFacts) -> Verdict:
    """Whether any clock of the stage passed with the thing undone."""
    return met("missed") if facts.misses else not_met("none-missed")


def climbed(facts: StageFacts) -> Verdict:
    """Whether anybody above the investigator had to be told."""
    return met("climbed") if facts.rungs else not_met("not-climbed")


def extension_told(facts: StageFacts) -> Verdict:
    """Whether every extension was told inside the time before it (Code 6.5)."""
    match facts.extended:
        case "in-time":
            return met("told-in-time")
        case "late":
            return not_met("told-late")
        case "untold":
            return not_met("not-told")
        case _:
            return out("not-extended")


MISSED = Measure(
    name="missed-clocks",
    title="With a missed clock",
    says="Of the stages asked for: how many missed a clock, whatever it waited for; the amount is "
    "how many clocks they missed.",
    source="Code 6.2, 6.3, 6.11, 6.14",
    rule_set=PUTRIGHT,
    population=STAGES,
    reads=("misses",),
    rule=missed,
    reasons={"missed": "Missed a clock", "none-missed": "Missed none"},
    amount="misses",
)

CLIMBED = Measure(
    name="ladder-climbs",
    title="Taken up the ladder",
    says="Of the stages asked for: how many went up the policy's ladder after a missed clock; the "
    "amount is how many rungs were climbed.",
    source="Code 4.1–4.3",
    rule_set=PUTRIGHT,
    population=STAGES,
    reads=("rungs",),
    rule=climbed,
    reasons={"climbed": "Climbed the ladder", "not-climbed": "Did not"},
    amount="rungs",
)

EXTENSIONS = Measure(
    name="extensions",
    title="Extensions told in time",
    says="Of the stages whose response was put off by an extension: how many residents were told "
    "while the time before it still ran.",
    source="Code 6.4, 6.5",
    rule_set=CODE,
    population=STAGES,
    reads=("extended",),
    rule=extension_told,
    reasons={
        "told-in-time": "The notice went out in time",
        "told-late": "The notice went out late",
        "not-told": "No notice is known to have gone out",
        "not-extended": "Not extended",
    },
)

MEASURES = (MISSED, CLIMBED, EXTENSIONS)
