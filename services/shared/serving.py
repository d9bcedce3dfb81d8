"""Runs a service's HTTP face and its workers as one process until it is told to stop."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack

import uvicorn
from fastapi import FastAPI
from temporalio.worker import Worker


async def serve(app: FastAPI, *, host: str, port: int, workers: Sequence[Worker] = ()) -> None:
    """Serves `app` and polls with `workers` until SIGINT or SIGTERM, then lets both finish.

    Raises what made a worker or the server fail, so that the process ends and is restarted.
    """
    server = uvicorn.Server(
        uvicorn.Config(app, host=host, port=port, log_config=None, timeout_graceful_shutdown=5)
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as running:
        for worker in workers:
            await running.enter_async_context(worker)
        serving = asyncio.create_task(server.serve())
        # After uvicorn has put its own handlers in place, so that ours are the ones that count.
        while not (server.started or serving.done()):  # noqa: ASYNC110 — uvicorn tells nobody
            await asyncio.sleep(0.01)
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, stop.set)
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        stopping.cancel()
        await serving
