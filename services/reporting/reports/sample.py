"""The board's sample: answered stages, drawn by chance and without names, to judge their quality.

The draw is by a seed: whoever has the seed draws the same again, whatever order a database gives.
What the board sees holds no reference, no place and no member of staff; the complaints officer has
the key, to lay out the letters without the names in them.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import StringConstraints
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting import categories
from services.reporting.landlord import Landlord
from services.reporting.measures.catalogue import catalogue
from services.reporting.measures.measure import Measure
from services.reporting.measures.scope import Scope
from services.reporting.reports.about import subtitle
from services.reporting.reports.document import Period, Report, Row, RuleSet, Section, Table
from services.reporting.reports.figures import Cell, Text
from services.reporting.reports.material import STAGES, adds, count, month_in_words
from services.reporting.tables import StageFactsRow
from services.shared.events import Frozen

OF_EACH_STAGE = 5
"""How many are drawn of each stage where nobody says otherwise; all, where there are fewer."""

MEASURES = ("acknowledged-by-code", "responded-by-code", "extensions", "outcomes")
"""What is said of each case drawn, by the same rules as everywhere."""

QUESTIONS = (
    ("5.6", "Does the acknowledgement set out the complaint as the resident meant it?"),
    ("6.7", "Is every point answered, with reasons that name the policy or the facts?"),
    ("6.9", "Does the letter say what was decided, what follows by when, and how to go on?"),
    ("7.1", "Is what went wrong admitted, and is the remedy fair for what it did to the resident?"),
    ("7.3", "Were the actions done by the days that were promised?"),
    ("9.1", "Was anything learnt from it, and passed on?"),
)
"""What the reader asks of each case, and the provision of the Code that it comes from."""


SAYS_WHAT_FOR = "For the governing body, to judge the quality of answers. Drawn by chance."

SAYS_BY_CHANCE = (
    "By chance, each answered stage alike: the same seed draws the same again from the same "
    "complaints."
)

DIGEST_LENGTH = 12

Digest = Annotated[str, StringConstraints(pattern=f"^[0-9a-f]{{{DIGEST_LENGTH}}}$")]
"""What tells one sample from another, and nothing of what is in it."""

SAYS_WHO_HAS_THE_KEY = (
    "The complaints officer has the key from these numbers to the complaints, and lays out the "
    "letters without names."
)


class Drawn(Frozen):
    """One case of the sample: its number in what the board sees, and which complaint it is."""

    number: int
    reference: str
    position: int
    """Which stage of the complaint, from 1."""
    code_stage: str


class Sample(Frozen):
    """What was drawn, and from how many."""

    seed: str
    drawn: tuple[Drawn, ...]
    of: dict[str, int]
    """How many were answered at each stage of the Code."""
    digest: Digest
    """Stands on the report and in its key: those with the same are of one draw."""
    lines: tuple[tuple[str, ...], ...]
    """What the board sees of each, in the order of `drawn`."""


class KeyLine(Drawn):
    """One line of the key: which complaint a case is, and of which sample."""

    sample: Digest

    @classmethod
    def of(cls, sample: Sample) -> list[Self]:
        """Returns the key of a sample, a line for each case."""
        return [cls(**one.model_dump(), sample=sample.digest) for one in sample.drawn]


async def draw(
    session: AsyncSession, scope: Scope, seed: str, of_each: int = OF_EACH_STAGE
) -> Sample:
    """Draws from what was answered in the scope's period at stage 1 and at stage 2."""
    answered = await _answered(session, scope)
    chosen: list[StageFactsRow] = []
    for stage in STAGES:
        of_stage = [row for row in answered if row.code_stage == stage]
        chosen += sorted(of_stage, key=lambda row: lot(seed, row.reference, row.position))[:of_each]
    drawn = tuple(
        Drawn(
            number=number,
            reference=row.reference,
            position=row.position,
            code_stage=row.code_stage or "",
        )
        for number, row in enumerate(chosen, 1)
    )
    return Sample(
        seed=seed,
        drawn=drawn,
        of={stage: sum(row.code_stage == stage for row in answered) for stage in STAGES},
        digest=digest_of(seed, drawn),
        lines=tuple(_line(row, _measures(scope)) for row in chosen),
    )


