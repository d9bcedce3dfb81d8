"""Mail that comes back, as mail servers write it: each with what it is to be read as.

Written for these tests after the shapes of Postfix, Exim, Exchange, Microsoft 365, Gmail, qmail,
Sendmail and others. `{path}` is the return path of the notice, `{id}` its Message-ID.
"""

from dataclasses import dataclass

from services.notify.message import mark, message_id
from services.notify.returned_reading import Outcome
from services.shared.mail_tags import tagged

SECRET = "a-secret-of-tests"  # noqa: S105 — signs nothing real
SENDER = "complaints@elmfield.example.org"
KEY = "PR-7K2M-9QXT:4"
MARK = mark(KEY)
PATH = tagged(SENDER, SECRET, "notice", MARK)
MESSAGE_ID = message_id(KEY, SENDER)


@dataclass(frozen=True)
class Sample:
    """A mail, and what it is read as."""

    name: str
    text: str
    outcome: Outcome
    says: str = ""
    """What the words kept of it hold."""
    marked: bool = True
    """Whether it names the notice by the signed return path."""
    quotes_id: bool = False
    """Whether it names the notice's Message-ID."""

    @property
    def raw(self) -> bytes:
        filled = self.text.replace("{path}", PATH).replace("{id}", MESSAGE_ID)
        return filled.lstrip("\n").replace("\n", "\r\n").encode("utf-8", "surrogateescape")


def report(
    name: str,
    head: str,
    status: str,
    outcome: Outcome,
    says: str = "",
    *,
    explained: str = "Your message could not be delivered.",
    returned: str = "text/rfc822-headers",
) -> Sample:
    """A multipart/report with the three parts of RFC 3462."""
    text = f"""
{head.strip()}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

This is a MIME-encapsulated message.

--=_b
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

{explained}

--=_b
Content-Description: Delivery report
Content-Type: message/delivery-status

{status.strip()}

--=_b
Content-Description: Undelivered Message
Content-Type: {returned}

Return-Path: <{{path}}>
From: Elmfield Homes complaints <{SENDER}>
To: jo.bloggs@example.net
Subject: Our answer to your complaint
Message-ID: {{id}}

--=_b--
"""
    return Sample(name, text, outcome, says, quotes_id=True)


DAEMON_HEAD = """
Return-Path: <>
Delivered-To: {path}
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: {path}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Date: Wed, 06 Jan 2027 09:31:02 +0000
Message-ID: <20270106093102.4C1A2@mx.example.net>
"""

