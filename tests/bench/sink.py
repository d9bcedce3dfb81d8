"""A mail server that takes everything and keeps nothing, as a process of its own.

    python -m tests.bench.sink        # prints its port, and takes mails until it is killed

It does as little as SMTP allows: what is measured is the sender.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

REPLIES = {
    b"EHLO": b"250 sink.example.org\r\n",
    b"MAIL": b"250 OK\r\n",
    b"RCPT": b"250 OK\r\n",
    b"DATA": b"354 go on\r\n",
    b"RSET": b"250 OK\r\n",
    b"QUIT": b"221 bye\r\n",
}

END_OF_MAIL = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._heard = bytearray()
        self._in_mail = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greets."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink.example.org\r\n")

    def data_received(self, data: bytes) -> None:
        """Answers every command, and every mail at its end."""
        assert self._transport is not None
        self._heard += data
        while True:
            end = END_OF_MAIL if self._in_mail else b"\r\n"
            heard, found, rest = self._heard.partition(end)
            if not found:
                return
            self._heard = rest
            if self._in_mail:
                self._in_mail = False
                self._transport.write(b"250 taken\r\n")
                continue
            verb = bytes(heard[:4]).upper()
            self._in_mail = verb == b"DATA"
            self._transport.write(REPLIES.get(verb, b"502 not here\r\n"))
            if verb == b"QUIT":
                self._transport.close()


async def main() -> None:
    """Takes mails on a free port, which it prints."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 — this is how it answers
    await server.serve_forever()


@asynccontextmanager
async def sink() -> AsyncIterator[int]:
    """The program, running; gives its port."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.sink"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(main())
