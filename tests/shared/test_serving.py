"""A service as a process: it logs JSON, serves, and on SIGTERM lets what is under way finish."""

import asyncio
import json
import signal
import sys
import textwrap
from asyncio.subprocess import PIPE, STDOUT

import httpx

from services.shared.readiness import answers
from tests.ports import free_port

SERVICE = textwrap.dedent(
    """
    import asyncio, sys, logging
    import structlog
    from fastapi import FastAPI
    from services.shared import logs
    from services.shared.serving import serve

    app = FastAPI()

    @app.get("/slow")
    async def slow() -> str:
        structlog.get_logger().info("complaint received", reference="PR-1")
        logging.getLogger("library").warning("a library speaks")
        await asyncio.sleep(1)
        return "finished"

    logs.set_up("parish", "INFO")
    asyncio.run(serve(app, host="127.0.0.1", port=int(sys.argv[1])))
    """
)


async def test_on_sigterm_the_request_under_way_is_answered_and_the_process_ends_well() -> None:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SERVICE, str(port)), stdout=PIPE, stderr=STDOUT
    )
    async with asyncio.timeout(30), httpx.AsyncClient() as client:
        while not await answers(port, "/openapi.json")():
            await asyncio.sleep(0.05)
        under_way = asyncio.create_task(client.get(f"http://127.0.0.1:{port}/slow"))
        await asyncio.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        assert (await under_way).json() == "finished"
        output, _ = await process.communicate()
    assert process.returncode == 0
    lines = [json.loads(line) for line in output.decode().splitlines()]
    assert {line["service"] for line in lines} == {"parish"}
    (received,) = (line for line in lines if line["event"] == "complaint received")
    assert (received["level"], received["reference"]) == ("info", "PR-1")
    assert [line["level"] for line in lines if line["event"] == "a library speaks"] == ["warning"]
