"""The letters about each step of a complaint: what they must say, and what they must not."""

import re

import pytest

from services.notify.contents import Closing, Escalation, Reminder
from services.notify.letters import FOLDER
from services.shared.events import ClockName, Rung
from tests.days import day
from tests.notify.reading import both, letter
from tests.notify.samples import (
    ADDED_POINTS,
    AGREED_DATE,
    BEFORE_A_HEARING,
    DECLINE,
    FINAL_DECLINE,
    FINAL_RESPONSE,
    HEARING,
    LETTERHEAD,
    MOVED_HEARING,
    MOVED_ON,
    OMBUDSMAN,
    RECEIPT,
    REFERRED,
    RESPONSE,
    RESPONSE_WITH_NEEDS,
    SENT_ON,
    STILL_CONSIDERED,
    TWO_TO_ANSWER,
    URGENT,
    to_resident,
    to_staff,
)


def test_the_response_answers_each_point_in_words_with_reasons_remedy_and_promises() -> None:
    for words in both(letter(to_resident(RESPONSE))):
        assert "as a whole is partly upheld: you were right about part of this" in words
        first, second = words.split("Nobody came on 4 December.")[-1].split("The repair did not")
        assert "upheld: you were right, and we got this wrong" in first
        assert "Our records show that the visit was never booked." in first
        assert "not upheld: we looked into this" in second
        assert "A different part failed each time." in second
        assert "We apologise, and pay £50 for the missed visit." in words
        assert re.search("By Friday 29 January 2027 ?: Replace the boiler", words)


def test_a_response_before_the_last_stage_says_how_to_go_on_and_until_when() -> None:
    for words in both(letter(to_resident(RESPONSE))):
        assert "look at your complaint again, until Thursday 6 January 2028" in words
        assert "That is called Stage 2." in words
        assert "our final one" not in words
        assert "When you ask, please" not in words


def test_a_response_says_what_the_policy_asks_for_and_to_ask_all_the_same() -> None:
    for words in both(letter(to_resident(RESPONSE_WITH_NEEDS))):
        assert "say why you are not happy with our answer" in words
        assert "say what you want to happen" in words
        assert "give us what we have not seen yet" in words
        assert "ask all the same" in words


def test_the_final_response_says_that_it_is_final_and_shows_the_ombudsmans_route() -> None:
    for words in both(letter(to_resident(FINAL_RESPONSE))):
        assert "It is our final one." in words
        assert "take your complaint further, to the Housing Ombudsman Service." in words
        assert "look at your complaint again" not in words


def test_with_several_bodies_the_final_response_points_to_them_all() -> None:
    ofsted = OMBUDSMAN.model_copy(update={"name": "Ofsted"})
    head = LETTERHEAD.model_copy(update={"signposts": (OMBUDSMAN, ofsted)})
    for words in both(letter(to_resident(FINAL_RESPONSE, letterhead=head))):
        assert "take your complaint further, to someone independent of us." in words
        assert "Ofsted" in words


def test_a_receipt_promises_only_what_the_policy_does() -> None:
    no_letter = RECEIPT.model_copy(update={"acknowledge_by": None})
    for words in both(letter(to_resident(no_letter))):
        assert "set out what we will look into" not in words
        assert "By Thursday 14 January 2027 you will have our answer." in words
    no_date = no_letter.model_copy(update={"respond_by": None})
    for words in both(letter(to_resident(no_date))):
        assert "We will tell you by when you will have our answer." in words
        assert "2027" not in words


def test_before_a_hearing_the_acknowledgement_promises_its_date_and_no_answer_yet() -> None:
    for words in both(letter(to_resident(BEFORE_A_HEARING))):
        assert "There will be a hearing. We will write to you as soon as it has a date" in words
        assert "You will have our answer by" not in words


def test_a_hearing_is_told_with_its_day_and_that_of_the_answer() -> None:
    for words in both(letter(to_resident(HEARING))):
        assert "Your complaint will be heard on Friday 5 February 2027" in words
        assert "By Friday 26 February 2027 you will have the answer in writing." in words
    for words in both(letter(to_resident(MOVED_HEARING))):
        assert "has a new date: Friday 5 February 2027" in words
        assert "It was to be on Monday 1 February 2027." in words


def test_added_points_are_set_out_with_their_numbers_and_the_day_of_the_answer() -> None:
    written = letter(to_resident(ADDED_POINTS))
    assert "\n3. The fan is broken.\n" in written.text
    for words in both(written):
        assert "The fan is broken." in words
        assert "our answer to everything by Wednesday 6 January 2027" in words


def test_an_agreed_date_names_the_day_of_the_agreement_and_both_dates() -> None:
    for words in both(letter(to_resident(AGREED_DATE))):
        assert "On Tuesday 5 January 2027 we agreed with you" in words
        assert "by Wednesday 13 January 2027" in words
        assert "Before, it was Wednesday 6 January 2027." in words


