"""What every report says of itself at its end, in every format: its days, its time, its rules."""

from datetime import datetime

from services.reporting.reports.document import Report, Row, Section, Table
from services.reporting.reports.figures import Day, Text, day_in_words
from services.shared.local_time import LONDON

SAYS_CHANCE = (
    "“More than chance explains” is said where the chance that anything at all would be named, "
    "were all alike, is at most 5% (exact binomial test given the total, with Holm’s correction). "
    "Nothing with fewer than 5 complaints is named."
)


SAYS_KEPT_BACK = (
    "So that nobody can be recognised, small numbers of places, themes and reasons may be counted "
    "together: a line “All others” or “Other reasons” holds them, and every total holds them too."
)


def about(report: Report) -> Section:
    """Returns the section that tells how the figures were counted."""
    return Section(
        heading="About this report",
        paragraphs=(
            f"This report is about {report.period.shown}, both days included.",
            *([f"It counts {narrowed_to(report.policy)}."] if report.policy else []),
            f"It counts what had happened by {moment(report.as_at)} (London time).",
            f"It was made on {moment(report.made_at)}.",
            *([SAYS_CHANCE, SAYS_KEPT_BACK] if _tells_themes(report) else []),
        ),
        tables=(_rule_sets(report),) if report.rule_sets else (),
    )


def _tells_themes(report: Report) -> bool:
    return any(figure.id.startswith("themes/") for figure in report.figures())


def narrowed_to(policy: str) -> str:
    """Returns of which complaints a report is that is about one policy alone."""
    return f"complaints under the policy “{policy}” alone"


def subtitle(says: str, policy: str | None, so_far: str = "") -> str:
    """Returns what stands under a report's title: what it is, of which complaints, up to when."""
    narrowed = "" if policy is None else f"It counts {narrowed_to(policy)}."
    return " ".join(filter(None, (says, narrowed, so_far)))


def moment(instant: datetime) -> str:
    """Returns an instant as London's clocks show it: `5 January 2027 at 09:30`."""
    local = instant.astimezone(LONDON)
    return f"{day_in_words(local.date())} at {local:%H:%M}"


def _rule_sets(report: Report) -> Table:
    rows = (
        Row(heading=rules.title, cells=(Day(day=rules.dated), Text(text=rules.says)))
        for rules in report.rule_sets
    )
    return Table(
        caption="The rules by which these figures were counted",
        columns=("Rule", "In force from", "What it says"),
        rows=tuple(rows),
    )
