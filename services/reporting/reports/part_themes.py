"""The part of a report on what complaints were about, and which themes recur or rise."""

from collections.abc import Iterable

from services.reporting import categories
from services.reporting.measures.facets import CODE_STAGE, MONTH, THEME
from services.reporting.measures.themes import (
    LEAST,
    recurring,
    risen,
)
from services.reporting.reports.breakdown import (
    NOTE_ON_OTHERS,
    OTHERS,
    Breakdown,
    Value,
    broken_down,
    split,
)
from services.reporting.reports.document import Chart, Row, Section, Series, Sum, Table
from services.reporting.reports.figures import FIGURES, Figure
from services.reporting.reports.material import STAGES, Ask, Asks, Material, Part, adds

ASKS: Asks = {"themes": Ask("received", (THEME, CODE_STAGE, MONTH))}

ASKS_BEFORE: Asks = {"themes": Ask("received", (THEME, CODE_STAGE))}
"""What is asked of the period before, to compare."""

NOTE_ON_THEMES = (
    "Every landlord's own categories are put under one list of themes. A category that it does "
    f"not know counts as “{categories.TITLES_OF_NO_THEME[categories.NOT_STANDARDISED]}”."
)

ALL_OTHERS = "All other themes"

SAYS_TOO_SMALL = (
    "How themes changed within the period is not shown: some of those numbers would be below 5."
)

SAYS_RECURRING = (
    "A theme recurs when it came up in every part of the period so far, and more often than chance "
    "explains."
)

SAYS_RISEN = (
    "A theme has risen when its part of all complaints grew since the period before, which was as "
    "long, by more than chance explains."
)

MOST_NAMED = 3
"""How many themes the opening sentence names."""


def themes(material: Material) -> Part:
    """What complaints were about, in the one list of themes, and what recurs (Code 8.1, 9.2)."""
    tally = material.counts["themes"]
    found = [name for name in _every_theme() if tally.of(theme=name).met]
    if not found:
        return Part(Section(heading="Themes", paragraphs=("No complaint was received.",)))
    by_theme = broken_down(
        tally, "themes", dict.fromkeys(found, True), published=material.published
    )
    tables, sums = _themes_by_slice(material, by_theme)
    section = Section(
        heading="Themes",
        paragraphs=(
            *_most_frequent(by_theme),
            _recurring(material, by_theme),
            SAYS_RECURRING,
            *_risen(material, by_theme),
            *(() if tables else (SAYS_TOO_SMALL,)),
        ),
        charts=(_theme_chart(by_theme, published=material.published),),
        tables=tables,
    )
    return Part(section, (*by_theme.sums(), *sums), ("themes",))


def _every_theme() -> tuple[str, ...]:
    return (*categories.all_themes(), *categories.TITLES_OF_NO_THEME)


def _titles(by_theme: Breakdown) -> dict[Value, str]:
    return {name: categories.title_of(name or "") for name in by_theme.lines}


def _theme_chart(by_theme: Breakdown, *, published: bool) -> Chart:
    rows = by_theme.rows(_titles(by_theme), ALL_OTHERS)
    series = tuple(
        Series(name=title, figures=tuple(_figures(row)[at] for row in rows))
        for at, title in enumerate(STAGES.values())
    )
    return Chart(
        kind="bars",
        title="Complaints received by theme",
        description="A bar for each theme and stage, in the order of the list of themes.",
        heading="Theme",
        categories=tuple(row.heading for row in rows),
        series=series,
        notes=(NOTE_ON_THEMES, *([NOTE_ON_OTHERS] if published else [])),
    )


def _figures(row: Row) -> list[Figure]:
    return [cell for cell in row.cells if isinstance(cell, FIGURES)]


def _themes_by_slice(
    material: Material, by_theme: Breakdown
) -> tuple[tuple[Table, ...], list[Sum]]:
    """Tells the themes of stage 1 apart by the parts of the period, where that may be told."""
    tally = material.counts["themes"].of(code_stage="1")
    slices, begun = material.slices, material.begun
    cells = {
        name: [tally.among("theme", [name]).among("month", one.months).met for one in slices]
        for name in by_theme.numbers["1"]
    }
    found = split(by_theme, cells, published=material.published)
    if found is None:
        return (), []
    lines = {by_theme.lines[name]: numbers for name, numbers in found.lines.items()}
    titles = [title for name, title in _titles(by_theme).items() if name in found.lines]
    sums = [
        adds(f"themes/{code}/stage-1", [f"themes/{code}/stage-1/{one.code}" for one in begun])
        for code in lines
    ]
    if found.others is not None:
        lines[OTHERS] = found.others
        titles.append(ALL_OTHERS)
    sums += [
        adds(f"stage-1/received/{one.code}", [f"themes/{c}/stage-1/{one.code}" for c in lines])
        for one in begun
    ]
    rows = (
        Row(
            heading=title,
            cells=tuple(
                material.count_in(one, f"themes/{code}/stage-1/{one.code}", number)
                for one, number in zip(slices, numbers, strict=True)
            ),
        )
        for title, (code, numbers) in zip(titles, lines.items(), strict=True)
    )
    table = Table(
        caption=f"Stage 1 complaints by theme, in each {material.sliced_by}",
        columns=("Theme", *(one.title for one in slices)),
        rows=tuple(rows),
    )
    return (table,), sums


def _of_stage_1(by_theme: Breakdown) -> dict[str, int]:
    """Returns the number of each theme of the list; a category that is in none is no theme."""
    numbers = by_theme.numbers["1"].items()
    return {name: n for name, n in numbers if name and name not in categories.TITLES_OF_NO_THEME}


def _named(by_theme: Breakdown, found: Iterable[str]) -> list[str]:
    """Returns the titles of those whose number is told: a name alone would say that it is large."""
    return [categories.title_of(name) for name in found if by_theme.tells(name)]


def _most_frequent(by_theme: Breakdown) -> tuple[str, ...]:
    """Names the most frequent themes and their numbers, which the chart tells as well."""
    numbers = _of_stage_1(by_theme)
    told = [name for name in numbers if by_theme.tells(name) and numbers[name] >= LEAST]
    first = sorted(told, key=lambda name: -numbers[name])[:MOST_NAMED]
    if not first:
        return ()
    total = sum(by_theme.numbers["1"].values())
    said = ", ".join(f"{categories.title_of(name)} ({numbers[name]:,})" for name in first)
    return (f"The most frequent themes of the {total:,} complaints at stage 1: {said}.",)


def _recurring(material: Material, by_theme: Breakdown) -> str:
    tally = material.counts["themes"].of(code_stage="1")
    by_part = {
        name: [tally.of(theme=name).among("month", one.months).met for one in material.begun]
        for name in _of_stage_1(by_theme)
    }
    named = _named(by_theme, recurring(by_part))
    return (
        f"Recurring: {', '.join(named)}."
        if named
        else "No theme that is shown recurs by this rule."
    )


def _risen(material: Material, by_theme: Breakdown) -> tuple[str, ...]:
    """Names what takes more of all complaints than before; nothing where there was no before."""
    before = material.before["themes"].of(code_stage="1")
    if not before.met:
        return ()
    then = {name: before.of(theme=name).met for name in categories.all_themes()}
    named = _named(by_theme, risen(_of_stage_1(by_theme), then))
    said = (
        f"Risen: {', '.join(named)}." if named else "No theme that is shown has risen by this rule."
    )
    return (said, SAYS_RISEN)
