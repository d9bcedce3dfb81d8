"""A real browser in front of a real intake, on the real engine, with a double of the workflow.

The browser is Debian's chromium (`apt-get install chromium`), wherever the PATH has it. A machine
without one skips these tests; under CI that is a failure, for there they must have been run.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from services.intake import channel_keys
from services.intake.app import SERVICE_DIR, create_app
from services.intake.settings import IntakeSettings
from services.shared.database import Database
from services.shared.keys import key_hash
from services.shared.temporal import lazy_client
from tests.databases import copy_migrated
from tests.engine import PAYLOAD_KEYS, DevServer
from tests.intake.desk import STAFF_KEY, Desk, wall_clock
from tests.intake.workflow_double import worker
from tests.ports import free_port

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        missing = f"no browser: none of {', '.join(CHROMIUM)} is on the PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all of these tests."""
    async with async_playwright() as playwright:
        # As root, in a container, chromium cannot build its sandbox; it only meets our own pages.
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = await playwright.chromium.launch(executable_path=chromium, args=options)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def examiner(browser: Browser) -> AsyncIterator[Page]:
    """A tab with JavaScript for axe, whose timers stand still without; it is given copies."""
    context = await browser.new_context()
    yield await context.new_page()
    await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """An intake that is served over HTTP, for all of these tests."""
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('browser')}/intake.db"
    copy_migrated(SERVICE_DIR, url)
    engine = DevServer(None)
    await engine.start()
    port = free_port()
    settings = IntakeSettings(
        environment="embedded",
        temporal_address=engine.address,
        payload_keys=PAYLOAD_KEYS,
        staff_key_hash=key_hash(STAFF_KEY),
        intake_database_url=url,
        link_secret="the secret of these tests",
        public_url=f"http://127.0.0.1:{port}",
    )
    database = Database(url)
    key = await channel_keys.issue(database, "browser", "*", await wall_clock())
    app = create_app(settings, database, await lazy_client(settings), wall_clock)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    serving = asyncio.create_task(server.serve())
    client = await engine.connect()
    headers = {"Authorization": f"Bearer {key}"}
    async with worker(client), httpx.AsyncClient(base_url=settings.public_url) as http:
        while not server.started:
            await asyncio.sleep(0.01)
        yield Desk(app, settings, database, client, http, headers)
        server.should_exit = True
        await serving
    await database.close()
    await engine.stop(signal.SIGKILL)
