"""What the Temporal UI shows of a complaint."""

from typing import get_args

from services.shared.events import ClockName
from services.workflow.complaint import Moment
from services.workflow.glance import at_a_glance, next_thing
from tests.days import london
from tests.workflow.lives import Life


def test_everything_that_clocks_can_do_has_words() -> None:
    at = london("Mon 2028-03-06 08:00")
    for what in get_args(Moment.__annotations__["what"]):
        for clock in get_args(ClockName):
            assert "2028" in next_thing(Moment(at, what, "stage-1", clock))


def test_every_stage_of_a_complaint_shows_at_a_glance() -> None:
    life = Life("review-panel", "Mon 2028-03-06 10:00")
    life.until("Fri 2028-03-10 10:00")
    shown = at_a_glance(life.complaint)
    assert "Stage 1, escalated" in shown
    assert "- **first-time-resolution: respond** by Thu 09 Mar 2028 · missed" in shown
    assert "Next: remind: the time to respond ends soon (stage-1) at Mon 20 Mar 2028 08:00" in shown
