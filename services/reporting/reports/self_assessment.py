"""The self-assessment against the Code: what the policy says, beside what the measures show.

The first comes from `putright policy check --json`, the second from the live register. Neither is
judged here from the other: a policy can promise what is not kept, and practice be better than the
policy. What neither shows is left to a person.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from services.reporting.reports import (
    part_outside,
    part_places,
    part_putting_right,
    part_timeliness,
    part_volumes,
)
from services.reporting.reports.document import Report, Row, RuleSet, Section, Table
from services.reporting.reports.evidence import evidence
from services.reporting.reports.figures import Text
from services.reporting.reports.material import Asks, Material, Part
from services.reporting.reports.performance import rule_sets
from services.reporting.reports.publishing import Draft, checked
from services.shared.errors import MendRequest
from services.shared.events import Frozen

Verdict = Literal["met", "not-met", "not-stated", "judge"]

VERDICTS: Mapping[Verdict, str] = {
    "met": "Met",
    "not-met": "Not met",
    "not-stated": "Not stated",
    "judge": "To be judged",
}


FOR_THE_LANDLORD: frozenset[Verdict] = frozenset({"not-stated", "judge"})
"""The verdicts that leave a provision to what the landlord can show of it."""

TO_BE_FILLED_IN = "Complies, yes or no:\n\nEvidence:\n\nExplanation:\n"
"""The space for it, with lines to write on."""

NOTE_ON_WORDS = (
    "What each provision asks is said in our own words, which have not all been compared with the "
    "Code’s: the Code itself is what counts."
)

SAYS_WHAT_OF = (
    "What the policy “{policy}” says, and what the register shows of the complaints under it in "
    "the period."
)

SAYS_TWO_THINGS = (
    "Each line says two things apart. “Verdict on the policy” is of what the policy promises, read "
    "against the Code. “What the figures show” is what was done in the period: a policy can meet "
    "the Code and not be kept."
)


class Finding(Frozen):
    """One line of `putright policy check --json`."""

    provision: str
    verdict: Verdict
    words: str
    value: str | None
    line: int | None


FINDINGS: TypeAdapter[tuple[Finding, ...]] = TypeAdapter(tuple[Finding, ...])

CODE_SECTIONS: Mapping[str, str] = {
    "1": "What a complaint is",
    "2": "What may be refused",
    "3": "Being easy to reach",
    "4": "Who handles complaints",
    "5": "The process",
    "6": "The stages",
    "7": "Putting things right",
    "8": "Self-assessment and reporting",
    "9": "Scrutiny and learning",
}

POLICY_CHECK = RuleSet(
    name="policy-check",
    title="The policy read against the Code",
    dated=date(2024, 4, 1),
    says="What the policy file says, provision by provision. Met and not met are said only of what "
    "the file shows by itself; where it is silent, or it takes weighing, a person judges.",
)

ASKS: Asks = {
    **part_volumes.ASKS,
    **part_timeliness.ASKS,
    **part_putting_right.ASKS,
    **part_outside.ASKS,
    **part_outside.FEEDBACK_ASKS,
    **{key: part_places.ASKS[key] for key in ("channels", "tenures")},
}

PARTS: Sequence[Callable[[Material], Part]] = (
    part_volumes.received,
    part_volumes.outcomes,
    part_volumes.exclusions,
    part_timeliness.performance,
    part_timeliness.late,
    part_putting_right.promises,
    part_putting_right.remedies,
    part_putting_right.learning,
    part_places.ways_in,
    part_outside.ombudsman,
    part_outside.satisfaction,
)
"""The figures that the evidence speaks of, whole and with their sums."""


def read_findings(text: str) -> tuple[Finding, ...]:
    """Reads what `putright policy check --json` printed. Raises MendRequest `no-policy-check`."""
    try:
        return FINDINGS.validate_json(text)
    except ValidationError:
        raise MendRequest(
            "no-policy-check", "Give what 'putright policy check NAME --json' prints."
        ) from None


def build(findings: Sequence[Finding], material: Material, made_at: datetime) -> Report:
    """Returns the report: a line for each finding with the evidence, then the figures.

    It is about one policy, and it is published (Code 8.1). Raises MendRequest `policy-needed` and
    `findings-needed`, and PutrightError as `publishing.checked`.
    """
    policy = material.policy
    if policy is None:
        raise MendRequest("policy-needed", "Say which policy is assessed: its findings are judged.")
    if not findings:
        raise MendRequest(
            "findings-needed", "Send what 'putright policy check NAME --json' prints; it is empty."
        )
    return checked(lambda given: _draft(policy, findings, given, made_at), material, published=True)


def _draft(
    policy: str, findings: Sequence[Finding], material: Material, made_at: datetime
) -> Draft:
    parts = [part(material) for part in PARTS]
    report = Report(
        title="Self-assessment against the Complaint Handling Code",
        subtitle=" ".join(
            filter(None, (SAYS_WHAT_OF.format(policy=policy), material.so_far)),
        ),
        landlord=material.landlord.name,
        policy=policy,
        period=material.period,
        as_at=material.as_at,
        made_at=made_at,
        rule_sets=(POLICY_CHECK, *rule_sets(material)),
        sections=(
            _summary(policy, findings),
            *_by_section(findings, material),
            *(part.section for part in parts),
        ),
        sums=tuple(declared for part in parts for declared in part.sums),
    )
    return Draft(report, [beginning for part in parts for beginning in part.breakdowns])


def _summary(policy: str, findings: Sequence[Finding]) -> Section:
    counted = {verdict: sum(one.verdict == verdict for one in findings) for verdict in VERDICTS}
    said = ", ".join(f"{VERDICTS[verdict].lower()}: {n}" for verdict, n in counted.items())
    failed = dict.fromkeys(one.provision for one in findings if one.verdict == "not-met")
    sentences = [
        f"Of {len(findings)} lines on the policy “{policy}” — {said}.",
        SAYS_TWO_THINGS,
    ]
    if failed:
        sentences.append(f"The policy does not meet: {', '.join(failed)}.")
    return Section(heading="In short", paragraphs=tuple(sentences))


def _by_section(findings: Sequence[Finding], material: Material) -> tuple[Section, ...]:
    return tuple(
        Section(
            heading=f"Section {number}: {CODE_SECTIONS.get(number, 'Other provisions')}",
            tables=(
                Table(
                    caption=f"Section {number} of the Code",
                    columns=(
                        *("No.", "What it asks", "Verdict on the policy", "What the policy says"),
                        *("What the figures show", "The landlord’s evidence and explanation"),
                    ),
                    rows=tuple(_row(one, material) for one in held),
                    notes=(NOTE_ON_WORDS,),
                ),
            ),
        )
        for number, held in groupby(findings, lambda one: one.provision.partition(".")[0])
    )


def _row(finding: Finding, material: Material) -> Row:
    cells = (
        Text(text=finding.words),
        Text(text=VERDICTS[finding.verdict]),
        Text(text=finding.value or "Nothing"),
        Text(text=evidence(material, finding.provision)),
        Text(text=TO_BE_FILLED_IN if finding.verdict in FOR_THE_LANDLORD else ""),
    )
    return Row(heading=finding.provision, cells=cells)
