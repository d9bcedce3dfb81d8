"""Prepares the embedded default's data before the services start: tables, and its channel key."""

import asyncio
import os
from datetime import UTC, datetime

from services import databases
from services.intake.channel_keys import EVERY_CHANNEL, SHOWN
from services.intake.settings import IntakeSettings
from services.intake.tables import ChannelKey
from services.shared.database import Database
from services.shared.keys import key_hash

NAME = "embedded"
"""The channel key's name: complaints brought in with it say so."""


async def let_in(key: str, url: str) -> None:
    """Makes intake know `key`, for every channel. Repeating it changes nothing."""
    database = Database(url)
    try:
        async with database.session() as session:
            row = await session.get(ChannelKey, NAME)
            if row is None or row.hash != key_hash(key):
                await session.merge(
                    ChannelKey(
                        id=NAME,
                        channel=EVERY_CHANNEL,
                        prefix=key[:SHOWN],
                        hash=key_hash(key),
                        created_at=datetime.now(UTC),
                    )
                )
    finally:
        await database.close()


def main() -> None:
    """Brings every database forward, then lets the embedded default's channel key in."""
    databases.bring_forward(databases.URLS)
    asyncio.run(let_in(os.environ["PUTRIGHT_CHANNEL_KEY"], IntakeSettings().intake_database_url))


if __name__ == "__main__":
    main()
