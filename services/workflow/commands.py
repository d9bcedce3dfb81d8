"""`putright policy` and `putright deadlines`: the rules and what follows from them, by hand.

Both work from policy files alone: no server, no database.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, get_args

import typer

from services.shared.calendars import Nation
from services.shared.errors import MendRequest, PutrightError
from services.shared.local_time import at, local_date
from services.workflow import policies, policy_printing, policy_schema, printing
from services.workflow.deadlines import work_out
from services.workflow.policies import PolicyFile
from services.workflow.policy import Policy
from services.workflow.self_assessment import printing as self_assessment_printing
from services.workflow.self_assessment.assessment import assess, complies

policy_app = typer.Typer(
    name="policy", help="The published policies: what binds, and from when.", no_args_is_help=True
)

NATIONS: tuple[Nation, ...] = get_args(Nation)


@policy_app.command("list")
def list_policies() -> None:
    """List every published policy, version by version."""
    with refusals():
        printing.policy_list([rules for known in policies.published().values() for rules in known])


@policy_app.command("show")
def show_policy(
    name: Annotated[str, typer.Argument(help="The policy's name, such as housing-ombudsman.")],
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The version in force then; else today's.")
    ] = None,
) -> None:
    """Show one policy: what it takes in, its stages and clocks, its ladder, whom it names."""
    with refusals():
        moment = datetime.now(UTC) if on is None else _moment(on)
        policy_printing.policy(policies.in_force(name, local_date(moment)))


@policy_app.command("check")
def check_policy(
    policy: Annotated[
        str,
        typer.Argument(
            metavar="FILE|NAME",
            help="A policy file (its path has a slash or ends in .toml), or a policy's name: "
            "then the version in force today.",
        ),
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
) -> None:
    """Read a policy against the Housing Ombudsman's Code. Exit code 1: a provision is not met."""
    if as_json and markdown:
        raise typer.BadParameter("--json and --markdown are two ways to print: ask for one")
    with refusals():
        file = _policy_file(policy)
        findings = assess(file)
        if as_json:
            typer.echo(_json([finding.model_dump(mode="json") for finding in findings]))
        elif markdown:
            self_assessment_printing.as_markdown(file.rules, findings)
        else:
            self_assessment_printing.as_text(file.rules, findings)
    raise typer.Exit(0 if complies(findings) else 1)


@policy_app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of a policy file, for editors and other tools."""
    typer.echo(policy_schema.as_text(), nl=False)


def deadlines(  # noqa: PLR0913 — one parameter per option
    *,
    policy: Annotated[str, typer.Option(metavar="NAME", help="The policy's name.")],
    received: Annotated[
        str,
        typer.Option(
            metavar="ISO",
            help="When it was received: a date, or a time with its offset. "
            "For a later stage, when that was asked for.",
        ),
    ],
    acknowledged: Annotated[
        str | None, typer.Option(metavar="ISO", help="When it was acknowledged, if it was.")
    ] = None,
    nation: Annotated[
        str | None,
        typer.Option(metavar="|".join(NATIONS), help="Whose bank holidays; else the policy's."),
    ] = None,
    stage: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which stage; else the first.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show day 1 and each day skipped, with its reason.")
    ] = False,
) -> None:
    """Work out by when a complaint must be acknowledged and answered. Needs no server."""
    with refusals():
        received_at = _moment(received)
        rules = _for_nation(policies.in_force(policy, local_date(received_at)), nation)
        table = work_out(
            rules,
            received_at,
            acknowledged_at=None if acknowledged is None else _moment(acknowledged),
            stage=stage,
        )
        if as_json:
            shown = table.model_dump(mode="json", exclude=set() if explain else {"explain"})
            typer.echo(_json(shown))
        else:
            printing.deadlines(table, explain=explain)


@contextmanager
def refusals() -> Iterator[None]:
    """Turns a refusal into a line on stderr, `code: detail`, and exit code 2.

    A policy file gets a line for each mistake.
    """
    try:
        yield
    except PutrightError as refusal:
        for detail in _details(refusal):
            typer.echo(f"{refusal.code}: {detail}", err=True)
        raise typer.Exit(2) from None


def _details(refusal: PutrightError) -> list[str]:
    found = refusal.facts.get("mistakes")
    return [str(each) for each in found] if isinstance(found, list) else [refusal.detail]


def _json(shown: object) -> str:
    return json.dumps(shown, indent=2, ensure_ascii=False)


def _policy_file(given: str) -> PolicyFile:
    """Reads the policy file that is given by its path, or by the name of a published policy.

    Raises MendRequest `invalid-policy`, NotThere `unknown-policy`.
    """
    if "/" in given or given.endswith(".toml"):
        return policies.read(Path(given))
    return policies.read(policies.path_of(policies.in_force(given, local_date(datetime.now(UTC)))))


def _for_nation(rules: Policy, nation: str | None) -> Policy:
    if nation is None:
        return rules
    if nation not in NATIONS:
        raise MendRequest("unknown-nation", f"{nation!r} is none of: {', '.join(NATIONS)}.")
    return rules.model_copy(update={"nation": nation})


def _moment(text: str) -> datetime:
    """Reads an ISO time with its offset, or an ISO date: the first moment of that day in London.

    The first, so that a clock in hours is never shown later than it can be. Raises MendRequest
    `unreadable-time` or `naive-time`.
    """
    try:
        moment = _read(text)
        if moment.tzinfo is not None:
            local_date(moment)  # the first and last days of the calendar have no day in London
    except (ValueError, OverflowError):
        raise MendRequest(
            "unreadable-time",
            f"{text!r} is no ISO date such as 2026-12-21, nor a time such as 2026-12-21T09:30Z.",
        ) from None
    if moment.tzinfo is None:
        raise MendRequest(
            "naive-time", f"{text!r} does not say which instant it is: add Z or an offset (+01:00)."
        )
    return moment


def _read(text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text)
    return at(day, time(0))
