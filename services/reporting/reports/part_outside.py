"""The parts of a report on what others say: the Ombudsman, residents, the Regulator's measures."""

from services.reporting.measures.facets import TENURE
from services.reporting.measures.ombudsman import DETERMINATIONS
from services.reporting.measures.satisfaction import ANSWERS, FEEDBACK_KINDS
from services.reporting.measures.tenant_satisfaction import (
    RELEVANT,
    STAGES_OF_THE_CODE,
    TENURES,
    per_1000_homes,
)
from services.reporting.reports.document import Row, Section, Table
from services.reporting.reports.figures import Money, Quantity
from services.reporting.reports.material import Ask, Asks, Material, Part, adds, count, share
from services.shared.events import Tenure

ASKS: Asks = {
    "ombudsman-referred": Ask("ombudsman-referred"),
    "ombudsman-open": Ask("ombudsman-open"),
    "ombudsman-determined": Ask("ombudsman-determined"),
    "ombudsman-orders": Ask("ombudsman-orders"),
    "ombudsman-recommendations": Ask("ombudsman-recommendations"),
    "ombudsman-compensation": Ask("ombudsman-compensation"),
    "satisfaction": Ask("satisfaction"),
}

FEEDBACK_ASKS: Asks = {
    "compliments": Ask("compliments"),
    "other-feedback": Ask("other-feedback"),
}

TSM_ASKS: Asks = {
    **{f"ch01-{stage}": Ask(f"ch01-{stage}", (TENURE,)) for stage in STAGES_OF_THE_CODE},
    **{f"ch02-{stage}": Ask(f"ch02-{stage}", (TENURE,)) for stage in STAGES_OF_THE_CODE},
    "tp09": Ask("tp09", (TENURE,)),
}


def ombudsman(material: Material) -> Part:
    """What was brought before the Housing Ombudsman, and what it found (Code 8.1, 8.2)."""
    determined = material.counts["ombudsman-determined"]
    found = [name for name in DETERMINATIONS if determined.because(name)]
    parts = [f"ombudsman/determined/{name}" for name in found]
    return Part(
        Section(
            heading="The Housing Ombudsman",
            tables=(_cases(material, found), _orders(material)),
        ),
        (adds("ombudsman/determined", parts),) if parts else (),
    )


def _cases(material: Material, found: list[str]) -> Table:
    counts = material.counts
    determined = counts["ombudsman-determined"]
    numbers = {
        "Brought before the Ombudsman in the period": count(
            "ombudsman/referred", counts["ombudsman-referred"].met
        ),
        "Before the Ombudsman now": count("ombudsman/open", counts["ombudsman-open"].met),
        **{
            f"Determined: {DETERMINATIONS[name]}": count(
                f"ombudsman/determined/{name}", determined.because(name)
            )
            for name in found
        },
    }
    rows = [Row(heading=heading, cells=(number,)) for heading, number in numbers.items()]
    total = count("ombudsman/determined", determined.met)
    rows.append(Row(heading="Determined in the period", cells=(total,), total=True))
    return Table(
        caption="Cases of the Housing Ombudsman", columns=("Cases", "Number"), rows=tuple(rows)
    )


def _orders(material: Material) -> Table:
    counts = material.counts
    ordered = (
        count("ombudsman/orders", counts["ombudsman-orders"].amount),
        count("ombudsman/recommendations", counts["ombudsman-recommendations"].amount),
        Money(id="ombudsman/compensation", pence=counts["ombudsman-compensation"].amount),
    )
    return Table(
        caption="Orders and recommendations",
        columns=("Ombudsman", "Orders", "Recommendations", "Compensation"),
        rows=(Row(heading="Ordered in these determinations", cells=ordered),),
    )


