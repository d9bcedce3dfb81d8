"""One mail as a message: its headers, and what must never get into one."""

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage

import pytest

from services.notify.letters import Letter
from services.notify.message import Envelope, message_id, seal
from services.notify.recipients import Recipient
from services.shared.errors import MendRequest
from tests.days import london

LETTER = Letter(subject="Your complaint: we’re on it", text="Grüße £5\n", html="<p>Grüße £5</p>")
JO = Recipient(name="Jo Bloggs", email="jo@example.org")
SENDER = "complaints@elmfield.example.org"


def sealed(
    letter: Letter = LETTER,
    recipient: Recipient = JO,
    key: str = "k1",
    reference: str = "PR-1",
    landlord: str = "Elmfield Homes",
) -> Envelope:
    return seal(
        letter,
        recipient,
        key=key,
        reference=reference,
        sender=SENDER,
        landlord=landlord,
        now=london("Wed 2027-01-06 09:30"),
    )


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
    assert message["Content-Language"] == "en-GB"


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
