"""`putright register`: the register folded again from its events, and past complaints taken in."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from services.shared.database import Database

register_app = typer.Typer(
    name="register",
    help="The register: folded again from its events, and past complaints taken into it.",
    no_args_is_help=True,
)


@register_app.command()
def rebuild() -> None:
    """Fold the register again from the stored events; whatever differs is put right.

    Services may go on meanwhile. It can be stopped and repeated. Exit code 1: some events do not
    fold, and the entries of those were left as they were.
    """
    # These load the database driver.
    from services.reporting import rebuilding  # noqa: PLC0415 — as said
    from services.reporting.on_database import on_database, say, shown_progress  # noqa: PLC0415 — as said

    async def work(database: "Database") -> int:
        with shown_progress("Folding") as progress:
            rebuilt = await rebuilding.rebuild(database, progress)
        say(f"Folded {rebuilt.folded:,}; {rebuilt.mended:,} were not as their events say.")
        for fault in rebuilt.faults:
            say(f"{fault.reference}: {fault.code}")
        return 1 if rebuilt.faults else 0

    on_database(work)
