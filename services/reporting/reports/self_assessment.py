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

from services.reporting.measures.tally import Tally
from services.reporting.reports import (
    part_outside,
    part_putting_right,
    part_timeliness,
    part_volumes,
)
from services.reporting.reports.document import Report, Row, RuleSet, Section, Table
from services.reporting.reports.figures import Text
from services.reporting.reports.material import STAGES, Asks, Material, Part, share
from services.reporting.reports.performance import rule_sets
from services.reporting.reports.small_numbers import keep_back
from services.shared.errors import MendRequest
from services.shared.events import Frozen

Verdict = Literal["met", "not-met", "not-stated", "judge"]

VERDICTS: Mapping[Verdict, str] = {
    "met": "Met",
    "not-met": "Not met",
    "not-stated": "Not stated",
    "judge": "To be judged",
}


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
    **{key: part_outside.ASKS[key] for key in ("ombudsman-open", "satisfaction")},
    **part_outside.FEEDBACK_ASKS,
}

PARTS: Sequence[Callable[[Material], Part]] = (
    part_volumes.received,
    part_volumes.outcomes,
    part_volumes.exclusions,
    part_timeliness.performance,
    part_timeliness.late,
    part_putting_right.promises,
    part_putting_right.remedies,
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

    It is published (Code 8.1), so small numbers of reasons are kept back.
    """
    parts = [part(material) for part in PARTS]
    report = Report(
        title="Self-assessment against the Complaint Handling Code",
        subtitle="What the policy says, and what the register shows of the period.",
        landlord=material.landlord.name,
        period=material.period,
        as_at=material.as_at,
        made_at=made_at,
        rule_sets=(POLICY_CHECK, *rule_sets(material)),
        sections=(
            _summary(findings),
            *_by_section(findings, material),
            *(part.section for part in parts),
        ),
        sums=tuple(declared for part in parts for declared in part.sums),
    )
    return keep_back(report, [beginning for part in parts for beginning in part.breakdowns])


def _summary(findings: Sequence[Finding]) -> Section:
    counted = {verdict: sum(one.verdict == verdict for one in findings) for verdict in VERDICTS}
    said = ", ".join(f"{VERDICTS[verdict].lower()}: {n}" for verdict, n in counted.items())
    failed = dict.fromkeys(one.provision for one in findings if one.verdict == "not-met")
    sentences = [f"Of {len(findings)} lines on the policy — {said}."]
    if failed:
        sentences.append(f"The policy does not meet: {', '.join(failed)}.")
    return Section(heading="In short", paragraphs=tuple(sentences))


def _by_section(findings: Sequence[Finding], material: Material) -> tuple[Section, ...]:
    evidence = _evidence(material)
    return tuple(
        Section(
            heading=f"Section {number}: {CODE_SECTIONS.get(number, 'Other provisions')}",
            tables=(
                Table(
                    caption=f"Section {number} of the Code",
                    columns=(
                        *("Provision", "What it asks", "The policy", "What the policy says"),
                        "What the register shows",
                    ),
                    rows=tuple(_row(one, evidence) for one in held),
                ),
            ),
        )
        for number, held in groupby(findings, lambda one: one.provision.partition(".")[0])
    )


def _row(finding: Finding, evidence: Mapping[str, str]) -> Row:
    line = f" (line {finding.line} of its file)" if finding.line else ""
    said = "" if finding.value is None else f"{finding.value}{line}"
    cells = (
        Text(text=finding.words),
        Text(text=VERDICTS[finding.verdict]),
        Text(text=said),
        Text(text=evidence.get(finding.provision, "")),
    )
    return Row(heading=finding.provision, cells=cells)


def _evidence(material: Material) -> dict[str, str]:
    """Returns what the register shows of each provision that it shows anything of."""
    counts = material.counts
    refused, promises = counts["refused"], counts["promises-kept"]
    feedback = counts["other-feedback"].because("service-request")
    refusals = f"Not taken as complaints: {refused.met:,}."
    promised = (
        f"Promised actions done in time: {_said(promises)}; late and still "
        f"to be done: {promises.because('late-undone'):,}."
    )
    found = {
        "1.4": f"Requests for a service that were recorded as such: {feedback:,}.",
        "2.1": refusals,
        "2.2": refusals,
        "2.4": refusals,
        "6.2": _timely(material, "1", "acknowledged-by-code"),
        "6.3": _timely(material, "1", "responded-by-code", "responded-by-code-unextended"),
        "6.4": _extended(material, "1"),
        "6.5": _extended(material, "1"),
        "6.6": promised,
        "6.9": _recorded(material, "1"),
        "6.10": f"Went on from stage 1: {_said(counts['escalated'])}.",
        "6.11": _timely(material, "2", "acknowledged-by-code"),
        "6.14": _timely(material, "2", "responded-by-code", "responded-by-code-unextended"),
        "6.15": _extended(material, "2"),
        "6.16": _extended(material, "2"),
        "6.17": promised,
        "6.19": _recorded(material, "2"),
        "7.1": f"Remedies given: {counts['remedies'].met:,}.",
        "7.3": promised,
        "8.1": refusals,
        "9.3": f"Lessons published: {len(material.lessons):,}.",
    }
    if material.landlord.member_responsible:
        found["9.5"] = f"Named: {material.landlord.member_responsible}."
    return found


def _timely(material: Material, stage: str, *names: str) -> str:
    said = []
    for name in names:
        tally = material.counts[name].of(code_stage=stage)
        said.append(
            f"{part_timeliness.TITLES[stage, name]}: {_said(tally)}; late: {tally.not_met:,}."
        )
    return "\n".join(said)


def _extended(material: Material, stage: str) -> str:
    tally = material.counts["extensions"].of(code_stage=stage)
    return (
        f"{STAGES[stage]} extended: {tally.counted:,}; the resident was told in time: "
        f"{_said(tally)}."
    )


def _recorded(material: Material, stage: str) -> str:
    tally = material.counts["outcomes"].of(code_stage=stage)
    return f"{STAGES[stage]} outcomes recorded: {_said(tally)}."


def _said(tally: Tally) -> str:
    """Returns how many of those counted in are met, as every report shows it."""
    return share("evidence", tally).shown
