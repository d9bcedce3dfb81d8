"""A mail server that does what a script says, at any point of the dialogue.

async with ScriptedSmtp() as server:
    server.at("RCPT", says("450 4.2.0 come back later"), times=3)
    server.at("message", resets)          # takes the next mail whole, and is never heard again
    ...                                   # send to 127.0.0.1, port server.port
    [mail] = server.taken
"""

import asyncio
import email
import email.policy
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

Point = Literal["greeting", "EHLO", "MAIL", "RCPT", "DATA", "message"]
"""What the server has heard last; `message` is the whole mail, up to the dot on its last line."""


@dataclass(frozen=True)
class Act:
    """What the server does instead of agreeing."""

    reply: str | None = None
    """A reply of its own; None says nothing."""
    hangs_up: bool = False
    """Whether it cuts the connection, by a reset."""


def says(reply: str) -> Act:
    """Another reply than the one hoped for."""
    return Act(reply=reply)


resets = Act(hangs_up=True)
falls_silent = Act()


@dataclass(frozen=True)
class Taken:
    """One mail that the server has whole, and answers for."""

    to: str
    message_id: str


class ScriptedSmtp:
    """Agrees to everything that its script does not speak of."""

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[Taken] = []
        """Every mail that was taken, oldest first; also those whose sender got no reply."""
        self.lost_replies = 0
        """How many were taken whose sender got no reply."""
        self._script: dict[Point, deque[Act]] = {}
        self._always: dict[Point, Act] = {}
        self._server: asyncio.Server | None = None
        self._dialogues: set[asyncio.Task[None]] = set()

    def at(self, point: Point, act: Act, *, times: int = 1) -> None:
        """Does that the next so many times that it comes to that point."""
        self._script.setdefault(point, deque()).extend([act] * times)

    def always(self, point: Point, act: Act) -> None:
        """Does that whenever it comes to that point, until `mend`."""
        self._always[point] = act

    def mend(self) -> None:
        """Agrees to everything again."""
        self._script.clear()
        self._always.clear()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._greet, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for dialogue in self._dialogues:
            dialogue.cancel()
        await asyncio.gather(*self._dialogues, return_exceptions=True)

    def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dialogue = asyncio.create_task(self._talk(reader, writer))
        self._dialogues.add(dialogue)
        dialogue.add_done_callback(self._dialogues.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient = ""
        try:
            await self._act("greeting", writer, lambda: "220 scripted.example.org")
            while line := await reader.readline():
                verb, _, rest = line.decode("ascii").strip().partition(" ")
                match verb.upper():
                    case "EHLO" | "MAIL" as point:
                        await self._act(point, writer, lambda: "250 OK")
                    case "RCPT":
                        recipient = rest.partition("<")[2].rpartition(">")[0]
                        await self._act("RCPT", writer, lambda: "250 OK")
                    case "DATA":
                        if await self._act("DATA", writer, lambda: "354 go on"):
                            await self._take(recipient, reader, writer)
                    case "QUIT":
                        writer.write(b"221 bye\r\n")
                        return
                    case _:
                        writer.write(b"502 not here\r\n")
        except ConnectionError:
            return
        finally:
            writer.transport.abort()

    async def _take(
        self, recipient: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        lines = []
        while (line := await reader.readline()) != b".\r\n":
            if not line:
                raise ConnectionResetError
            lines.append(line.removeprefix(b"."))
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.SMTP)
        taken = Taken(to=recipient, message_id=str(message["Message-ID"]))

        def agree() -> str:
            self.taken.append(taken)
            return "250 taken"

        act = self._next("message")
        if act is not None and act.reply is None:
            self.taken.append(taken)
            self.lost_replies += 1
        await self._do(act, writer, agree)

    async def _act(
        self, point: Point, writer: asyncio.StreamWriter, agree: Callable[[], str]
    ) -> bool:
        """Does what the script says at that point; says whether it agreed."""
        act = self._next(point)
        await self._do(act, writer, agree)
        return act is None

    async def _do(
        self, act: Act | None, writer: asyncio.StreamWriter, agree: Callable[[], str]
    ) -> None:
        if act is None:
            writer.write(agree().encode() + b"\r\n")
        elif act.reply is not None:
            writer.write(act.reply.encode() + b"\r\n")
        elif act.hangs_up:
            writer.transport.abort()
            raise ConnectionResetError
        else:
            await asyncio.Event().wait()  # until the dialogue is ended from outside
        await writer.drain()

    def _next(self, point: Point) -> Act | None:
        script = self._script.get(point)
        return script.popleft() if script else self._always.get(point)
