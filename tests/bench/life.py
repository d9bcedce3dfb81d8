"""(c) The shortest good life: how many events, billed actions and bytes one complaint takes."""

from rich.table import Table

from services.shared.events import Frozen
from tests.bench.billing import Cost, cost
from tests.replay.lives import live

MOST_EVENTS = 120
MOST_ACTIONS = 32
MOST_BYTES = 40 * 1024


class Life(Frozen):
    """What the life that goes well at every step cost."""

    cost: Cost


async def measure() -> Life:
    """Lives it on the time-skipping server: counts, so the same on every machine."""
    history = await live("in-time")
    return Life(cost=cost(history.events))


def table(life: Life) -> Table:
    """Returns the counts beside their limits."""
    shown = Table(title="(c) The shortest good life of a complaint")
    for heading in ("", "counted", "at most"):
        shown.add_column(heading, justify="right" if heading else "left")
    found = life.cost
    shown.add_row("history events", f"{found.events}", f"{MOST_EVENTS}")
    shown.add_row("billed actions", f"{found.actions}", f"{MOST_ACTIONS}")
    shown.add_row("kilobytes", f"{found.bytes / 1024:.1f}", f"{MOST_BYTES / 1024:.0f}")
    for kind, count in found.by_kind.items():
        shown.add_row(f"  {kind}", f"{count}", "")
    return shown
