"""What is heard of a complaint after its answer, and for how long."""

from datetime import date

import pytest

from services.shared.errors import AgainstTheRules
from services.shared.events import (
    LessonLearned,
    OmbudsmanDetermined,
    OmbudsmanInvolved,
    PromiseKept,
    Remedy,
    Responded,
    SurveyAnswered,
)
from services.workflow.messages import (
    Answer,
    AnswerSurvey,
    InvolveOmbudsman,
    KeepPromise,
    LearnLesson,
    LogResponse,
    RecordDetermination,
    Respond,
    TellOfMail,
)
from tests.days import day, london
from tests.workflow.lives import Life, refused

WHO = {"key": "k", "by": "staff"}


def acknowledged() -> Life:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.acknowledge("Tue 2028-03-07 10:00")
    return life


def response(*promised_by: str) -> Respond:
    answers = tuple(
        Answer(point=point, text="Damp", decision="upheld", reasons="Our records say so.")
        for point in ("1", "2")
    )
    return Respond.model_validate(
        {
            **WHO,
            "key": f"r-{len(promised_by)}",
            "definition": "Damp",
            "answers": answers,
            "remedies": [{"kind": "apology"}, {"kind": "payment", "pence": 5000}],
            "actions": [{"what": "Treat the wall", "by": day(by)} for by in promised_by],
        }
    )


def promising(*by: str) -> Life:
    life = acknowledged()
    life.do("Thu 2028-03-16 10:00", response(*by))
    return life


def kept(number: int, on: str) -> KeepPromise:
    return KeepPromise(key=f"p{number}{on}", by="staff", number=number, done_on=day(on))


def determined(on: str) -> RecordDetermination:
    return RecordDetermination(
        key=f"d{on}", by="staff", on=day(on), determination="service-failure", orders=2, pence=20000
    )


def test_a_response_records_its_remedies_and_numbers_what_it_promises() -> None:
    life = promising("Fri 2028-04-07", "Fri 2028-05-05")
    [answered] = [event for event in life.events if isinstance(event, Responded)]
    assert answered.remedies == (Remedy(kind="apology"), Remedy(kind="payment", pence=5000))
    assert [(one.number, one.by) for one in answered.promises] == [
        (1, date(2028, 4, 7)),
        (2, date(2028, 5, 5)),
    ]


def test_what_stage_2_promises_is_numbered_on() -> None:
    life = promising("Fri 2028-04-07")
    life.escalate("Mon 2028-03-20 10:00")
    life.assign("Mon 2028-03-20 11:00", "priya-shah")
    life.acknowledge("Tue 2028-03-21 10:00")
    life.do("Wed 2028-03-22 10:00", response("Fri 2028-04-21", "Fri 2028-04-28"))
    promises = life.complaint.position().promises
    assert [(one.number, one.stage) for one in promises] == [
        (1, "stage-1"),
        (2, "stage-2"),
        (3, "stage-2"),
    ]


@pytest.mark.parametrize(("kind", "pence"), [("payment", None), ("apology", 100)])
def test_a_payment_has_an_amount_and_nothing_else_has(kind: str, pence: int | None) -> None:
    with pytest.raises(ValueError, match="a payment has an amount"):
        Remedy.model_validate({"kind": kind, "pence": pence})


def test_a_promise_is_kept_once() -> None:
    life = promising("Fri 2028-04-07")
    life.do("Mon 2028-04-10 10:00", kept(1, "Thu 2028-04-06"))
    event = life.events[-1]
    assert isinstance(event, PromiseKept)
    assert (event.promised_for, event.done_on) == (date(2028, 4, 7), date(2028, 4, 6))
    with refused("already-kept"):
        life.do("Mon 2028-04-10 11:00", kept(1, "Fri 2028-04-07"))
    with refused("unknown-promise"):
        life.do("Mon 2028-04-10 11:00", kept(2, "Fri 2028-04-07"))


@pytest.mark.parametrize("on", ["Fri 2028-03-03", "Tue 2028-04-11"])
def test_nothing_was_done_before_the_receipt_or_is_done_tomorrow(on: str) -> None:
    life = promising("Fri 2028-04-07")
    with refused("not-then"):
        life.do("Mon 2028-04-10 10:00", kept(1, on))


