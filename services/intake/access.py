"""Who is asking: the key that a request shows, as the routes take it."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from services.intake.tables import ChannelKey
from services.intake.wiring import IntakeOf
from services.shared.web import bearer_key, staff_only

CHANNEL_SCHEME = HTTPBearer(
    scheme_name="channel key", description="Made by `putright channel-key new`.", auto_error=False
)
STAFF_SCHEME = HTTPBearer(
    scheme_name="staff key", description="The staff key of the installation.", auto_error=False
)


async def _channel_key(
    request: Request, intake: IntakeOf, _described: Annotated[object, Security(CHANNEL_SCHEME)]
) -> ChannelKey:
    return await intake.channel_keys.holder(bearer_key(request))


async def _staff(
    request: Request, intake: IntakeOf, _described: Annotated[object, Security(STAFF_SCHEME)]
) -> str:
    return staff_only(intake.settings.staff_key_hash)(request)


ShownChannelKey = Annotated[ChannelKey, Depends(_channel_key)]
"""The channel key shown. Raises SignIn `no-key`, `unknown-key` or `revoked-key`."""

Staff = Annotated[str, Depends(_staff)]
"""The staff id of who is acting. Raises SignIn `no-key` or `unknown-key`."""
