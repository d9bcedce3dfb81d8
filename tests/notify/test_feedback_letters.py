"""Letters about feedback that is no complaint: they call it by its name, and no complaint."""

import pytest

from services.notify.contents import (
    Content,
    Directed,
    PassedOn,
    Thanks,
    ThanksLate,
    Undeliverable,
)
from services.notify.languages import ENGLISH
from services.notify.letters import Letter
from services.shared.events import FeedbackKind, Rung
from tests.days import day
from tests.notify.reading import letter as written
from tests.notify.samples import (
    DIRECTED,
    FEEDBACK_LETTERHEAD,
    PASSED_ON,
    THANKS,
    THANKS_LATE,
    to_resident,
    to_staff,
)

DANGER = "If anybody is in danger now, call 999."


def to_sender(content: Content, *, email: str | None = "jo@example.org") -> Letter:
    letterhead = FEEDBACK_LETTERHEAD
    return written(to_resident(content, email=email, postal=True, letterhead=letterhead))


def to_team(
    content: Content, role: Rung = "head-of-service", area: str | None = "Repairs"
) -> Letter:
    notice = to_staff(content, role=role, investigator=None, service_area=area)
    return written(notice.model_copy(update={"letterhead": FEEDBACK_LETTERHEAD}))


def test_thanks_name_what_was_sent_and_when_it_came_and_how_to_complain() -> None:
    letter = to_sender(THANKS)
    for words in (letter.text, letter.html):
        assert "Thank you for your compliment" in words
        assert "Monday 21 December 2026" in words
        assert "the team concerned know" in words
        assert "that is a complaint, and we will look into it" in words
    alone = to_sender(THANKS.model_copy(update={"passed_on": False}))
    assert "the team concerned" not in alone.text + alone.html


def test_what_is_directed_says_where_to_who_deals_with_it_and_the_way_to_complain() -> None:
    letter = to_sender(DIRECTED)
    for words in (letter.text, letter.html):
        assert "request for a service" in words
        assert "The team that does this work will deal with it." in words
        assert "We have told our Repairs team about it." in words
        assert "It does not count as a complaint." in words
        assert "You do not have to wait until the work is done." in words
        assert DANGER not in words


def test_what_is_not_known_or_not_offered_is_left_out() -> None:
    bare = to_sender(DIRECTED.model_copy(update={"team": None, "may_complain": False}))
    for words in (bare.text, bare.html):
        assert "told the team" not in words
        assert "You do not have to wait" not in words
        assert "None" not in words


def test_whoever_reports_anti_social_behaviour_hears_what_to_do_in_danger() -> None:
    letter = to_sender(DIRECTED.model_copy(update={"feedback": "anti-social-behaviour"}))
    assert DANGER in letter.text
    assert DANGER in letter.html


def test_the_team_is_told_where_the_words_are_and_what_the_sender_was_promised() -> None:
    letter = to_team(PASSED_ON)
    for words in (letter.text, letter.html):
        assert "Hello Helen Ward" in words
        assert "in the case file of" in words
        assert "The team that does this work will deal with it." in words
    heard = to_team(PASSED_ON.model_copy(update={"feedback": "comment", "procedure": None}))
    for words in (heard.text, heard.html):
        assert "Please let the people concerned know what was said." in words
        assert "procedure" not in words


def test_without_a_head_of_that_service_the_complaints_officer_gets_it() -> None:
    letter = to_team(PASSED_ON, area="Gardens")
    for words in (letter.text, letter.html):
        assert "Hello Ruth Ellis-Jones" in words
        assert "no head of service for this feedback" in words


def test_the_officer_hears_whether_late_thanks_have_gone_out_since() -> None:
    done = to_team(THANKS_LATE, "complaints-officer")
    for words in (done.text, done.html):
        assert "We should have thanked the sender of the comment" in words
        assert "Wednesday 30 December 2026" in words
        assert "went out on Thursday 31 December 2026" in words
    open_still = THANKS_LATE.model_copy(update={"thanked_on": None})
    waiting = to_team(open_still, "complaints-officer")
    for words in (waiting.text, waiting.html):
        assert "have still not gone out" in words


REFUSED = Undeliverable(
    notice="FB-1/1/thanks/resident", notice_about="thanks", notice_to="resident"
)


@pytest.mark.parametrize(
    ("content", "role"),
    [
        (PASSED_ON, "head-of-service"),
        (THANKS_LATE, "complaints-officer"),
        (REFUSED, "complaints-officer"),
    ],
)
def test_a_note_to_staff_is_about_feedback_and_names_no_stage(content: Content, role: Rung) -> None:
    letter = to_team(content, role)
    for words in (letter.text, letter.html):
        assert "Feedback PR-7K2M-9QXT, Elmfield Homes" in words
        assert "Stage" not in words
        assert "None" not in words


@pytest.mark.parametrize("content", [THANKS, DIRECTED])
def test_a_letter_to_the_sender_names_no_stage_and_no_complaints_team(content: Content) -> None:
    letter = to_sender(content)
    for words in (letter.text, letter.html):
        assert "Stage" not in words
        assert "complaints team" not in words
        assert "bout this complaint" not in words


def test_a_sender_without_email_gets_the_letter_by_post() -> None:
    letter = to_sender(THANKS, email=None)
    assert letter.subject == "To post: Thank you for your compliment PR-7K2M-9QXT"
    assert "PLEASE POST THIS LETTER TODAY" in letter.text


@pytest.mark.parametrize("kind", ENGLISH.feedback)
def test_every_kind_of_feedback_has_a_name_in_every_letter(kind: FeedbackKind) -> None:
    on = day("Mon 2026-12-21")
    for letter in (
        to_sender(Thanks.model_validate({"feedback": kind, "received_on": on, "passed_on": True})),
        to_sender(Directed.model_validate(DIRECTED.model_dump() | {"feedback": kind})),
        to_team(PassedOn.model_validate(PASSED_ON.model_dump() | {"feedback": kind})),
        to_team(ThanksLate.model_validate(THANKS_LATE.model_dump() | {"feedback": kind})),
    ):
        assert ENGLISH.feedback[kind] in letter.text
        assert ENGLISH.feedback[kind] in letter.html
