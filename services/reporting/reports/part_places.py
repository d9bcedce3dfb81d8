"""The parts of a report on where complaints came from, and how."""

from collections.abc import Mapping
from typing import NamedTuple

from services.reporting.measures.facets import (
    CHANNEL,
    CODE_STAGE,
    REGION,
    SERVICE_AREA,
    TENURE,
)
from services.reporting.measures.tally import Tally
from services.reporting.measures.tenant_satisfaction import TENURES
from services.reporting.measures.themes import LEAST, SAYS_ABOVE_AVERAGE, above_average
from services.reporting.reports.document import Row, Section, Sum, Table
from services.reporting.reports.figures import Share
from services.reporting.reports.material import (
    STAGES,
    Ask,
    Asks,
    Material,
    Part,
    adds,
    codes_of,
    count,
)

ASKS: Asks = {
    "areas": Ask("received", (SERVICE_AREA, CODE_STAGE)),
    "areas-in-time": Ask("answered-of-received", (SERVICE_AREA, CODE_STAGE)),
    "regions": Ask("received", (REGION, CODE_STAGE)),
    "regions-in-time": Ask("answered-of-received", (REGION, CODE_STAGE)),
    "channels": Ask("received", (CHANNEL, CODE_STAGE)),
    "tenures": Ask("received", (TENURE, CODE_STAGE)),
}

NOT_RECORDED = "Not recorded"

OTHERS = "All others"

NOTE_ON_PLACES = (
    f"Places with fewer than {LEAST} complaints are put together as “{OTHERS}”. The percentage is "
    "of all that were received, answered yet or not."
)


class Place(NamedTuple):
    """One line of a breakdown: what it is called, its code, and which values it holds."""

    title: str
    code: str
    values: tuple[str | None, ...]


def areas(material: Material) -> Part:
    """Where complaints came from, and which services stand out (Code 8.1, 9.2)."""
    areas_table, area_sums = _places(material, "areas", "Service area")
    regions_table, region_sums = _places(material, "regions", "Region")
    section = Section(
        heading="Areas",
        paragraphs=(_stand_out(material), SAYS_ABOVE_AVERAGE),
        tables=(areas_table, regions_table),
    )
    return Part(section, (*area_sums, *region_sums), ("areas", "regions"))


def _places(material: Material, key: str, title: str) -> tuple[Table, list[Sum]]:
    tally, in_time = material.counts[key], material.counts[f"{key}-in-time"]
    facet = tally.facets[0]
    places = places_of(tally)
    rows, sums = [], []
    for place in places:
        at = tally.among(facet, place.values)
        numbers = {stage: at.of(code_stage=stage).met for stage in STAGES}
        begins = f"{key}/{place.code}"
        met = in_time.among(facet, place.values).of(code_stage="1").met
        answered = Share(id=f"{key}-in-time/{place.code}", met=met, of=numbers["1"])
        cells = [count(f"{begins}/stage-{stage}", number) for stage, number in numbers.items()]
        rows.append(Row(heading=place.title, cells=(*cells, answered)))
        sums.append(adds(f"{begins}/stage-1", [f"{answered.id}#of"]))
    if places:
        sums += [
            adds(f"stage-{stage}/received", [f"{key}/{p.code}/stage-{stage}" for p in places])
            for stage in STAGES
        ]
    table = Table(
        caption=f"Complaints by {title.lower()}",
        columns=(title, *STAGES.values(), "Stage 1 answered within the Code's time"),
        rows=tuple(rows),
        notes=(NOTE_ON_PLACES,),
    )
    return table, sums


def _stand_out(material: Material) -> str:
    tally = material.counts["areas"].of(code_stage="1")
    counts = {area: part.met for area, part in tally.by("service-area").items() if area}
    sizes = dict(material.landlord.homes_by_service_area)
    named = above_average({**dict.fromkeys(sizes, 0), **counts}, sizes)
    if not named:
        return "No service had more complaints at stage 1 than chance explains."
    return f"More complaints at stage 1 than chance explains: {', '.join(named)}."


def ways_in(material: Material) -> Part:
    """How complaints came in, and from which homes (Code 3.1)."""
    channels, channel_sums = _list(material, "channels", "Channel")
    tenures, tenure_sums = _list(material, "tenures", "Home", TENURES)
    section = Section(heading="How complaints came in", tables=(channels, tenures))
    return Part(section, (*channel_sums, *tenure_sums), ("channels", "tenures"))


def _list(
    material: Material, key: str, title: str, titles: Mapping[str, str] | None = None
) -> tuple[Table, list[Sum]]:
    tally = material.counts[key]
    facet = tally.facets[0]
    places = places_of(tally)
    rows = []
    for place in places:
        at = tally.among(facet, place.values)
        cells = tuple(
            count(f"{key}/{place.code}/stage-{stage}", at.of(code_stage=stage).met)
            for stage in STAGES
        )
        rows.append(Row(heading=(titles or {}).get(place.title, place.title), cells=cells))
    sums = [
        adds(f"stage-{stage}/received", [f"{key}/{place.code}/stage-{stage}" for place in places])
        for stage in STAGES
        if places
    ]
    table = Table(
        caption=f"Complaints by {title.lower()}",
        columns=(title, *STAGES.values()),
        rows=tuple(rows),
    )
    return table, sums


def places_of(tally: Tally) -> list[Place]:
    """Returns the values of the first facet, those with fewer than `LEAST` put together.

    So the name of a place with few complaints, which may be that of one house, is never told.
    """
    facet = tally.facets[0]
    sizes = {value: tally.among(facet, [value]).met for value in tally.values(facet)}
    shown = [value for value, size in sizes.items() if value is not None and size >= LEAST]
    others = tuple(v for v, size in sizes.items() if v is not None and size < LEAST)
    places = [
        Place(value, code, (value,))
        for value, code in codes_of(shown, taken=("all-others", "not-recorded")).items()
    ]
    if others:
        places.append(Place(OTHERS, "all-others", others))
    if None in sizes:
        places.append(Place(NOT_RECORDED, "not-recorded", (None,)))
    return places
