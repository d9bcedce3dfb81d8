"""How fast mails may go out: evenly spaced, so many a minute."""

import asyncio


class TooFast(Exception):
    """The turn of this mail comes too late for it to wait."""


class Pace:
    """Gives each mail its turn. 0 a minute is no limit.

    It holds for one process: of several workers, each keeps to its own.
    """

    def __init__(self, a_minute: int) -> None:
        self._gap = 60 / a_minute if a_minute else 0.0
        self._next = 0.0
        """When the next turn is, by the event loop's clock."""

    async def turn(self, patience: float) -> None:
        """Returns when it is this mail's turn.

        Raises TooFast at once when that is more than `patience` seconds away: it takes nobody's
        place by waiting in vain.
        """
        if not self._gap:
            return
        now = asyncio.get_running_loop().time()
        mine = max(now, self._next)
        if mine - now > patience:
            raise TooFast
        self._next = mine + self._gap
        await asyncio.sleep(mine - now)
