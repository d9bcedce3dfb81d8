"""A complaint's life by its rules alone. 2028: Good Friday is 14 April, Easter Monday 17 April."""

import pytest

from services.shared.errors import PutrightError
from services.shared.events import Acknowledged, Responded
from services.workflow.complaint import Moment
from services.workflow.contract import AgreeDate, LogContact
from services.workflow.moments import pass_moment
from tests.days import day, london
from tests.workflow.lives import Life, refused


def acknowledged(policy: str = "housing-ombudsman") -> Life:
    life = Life(policy, "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.acknowledge("Tue 2028-03-07 10:00")
    return life


def at_stage_2(policy: str = "housing-ombudsman") -> Life:
    life = acknowledged(policy)
    life.respond("Wed 2028-03-08 10:00", "upheld", "not-upheld")
    life.escalate("Fri 2028-03-10 10:00")
    return life


def test_receipt_promises_both_dates_and_writes_a_receipt_at_once() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    assert life.due("acknowledge") == "Mon 2028-03-13"
    assert life.due("respond") == "Mon 2028-03-27"
    assert life.written_to("resident") == ["Mon 2028-03-06 10:00 receipt"]


def test_an_early_acknowledgement_brings_the_response_forward() -> None:
    life = acknowledged()
    assert life.due("respond") == "Tue 2028-03-21"


def test_a_late_acknowledgement_buys_no_time_for_the_response() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    life.acknowledge("Thu 2028-03-16 10:00")
    assert life.due("respond") == "Mon 2028-03-27"
    assert [e.in_time for e in life.events if isinstance(e, Acknowledged)] == [False]


def test_a_miss_is_recorded_at_the_moment_of_passing_and_climbs_on_working_mornings() -> None:
    life = Life("housing-ombudsman", "Thu 2028-04-06 10:00")
    life.assign("Thu 2028-04-06 11:00", "sam-okafor")
    life.until("Tue 2028-05-02 12:00")
    # Five working days from Thursday 6 April: Thursday 13 April, then Easter.
    assert life.happened("missed") == ["Fri 2028-04-14 00:00 missed"]
    assert life.happened("climbed") == [
        "Tue 2028-04-18 08:00 climbed",
        "Wed 2028-04-19 08:00 climbed",
        "Fri 2028-04-21 08:00 climbed",
    ]
    assert life.written_to("line-manager") == ["Wed 2028-04-19 08:00 escalation"]
    assert life.written_to("head-of-service") == ["Fri 2028-04-21 08:00 escalation"]
    assert len(life.written_to("complaints-officer")) == 3


def test_without_an_investigator_the_complaints_officer_hears_each_rung_once() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    life.until("Mon 2028-03-20 12:00")
    assert life.written_to("complaints-officer") == [
        "Tue 2028-03-14 08:00 escalation",
        "Wed 2028-03-15 08:00 escalation",
        "Fri 2028-03-17 08:00 escalation",
    ]
    assert life.written_to("line-manager") == []
    assert life.written_to("head-of-service") == ["Fri 2028-03-17 08:00 escalation"]


def test_reminders_come_before_the_due_date_on_working_mornings() -> None:
    life = acknowledged()
    life.until("Tue 2028-03-21 23:00")
    assert life.written_to("investigator")[1:] == [
        "Thu 2028-03-16 08:00 reminder",
        "Mon 2028-03-20 08:00 reminder",
    ]


def test_nothing_climbs_after_the_thing_is_done() -> None:
    life = acknowledged()
    life.until("Wed 2028-03-22 09:00")
    life.respond("Wed 2028-03-22 10:00", "upheld", "upheld")
    life.until("Fri 2028-04-21 12:00")
    assert life.happened("missed", "climbed") == [
        "Wed 2028-03-22 00:00 missed",
        "Wed 2028-03-22 08:00 climbed",
    ]
    assert [e.in_time for e in life.events if isinstance(e, Responded)] == [False]


def test_a_complaint_entered_late_misses_at_once_but_writes_to_people_next_morning() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00", entered="Sat 2028-03-18 22:00")
    life.until("Wed 2028-03-22 12:00")
    # Passed long before it was entered: nothing can be recorded before the complaint is known.
    assert life.happened("missed")[0] == "Sat 2028-03-18 22:00 missed"
    assert life.happened("climbed")[:2] == [
        "Mon 2028-03-20 08:00 climbed",
        "Tue 2028-03-21 08:00 climbed",
    ]


def test_every_point_is_answered_each_once() -> None:
    life = acknowledged()
    with refused("points-not-answered") as caught:
        life.respond("Wed 2028-03-08 10:00", "upheld")
    assert caught.value.facts["open"] == ["2"]
    with refused("points-not-answered"):
        life.respond("Wed 2028-03-08 10:00", "upheld", "upheld", "upheld")


@pytest.mark.parametrize(
    ("decisions", "whole"),
    [
        (("upheld", "upheld"), "upheld"),
        (("not-upheld", "not-upheld"), "not-upheld"),
        (("upheld", "not-upheld"), "partially-upheld"),
        (("partially-upheld", "partially-upheld"), "partially-upheld"),
    ],
)
def test_the_decision_on_the_whole_follows_from_its_points(
    decisions: tuple[str, ...], whole: str
) -> None:
    life = acknowledged()
    life.respond("Wed 2028-03-08 10:00", *decisions)
    assert [e.decision for e in life.events if isinstance(e, Responded)] == [whole]


def test_no_answer_before_acknowledgement_or_without_an_investigator() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    with refused("not-acknowledged"):
        life.respond("Tue 2028-03-07 10:00", "upheld")
    life.acknowledge("Tue 2028-03-07 11:00", points=1)
    with refused("not-assigned"):
        life.respond("Tue 2028-03-07 12:00", "upheld")


def test_an_extension_inside_the_cap_moves_the_date_and_its_reminders() -> None:
    life = acknowledged()
    life.extend("Tue 2028-03-21 23:59", "Tue 2028-04-04")
    assert life.due("respond") == "Tue 2028-04-04"
    life.until("Tue 2028-04-04 12:00")
    assert life.happened("missed") == []
    assert life.written_to("investigator")[-2:] == [
        "Thu 2028-03-30 08:00 reminder",
        "Mon 2028-04-03 08:00 reminder",
    ]


def test_an_extension_after_the_original_time_is_refused() -> None:
    life = acknowledged()
    with refused("too-late-to-extend"):
        life.extend("Wed 2028-03-22 00:00", "Tue 2028-04-04")


def test_an_extension_past_the_cap_needs_the_residents_agreement() -> None:
    life = acknowledged()
    with refused("beyond-the-cap") as caught:
        life.extend("Mon 2028-03-20 10:00", "Wed 2028-04-05")
    assert caught.value.facts["latest"] == "2028-04-04"
    life.extend("Mon 2028-03-20 10:00", "Wed 2028-04-05", agreed_on="Mon 2028-03-20")
    assert life.due("respond") == "Wed 2028-04-05"


def test_a_second_extension_is_measured_against_the_first_cap() -> None:
    life = acknowledged()
    life.extend("Mon 2028-03-20 10:00", "Mon 2028-04-03")
    with refused("beyond-the-cap"):
        life.extend("Mon 2028-03-27 10:00", "Wed 2028-04-05")
    life.extend("Mon 2028-03-27 10:00", "Tue 2028-04-04")


def test_an_extension_is_refused_before_acknowledgement_and_backwards() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    with refused("not-acknowledged"):
        life.extend("Mon 2028-03-06 11:00", "Tue 2028-04-04")
    life = acknowledged()
    with refused("not-an-extension"):
        life.extend("Wed 2028-03-08 11:00", "Tue 2028-03-21")


def test_a_refusal_names_a_reason_of_the_policy_and_explains_itself() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    with refused("reason-needed"):
        life.triage("Mon 2028-03-06 11:00", decision="refuse", reason="over-12-months")
    with refused("unknown-reason"):
        life.triage("Mon 2028-03-06 11:00", decision="refuse", reason="boring", explanation="No.")
    over_a_year = {"reason": "over-12-months", "explanation": "It was in 2025."}
    with refused("day-needed"):
        life.triage("Mon 2028-03-06 11:00", decision="refuse", **over_a_year)
    with refused("exceptions-not-considered"):
        life.triage(
            "Mon 2028-03-06 11:00", decision="refuse", issue_on=day("Fri 2027-03-05"), **over_a_year
        )
    old = {"no_exception": True, **over_a_year}
    with refused("reason-does-not-hold"):
        life.triage(
            "Mon 2028-03-06 11:00", decision="refuse", issue_on=day("Sat 2027-03-06"), **old
        )
    life.triage("Mon 2028-03-06 11:00", decision="refuse", issue_on=day("Fri 2027-03-05"), **old)
    assert life.complaint.status == "refused"
    assert life.written_to("resident")[-1] == "Mon 2028-03-06 11:00 refusal"
    assert life.notices[-1][1].letterhead.signposts
    with refused("complaint-ended"):
        life.acknowledge("Mon 2028-03-06 12:00")


def test_stage_2_is_reviewed_by_somebody_else() -> None:
    life = at_stage_2()
    with refused("previously-involved"):
        life.assign("Fri 2028-03-10 11:00", "sam-okafor")
    life.assign("Fri 2028-03-10 11:00", "priya-nair")
    assert life.complaint.investigator == "priya-nair"


def test_everybody_who_investigated_stage_1_is_barred_from_stage_2() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "first-manager")
    life.assign("Mon 2028-03-06 12:00", "second-manager")
    life.acknowledge("Mon 2028-03-06 13:00", points=1)
    life.respond("Mon 2028-03-06 14:00", "upheld")
    life.escalate("Mon 2028-03-06 15:00")
    for involved in ("first-manager", "second-manager"):
        with refused("previously-involved"):
            life.assign("Mon 2028-03-06 16:00", involved)


