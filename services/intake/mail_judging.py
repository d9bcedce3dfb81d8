"""What becomes of a mail: a complaint, a reply, nothing, or a person's to look at.

Pure rules over what was read. A machine's mail is never answered; what cannot be told with
certainty is held for a person, never dropped.
"""

from dataclasses import dataclass
from typing import Literal

from services.intake.mail_head import Head
from services.intake.mail_reading import Mail

State = Literal["complaint", "reply", "ignored", "held"]

WHY = {
    "from-ourselves": "it is a mail of ours",
    "returned": "it came back to the return path of a notice",
    "answers-a-digest": "it answers a mail about several complaints",
    "auto-submitted": "a machine sent it",
    "precedence": "a machine sent it",
    "mailing-list": "it came by a mailing list or the address of a group",
    "from-our-address": "it says that it is from our own address, and is no mail of ours",
    "null-return-path": "a mail server sent it",
    "mailer-daemon": "a mail server sent it",
    "report": "it is a report of a mail server",
    "asks-for-no-answer": "it asks for no automatic answer",
    "same-message-id": "it came in before, under the same Message-ID",
    "not-addressed-to-us": "it does not name our address as one that it was sent to",
    "no-sender": "it has no sender who can be written to",
    "several-senders": "it claims to be from several people",
    "broken-tag": "the complaint in the address that it was sent to cannot be made out",
    "unknown-complaint": "the complaint that it answers is not known here",
    "names-a-complaint": "it names a complaint that may be somebody else's, or several",
    "about-feedback": "it answers what was no complaint",
    "complaint-over": "the complaint that it answers is over",
    "encrypted": "it is encrypted",
    "invitation": "it is an entry for a calendar",
    "no-words": "it holds no text; what came with it was not opened",
    "too-many": "its sender wrote very often within an hour",
    "too-large": "it is larger than is read",
    "not-given": "the mail server would not hand it over",
    "head-too-large": "its headers are larger than is read",
    "too-many-lines": "it has more lines than are read",
    "too-many-parts": "it has more parts than are read",
    "nested-too-deep": "it has more mails within mails than are read",
    "unreadable": "it could not be read",
    "could-not-be-read": "reading it ended Putright again and again",
    "took-too-long": "reading it took too long",
    "not-accepted": "its words could not be taken as those of a complaint",
}
"""Each code as the end of "a mail is held because …", for people."""


@dataclass(frozen=True)
class Verdict:
    """What a mail is to become."""

    state: State
    why: str | None = None
    """A code, for what is ignored or held."""
    complaint: str | None = None
    """The complaint that it names by a tag of ours, in lower case."""


def judge_head(head: Head) -> Verdict | None:
    """Returns what becomes of a mail by its head alone, or None where its body must be read."""
    if head.from_us:
        return Verdict("ignored", "from-ourselves", head.complaint)
    if head.returned:
        return _returned(head)
    if head.machine is not None:
        return Verdict("ignored", head.machine, head.complaint)
    why = _held_for(head)
    return Verdict("held", why, head.complaint) if why else None


def judge(mail: Mail) -> Verdict:
    """Returns what becomes of a mail that `judge_head` left open."""
    verdict = judge_head(mail.head)
    if verdict is not None:
        return verdict
    head, body = mail.head, mail.body
    if head.encrypted or body.encrypted:
        return Verdict("held", "encrypted", head.complaint)
    if body.invitation:
        return Verdict("held", "invitation", head.complaint)
    if not body.text and (body.attachments or not head.subject):
        return Verdict("held", "no-words", head.complaint)
    return Verdict("reply" if head.complaint else "complaint", complaint=head.complaint)


def _returned(head: Head) -> Verdict:
    """Tells what a mail server sent back from what a person answered.

    The tag of a notice stands in its return path, and where it is about no one complaint also in
    its Reply-To.
    """
    if head.complaint is None and head.machine is None and head.sender is not None:
        return Verdict("held", "answers-a-digest")
    return Verdict("ignored", "returned", head.complaint)


def _held_for(head: Head) -> str | None:
    joins = head.complaint is not None  # what joins a complaint is not answered
    reasons = {
        "not-addressed-to-us": not head.addressed and not joins,
        "from-our-address": head.from_our_address,
        # Even where it names a complaint: many a machine calls its answers bulk.
        "mailing-list": head.listed,
        "several-senders": head.senders > 1,
        "no-sender": head.sender is None,
        "asks-for-no-answer": head.unanswerable and not joins,
        "broken-tag": head.broken_tag and not joins,
    }
    return next((why for why, holds in reasons.items() if holds), None)
