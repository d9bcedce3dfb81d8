"""One mail as a message: its headers, and what must never get into one."""

import email
import email.policy
import re
from dataclasses import replace
from email.message import EmailMessage

import pytest

from services.notify.contract import Letterhead, Notice, ToStaff
from services.notify.directory import Directory
from services.notify.letters import Letter
from services.notify.message import Envelope, mark, message_id, seal
from services.notify.office import Office
from services.notify.recipients import Recipient
from services.shared.errors import MendRequest
from services.shared.mail_tags import named, tagged_name
from tests.days import london
from tests.notify.samples import REMINDER

LETTER = Letter(
    subject="Your complaint: we’re on it",
    text="Grüße £5\n",
    html="<p>Grüße £5</p>",
    language="cy",
    sms=None,
)
JO = Recipient(way="email", name="Jo Bloggs", email="jo@example.org")
SENDER = "complaints@elmfield.example.org"
SECRET = "a-link-secret"  # noqa: S105 — of these tests only
OFFICE = Office(
    directory=Directory(),
    sender=SENDER,
    public_url="https://complaints.example.org",
    link_secret=SECRET,
    now=london("Wed 2027-01-06 09:30"),
)


def sealed(
    letter: Letter = LETTER,
    recipient: Recipient = JO,
    key: str = "k1",
    reference: str | None = "PR-1",
    landlord: str = "Elmfield Homes",
) -> Envelope:
    notice = Notice(
        key=key,
        reference=reference,
        stage="stage-1",
        to=ToStaff(role="investigator", investigator="sam-okafor", service_area=None),
        letterhead=Letterhead(landlord=landlord, policy_name="The Code", stage="Stage 1"),
        content=REMINDER,
    )
    return seal(notice, letter, recipient, OFFICE)


def parsed(envelope: Envelope) -> EmailMessage:
    message = email.message_from_bytes(envelope.message, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_headers_say_who_to_whom_when_in_which_language_and_that_a_machine_wrote_it() -> None:
    message = parsed(sealed())
    assert message["From"] == "Elmfield Homes complaints <complaints@elmfield.example.org>"
    assert message["To"] == "Jo Bloggs <jo@example.org>"
    assert message["Subject"] == "Your complaint: we’re on it"
    assert message["Date"] == "Wed, 06 Jan 2027 09:30:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "cy"


def test_robots_are_asked_not_to_answer_save_to_say_that_it_could_not_be_delivered() -> None:
    asked = parsed(sealed())["X-Auto-Response-Suppress"].split(", ")
    assert {"OOF", "AutoReply"} <= set(asked)
    assert not {"NDR", "All"} & set(asked)


def test_an_answer_comes_back_to_the_complaint() -> None:
    message = parsed(sealed())
    assert message["Reply-To"].startswith("complaints+pr-1.")
    assert tagged_name(message["Reply-To"], SECRET, "complaint") == "pr-1"
    thread, domain = message["References"].strip("<>").split("@")
    assert (named(thread, SECRET, "complaint"), domain) == ("pr-1", "elmfield.example.org")


def test_a_mail_about_several_complaints_belongs_to_none_of_them() -> None:
    message = parsed(sealed(reference=None))
    assert (message["References"], message["In-Reply-To"]) == (None, None)
    assert tagged_name(message["Reply-To"], SECRET, "complaint") is None
    assert tagged_name(message["Reply-To"], SECRET, "notice") == mark("k1")


def test_a_notice_is_named_where_it_comes_back_to_by_nothing_that_can_be_read() -> None:
    assert sealed().mark == mark("k1") != mark("k2")
    assert re.fullmatch("[a-z2-7]{25}", mark("k1"))


def test_both_bodies_arrive_as_written() -> None:
    message = parsed(sealed())
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content().strip() == "Grüße £5"
    assert html.get_content().strip() == "<p>Grüße £5</p>"


def test_nothing_on_the_wire_is_longer_than_mail_allows_or_outside_ascii() -> None:
    long = replace(LETTER, text="£" * 5_000 + "\n" + "x" * 5_000, subject="s" * 3_000)
    wire = sealed(long, replace(JO, name="É" * 200)).message
    wire.decode("ascii")
    assert max(len(line) for line in wire.split(b"\r\n")) <= 998
    assert b"\n" not in wire.replace(b"\r\n", b"")


def test_a_notice_keeps_its_message_id_and_another_has_its_own() -> None:
    assert parsed(sealed())["Message-ID"] == message_id("k1", SENDER)
    assert message_id("k1", SENDER) == message_id("k1", SENDER) != message_id("k2", SENDER)
    assert message_id("k1", SENDER).endswith("@elmfield.example.org>")
    assert "k1" not in message_id("k1", SENDER).split("@")[0]


def test_all_mails_of_a_complaint_hang_from_one_root_and_other_complaints_from_theirs() -> None:
    one, two, other = (
        parsed(sealed(key=key, reference=reference))
        for key, reference in (("k1", "PR-1"), ("k2", "PR-1"), ("k3", "PR-2"))
    )
    assert one["References"] == one["In-Reply-To"] == two["References"] != other["References"]


@pytest.mark.parametrize(
    "name", ['O\'Brien, "Jo" <x@evil.example>', "李小龍", "a@b.example", "Jo; Bcc: x@y.example"]
)
def test_a_name_stays_a_name_whatever_it_looks_like(name: str) -> None:
    message = parsed(sealed(recipient=replace(JO, name=name)))
    [address] = message["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "jo@example.org")
    assert message["Bcc"] is None


def test_a_name_of_absurd_length_is_left_out() -> None:
    [address] = parsed(sealed(recipient=replace(JO, name="n" * 201)))["To"].addresses
    assert (address.display_name, address.addr_spec) == ("", "jo@example.org")


@pytest.mark.parametrize(
    "bad", ["\r\nBcc: x@y.example", "\n", "\x00", "\x0b", "\x85", "\u2028", "\ud800"]
)
def test_what_could_break_a_header_is_refused_for_good(bad: str) -> None:
    for broken in (
        {"recipient": replace(JO, name=f"Jo{bad}")},
        {"letter": replace(LETTER, subject=f"s{bad}")},
        {"landlord": f"Elmfield{bad}"},
    ):
        with pytest.raises(MendRequest) as refusal:
            sealed(**broken)
        assert refusal.value.code == "unprintable-header"
        assert not refusal.value.retryable


@pytest.mark.parametrize(
    "address",
    [
        "",
        "jo",
        "jo@",
        "@example.org",
        "jo@x",
        "jo@example.org\r\nRCPT TO:<x@y.example>",
        "jo bloggs@example.org",
        "josé@example.org",
        "<jo@example.org>",
        "jo\x00@example.org",
    ],
)
def test_an_address_that_cannot_be_mailed_is_refused_for_good(address: str) -> None:
    with pytest.raises(MendRequest) as refusal:
        sealed(recipient=replace(JO, email=address))
    assert refusal.value.code == "unusable-address"
    assert not address or address not in refusal.value.detail


def test_a_domain_outside_ascii_is_written_as_mail_servers_take_it() -> None:
    assert sealed(recipient=replace(JO, email="jo@bücher.de")).recipient == "jo@xn--bcher-kva.de"