def test_a_complaint_listens_on_until_what_was_promised_is_done() -> None:
    life = promising("Fri 2028-04-07")
    life.run_until(london("Mon 2032-03-01 10:00"))
    assert life.complaint.over
    assert not life.complaint.finished
    assert life.complaint.next_moment() is None
    life.do("Mon 2032-03-01 11:00", kept(1, "Mon 2032-03-01"))
    life.until("Mon 2032-03-01 11:00")
    assert life.complaint.finished


def test_an_ended_complaint_without_promises_listens_for_eighteen_months() -> None:
    """The Ombudsman takes it up within twelve, and the landlord hears of it later."""
    life = promising()
    life.until("Tue 2029-03-20 09:00")
    assert life.happened("closed") == ["Mon 2029-03-19 08:00 closed"]
    life.until("Thu 2030-09-19 23:59")
    assert not life.complaint.finished
    life.until("Fri 2030-09-20 00:00")
    assert life.complaint.finished
    with refused("complaint-ended"):
        life.do("Mon 2032-03-01 11:00", InvolveOmbudsman(**WHO, on=day("Mon 2032-03-01")))


def test_a_refusal_at_the_end_says_what_can_still_be_done() -> None:
    life = promising()
    life.withdraw("Mon 2028-03-20 10:00")
    with pytest.raises(AgainstTheRules, match="can still be recorded: promises kept, the Ombud"):
        life.withdraw("Mon 2028-03-20 11:00")
    life.run_until(None)
    with pytest.raises(AgainstTheRules, match=r"withdrawn\. What is new is brought in as a new"):
        life.withdraw("Mon 2032-03-01 11:00")


@pytest.mark.parametrize("end", ["withdrawn", "final response"])
def test_mail_to_an_ended_complaint_is_refused_although_it_listens(end: str) -> None:
    """Intake holds it then, and the complaints officer judges what it is."""
    life = acknowledged()
    if end == "withdrawn":
        life.withdraw("Thu 2028-03-16 10:00")
    else:
        life.respond("Thu 2028-03-16 10:00", "upheld", "upheld")
        life.escalate("Thu 2028-03-16 11:00")
        life.assign("Thu 2028-03-16 12:00", "priya-shah")
        life.acknowledge("Thu 2028-03-16 13:00")
        life.respond("Thu 2028-03-16 14:00", "upheld", "upheld")
    assert life.complaint.over
    with refused("complaint-ended"):
        life.do("Fri 2028-03-17 10:00", TellOfMail(key="m", by="mailbox"))
    life.do("Fri 2028-03-17 11:00", InvolveOmbudsman(**WHO, on=day("Fri 2028-03-17")))


def test_nothing_that_was_promised_is_done_before_the_response_that_promised_it() -> None:
    life = promising("Fri 2028-04-07")
    with refused("not-then"):
        life.do("Mon 2028-03-20 10:00", kept(1, "Wed 2028-03-15"))
    life.do("Mon 2028-03-20 10:00", kept(1, "Thu 2028-03-16"))


def test_a_case_is_not_determined_before_the_ombudsman_had_it() -> None:
    life = promising()
    life.do("Mon 2028-04-03 10:00", InvolveOmbudsman(**WHO, on=day("Fri 2028-03-31")))
    with refused("not-then"):
        life.do("Mon 2028-04-03 11:00", determined("Thu 2028-03-30"))
    life.do("Mon 2028-04-03 11:00", determined("Fri 2028-03-31"))


def test_an_answer_that_went_out_in_time_and_was_logged_late_is_in_time() -> None:
    life = acknowledged()
    # It is due on Tuesday 21 March, and the miss is recorded at the midnight after.
    life.until("Wed 2028-03-22 09:00")
    assert life.happened("missed") == ["Wed 2028-03-22 00:00 missed"]
    life.do("Wed 2028-03-22 10:00", LogResponse(**WHO, responded_at=london("Tue 2028-03-21 23:59")))
    [clock] = [one for one in life.complaint.position().clocks if one.clock == "respond"]
    assert clock.state == "met"


