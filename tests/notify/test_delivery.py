"""One attempt at one mail, against a real mail server that can misbehave."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Literal

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notify.delivery import Mailer
from services.notify.message import Envelope
from services.notify.settings import NotifySettings
from services.notify.ways import Delivery
from tests.mail_catcher import MailCatcher

ENVELOPE = Envelope(
    sender="complaints@example.org",
    recipient="jo@example.org",
    message=b"Subject: hello\r\nMessage-ID: <1@example.org>\r\n\r\nDear Jo\r\n.\r\n.. end\r\n",
)


def mailer(port: int, tls: ssl.SSLContext | None = None, **settings: object) -> Mailer:
    return Mailer(
        NotifySettings.model_validate(
            {"environment": "embedded", "smtp_port": port, "mail_from": ENVELOPE.sender, **settings}
        ),
        tls,
    )


async def deliver(catcher: MailCatcher, security: str = "none") -> Delivery:
    return await mailer(catcher.port, smtp_security=security).deliver(ENVELOPE)


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
    assert (
        await mailer(25, smtp_host="no-such-host.invalid").deliver(ENVELOPE)
    ).result == "temporary"


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
        assert (await mailer(port).deliver(ENVELOPE)).result == "temporary"


async def test_a_catcher_comes_back_on_its_port() -> None:
    async with MailCatcher() as catcher:
        await catcher.stop()
        assert (await deliver(catcher)).result == "temporary"
        await catcher.start()
        assert (await deliver(catcher)).result == "delivered"


async def test_many_at_once_are_all_delivered() -> None:
    async with MailCatcher() as catcher:
        one = mailer(catcher.port)
        results = await asyncio.gather(*(one.deliver(ENVELOPE) for _ in range(40)))
    assert {delivery.result for delivery in results} == {"delivered"}
    assert len(catcher.caught) == 40


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
        one = mailer(
            catcher.port,
            client,
            smtp_security="starttls",
            smtp_username=password and "complaints",
            smtp_password=password,
        )
        assert (await one.deliver(ENVELOPE)).result == result
    assert len(catcher.caught) == (result == "delivered")


async def test_a_certificate_that_is_not_trusted_stops_the_mail(tmp_path: Path) -> None:
    server, _trusting = certificate(tmp_path)
    async with MailCatcher(tls_context=server, require_starttls=True) as catcher:
        delivery = await deliver(catcher, security="starttls")
    assert delivery.result == "temporary"
    assert catcher.caught == []


async def test_without_starttls_on_offer_nothing_goes_out_in_the_clear() -> None:
    async with MailCatcher() as catcher:
        delivery = await deliver(catcher, security="starttls")
    assert delivery.result == "temporary"
    assert catcher.caught == []
