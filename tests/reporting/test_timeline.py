"""Every kind of event reads as a plain sentence."""

from typing import get_args

import pytest

from services.reporting.timeline import line
from services.shared.events import (
    Accepted,
    Acknowledged,
    AnyEvent,
    Assigned,
    Classified,
    Climbed,
    Closed,
    Confirmed,
    Contacted,
    DateAgreed,
    DeclineAnswered,
    Declined,
    DueMoved,
    Extended,
    HearingSet,
    HelpAsked,
    LessonLearned,
    LessonWithdrawn,
    OmbudsmanDetermined,
    OmbudsmanInvolved,
    PointsAdded,
    PromiseKept,
    Refused,
    Reminded,
    ResidentWrote,
    Responded,
    SentUpAtOnce,
    SurveyAnswered,
    Withdrawn,
)
from tests.days import day, london
from tests.reporting.told import Told

AT = "Mon 2028-03-06 10:00"
DUE = "Mon 2028-03-13"

COUNTED = (
    "counted from the receipt on Monday 6 March 2028, day 1 Monday 13 March 2028; "
    "calendar of 1 November 2026"
)

SENTENCES = [
    (Told().received(AT), "Received on the web."),
    (
        Told().received(AT, entered="Tue 2028-03-07 09:00", channel="in-person", anonymous=True),
        "Received anonymously, in person. It was entered on Tuesday 7 March 2028.",
    ),
    (
        Told().clock(AT, "acknowledge", DUE),
        f"The acknowledgement is due on Monday 13 March 2028 (Code 6.2; {COUNTED}).",
    ),
    (
        Told().clock(AT, "respond", DUE, skipped=("2028-03-10 closure day", "2028-03-11 Saturday")),
        (
            "The response is due on Monday 13 March 2028 (Code 6.2; counted from the receipt on "
            "Monday 6 March 2028, day 1 Monday 13 March 2028, without Friday 10 March 2028 "
            "(closure day), Saturday 11 March 2028; calendar of 1 November 2026)."
        ),
    ),
    (
        Told().clock(AT, "escalate", DUE),
        f"The next stage can be asked for until Monday 13 March 2028 (Code 6.2; {COUNTED}).",
    ),
    (
        Told().event(Accepted, AT, priority="high"),
        "Taken in as a complaint, with high priority.",
    ),
    (
        Told().event(Refused, AT, reason="over-12-months"),
        "Not taken as a complaint: over 12 months.",
    ),
    (
        Told().clock(AT, "respond", DUE, anchor="acknowledged", provisional=True),
        (
            "The response is due on Monday 13 March 2028 (Code 6.2; counted from the "
            "acknowledgement due on Monday 6 March 2028, day 1 Monday 13 March 2028; calendar of "
            "1 November 2026)."
        ),
    ),
    (
        Told().clock(AT, "respond", DUE, anchor="agreed"),
        (
            "The response is due on Monday 13 March 2028 (Code 6.2; in place of Monday 6 March "
            "2028; calendar of 1 November 2026)."
        ),
    ),
    (
        Told().clock(AT, "contact", DUE, anchor="requested"),
        (
            "The resident is to be spoken to by Monday 13 March 2028 (Code 6.2; counted from the "
            "request on Monday 6 March 2028, day 1 Monday 13 March 2028; calendar of "
            "1 November 2026)."
        ),
    ),
    (
        Told().event(
            DueMoved,
            AT,
            clock="respond",
            was=day(DUE),
            due=day("Tue 2028-03-14"),
            calendar="2028-03-01",
        ),
        (
            "The bank holidays changed. The response is due on Tuesday 14 March 2028, in place of "
            "Monday 13 March 2028."
        ),
    ),
    (
        Told().event(
            SentUpAtOnce,
            AT,
            grounds=2,
            rung="head-of-service",
            told=("head-of-service", "complaints-officer"),
        ),
        "Sent up at once, for 2 grounds: the head of service and the complaints officer were told.",
    ),
    (Told().event(Assigned, AT, investigator="amy"), "amy was put in charge."),
    (
        Told().event(Assigned, AT, investigator="amy", together_with="kim"),
        "amy was put in charge, together with kim.",
    ),
    (Told().acknowledged(AT, DUE), "Acknowledged in time, with 2 points to answer."),
    (
        Told().acknowledged("Tue 2028-03-14 09:00", DUE, in_time=False),
        "Acknowledged late (due on Monday 13 March 2028), with 2 points to answer.",
    ),
    (
        Told().event(Acknowledged, AT, points=1, due=None, in_time=True),
        "Acknowledged, with 1 point to answer.",
    ),
    (
        Told().event(PointsAdded, AT, points=2),
        "2 further points to answer, added before the response.",
    ),
    (
        Told().event(
            Contacted,
            AT,
            outcome="left-out",
            how=None,
            happened_at=london("Sun 2028-03-05 12:00"),
            exception="cannot-be-reached",
        ),
        "Contact was left out on Sunday 5 March 2028: cannot be reached.",
    ),
    (
        Told().event(
            Contacted,
            AT,
            outcome="attempted",
            how="phone",
            happened_at=london("Sun 2028-03-05 12:00"),
        ),
        "Contact (phone) was tried on Sunday 5 March 2028.",
    ),
    (
        Told().event(
            Contacted,
            AT,
            outcome="made",
            how="visit",
            happened_at=london("Fri 2028-03-03 12:00"),
            counts=False,
        ),
        "Contact (visit) was made on Friday 3 March 2028, before this stage began.",
    ),
    (
        Told().event(Reminded, AT, clock="respond", due=day(DUE)),
        "The investigator was reminded. The response is due on Monday 13 March 2028.",
    ),
    (
        Told().event(Reminded, AT, clock="escalate", due=day(DUE)),
        "The resident was reminded. The next stage can be asked for until Monday 13 March 2028.",
    ),
    (
        Told().event(Confirmed, AT, investigator="sam-okafor"),
        "sam-okafor confirmed that it is theirs.",
    ),
    (
        Told().event(HelpAsked, AT, help="records", told=("line-manager", "complaints-officer")),
        (
            "Help was asked for, to get at records: the line manager and the complaints officer "
            "were told."
        ),
    ),
    (
        Told().event(ResidentWrote, AT, channel="email"),
        "The resident wrote by email; it is in the case file.",
    ),
    (
        Told().missed("Tue 2028-03-14 00:00", "acknowledge", DUE),
        "Not acknowledged in time: that was due on Monday 13 March 2028.",
    ),
    (
        Told().missed("Tue 2028-03-14 00:00", "contact", DUE),
        "Not in contact with the resident in time: that was due on Monday 13 March 2028.",
    ),
    (
        Told().event(
            Climbed, AT, clock="arrange", due=day(DUE), rung="investigator", told=("investigator",)
        ),
        "Still not given a date for its hearing: the investigator was told.",
    ),
    (
        Told().event(
            Climbed,
            AT,
            clock="respond",
            due=day(DUE),
            rung="line-manager",
            told=("line-manager", "complaints-officer"),
        ),
        "Still not answered: the line manager and the complaints officer were told.",
    ),
    (
        Told().event(
            Climbed,
            AT,
            clock="acknowledge",
            due=day(DUE),
            rung="complaints-officer",
            told=("complaints-officer",),
        ),
        "Still not acknowledged: the complaints officer was told.",
    ),
    (
        Told().event(
            Extended, AT, was=day(DUE), until=day("Mon 2028-03-20"), agreed_on=day("Fri 2028-03-03")
        ),
        (
            "The response was put off from Monday 13 March 2028 to Monday 20 March 2028. "
            "The resident agreed to that on Friday 3 March 2028."
        ),
    ),
    (
        Told().event(
            DateAgreed,
            AT,
            was=day(DUE),
            until=day("Fri 2028-03-10"),
            agreed_on=day("Fri 2028-03-03"),
        ),
        (
            "The response was brought forward from Monday 13 March 2028 to Friday 10 March 2028. "
            "The resident agreed to that on Friday 3 March 2028."
        ),
    ),
    (
        Told().event(HearingSet, AT, on=day(DUE), was=None),
        "The hearing was set for Monday 13 March 2028.",
    ),
    (
        Told().event(HearingSet, AT, on=day("Tue 2028-03-14"), was=day(DUE)),
        "The hearing was moved from Monday 13 March 2028 to Tuesday 14 March 2028.",
    ),
    (Told().responded(AT, "partially-upheld", DUE), "Answered in time: partially upheld."),
    (
        Told().next_stage(AT, "stage-2"),
        "The resident asked for the next stage, stage 2.",
    ),
    (
        Told().next_stage(AT, "stage-2", late=True),
        "The resident asked for the next stage, stage 2, late, and that is considered.",
    ),
    (
        Told().event(Declined, AT, stage="stage-2", reason="insufficient-grounds", final=False),
        "The request for stage 2 was declined: insufficient grounds. The resident can answer that.",
    ),
    (
        Told().event(Declined, AT, stage="stage-2", reason="no-further-evidence", final=True),
        "The request for stage 2 was declined: no further evidence.",
    ),
    (
        Told().event(DeclineAnswered, AT, stage="stage-2"),
        "The resident answered the decline: stage 2 is considered again.",
    ),
    (
        Told().moved_on(AT, "stage-2", "not-resolved"),
        "Not resolved at stage 1, so it went on to stage 2.",
    ),
    (
        Told().moved_on(AT, "panel", "referred"),
        "Passed on from stage 1 to panel.",
    ),
    (
        Told().event(
            Responded,
            AT,
            decision=None,
            findings=[],
            due=day(DUE),
            in_time=True,
            outside=True,
        ),
        "Answered in a letter of the landlord's own in time: the decision was not recorded.",
    ),
    (
        Told().event(
            Responded,
            AT,
            decision="upheld",
            findings=[{"point": "1", "decision": "upheld"}],
            due=day(DUE),
            in_time=True,
            remedies=[{"kind": "apology"}, {"kind": "payment", "pence": 5050}],
            promises=[{"number": 1, "by": day(DUE)}, {"number": 2, "by": day(DUE)}],
        ),
        (
            "Answered in time: upheld. It pays £50.50. It promises 2 actions, by Monday 13 March "
            "2028."
        ),
    ),
    (
        Told().event(Classified, AT, category="repairs", tenure="shared-ownership"),
        "Recorded of the complaint: category repairs; tenure shared ownership.",
    ),
    (
        Told().event(PromiseKept, AT, number=2, promised_for=day(DUE), done_on=day(DUE)),
        (
            "Promised action 2 was done on Monday 13 March 2028; it was promised for Monday 13 "
            "March 2028."
        ),
    ),
    (
        Told().event(OmbudsmanInvolved, AT, on=day(DUE)),
        "The resident brought it before the Housing Ombudsman on Monday 13 March 2028.",
    ),
    (
        Told().event(
            OmbudsmanDetermined,
            AT,
            on=day(DUE),
            determination="service-failure",
            orders=1,
            recommendations=0,
            pence=20000,
        ),
        (
            "The Housing Ombudsman determined it on Monday 13 March 2028: service failure, with "
            "1 order and 0 recommendations, and compensation of £200."
        ),
    ),
    (
        Told().event(SurveyAnswered, AT, on=day(DUE), satisfaction="fairly-satisfied"),
        "Asked about how complaints are handled, the resident said: fairly satisfied.",
    ),
    (
        Told().event(LessonLearned, AT, theme="Repairs", heard="Late.", done="Rung up before."),
        "A lesson was recorded, on Repairs.",
    ),
    (
        Told().event(
            LessonLearned, AT, number=2, theme="Repairs", heard="Late.", done="Rung up before."
        ),
        "Lesson 2 was recorded, on Repairs.",
    ),
    (
        Told().event(LessonWithdrawn, AT, number=2),
        "Lesson 2 was taken back: it is published no more.",
    ),
    (
        Told().event(
            OmbudsmanDetermined,
            AT,
            on=day(DUE),
            determination="mediated",
            orders=0,
            recommendations=1,
            pence=0,
            corrected=True,
        ),
        (
            "Put right: the Housing Ombudsman determined it on Monday 13 March 2028: mediated, "
            "with 0 orders and 1 recommendation."
        ),
    ),
    (Told().event(Withdrawn, AT), "The resident took the complaint back."),
    (Told().event(Closed, AT, reason="final-response"), "Closed: that was the final response."),
    (
        Told().event(Closed, AT, reason="not-escalated"),
        "Closed: the time to ask for the next stage has passed.",
    ),
    (
        Told().event(Closed, AT, reason="declined"),
        "Closed: the request for this stage was declined.",
    ),
    (
        Told().event(Closed, AT, reason="sent-on"),
        "Closed: the complaint can go straight to the Ombudsman, past the next stage.",
    ),
    (Told().settled(AT, "sent"), "The notice of receipt to the resident was sent."),
    (
        Told().settled(AT, "to-print"),
        "The notice of receipt to the resident is in the print queue.",
    ),
    (
        Told().settled(AT, "posted"),
        "The notice of receipt to the resident was posted on Monday 6 March 2028.",
    ),
    (
        Told().settled(AT, "bounced"),
        "The notice of receipt to the resident came back.",
    ),
    (
        Told().settled(AT, "uncertain"),
        (
            "The notice of receipt to the resident may have arrived or not: its delivery was "
            "never confirmed."
        ),
    ),
    (
        Told().settled(AT, "nobody"),
        "The notice of receipt to the resident was not sent: there is nobody to write to.",
    ),
]


@pytest.mark.parametrize(("told", "says"), SENTENCES, ids=[says for _, says in SENTENCES])
def test_an_event_reads_as_a_plain_sentence(told: Told, says: str) -> None:
    assert line(told.events[0]).sentence == says


def test_every_kind_of_event_has_its_sentence_here() -> None:
    shown = {type(told.events[0]) for told, _ in SENTENCES}
    assert shown == set(get_args(get_args(AnyEvent)[0]))


def test_the_day_is_that_of_london_and_the_moment_is_utc() -> None:
    # In summer the day begins an hour before it does in UTC.
    told = Told().missed("Sat 2028-07-01 00:00", "respond", "Fri 2028-06-30")
    shown = line(told.events[0])
    assert shown.on == "Saturday 1 July 2028"
    assert shown.model_dump(mode="json")["at"] == "2028-06-30T23:00:00Z"