def digest_of(seed: str, drawn: Sequence[Drawn]) -> Digest:
    """Returns the digest of what was drawn, in its order: 12 hexadecimal digits."""
    told = (f"{one.number}/{one.reference}/{one.position}" for one in drawn)
    return hashlib.sha256("\n".join((seed, *told)).encode()).hexdigest()[:DIGEST_LENGTH]


async def _answered(session: AsyncSession, scope: Scope) -> Sequence[StageFactsRow]:
    wanted = select(StageFactsRow).where(
        col(StageFactsRow.responded_on) >= scope.from_on,
        col(StageFactsRow.responded_on) < scope.before,
        col(StageFactsRow.code_stage).in_([*STAGES]),
    )
    if scope.policy is not None:
        wanted = wanted.where(StageFactsRow.policy == scope.policy)
    return (await session.exec(wanted)).all()


def lot(seed: str, reference: str, position: int) -> str:
    """Returns the lot of a stage: the same for the same seed, and otherwise as good as chance."""
    return hashlib.sha256(f"{seed}/{reference}/{position}".encode()).hexdigest()


def _measures(scope: Scope) -> tuple[Measure, ...]:
    """Returns what is said of each case, as things stood when the period was over."""
    known = catalogue(scope.before or date.max)
    return tuple(known[name] for name in MEASURES)


def _line(row: StageFactsRow, measures: Sequence[Measure]) -> tuple[str, ...]:
    judged = (measure.words(measure.rule(row).reason) for measure in measures)
    theme = categories.title_of(categories.theme_of(row.policy, row.category))
    return (
        STAGES[row.code_stage or ""],
        month_in_words(row.month),
        theme,
        *judged,
        "Yes" if row.pence else "No",
    )


def report(sample: Sample, landlord: Landlord, scope: Scope, now: datetime) -> Report:
    """Returns what the board sees."""
    period = Period.model_validate(scope, from_attributes=True)
    rule_sets = {measure.rule_set.name: measure.rule_set for measure in _measures(scope)}
    return Report(
        title="Sample of answered complaints",
        subtitle=subtitle(SAYS_WHAT_FOR, scope.policy),
        landlord=landlord.name,
        policy=scope.policy,
        period=period,
        as_at=now,
        made_at=now,
        rule_sets=tuple(
            RuleSet(name=one.name, title=one.title, dated=one.dated, says=one.says)
            for one in rule_sets.values()
        ),
        sections=(_how(sample), _cases(sample), _what_to_ask()),
        sums=tuple(
            adds(f"stage-{stage}/answered", [f"stage-{stage}/drawn", f"stage-{stage}/not-drawn"])
            for stage in STAGES
        ),
    )


def _how(sample: Sample) -> Section:
    rows = []
    for stage, title in STAGES.items():
        drawn = sum(one.code_stage == stage for one in sample.drawn)
        cells = (
            count(f"stage-{stage}/drawn", drawn),
            count(f"stage-{stage}/not-drawn", sample.of[stage] - drawn),
            count(f"stage-{stage}/answered", sample.of[stage]),
        )
        rows.append(Row(heading=title, cells=cells))
    table = Table(
        caption="How many were drawn",
        columns=("Stage", "Drawn", "Not drawn", "Answered in the period"),
        rows=tuple(rows),
    )
    return Section(
        heading="How the sample was drawn",
        paragraphs=(
            f"{SAYS_BY_CHANCE} The seed is “{sample.seed}”.",
            f"{SAYS_WHO_HAS_THE_KEY} This is the sample {sample.digest}; its key says the same.",
        ),
        tables=(table,),
    )


def _cases(sample: Sample) -> Section:
    rows = tuple(
        Row(
            heading=f"Case {one.number}",
            cells=tuple[Cell, ...](Text(text=words) for words in line),
        )
        for one, line in zip(sample.drawn, sample.lines, strict=True)
    )
    if not rows:
        return Section(heading="The cases", paragraphs=("Nothing was answered in the period.",))
    columns = (
        *("Case", "Stage", "Asked for in", "Theme"),
        *(measure.title for measure in _measures(Scope())),
        "Compensation",
    )
    table = Table(caption="The cases drawn", columns=columns, rows=rows)
    return Section(heading="The cases", tables=(table,))


def _what_to_ask() -> Section:
    rows = tuple(
        Row(heading=f"Code {provision}", cells=(Text(text=question),))
        for provision, question in QUESTIONS
    )
    table = Table(caption="What to ask of each case", columns=("Provision", "Question"), rows=rows)
    return Section(heading="Judging the quality", tables=(table,))
