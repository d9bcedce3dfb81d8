"""Each way in which the proxy lets a connection fail, over a server that answers in capitals."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

import pytest

from tests.faults.proxy import Proxy

SILENCE = 0.1
"""Seconds without a byte after which nothing is on its way any more."""


@dataclass
class Capitals:
    """What the server heard, over all connections."""

    port: int = 0
    heard: bytearray = field(default_factory=bytearray)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while said := await reader.read(65_536):
                self.heard += said
                writer.write(said.upper())
                await writer.drain()
        except ConnectionError:
            self.heard += b"<reset>"
        finally:
            writer.close()


@asynccontextmanager
async def proxied() -> AsyncIterator[tuple[Proxy, Capitals]]:
    capitals = Capitals()
    server = await asyncio.start_server(capitals.answer, "127.0.0.1", 0)
    capitals.port = server.sockets[0].getsockname()[1]
    async with server, Proxy(capitals.port) as proxy:
        yield proxy, capitals


@asynccontextmanager
async def connected(
    proxy: Proxy,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def nothing_from(reader: asyncio.StreamReader) -> bool:
    try:
        async with asyncio.timeout(SILENCE):
            await reader.read(1)
    except TimeoutError:
        return True
    return False


async def until_heard(capitals: Capitals, said: bytes) -> None:
    async with asyncio.timeout(5):
        while capitals.heard != said:
            await asyncio.sleep(0.005)


async def test_everything_passes_both_ways_to_its_end_and_is_counted() -> None:
    async with proxied() as (proxy, _), connected(proxy) as (reader, writer):
        writer.write(b"a" * 1_000_000)
        writer.write_eof()
        assert await reader.read() == b"A" * 1_000_000
        assert proxy.connections == 1
        assert proxy.passed == {"sent": 1_000_000, "answered": 1_000_000}


async def test_what_is_held_back_after_so_many_bytes_goes_on_later() -> None:
    async with proxied() as (proxy, capitals), connected(proxy) as (reader, writer):
        proxy.hold(after=4)
        writer.write(b"abcdef")
        await proxy.reached()
        await until_heard(capitals, b"abcd")
        assert await nothing_from(reader)
        assert capitals.heard == b"abcd"
        proxy.pass_on()
        assert await reader.readexactly(6) == b"ABCDEF"


async def test_refused_connections_are_possible_again_on_the_same_port() -> None:
    async with proxied() as (proxy, _):
        async with connected(proxy) as (reader, _writer):
            proxy.refuse()
            with pytest.raises(ConnectionResetError):
                await reader.read()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", proxy.port)
        proxy.pass_on()
        async with connected(proxy) as (reader, writer):
            writer.write(b"back")
            assert await reader.readexactly(4) == b"BACK"


async def test_a_blackhole_accepts_and_is_silent() -> None:
    async with proxied() as (proxy, capitals):
        async with connected(proxy) as (before, writer_before):
            writer_before.write(b"one")
            assert await before.readexactly(3) == b"ONE"
            proxy.blackhole()
            writer_before.write(b"two")
            async with connected(proxy) as (after, writer_after):
                writer_after.write(b"three")
                assert await nothing_from(before)
                assert await nothing_from(after)
        assert capitals.heard == b"one"
        assert proxy.connections == 2


async def test_a_slow_way_takes_its_time_and_loses_nothing() -> None:
    async with proxied() as (proxy, _), connected(proxy) as (reader, writer):
        proxy.slow(bytes_per_second=1_000)
        began = monotonic()
        writer.write(b"a" * 200)
        assert await reader.readexactly(200) == b"A" * 200
        assert monotonic() - began > 0.2


async def test_a_cut_resets_both_sides_after_so_many_bytes() -> None:
    async with proxied() as (proxy, capitals):
        proxy.cut(after=4)
        async with connected(proxy) as (reader, writer):
            writer.write(b"abcdef")
            with pytest.raises(ConnectionResetError):
                await reader.readexactly(6)
        async with asyncio.timeout(5):
            while b"<reset>" not in capitals.heard:
                await asyncio.sleep(0.005)
        assert b"e" not in capitals.heard.removesuffix(b"<reset>")
        assert proxy.passed["sent"] == 4
        async with connected(proxy) as (reader, writer):
            writer.write(b"anew")
            assert await reader.readexactly(4) == b"ANEW"


async def test_what_the_server_answers_is_lost() -> None:
    async with proxied() as (proxy, capitals), connected(proxy) as (reader, writer):
        proxy.lose_answers()
        writer.write(b"heard")
        await until_heard(capitals, b"heard")
        assert await nothing_from(reader)
        assert proxy.passed == {"sent": 5, "answered": 0}
        proxy.pass_on()
        writer.write(b"again")
        assert await reader.readexactly(5) == b"AGAIN"


async def test_a_server_that_is_away_resets_whoever_connects() -> None:
    async with proxied() as (proxy, capitals):
        pass
    async with Proxy(capitals.port) as proxy, connected(proxy) as (reader, _):
        with pytest.raises(ConnectionResetError):
            await reader.read()