def test_an_answer_that_went_out_late_is_late() -> None:
    life = acknowledged()
    life.do("Wed 2028-03-22 10:00", LogResponse(**WHO, responded_at=london("Wed 2028-03-22 00:00")))
    [clock] = [one for one in life.complaint.position().clocks if one.clock == "respond"]
    assert clock.state == "met-late"


def test_the_ombudsman_has_it_until_it_is_determined() -> None:
    life = promising()
    with refused("not-with-the-ombudsman"):
        life.do("Mon 2028-03-20 10:00", determined("Mon 2028-03-20"))
    life.do("Mon 2028-03-20 10:00", InvolveOmbudsman(**WHO, on=day("Mon 2028-03-20")))
    assert isinstance(life.events[-1], OmbudsmanInvolved)
    with refused("with-the-ombudsman"):
        again = InvolveOmbudsman(key="again", by="staff", on=day("Mon 2028-03-20"))
        life.do("Mon 2028-03-20 11:00", again)
    life.run_until(london("Mon 2031-03-03 10:00"))
    assert not life.complaint.finished
    life.do("Mon 2031-03-03 10:00", determined("Mon 2031-03-03"))
    life.until("Mon 2031-03-03 10:00")
    found = life.events[-1]
    assert isinstance(found, OmbudsmanDetermined)
    assert (found.determination, found.orders, found.pence) == ("service-failure", 2, 20000)
    assert life.complaint.finished


def test_answers_to_the_survey_and_lessons_are_recorded_before_and_after_the_end() -> None:
    life = acknowledged()
    life.do("Wed 2028-03-08 10:00", LearnLesson(**WHO, theme="Damp", heard="Late.", done="Sooner."))
    assert isinstance(life.events[-1], LessonLearned)
    life.withdraw("Thu 2028-03-09 10:00")
    survey = AnswerSurvey(
        key="s", by="staff", on=day("Fri 2028-03-10"), satisfaction="very-dissatisfied"
    )
    life.do("Fri 2028-03-10 10:00", survey)
    assert isinstance(life.events[-1], SurveyAnswered)


def test_a_response_of_the_landlords_own_counts_from_the_day_it_went_out() -> None:
    life = acknowledged()
    logged = LogResponse(**WHO, responded_at=london("Fri 2028-03-10 15:00"))
    turn = life.do("Mon 2028-04-03 10:00", logged)
    [answered] = [event for event in turn.events if isinstance(event, Responded)]
    assert (answered.at, answered.in_time) == (london("Fri 2028-03-10 15:00"), True)
    assert (answered.decision, answered.findings, answered.outside) == (None, (), True)
    assert not [notice for notice in turn.notices if notice.to.role == "resident"]
    window = life.complaint.clock("escalate")
    assert window is not None
    assert window.due.anchor_date == date(2028, 3, 10)


def test_a_response_of_the_landlords_own_keeps_the_rules_of_a_response() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    with refused("not-acknowledged"):
        life.do(
            "Tue 2028-03-07 10:00",
            LogResponse(**WHO, responded_at=london("Tue 2028-03-07 09:00")),
        )
    life = acknowledged()
    # Before the receipt, before the acknowledgement of the same day, and to come.
    for at in ("Fri 2028-03-03 09:00", "Tue 2028-03-07 09:59", "Thu 2028-03-09 09:00"):
        with refused("not-then"):
            life.do("Wed 2028-03-08 10:00", LogResponse(**WHO, responded_at=london(at)))


def test_no_response_to_an_unacknowledged_stage_went_out_before_the_receipt() -> None:
    life = Life("review-panel", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.contact("Mon 2028-03-06 11:30")
    with refused("not-then"):
        life.do(
            "Mon 2028-03-06 12:00", LogResponse(**WHO, responded_at=london("Mon 2028-03-06 09:59"))
        )


def test_the_last_response_of_the_landlords_own_closes() -> None:
    life = promising()
    life.escalate("Mon 2028-03-20 10:00")
    life.assign("Mon 2028-03-20 11:00", "priya-shah")
    life.acknowledge("Tue 2028-03-21 10:00")
    logged = LogResponse(**WHO, responded_at=london("Wed 2028-03-22 09:00"), decision="not-upheld")
    life.do("Wed 2028-03-22 10:00", logged)
    assert life.complaint.status == "closed"
