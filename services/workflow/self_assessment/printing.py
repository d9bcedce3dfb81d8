"""A self-assessment for people: as text, styled on a terminal, and as a Markdown table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from services.workflow.policy import Policy
from services.workflow.self_assessment.assessment import Finding
from services.workflow.self_assessment.judgement import Verdict
from services.workflow.self_assessment.provisions import PROVISIONS, REMEMBERED, SECTIONS
from services.workflow.wording import said_day

VERDICTS: dict[Verdict, str] = {
    "not-met": "not met",
    "met": "met",
    "not-stated": "not stated",
    "judge": "to judge",
}
"""Each verdict in words, in the order in which the summary names them."""

STYLES: dict[Verdict, str] = {
    "not-met": "bold red",
    "met": "green",
    "not-stated": "yellow",
    "judge": "dim",
}

NOTE = (
    "What the Code asks is said in our own words. Not yet compared with the Code's: "
    f"{', '.join(number for number in PROVISIONS if number in REMEMBERED)}."
)


def as_text(rules: Policy, findings: Sequence[Finding]) -> None:
    """Prints a self-assessment by section, what the policy says under what the Code asks."""
    console = Console()
    if not console.is_terminal:
        for line in _lines(rules, findings):
            typer.echo(line)
        return
    console.print(Text("\n".join(_opening(rules, findings))))
    for title, section in _sections(findings):
        console.print(Text(f"\n{title}", "bold"))
        table = Table.grid(Column(width=10), Column(width=4), Column(), padding=(0, 2))
        for finding in section:
            asks = Text.assemble(finding.words, *((f"\n{said}", "dim") for said in _says(finding)))
            verdict = Text(VERDICTS[finding.verdict], STYLES[finding.verdict])
            table.add_row(verdict, finding.provision, asks)
        console.print(table)
    console.print(Text(f"\n{NOTE}", "dim"))


def as_markdown(rules: Policy, findings: Sequence[Finding]) -> None:
    """Prints a self-assessment as a Markdown page with one table."""
    typer.echo(f"# {rules.title}: self-assessment\n")
    typer.echo("\n".join(f"- {line}" for line in _opening(rules, findings)))
    typer.echo("\n| provision | verdict | the Code asks | the policy says | line |")
    typer.echo("|---|---|---|---|---|")
    for finding in findings:
        verdict = VERDICTS[finding.verdict]
        cells = (
            finding.provision,
            f"**{verdict}**" if finding.verdict == "not-met" else verdict,
            finding.words,
            finding.value or "",
            str(finding.line or ""),
        )
        escaped = (cell.replace("|", "\\|") for cell in cells)
        typer.echo(f"| {' | '.join(escaped)} |")
    typer.echo(f"\n{NOTE}")


def _opening(rules: Policy, findings: Sequence[Finding]) -> Iterator[str]:
    yield f"{rules.name}, in force from {said_day(rules.effective)}"
    yield "read against the Housing Ombudsman's Complaint Handling Code of 1 April 2024"
    counted = Counter(finding.verdict for finding in findings)
    yield ", ".join(f"{counted[verdict]} {name}" for verdict, name in VERDICTS.items())
    failed = [finding.provision for finding in findings if finding.verdict == "not-met"]
    if failed:
        yield f"not met: {', '.join(dict.fromkeys(failed))}"


def _lines(rules: Policy, findings: Sequence[Finding]) -> Iterator[str]:
    yield from _opening(rules, findings)
    for title, section in _sections(findings):
        yield f"\n{title}"
        for finding in section:
            yield f"{VERDICTS[finding.verdict]:<12}{finding.provision:<6}{finding.words}"
            yield from (f"{'':<18}{said}" for said in _says(finding))
    yield f"\n{NOTE}"


def _sections(findings: Sequence[Finding]) -> Iterator[tuple[str, Iterator[Finding]]]:
    for number, section in groupby(findings, lambda finding: finding.provision.partition(".")[0]):
        yield f"{number}. {SECTIONS[number]}", section


def _says(finding: Finding) -> Iterator[str]:
    """Returns what the policy says and on which line, where it says anything."""
    if finding.value is not None:
        line = f" (line {finding.line})" if finding.line else ""
        yield f"{finding.value}{line}"
