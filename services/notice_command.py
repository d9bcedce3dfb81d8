"""`putright notice preview`: notify's letters in the words of workflow's policies.

Neither service knows the other's inside, so the two meet here, on the command line.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.shared.local_time import local_date
from services.workflow.commands import refusals

if TYPE_CHECKING:
    from services.notify.preview import PolicyWords
    from services.notify.ways import Ready
    from services.workflow.policy import Policy
    from services.workflow.stages import Stage

notice_app = typer.Typer(name="notice", help="The letters and mails that go out.")

OF_A_LATER_STAGE = frozenset({"stage-acknowledgement", "moved-on", "to-assign"})
OF_A_HEARING = frozenset({"hearing", "panel-hearing"})


@notice_app.callback()
def _notice() -> None:
    """Keep `preview` a word of its own: a single command would swallow it."""


@notice_app.command()
def preview(  # noqa: PLR0913 — one parameter per option
    kind: Annotated[
        str | None, typer.Argument(help="Which kind of notice, such as response or digest.")
    ] = None,
    *,
    policy: Annotated[
        str | None, typer.Option(metavar="NAME", help="In the words of the policy in force today.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the HTML of the mail there.")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the letter on paper there.")
    ] = None,
    text: Annotated[
        bool, typer.Option("--text", help="Print the text, also when a file is written.")
    ] = False,
    list_kinds: Annotated[
        bool, typer.Option("--list", help="List the kinds of notice, and nothing else.")
    ] = False,
) -> None:
    """Show a sample of a notice as its reader gets it. Needs no server."""
    from services.notify import preview as previews  # noqa: PLC0415 — loads every template

    if list_kinds:
        typer.echo("\n".join(previews.KINDS))
        return
    if kind is None:
        raise typer.BadParameter("say which kind, or --list", param_hint="KIND")
    with refusals():
        rules = None if policy is None else _in_force(policy)
        words = None if rules is None else (lambda one: _words(rules, one))
        if html is not None:
            html.write_text(previews.preview(kind, words).letter.html, "utf-8")
        if pdf is not None:
            pdf.write_bytes(_on_paper(previews.preview(kind, words, on_paper=True)))
        if text or (html is None and pdf is None):
            shown = previews.preview(kind, words).letter
            typer.echo(f"Subject: {shown.subject}\n\n{shown.text}", nl=False)
            if shown.sms is not None:
                typer.echo(f"\nAs a text message:\n{shown.sms}")


def _in_force(name: str) -> "Policy":
    from services.workflow import policies  # noqa: PLC0415 — reads every policy file

    return policies.in_force(name, local_date(datetime.now(UTC)))


def _on_paper(ready: "Ready") -> bytes:
    from services.notify import paper, preview_people  # noqa: PLC0415 — loads the typesetter

    return paper.render(ready, local_date(preview_people.NOW)).content


def _words(rules: "Policy", kind: str) -> "PolicyWords":
    """Returns what a policy has for a kind of notice: its landlord, stages, reasons, bodies."""
    from services.notify.contract import Brand, Letterhead  # noqa: PLC0415 — loads Temporal
    from services.notify.preview import PolicyWords  # noqa: PLC0415 — loads every template

    stage = _stage(rules, kind)
    letterhead = Letterhead(
        landlord=rules.landlord,
        policy_name=rules.title,
        stage=stage.title,
        tracking_url="https://complaints.example.org/track/abc123",
        signposts=rules.signposts_for(service=None, stage=stage.name, notice=kind),
        brand=rules.brand or Brand(),
    )
    return PolicyWords(letterhead, _says(rules, kind))


def _stage(rules: "Policy", kind: str) -> "Stage":
    """Returns the stage to which a sample of that kind belongs, or the nearest to it."""
    first, *later = rules.stages
    if kind in OF_A_HEARING:
        return next((stage for stage in later if stage.hearing), rules.stages[-1])
    if kind == "decline":
        after = later[0] if later else first
        return next((stage for stage in later if stage.request and stage.request.declines), after)
    return later[0] if later and kind in OF_A_LATER_STAGE else first


def _says(rules: "Policy", kind: str) -> dict[str, object]:
    """Returns the parts of a sample's content that this policy words itself."""
    first, *later = rules.stages
    says: dict[str, dict[str, object]] = {
        "response": {"next_stage": None, "escalate_by": None},
        "refusal": {"reason": rules.exclusions[0].wording},
        "moved-on": {"from_stage": first.title},
        "to-assign": {"from_stage": first.title},
    }
    if asked_for := next((stage for stage in later if stage.can_be_asked_for), None):
        needs = asked_for.request.needs if asked_for.request else ()
        following: dict[str, object] = {"next_stage": asked_for.title, "next_stage_needs": needs}
        says |= {"response": following, "window-reminder": following}
    request = _stage(rules, "decline").request
    if request and request.declines:
        says["decline"] = {"reason": request.declines[0].wording}
    if procedure := next((one.procedure for one in rules.feedback if one.procedure), None):
        says |= {"directed": {"procedure": procedure}, "passed-on": {"procedure": procedure}}
    return says.get(kind, {})
