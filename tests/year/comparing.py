"""The figures of a played year beside those that were published."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.table import Table

from services.reporting import categories
from services.reporting.reports.adds_up import by_id
from services.reporting.reports.document import Report
from services.reporting.reports.figures import Count, Figure, Money, Share
from tests.year.source import AreaFigures, Published, StageFigures


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
    return [*plain, _slowest_area(played, published), _main_theme(played, published)]


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
    late = Count(id="late-responses/stage-1", value=published.late_responses)
    yield "Stage 1 answered late", late
    area = published.slowest_area
    yield f"{area.name} received", Count(id=f"areas/{_code(area)}/stage-1", value=area.received)
    yield "Refused", Count(id="refused", value=published.refused)
    paid, cases = published.remedies, published.ombudsman
    yield "Compensation, payments", Count(id="compensation/payments", value=paid.payments)
    yield "Compensation", Money(id="compensation/paid", pence=paid.pence)
    yield "Before the Ombudsman", Count(id="ombudsman/open", value=cases.open)
    yield "Determined", Count(id="ombudsman/determined", value=cases.determined)


def _code(area: AreaFigures) -> str:
    return area.name.casefold()


def _slowest_area(played: Mapping[str, Figure], published: Published) -> Compared:
    """Compares percentages: that alone was published of the area's answers."""
    area = published.slowest_area
    late = played[f"late-responses/stage-1/areas/{_code(area)}"]
    return Compared(f"{area.name} answered late", f"{area.late_percent}%", _percent(late))


def _main_theme(played: Mapping[str, Figure], published: Published) -> Compared:
    """Compares the share of the main theme, which the report tells as several themes."""
    main = published.main_theme
    told = {categories.theme_of(published.policy, one) for one in main.categories}
    counts = [played[f"themes/{theme}/stage-1"] for theme in sorted(told)]
    met = sum(one.value for one in counts if isinstance(one, Count))
    total = played["stage-1/received"].quantities["stage-1/received"]
    found = Share(id="main-theme", met=met, of=total)
    return Compared(" and ".join(main.categories), f"{main.percent}%", _percent(found))


def _percent(figure: Figure) -> str:
    """Returns a share's percentage alone; what has none, as it is shown."""
    if isinstance(figure, Share) and figure.percentage is not None:
        return f"{figure.percentage}%"
    return figure.shown


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
