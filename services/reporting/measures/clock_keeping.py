"""Clocks that were missed, the ladder that was climbed, and extensions with their notices."""

from datetime import date

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


def extensions(as_at: date) -> Measure:
    """Whether every extension was told inside the time before it (Code 6.5), as things stand."""

    def rule(facts: StageFacts) -> Verdict:
        match facts.extended:
            case "in-time":
                return met("told-in-time")
            case "late":
                return not_met("told-late")
            case "untold":
                ahead = facts.tell_by is not None and facts.tell_by >= as_at
                return out("not-yet") if ahead else not_met("not-told")
            case _:
                return out("not-extended")

    return Measure(
        name="extensions",
        title="Extensions told in time",
        says="Of the stages whose response was put off by an extension: how many residents were "
        "told of every one while the time before it still ran. A notice that came back has told "
        "nobody; where there is still time to tell, it does not count yet.",
        source="Code 6.4, 6.5",
        rule_set=CODE,
        population=STAGES,
        reads=("extended", "tell_by"),
        rule=rule,
        reasons={
            "told-in-time": "The notice went out in time",
            "told-late": "The notice went out late",
            "not-told": "No notice is known to have gone out",
            "not-yet": "No notice is known to have gone out, and there is still time for it",
            "not-extended": "Not extended",
        },
    )


MEASURES = (MISSED, CLIMBED)
