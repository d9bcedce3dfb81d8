"""Who is asking: the key that a request shows, as the routes take it."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from services.intake.tables import ChannelKey
from services.intake.wiring import IntakeOf
from services.shared.keys import same_key
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


async def _staff_or_channel(
    request: Request,
    intake: IntakeOf,
    _channel: Annotated[object, Security(CHANNEL_SCHEME)],
    _staff: Annotated[object, Security(STAFF_SCHEME)],
) -> ChannelKey | str:
    if same_key(bearer_key(request), intake.settings.staff_key_hash):
        return staff_only(intake.settings.staff_key_hash)(request)
    return await intake.channel_keys.holder(bearer_key(request))


ShownChannelKey = Annotated[ChannelKey, Depends(_channel_key)]
"""The channel key shown. Raises SignIn `no-key`, `unknown-key` or `revoked-key`."""

Staff = Annotated[str, Depends(_staff)]
"""The staff id of who is acting. Raises SignIn `no-key` or `unknown-key`."""

StaffOrChannel = Annotated[ChannelKey | str, Depends(_staff_or_channel)]
"""The staff id of who is acting, or the channel key shown. Raises SignIn as those do."""
