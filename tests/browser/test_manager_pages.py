"""Managers' pages as people meet them: wide and narrow, without a script, by keyboard, read out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from services.shared.manager_links import LinkPurpose, ManagerLink, address
from tests.intake.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")

WIDTHS = (1280, 320)
"""Pixels: a desk, and 1280 at a zoom of 400% (WCAG 2.2, 1.4.10)."""

Open = Callable[[Page, Desk], Awaitable[None]]


async def link(desk: Desk, purpose: LinkPurpose, holder: str = "ivy") -> str:
    """The address in the mail about a complaint that has just been given to Ivy."""
    reference = await desk.bring_in("Damp.", service_area="Repairs")
    answer = await desk.act(reference, "assign", investigator="ivy")
    assert answer.status_code == 200, answer.text
    expires_at = datetime.now(UTC) + timedelta(days=30)
    shown = ManagerLink(
        purpose=purpose, staff_id=holder, reference=reference, expires_at=expires_at
    )
    return address(desk.settings.public_url, desk.settings.link_secret.get_secret_value(), shown)


@asynccontextmanager
async def tab(browser: Browser, width: int = 1280) -> AsyncIterator[Page]:
    """A tab without JavaScript, as everybody's should do."""
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=False
    )
    context.set_default_timeout(10_000)
    page = await context.new_page()
    yield page
    await context.close()


def form(purpose: LinkPurpose, holder: str = "ivy") -> Open:
    async def open_it(page: Page, desk: Desk) -> None:
        await page.goto(await link(desk, purpose, holder))

    return open_it


def sent_empty(purpose: LinkPurpose) -> Open:
    async def open_it(page: Page, desk: Desk) -> None:
        await page.goto(await link(desk, purpose))
        await page.get_by_role("button").click()

    return open_it


async def refused(page: Page, desk: Desk) -> None:
    await page.goto(await link(desk, "extend"))
    await page.get_by_label("Why is more time needed?").fill("The part is rare.")
    await page.get_by_label("Until when?").fill("2/1/2099")
    await page.get_by_role("button").click()


async def done(page: Page, desk: Desk) -> None:
    await page.goto(await link(desk, "confirm"))
    await page.get_by_role("button").click()


async def nothing_to_do(page: Page, desk: Desk) -> None:
    await page.goto(await link(desk, "confirm", "earlier"))


async def wrong_link(page: Page, desk: Desk) -> None:
    await page.goto((await link(desk, "confirm"))[:-3])


async def residents_page(page: Page, desk: Desk) -> None:
    reference = await desk.bring_in("Damp.")
    await page.goto((await desk.read(reference))["tracking_url"])


async def promised(page: Page, desk: Desk) -> None:
    """The resident's page once an answer has promised more, and the Ombudsman has the complaint."""
    reference = await desk.bring_in("Damp.")
    points: dict[str, Any] = {
        "definition": "Damp.",
        "points": ["Damp."],
        "outcomes_sought": "A dry wall.",
    }
    answers = [{"point": "1", "decision": "upheld", "reasons": "We came late."}]
    actions = [
        {"what": "Treat the wall.", "by": "2026-02-13"},
        {"what": "Look at it again in the summer, and once more after that.", "by": "2099-06-30"},
    ]
    await desk.act(reference, "acknowledge", **points)
    await desk.act(reference, "respond", answers=answers, actions=actions)
    answer = await desk.act(reference, "ombudsman", on=datetime.now(UTC).date().isoformat())
    assert answer.status_code == 200, answer.text
    await page.goto((await desk.read(reference))["tracking_url"])
    assert await page.get_by_role("heading", name="What we promised you").count() == 1


