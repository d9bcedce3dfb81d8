"""Notices of every kind, as a complaint would send them, and the people who get them.

The plain ones are those that `putright notice preview` shows.
"""

from pathlib import Path
from typing import Any

from services.notify import directory, preview_samples
from services.notify.contents import (
    Assignment,
    Chase,
    Closing,
    Content,
    Cover,
    Digest,
    DueMovedNotice,
    Escalation,
    HelpWanted,
    MovedOnNotice,
    Offer,
    PanelHearing,
    Reminder,
    ToAssign,
    Unconfirmed,
    Undeliverable,
    Urgent,
)
from services.notify.contract import (
    Addressee,
    Letterhead,
    Notice,
    ToResident,
    ToStaff,
)
from services.notify.preview_people import LETTERHEAD, OMBUDSMAN, REFERENCE
from services.shared.events import Rung
from tests.days import day

__all__ = ["LETTERHEAD", "OMBUDSMAN", "REFERENCE"]

JO = "jo.bloggs@example.org"
TRACKING = str(LETTERHEAD.tracking_url)

EXAMPLE = Path(__file__).parents[2] / "deploy" / "directory.example.toml"
STAFF = directory.read(EXAMPLE)


def _sample(kind: str) -> Any:
    return preview_samples.SAMPLES[kind][1]


RECEIPT = _sample("receipt")
ACKNOWLEDGEMENT = _sample("acknowledgement")
RESPONSE = _sample("response")
FINAL_RESPONSE = RESPONSE.model_copy(update={"next_stage": None, "escalate_by": None})
RESPONSE_WITH_NEEDS = RESPONSE.model_copy(
    update={"next_stage_needs": ("reasons", "outcome", "further-evidence")}
)
BEFORE_A_HEARING = _sample("stage-acknowledgement").model_copy(update={"respond_by": None})
ADDED_POINTS = _sample("points-added")
AGREED_DATE = _sample("agreed-date")
HEARING = _sample("hearing")
MOVED_HEARING = HEARING.model_copy(update={"was": day("Mon 2027-02-01")})
DUE_MOVED: DueMovedNotice = _sample("due-moved")
MOVED_ON = _sample("moved-on")
REFERRED = MovedOnNotice(
    from_stage="Stage 2", because="referred", acknowledge_by=None, respond_by=None
)
DECLINE = _sample("decline")
FINAL_DECLINE = DECLINE.model_copy(update={"reply_by": None})
SENT_ON = Closing(reason="sent-on", explanation="We have nothing to add to our answer.")
STILL_CONSIDERED = Closing(reason="not-escalated", late_until=day("Thu 2028-01-06"))
WINDOW_REMINDER = _sample("window-reminder")
EXTENSION = _sample("extension")

FEEDBACK_LETTERHEAD = Letterhead(
    landlord="Elmfield Homes", policy_name="Complaint Handling Code", stage=None
)
THANKS = _sample("thanks")
DIRECTED = _sample("directed")
PASSED_ON = _sample("passed-on")
THANKS_LATE = _sample("thanks-late")

TO_RESIDENT: tuple[Content, ...] = (
    *preview_samples.TO_RESIDENT,
    RECEIPT.model_copy(update={"acknowledge_by": None}),
    RECEIPT.model_copy(update={"acknowledge_by": None, "respond_by": None}),
    BEFORE_A_HEARING,
    MOVED_HEARING,
    RESPONSE_WITH_NEEDS,
    FINAL_RESPONSE,
    REFERRED,
    FINAL_DECLINE,
    STILL_CONSIDERED,
    Closing(reason="withdrawn"),
    Closing(reason="declined"),
    SENT_ON,
    WINDOW_REMINDER.model_copy(update={"next_stage_needs": ("reasons", "further-evidence")}),
)

ASSIGNMENT: Assignment = _sample("assignment")
DIGEST: Digest = _sample("digest")
CHASE: Chase = _sample("chase")
OFFER: Offer = _sample("offer")
UNCONFIRMED: Unconfirmed = _sample("unconfirmed")
COVER: Cover = _sample("cover")
HELP_WANTED: HelpWanted = _sample("help-wanted")
FROM_RESIDENT = _sample("from-resident")
PANEL_HEARING: PanelHearing = _sample("panel-hearing")
LETTER_TO_POST = _sample("letter-to-post")
HELD_MAIL = _sample("held-mail")
REMINDER: Reminder = _sample("reminder")
TWO_TO_ANSWER = Assignment(
    together_with="helen-ward", acknowledge_by=None, respond_by=day("Thu 2027-01-14")
)
URGENT: Urgent = _sample("urgent")
TO_STAFF: tuple[Content, ...] = (
    *(content for _, content in preview_samples.TO_STAFF),
    DUE_MOVED,
    Assignment(acknowledge_by=None, respond_by=None),
    TWO_TO_ANSWER,
    ToAssign(from_stage="Stage 1", acknowledge_by=None, respond_by=day("Thu 2027-01-14")),
    Urgent(grounds=1, rung="head-of-service", investigator=None),
    Reminder(clock="contact", due=day("Wed 2026-12-30")),
    Reminder(clock="arrange", due=day("Wed 2026-12-30")),
    Reminder(clock="acknowledge", due=day("Wed 2026-12-30")),
    Escalation(
        clock="respond", due=day("Wed 2027-01-06"), rung="line-manager", investigator="sam-okafor"
    ),
    Escalation(
        clock="acknowledge", due=day("Wed 2026-12-30"), rung="investigator", investigator=None
    ),
    Escalation(clock="contact", due=day("Wed 2026-12-30"), rung="investigator", investigator=None),
    Escalation(
        clock="arrange", due=day("Wed 2026-12-30"), rung="line-manager", investigator="sam-okafor"
    ),
    Undeliverable(notice="PR-7K2M-9QXT:2", notice_about="reminder", notice_to="line-manager"),
    PANEL_HEARING.model_copy(update={"was": day("Mon 2027-02-01")}),
    UNCONFIRMED.model_copy(update={"offered_to": None}),
    COVER.model_copy(update={"deputy": None, "open_complaints": 1}),
    *(
        HELP_WANTED.model_copy(update={"help": what, "note": None})
        for what in ("time", "advice", "decision", "somebody-else")
    ),
)


def to_resident(
    content: Content = RECEIPT,
    *,
    key: str = "notice-1",
    name: str | None = "Jo Bloggs",
    email: str | None = JO,
    postal: bool = False,
    phone: str | None = None,
    language: str = "en-GB",
    letterhead: Letterhead = LETTERHEAD,
) -> Notice:
    """A notice to the resident; `postal` gives them an address."""
    addressee = Addressee(
        name=name,
        email=email,
        address="7 Elm Row\nElmfield\nEL1 2AB" if postal else None,
        phone=phone,
        language=language,
    )
    return Notice(
        key=key,
        reference=REFERENCE,
        stage="stage-1",
        to=ToResident(addressee=addressee),
        letterhead=letterhead,
        content=content,
    )


def to_staff(
    content: Content = REMINDER,
    *,
    key: str = "notice-1",
    role: Rung = "investigator",
    investigator: str | None = "sam-okafor",
    service_area: str | None = "Repairs",
    reference: str | None = REFERENCE,
) -> Notice:
    """A notice to a role; Sam Okafor investigates, in Repairs."""
    return Notice(
        key=key,
        reference=None if content.about in preview_samples.OF_NO_COMPLAINT else reference,
        stage="stage-1",
        to=ToStaff(role=role, investigator=investigator, service_area=service_area),
        letterhead=LETTERHEAD,
        content=content,
    )
