"""A notice made ready: what the ledger will prove, and what its way is given."""

from dataclasses import dataclass

from services.notify.contents import Escalation, HelpWanted, Urgent
from services.notify.contract import Notice, ToStaff
from services.notify.directory import COMPLAINTS_OFFICER
from services.notify.ledger import Entry
from services.notify.letters import Letter, compose
from services.notify.message import mark, message_id, seal
from services.notify.office import Office
from services.notify.recipients import Recipient, WayName, recipient_of
from services.notify.ways import Ready, Way, Ways
from services.shared.errors import MendRequest
from services.shared.events import Outcome
from services.shared.local_time import local_date

BY_MAIL: frozenset[WayName] = frozenset({"email", "by-hand"})

TOLD_TO_OFFICER_TOO = (Escalation, HelpWanted, Urgent)
"""What goes to a role and always to the complaints officer as well: where that is one person, as
when nobody has the role and the officer stands in, they read it once."""

NOT_KEPT = {"tracking_url", "signposts"}
"""Of a letterhead: what the complaints officer needs nothing of, and the resident's own link."""


@dataclass(frozen=True)
class ToDeliver:
    """A notice that one attempt will deliver."""

    entry: Entry
    way: Way
    ready: Ready


@dataclass(frozen=True)
class Stopped:
    """A notice with which nothing is sent: what became of it is known at once."""

    entry: Entry
    outcome: Outcome
    why: str


def draft(notice: Notice, office: Office, ways: Ways) -> ToDeliver | Stopped:
    """Drafts a notice for one of the `ways` there are.

    Whatever cannot be rendered, or put in a header, stops there as refused, which a person is told
    of: trying it again would change nothing. Raises TryLater `no-complaints-officer` while the
    directory has none.
    """
    recipient = recipient_of(notice, office, ways.keys())
    if recipient is None:
        return _stopped(notice, office, "nobody", "no email, postal address or telephone")
    if _reads_it_as_officer(notice, recipient, office):
        return _stopped(notice, office, "nobody", "the complaints officer has one of their own")
    try:
        ready = _made_ready(notice, recipient, office)
    except MendRequest as refusal:
        return _stopped(notice, office, "refused", refusal.code)
    except Exception as error:  # noqa: BLE001 — a fault of ours must end before a person as well
        return _stopped(notice, office, "refused", f"unrenderable: {type(error).__name__}")
    return ToDeliver(
        entry=_entry(notice, office, recipient, ready.letter), way=ways[recipient.way], ready=ready
    )


def _reads_it_as_officer(notice: Notice, recipient: Recipient, office: Office) -> bool:
    if not isinstance(notice.to, ToStaff) or notice.to.role == COMPLAINTS_OFFICER:
        return False
    if not isinstance(notice.content, TOLD_TO_OFFICER_TOO):
        return False
    officer = notice.to.model_copy(update={"role": COMPLAINTS_OFFICER})
    reached = office.directory.reach(officer, local_date(office.now))
    return reached.person.id == recipient.staff_id


def _made_ready(notice: Notice, recipient: Recipient, office: Office) -> Ready:
    letter = compose(notice, recipient, office)
    by_mail = recipient.way in BY_MAIL
    envelope = seal(notice, letter, recipient, office) if by_mail else None
    return Ready(notice=notice, recipient=recipient, letter=letter, envelope=envelope)


def _stopped(notice: Notice, office: Office, outcome: Outcome, why: str) -> Stopped:
    return Stopped(entry=_entry(notice, office, None, None), outcome=outcome, why=why)


def _entry(
    notice: Notice, office: Office, recipient: Recipient | None, letter: Letter | None
) -> Entry:
    return Entry(
        key=notice.key,
        reference=notice.reference,
        about=notice.content.about,
        to_role=notice.to.role,
        asked_by=notice.asked_by,
        stage=notice.stage,
        service_area=notice.to.service_area if isinstance(notice.to, ToStaff) else None,
        letterhead=notice.letterhead.model_dump(mode="json", exclude=NOT_KEPT),
        way=recipient.way if recipient else "none",
        staff_id=recipient.staff_id if recipient else None,
        language=letter.language if letter else "en-GB",
        mark=mark(notice.key),
        recipient=(recipient.email or recipient.phone) if recipient else None,
        subject=letter.subject if letter else "",
        text=letter.text if letter else "",
        message_id=message_id(notice.key, office.sender),
    )
