"""What a mail says, and what is to become of it: pure, from its bytes."""

import pytest

from services.intake.mail_head import Ourselves
from services.intake.mail_judging import WHY, Verdict, judge
from services.intake.mail_reading import Limits, Mail, read
from services.shared.mail_tags import tagged
from tests.intake.mails import OURS, written

SECRET = "the secret of these tests"  # noqa: S105 — of nothing but these tests
US = Ourselves(OURS, SECRET)
TO_A_NOTICE = tagged(OURS, SECRET, "notice", "a-mark")
LIMITS = Limits(attachments=20, attachment_bytes=1000)


def mail(raw: bytes) -> Mail:
    return read(raw, US, LIMITS)


def verdict(raw: bytes) -> Verdict:
    return judge(mail(raw))


@pytest.mark.parametrize(
    "to",
    [
        OURS,
        f"Us <{OURS.upper()}>",
        f"a@b.example, {OURS}",
        "complaints+repairs@example.org",
        f'"Smith, John" <john@b.example>,\r\n <{OURS}>',
    ],
)
@pytest.mark.parametrize("header", ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_our_address_is_known_wherever_and_however_it_is_written(to: str, header: str) -> None:
    raw = f"From: jo@home.example\r\n{header}: {to}\r\n\r\nThe heating is off.".encode()
    assert verdict(raw) == Verdict("complaint")


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto-submitted"),
        ({"Auto_Submitted": "auto-generated; by=x"}, "auto-submitted"),
        ({"Precedence": "junk"}, "precedence"),
        ({"Precedence": "auto_reply"}, "precedence"),
        ({"Return_Path": "<>"}, "null-return-path"),
        ({"sender": "Mail Delivery <MAILER-DAEMON@home.example>"}, "mailer-daemon"),
        ({"sender": "postmaster@home.example"}, "mailer-daemon"),
        ({"sender": OURS, "Auto_Submitted": "auto-generated"}, "from-ourselves"),
        ({"to": TO_A_NOTICE, "Return_Path": "<>"}, "returned"),
        ({"to": TO_A_NOTICE, "sender": "MAILER-DAEMON"}, "returned"),
    ],
)
def test_a_machines_mail_is_ignored(header: dict[str, str], why: str) -> None:
    assert verdict(written(**header).as_bytes()) == Verdict("ignored", why)


def test_a_report_of_a_mail_server_is_ignored() -> None:
    report = (
        f"From: system@home.example\r\nTo: {OURS}\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n--b--\r\n"
    )
    assert verdict(report.encode()) == Verdict("ignored", "report")


def test_a_mail_that_comes_back_under_our_id_is_ours() -> None:
    echo = written().as_bytes().replace(b"Message-ID: <", b"Message-ID: <" + b"a" * 40 + b"@x> <")
    ours = echo.replace(b"@x> <", b"@example.org>\r\nX-Was: <")
    assert verdict(ours) == Verdict("ignored", "from-ourselves")


def test_a_person_may_say_that_no_machine_sent_it() -> None:
    assert verdict(written(Auto_Submitted="no").as_bytes()).state == "complaint"


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"to": "somebody.else@example.org"}, "not-addressed-to-us"),
        ({"to": f"not-{OURS}"}, "not-addressed-to-us"),
        ({"to": f"{OURS}.evil.example"}, "not-addressed-to-us"),
        ({"sender": "nobody"}, "no-sender"),
        ({"sender": "a@home.example, b@home.example"}, "several-senders"),
        ({"X_Auto_Response_Suppress": "All"}, "asks-for-no-answer"),
        ({"Precedence": "bulk"}, "mailing-list"),
        ({"Precedence": "list", "List_Id": "<complaints.example.org>"}, "mailing-list"),
        ({"List_Id": "<news.home.example>"}, "mailing-list"),
        ({"sender": f"Complaints <{OURS}>"}, "from-our-address"),
        ({"sender": "complaints+pr-1.abc@example.org"}, "from-our-address"),
        ({"to": "complaints+pr-7k3m-2qxd.aaaaaaaaaaaa@example.org"}, "broken-tag"),
        ({"to": TO_A_NOTICE}, "answers-a-digest"),
        ({"words": "-----BEGIN PGP MESSAGE-----\n\nhQEMA…"}, "encrypted"),
        ({"words": "", "subject": ""}, "no-words"),
    ],
)
def test_what_cannot_be_told_waits_for_a_person(header: dict[str, str], why: str) -> None:
    assert verdict(written(**header).as_bytes()) == Verdict("held", why)


def test_a_reply_to_a_server_that_asks_for_no_answer_is_joined() -> None:
    to = tagged(OURS, SECRET, "complaint", "PR-7K3M-2QXD")
    joined = written(to=to, X_Auto_Response_Suppress="All").as_bytes()
    assert verdict(joined) == Verdict("reply", complaint="pr-7k3m-2qxd")


