"""`putright register`: the register folded again from its events, and past complaints taken in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    from services.reporting import rebuilding  # noqa: PLC0415 — loads the database driver
    from services.reporting.on_database import on_database, say, shown_progress  # noqa: PLC0415 — likewise

    async def work(database: "Database") -> int:
        with shown_progress("Folding") as progress:
            rebuilt = await rebuilding.rebuild(database, progress)
        say(f"Folded {rebuilt.folded:,}; {rebuilt.mended:,} were not as their events say.")
        for fault in rebuilt.faults:
            say(f"{fault.reference}: {fault.code}")
        return 1 if rebuilt.faults else 0

    on_database(work)


@register_app.command("import")
def import_complaints(  # noqa: PLR0913 — each is an option of the command
    file: Annotated[Path, typer.Argument(help="The table: CSV, or an Excel workbook (.xlsx).")],
    *,
    column_map: Annotated[
        Path,
        typer.Option("--map", metavar="FILE", help="Which column says what: see deploy/import/."),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only check it, and show how it is understood.")
    ] = False,
    policy: Annotated[
        str | None, typer.Option(metavar="NAME", help="The policy, in the place of the map's.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", dir_okay=False, help="Write every mistake there, as CSV."),
    ] = None,
    take_back: Annotated[
        bool,
        typer.Option("--take-back", help="Remove what this table brought in, and nothing else."),
    ] = False,
) -> None:
    """Take past complaints into the register: all of the table, or with any mistake nothing.

    A row that was imported before changes nothing. With --take-back, what an import of the same
    table brought in is removed again: all of it, or nothing. Exit code 1: there are mistakes.
    """
    from services.reporting.importing.command import Order, import_table  # noqa: PLC0415 — likewise
    from services.reporting.on_database import on_database  # noqa: PLC0415 — likewise

    order = Order(file, column_map, policy, report, dry_run, take_back)
    on_database(lambda database: import_table(order, database))
