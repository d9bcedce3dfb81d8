"""The parts of a report on times: what was acknowledged and answered in time, and what was late."""

from collections.abc import Iterator, Mapping

from services.reporting.measures.facets import CODE_STAGE, MONTH, plain
from services.reporting.measures.tally import Tally
from services.reporting.reports.document import Row, Section, Sum, Table
from services.reporting.reports.material import (
    STAGES,
    Ask,
    Asks,
    Material,
    Part,
    adds,
    count,
    paragraphs,
    share,
)

EXTENDED = plain("extended", "Extended")
ACKNOWLEDGED = plain("acknowledged", "Acknowledged")

BY_CODE = ("acknowledged-by-code", "responded-by-code", "responded-by-code-unextended")
BY_POLICY = ("acknowledged", "responded", "responded-unextended")

TITLES: Mapping[tuple[str, str], str] = {
    ("1", "acknowledged-by-code"): "Stage 1 acknowledged within 5 working days",
    ("2", "acknowledged-by-code"): "Stage 2 acknowledged within 5 working days",
    ("1", "responded-by-code"): "Stage 1 answered within 10 working days, or an extension",
    ("2", "responded-by-code"): "Stage 2 answered within 20 working days, or an extension",
    ("1", "responded-by-code-unextended"): "Stage 1 answered within 10 working days",
    ("2", "responded-by-code-unextended"): "Stage 2 answered within 20 working days",
    ("1", "acknowledged"): "Stage 1 acknowledged as the policy promises",
    ("2", "acknowledged"): "Stage 2 acknowledged as the policy promises",
    ("1", "responded"): "Stage 1 answered as the policy promises, extensions included",
    ("2", "responded"): "Stage 2 answered as the policy promises, extensions included",
    ("1", "responded-unextended"): "Stage 1 answered as the policy first promised",
    ("2", "responded-unextended"): "Stage 2 answered as the policy first promised",
}
"""How a table names each measure at each stage."""

ASKS: Asks = {
    **{name: Ask(name, (MONTH, CODE_STAGE)) for name in (*BY_CODE, *BY_POLICY)},
    "late": Ask("responded", (CODE_STAGE, EXTENDED, ACKNOWLEDGED)),
    "extensions": Ask("extensions", (CODE_STAGE,)),
    "missed-clocks": Ask("missed-clocks", (CODE_STAGE,)),
    "ladder-climbs": Ask("ladder-climbs", (CODE_STAGE,)),
}

NOTE = (
    "A percentage is of those that were done, or should have been by now; the number in time "
    "stands behind it. Not counted are those refused, withdrawn or ended without it, and those "
    "still in time."
)


NOTE_ON_THE_CODES_DAYS = (
    "The Code counts the days for an answer from the acknowledgement that was made: where that "
    "came late, the answer may come later too."
)

NOTE_ON_THE_POLICYS_DAYS = (
    "The policy counts from what it names itself. Where that is the receipt, a late "
    "acknowledgement gives no more time, so fewer answers may be in time than by the Code."
)


def performance(material: Material) -> Part:
    """What was done in time, by the Code and by the policy, in all and in each part."""
    code, code_sums = _in_all(material, "By the Code's times", BY_CODE, NOTE_ON_THE_CODES_DAYS)
    policy, policy_sums = _in_all(
        material, "By the policy's times", BY_POLICY, NOTE_ON_THE_POLICYS_DAYS
    )
    by_slice, slice_sums = _by_slice(material)
    section = Section(
        heading="Response performance", paragraphs=(NOTE,), tables=(code, policy, by_slice)
    )
    return Part(section, (*code_sums, *policy_sums, *slice_sums))


def _in_all(
    material: Material, caption: str, measures: tuple[str, ...], note: str
) -> tuple[Table, tuple[Sum, ...]]:
    rows, sums = [], []
    for stage in STAGES:
        for name in measures:
            tally = material.counts[name].of(code_stage=stage)
            begins = f"stage-{stage}/{name}"
            cells = (
                share(begins, tally),
                count(f"{begins}/late", tally.not_met),
                count(f"{begins}/not-counted", tally.left_out),
            )
            rows.append(Row(heading=TITLES[stage, name], cells=cells))
            sums.append(adds(f"{begins}#of", [f"{begins}#met", f"{begins}/late"]))
            sums.append(adds(f"stage-{stage}/received", [f"{begins}#of", f"{begins}/not-counted"]))
    table = Table(
        caption=caption,
        columns=("Measure", "Performance", "Late", "Not counted"),
        rows=tuple(rows),
        notes=(note,),
    )
    return table, tuple(sums)


