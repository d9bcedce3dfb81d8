"""What a complaint asks of its own worker: when is it due, and when by a newer calendar?

Local activities, so that each answer stands in the history as a fact, with its calendar version
and explanation, and is never worked out again by a replay.
"""

from temporalio import activity

from services.shared.errors import PutrightError
from services.shared.events import Frozen
from services.shared.temporal import raise_across
from services.workflow import clocks, recount
from services.workflow.clocks import Due, DueQuestion
from services.workflow.recount import RecountAnswer, RecountQuestion


class DueAnswer(Frozen):
    """The due dates that were asked for."""

    dues: tuple[Due, ...]


@activity.defn
async def work_out_due_dates(question: DueQuestion) -> DueAnswer:
    """Works due dates out. Its refusals (`beyond-the-calendar`) are not retried."""
    try:
        return DueAnswer(dues=clocks.answer(question))
    except PutrightError as error:
        raise_across(error)


@activity.defn
async def recount_due_dates(question: RecountQuestion) -> RecountAnswer:
    """Works due dates out anew; retried while the calendar is not here (`calendar-not-here`)."""
    try:
        return recount.answer(question)
    except PutrightError as error:
        raise_across(error)
