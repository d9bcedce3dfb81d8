"""Managers' pages: what a link lets its holder do, once, and what every page keeps to itself."""

import asyncio
import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.shared.manager_links import LinkPurpose, ManagerLink, address
from tests.engine import DevServer
from tests.intake.conftest import OpenDesk
from tests.intake.desk import LITTLE_PATIENCE, Desk, eventually
from tests.intake.test_follow import Page
from tests.intake.workflow_double import worker
from tests.ports import free_port

UNASKED = {"form": "0" * 32}
PURPOSES: tuple[LinkPurpose, ...] = ("confirm", "contact", "help", "extend", "take-on")
PERSON = {"name": "Ada Tenant", "email": "ada@example.org", "phone": "020 7946 0000"}
WORDS = "Damp in the nursery."

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a part in."""


def path(
    desk: Desk,
    purpose: LinkPurpose,
    reference: str,
    staff_id: str = "ivy",
    lasts: timedelta = timedelta(days=30),
) -> str:
    link = ManagerLink(
        purpose=purpose,
        staff_id=staff_id,
        reference=reference,
        expires_at=datetime.now(UTC) + lasts,
    )
    return address("", desk.settings.link_secret.get_secret_value(), link)


async def in_charge(desk: Desk, investigator: str = "ivy", **second: str) -> str:
    """Brings a complaint in, puts somebody in charge and returns its reference."""
    reference = await desk.bring_in(WORDS, complainant=PERSON, service_area="Repairs")
    answer = await desk.act(reference, "assign", investigator=investigator, **second)
    assert answer.status_code == 200, answer.text
    return reference


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', page))


async def shown(desk: Desk, link: str) -> str:
    answer = await desk.http.get(link)
    assert answer.status_code == 200, answer.text
    return answer.text


async def send(desk: Desk, link: str, **typed: str) -> httpx.Response:
    """Opens the form, fills it in and sends it."""
    return await desk.http.post(link, data={**hidden(await shown(desk, link)), **typed})


async def followed(desk: Desk, sent: httpx.Response) -> str:
    """Returns the page to which a form that was sent leads."""
    assert sent.status_code == 303, sent.text
    return await shown(desk, str(sent.url.join(sent.headers["location"])))


YESTERDAY = datetime.now(UTC) - timedelta(days=1)
SOON = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
SUMMER = "1/7/2026"

FILLED: dict[LinkPurpose, dict[str, str]] = {
    "confirm": {},
    "contact": {
        "outcome": "attempted",
        "how": "phone",
        "day": YESTERDAY.date().isoformat(),
        "time": "23:59" if YESTERDAY.hour < 22 else "12:00",
    },
    "help": {"help": "records", "note": "The contractor keeps the survey."},
    "extend": {"reason": "The part arrives on Friday.", "until": SOON},
    "take-on": {"seat": "investigator"},
}

DONE: dict[LinkPurpose, tuple[str, str]] = {
    "confirm": ("You have confirmed that this complaint is yours", "Confirm("),
    "contact": ("The contact is logged", "LogContact("),
    "help": ("You have asked for help", "AskHelp("),
    "extend": ("The new date is set", "Extend("),
    "take-on": ("You are in charge of this complaint now", "Assign("),
}


@pytest.mark.parametrize("purpose", PURPOSES)
async def test_a_form_that_is_sent_acts_in_the_name_of_whose_link_it_is(
    live_desk: Desk, purpose: LinkPurpose
) -> None:
    holder = "dee" if purpose == "take-on" else "ivy"
    reference = await in_charge(live_desk)
    link = path(live_desk, purpose, reference, holder)
    page = await followed(live_desk, await send(live_desk, link, **FILLED[purpose]))
    heading, action = DONE[purpose]
    assert f"<h1>{heading}</h1>" in page
    assert (await live_desk.carried_out(reference))[-1].startswith(action)
    assert (await live_desk.actions())[-1].by == holder


@on_sqlite
async def test_a_page_says_which_complaint_it_is_and_when_it_is_due(live_desk: Desk) -> None:
    reference = await in_charge(live_desk)
    for purpose in PURPOSES:
        page = await shown(live_desk, path(live_desk, purpose, reference, "dee"))
        assert f"<dd>{reference}</dd>" in page
        assert "<dd>Repairs</dd>" in page
        assert "<dd>The double&#39;s stage-1</dd>" in page
        assert re.search(r"<dt>Acknowledge it by</dt>\s<dd>\w+day \d+ \w+ 20\d\d</dd>", page)
        assert "<dt>Answer it by</dt>" in page


@on_sqlite
async def test_looking_changes_nothing_however_often_a_scanner_looks(live_desk: Desk) -> None:
    reference = await in_charge(live_desk)
    for purpose in PURPOSES:
        link = path(live_desk, purpose, reference)
        for method in ("GET", "HEAD", "GET", "OPTIONS", "PUT"):
            answer = await live_desk.http.request(method, link)
            assert answer.status_code == (200 if method in {"GET", "HEAD"} else 405)
    assert [saved.verb for saved in await live_desk.actions()] == ["assign"]
    assert len(await live_desk.carried_out(reference)) == 1


async def test_a_double_click_a_repeat_and_a_reload_act_once(live_desk: Desk) -> None:
    reference = await in_charge(live_desk)
    order: tuple[LinkPurpose, ...] = ("take-on", "confirm", "contact", "help", "extend")
    for purpose in order:
        link = path(live_desk, purpose, reference, "dee")
        data = {**hidden(await shown(live_desk, link)), **FILLED[purpose]}
        sends = [live_desk.http.post(link, data=data) for _ in range(3)]
        sent = [*await asyncio.gather(*sends), await live_desk.http.post(link, data=data)]
        assert len({answer.headers["location"] for answer in sent}) == 1
        for _ in range(2):
            assert DONE[purpose][0] in await followed(live_desk, sent[0])
    done = [entry.partition("(")[0] for entry in await live_desk.carried_out(reference)]
    assert done == ["Assign", "Assign", "Confirm", "LogContact", "AskHelp", "Extend"]


@on_sqlite
async def test_the_same_form_with_other_words_is_asked_about_not_done(live_desk: Desk) -> None:
    reference = await in_charge(live_desk)
    link = path(live_desk, "help", reference)
    data = {**hidden(await shown(live_desk, link)), "help": "records"}
    await live_desk.http.post(link, data=data)
    other = await live_desk.http.post(link, data={**data, "help": "time"})
    assert other.status_code == 422
    assert "You sent this form before with something else in it" in other.text
    assert 'id="help-time" value="time" checked' in other.text
    await live_desk.http.post(link, data={"help": "time", **hidden(other.text)})
    done = [saved.body for saved in await live_desk.actions() if saved.verb == "help"]
    assert done == [{"help": "records"}, {"help": "time"}]


@on_sqlite
async def test_what_is_sent_reaches_the_workflow_whole(live_desk: Desk) -> None:
    reference = await in_charge(live_desk)
    sent = {
        "contact": {"outcome": "made", "how": "visit", "day": SUMMER, "time": "14:30"},
        "help": FILLED["help"],
        "extend": {**FILLED["extend"], "agreed_on": SUMMER},
    }
    bodies = []
    for purpose in ("contact", "help", "extend"):
        await send(live_desk, path(live_desk, purpose, reference), **sent[purpose])
        bodies.append((await live_desk.actions())[-1].body)
    assert bodies == [
        {"outcome": "made", "how": "visit", "happened_at": "2026-07-01T13:30:00Z"},  # summer time
        {"help": "records", "note": "The contractor keeps the survey."},
        {"reason": "The part arrives on Friday.", "until": SOON, "agreed_on": "2026-07-01"},
    ]
    log = await live_desk.carried_out(reference)
    assert "note='The contractor keeps the survey.'" in log[2]


@on_sqlite
@pytest.mark.parametrize(
    "spoil",
    [
        lambda link: link.replace("/confirm/", "/extend/"),
        lambda link: link.replace("/confirm/", "/nonsense/"),
        lambda link: link[:-2] + ("AA" if link[-2:] != "AA" else "BB"),
        lambda link: link[:-3],
        lambda link: link + "/0123456789abcdef0123456789abcdef",
        lambda link: link.rsplit("/", 1)[0] + "/%00%E2%80%A8é",
        lambda link: link.rsplit("/", 1)[0] + "/" + "A" * 5000,
    ],
    ids=["other purpose", "no purpose", "changed", "cut", "no such form", "junk", "long junk"],
)
async def test_a_wrong_link_opens_nothing_and_says_whom_to_turn_to(
    live_desk: Desk, spoil: Callable[[str], str]
) -> None:
    reference = await in_charge(live_desk)
    link = spoil(path(live_desk, "confirm", reference))
    form = {"form": "0" * 32}
    for answer in (await live_desk.http.get(link), await live_desk.http.post(link, data=form)):
        assert answer.status_code in {404, 405}
        if answer.status_code == 404:
            assert "This link does not work" in answer.text
            assert "complaints officer" in answer.text
            assert reference not in answer.text
    assert len(await live_desk.actions()) == 1


@on_sqlite
async def test_a_link_that_is_too_old_or_of_no_complaint_looks_like_a_wrong_one(
    live_desk: Desk,
) -> None:
    reference = await in_charge(live_desk)
    old = path(live_desk, "confirm", reference, lasts=timedelta(seconds=-1))
    unknown = path(live_desk, "confirm", "PR-0000-0000")
    wrong = path(live_desk, "confirm", reference)[:-3]
    answers = [await live_desk.http.get(link) for link in (old, unknown, wrong)]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.text for answer in answers}) == 1


@on_sqlite
async def test_only_whoever_is_in_charge_can_confirm(live_desk: Desk) -> None:
    reference = await in_charge(live_desk)
    link = path(live_desk, "confirm", reference, "earlier")
    page = await shown(live_desk, link)
    assert "somebody else’s now" in page
    assert "<form" not in page
    refused = await live_desk.http.post(link, data={"form": "0" * 32})
    assert refused.status_code == 409
    assert "not-in-charge" in refused.text
    assert not [line for line in await live_desk.carried_out(reference) if "Confirm" in line]


@on_sqlite
async def test_a_deputy_can_log_ask_and_extend_and_is_told_that_it_counts_as_theirs(
    live_desk: Desk,
) -> None:
    reference = await in_charge(live_desk)
    for purpose in ("contact", "help", "extend"):
        link = path(live_desk, purpose, reference, "deputy")
        assert "it is recorded as yours" in await shown(live_desk, link)
        await followed(live_desk, await send(live_desk, link, **FILLED[purpose]))
    assert [saved.by for saved in await live_desk.actions()] == ["staff", *["deputy"] * 3]


@on_sqlite
async def test_what_was_confirmed_already_says_so(live_desk: Desk) -> None:
    reference = await in_charge(live_desk)
    link = path(live_desk, "confirm", reference)
    await send(live_desk, link)
    page = await shown(live_desk, link)
    assert "You have confirmed that this complaint is yours" in page
    assert "<form" not in page


@on_sqlite
async def test_a_complaint_at_its_end_offers_no_form(live_desk: Desk) -> None:
    reference = await in_charge(live_desk)
    await live_desk.act(reference, "withdraw")
    for purpose in PURPOSES:
        page = await shown(live_desk, path(live_desk, purpose, reference))
        assert "has come to its end" in page
        assert "<form" not in page
    late = await live_desk.http.post(
        path(live_desk, "help", reference), data={"form": "0" * 32, "help": "time"}
    )
    assert (late.status_code, "complaint-ended" in late.text) == (409, True)


@on_sqlite
async def test_a_deputy_steps_in_for_whoever_has_not_confirmed(live_desk: Desk) -> None:
    reference = await in_charge(live_desk, together_with="tom")
    link = path(live_desk, "take-on", reference, "dee")
    undecided = await send(live_desk, link)
    assert (undecided.status_code, "Choose whom you step in for" in undecided.text) == (422, True)
    await send(live_desk, path(live_desk, "confirm", reference, "ivy"))
    page = await shown(live_desk, link)
    assert 'value="second" checked' in page
    await live_desk.http.post(link, data={**hidden(page), "seat": "second"})
    position = (await live_desk.read(reference))["position"]
    assert (position["investigator"], position["together_with"]) == ("ivy", "dee")


@on_sqlite
async def test_a_deputy_is_warned_before_stepping_in_for_somebody_who_has_confirmed(
    live_desk: Desk,
) -> None:
    reference = await in_charge(live_desk)
    link = path(live_desk, "take-on", reference, "dee")
    warning = "Take it on only if they are away"
    assert warning not in await shown(live_desk, link)
    await send(live_desk, path(live_desk, "confirm", reference))
    assert warning in await shown(live_desk, link)
    await send(live_desk, link)
    assert (await live_desk.read(reference))["position"]["investigator"] == "dee"


WRONG: dict[str, tuple[LinkPurpose, dict[str, str], list[str]]] = {
    "nothing chosen": ("contact", {"day": "", "time": ""}, ["outcome", "how", "day", "time"]),
    "no such choice": ("help", {"help": "money"}, ["help"]),
    "only spaces": ("extend", {"reason": "  \n ", "until": SOON}, ["reason"]),
    "no date": ("extend", {"reason": "x", "until": "next week"}, ["until"]),
    "a date of long ago": ("extend", {"reason": "x", "until": "0001-01-01"}, ["until"]),
    "no such day": ("extend", {"reason": "x", "until": "2026-02-30"}, ["until"]),
    "an American date": ("extend", {"reason": "x", "until": "1/27/2026"}, ["until"]),
    "digits of another script": ("extend", {"reason": "x", "until": "２０２６-02-03"}, ["until"]),
    "NUL": ("extend", {"reason": "a\x00b", "until": SOON}, ["reason"]),
    "a separator": ("help", {"help": "time", "note": "a\u2028b\x07"}, ["note"]),
    "too long": ("extend", {"reason": "x" * 20_001, "until": SOON}, ["reason"]),
    "a time of none": ("contact", {**FILLED["contact"], "time": "24:10"}, ["time"]),
    "tomorrow": ("contact", {**FILLED["contact"], "day": SOON}, ["day"]),
    "no form": ("confirm", {"form": "../../x"}, ["form"]),
}


@on_sqlite
async def test_what_is_wrong_is_listed_at_the_top_beside_its_field_and_nothing_is_lost(
    live_desk: Desk,
) -> None:
    reference = await in_charge(live_desk)
    for name, (purpose, typed, fields) in WRONG.items():
        answer = await send(live_desk, path(live_desk, purpose, reference), **typed)
        assert answer.status_code == 422, name
        tags = Page(answer.text).tags
        assert "<title>Error: " in answer.text
        ids = {attrs.get("id") for _, attrs in tags}
        named = [str(attrs["href"]) for tag, attrs in tags if tag == "a"]
        assert named == [f"#{field}" for field in fields if field != "form"], name
        assert {href[1:] for href in named} <= ids
        described = {
            part for _, attrs in tags for part in str(attrs.get("aria-describedby") or "").split()
        }
        assert described <= ids
        assert {f"{href[1:]}-mistake" for href in named} <= described, name
    assert len(await live_desk.actions()) == 1


@on_sqlite
async def test_what_was_typed_is_kept_as_text_never_as_html(live_desk: Desk) -> None:
    reference = await in_charge(live_desk)
    typed = '</textarea><script>alert("x")</script>{{ 7*7 }} &amp; \x00<b onclick=x>'
    link = path(live_desk, "extend", reference)
    answer = await send(live_desk, link, reason=typed, until='"><img src=x>')
    assert answer.status_code == 422
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "\x00" not in answer.text
    assert html.escape(typed.replace("\x00", ""), quote=True).replace("&quot;", "&#34;") in (
        answer.text
    )
    Page(answer.text)


@on_sqlite
async def test_bodies_that_are_no_form_are_refused_and_leave_nothing_behind(
    live_desk: Desk,
) -> None:
    reference = await in_charge(live_desk)
    link = path(live_desk, "extend", reference)
    bodies: dict[bytes, int] = {
        b"": 422,
        b"\xff\xfe=\xff&reason=%ff%00": 422,
        b"&".join(b"f%d=1" % number for number in range(1000)): 422,
        b'{"reason": "x"}': 422,
        b"reason=" + b"x" * 1_000_000: 413,
    }
    for body, status in bodies.items():
        answer = await live_desk.http.post(link, content=body)
        assert answer.status_code == status, body[:40]
    assert len(await live_desk.actions()) == 1


@on_sqlite
async def test_what_the_rules_refuse_is_said_with_its_code_and_can_be_mended(
    live_desk: Desk,
) -> None:
    reference = await in_charge(live_desk)
    link = path(live_desk, "extend", reference)
    far = (datetime.now(UTC) + timedelta(days=200)).date().isoformat()
    refused = await send(live_desk, link, reason="The part is rare.", until=far)
    assert refused.status_code == 409
    assert "That was not done" in refused.text
    assert "beyond-the-cap" in refused.text
    assert "The part is rare.</textarea>" in refused.text
    again = {**hidden(refused.text), "reason": "The part is rare.", "until": SOON}
    page = await followed(live_desk, await live_desk.http.post(link, data=again))
    assert "The answer is now due by" in page


async def test_while_the_engine_is_away_it_is_saved_and_the_page_says_what_became_of_it(
    open_desk: OpenDesk, engine: DevServer
) -> None:
    async with open_desk(f"127.0.0.1:{free_port()}", LITTLE_PATIENCE) as away:
        reference = await away.bring_in(WORDS)
        link = path(away, "help", reference)
        assert "We cannot look up the latest" in await shown(away, link)
        sent = await send(away, link, help="time")
        page = await followed(away, sent)
        assert "<h1>Saved, but not confirmed yet</h1>" in page
        assert [saved.verb for saved in await away.actions()] == ["help"]
    async with (
        open_desk(engine.address) as back,
        worker(await engine.connect()),
        back.sweeping(),
    ):
        outcome = str(sent.url.join(sent.headers["location"]))

        async def done() -> bool:
            return "You have asked for help" in await shown(back, outcome)

        await eventually(done)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_while_the_database_is_away_a_page_says_to_send_it_again(
    desk: Desk, migrated_url: str, shut_database: Callable[[str], None]
) -> None:
    link = path(desk, "confirm", "PR-7K3M-2QXD")
    await desk.database.close()
    shut_database(migrated_url)
    answer = await desk.http.post(link, data={"form": "0" * 32})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "the same form counts once" in answer.text


@on_sqlite
async def test_no_page_holds_a_name_a_word_or_a_staff_id(live_desk: Desk) -> None:
    reference = await in_charge(live_desk, "ivy-investigator", together_with="tom-second")
    secrets = [*PERSON.values(), "Ada", "nursery", "ivy-investigator", "tom-second", "dee-deputy"]
    for purpose in PURPOSES:
        holder = "dee-deputy" if purpose == "take-on" else "ivy-investigator"
        link = path(live_desk, purpose, reference, holder)
        pages: list[Any] = [await live_desk.http.get(link)]
        pages.append(await live_desk.http.post(link, data={"form": "?"}))
        pages.append(await send(live_desk, link, **FILLED[purpose]))
        pages.append(
            await live_desk.http.get(str(pages[-1].url.join(pages[-1].headers["location"])))
        )
        pages.append(await live_desk.http.post(link, data={**FILLED[purpose], **UNASKED}))
        for answer in pages:
            said = answer.text + str(answer.url) + str(answer.headers)
            assert [secret for secret in secrets if secret in said] == []


@on_sqlite
async def test_pages_are_not_stored_indexed_framed_or_passed_on(live_desk: Desk) -> None:
    reference = await in_charge(live_desk)
    link = path(live_desk, "extend", reference)
    wrong = await live_desk.http.get(link[:-3])
    mistaken = await live_desk.http.post(link, data={})
    sent = await send(live_desk, link, **FILLED["extend"])
    outcome = await live_desk.http.get(str(sent.url.join(sent.headers["location"])))
    for answer in (await live_desk.http.get(link), wrong, mistaken, outcome):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"]
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert {"script", "img", "link", "iframe"}.isdisjoint(
            tag for tag, _ in Page(answer.text).tags
        )
