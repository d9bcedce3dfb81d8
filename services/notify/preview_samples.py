"""A sample of every kind of notice: what it says, and to whom."""

from collections.abc import Mapping
from datetime import date

from services.notify.contents import (
    Acknowledgement,
    AddedPoints,
    AgreedDateNotice,
    Assignment,
    Chase,
    Closing,
    Content,
    Cover,
    Decline,
    Digest,
    DigestLine,
    Directed,
    DueMovedNotice,
    Escalation,
    ExtensionNotice,
    FromResident,
    HearingNotice,
    HeldMail,
    HelpWanted,
    LetterToPost,
    MovedDate,
    MovedOnNotice,
    NewHoliday,
    Offer,
    PanelHearing,
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
    Unconfirmed,
    Undeliverable,
    Urgent,
    WindowReminder,
)
from services.notify.preview_people import NOW, REFERENCE
from services.shared.events import Rung

RECEIVED_ON = date(2026, 12, 21)
ACKNOWLEDGE_BY = date(2026, 12, 30)
RESPOND_BY = date(2027, 1, 6)
LATER = date(2027, 1, 14)
PROCEDURE = "The team that does this work will deal with it."
POINTS = (
    Point(point="1", text="Nobody came on 4 December."),
    Point(point="2", text="The repair did not last."),
)
DEFINITION = "The boiler has failed three times since October."

TO_RESIDENT: tuple[Content, ...] = (
    Receipt(
        received_on=RECEIVED_ON,
        entered_on=RECEIVED_ON,
        acknowledge_by=ACKNOWLEDGE_BY,
        respond_by=LATER,
    ),
    Acknowledgement(
        about="acknowledgement",
        definition=DEFINITION,
        points=POINTS,
        outcomes_sought="A boiler that works, and an apology.",
        not_ours="The water meter belongs to the water company.",
        investigator="sam-okafor",
        respond_by=RESPOND_BY,
    ),
    Acknowledgement(
        about="stage-acknowledgement",
        definition=DEFINITION,
        points=POINTS,
        outcomes_sought="A boiler that works, and an apology.",
        investigator="sam-okafor",
        respond_by=RESPOND_BY,
    ),
    AddedPoints(points=(Point(point="3", text="The fan is broken."),), respond_by=RESPOND_BY),
    Refusal(reason="It happened over a year ago.", explanation="The leak was in May 2024."),
    ExtensionNotice(
        reason="The surveyor is away.",
        was=RESPOND_BY,
        until=date(2027, 1, 20),
        agreed_on=date(2027, 1, 5),
    ),
    AgreedDateNotice(was=RESPOND_BY, until=date(2027, 1, 13), agreed_on=date(2027, 1, 5)),
    HearingNotice(on=date(2027, 2, 5), was=None, respond_by=date(2027, 2, 26)),
    DueMovedNotice(
        dates=(MovedDate(clock="respond", was=RESPOND_BY, due=date(2027, 1, 7)),),
        new_holidays=(NewHoliday(day=date(2027, 1, 5), name="National thanksgiving"),),
    ),
    ResponseNotice(
        definition=DEFINITION,
        answers=(
            PointAnswer(
                point="1",
                text=POINTS[0].text,
                decision="upheld",
                reasons="Our records show that the visit was never booked.",
            ),
            PointAnswer(
                point="2",
                text=POINTS[1].text,
                decision="not-upheld",
                reasons="A different part failed each time.",
            ),
        ),
        decision="partially-upheld",
        remedy="We apologise, and pay £50 for the missed visit.",
        actions=(PromisedAction(what="Replace the boiler", by=date(2027, 1, 29)),),
        investigator="sam-okafor",
        next_stage="Stage 2",
        escalate_by=date(2028, 1, 6),
    ),
    WindowReminder(next_stage="Stage 2", ask_by=date(2028, 1, 6)),
    MovedOnNotice(
        from_stage="Stage 1",
        because="not-resolved",
        acknowledge_by=ACKNOWLEDGE_BY,
        respond_by=LATER,
    ),
    Decline(
        reason="We do not see sufficient grounds.",
        explanation="Every point has been answered.",
        reply_by=date(2027, 2, 4),
    ),
    Closing(reason="not-escalated"),
    Thanks(feedback="compliment", received_on=RECEIVED_ON, passed_on=True),
    Directed(
        feedback="service-request",
        received_on=RECEIVED_ON,
        procedure=PROCEDURE,
        team="Repairs",
        may_complain=True,
    ),
)

