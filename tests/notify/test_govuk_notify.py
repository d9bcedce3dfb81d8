"""Notices by GOV.UK Notify: through its official client, to a service that checks what it gets."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import jwt
import pytest
from aiohttp import ClientSession
from pydantic import ValidationError

from services.notify.contents import WindowReminder
from services.notify.contract import Addressee, Letterhead, Notice, ToResident
from services.notify.govuk_notify import GovUkNotify
from services.notify.govuk_settings import GovUkSettings
from services.notify.govuk_ways import LONGEST_TEXT, GovUkEmail, GovUkLetter, GovUkText, Render
from services.notify.letters import Letter
from services.notify.message import mark
from services.notify.paper import Pdf
from services.notify.recipients import Recipient
from services.notify.ways import Delivery, Ready
from services.shared.errors import MendRequest
from tests.days import day, london
from tests.notify.govuk_fake import (
    API_KEY,
    EMAIL_TEMPLATE,
    REPLY_TO,
    SECRET,
    SERVICE,
    TEXT_TEMPLATE,
    GovUkFake,
    Refusal,
    govuk_fake,
)
from tests.ports import free_port

KEY = "PR-7K2M-9QXT:4"
TEXT = "Elmfield Homes: complaint PR-7K2M-9QXT. You can ask for the next stage until 5 March 2027."
NOTICE = Notice(
    key=KEY,
    reference="PR-7K2M-9QXT",
    stage="stage-1",
    to=ToResident(addressee=Addressee(name="Jo Bloggs", email="jo@example.org")),
    letterhead=Letterhead(landlord="Elmfield Homes", policy_name="Complaints", stage="Stage 1"),
    content=WindowReminder(next_stage="Stage 2", ask_by=day("Fri 2027-03-05")),
)
READY = Ready(
    notice=NOTICE,
    recipient=Recipient(
        way="email", name="Jo Bloggs", email="jo@example.org", phone="07700 900123"
    ),
    letter=Letter(subject="Time is running out", text="Dear Jo Bloggs\n", html="", sms=TEXT),
    envelope=None,
)


def to(email: str | None = "jo@example.org", phone: str | None = "07700 900123") -> Ready:
    return replace(READY, recipient=replace(READY.recipient, email=email, phone=phone))


async def now() -> datetime:
    return london("Tue 2027-03-02 09:00")


def set_on(pages: int) -> Render:
    def render(ready: Ready, dated: date) -> Pdf:
        assert (ready, dated) == (READY, day("Tue 2027-03-02"))
        return Pdf(b"%PDF-1.7 letter", pages)

    return render


class PrintQueue:
    """The print queue of this house: says what it took."""

    def __init__(self) -> None:
        self.took: list[str] = []

    async def deliver(self, ready: Ready) -> Delivery:
        self.took.append(ready.notice.key)
        return Delivery("to-print", "queued", "in the print queue")


@dataclass
class House:
    """The ways by GOV.UK Notify, and what an attempt is told of those before it."""

    fake: GovUkFake
    service: GovUkNotify
    tried: bool = False

    @property
    def email(self) -> GovUkEmail:
        return GovUkEmail(self.service, EMAIL_TEMPLATE, REPLY_TO)

    @property
    def text(self) -> GovUkText:
        return GovUkText(self.service, TEXT_TEMPLATE)


def service(house: list[House], url: str, api_key: str = API_KEY) -> GovUkNotify:
    async def tried_before(_key: str) -> bool:
        return bool(house) and house[0].tried

    return GovUkNotify(api_key, url, tried_before)


@pytest.fixture
async def house(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with govuk_fake() as fake:
        made: list[House] = []
        made.append(House(fake, service(made, fake.url)))
        yield made[0]
        made[0].service.close()


async def test_a_mail_goes_with_its_subject_body_reply_address_and_mark(house: House) -> None:
    delivery = await house.email.deliver(READY)
    (kept,) = house.fake.kept
    assert (delivery.result, delivery.provider_id) == ("delivered", kept.id)
    assert kept.kind == "email"
    assert kept.body == {
        "email_address": "jo@example.org",
        "template_id": EMAIL_TEMPLATE,
        "personalisation": {"subject": "Time is running out", "body": "Dear Jo Bloggs\n"},
        "reference": mark(KEY),
        "email_reply_to_id": REPLY_TO,
    }


async def test_a_text_goes_to_the_number(house: House) -> None:
    delivery = await house.text.deliver(READY)
    (kept,) = house.fake.kept
    assert (delivery.result, kept.kind) == ("delivered", "sms")
    assert kept.body["phone_number"] == "07700 900123"
    assert kept.body["personalisation"] == {"body": TEXT}


@pytest.mark.parametrize("sms", [None, "x" * (LONGEST_TEXT + 1)])
async def test_what_is_no_text_or_too_long_a_one_stops_before_a_person(
    house: House, sms: str | None
) -> None:
    delivery = await house.text.deliver(replace(READY, letter=replace(READY.letter, sms=sms)))
    assert delivery.result == "refused"
    assert house.fake.kept == []


async def test_a_letter_goes_as_the_pdf_that_was_made(house: House) -> None:
    way = GovUkLetter(house.service, set_on(2), PrintQueue(), now)
    delivery = await way.deliver(READY)
    (kept,) = house.fake.kept
    assert (delivery.result, delivery.provider_id) == ("delivered", kept.id)
    assert (kept.kind, kept.reference, kept.pdf) == ("letter", mark(KEY), b"%PDF-1.7 letter")


async def test_a_letter_that_is_too_long_for_them_goes_into_the_print_queue(house: House) -> None:
    queue = PrintQueue()
    way = GovUkLetter(house.service, set_on(11), queue, now)
    assert (await way.deliver(READY)).result == "to-print"
    assert (queue.took, house.fake.kept) == ([KEY], [])


async def test_a_letter_that_cannot_be_made_stops_before_a_person(house: House) -> None:
    def render(_ready: Ready, _dated: date) -> Pdf:
        raise MendRequest("unrenderable", "The letter cannot be laid out.")

    delivery = await GovUkLetter(house.service, render, PrintQueue(), now).deliver(READY)
    assert (delivery.result, delivery.reason) == ("refused", "unrenderable")


@pytest.mark.parametrize(
    ("status", "error", "message", "result"),
    [
        (429, "RateLimitError", "Exceeded rate limit for key type LIVE", "temporary"),
        (429, "TooManyRequestsError", "Exceeded send limits (50) for today", "temporary"),
        (500, "Exception", "Internal server error", "temporary"),
        (503, "Exception", "Service unavailable", "temporary"),
        (403, "AuthError", "Invalid token: API key not found", "temporary"),
        (403, "BadRequestError", "Cannot send letters with a team api key", "temporary"),
        (400, "BadRequestError", "Template not found", "temporary"),
        (400, "BadRequestError", "Missing personalisation: body", "temporary"),
        (400, "BadRequestError", "Can't send when service is in trial mode", "temporary"),
        (400, "BadRequestError", "Can't send using a team-only API key", "temporary"),
        (400, "ValidationError", "template_id is not a valid UUID", "temporary"),
        (400, "ValidationError", "email_address Not a valid email address", "refused"),
        (400, "BadRequestError", "Emails cannot be longer than 2000000 bytes", "refused"),
        (400, "BadRequestError", "Cannot send to international mobile numbers", "refused"),
        (400, "BadRequestError", "Content for template is over the limit of 918", "refused"),
        (413, "Exception", "Request entity too large", "refused"),
    ],
)
async def test_a_refusal_is_read_by_what_there_is_to_do_about_it(
    house: House, status: int, error: str, message: str, result: str
) -> None:
    house.fake.next = [Refusal(status, error, message)]
    delivery = await house.email.deliver(READY)
    assert (delivery.result, delivery.reason) == (result, str(status))
    assert message in delivery.words


@pytest.mark.parametrize(
    ("email", "phone"), [("jo@nowhere", "07700 900123"), ("jo@example.org", "020 7946 0000")]
)
async def test_an_address_or_number_that_cannot_be_is_refused(
    house: House, email: str, phone: str
) -> None:
    ready = to(email, phone)
    results = {
        (await house.email.deliver(ready)).result,
        (await house.text.deliver(ready)).result,
    }
    assert results == {"delivered", "refused"}


async def test_a_key_that_is_not_theirs_waits_for_us_to_mend_it(house: House) -> None:
    wrong = service([], house.fake.url, API_KEY[:-1] + "0")
    delivery = await GovUkEmail(wrong, EMAIL_TEMPLATE).deliver(READY)
    wrong.close()
    assert (delivery.result, delivery.reason) == ("temporary", "403")


async def test_nobody_there_is_temporary_for_nothing_can_have_been_taken() -> None:
    nowhere = service([], f"http://127.0.0.1:{free_port()}")
    delivery = await GovUkEmail(nowhere, EMAIL_TEMPLATE).deliver(READY)
    nowhere.close()
    assert delivery.result == "temporary"


@pytest.mark.parametrize("what", ["drop-before", "drop-after", "nonsense"])
async def test_an_answer_that_is_lost_is_unconfirmed(house: House, what: str) -> None:
    house.fake.next = [what]
    assert (await house.email.deliver(READY)).result == "unconfirmed"


@pytest.mark.parametrize(("what", "copies"), [("drop-before", 1), ("drop-after", 1)])
async def test_after_a_lost_answer_it_is_asked_for_and_never_sent_twice(
    house: House, what: str, copies: int
) -> None:
    house.fake.next = [what]
    await house.email.deliver(READY)
    house.tried = True
    again = await house.email.deliver(READY)
    assert (again.result, again.provider_id) == ("delivered", house.fake.kept[0].id)
    assert (house.fake.asked, len(house.fake.kept)) == ([mark(KEY)], copies)


async def test_nothing_is_sent_while_it_cannot_be_known_whether_it_arrived(house: House) -> None:
    house.tried, house.fake.away = True, True
    assert (await house.email.deliver(READY)).result == "temporary"
    assert house.fake.kept == []


async def test_words_of_theirs_that_no_column_takes_are_made_printable(house: House) -> None:
    house.fake.next = [Refusal(400, "ValidationError", "phone_number\x00 Not\nvalid" + "x" * 900)]
    words = (await house.email.deliver(READY)).words
    assert words.isprintable()
    assert len(words) <= 500


@pytest.mark.parametrize(
    ("claims", "secret"),
    [
        ({"iss": SERVICE, "iat": 0}, SECRET),
        ({"iss": SERVICE, "iat": -60}, SECRET),
        ({"iss": SERVICE, "iat": 60}, SECRET),
        ({"iss": SECRET, "iat": 0}, SECRET),
        ({"iss": SERVICE, "iat": 0}, SERVICE),
    ],
    ids=["ours", "stale", "from-the-future", "of-another-service", "with-another-secret"],
)
async def test_the_service_of_the_tests_takes_what_is_signed_now_by_us_alone(
    house: House, claims: dict[str, int | str], secret: str
) -> None:
    signed = claims | {"iat": int(time.time()) + int(claims["iat"])}
    headers = {"Authorization": f"Bearer {jwt.encode(signed, secret, algorithm='HS256')}"}
    url = f"{house.fake.url}/v2/notifications?reference=x"
    async with ClientSession() as session, session.get(url, headers=headers) as answer:
        ours = claims == {"iss": SERVICE, "iat": 0} and secret == SECRET
        assert answer.status == (200 if ours else 403)


ENOUGH = {
    "environment": "embedded",
    "channel": "govuk-notify",
    "govuk_notify_api_key": API_KEY,
    "govuk_notify_email_template": EMAIL_TEMPLATE,
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"govuk_notify_api_key": None}, "API_KEY is not a key"),
        ({"govuk_notify_api_key": "secret"}, "API_KEY is not a key"),
        ({"govuk_notify_email_template": ""}, "EMAIL_TEMPLATE is not an id"),
        ({"govuk_notify_reply_to": "complaints@example.org"}, "REPLY_TO is not an id"),
        ({"texts": "govuk-notify"}, "TEXT_TEMPLATE is not an id"),
    ],
)
def test_a_way_that_lacks_what_it_needs_does_not_start(
    changed: dict[str, object], said: str
) -> None:
    assert GovUkSettings.model_validate(ENOUGH).speaks_govuk_notify
    with pytest.raises(ValidationError, match=said):
        GovUkSettings.model_validate(ENOUGH | changed)


def test_production_speaks_to_govuk_notify_over_tls_only() -> None:
    secrets = {"payload_keys": "k", "staff_key_hash": "h", "link_secret": "s"}
    production = ENOUGH | secrets | {"environment": "production"}
    assert GovUkSettings.model_validate(production).speaks_govuk_notify
    with pytest.raises(ValidationError, match="must begin with https"):
        GovUkSettings.model_validate(production | {"govuk_notify_url": "http://api.example.org"})
