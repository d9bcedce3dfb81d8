"""Notices of every kind, as a complaint would send them, and the people who get them."""

from pathlib import Path

from services.notify import directory
from services.notify.contents import (
    Acknowledgement,
    AddedPoints,
    AgreedDateNotice,
    Assignment,
    Closing,
    Content,
    Decline,
    Directed,
    DueMovedNotice,
    Escalation,
    ExtensionNotice,
    HearingNotice,
    MovedDate,
    MovedOnNotice,
    NewHoliday,
    PassedOn,
    Point,
    PointAnswer,
    PromisedAction,
    Receipt,
    Refusal,
    Reminder,
    ResponseNotice,
    Thanks,
    ThanksLate,
    ToAssign,
    Undeliverable,
    Urgent,
)
from services.notify.contract import (
    Addressee,
    Letterhead,
    Notice,
    Signpost,
    ToResident,
    ToStaff,
)
from services.shared.events import Rung
from tests.days import day

REFERENCE = "PR-7K2M-9QXT"
JO = "jo.bloggs@example.org"
TRACKING = "https://complaints.example.org/track/abc123"

EXAMPLE = Path(__file__).parents[2] / "deploy" / "directory.example.toml"
STAFF = directory.read(EXAMPLE)

OMBUDSMAN = Signpost(
    name="Housing Ombudsman Service",
    when="You can ask the Ombudsman for advice at any time.",
    address="PO Box 1484, Unit D, Preston PR2 0ET",
    telephone="0300 111 3000",
    email="info@housing-ombudsman.org.uk",
    website="www.housing-ombudsman.org.uk",
)
LETTERHEAD = Letterhead(
    landlord="Elmfield Homes",
    policy_name="Complaint Handling Code",
    stage="Stage 1",
    tracking_url=TRACKING,
    signposts=(OMBUDSMAN,),
)

RECEIPT = Receipt(
    received_on=day("Mon 2026-12-21"),
    entered_on=day("Mon 2026-12-21"),
    acknowledge_by=day("Wed 2026-12-30"),
    respond_by=day("Thu 2027-01-14"),
)
ACKNOWLEDGEMENT = Acknowledgement(
    about="acknowledgement",
    definition="The boiler has failed three times since October.",
    points=(
        Point(point="1", text="Nobody came on 4 December."),
        Point(point="2", text="The repair did not last."),
    ),
    outcomes_sought="A boiler that works, and an apology.",
    not_ours="The water meter belongs to the water company.",
    investigator="sam-okafor",
    respond_by=day("Wed 2027-01-06"),
)
RESPONSE = ResponseNotice(
    definition="The boiler has failed three times since October.",
    answers=(
        PointAnswer(
            point="1",
            text="Nobody came on 4 December.",
            decision="upheld",
            reasons="Our records show that the visit was never booked.",
        ),
        PointAnswer(
            point="2",
            text="The repair did not last.",
            decision="not-upheld",
            reasons="A different part failed each time.",
        ),
    ),
    decision="partially-upheld",
    remedy="We apologise, and pay £50 for the missed visit.",
    actions=(PromisedAction(what="Replace the boiler", by=day("Fri 2027-01-29")),),
    investigator="sam-okafor",
    next_stage="Stage 2",
    escalate_by=day("Thu 2028-01-06"),
)
FINAL_RESPONSE = RESPONSE.model_copy(update={"next_stage": None, "escalate_by": None})
RESPONSE_WITH_NEEDS = RESPONSE.model_copy(
    update={"next_stage_needs": ("reasons", "outcome", "further-evidence")}
)
BEFORE_A_HEARING = ACKNOWLEDGEMENT.model_copy(
    update={"about": "stage-acknowledgement", "respond_by": None}
)
ADDED_POINTS = AddedPoints(
    points=(Point(point="3", text="The fan is broken."),), respond_by=day("Wed 2027-01-06")
)
AGREED_DATE = AgreedDateNotice(
    was=day("Wed 2027-01-06"), until=day("Wed 2027-01-13"), agreed_on=day("Tue 2027-01-05")
)
HEARING = HearingNotice(on=day("Fri 2027-02-05"), was=None, respond_by=day("Fri 2027-02-26"))
MOVED_HEARING = HEARING.model_copy(update={"was": day("Mon 2027-02-01")})
DUE_MOVED = DueMovedNotice(
    dates=(MovedDate(clock="respond", was=day("Wed 2027-01-06"), due=day("Thu 2027-01-07")),),
    new_holidays=(NewHoliday(day=day("Tue 2027-01-05"), name="National thanksgiving"),),
)
MOVED_ON = MovedOnNotice(
    from_stage="First Time Resolution",
    because="not-resolved",
    acknowledge_by=day("Wed 2026-12-30"),
    respond_by=day("Thu 2027-01-14"),
)
REFERRED = MovedOnNotice(
    from_stage="Stage 2", because="referred", acknowledge_by=None, respond_by=None
)
DECLINE = Decline(
    reason="We do not see sufficient grounds.",
    explanation="Every point has been answered.",
    reply_by=day("Thu 2027-02-04"),
)
FINAL_DECLINE = DECLINE.model_copy(update={"reply_by": None})
SENT_ON = Closing(reason="sent-on", explanation="We have nothing to add to our answer.")
STILL_CONSIDERED = Closing(reason="not-escalated", late_until=day("Thu 2028-01-06"))