def test_a_complaint_that_goes_on_by_itself_says_why_where_and_what_happens_next() -> None:
    second = LETTERHEAD.model_copy(update={"stage": "Stage 2"})
    for words in both(letter(to_resident(MOVED_ON, letterhead=second))):
        assert "We have not resolved your complaint at Stage 1" in words
        assert "it has gone on to Stage 2" in words
        assert "By Wednesday 30 December 2026 we will write to you" in words
        assert "By Thursday 14 January 2027 you will have our answer." in words
    for words in both(letter(to_resident(REFERRED))):
        assert "Until now it was at Stage 2." in words
        assert "There will be a hearing." in words


def test_a_decline_gives_the_reason_and_until_when_it_can_be_answered() -> None:
    for words in both(letter(to_resident(DECLINE))):
        assert DECLINE.reason in words
        assert DECLINE.explanation in words
        assert "tell us by Thursday 4 February 2027" in words
        assert "the right to ask someone independent about this decision now" in words
        assert "the end of our own procedure" not in words


def test_a_final_decline_says_that_it_ends_the_procedure() -> None:
    for words in both(letter(to_resident(FINAL_DECLINE))):
        assert "This is the end of our own procedure." in words
        assert "the right to ask someone independent about this decision now" in words
        assert "consider your request again" not in words


@pytest.mark.parametrize(
    ("closing", "says"),
    [
        (Closing(reason="withdrawn"), "You took your complaint back"),
        (Closing(reason="declined"), "the time in which you could answer that has passed"),
        (Closing(reason="not-escalated"), "could ask us to look at it again has passed"),
        (STILL_CONSIDERED, "you can still ask until Thursday 6 January 2028"),
        (SENT_ON, "you can take your complaint further now"),
        (SENT_ON, "We have nothing to add to our answer."),
    ],
)
def test_a_closing_letter_says_why_and_what_can_still_be_done(closing: Closing, says: str) -> None:
    for words in both(letter(to_resident(closing))):
        assert says in words
        assert ("IF YOU COULD NOT ASK" in words.upper()) == (closing.late_until is not None)


def test_two_who_answer_together_know_of_each_other_by_name() -> None:
    for words in both(letter(to_staff(TWO_TO_ANSWER))):
        assert "to answer together with Helen Ward" in words
    unknown = TWO_TO_ANSWER.model_copy(update={"together_with": "left-long-ago"})
    for words in both(letter(to_staff(unknown))):
        assert "together with a colleague whom the staff directory does not name" in words


def test_what_cannot_wait_says_how_many_grounds_hold_and_none_of_them() -> None:
    for words in both(letter(to_staff(URGENT, role="head-of-service"))):
        assert "meets 2 grounds for urgent escalation, listed in the case file." in words
    alone = URGENT.model_copy(update={"investigator": None, "grounds": 1})
    for words in both(letter(to_staff(alone, role="complaints-officer"))):
        assert "meets 1 ground for urgent escalation" in words
        assert "Start by assigning an investigator." in words


@pytest.mark.parametrize(
    ("clock", "duty", "hint"),
    [
        ("contact", "speak to the resident", "If you tried and did not reach them"),
        ("arrange", "give the hearing a date", "Record the day as soon as you have it"),
        ("respond", "send the response", "Where the policy allows no later date"),
    ],
)
def test_a_reminder_says_what_to_do_by_when_and_how(clock: ClockName, duty: str, hint: str) -> None:
    due = day("Wed 2027-01-06")
    for words in both(letter(to_staff(Reminder(clock=clock, due=due)))):
        assert f"please {duty} by Wednesday 6 January 2027" in words
        assert hint in words
    late = Escalation(clock=clock, due=due, rung="investigator", investigator="sam-okafor")
    for words in both(letter(to_staff(late))):
        assert f"Please {duty} today: it was due by Wednesday 6 January 2027" in words
    for words in both(letter(to_staff(late, role="complaints-officer"))):
        assert f"Somebody had to {duty} by Wednesday 6 January 2027" in words


def test_with_nobody_in_charge_the_first_thing_asked_for_is_an_investigator() -> None:
    due = day("Wed 2027-01-06")
    reminder = to_staff(Reminder(clock="respond", due=due), investigator=None)
    assert "put somebody in charge of it today" in letter(reminder).text
    late = Escalation(clock="respond", due=due, rung="head-of-service", investigator=None)
    asked: dict[Rung, str] = {
        "investigator": "Start by assigning an investigator.",
        "complaints-officer": "Start by assigning an investigator.",
        "head-of-service": "somebody is put in charge of it today",
    }
    for role, says in asked.items():
        for words in both(letter(to_staff(late, role=role, investigator=None))):
            assert says in words
            assert "speak to them" not in words


@pytest.mark.parametrize("kind", sorted(path.name for path in FOLDER.iterdir()))
def test_no_template_speaks_of_health_or_vulnerability(kind: str) -> None:
    words = "".join(path.read_text("utf-8") for path in (FOLDER / kind).iterdir()).lower()
    assert re.search("health|vulnerab|disab|illness|medical|mental", words) is None