def test_stage_2_counts_from_the_request_and_ends_the_procedure() -> None:
    life = at_stage_2()
    assert life.due("acknowledge") == "Fri 2028-03-17"
    assert life.due("respond") == "Tue 2028-04-18"
    life.assign("Fri 2028-03-10 11:00", "priya-nair")
    life.acknowledge("Mon 2028-03-13 10:00", points=1)
    assert life.due("respond") == "Mon 2028-04-10"
    assert life.written_to("resident")[-1] == "Mon 2028-03-13 10:00 stage-acknowledgement"
    life.respond("Mon 2028-04-10 10:00", "not-upheld")
    assert life.complaint.status == "closed"
    assert life.happened("closed") == ["Mon 2028-04-10 10:00 closed"]


def test_a_request_that_lay_unread_counts_from_the_day_it_came_in() -> None:
    life = acknowledged()
    life.respond("Wed 2028-03-08 10:00", "upheld", "upheld")
    life.escalate("Mon 2028-03-20 10:00", requested="Mon 2028-03-13 09:00")
    assert life.due("acknowledge") == "Mon 2028-03-20"


def test_the_register_is_told_when_stage_2_was_requested_not_when_it_was_entered() -> None:
    life = acknowledged()
    life.respond("Wed 2028-03-08 10:00", "upheld", "upheld")
    life.escalate("Mon 2028-03-20 10:00", requested="Mon 2028-03-13 09:00")
    assert life.happened("stage-requested") == ["Mon 2028-03-13 09:00 stage-requested"]