REPORTS = [
    report(
        "postfix-user-unknown",
        DAEMON_HEAD,
        """
Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4C1A22012F
Arrival-Date: Wed,  6 Jan 2027 09:31:01 +0000 (GMT)

Final-Recipient: rfc822; jo.bloggs@example.net
Original-Recipient: rfc822;jo.bloggs@example.net
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; 550 5.1.1 <jo.bloggs@example.net>: Recipient address
    rejected: User unknown in virtual mailbox table
""",
        "bounced",
        "User unknown in virtual mailbox table",
    ),
    report(
        "postfix-delayed",
        DAEMON_HEAD.replace(
            "Undelivered Mail Returned to Sender", "Delayed Mail (still being retried)"
        ),
        """
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; jo.bloggs@example.net
Action: delayed
Status: 4.4.1
Diagnostic-Code: X-Postfix; connect to mail.example.net[192.0.2.7]:25: Connection timed out
Will-Retry-Until: Mon, 11 Jan 2027 09:31:01 +0000 (GMT)
""",
        "delayed",
        "Connection timed out",
    ),
    report(
        "postfix-expired-after-five-days",
        DAEMON_HEAD,
        """
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; jo.bloggs@example.net
Action: failed
Status: 4.4.1
Diagnostic-Code: X-Postfix; connect to mail.example.net[192.0.2.7]:25: Connection timed out
""",
        "bounced",
        "4.4.1",
    ),
    report(
        "postfix-delivered-at-last",
        DAEMON_HEAD.replace(
            "Undelivered Mail Returned to Sender", "Successful Mail Delivery Report"
        ),
        """
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; jo.bloggs@example.net
Action: relayed
Status: 2.0.0
Diagnostic-Code: smtp; 250 2.0.0 Ok: queued as 9F12
""",
        "ignored",
    ),
    report(
        "exim-report",
        """
Return-path: <>
Envelope-to: {path}
Received: from Debian-exim by mx.example.net with local (Exim 4.96) id 1rL4Kz-0005Hh-2K
X-Failed-Recipients: jo.bloggs@example.net
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: {path}
References: {id}
Subject: Mail delivery failed: returning message to sender
""",
        """
Reporting-MTA: dns; mx.example.net

Action: failed
Final-Recipient: rfc822;jo.bloggs@example.net
Status: 5.0.0
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; 550 No Such User Here
""",
        "bounced",
        "No Such User Here",
        returned="message/rfc822",
    ),
    report(
        "gmail-no-such-user",
        """
Delivered-To: {path}
Return-Path: <>
X-Failed-Recipients: jo.bloggs@gmail.example
Auto-Submitted: auto-replied
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
To: {path}
Subject: Delivery Status Notification (Failure)
""",
        """
Reporting-MTA: dns; googlemail.example
Received-From-MTA: dns; complaints@elmfield.example.org
Arrival-Date: Wed, 06 Jan 2027 01:31:02 -0800 (PST)
X-Original-Message-ID: {id}

Final-Recipient: rfc822; jo.bloggs@gmail.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.example. (2001:db8::1a, the server for the domain.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
 550 5.1.1 Please try double-checking the recipient's email address
Last-Attempt-Date: Wed, 06 Jan 2027 01:31:02 -0800 (PST)
""",
        "bounced",
        "does not exist",
        returned="message/rfc822",
    ),
    report(
        "gmail-still-trying",
        """
Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
To: {path}
Subject: Delivery Status Notification (Delay)
""",
        """
Reporting-MTA: dns; googlemail.example

Final-Recipient: rfc822; jo.bloggs@example.net
Action: delayed
Status: 4.4.1
Diagnostic-Code: smtp; The recipient server did not accept our requests to connect.
Will-Retry-Until: Fri, 08 Jan 2027 01:31:02 -0800 (PST)
""",
        "delayed",
        explained="There was a temporary problem. Gmail will retry for 46 more hours.",
    ),
    report(
        "microsoft-365-mailbox-unavailable",
        """
From: <postmaster@elmfield-tenants.example>
To: <{path}>
Subject: =?utf-8?q?Undeliverable=3A_Our_answer_to_your_complaint?=
X-MS-Exchange-Message-Is-Ndr:
Auto-Submitted: auto-replied
In-Reply-To: {id}
""",
        """
Reporting-MTA: dns;LO2P123MB4321.GBRP123.PROD.OUTLOOK.EXAMPLE
Received-From-MTA: dns;mail.elmfield.example.org
Arrival-Date: Wed, 6 Jan 2027 09:31:02 +0000

Final-Recipient: rfc822;jo.bloggs@elmfield-tenants.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound;
 Recipient not found by SMTP address lookup
""",
        "bounced",
        "RecipientNotFound",
        returned="message/rfc822",
    ),
    report(
        "exchange-mailbox-full",
        """
From: Microsoft Exchange <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net>
To: {path}
Subject: Undeliverable: Our answer to your complaint
""",
        """
Reporting-MTA: dns;EX01.example.net

Final-recipient: RFC822;jo.bloggs@example.net
Action: failed
Status: 5.2.2
Diagnostic-code: smtp;554 5.2.2 mailbox full;STOREDRV.Deliver; message content exceeds quota
""",
        "bounced",
        "mailbox full",
    ),
    report(
        "exchange-relayed-without-confirmation",
        """
From: Microsoft Outlook <postmaster@example.net>
To: {path}
Subject: Relayed: Our answer to your complaint
""",
        """
Reporting-MTA: dns;EX01.example.net

Final-recipient: RFC822;jo.bloggs@example.net
Action: relayed
Status: 2.0.0
""",
        "ignored",
    ),
    report(
        "sendmail-host-unknown",
        """
Return-Path: <MAILER-DAEMON>
From: Mail Delivery Subsystem <MAILER-DAEMON@relay.example.org>
To: <{path}>
Subject: Returned mail: see transcript for details
Auto-Submitted: auto-generated (failure)
""",
        """
Reporting-MTA: dns; relay.example.org
Received-From-MTA: DNS; mail.elmfield.example.org
Arrival-Date: Wed, 6 Jan 2027 09:31:02 GMT

Final-Recipient: RFC822; jo.bloggs@exmaple.net
Action: failed
Status: 5.1.2
Remote-MTA: DNS; exmaple.net
Last-Attempt-Date: Wed, 6 Jan 2027 09:31:02 GMT
""",
        "bounced",
        "5.1.2",
        returned="message/rfc822",
    ),
    report(
        "sendmail-four-hour-warning",
        """
Return-Path: <>
From: Mail Delivery Subsystem <MAILER-DAEMON@relay.example.org>
To: {path}
Subject: Warning: could not send message for past 4 hours
Auto-Submitted: auto-generated (warning-timeout)
""",
        """
Reporting-MTA: dns; relay.example.org

Final-Recipient: RFC822; jo.bloggs@example.net
Action: delayed
Status: 4.4.1
Will-Retry-Until: Mon, 11 Jan 2027 09:31:02 GMT
""",
        "delayed",
    ),
    report(
        "one-of-two-forwarding-addresses-failed",
        DAEMON_HEAD,
        """
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; jo@example.com
Action: relayed
Status: 2.0.0

Final-Recipient: rfc822; jo@old.example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
""",
        "bounced",
        "no such user",
    ),
    report(
        "status-without-an-action",
        DAEMON_HEAD,
        "Reporting-MTA: dns; odd.example\n\nFinal-Recipient: rfc822; jo@example.net\nStatus: 5.7.1",
        "bounced",
        "5.7.1",
    ),
    report(
        "status-that-says-nothing",
        DAEMON_HEAD,
        "Reporting-MTA: dns; odd.example\n\nX-Note: see above",
        "unreadable",
    ),
]