def _by_slice(material: Material) -> tuple[Table, tuple[Sum, ...]]:
    slices = material.slices
    rows, sums = [], []
    for stage in STAGES:
        for name in BY_CODE[:2]:
            tally = material.counts[name].of(code_stage=stage)
            begins = f"stage-{stage}/{name}"
            cells = [
                share(f"{begins}/{one.code}", tally.among("month", one.months)) for one in slices
            ]
            rows.append(Row(heading=TITLES[stage, name], cells=tuple(cells)))
            sums += [
                adds(f"{begins}#{side}", [f"{cell.id}#{side}" for cell in cells])
                for side in ("met", "of")
            ]
    table = Table(
        caption=f"By the Code's times, in each {material.sliced_by}",
        columns=("Measure", *(one.title for one in slices)),
        rows=tuple(rows),
    )
    return table, tuple(sums)


def late(material: Material) -> Part:
    """What the late answers have in common, what was done about them, and the landlord's words."""
    tally = material.counts["late"]
    rows: list[Row] = []
    sums: list[Sum] = []
    kinds = {stage: dict(_late_kinds(tally.of(code_stage=stage))) for stage in STAGES}
    for kind, title in LATE_KINDS.items():
        cells = tuple(count(f"stage-{stage}/late/{kind}", kinds[stage][kind]) for stage in STAGES)
        rows.append(Row(heading=title, cells=cells, total=kind == ALL_LATE))
    for stage in STAGES:
        begins = f"stage-{stage}/late"
        sums.append(adds(f"{begins}/all", [f"{begins}/{kind}" for kind in HOW_EXTENDED]))
        sums.append(adds(f"{begins}/all", [f"stage-{stage}/responded/late"]))
    table = Table(
        caption="Late answers, by the policy's times",
        columns=("What they have in common", *STAGES.values()),
        rows=tuple(rows),
    )
    words = paragraphs(material.words.late_responses or "")
    return Part(
        Section(heading="Late answers", paragraphs=words, tables=(table, _ladder(material))),
        tuple(sums),
    )


ALL_LATE = "all"

HOW_EXTENDED = {
    "no": "The time was not extended",
    "in-time": "Extended, and the resident was told in time",
    "late": "Extended, and the resident was told late",
    "untold": "Extended, and no notice is known to have gone out",
}

LATE_KINDS = {
    **HOW_EXTENDED,
    ALL_LATE: "All late answers, after any extension",
    "undone": "Still to be answered",
    "late-acknowledgement": "The acknowledgement had been late too",
}


CLIMBS = {
    "missed-clocks": ("Complaints with a missed clock", "Clocks missed"),
    "ladder-climbs": ("Complaints taken up the ladder", "Rungs climbed"),
}


def _late_kinds(tally: Tally) -> Iterator[tuple[str, int]]:
    for extended in HOW_EXTENDED:
        yield extended, tally.of(extended=extended).not_met
    yield ALL_LATE, tally.not_met
    yield "undone", tally.because("late-undone")
    yield "late-acknowledgement", tally.of(acknowledged="late").not_met


def _ladder(material: Material) -> Table:
    extensions = material.counts["extensions"]
    rows = [
        Row(
            heading="Extensions told in time",
            cells=tuple(
                share(f"stage-{stage}/extensions", extensions.of(code_stage=stage))
                for stage in STAGES
            ),
        )
    ]
    for name, (stages, amount) in CLIMBS.items():
        tally = material.counts[name]
        parts = {f"stage-{stage}/{name}": tally.of(code_stage=stage) for stage in STAGES}
        cells = tuple(count(begins, part.met) for begins, part in parts.items())
        rows.append(Row(heading=stages, cells=cells))
        cells = tuple(count(f"{begins}/in-all", part.amount) for begins, part in parts.items())
        rows.append(Row(heading=amount, cells=cells))
    return Table(
        caption="Extensions, missed clocks and the ladder",
        columns=("What happened", *STAGES.values()),
        rows=tuple(rows),
    )
