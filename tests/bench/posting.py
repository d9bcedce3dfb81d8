"""Complaints brought in over HTTP by as little code as will do: the sender must not be measured.

One keep-alive connection for each of the complaints under way, and no HTTP library: the usual
ones take longer over a request than intake takes to answer it.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from uuid import uuid4

COMPLAINT = {
    "channel": "web",
    "complainant": {
        "name": "Ada Bell",
        "email": "ada.bell@example.org",
        "phone": "01632 960123",
        "address": "4 Orchard Court\nExampleton",
        "preferred_contact": "email",
    },
    "words": "The heating has been off for three weeks. " * 20,
    "outcome_sought": "A working boiler, and an apology.",
    "category": "repairs",
    "service_area": "Repairs",
    "region": "North",
}
"""An ordinary complaint: about a kilobyte, with everything filled in that may be."""

BODY = json.dumps(COMPLAINT).encode()


@dataclass(frozen=True)
class Intake:
    """Where complaints are brought in, and the channel's key."""

    port: int
    channel_key: str

    def request(self) -> bytes:
        """Returns a whole POST, with an Idempotency-Key of its own as a careful channel sends."""
        head = (
            "POST /api/complaints HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{self.port}\r\n"
            f"Authorization: Bearer {self.channel_key}\r\n"
            f"Idempotency-Key: {uuid4()}\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(BODY)}\r\n\r\n"
        )
        return head.encode() + BODY


async def post(intake: Intake, number: int, *, at_once: int) -> list[float]:
    """Brings `number` complaints in over `at_once` connections; returns the seconds of each.

    Raises RuntimeError for any answer but 201.
    """
    turns = iter(range(number))

    async def post_in_turn() -> list[float]:
        reader, writer = await asyncio.open_connection("127.0.0.1", intake.port)
        try:
            return [await _post_one(reader, writer, intake.request()) for _ in turns]
        finally:
            writer.close()

    async with asyncio.TaskGroup() as group:
        posting = [group.create_task(post_in_turn()) for _ in range(at_once)]
    return [seconds for task in posting for seconds in task.result()]


async def _post_one(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> float:
    began = time.perf_counter()
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    body = await reader.readexactly(_length(head))
    if not head.startswith(b"HTTP/1.1 201 "):
        raise RuntimeError(f"intake answered {(head + body).decode()}")
    return time.perf_counter() - began


def _length(head: bytes) -> int:
    return next(
        int(line.partition(b":")[2])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