IN_WORDS = [
    Sample(
        "exim-in-words",
        """
Return-path: <>
Envelope-to: {path}
X-Failed-Recipients: jo.bloggs@example.net
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: {path}
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  jo.bloggs@example.net
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

Return-path: <{path}>
Message-ID: {id}
Subject: Our answer to your complaint
""",
        "bounced",
        "permanent error",
        quotes_id=True,
    ),
    Sample(
        "exim-warning",
        """
Return-path: <>
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: {path}
Auto-Submitted: auto-replied
Subject: Warning: message 1rL4Kz-0005Hh-2K delayed 24 hours

A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.net.

No action is required on your part. Delivery attempts will continue for
some time.
""",
        "delayed",
    ),
    Sample(
        "qmail",
        """
Return-Path: <>
Delivered-To: {path}
Date: 6 Jan 2027 09:31:02 -0000
From: MAILER-DAEMON@mail.example.net
To: {path}
Subject: failure notice

Hi. This is the qmail-send program at mail.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<jo.bloggs@example.net>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <{path}>
Message-ID: {id}
""",
        "bounced",
        quotes_id=True,
    ),
    Sample(
        "old-exchange-with-a-subject-alone",
        """
From: System Administrator <postmaster@example.net>
To: {path}
Subject: Undeliverable: Our answer to your complaint

Your message did not reach some or all of the intended recipients.
""",
        "bounced",
        "Undeliverable",
    ),
    Sample(
        "domino",
        """
Return-Path: <>
From: Postmaster@notes.example.net
To: {path}
Subject: DELIVERY FAILURE: User jo.bloggs (jo.bloggs@example.net) not listed in Directory

Your message could not be delivered.
""",
        "bounced",
    ),
    Sample(
        "an-html-report",
        """
Return-Path: <>
From: "Mail Delivery System" <mailer-daemon@web.example>
To: {path}
Subject: Message rejected
Content-Type: text/html; charset=utf-8

<p>The response from the remote server was:</p>
<pre>550 5.4.1 Recipient address rejected: Access denied.</pre>
""",
        "bounced",
        "550 5.4.1",
    ),
    Sample(
        "in-german-by-an-encoded-subject",
        """
Return-Path: <>
From: Mailer-Daemon@post.example
To: {path}
Subject: =?utf-8?b?VW56dXN0ZWxsYmFyOiBPdXIgYW5zd2Vy?=

Ihre Nachricht konnte leider nicht zugestellt werden.
""",
        "bounced",
        "Unzustellbar",
    ),
    Sample(
        "a-server-that-says-nothing-clear",
        """
Return-Path: <>
From: postmaster@example.net
To: {path}
Subject: About your message

Please see our policy on messages of this kind.
""",
        "unreadable",
    ),
    Sample(
        "to-the-sender-instead-of-the-return-path",
        """
Return-Path: <>
From: MAILER-DAEMON@mail.example.net
To: complaints@elmfield.example.org
Subject: failure notice

This is a permanent error; I've given up. Sorry it didn't work out.

--- Below this line is a copy of the message.

Message-ID: {id}
""",
        "bounced",
        marked=False,
        quotes_id=True,
    ),
]

