"""One attempt at one mail, against a real mail server that can misbehave."""

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from time import monotonic
from typing import Literal

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notify import connections
from services.notify.delivery import Mailer, Patience
from services.notify.ledger import LEASE
from services.notify.message import Envelope
from services.notify.settings import NotifySettings
from services.notify.ways import Delivery
from services.shared.mail_tags import tagged_name
from tests.mail_catcher import MailCatcher

SENDER = "complaints@example.org"
SECRET = "a-link-secret"  # noqa: S105 — of these tests only
PATIENT = Patience()
ENVELOPE = Envelope(
    mark="mark2345",
    recipient="jo@example.org",
    message=b"Subject: hello\r\nMessage-ID: <1@example.org>\r\n\r\nDear Jo\r\n.\r\n.. end\r\n",
)


@asynccontextmanager
async def mailing(
    port: int,
    tls: ssl.SSLContext | None = None,
    patience: Patience = PATIENT,
    **settings: object,
) -> AsyncIterator[Mailer]:
    one = Mailer(
        NotifySettings.model_validate(
            {
                "environment": "embedded",
                "smtp_port": port,
                "mail_from": SENDER,
                "link_secret": SECRET,
                **settings,
            }
        ),
        tls,
        patience,
    )
    try:
        yield one
    finally:
        await one.close()


async def deliver(
    catcher: MailCatcher, tls: ssl.SSLContext | None = None, **settings: object
) -> Delivery:
    async with mailing(catcher.port, tls, PATIENT, **settings) as one:
        return await one.send(ENVELOPE)


def test_all_parts_of_an_attempt_end_before_its_lease() -> None:
    assert PATIENT.turn + PATIENT.beginning + PATIENT.handing_over < LEASE.total_seconds()
    assert PATIENT.reply < PATIENT.beginning < PATIENT.handing_over


async def test_a_mail_that_is_taken_is_delivered_byte_for_byte() -> None:
    async with MailCatcher() as catcher:
        delivery = await deliver(catcher)
    assert (delivery.result, delivery.reason) == ("delivered", "250")
    [mail] = catcher.caught
    assert (mail.to, mail.subject, mail.message_id) == (
        "jo@example.org",
        "hello",
        "<1@example.org>",
    )
    assert mail.text == "Dear Jo\n.\n.. end\n"


@pytest.mark.parametrize(
    ("bounces", "to"), [(None, "complaints+"), ("bounces+x@mail.example.org", "bounces+")]
)
async def test_what_cannot_be_delivered_comes_back_to_an_address_that_names_the_notice(
    bounces: str | None, to: str
) -> None:
    async with MailCatcher() as catcher:
        await deliver(catcher, bounce_address=bounces)
    [mail] = catcher.caught
    assert mail.return_path.startswith(to)
    assert tagged_name(mail.return_path, SECRET, "notice") == ENVELOPE.mark


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("code", "result"),
    [
        (421, "temporary"),
        (450, "temporary"),
        (530, "temporary"),
        (550, "refused"),
        (554, "refused"),
    ],
)
async def test_a_refusal_of_the_mail_is_for_good_only_when_the_server_says_so(
    at: Literal["RCPT", "DATA"], code: int, result: str
) -> None:
    async with MailCatcher() as catcher:
        catcher.refuse(code, at=at)
        delivery = await deliver(catcher)
    assert (delivery.result, delivery.reason) == (result, str(code))
    assert delivery.words == f"{code} refused by the test"
    assert catcher.caught == []


@pytest.mark.parametrize("code", [450, 550])
async def test_a_refusal_of_our_own_address_is_not_held_against_the_resident(code: int) -> None:
    async with MailCatcher() as catcher:
        catcher.refuse(code, at="MAIL")
        assert (await deliver(catcher)).result == "temporary"


async def test_a_refused_connection_is_temporary() -> None:
    catcher = MailCatcher()
    assert (await deliver(catcher)).result == "temporary"


async def test_an_unknown_host_is_temporary() -> None:
    async with mailing(25, smtp_host="no-such-host.invalid") as one:
        assert (await one.send(ENVELOPE)).result == "temporary"


async def test_silence_after_the_whole_mail_is_unconfirmed() -> None:
    async with MailCatcher() as catcher:
        catcher.cut_after_data()
        delivery = await deliver(catcher)
        assert delivery.result == "unconfirmed"
        assert len(catcher.caught) == 1
        assert (await deliver(catcher)).result == "delivered"
    first, second = catcher.caught
    assert first.message_id == second.message_id