def test_a_subject_alone_is_a_complaint() -> None:
    found = mail(written("", subject="My heating has been off for a week").as_bytes())
    assert (judge(found).state, found.words) == ("complaint", "My heating has been off for a week")


def test_a_scanned_letter_waits_for_a_person_to_read_it() -> None:
    scan = written("")
    scan.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="letter.pdf")
    assert verdict(scan.as_bytes()) == Verdict("held", "no-words")


def test_an_invitation_waits_for_a_person() -> None:
    invitation = written()
    invitation.add_alternative(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar")
    assert verdict(invitation.as_bytes()) == Verdict("held", "invitation")


def test_html_is_read_where_there_is_no_plain_text() -> None:
    page = (
        f"From: jo@home.example\r\nTo: {OURS}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        "<html><head><style>p{}</style></head><body><p>The <b>boiler</b> is &amp; stays off.</p>"
        "<script>alert(1)</script><p>Since Monday.<br>Really.</p></body></html>"
    )
    assert mail(page.encode()).body.text == "The boiler is & stays off.\nSince Monday.\nReally."


def test_plain_text_is_preferred_to_html() -> None:
    both = written("Plain words.")
    both.add_alternative("<p>Marked up.</p>", subtype="html")
    assert mail(both.as_bytes()).body.text == "Plain words."


def test_a_mail_within_the_mail_is_an_attachment_and_not_its_senders_words() -> None:
    forwarded = written("See below.")
    forwarded.add_attachment(written("I am the neighbour.", sender="n@home.example"))
    body = mail(forwarded.as_bytes()).body
    assert body.text == "See below."
    [attachment] = body.attachments
    assert attachment.media_type == "message/rfc822"
    assert b"I am the neighbour." in (attachment.content or b"")


@pytest.mark.parametrize(
    ("charset", "words"),
    [("utf-8", "Café ☕"), ("iso-8859-1", "Café"), ("windows-1250", "Łódź"), ("utf-7", "£5")],
)
def test_words_are_read_in_their_charset(charset: str, words: str) -> None:
    head = f"From: jo@home.example\r\nTo: {OURS}\r\nContent-Type: text/plain; charset={charset}"
    assert mail(head.encode() + b"\r\n\r\n" + words.encode(charset)).body.text == words


@pytest.mark.parametrize("charset", ["klingon", "punycode", "\x00", "utf-16", ""])
def test_a_charset_that_is_wrong_does_not_lose_the_words(charset: str) -> None:
    head = f"From: jo@home.example\r\nTo: {OURS}\r\nContent-Type: text/plain; charset={charset}"
    found = mail(head.encode() + b"\r\n\r\nThe heating is off!!")
    assert judge(found).state == "complaint"
    assert found.body.text


def test_a_subject_and_a_name_are_one_line_without_tricks() -> None:
    name = "=?utf-8?q?Jo=0D=0ABcc=3A_x=40y.example_=E2=80=AEgnp?="
    found = mail(written(subject="x").as_bytes().replace(b"Jo Bloggs", name.encode())).head
    assert found.sender_name == "Jo Bcc: x@y.example gnp"
    assert found.sender == "jo@home.example"


def test_words_hold_nothing_that_a_database_refuses() -> None:
    raw = f"From: jo@home.example\r\nTo: {OURS}\r\n\r\n".encode() + b"a\x00b\x1bc\rd\xe2\x80\xa8e"
    assert mail(raw).body.text == "abc\nd\ne"


def test_long_words_say_that_they_go_on() -> None:
    words = mail(written("wordy " * 5000).as_bytes()).words
    assert len(words) <= 20_000
    assert words.endswith("[It goes on: the whole mail is kept.]")


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 5 Jan 2026 at 10:00, Us <us@example.org> wrote:\n> Is it?",
        "On Mon, 5 Jan 2026 at 10:00, Us\n<us@example.org> wrote:\n> Is it?",
        "-----Original Message-----\nFrom: Us\nSent: Monday",
        "From: Us\nSent: Monday\nTo: Jo\nSubject: Your complaint",
        "> Is it?\n> Yes?",
    ],
)
def test_a_reply_is_shown_without_what_it_quotes(quoted: str) -> None:
    body = mail(written(f"Yes, it is.\n\n{quoted}").as_bytes()).body
    assert body.reply == "Yes, it is."
    assert quoted.splitlines()[-1] in body.text


def test_a_reply_that_only_quotes_is_shown_whole() -> None:
    assert mail(written("> Is it?").as_bytes()).body.reply == "> Is it?"


def test_every_reason_can_be_said_to_people() -> None:
    for code, words in WHY.items():
        assert words[0].islower()
        assert not words.endswith(".")
        assert code == code.lower()
