"""The dashboards as people meet them: wide and narrow, without a script, by keyboard, on paper."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, BrowserContext, Error, Page
from pydantic import SecretStr
from sqlalchemy import insert

from services.reporting import register_rows
from services.reporting.app import SERVICE_DIR, create_app
from services.reporting.dashboard import visiting
from services.reporting.recording import record
from services.reporting.settings import ReportingSettings
from services.reporting.tables import ComplaintRow
from services.shared.database import Database
from services.shared.encryption import new_key_spec
from services.shared.keys import key_hash
from services.shared.temporal import lazy_client
from tests.databases import copy_migrated
from tests.ports import free_port
from tests.reporting.dashboard.conftest import LOOKED_AT, entries
from tests.reporting.dashboard.reading import STAFF_KEY
from tests.reporting.told import REFERENCE, both_stages

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")

WIDTHS = (1280, 320)
"""Pixels: a desk, and 1280 at a zoom of 400% (WCAG 2.2, 1.4.10)."""

PAGES = {
    "now": ("/dashboard", "Now"),
    "narrowed": ("/dashboard?region=North&service_area=Repairs", "Now"),
    "work": ("/dashboard/work?due=overdue", "Overdue"),
    "trend": ("/dashboard/trend?from_on=2024-03-01&until=2026-02-28", "Trend"),
    "areas": ("/dashboard/areas?from_on=2025-04-01&until=2026-02-28", "By service area"),
    "categories": ("/dashboard/areas?by=category", "By category"),
    "investigators": ("/dashboard/investigators?from_on=2025-04-01", "Investigators"),
    "cases": ("/dashboard/complaints?measure=responded&standing=not-met", "Answered in time"),
    "complaint": (f"/dashboard/complaints/{REFERENCE}", REFERENCE),
    "not there": ("/dashboard/complaints/PR-NONE", "There is no such page"),
    "not so": ("/dashboard?from_on=never", "That cannot be shown"),
}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def dashboards(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Dashboards that are served over HTTP, over varied lives; gives their address."""
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('dashboards')}/reporting.db"
    copy_migrated(SERVICE_DIR, url)
    settings = ReportingSettings(
        payload_keys=SecretStr(new_key_spec("test")),
        staff_key_hash=key_hash(STAFF_KEY),
        temporal_address=f"127.0.0.1:{free_port()}",
        reporting_database_url=url,
    )
    database = Database(url)
    async with database.session() as session:
        references = [{"reference": entry.reference} for entry in entries()]
        await (await session.connection()).execute(insert(ComplaintRow), references)
        await register_rows.add(session, map(register_rows.of_complaint, entries()))
        await record(session, both_stages(), LOOKED_AT)
    app = create_app(settings, database, await lazy_client(settings))
    app.dependency_overrides[visiting.present] = lambda: LOOKED_AT
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving
    await database.close()


@asynccontextmanager
async def signed_in(browser: Browser, width: int = 1280) -> AsyncIterator[Page]:
    """A tab without JavaScript, of somebody who gave the staff key."""
    context: BrowserContext = await browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=False,
        http_credentials={"username": "amy", "password": STAFF_KEY},
    )
    context.set_default_timeout(10_000)
    yield await context.new_page()
    await context.close()


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_can_be_read_by_everybody(
    browser: Browser, examiner: Page, dashboards: str, name: str
) -> None:
    address, title = PAGES[name]
    async with signed_in(browser) as page:
        await page.goto(dashboards + address)
        assert (await page.title()).startswith(title)
        # With the form open, so that it is looked at too.
        shown = (await page.content()).replace("<details ", "<details open ")
    await examiner.set_content(shown)
    await examiner.evaluate(AXE)
    for width in WIDTHS:
        await examiner.set_viewport_size({"width": width, "height": 900})
        assert await examiner.evaluate("document.documentElement.scrollWidth") <= width
        async with asyncio.timeout(20):
            found: dict[str, Any] = await examiner.evaluate("axe.run()")
        assert len(found["passes"]) > 10  # it did look
        assert [
            f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]
        ] == []


async def test_a_browser_asks_for_the_key_first(browser: Browser, dashboards: str) -> None:
    page = await browser.new_page()
    # Nobody is there to be asked, so the browser gives up.
    with pytest.raises(Error, match="ERR_INVALID_AUTH_CREDENTIALS"):
        await page.goto(f"{dashboards}/dashboard")
    await page.close()


async def test_its_own_policy_lets_its_style_in_and_nothing_else(
    browser: Browser, dashboards: str
) -> None:
    async with signed_in(browser) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        for name in ("now", "trend", "areas", "complaint"):
            await page.goto(dashboards + PAGES[name][0])
        assert said == []