@pytest.mark.parametrize("requested", ["Tue 2028-03-07 09:00", "Tue 2028-03-21 09:00"])
def test_a_request_lies_between_the_answer_and_now(requested: str) -> None:
    life = acknowledged()
    life.respond("Wed 2028-03-08 10:00", "upheld", "upheld")
    with refused("not-requested-then"):
        life.escalate("Mon 2028-03-20 10:00", requested=requested)


def test_no_contact_before_the_complaint_and_no_agreement_before_it() -> None:
    life = acknowledged()
    with refused("happened-before-receipt"):
        life.contact("Wed 2028-03-08 10:00", happened="Fri 2028-03-03 10:00")
    with refused("happened-in-future"):
        life.contact("Wed 2028-03-08 10:00", happened="Thu 2028-03-09 10:00")
    for agreed_on in ("Fri 2028-03-03", "Thu 2028-03-09"):
        with refused("not-agreed-then"):
            life.extend("Wed 2028-03-08 10:00", "Wed 2028-04-05", agreed_on=agreed_on)


def test_after_an_outage_one_reminder_stands_for_all_that_were_due() -> None:
    life = acknowledged()
    moment = life.complaint.next_moment()
    assert moment is not None
    late = london("Mon 2028-03-20 09:00")  # both reminders, of 16 and 20 March, are behind
    turn = pass_moment(life.complaint, moment, late, {})
    assert [notice.content.about for notice in turn.notices] == ["reminder"]
    following = life.complaint.next_moment()
    assert following is not None
    assert following.what == "passing"


def test_no_stage_2_before_the_answer() -> None:
    life = acknowledged()
    with refused("not-answered"):
        life.escalate("Wed 2028-03-08 10:00")