FEEDBACK_LETTERHEAD = Letterhead(
    landlord="Elmfield Homes", policy_name="Complaint Handling Code", stage=None
)
THANKS = Thanks(feedback="compliment", received_on=day("Mon 2026-12-21"), passed_on=True)
DIRECTED = Directed(
    feedback="service-request",
    received_on=day("Mon 2026-12-21"),
    procedure="The team that does this work will deal with it.",
    team="Repairs",
    may_complain=True,
)
PASSED_ON = PassedOn(
    feedback="service-request",
    received_on=day("Mon 2026-12-21"),
    procedure="The team that does this work will deal with it.",
)
THANKS_LATE = ThanksLate(
    feedback="comment", due=day("Wed 2026-12-30"), thanked_on=day("Thu 2026-12-31")
)

TO_RESIDENT: tuple[Content, ...] = (
    RECEIPT,
    RECEIPT.model_copy(update={"acknowledge_by": None}),
    RECEIPT.model_copy(update={"acknowledge_by": None, "respond_by": None}),
    ACKNOWLEDGEMENT,
    ACKNOWLEDGEMENT.model_copy(update={"about": "stage-acknowledgement"}),
    BEFORE_A_HEARING,
    ADDED_POINTS,
    Refusal(reason="It happened over a year ago.", explanation="The leak was in May 2024."),
    ExtensionNotice(
        reason="The surveyor is away.",
        was=day("Wed 2027-01-06"),
        until=day("Wed 2027-01-20"),
        agreed_on=day("Tue 2027-01-05"),
    ),
    AGREED_DATE,
    HEARING,
    MOVED_HEARING,
    DUE_MOVED,
    RESPONSE,
    RESPONSE_WITH_NEEDS,
    FINAL_RESPONSE,
    MOVED_ON,
    REFERRED,
    DECLINE,
    FINAL_DECLINE,
    Closing(reason="not-escalated"),
    STILL_CONSIDERED,
    Closing(reason="withdrawn"),
    Closing(reason="declined"),
    SENT_ON,
    THANKS,
    DIRECTED,
)
REMINDER = Reminder(clock="respond", due=day("Wed 2027-01-06"))
TWO_TO_ANSWER = Assignment(
    together_with="helen-ward", acknowledge_by=None, respond_by=day("Thu 2027-01-14")
)
URGENT = Urgent(grounds=2, rung="head-of-service", investigator="sam-okafor")
TO_STAFF: tuple[Content, ...] = (
    Assignment(acknowledge_by=day("Wed 2026-12-30"), respond_by=day("Thu 2027-01-14")),
    Assignment(acknowledge_by=None, respond_by=None),
    TWO_TO_ANSWER,
    ToAssign(from_stage="Stage 1", acknowledge_by=None, respond_by=day("Thu 2027-01-14")),
    URGENT,
    Urgent(grounds=1, rung="head-of-service", investigator=None),
    DUE_MOVED,
    Reminder(clock="contact", due=day("Wed 2026-12-30")),
    Reminder(clock="arrange", due=day("Wed 2026-12-30")),
    Reminder(clock="acknowledge", due=day("Wed 2026-12-30")),
    REMINDER,
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
    Undeliverable(notice="PR-7K2M-9QXT:1", notice_about="receipt", notice_to="resident"),
    Undeliverable(notice="PR-7K2M-9QXT:2", notice_about="reminder", notice_to="line-manager"),
    PASSED_ON,
    THANKS_LATE,
)


def to_resident(
    content: Content = RECEIPT,
    *,
    key: str = "notice-1",
    name: str | None = "Jo Bloggs",
    email: str | None = JO,
    postal: bool = False,
    letterhead: Letterhead = LETTERHEAD,
) -> Notice:
    """A notice to the resident."""
    return Notice(
        key=key,
        reference=REFERENCE,
        stage="stage-1",
        to=ToResident(addressee=Addressee(name=name, email=email, postal=postal)),
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
) -> Notice:
    """A notice to a role; Sam Okafor investigates, in Repairs."""
    return Notice(
        key=key,
        reference=REFERENCE,
        stage="stage-1",
        to=ToStaff(role=role, investigator=investigator, service_area=service_area),
        letterhead=LETTERHEAD,
        content=content,
    )
