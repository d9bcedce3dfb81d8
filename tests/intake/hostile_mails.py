"""Mails as nobody should write them: broken, huge, forged, nested, of machines. The same each time.

Each kind says what may become of it. Odd but honest ones must still be heard: a resident whose mail
program errs has a complaint like any other.
"""

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from services.shared.mail_tags import tagged
from tests.intake.mails import OURS

HEARD = frozenset({"complaint"})
STOPPED = frozenset({"held", "ignored"})
EITHER = HEARD | STOPPED
"""Where both would do: what counts is that it ends somewhere."""


@dataclass(frozen=True)
class Hostile:
    """One such mail, its kind, and the states that it may end in."""

    kind: str
    raw: bytes
    may_become: frozenset[str]


def head(rng: random.Random, *lines: bytes, sender: bytes | None = None) -> bytes:
    """The headers of a mail to us, and whatever else is wanted in them."""
    sender = sender or b"h%d@hostile.example" % rng.randrange(10**9)
    first = (b"From: " + sender, b"To: " + OURS.encode(), b"Subject: A complaint", *lines)
    return (
        b"\r\n".join((*first, b"Message-ID: <%d@hostile.example>" % rng.randrange(10**9))) + b"\r\n"
    )


def plain(rng: random.Random, *lines: bytes, sender: bytes | None = None) -> bytes:
    words = b"The lift is stuck again, number %d." % rng.randrange(10**9)
    return head(rng, *lines, sender=sender) + b"\r\n" + words + b"\r\n"


def multipart(rng: random.Random, kind: bytes, *parts: bytes) -> bytes:
    begun = head(rng, b"MIME-Version: 1.0", b"Content-Type: " + kind + b'; boundary="b"') + b"\r\n"
    return begun + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


TEXT = b"Content-Type: text/plain\r\n\r\nThe lift is stuck."

Kind = Callable[[random.Random], bytes]

