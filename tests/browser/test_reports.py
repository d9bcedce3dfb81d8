"""A report in a real browser: wide, narrow, on paper; read out, and by keyboard."""

import asyncio
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from services.reporting.reports import html
from tests.reporting.reports.documents import annual, saying

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")

WIDTHS = (1280, 320)
"""Pixels: a desk, and 1280 at a zoom of 400% (WCAG 2.2, 1.4.10)."""

HEIGHTS_OF_TEXTS = """
[...document.querySelectorAll("svg text")].map(text => text.getBoundingClientRect().height)
"""

REPORTS = {
    "annual": annual(),
    "long words": saying("W" * 400),
    "hostile": saying('</style><script>document.title = "hacked"</script>'),
    "right to left": saying("שלום עולם"),
}


@pytest.mark.parametrize("name", REPORTS)
async def test_a_report_can_be_read_by_everybody(examiner: Page, name: str) -> None:
    # Without its own policy, which would not let axe in.
    page = html.render(REPORTS[name]).decode().replace("Content-Security-Policy", "x-policy")
    await examiner.set_content(page)
    await examiner.evaluate(AXE)
    for width in WIDTHS:
        await examiner.set_viewport_size({"width": width, "height": 900})
        assert await examiner.evaluate("document.documentElement.scrollWidth") <= width
        async with asyncio.timeout(20):
            found: dict[str, Any] = await examiner.evaluate("axe.run()")
        assert len(found["passes"]) > 10
        assert [
            f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]
        ] == []


async def test_its_own_policy_lets_its_style_in_and_nothing_else(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_bytes(html.render(REPORTS["hostile"]))
    page = await browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.goto((tmp_path / "report.html").as_uri())
    assert said == []
    assert await page.title() != "hacked"
    colour = "getComputedStyle(document.querySelector('header')).backgroundColor"
    assert await page.evaluate(colour) == "rgb(18, 67, 109)"
    await page.close()


async def test_charts_are_drawn_in_the_width_that_there_is(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_bytes(html.render(annual()))
    for width in WIDTHS:
        page = await browser.new_page(viewport={"width": width, "height": 900})
        await page.goto((tmp_path / "report.html").as_uri())
        for one in await page.get_by_role("img").all():
            box = await one.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert min(480, width - 32) == pytest.approx(box["width"], abs=1)
            assert box["height"] > 50
        named = page.get_by_role("img", name="Outcomes")
        assert await named.count() == 1
        assert min(await page.evaluate(HEIGHTS_OF_TEXTS)) > 9
        await page.close()


async def test_a_wide_table_is_reached_and_scrolled_by_keyboard(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_bytes(html.render(annual()))
    page = await browser.new_page(viewport={"width": 320, "height": 900})
    await page.goto((tmp_path / "report.html").as_uri())
    region = page.get_by_role("group", name="Stage 1")
    await region.focus()
    await page.keyboard.press("ArrowRight")
    await page.wait_for_function("document.activeElement.scrollLeft > 0")
    await page.close()
