"""The register's API, for staff: lists of complaints, and one with everything that happened."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict

from services.reporting import entries, listing, timeline
from services.reporting.listing import Filters, Page
from services.reporting.rebuilding import still_counting
from services.reporting.register import RegisterEntry
from services.reporting.timeline import TimelineEntry
from services.shared.database import Database
from services.shared.errors import NotThere
from services.shared.problems import refusals
from services.shared.text import Line
from services.shared.web import staff_only

STAFF_SCHEME = HTTPBearer(
    scheme_name="staff key", description="The staff key of the installation.", auto_error=False
)

router = APIRouter(prefix="/api/register", tags=["register"])


class Story(BaseModel):
    """One complaint: its entry in the register, and what happened, in order."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    complaint: RegisterEntry
    timeline: tuple[TimelineEntry, ...]


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _staff(request: Request, _described: Annotated[object, Security(STAFF_SCHEME)]) -> str:
    return staff_only(request.app.state.settings.staff_key_hash)(request)


TheDatabase = Annotated[Database, Depends(_database)]


def _whole(request: Request, database: TheDatabase) -> Database:
    if request.app.state.filling.is_short:
        raise still_counting()
    return database


WholeRegister = Annotated[Database, Depends(_whole)]
"""The register, with every complaint in it counted. Raises TryLater `being-counted`."""

Staff = Annotated[str, Depends(_staff)]
"""The staff id of who is asking. Raises SignIn `no-key` or `unknown-key`."""


@router.get("", responses=refusals(401, 422))
async def list_register(
    database: TheDatabase, _staff: Staff, filters: Annotated[Filters, Query()]
) -> Page:
    """List the register, the newest received first, one page at a time."""
    async with database.session() as session:
        return await listing.page(session, filters)


@router.get("/{reference}", responses=refusals(401, 404, 422))
async def read_register(
    database: TheDatabase,
    _staff: Staff,
    reference: Annotated[Line, Path(examples=["PR-7K3M-2QXD"])],
) -> Story:
    """Read one complaint's entry and its timeline.

    An event that was told before an earlier one appears, in both, once the earlier one is here.
    """
    async with database.session() as session:
        entry = await entries.find(session, reference)
        if entry is None:
            raise NotThere("unknown-reference", "The register has no complaint of this reference.")
        told = await entries.events(session, reference)
    return Story(
        complaint=entry,
        timeline=tuple(timeline.line(event) for event in told[: entry.folded_to]),
    )