NO_BOUNCE = [
    Sample(
        "out-of-office-by-exchange",
        """
Return-Path: <>
From: Sam Okafor <sam.okafor@elmfield.example.org>
To: {path}
Subject: Automatic reply: Our answer to your complaint
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: All

I am away until Monday and have not yet read your message.
""",
        "ignored",
    ),
    Sample(
        "vacation-by-sieve",
        """
Return-Path: <>
From: jo.bloggs@example.net
To: {path}
Subject: Re: Our answer to your complaint
Auto-Submitted: auto-replied (vacation)

I am on holiday. If it is urgent: 550 user is my colleague's extension.
""",
        "ignored",
    ),
    Sample(
        "an-old-autoresponder",
        """
From: jo.bloggs@example.net
To: {path}
Subject: Thank you for your message
X-Autoreply: yes

We will answer soon.
""",
        "ignored",
    ),
    Sample(
        "a-read-receipt",
        """
From: jo.bloggs@example.net
To: {path}
Subject: Not read: Our answer to your complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="=_b"

--=_b
Content-Type: text/plain

Your message was deleted without being read.

--=_b
Content-Type: message/disposition-notification

Final-Recipient: rfc822;jo.bloggs@example.net
Disposition: manual-action/MDN-sent-manually; deleted

--=_b--
""",
        "ignored",
    ),
    Sample(
        "a-person-who-writes-to-the-return-path",
        """
Return-Path: <jo.bloggs@example.net>
From: Jo Bloggs <jo.bloggs@example.net>
To: {path}
Subject: Re: Our answer to your complaint

Thank you. The boiler was not delivered, and I gave up.
""",
        "unreadable",
    ),
]

HOSTILE = [
    Sample("nothing-at-all", "", "unreadable", marked=False),
    Sample(
        "a-tag-that-nobody-signed",
        DAEMON_HEAD.replace("{path}", f"complaints+{MARK}.{'a' * 12}@example.org") + "\n5.1.1",
        "bounced",
        marked=False,
    ),
    Sample(
        "a-tag-of-a-complaint",
        DAEMON_HEAD.replace("{path}", tagged(SENDER, SECRET, "complaint", MARK)) + "\nHello",
        "bounced",
        marked=False,
    ),
    Sample(
        "parts-without-end",
        DAEMON_HEAD
        + "MIME-Version: 1.0\n"
        + "".join(
            f'Content-Type: multipart/mixed; boundary="b{depth}"\n\n--b{depth}\n'
            for depth in range(3000)
        ),
        "unreadable",
    ),
    Sample(
        "a-hundred-thousand-tags",
        DAEMON_HEAD.replace("{path}", "jo@example.net")
        + "\n"
        + "\n".join(f"+{'a' * 25}.{'b' * 12}@x" for _ in range(6000)),
        "bounced",
        marked=False,
    ),
    Sample(
        "an-unknown-character-set-and-broken-base64",
        DAEMON_HEAD
        + "MIME-Version: 1.0\nContent-Type: text/plain; charset=x-klingon\n"
        + "Content-Transfer-Encoding: base64\n\n=====%%%%\x00\ufffd",
        "bounced",
    ),
    Sample(
        "a-subject-in-no-charset",
        DAEMON_HEAD.replace("Undelivered Mail Returned to Sender", "=?nonsense?q?=FF=FE?=")
        + "\nWell.",
        "unreadable",
    ),
    Sample(
        "control-characters-in-the-diagnosis",
        REPORTS[0].text.replace("User unknown", "User\x00\x1b[31m unknown"),
        "bounced",
        quotes_id=True,
    ),
    Sample(
        "a-megabyte-of-diagnosis",
        REPORTS[0].text.replace("User unknown", "User " + "x" * 1_000_000),
        "bounced",
    ),
]

ALL = [*REPORTS, *IN_WORDS, *NO_BOUNCE, *HOSTILE]
