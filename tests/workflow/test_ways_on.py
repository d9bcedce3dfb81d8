"""The ways from stage to stage that policies differ in, lived through without a server."""

from services.workflow.contract import (
    AddPoints,
    Decline,
    Refer,
    SetHearing,
)
from services.workflow.messages import Escalate
from tests.days import day, london
from tests.workflow.lives import Life, refused


def answered(policy: str) -> Life:
    """Stage 1 is answered on Friday 10 March."""
    life = Life(policy, "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 10:00", "sam-okafor")
    life.acknowledge("Mon 2028-03-06 10:00")
    life.contact("Fri 2028-03-10 15:00")
    life.respond("Fri 2028-03-10 15:00", "not-upheld", "upheld")
    return life


def declining(key: str, reason: str = "insufficient-grounds") -> Decline:
    return Decline(key=key, by="leo-marsh", reason=reason, explanation="Nothing is new.")


def test_a_request_that_came_in_time_can_be_entered_after_the_complaint_has_closed() -> None:
    life = answered("housing-ombudsman")
    # Twelve months end on Saturday 10 March 2029: it closes on Monday morning.
    life.until("Mon 2029-03-12 09:00")
    assert life.complaint.status == "closed"
    with refused("requested-too-late"):
        life.escalate("Mon 2029-03-12 10:00")
    life.escalate("Mon 2029-03-12 10:00", requested="Sat 2029-03-10 09:00")
    assert life.complaint.stage_name == "stage-2"
    assert life.happened("stage-requested") == ["Sat 2029-03-10 09:00 stage-requested"]


def test_only_a_policy_that_considers_late_requests_says_that_it_does() -> None:
    by_the_code, manchester = answered("housing-ombudsman"), answered("manchester")
    by_the_code.until("Mon 2029-03-12 09:00")
    manchester.until("Mon 2028-04-10 09:00")
    assert by_the_code.complaint.late_requests_until
    assert by_the_code.complaint.position().late_requests_until is None
    assert manchester.complaint.position().late_requests_until == london("Sun 2029-03-11 00:00")


def test_ten_working_days_after_its_time_nothing_is_waited_for_any_more() -> None:
    life = answered("housing-ombudsman")
    # From Saturday 10 March 2029 they end on Friday 23 March.
    life.until("Fri 2029-03-23 23:00")
    assert life.complaint.late_requests_until is not None
    life.until("Sat 2029-03-24 01:00")
    assert life.complaint.late_requests_until is None
    with refused("complaint-ended"):
        life.escalate("Sat 2029-03-24 09:00", requested="Fri 2029-03-09 09:00")


def test_a_reply_to_a_decline_that_lay_unread_is_considered() -> None:
    life = answered("nottingham")
    life.escalate("Mon 2028-03-13 09:00")
    life.do("Wed 2028-03-15 10:00", declining("d"))
    # Twenty working days to answer end on Wednesday 12 April.
    life.until("Thu 2028-04-13 09:00")
    assert life.complaint.status == "closed"
    life.escalate("Thu 2028-04-13 10:00", requested="Wed 2028-04-12 20:00")
    assert (life.complaint.stage_name, life.complaint.status) == ("stage-2", "escalated")


def test_an_answered_decline_is_considered_once_and_declined_for_good() -> None:
    life = answered("nottingham")
    life.escalate("Mon 2028-03-13 09:00")
    life.do("Wed 2028-03-15 10:00", declining("first"))
    life.escalate("Mon 2028-03-20 09:00")
    life.do("Tue 2028-03-21 09:00", declining("second"))
    assert life.complaint.status == "closed"
    assert life.happened("closed") == ["Tue 2028-03-21 09:00 closed"]


