"""A TCP proxy between a program under test and a server, on which the way can fail.

    async with Proxy(server_port) as proxy:
        ...                        # the program connects to 127.0.0.1, port proxy.port
        proxy.hold(after=2_000)    # the client's next 2,000 bytes pass; then nothing moves
        await proxy.reached()
        proxy.pass_on()            # what was held back goes on its way

What the way does, it does to every connection, also to those that are open, from the next bytes
on. `after` counts what clients send, over all connections together, from that call on.
"""

import asyncio
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from types import TracebackType
from typing import Literal, Self

CHUNK = 65_536

PORTIONS_A_SECOND = 20
"""Into how many portions a slow way cuts what it lets through in a second."""

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER with no time to linger: closing sends a reset, and what is unsent is thrown away."""

Direction = Literal["sent", "answered"]
"""Sent by the client, or answered by the server."""


class _Way(Enum):
    PASS = auto()
    HOLD = auto()
    BLACKHOLE = auto()
    NO_ANSWERS = auto()
    SLOW = auto()


@dataclass
class _Fuse:
    """What happens once clients have sent so many bytes more."""

    left: int
    burn: Callable[[], None]


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes everything on to `server_port`."""

    def __init__(self, server_port: int) -> None:
        self.connections = 0
        """How many connections were accepted."""
        self.passed: dict[Direction, int] = {"sent": 0, "answered": 0}
        """How many bytes came through; what was held back or swallowed is not among them."""
        # Bound and never listening: it keeps the port ours while connections are refused.
        self._reserved = _bound(0)
        self.port: int = self._reserved.getsockname()[1]
        self._listener: socket.socket | None = None
        self._server_port = server_port
        self._served: dict[asyncio.Task[None], list[asyncio.StreamWriter]] = {}
        self._way = _Way.PASS
        self._turned = asyncio.Event()
        self._bytes_per_second = 0
        self._fuse: _Fuse | None = None
        self._burnt = asyncio.Event()

    def pass_on(self) -> None:
        """Lets everything through again, and new connections too; what was held back goes on."""
        self._fuse = None
        self._turn(_Way.PASS)
        self._listen()

    def hold(self, *, after: int = 0) -> None:
        """Keeps everything back, both ways, until the way is turned again."""
        self._light(after, lambda: self._turn(_Way.HOLD))

    def blackhole(self, *, after: int = 0) -> None:
        """Swallows everything, both ways; a connection that met it is of no use any more."""
        self._light(after, lambda: self._turn(_Way.BLACKHOLE))

    def lose_answers(self, *, after: int = 0) -> None:
        """Passes on what clients send, and swallows what the server answers."""
        self._light(after, lambda: self._turn(_Way.NO_ANSWERS))

    def slow(self, bytes_per_second: int) -> None:
        """Lets so much through in each direction of each connection, a portion at a time."""
        self._bytes_per_second = bytes_per_second
        self._light(0, lambda: self._turn(_Way.SLOW))

    def cut(self, *, after: int = 0) -> None:
        """Resets every open connection, on both sides; new ones are treated as before."""
        self._light(after, self._reset_all)

    def refuse(self) -> None:
        """Resets every open connection and refuses new ones, until `pass_on`."""
        self._light(0, self._reset_all)
        self._stop_listening()

    async def reached(self) -> None:
        """Returns when clients have sent as many bytes as the last `after` said."""
        await self._burnt.wait()

    async def __aenter__(self) -> Self:
        self._listen()
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.refuse()
        self._reserved.close()
        for ended in await asyncio.gather(*self._served, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended

    def _turn(self, way: _Way) -> None:
        self._way = way
        self._turned.set()
        self._turned = asyncio.Event()

    def _light(self, after: int, burn: Callable[[], None]) -> None:
        self._burnt.clear()
        self._fuse = _Fuse(after, burn)
        self._burn()

    def _burn(self) -> None:
        """Does what was to be done when no byte is left until then."""
        if self._fuse is not None and self._fuse.left == 0:
            burn, self._fuse = self._fuse.burn, None
            burn()
            self._burnt.set()

    def _reset_all(self) -> None:
        for task, writers in self._served.items():
            for writer in writers:
                _reset(writer)
            task.cancel()

    def _listen(self) -> None:
        if self._listener is None:
            self._listener = _bound(self.port)
            self._listener.listen(128)
            asyncio.get_running_loop().add_reader(self._listener, self._accept)

    def _stop_listening(self) -> None:
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            self._listener = None

    def _accept(self) -> None:
        assert self._listener is not None
        try:
            client, _ = self._listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # it went away while it waited
        client.setblocking(False)
        self.connections += 1
        writers: list[asyncio.StreamWriter] = []
        task = asyncio.get_running_loop().create_task(self._serve(client, writers))
        self._served[task] = writers

    async def _serve(self, client: socket.socket, writers: list[asyncio.StreamWriter]) -> None:
        """Carries one connection from its beginning to its end."""
        from_client, to_client = await asyncio.open_connection(sock=client)
        writers.append(to_client)
        try:
            await self._until_not(_Way.HOLD)
            if self._way is _Way.BLACKHOLE:
                while await from_client.read(CHUNK):
                    pass
                return
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)
            writers.append(to_server)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry("sent", from_client, to_server))
                both.create_task(self._carry("answered", from_server, to_client))
        except* ConnectionError:
            for writer in writers:
                _reset(writer)
        finally:
            for writer in writers:
                writer.close()

    async def _carry(
        self, direction: Direction, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Carries one direction of a connection, until its sender says that it has ended."""
        while chunk := await reader.read(CHUNK):
            while chunk:
                fuse = self._fuse if direction == "sent" else None
                portion = chunk if fuse is None else chunk[: fuse.left]
                chunk = chunk[len(portion) :]
                if fuse is not None:
                    fuse.left -= len(portion)
                await self._pass(direction, portion, writer)
                if fuse is not None and fuse is self._fuse:
                    self._burn()
        await self._until_not(_Way.HOLD)
        if self._way is not _Way.BLACKHOLE:
            writer.write_eof()

    async def _pass(
        self, direction: Direction, portion: bytes, writer: asyncio.StreamWriter
    ) -> None:
        """Does to some bytes whatever the way does now."""
        while portion:
            await self._until_not(_Way.HOLD)
            swallowed = self._way is _Way.NO_ANSWERS and direction == "answered"
            if swallowed or self._way is _Way.BLACKHOLE:
                return
            now = portion
            if self._way is _Way.SLOW:
                now = portion[: max(1, self._bytes_per_second // PORTIONS_A_SECOND)]
                await asyncio.sleep(len(now) / self._bytes_per_second)
            if writer.is_closing():
                raise ConnectionResetError
            portion = portion[len(now) :]
            writer.write(now)
            self.passed[direction] += len(now)
            await writer.drain()

    async def _until_not(self, way: _Way) -> None:
        while self._way is way:
            await self._turned.wait()


def _bound(port: int) -> socket.socket:
    """Returns a socket of 127.0.0.1 at a port (a free one for 0) that others of ours may share."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind(("127.0.0.1", port))
    bound.setblocking(False)
    return bound


def _reset(writer: asyncio.StreamWriter) -> None:
    """Ends a connection with a TCP reset: what is on the way to the other side is lost."""
    if not writer.transport.is_closing():
        writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE
        )
        writer.transport.abort()
