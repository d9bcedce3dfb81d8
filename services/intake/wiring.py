"""What every part of intake is given: made once in `app.py`, found on the app by the routes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from services.intake.channel_keys import Holders
from services.intake.engine import Engine
from services.intake.saving import Saver
from services.intake.settings import IntakeSettings
from services.shared.database import Database

Now = Callable[[], Awaitable[datetime]]
"""Answers the present instant (aware). Tests in skipped time give the server's."""


@dataclass(frozen=True)
class Intake:
    """The settings and the three things outside the process: database, engine and clock."""

    settings: IntakeSettings
    database: Database
    engine: Engine
    now: Now
    channel_keys: Holders
    saver: Saver
    """Saves complaints."""
    feedback_saver: Saver
    """Saves feedback that is no complaint."""
    saved: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a complaint has been saved, so that it is started at once."""
    feedback_saved: asyncio.Event = field(default_factory=asyncio.Event)
    """Likewise for feedback."""
    mail_stored: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when mail has been stored, so that it is read at once."""
    mail_taken: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when somebody must be told of a mail, so that they are told at once."""


async def of(request: Request) -> Intake:
    """Returns the wiring of the app that serves this request."""
    intake: Intake = request.app.state.intake
    return intake


IntakeOf = Annotated[Intake, Depends(of)]
