"""The part of a report on what complaints were about, and which themes recur or rise."""

from collections.abc import Iterable

from services.reporting import categories
from services.reporting.measures.facets import CODE_STAGE, MONTH, THEME
from services.reporting.measures.tally import Tally
from services.reporting.measures.themes import (
    LEAST,
    SAYS_RECURRING,
    SAYS_RISEN,
    recurring,
    risen,
)
from services.reporting.reports.document import Chart, Row, Section, Series, Sum, Table
from services.reporting.reports.material import STAGES, Ask, Asks, Material, Part, adds, count

ASKS: Asks = {"themes": Ask("received", (THEME, CODE_STAGE, MONTH))}

ASKS_BEFORE: Asks = {"themes": Ask("received", (THEME, CODE_STAGE))}
"""What is asked of the period before, to compare."""

NOTE_ON_THEMES = (
    "Every landlord's own categories are put under one list of themes. A category that it does "
    f"not know counts as “{categories.TITLES_OF_NO_THEME[categories.NOT_STANDARDISED]}”."
)

MOST_NAMED = 3
"""How many themes the opening sentence names."""


def themes(material: Material) -> Part:
    """What complaints were about, in the one list of themes, and what recurs (Code 8.1, 9.2)."""
    tally = material.counts["themes"]
    found = [name for name in _every_theme() if tally.of(theme=name).met]
    if not found:
        return Part(Section(heading="Themes", paragraphs=("No complaint was received.",)))
    chart = _theme_chart(tally, found)
    table, table_sums = _themes_by_slice(material, found)
    sums = [
        adds(f"stage-{stage}/received", [f"themes/{name}/stage-{stage}" for name in found])
        for stage in STAGES
    ]
    section = Section(
        heading="Themes",
        paragraphs=(
            *_most_frequent(tally, found),
            _recurring(material, found),
            SAYS_RECURRING,
            *_risen(material, found),
        ),
        charts=(chart,),
        tables=(table,),
    )
    return Part(section, (*sums, *table_sums), ("themes",))


def _every_theme() -> tuple[str, ...]:
    return (*categories.all_themes(), *categories.TITLES_OF_NO_THEME)


def _theme_chart(tally: Tally, found: list[str]) -> Chart:
    series = tuple(
        Series(
            name=title,
            figures=tuple(
                count(f"themes/{name}/stage-{stage}", tally.of(theme=name, code_stage=stage).met)
                for name in found
            ),
        )
        for stage, title in STAGES.items()
    )
    return Chart(
        kind="bars",
        title="Complaints received by theme",
        description="A bar for each theme and stage, in the order of the list of themes.",
        heading="Theme",
        categories=tuple(categories.title_of(name) for name in found),
        series=series,
        notes=(NOTE_ON_THEMES,),
    )


def _themes_by_slice(material: Material, found: list[str]) -> tuple[Table, list[Sum]]:
    tally = material.counts["themes"].of(code_stage="1")
    slices = material.slices
    rows, sums = [], []
    for name in found:
        of_theme = tally.of(theme=name)
        cells = [
            count(f"themes/{name}/stage-1/{one.code}", of_theme.among("month", one.months).met)
            for one in slices
        ]
        rows.append(Row(heading=categories.title_of(name), cells=tuple(cells)))
        sums.append(adds(f"themes/{name}/stage-1", [cell.id for cell in cells]))
    sums += [
        adds(
            f"stage-1/received/{one.code}",
            [f"themes/{name}/stage-1/{one.code}" for name in found],
        )
        for one in slices
    ]
    table = Table(
        caption=f"Stage 1 complaints by theme, in each {material.sliced_by}",
        columns=("Theme", *(one.title for one in slices)),
        rows=tuple(rows),
    )
    return table, sums


def _most_frequent(tally: Tally, found: list[str]) -> tuple[str, ...]:
    """Names the most frequent themes, without numbers: the chart has those that may be told."""
    of_stage_1 = {name: tally.of(theme=name, code_stage="1").met for name in _themes_of(found)}
    most = sorted(of_stage_1, key=lambda name: -of_stage_1[name])[:MOST_NAMED]
    named = [categories.title_of(name) for name in most if of_stage_1[name] >= LEAST]
    return (f"Most complaints at stage 1 were about: {', '.join(named)}.",) if named else ()


def _themes_of(found: Iterable[str]) -> list[str]:
    return [name for name in found if name not in categories.TITLES_OF_NO_THEME]


def _recurring(material: Material, found: list[str]) -> str:
    tally = material.counts["themes"].of(code_stage="1")
    by_part = {
        name: [tally.of(theme=name).among("month", one.months).met for one in material.slices]
        for name in _themes_of(found)
    }
    named = [categories.title_of(name) for name in recurring(by_part)]
    return f"Recurring: {', '.join(named)}." if named else "No theme recurs by this rule."


def _risen(material: Material, found: list[str]) -> tuple[str, ...]:
    """Names what takes more of all complaints than before; nothing where there was no before."""
    tally, before = material.counts["themes"], material.before["themes"]
    if not before.of(code_stage="1").met:
        return ()
    now = {name: tally.of(theme=name, code_stage="1").met for name in _themes_of(found)}
    then = {name: before.of(theme=name, code_stage="1").met for name in _themes_of(_every_theme())}
    named = [categories.title_of(name) for name in risen(now, then)]
    said = f"Risen: {', '.join(named)}." if named else "No theme has risen by this rule."
    return (said, SAYS_RISEN)