def satisfaction(material: Material) -> Part:
    """How satisfied people are, and what else they said."""
    tally = material.counts["satisfaction"]
    rows = [
        Row(heading=title, cells=(count(f"satisfaction/{answer}", tally.because(answer)),))
        for answer, title in ANSWERS.items()
    ]
    rows.append(
        Row(
            heading="Very or fairly satisfied",
            cells=(share("satisfaction", tally, places=1),),
            total=True,
        )
    )
    answers = Table(
        caption="How satisfied people are with how complaints are handled",
        columns=("Answer", "People"),
        rows=tuple(rows),
    )
    sums = (
        adds("satisfaction#of", [f"satisfaction/{answer}" for answer in ANSWERS]),
        adds("satisfaction#met", ["satisfaction/very-satisfied", "satisfaction/fairly-satisfied"]),
    )
    return Part(Section(heading="What people said", tables=(answers, *_feedback(material))), sums)


def _feedback(material: Material) -> tuple[Table, ...]:
    """Other feedback, where the report asked for it: of part of the homes it is not known."""
    if not {*FEEDBACK_ASKS} <= {*material.counts}:
        return ()
    compliments, others = material.counts["compliments"], material.counts["other-feedback"]
    rows = [
        Row(
            heading=title,
            cells=(
                count(
                    f"feedback/{kind}",
                    compliments.met if kind == "compliment" else others.because(kind),
                ),
            ),
        )
        for kind, title in FEEDBACK_KINDS.items()
    ]
    table = Table(
        caption="Feedback that is no complaint",
        columns=("Kind", "Received"),
        rows=tuple(rows),
    )
    return (table,)


def tenant_satisfaction(material: Material) -> Part:
    """CH01, CH02 and TP09 of a reporting year, rented homes and shared ownership apart."""
    homes = material.landlord.homes_in(material.period.from_on.year)
    known = {"rented": homes.rented, "shared-ownership": homes.shared_ownership} if homes else {}
    complaints = Table(
        caption="Complaints for each 1,000 homes",
        columns=("Homes", "CH01 (1)", "CH01 (2)"),
        rows=tuple(_received(material, tenure, known.get(tenure, 0)) for tenure in RELEVANT),
        notes=_notes(material, homes_known=homes is not None),
    )
    handling = Table(
        caption="Answered in time, and satisfied",
        columns=("Homes", "CH02 (1)", "CH02 (2)", "TP09"),
        rows=tuple(_handled(material, tenure) for tenure in RELEVANT),
        notes=(material.measures["ch02-1"].says,),
    )
    return Part(Section(heading="Tenant Satisfaction Measures", tables=(complaints, handling)))


def _received(material: Material, tenure: Tenure, homes: int) -> Row:
    received = {
        stage: material.counts[f"ch01-{stage}"].of(tenure=tenure).met
        for stage in STAGES_OF_THE_CODE
    }
    cells = tuple(
        Quantity(
            id=f"tsm/{tenure}/ch01-{stage}",
            value=per_1000_homes(number, homes),
            unit="per 1,000 homes",
        )
        for stage, number in received.items()
    )
    return Row(heading=TENURES[tenure], cells=cells)


def _handled(material: Material, tenure: Tenure) -> Row:
    names = (*(f"ch02-{stage}" for stage in STAGES_OF_THE_CODE), "tp09")
    cells = tuple(
        share(f"tsm/{tenure}/{name}", material.counts[name].of(tenure=tenure), places=1)
        for name in names
    )
    return Row(heading=TENURES[tenure], cells=cells)


def _notes(material: Material, *, homes_known: bool) -> tuple[str, ...]:
    notes = [material.measures["ch01-1"].says]
    if material.so_far:
        notes.append(
            f"Of a part of the year only, and no measure of the year yet. {material.so_far}"
        )
    without = material.counts["ch01-1"].because("tenure-not-recorded")
    if without:
        notes.append(
            f"Not counted: {without:,} stage 1 complaints of which nobody recorded how the home is "
            "held."
        )
    if not homes_known:
        notes.append("How many homes there were is not recorded for this year.")
    return tuple(notes)