async def test_a_server_that_cuts_us_off_before_the_mail_is_temporary() -> None:
    async def cut(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with mailing(port) as one:
            assert (await one.send(ENVELOPE)).result == "temporary"


async def test_a_catcher_comes_back_on_its_port() -> None:
    async with MailCatcher() as catcher:
        await catcher.stop()
        assert (await deliver(catcher)).result == "temporary"
        await catcher.start()
        assert (await deliver(catcher)).result == "delivered"


async def test_many_at_once_are_all_delivered() -> None:
    async with (
        MailCatcher() as catcher,
        mailing(catcher.port, mail_connections=4) as one,
    ):
        results = await asyncio.gather(*(one.send(ENVELOPE) for _ in range(40)))
    assert {delivery.result for delivery in results} == {"delivered"}
    assert len(catcher.caught) == 40
    assert catcher.connections == 4


async def test_one_mail_after_another_goes_over_one_connection_for_so_many_mails() -> None:
    async with MailCatcher() as catcher, mailing(catcher.port) as one:
        for _ in range(connections.MOST_MAILS):
            assert (await one.send(ENVELOPE)).result == "delivered"
        assert catcher.connections == 1
        await one.send(ENVELOPE)
        assert catcher.connections == 2


async def test_a_connection_that_the_server_gave_up_is_replaced_and_nothing_sent_twice() -> None:
    async with MailCatcher() as catcher, mailing(catcher.port) as one:
        for _ in range(3):
            assert (await one.send(ENVELOPE)).result == "delivered"
            catcher.hang_up()
    assert catcher.connections == 3
    assert len(catcher.caught) == 3


async def test_a_kept_connection_that_is_told_to_go_away_is_replaced_once() -> None:
    async with MailCatcher() as catcher, mailing(catcher.port) as one:
        await one.send(ENVELOPE)
        catcher.refuse(421, at="MAIL")
        assert (await one.send(ENVELOPE)).result == "temporary"
        assert catcher.connections == 2
        catcher.accept()
        assert (await one.send(ENVELOPE)).result == "delivered"
    assert len(catcher.caught) == 2


async def test_after_a_lost_reply_nothing_is_sent_again_by_itself() -> None:
    async with MailCatcher() as catcher, mailing(catcher.port) as one:
        await one.send(ENVELOPE)
        catcher.cut_after_data()
        assert (await one.send(ENVELOPE)).result == "unconfirmed"
        assert len(catcher.caught) == 2


async def test_a_connection_on_which_a_mail_was_refused_is_not_used_for_the_next() -> None:
    async with MailCatcher() as catcher, mailing(catcher.port) as one:
        catcher.refuse(550)
        assert (await one.send(ENVELOPE)).result == "refused"
        catcher.accept()
        assert (await one.send(ENVELOPE)).result == "delivered"
    assert catcher.connections == 2


async def test_idle_connections_are_taken_leave_of_at_the_end() -> None:
    async with MailCatcher() as catcher:
        async with mailing(catcher.port) as one:
            await asyncio.gather(*(one.send(ENVELOPE) for _ in range(5)))
            assert catcher.open_connections > 0
        async with asyncio.timeout(5):
            while catcher.open_connections:
                await asyncio.sleep(0.01)


async def test_no_more_mails_go_out_in_a_minute_than_may_and_they_are_spaced() -> None:
    async with MailCatcher() as catcher, mailing(catcher.port, mails_a_minute=600) as one:
        began = monotonic()
        results = await asyncio.gather(*(one.send(ENVELOPE) for _ in range(6)))
        took = monotonic() - began
    assert {delivery.result for delivery in results} == {"delivered"}
    assert took >= 0.5


async def test_a_mail_whose_turn_is_too_far_away_is_tried_later_and_takes_nobodys_place() -> None:
    patience = Patience(turn=0.15)
    async with (
        MailCatcher() as catcher,
        mailing(catcher.port, patience=patience, mails_a_minute=600) as one,
    ):
        results = await asyncio.gather(*(one.send(ENVELOPE) for _ in range(8)))
        assert (await one.send(ENVELOPE)).result in {"delivered", "temporary"}
    told = Counter((delivery.result, delivery.reason) for delivery in results)
    assert told == {("delivered", "250"): 2, ("temporary", "rate-limit"): 6}


async def test_a_server_that_never_answers_holds_a_mail_up_no_longer_than_our_patience() -> None:
    given_up = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        given_up.set()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with mailing(port, patience=Patience(beginning=0.2)) as one:
            delivery = await one.send(ENVELOPE)
        await given_up.wait()
    assert (delivery.result, delivery.reason) == ("temporary", "TimeoutError")


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS context for 127.0.0.1, and the context of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "catcher")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "catcher.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=path)


def only_complaints(
    _server: SMTP, _session: Session, _envelope: object, _mechanism: str, data: LoginPassword
) -> AuthResult:
    right = (data.login, data.password) == (b"complaints", b"right")
    return AuthResult(success=right, handled=False)


@pytest.mark.parametrize(
    ("password", "result"), [("right", "delivered"), ("wrong", "temporary"), (None, "temporary")]
)
async def test_starttls_and_the_right_password_are_needed_where_the_server_asks(
    tmp_path: Path, password: str | None, result: str
) -> None:
    server, client = certificate(tmp_path)
    async with MailCatcher(
        tls_context=server, require_starttls=True, auth_required=True, authenticator=only_complaints
    ) as catcher:
        delivery = await deliver(
            catcher,
            tls=client,
            smtp_security="starttls",
            smtp_username=password and "complaints",
            smtp_password=password,
        )
        assert delivery.result == result
    assert len(catcher.caught) == (result == "delivered")


async def test_a_certificate_that_is_not_trusted_stops_the_mail(tmp_path: Path) -> None:
    server, _trusting = certificate(tmp_path)
    async with MailCatcher(tls_context=server, require_starttls=True) as catcher:
        delivery = await deliver(catcher, smtp_security="starttls")
    assert delivery.result == "temporary"
    assert catcher.caught == []


async def test_without_starttls_on_offer_nothing_goes_out_in_the_clear() -> None:
    async with MailCatcher() as catcher:
        delivery = await deliver(catcher, smtp_security="starttls")
    assert delivery.result == "temporary"
    assert catcher.caught == []