PAGES: dict[str, tuple[Open, str]] = {
    "confirm": (form("confirm"), "Confirm that this complaint is yours"),
    "contact": (form("contact"), "Log a contact with the resident"),
    "help": (form("help"), "Ask for help with this complaint"),
    "extend": (form("extend"), "Extend the date"),
    "take on": (form("take-on", "dee"), "Take this complaint on"),
    "stand in": (form("extend", "dee"), "Extend the date"),
    "contact to mend": (sent_empty("contact"), "Error: Log a contact"),
    "extension to mend": (sent_empty("extend"), "Error: Extend the date"),
    "refused": (refused, "Error: Extend the date"),
    "done": (done, "You have confirmed"),
    "nothing to do": (nothing_to_do, "Confirm that this complaint is yours"),
    "wrong link": (wrong_link, "This link does not work"),
    "resident": (residents_page, "We have received your complaint"),
    "resident, with promises": (promised, "We have sent you our answer"),
}


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_can_be_read_by_everybody(
    browser: Browser, examiner: Page, desk: Desk, name: str
) -> None:
    open_it, title = PAGES[name]
    async with tab(browser) as page:
        await open_it(page, desk)
        assert (await page.title()).startswith(title)
        await examiner.set_content(await page.content())
    await examiner.evaluate(AXE)
    for width in WIDTHS:
        await examiner.set_viewport_size({"width": width, "height": 900})
        assert await examiner.evaluate("document.documentElement.scrollWidth") <= width
        assert await violations(examiner) == []


async def violations(page: Page) -> list[str]:
    """What axe finds, rules of WCAG 2.2 AA and good practice: each with where it is."""
    async with asyncio.timeout(20):
        found: dict[str, Any] = await page.evaluate("axe.run()")
    assert len(found["passes"]) > 10  # it did look
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def focused(page: Page) -> str:
    """What has the focus, by its id or else its tag, once it is seen to show it."""
    found: list[str] = await page.evaluate(
        "(() => { const it = document.activeElement, style = getComputedStyle(it);"
        " return [it.id || it.tagName, style.outlineStyle, style.outlineWidth]; })()"
    )
    assert found[0] == "BODY" or (found[1] != "none" and found[2] != "0px"), found
    return found[0]


async def test_a_contact_is_logged_by_keyboard_alone(browser: Browser, desk: Desk) -> None:
    async with tab(browser, width=320) as page:
        await page.goto(await link(desk, "contact"))
        await press(page, "Tab")
        assert await focused(page) == "outcome"
        await press(page, "ArrowDown", "Tab")
        assert await focused(page) == "how"
        await press(page, "Space", "Tab")
        assert await focused(page) == "day"
        await page.keyboard.type("5/1/2026")  # over the day that stands there, which is selected
        await press(page, "Tab")
        assert await focused(page) == "time"
        await page.keyboard.type("2.30pm")
        await press(page, "Tab")
        assert await focused(page) == "BUTTON"
        await press(page, "Enter")
        await page.get_by_role("heading", name="The contact is logged").wait_for()
    assert (await desk.actions())[-1].body == {
        "outcome": "attempted",
        "how": "phone",
        "happened_at": "2026-01-05T14:30:00Z",
    }


async def test_whoever_sends_a_mistake_is_led_to_it_by_keyboard(
    browser: Browser, desk: Desk
) -> None:
    async with tab(browser) as page:
        await page.goto(await link(desk, "help"))
        await press(page, "Tab", "Tab")
        assert await focused(page) == "note"
        await page.keyboard.type("The survey is with the contractor.")
        await press(page, "Tab", "Enter")
        await page.get_by_role("alert").wait_for()
        assert await page.evaluate("document.activeElement.className") == "summary"
        await press(page, "Tab", "Enter", "Space")
        assert await focused(page) == "help"
        await press(page, "Tab", "Tab", "Enter")
        await page.get_by_role("heading", name="You have asked for help").wait_for()
    note = "The survey is with the contractor."
    assert (await desk.actions())[-1].body == {"help": "records", "note": note}


async def test_clicking_twice_and_loading_again_send_once(browser: Browser, desk: Desk) -> None:
    async with tab(browser) as page:
        await page.goto(await link(desk, "help"))
        before = len(await desk.actions())
        await page.get_by_label("My other work leaves me no time").check()
        await page.get_by_role("button").dblclick()
        await page.get_by_role("heading", name="You have asked for help").wait_for()
        await page.reload()
        await page.get_by_role("heading", name="You have asked for help").wait_for()
    assert len(await desk.actions()) == before + 1
