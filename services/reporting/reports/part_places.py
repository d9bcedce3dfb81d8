"""The parts of a report on where complaints came from, and how."""

from collections.abc import Mapping, Sequence

from services.reporting.measures.facets import (
    CHANNEL,
    CODE_STAGE,
    REGION,
    SERVICE_AREA,
    TENURE,
)
from services.reporting.measures.tally import Tally
from services.reporting.measures.tenant_satisfaction import TENURES
from services.reporting.measures.themes import LEAST, SAYS_NOT_COMPARED, services_above_average
from services.reporting.reports.breakdown import (
    NOTE_ON_OTHERS,
    OTHERS,
    Breakdown,
    Value,
    broken_down,
    split,
)
from services.reporting.reports.document import Row, Section, Sum, Table
from services.reporting.reports.figures import Share
from services.reporting.reports.material import STAGES, Ask, Asks, Material, Part, adds

ASKS: Asks = {
    "areas": Ask("received", (SERVICE_AREA, CODE_STAGE)),
    "areas-in-time": Ask("answered-of-received", (SERVICE_AREA, CODE_STAGE)),
    "regions": Ask("received", (REGION, CODE_STAGE)),
    "regions-in-time": Ask("answered-of-received", (REGION, CODE_STAGE)),
    "channels": Ask("received", (CHANNEL, CODE_STAGE)),
    "tenures": Ask("received", (TENURE, CODE_STAGE)),
}

NOT_RECORDED = "Not recorded"

ALL_OTHERS = "All others"

NOTE_ON_PLACES = f"Places with fewer than {LEAST} complaints are put together as “{ALL_OTHERS}”."

NOTE_ON_TIME = (
    "By the Code's times, and of all that were received, answered yet or not. The dashboard's "
    "figure by area is another: by the policy's times, of what was answered or is late."
)

SAYS_COMPARED = "Services are compared by complaints for each home."

NOTE_ON_FEW = (
    "Of lines with few complaints, or few that were or were not in time, this is not told; they "
    f"are counted under “{ALL_OTHERS}”."
)


def areas(material: Material) -> Part:
    """Where complaints came from, and which services stand out (Code 8.1, 9.2)."""
    by_area = _breakdown(material, "areas")
    area_tables, area_sums = _places(material, by_area, "Service area")
    region_tables, region_sums = _places(material, _breakdown(material, "regions"), "Region")
    section = Section(
        heading="Areas",
        paragraphs=_stand_out(material, by_area),
        tables=(*area_tables, *region_tables),
    )
    breakdowns = ("areas", "areas-in-time", "regions", "regions-in-time")
    return Part(section, (*area_sums, *region_sums), breakdowns)


def _breakdown(material: Material, key: str) -> Breakdown:
    """Breaks down by places: the name of one with few complaints may be that of one house.

    So such places are put together, also in what is not published.
    """
    tally = material.counts[key]
    parts = tally.by(tally.facets[0])
    wanted = {value: value is None or part.met >= LEAST for value, part in parts.items()}
    return broken_down(tally, key, wanted, published=material.published)


def _places(
    material: Material, breakdown: Breakdown, title: str
) -> tuple[tuple[Table, ...], list[Sum]]:
    note = NOTE_ON_OTHERS if material.published else NOTE_ON_PLACES
    counted = _table(breakdown, title, notes=(note,))
    in_time, sums = _in_time(material, breakdown, title)
    return (counted, *in_time), [*breakdown.sums(), *sums]


def _table(
    breakdown: Breakdown,
    title: str,
    titles: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
) -> Table:
    return Table(
        caption=f"Complaints by {title.lower()}",
        columns=(title, *STAGES.values()),
        rows=breakdown.rows(_titles(breakdown, titles or {}), ALL_OTHERS),
        notes=tuple(notes),
    )


def _titles(breakdown: Breakdown, titles: Mapping[str, str]) -> dict[Value, str]:
    return {
        value: NOT_RECORDED if value is None else titles.get(value, value)
        for value in breakdown.lines
    }


def _in_time(
    material: Material, breakdown: Breakdown, title: str
) -> tuple[tuple[Table, ...], list[Sum]]:
    """Tells how many of each place were answered in time at stage 1, where that may be told."""
    key = f"{breakdown.key}-in-time"
    tally = material.counts[key].of(code_stage="1")
    found = split(breakdown, _met_and_not(breakdown, tally), published=material.published)
    if found is None or not found.lines:
        return (), []
    titles = _titles(breakdown, {})
    shares = {
        titles[value]: Share(id=f"{key}/{breakdown.lines[value]}", met=met, of=met + not_met)
        for value, (met, not_met) in found.lines.items()
    }
    if found.others is not None:
        met, not_met = found.others
        shares[ALL_OTHERS] = Share(id=f"{key}/{OTHERS}", met=met, of=met + not_met)
    sums = [adds("stage-1/received", [f"{one.id}#of" for one in shares.values()])]
    sums += [
        adds(f"{breakdown.key}/{code}/stage-1", [f"{key}/{code}#of"])
        for value, code in breakdown.lines.items()
        if value in found.lines
    ]
    table = Table(
        caption=f"Stage 1 answered within the Code's time, by {title.lower()}",
        columns=(title, "Stage 1"),
        rows=tuple(Row(heading=heading, cells=(one,)) for heading, one in shares.items()),
        notes=(NOTE_ON_TIME, *([NOTE_ON_FEW] if material.published else [])),
    )
    return (table,), sums


def _met_and_not(breakdown: Breakdown, tally: Tally) -> dict[Value, tuple[int, int]]:
    parts = {value: tally.among(tally.facets[0], [value]) for value in breakdown.numbers["1"]}
    return {
        value: (part.met, breakdown.numbers["1"][value] - part.met) for value, part in parts.items()
    }


def _stand_out(material: Material, by_area: Breakdown) -> tuple[str, ...]:
    """Names the services with more complaints than their size explains, where sizes are known."""
    counts = {area: number for area, number in by_area.numbers["1"].items() if area and number}
    found = services_above_average(counts, dict(material.landlord.homes_by_service_area))
    if found is None:
        return (SAYS_NOT_COMPARED,)
    # The name alone would tell that it has 5 or more, which what is kept back must not come from.
    named = [area for area in found if by_area.tells(area)]
    if not named:
        none = "No service that is shown had more complaints at stage 1 than chance explains."
        return none, SAYS_COMPARED
    return f"More complaints at stage 1 than chance explains: {', '.join(named)}.", SAYS_COMPARED


def ways_in(material: Material) -> Part:
    """How complaints came in, and from which homes (Code 3.1).

    What is published tells homes by the Regulator's measures alone: beside those, which are told
    whatever they are, no small number of homes could be kept back.
    """
    channels = _breakdown(material, "channels")
    notes = [NOTE_ON_OTHERS] if material.published else []
    titles = {code: code.replace("-", " ").capitalize() for code in channels.lines if code}
    tables, sums = [_table(channels, "Channel", titles, notes)], channels.sums()
    if not material.published:
        tenures = _breakdown(material, "tenures")
        tables.append(_table(tenures, "Home", TENURES))
        sums += tenures.sums()
    section = Section(heading="How complaints came in", tables=tuple(tables))
    return Part(section, tuple(sums), ("channels", "tenures"))