KINDS: dict[str, tuple[Kind, frozenset[str]]] = {
    "empty": (lambda _: b"", STOPPED),
    "noise": (lambda rng: rng.randbytes(5000), STOPPED),
    "only nul": (lambda rng: b"\0" * rng.randrange(1, 5000), STOPPED),
    "only line ends": (lambda rng: b"\r\n" * rng.randrange(1, 5000), STOPPED),
    "no headers": (lambda rng: b"\r\n\r\nJust words %d." % rng.randrange(10**9), STOPPED),
    "no From": (lambda rng: plain(rng).split(b"\r\n", 1)[1], STOPPED),
    "many From": (lambda rng: b"From: a%d@b.example\r\n" % rng.randrange(99) + plain(rng), STOPPED),
    "a From of many": (
        lambda rng: plain(rng, sender=b", ".join(b"a%d@b.example" % n for n in range(500))),
        STOPPED,
    ),
    "a From that is none": (lambda rng: plain(rng, sender=b"<@@>,;:\x01()<<>"), STOPPED),
    "a From of quotes": (lambda rng: plain(rng, sender=b'"' * 3000 + b"(" * 3000), STOPPED),
    "an answer by a machine": (lambda rng: plain(rng, b"Auto-Submitted: auto-replied"), STOPPED),
    "a newsletter": (lambda rng: plain(rng, b"Precedence: bulk", b"List-Id: <n.e>"), STOPPED),
    "a bounce": (
        lambda rng: plain(rng, b"Return-Path: <>", sender=b"MAILER-DAEMON@b.example"),
        STOPPED,
    ),
    "our own mail": (lambda rng: plain(rng, sender=b"complaints+a.b@example.org"), STOPPED),
    "a forged tag": (
        lambda rng: plain(rng).replace(
            OURS.encode(),
            tagged(OURS, f"{rng.random()}", "complaint", "PR-7K3M-2QXD").encode(),
        ),
        STOPPED,
    ),
    "a tag without end": (
        lambda rng: plain(rng, b"In-Reply-To: <" + b"a.b" * 30_000 + b"@example.org>"),
        EITHER,
    ),
    "ten thousand references": (
        lambda rng: plain(
            rng, b"References: " + b" ".join(b"<%d@x.example>" % n for n in range(10_000))
        ),
        EITHER,
    ),
    "a huge header": (lambda rng: plain(rng, b"X-Long: " + b"x" * 400_000), STOPPED),
    "a hundred thousand headers": (
        lambda rng: plain(rng, b"\r\n".join(b"X-%d: y" % n for n in range(100_000))),
        STOPPED,
    ),
    "a header of encoded words": (
        lambda rng: plain(rng, b"Subject: " + b"=?utf-8?q?a?= " * 9000),
        EITHER,
    ),
    "encoded words without end": (lambda rng: plain(rng, b"Subject: " + b"=?" * 50_000), EITHER),
    "a header folded for ever": (lambda rng: plain(rng, b"X-Fold: a" + b"\r\n " * 50_000), EITHER),
    "a subject that injects": (
        lambda rng: (
            head(rng).replace(
                b"A complaint", b"=?utf-8?q?x=0D=0ABcc=3A_victim=40b.example=0D=0A=0D=0Abody?="
            )
            + b"\r\nThe lift is stuck."
        ),
        HEARD,
    ),
    "a bare CR in a header": (
        lambda rng: plain(rng, b"X-Trick: a\rBcc: victim@b.example\rAuto-Submitted: no"),
        EITHER,
    ),
    "bare CR for every line": (lambda rng: plain(rng).replace(b"\r\n", b"\r"), EITHER),
    "bare LF for every line": (lambda rng: plain(rng).replace(b"\r\n", b"\n"), HEARD),
    "NUL in the words": (lambda rng: plain(rng) + b"\0It \0still\0 is.", HEARD),
    "NUL in the headers": (lambda rng: plain(rng, b"X-\0: \0", b"Subject: a\0b"), EITHER),
    "8-bit headers": (lambda rng: plain(rng, "X-Ort: Łódź ☕".encode(), b"X-Bad: \xff\xfe"), HEARD),
    "an 8-bit name": (
        lambda rng: plain(rng, sender="Zoë <z%d@b.example>".encode() % rng.randrange(10**9)),
        HEARD,
    ),
    "marks from right to left": (
        lambda rng: (
            plain(rng, "Subject: \u202egnp.exe\u200b\u2066".encode())
            + "\u202eThe \u200blift\u2069".encode()
        ),
        HEARD,
    ),
    "an unknown charset": (
        lambda rng: head(rng, b"Content-Type: text/plain; charset=klingon-8") + b"\r\nHel\xffp!",
        HEARD,
    ),
    "a charset that is a codec": (
        lambda rng: head(rng, b"Content-Type: text/plain; charset=zlib") + b"\r\nx\x9c help",
        HEARD,
    ),
    "punycode": (
        lambda rng: (
            head(rng, b"Content-Type: text/plain; charset=punycode")
            + b"\r\n"
            + b"a" * 100_000
            + b"-"
            + b"9" * 100_000
        ),
        EITHER,
    ),
    "UTF-7": (
        lambda rng: head(rng, b"Content-Type: text/plain; charset=utf-7") + b"\r\n+ADw-script+AD4-",
        HEARD,
    ),
    "UTF-16 without a mark": (
        lambda rng: (
            head(rng, b"Content-Type: text/plain; charset=utf-16")
            + b"\r\n"
            + "The lift.".encode("utf-16-le")
        ),
        EITHER,
    ),
    "base64 that is none": (
        lambda rng: head(rng, b"Content-Transfer-Encoding: base64") + b"\r\n!!!! not ==== base64 =",
        EITHER,
    ),
    "base64 that swells": (
        lambda rng: multipart(
            rng,
            b"multipart/mixed",
            TEXT,
            b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes(b"\0" * 2_000_000),
        ),
        HEARD,
    ),
    "an encoding that is none": (
        lambda rng: head(rng, b"Content-Transfer-Encoding: x-none; x=y") + b"\r\nHelp.",
        HEARD,
    ),
    "broken uuencode": (
        lambda rng: (
            head(rng, b"Content-Transfer-Encoding: x-uuencode") + b"\r\nbegin 644 \0\r\nM!!"
        ),
        EITHER,
    ),
    "ten thousand attachments": (
        lambda rng: multipart(
            rng,
            b"multipart/mixed",
            TEXT,
            *(b"Content-Disposition: attachment\r\n\r\n%d" % n for n in range(10_000)),
        ),
        STOPPED,
    ),
    "an attachment with a path": (
        lambda rng: multipart(
            rng,
            b"multipart/mixed",
            TEXT,
            b'Content-Disposition: attachment; filename="../../../etc/cron.d/x\0\r\n"\r\n\r\nx',
        ),
        HEARD,
    ),
    "a name in a thousand pieces": (
        lambda rng: multipart(
            rng,
            b"multipart/mixed",
            TEXT,
            b"Content-Disposition: attachment; "
            + b"; ".join(b"filename*%d*=utf-9''%%ff" % n for n in range(1000))
            + b"\r\n\r\nx",
        ),
        EITHER,
    ),
    "nested a thousand deep": (
        lambda rng: (
            head(rng, b'Content-Type: multipart/mixed; boundary="0"')
            + b"".join(
                b'\r\n--%d\r\nContent-Type: multipart/mixed; boundary="%d"\r\n' % (n, n + 1)
                for n in range(1000)
            )
        ),
        STOPPED,
    ),
    "mails in mails": (
        lambda rng: (
            plain(rng, b"Content-Type: message/rfc822")
            + b"Content-Type: message/rfc822\r\n\r\n" * 1000
        ),
        STOPPED,
    ),
    "a boundary that never comes": (
        lambda rng: head(rng, b"Content-Type: multipart/mixed; boundary=never") + b"\r\nHelp.",
        EITHER,
    ),
    "no boundary": (
        lambda rng: head(rng, b"Content-Type: multipart/mixed") + b"\r\nHelp.",
        EITHER,
    ),
    "a boundary of everything": (
        lambda rng: (
            head(rng, b'Content-Type: multipart/mixed; boundary=""') + b"\r\n" + b"--\r\n" * 5000
        ),
        STOPPED,
    ),
    "a million lines": (lambda rng: plain(rng) + b"\n" * 1_100_000, STOPPED),
    "a line without end": (lambda rng: plain(rng) + b"x" * 2_000_000, HEARD),
    "HTML nested for ever": (
        lambda rng: head(rng, b"Content-Type: text/html") + b"\r\n" + b"<div>" * 100_000 + b"Help",
        EITHER,
    ),
    "HTML that runs": (
        lambda rng: (
            head(rng, b"Content-Type: text/html")
            + b"\r\n<img src=x onerror=alert(1)><script>alert(1)</script><p>Help.</p>"
        ),
        HEARD,
    ),
    "HTML of comments": (
        lambda rng: head(rng, b"Content-Type: text/html") + b"\r\n" + b"<!--" * 100_000,
        STOPPED | HEARD,
    ),
    "quotes that look back": (
        lambda rng: plain(rng, b"In-Reply-To: <x@b.example>") + b"On " * 60_000 + b"\r\n>" * 3000,
        HEARD,
    ),
    "an invitation": (
        lambda rng: multipart(
            rng,
            b"multipart/alternative",
            TEXT,
            b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR",
        ),
        STOPPED,
    ),
    "an encrypted mail": (
        lambda rng: multipart(
            rng,
            b'multipart/encrypted; protocol="application/pgp-encrypted"',
            b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
            b"Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----",
        ),
        STOPPED,
    ),
    "a mail sealed for Outlook": (
        lambda rng: (
            head(rng, b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data")
            + b"\r\nMIAGCSqGSIb3"
        ),
        STOPPED,
    ),
    "a signed mail": (
        lambda rng: multipart(
            rng,
            b'multipart/signed; protocol="application/pgp-signature"',
            TEXT,
            b"Content-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----",
        ),
        HEARD,
    ),
    "winmail.dat": (
        lambda rng: (
            head(rng, b"Content-Type: application/ms-tnef; name=winmail.dat")
            + b"\r\n"
            + rng.randbytes(500)
        ),
        STOPPED,
    ),
    "a read receipt": (
        lambda rng: multipart(
            rng,
            b"multipart/report; report-type=disposition-notification",
            TEXT,
            b"Content-Type: message/disposition-notification\r\n\r\nDisposition: x",
        ),
        STOPPED,
    ),
    "bytes changed at random": (
        lambda rng: bytes(
            rng.randrange(256) if rng.random() < 0.05 else byte
            for byte in multipart(rng, b"multipart/mixed", TEXT, TEXT, TEXT)
        ),
        EITHER,
    ),
    "cut off somewhere": (
        lambda rng: (whole := multipart(rng, b"multipart/mixed", TEXT, TEXT))[
            : rng.randrange(len(whole))
        ],
        EITHER,
    ),
}


def hostile(count: int, seed: int = 4) -> Iterator[Hostile]:
    """Yields `count` mails, every kind in turn; the same ones for the same seed."""
    rng = random.Random(seed)  # noqa: S311 — made up, and the same each time
    for kind, (made, may_become) in islice(cycle(KINDS.items()), count):
        yield Hostile(kind, made(rng), may_become)
