"""Channel keys: who may bring complaints in, each for one channel or, with `*`, for all."""

from collections.abc import Sequence
from datetime import datetime
from time import monotonic

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from services.intake.tables import ChannelKey
from services.shared.database import Database, insert
from services.shared.errors import AgainstTheRules, NotAllowed, NotThere, SignIn
from services.shared.keys import key_hash, new_key

EVERY_CHANNEL = "*"

TRUSTED_FOR = 5.0
"""Seconds: how long at most a revoked key still works in a process that has just seen it."""

SHOWN = len("channel_") + 6
"""How much of a key is kept readable: enough to tell keys apart, of no use to a thief."""


async def issue(database: Database, name: str, channel: str, now: datetime) -> str:
    """Makes a key for `channel` (or `*`) under a new name; returns it, the only time it is seen.

    Raises AgainstTheRules `channel-key-exists`: a name is used once, so what it brought in stays
    attributable.
    """
    key = new_key("channel")
    row = ChannelKey(
        id=name, channel=channel, prefix=key[:SHOWN], hash=key_hash(key), created_at=now
    )
    try:
        async with database.session() as session:
            session.add(row)
    except IntegrityError:
        raise AgainstTheRules(
            "channel-key-exists", f"There is, or was, a channel key named {name!r}."
        ) from None
    return key


async def revoke(database: Database, name: str, now: datetime) -> None:
    """Ends a key's right; repeating it changes nothing. Raises NotThere `unknown-channel-key`."""
    async with database.session() as session:
        row = await session.get(ChannelKey, name)
        if row is None:
            raise NotThere("unknown-channel-key", f"No channel key is named {name!r}.")
        row.revoked_at = row.revoked_at or now


async def every_key(database: Database) -> Sequence[ChannelKey]:
    """Returns all keys, revoked ones too, by name."""
    async with database.session() as session:
        return (await session.exec(select(ChannelKey).order_by(col(ChannelKey.id)))).all()


async def own(database: Database, name: str, channel: str, now: datetime) -> ChannelKey:
    """Returns the key by which intake itself brings in as `channel`; nobody can show it."""
    unknown = new_key("channel")
    row = {"id": name, "channel": channel, "prefix": "", "hash": key_hash(unknown)}
    async with database.session() as session:
        added = insert(session, ChannelKey).values(**row, created_at=now)
        await session.exec(added.on_conflict_do_nothing())
        return await session.get_one(ChannelKey, name)


class Holders:
    """Whose key is whose. A key in use is looked up again every `trusted_for` seconds only."""

    def __init__(self, database: Database, trusted_for: float = TRUSTED_FOR) -> None:
        self._database = database
        self._trusted_for = trusted_for
        self._trusted: dict[str, tuple[ChannelKey, float]] = {}

    async def holder(self, key: str) -> ChannelKey:
        """Returns whose key this is. Raises SignIn `unknown-key` or `revoked-key`."""
        wanted = key_hash(key)
        found, until = self._trusted.get(wanted, (None, 0.0))
        if found is None or until <= monotonic():
            found = await self._look_up(wanted)
            self._trusted[wanted] = (found, monotonic() + self._trusted_for)
        return found

    async def _look_up(self, wanted: str) -> ChannelKey:
        async with self._database.session() as session:
            query = select(ChannelKey).where(ChannelKey.hash == wanted)
            found = (await session.exec(query)).first()
        if found is None:
            raise SignIn("unknown-key", "That key is not a channel key of this installation.")
        if found.revoked_at is not None:
            raise SignIn("revoked-key", "That channel key has been revoked.")
        return found


def check_channel(key: ChannelKey, channel: str) -> None:
    """Refuses a channel that is not the key's. Raises NotAllowed `channel-not-allowed`."""
    if key.channel not in (EVERY_CHANNEL, channel):
        raise NotAllowed(
            "channel-not-allowed",
            f"This key may only bring complaints in as {key.channel!r}.",
            channel=key.channel,
        )