TO_STAFF: tuple[tuple[Rung, Content], ...] = (
    ("investigator", Assignment(acknowledge_by=ACKNOWLEDGE_BY, respond_by=LATER)),
    (
        "investigator",
        Digest(
            day=NOW.date(),
            lines=(
                DigestLine(
                    reference="PR-2V8D-4HRW",
                    landlord="Elmfield Homes",
                    stage="Stage 1",
                    clock="acknowledge",
                    due=date(2026, 12, 31),
                    days_left=-2,
                    news=("overdue", "resident-wrote"),
                    confirmed=True,
                ),
                DigestLine(
                    reference=REFERENCE,
                    landlord="Elmfield Homes",
                    stage="Stage 1",
                    clock="respond",
                    due=RESPOND_BY,
                    days_left=1,
                    news=("new", "reminder"),
                    confirmed=False,
                ),
                DigestLine(
                    reference="PR-9N3C-6TLB",
                    landlord="Elmfield Homes",
                    stage="Stage 2",
                    clock="respond",
                    due=date(2027, 1, 20),
                    days_left=11,
                    news=(),
                    confirmed=True,
                ),
            ),
        ),
    ),
    ("investigator", Reminder(clock="respond", due=RESPOND_BY)),
    (
        "investigator",
        Escalation(
            clock="respond",
            due=date(2027, 1, 4),
            rung="investigator",
            investigator="sam-okafor",
        ),
    ),
    ("investigator", Chase(assigned_on=date(2027, 1, 4), clock="acknowledge", due=RESPOND_BY)),
    (
        "investigator",
        Offer(
            manager="sam-okafor",
            assigned_on=date(2026, 12, 31),
            clock="acknowledge",
            due=RESPOND_BY,
        ),
    ),
    ("investigator", FromResident(received_on=date(2027, 1, 4))),
    (
        "investigator",
        PanelHearing(on=date(2027, 2, 5), was=None, respond_by=date(2027, 2, 26)),
    ),
    (
        "line-manager",
        HelpWanted(
            help="records",
            note="The contractor's job sheets for December.",
            investigator="sam-okafor",
            rung="line-manager",
        ),
    ),
    ("head-of-service", Urgent(grounds=2, rung="head-of-service", investigator="sam-okafor")),
    (
        "head-of-service",
        PassedOn(feedback="service-request", received_on=RECEIVED_ON, procedure=PROCEDURE),
    ),
    (
        "complaints-officer",
        ToAssign(from_stage="Stage 1", acknowledge_by=None, respond_by=LATER),
    ),
    (
        "complaints-officer",
        Unconfirmed(manager="sam-okafor", assigned_on=date(2026, 12, 31), offered_to="priya-shah"),
    ),
    (
        "complaints-officer",
        Cover(
            manager="sam-okafor",
            deputy="priya-shah",
            away_until=date(2027, 1, 15),
            open_complaints=3,
        ),
    ),
    (
        "complaints-officer",
        Undeliverable(
            notice=f"{REFERENCE}/1/receipt/resident",
            notice_about="receipt",
            notice_to="resident",
            outcome="bounced",
        ),
    ),
    (
        "complaints-officer",
        LetterToPost(notice=f"{REFERENCE}/9/response/resident", notice_about="response"),
    ),
    (
        "complaints-officer",
        ThanksLate(feedback="comment", due=ACKNOWLEDGE_BY, thanked_on=date(2026, 12, 31)),
    ),
    (
        "complaints-officer",
        HeldMail(received_on=date(2027, 1, 4), why="it could not be read"),
    ),
)

SAMPLES: Mapping[str, tuple[Rung | None, Content]] = {
    content.about: (role, content)
    for role, content in (*((None, content) for content in TO_RESIDENT), *TO_STAFF)
}
"""A sample of each kind, with the role that it goes to; None for the resident."""

STAGES: Mapping[str, str] = {
    **dict.fromkeys(("stage-acknowledgement", "moved-on", "to-assign", "decline"), "Stage 2"),
    **dict.fromkeys(("hearing", "panel-hearing"), "Review Panel"),
}
"""The stage of each sample that does not belong to the first one, for people."""

OF_FEEDBACK = frozenset({"thanks", "directed", "passed-on", "thanks-late"})
"""The kinds that belong to no stage of a complaint."""

OF_NO_COMPLAINT = frozenset({"digest", "cover", "held-mail"})
"""The kinds that are about several complaints, or about none yet."""
