"""The resident's page: what it says, and what it keeps to itself."""

import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest

from services.intake.links import may_follow, tracking_url
from tests.intake.desk import Desk

RECEIVED = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)  # Monday
PERSON = {"name": "Ada Tenant", "email": "ada@example.org", "phone": "020 7946 0000"}

VOID = {"meta", "link", "img", "br", "hr", "input"}


class Page(HTMLParser):
    """Reads a page and checks that every element that opens also closes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def link_of(desk: Desk, reference: str) -> str:
    url: str = (await desk.read(reference))["tracking_url"]
    return url.removeprefix("https://complaints.example")


async def test_the_page_says_where_it_stands_and_what_happens_next(live_desk: Desk) -> None:
    reference = await live_desk.bring_in(received_at=RECEIVED.isoformat())
    await live_desk.act(reference, "triage", decision="accept")
    answer = await live_desk.http.get(await link_of(live_desk, reference))
    assert answer.status_code == 200
    assert reference in answer.text
    assert "We have taken on your complaint" in answer.text
    assert "Monday 5 January 2026" in answer.text  # received
    assert "by Monday 12 January 2026" in answer.text  # acknowledged, at the latest
    assert "Housing Ombudsman Complaint Handling Code" in answer.text
    assert "The double&#39;s stage-1" in answer.text  # as the workflow titles it
    assert "Your landlord" in answer.text
    assert "cannot look up the latest" not in answer.text


ACKNOWLEDGED: dict[str, Any] = {"definition": "x", "points": ["The damp."], "outcomes_sought": "x"}
ANSWERS = [{"point": "1", "decision": "upheld", "reasons": "x"}]
PROMISED = [
    {"what": "Treat the <wall>.", "by": "2026-02-13"},
    {"what": "Look again.", "by": "2099-02-16"},
]


async def test_the_page_shows_what_was_promised_and_that_the_ombudsman_has_it(
    live_desk: Desk,
) -> None:
    reference = await live_desk.bring_in(received_at=RECEIVED.isoformat())
    await live_desk.act(reference, "acknowledge", **ACKNOWLEDGED)
    before = await live_desk.http.get(await link_of(live_desk, reference))
    assert "What we promised you" not in before.text
    await live_desk.act(reference, "respond", answers=ANSWERS, actions=PROMISED)
    await live_desk.act(reference, "ombudsman", on="2026-02-20")
    page = (await live_desk.http.get(await link_of(live_desk, reference))).text
    Page(page)
    assert "What we promised you" in page
    for said in (
        *("Action 1, by Friday 13 February 2026", "Treat the &lt;wall&gt;.", "Late, not done yet"),
        *("Action 2, by Monday 16 February 2099", "Look again.", "To be done"),
        "The Housing Ombudsman is looking into your complaint.",
    ):
        assert said in page, said


async def test_while_the_engine_is_away_the_page_says_what_is_known(desk: Desk) -> None:
    reference = await desk.bring_in(received_at=RECEIVED.isoformat())
    answer = await desk.http.get(await link_of(desk, reference))
    assert answer.status_code == 200
    assert "We have received your complaint" in answer.text
    assert "cannot look up the latest" in answer.text
    assert "<dd>Stage 1</dd>" in answer.text


async def test_nothing_personal_is_on_the_page_or_in_its_address(desk: Desk) -> None:
    reference = await desk.bring_in(words="Damp in the nursery.", complainant=PERSON)
    link = await link_of(desk, reference)
    answer = await desk.http.get(link)
    for secret in (*PERSON.values(), "Ada", "nursery"):
        assert secret not in answer.text + link


async def test_the_page_is_not_stored_indexed_framed_or_passed_on(desk: Desk) -> None:
    reference = await desk.bring_in()
    answer = await desk.http.get(await link_of(desk, reference))
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_the_page_is_sound_html_without_script_or_foreign_asset(desk: Desk) -> None:
    reference = await desk.bring_in()
    answer = await desk.http.get(await link_of(desk, reference))
    tags = Page(answer.text).tags
    assert ("html", {"lang": "en-GB"}) in tags
    assert [tag for tag, _ in tags].count("h1") == 1
    assert {"script", "img", "link", "iframe"}.isdisjoint(tag for tag, _ in tags)
    assert not [attrs for _, attrs in tags if {"src", "href", "style", "onclick"} & attrs.keys()]
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in tags


async def test_the_style_is_the_one_that_the_policy_allows(desk: Desk) -> None:
    reference = await desk.bring_in()
    answer = await desk.http.get(await link_of(desk, reference))
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style
    allowed = b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{allowed}'" in answer.headers["content-security-policy"]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


async def test_text_stands_out_from_its_background(desk: Desk) -> None:
    reference = await desk.bring_in()
    css = (await desk.http.get(await link_of(desk, reference))).text
    pairs = [("#ffffff", found) for found in re.findall(r"(?<!-)color: (#\w{6})", css)]
    pairs = [("#1d3557" if text == "#ffffff" else ground, text) for ground, text in pairs]
    assert len(pairs) >= 3
    for ground, text in pairs:
        light, dark = sorted((luminance(ground), luminance(text)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ground, text)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"),
        lambda link: link[:-1],
        lambda link: link.rsplit("/", 1)[0] + "/%00",
        lambda link: link.rsplit("/", 1)[0] + "/%E2%80%A8é",
        lambda link: re.sub("PR-....-....", "PR-0000-0000", link),
        lambda link: re.sub("PR-....-....", "nonsense", link),
    ],
)
async def test_a_wrong_link_opens_nothing_and_says_the_same_whatever_is_wrong(
    desk: Desk, spoil: object
) -> None:
    assert callable(spoil)
    reference = await desk.bring_in()
    answer = await desk.http.get(spoil(await link_of(desk, reference)))
    assert answer.status_code == 404
    assert "This link does not work" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert reference not in answer.text
    Page(answer.text)


async def test_a_link_is_read_in_small_letters_too(desk: Desk) -> None:
    reference = await desk.bring_in()
    link = (await link_of(desk, reference)).replace(reference, reference.lower())
    assert (await desk.http.get(link)).status_code == 200


def test_a_token_opens_its_own_reference_under_its_own_secret_only() -> None:
    token = tracking_url("http://x/", "secret", "PR-7K3M-2QXD").rsplit("/", 1)[1]
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", token)  # 128 bits
    assert may_follow("secret", "PR-7K3M-2QXD", token)
    assert not may_follow("secret", "PR-7K3M-2QXE", token)
    assert not may_follow("other", "PR-7K3M-2QXD", token)
