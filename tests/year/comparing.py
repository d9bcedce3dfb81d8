"""The figures of a played year beside those that were published."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.table import Table

from services.reporting import categories
from services.reporting.reports.adds_up import by_id
from services.reporting.reports.document import Report
from services.reporting.reports.figures import Count, Figure, Money, Share
from tests.year.outline import percent_of
from tests.year.source import Published, StageFigures


class Compared(NamedTuple):
    """One figure, as people read it: published and played."""

    what: str
    published: str
    played: str

    @property
    def same(self) -> bool:
        """Whether they are the same to the digit."""
        return self.published == self.played


def compare(report: Report, published: Published) -> list[Compared]:
    """Returns every published figure beside the one that the report holds.

    Raises KeyError where the report has no such figure.
    """
    played = by_id(report)
    plain = [
        Compared(what, figure.shown, played[figure.id].shown)
        for what, figure in _published(published, [*played])
    ]
    return [*plain, _main_theme(played, published)]


def table(compared: Sequence[Compared]) -> Table:
    """Returns the comparison for a terminal."""
    shown = Table("", "published", "played", "")
    for one in compared:
        shown.add_row(one.what, one.published, one.played, "" if one.same else "differs")
    return shown


def _published(published: Published, ids: Sequence[str]) -> Iterator[tuple[str, Figure]]:
    quarters = [name for name in ids if name.startswith("stage-1/received/") and "-q" in name]
    codes = [name.rpartition("/")[2] for name in quarters]
    for stage, figures in (("1", published.stage_1), ("2", published.stage_2)):
        yield from _of_stage(stage, figures, codes)
    area = published.slowest_area
    late = f"late-responses/stage-1/areas/{area.name.casefold()}"
    yield f"{area.name}: stage 1, late", Share(id=late, met=area.late, of=area.received)
    yield "Refused", Count(id="refused", value=0)
    paid = published.remedies
    yield "Compensation, payments", Count(id="compensation/payments", value=paid.payments)
    yield "Compensation", Money(id="compensation/paid", pence=paid.pence)
    yield "Before the Ombudsman", Count(id="ombudsman/open", value=published.ombudsman.open)
    yield "Determined", Count(id="ombudsman/determined", value=0)


def _main_theme(played: Mapping[str, Figure], published: Published) -> Compared:
    """Compares the share of the main theme, which the report tells as several themes."""
    main, total = published.main_theme, published.stage_1.total
    told = {categories.theme_of(published.policy, one) for one in main.categories}
    counts = [played[f"themes/{theme}/stage-1"] for theme in sorted(told)]
    met = sum(one.value for one in counts if isinstance(one, Count))
    found = Share(id="main-theme", met=met, of=total)
    percent = Share(id="main-theme", met=percent_of(main.percent, total), of=total)
    return Compared(" and ".join(main.categories), percent.shown, found.shown)


def _of_stage(
    stage: str, figures: StageFigures, quarters: Sequence[str]
) -> Iterator[tuple[str, Figure]]:
    begins, title = f"stage-{stage}", f"Stage {stage}"
    for code, received in zip(quarters, figures.received, strict=True):
        name = f"{begins}/received/{code}"
        yield f"{title} received, {code}", Count(id=name, value=received)
    yield f"{title} received", Count(id=f"{begins}/received", value=figures.total)
    for decision, count in figures.outcomes.model_dump().items():
        name = decision.replace("_", "-")
        yield f"{title} {name}", Count(id=f"{begins}/outcomes/{name}", value=count)
    recorded = f"{begins}/outcomes/recorded"
    yield f"{title} outcomes recorded", Count(id=recorded, value=figures.outcomes.total)
    acknowledged, total = figures.acknowledged_in_time, figures.total
    yield (
        f"{title} acknowledged in time",
        Share(id=f"{begins}/acknowledged-by-code", met=acknowledged, of=total),
    )
    responded = figures.responded_in_time
    yield (
        f"{title} answered in time",
        Share(id=f"{begins}/responded-by-code-unextended", met=responded, of=total),
    )
    late = f"late-responses/{begins}"
    yield f"{title} answered late", Count(id=late, value=figures.responded_late)
