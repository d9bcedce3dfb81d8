"""`putright report`: a report made from the register, written as files."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from services.shared.errors import MendRequest

KindName = Literal["annual", "quarterly", "member", "sample", "self-assessment"]
"""As `making.Kind`, which would load the database driver."""

FORMATS = ("html", "pdf", "xlsx", "csv", "json")

APRIL = 4

OF_A_YEAR: frozenset[KindName] = frozenset({"annual", "self-assessment"})
"""The kinds that are about a year; all others are about a quarter."""


def report(  # noqa: PLR0913 — one parameter per option
    kind: Annotated[KindName, typer.Argument()],
    *,
    out: Annotated[
        Path, typer.Option(metavar="DIR", file_okay=False, help="Where the files are written.")
    ],
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Only complaints under this policy; a self-assessment needs it."
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(metavar="YYYY", help="A year from 1 April: annual and self-assessment only."),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="From then: the first of a month.")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="LIST", help=f"Any of: {','.join(FORMATS)}.")
    ] = "html",
    seed: Annotated[
        str | None, typer.Option(help="Of a sample: by what it is drawn; the board chooses it.")
    ] = None,
    of_each_stage: Annotated[
        int, typer.Option("--of", min=1, max=100, help="Of a sample: how many of each stage.")
    ] = 5,
    key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Of a sample: write its key there, for the officer."),
    ] = None,
    digest: Annotated[
        str | None,
        typer.Option(help="Of a sample: what stands on its report; any other one is refused."),
    ] = None,
    findings: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="For the self-assessment: what 'putright policy check NAME --json' printed.",
        ),
    ] = None,
) -> None:
    """Make a report from the register: of a year, or of a quarter.

    annual: complaints performance, to be published (Code 8.1). quarterly: the same for the board.
    member: for the Member Responsible for Complaints (Code 9.7). sample: answers for the board to
    judge, without names. self-assessment: the policy and the figures against the Code.
    """
    # These load the database driver and the renderers.
    from services.reporting.on_database import on_database  # noqa: PLC0415 — as said
    from services.reporting.reports.writing import Order, write  # noqa: PLC0415 — as said

    try:
        from_on = _first_day(kind, year, first)
        chosen = _formats(formats)
    except MendRequest as refusal:
        raise typer.BadParameter(str(refusal)) from None
    asked = {
        "from_on": from_on,
        "policy": policy,
        "seed": seed,
        "of_each_stage": of_each_stage,
        "digest": digest,
    }
    order = Order(kind, asked, chosen, out, key, findings)
    on_database(lambda database: write(order, database))


def _first_day(kind: KindName, year: int | None, first: str | None) -> date:
    """Returns the day from which the report counts.

    Raises MendRequest `no-period`, and `not-of-a-year` where a year would silently be its first
    quarter.
    """
    if (year is None) == (first is None):
        raise MendRequest("no-period", "Give either --year or --from.")
    if year is not None and kind not in OF_A_YEAR:
        raise MendRequest(
            "not-of-a-year",
            f"A report of the kind '{kind}' is about three months, not a year: give --from with "
            f"the first of them, such as --from {year}-04-01.",
        )
    try:
        return date(year, APRIL, 1) if year is not None else date.fromisoformat(first or "")
    except ValueError:
        raise MendRequest("no-period", "--from is a date such as 2024-04-01.") from None


def _formats(listed: str) -> tuple[str, ...]:
    """Returns the formats asked for, each once. Raises MendRequest `unknown-format`."""
    chosen = tuple(dict.fromkeys(name.strip() for name in listed.split(",")))
    for name in chosen:
        if name not in FORMATS:
            raise MendRequest("unknown-format", f"{name!r} is none of: {', '.join(FORMATS)}.")
    return chosen