async def bars(page: Page) -> list[float]:
    """How long the bars of the page's chart are, in their order."""
    found = await page.locator("figure svg rect").all()
    boxes = [await one.bounding_box() for one in found]
    return [box["width"] for box in boxes if box]


async def column(page: Page, table: str, at: int) -> dict[str, int]:
    """The numbers in a column of a table, by the heading of their row."""
    rows = await page.get_by_role("table", name=table).locator("tbody tr").all()
    return {
        await row.locator("th").inner_text(): int(await row.locator("td").nth(at).inner_text())
        for row in rows
    }


@pytest.mark.parametrize("width", WIDTHS)
async def test_bars_are_as_long_as_the_numbers_of_the_table_say(
    browser: Browser, dashboards: str, width: int
) -> None:
    async with signed_in(browser, width) as page:
        await page.goto(dashboards + PAGES["areas"][0])
        numbers = sorted(
            (await column(page, "Complaints by service area", 0)).values(), reverse=True
        )
        drawn = await bars(page)
        assert len(drawn) == len(numbers) > 5
        for length, number in zip(drawn, numbers, strict=True):
            assert length / drawn[0] == pytest.approx(number / numbers[0], abs=0.01)


async def test_a_line_is_as_high_as_the_numbers_of_the_table_say(
    browser: Browser, dashboards: str
) -> None:
    async with signed_in(browser) as page:
        await page.goto(dashboards + PAGES["trend"][0])
        numbers = [*(await column(page, "Received", 0)).values()][::-1]  # the newest is first
        chart = page.locator("figure svg").first
        markers = chart.locator('path[transform][fill="#12436d"]')
        boxes = [await one.bounding_box() for one in await markers.all()]
        middles = [box["y"] + box["height"] / 2 for box in boxes if box]
        points = middles[-len(numbers) :]  # the first one is in the legend
        assert len(points) == len(numbers) == 24
        base, top = max(points), min(points)
        highest = max(numbers)
        assert min(numbers) == 0 < highest
        for y, number in zip(points, numbers, strict=True):
            assert (base - y) / (base - top) == pytest.approx(number / highest, abs=0.02)


async def test_the_form_narrows_by_keyboard_alone(browser: Browser, dashboards: str) -> None:
    async with signed_in(browser, width=320) as page:
        await page.goto(f"{dashboards}/dashboard")
        await page.locator("summary").focus()
        await page.keyboard.press("Enter")
        await page.get_by_label("Region").focus()
        await page.keyboard.type("North")
        await page.get_by_role("button", name="Show").focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**region=North**")
        assert "Region: North" in await page.locator(".narrowed").inner_text()


async def test_a_figure_leads_to_its_list_and_on_to_a_complaint(
    browser: Browser, dashboards: str
) -> None:
    async with signed_in(browser) as page:
        await page.goto(f"{dashboards}/dashboard")
        overdue = page.locator(".headlines a", has_text="Overdue")
        number = int((await overdue.inner_text()).split()[0])
        await overdue.click()
        assert await page.locator("tbody tr").count() == min(number, 50)
        first = page.locator("tbody th a").first
        reference = await first.inner_text()
        await first.click()
        assert await page.get_by_role("heading", level=1).inner_text() == reference
        assert await page.locator(".overdue").count() > 0


async def test_on_a_telephone_the_work_list_shows_which_by_when_and_how_late(
    browser: Browser, dashboards: str
) -> None:
    async with signed_in(browser, width=375) as page:
        await page.goto(f"{dashboards}/dashboard/work?due=overdue")
        heads = page.locator("thead th")
        assert (await heads.all_inner_texts())[:3] == ["Complaint", "Due", "How late"]
        for row in (page.locator("thead tr"), page.locator("tbody tr").first):
            box = await row.locator("th, td").nth(2).bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= 375


async def tops(page: Page, selectors: Sequence[str]) -> list[float]:
    boxes = [await page.locator(selector).first.bounding_box() for selector in selectors]
    return [box["y"] for box in boxes if box]


async def test_on_paper_it_is_figures_alone(browser: Browser, dashboards: str) -> None:
    async with signed_in(browser, width=700) as page:
        for name in ("narrowed", "trend"):
            await page.goto(dashboards + PAGES[name][0])
            await page.emulate_media(media="print")
            for gone in ("nav", "details", ".skip"):
                assert not await page.locator(gone).is_visible()
            assert await page.locator(".narrowed").is_visible()
            assert await page.locator("footer").is_visible()
        link = page.locator("td.figure a").first
        line = await link.evaluate("it => getComputedStyle(it).textDecorationLine")
        assert line == "none"
        # The chart comes before its table, and the table before the next chart.
        order = await tops(page, ["figure svg", "figure table", "figure:nth-of-type(2) svg"])
        assert all(above < below for above, below in pairwise(order))
