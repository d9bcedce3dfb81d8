"""What was learnt from complaints."""

from services.reporting.measures.measure import Measure, Verdict, met
from services.reporting.measures.populations import LESSONS
from services.reporting.measures.rule_sets import CODE
from services.reporting.tables import LessonFactsRow


def recorded(_facts: LessonFactsRow) -> Verdict:
    """A lesson that was recorded (Code 9.1)."""
    return met("recorded")


LEARNT = Measure(
    name="lessons",
    title="Lessons",
    says="Each lesson that was recorded from a complaint, by the day of that.",
    source="Code 9.1–9.3",
    rule_set=CODE,
    population=LESSONS,
    reads=(),
    rule=recorded,
    reasons={"recorded": "Recorded"},
)

MEASURES = (LEARNT,)