def test_a_contact_before_the_stage_began_does_not_count_for_it() -> None:
    life = Life("community-support", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 10:00", "sam-okafor")
    life.acknowledge("Mon 2028-03-06 10:00")
    life.respond("Tue 2028-03-07 10:00", "upheld", "upheld")
    life.escalate("Wed 2028-03-08 10:00")
    life.contact("Wed 2028-03-08 11:00", happened="Tue 2028-03-07 15:00")
    life.acknowledge("Wed 2028-03-08 11:00", points=1)
    life.assign("Wed 2028-03-08 11:00", "lena-hart")
    with refused("no-contact"):
        life.respond("Thu 2028-03-09 10:00", "upheld")
    life.contact("Thu 2028-03-09 10:00")
    life.respond("Thu 2028-03-09 10:00", "upheld")
    assert len(life.happened("contacted")) == 2


def test_a_contact_after_a_date_was_agreed_counts() -> None:
    life = Life("review-panel", "Mon 2028-03-06 10:00")
    life.until("Fri 2028-03-10 10:00")
    agreed = AgreeDate(
        key="k", by="staff", until=day("Wed 2028-03-29"), agreed_on=day("Fri 2028-03-10")
    )
    life.do("Fri 2028-03-10 10:00", agreed)
    life.contact("Fri 2028-03-10 11:00", happened="Thu 2028-03-09 15:00")
    assert life.complaint.contacts == 1


def test_an_exception_goes_with_a_contact_that_was_left_out() -> None:
    life = Life("nottingham", "Mon 2028-03-06 10:00")
    made = LogContact(
        key="k",
        by="staff",
        outcome="made",
        how="phone",
        happened_at=london("Mon 2028-03-06 11:00"),
        exception="cannot-be-reached",
    )
    with refused("not-left-out"):
        life.do("Mon 2028-03-06 11:00", made)
    with refused("how-needed"):
        life.do("Mon 2028-03-06 11:00", made.model_copy(update={"how": None, "exception": None}))


def test_nacro_stage_2_wants_a_contact_before_the_response() -> None:
    life = at_stage_2("nacro")
    life.assign("Fri 2028-03-10 11:00", "priya-nair")
    life.acknowledge("Mon 2028-03-13 10:00", points=1)
    with refused("no-contact"):
        life.respond("Tue 2028-03-14 10:00", "upheld")
    life.contact("Tue 2028-03-14 11:00")
    life.respond("Tue 2028-03-14 12:00", "upheld")


def test_the_complaint_closes_when_the_time_to_escalate_has_passed() -> None:
    life = acknowledged()
    life.respond("Wed 2028-03-08 10:00", "upheld", "upheld")
    assert life.due("escalate") == "Thu 2029-03-08"
    life.until("Fri 2029-03-09 09:00")
    assert life.happened("closed") == ["Fri 2029-03-09 08:00 closed"]
    assert life.written_to("resident")[-1] == "Fri 2029-03-09 08:00 closing"


def test_a_withdrawn_complaint_stops_its_clocks() -> None:
    life = acknowledged()
    life.withdraw("Wed 2028-03-08 10:00")
    life.until("Fri 2028-04-21 10:00")
    assert life.happened("missed", "climbed", "reminded") == []
    assert life.written_to("resident")[-1] == "Wed 2028-03-08 10:00 closing"
    # All that is to come: it listens no more, eighteen months later.
    assert [life.complaint.next_moment()] == [
        Moment(london("Sun 2029-09-09 00:00"), "at-rest", "stage-1", "escalate")
    ]


@pytest.mark.parametrize("again", ["acknowledge", "assign", "triage"])
def test_doing_it_again_under_another_key_is_refused(again: str) -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    life.triage("Mon 2028-03-06 11:00")
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.acknowledge("Mon 2028-03-06 12:00")
    actions = {
        "acknowledge": lambda: life.acknowledge("Mon 2028-03-06 13:00"),
        "assign": lambda: life.assign("Mon 2028-03-06 13:00", "sam-okafor"),
        "triage": lambda: life.triage("Mon 2028-03-06 13:00"),
    }
    before = len(life.events)
    with pytest.raises(PutrightError):
        actions[again]()
    assert len(life.events) == before


def test_events_are_numbered_without_gaps_and_every_notice_has_a_key_of_its_own() -> None:
    life = at_stage_2()
    life.until("Fri 2028-06-02 10:00")
    assert [event.sequence for event in life.events] == list(range(1, len(life.events) + 1))
    keys = [notice.key for _, notice in life.notices]
    assert len(set(keys)) == len(keys)
