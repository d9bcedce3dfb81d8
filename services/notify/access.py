"""What every route of notify's API has at hand, and that only staff have it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from temporalio.client import Client

from services.notify.sending import Now
from services.shared.database import Database
from services.shared.web import staff_only

STAFF_SCHEME = HTTPBearer(
    scheme_name="staff key", description="The staff key of the installation.", auto_error=False
)


@dataclass(frozen=True)
class Desk:
    """Where one request is served: notify's rows, Temporal, the time, and who is asking."""

    database: Database
    client: Client
    clock: Now
    by: str
    """The staff id of who is asking."""

    async def now(self) -> datetime:
        """Tells the time (UTC, aware)."""
        return await self.clock()


def _desk(request: Request, _described: Annotated[object, Security(STAFF_SCHEME)]) -> Desk:
    by = staff_only(request.app.state.settings.staff_key_hash)(request)
    state = request.app.state
    return Desk(database=state.database, client=state.client, clock=state.now, by=by)


AtDesk = Annotated[Desk, Depends(_desk)]
"""Raises SignIn `no-key` or `unknown-key`."""
