"""Ways to see from outside that a program on this machine can be used."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

Ready = Callable[[], Awaitable[bool]]
"""Says whether something can be used now. It answers False, and does not raise, while not."""

PATIENCE = 2.0
"""Seconds that one look may take."""


def listens(port: int) -> Ready:
    """Returns the check that something accepts connections on a port of 127.0.0.1."""

    async def check() -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True

    return check


def answers(port: int, path: str, *, holding: Sequence[str] = ()) -> Ready:
    """Returns the check that `GET path` on 127.0.0.1 is answered 200 with every text in it."""

    async def check() -> bool:
        request = f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    writer.write(request.encode())
                    answer = (await reader.read()).decode(errors="replace")
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return False
        status = answer.split("\r\n", 1)[0].split(" ")
        return status[1:2] == ["200"] and all(text in answer for text in holding)

    return check


def every(*checks: Ready) -> Ready:
    """Returns the check that all of `checks` say yes."""

    async def check() -> bool:
        return all([await single() for single in checks])

    return check