def test_evidence_found_after_a_final_decline_is_considered_within_the_time_to_ask() -> None:
    life = Life("review-panel", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 10:00", "sam-okafor")
    life.respond("Tue 2028-03-07 10:00", "not-upheld")
    life.escalate("Tue 2028-03-07 11:00")
    life.assign("Tue 2028-03-07 11:00", "sam-okafor")
    life.contact("Tue 2028-03-07 11:00")
    life.respond("Tue 2028-03-07 12:00", "not-upheld")
    life.escalate("Wed 2028-03-08 09:00")
    life.do("Thu 2028-03-09 09:00", declining("d", "no-further-evidence"))
    assert life.complaint.status == "closed"
    found = Escalate(key="e", by="staff", offers=("further-evidence",))
    life.do("Thu 2028-04-13 09:00", found)
    assert (life.complaint.stage_name, life.complaint.status) == ("stage-2", "escalated")
    with refused("reason-does-not-hold"):
        life.do("Thu 2028-04-13 10:00", declining("again", "no-further-evidence"))


def test_a_complaint_that_moved_on_by_itself_can_still_be_refused_for_a_reason() -> None:
    life = Life("review-panel", "Mon 2028-03-06 10:00")
    life.until("Fri 2028-03-10 10:00")
    life.triage(
        "Fri 2028-03-10 10:00",
        decision="refuse",
        reason="court-proceedings",
        explanation="A claim was filed on 1 March.",
    )
    assert life.complaint.status == "refused"


def test_triage_after_the_acknowledgement_still_sends_it_up_at_once() -> None:
    life = Life("manchester", "Mon 2028-03-06 10:00")
    life.acknowledge("Mon 2028-03-06 10:00")
    life.triage("Mon 2028-03-06 11:00", at_once=2, priority="high")
    assert life.complaint.status == "acknowledged"
    assert life.written_to("head-of-service") == ["Mon 2028-03-06 11:00 urgent"]
    with refused("already-triaged"):
        life.triage("Mon 2028-03-06 12:00")


def test_a_stage_without_an_acknowledgement_is_confirmed_and_somebody_must_assign_it() -> None:
    life = Life("review-panel", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 10:00", "sam-okafor")
    life.respond("Tue 2028-03-07 10:00", "not-upheld")
    life.escalate("Wed 2028-03-08 09:00")
    assert life.written_to("resident")[-1] == "Wed 2028-03-08 09:00 moved-on"
    assert life.written_to("complaints-officer") == ["Wed 2028-03-08 09:00 to-assign"]


def test_nothing_joins_once_stage_1_has_been_answered() -> None:
    life = answered("community-support")
    life.escalate("Mon 2028-03-13 09:00")
    life.acknowledge("Mon 2028-03-13 10:00", points=1)
    with refused("response-is-out"):
        life.do("Mon 2028-03-13 11:00", AddPoints(key="p", by="staff", points=("More.",)))


def test_a_hearing_is_put_off_on_its_day_and_never_into_the_past_or_another_year() -> None:
    life = Life("review-panel", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 10:00", "sam-okafor")
    life.respond("Mon 2028-03-06 11:00", "not-upheld")
    life.escalate("Mon 2028-03-06 12:00")
    life.assign("Mon 2028-03-06 12:00", "sam-okafor")
    life.contact("Mon 2028-03-06 12:00")
    life.respond("Mon 2028-03-06 13:00", "not-upheld")
    life.escalate("Mon 2028-03-06 14:00")
    life.assign("Mon 2028-03-06 14:00", "omar-haddad")
    life.contact("Mon 2028-03-06 14:00")
    life.do("Mon 2028-03-06 15:00", Refer(key="r", by="omar-haddad"))

    def hearing(at: str, on: str) -> None:
        life.do(at, SetHearing(key=f"{at} {on}", by="staff", on=day(on)))

    with refused("hearing-too-far"):
        hearing("Tue 2028-03-07 09:00", "Thu 2031-04-03")
    hearing("Tue 2028-03-07 09:00", "Tue 2028-03-21")
    with refused("hearing-too-early"):
        hearing("Mon 2028-03-20 09:00", "Fri 2028-03-10")
    hearing("Wed 2028-03-22 09:00", "Wed 2028-04-05")
    assert life.due("respond") == "Wed 2028-04-26"
    assert london("Wed 2028-03-22 09:00") == life.now
