"""Lessons are numbered, put right and taken back; a determination is recorded again."""

from datetime import date
from typing import Any

import pytest

from services.shared.events import LessonLearned, LessonWithdrawn, OmbudsmanDetermined
from services.workflow.messages import InvolveOmbudsman, LearnLesson, RecordDetermination
from tests.days import day
from tests.workflow.lives import Life, refused

AT = "Tue 2028-03-07 10:00"

WORDS = {"theme": "Damp", "heard": "It came back.", "done": "We look again."}


def withdrawn() -> Life:
    """A complaint at its end, which listens on."""
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    life.withdraw("Mon 2028-03-06 11:00")
    return life


def learn(life: Life, **facts: Any) -> Any:
    """Records a lesson, or takes one back, and returns its event."""
    key = f"key-{len(life.events)}"
    life.do(AT, LearnLesson.model_validate({"key": key, "by": "staff", **facts}))
    return life.events[-1]


def test_lessons_are_numbered_from_1() -> None:
    life = withdrawn()
    assert [learn(life, **WORDS).number for _ in range(2)] == [1, 2]
    assert life.complaint.position().lessons == (1, 2)


def test_a_lesson_with_the_number_of_an_earlier_one_takes_its_place() -> None:
    life = withdrawn()
    learn(life, **WORDS)
    event = learn(life, **{**WORDS, "heard": "It came back twice."}, number=1)
    assert isinstance(event, LessonLearned)
    assert (event.number, event.heard) == (1, "It came back twice.")
    assert life.complaint.position().lessons == (1,)


def test_a_lesson_that_was_taken_back_cannot_be_put_right_and_its_number_stays_its_own() -> None:
    life = withdrawn()
    learn(life, **WORDS)
    event = learn(life, number=1, withdraw=True)
    assert isinstance(event, LessonWithdrawn)
    assert life.complaint.position().lessons == ()
    for again in ({"withdraw": True}, WORDS):
        with refused("unknown-lesson"):
            learn(life, number=1, **again)
    assert learn(life, **WORDS).number == 2


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({**WORDS, "number": 2}, "unknown-lesson"),
        ({"number": 2, "withdraw": True}, "unknown-lesson"),
        ({"withdraw": True}, "number-needed"),
        ({**WORDS, "number": 1, "withdraw": True}, "words-not-wanted"),
        ({"number": 1}, "words-needed"),
        ({"theme": "Damp", "heard": "It came back."}, "words-needed"),
    ],
)
def test_what_is_no_lesson_and_takes_none_back_is_refused(facts: dict[str, Any], code: str) -> None:
    life = withdrawn()
    learn(life, **WORDS)
    with refused(code):
        learn(life, **facts)


def determine(life: Life, found: str) -> OmbudsmanDetermined:
    """Records that determination and returns its event."""
    key = f"key-{len(life.events)}"
    on = day("Tue 2028-03-07")
    action = {"key": key, "by": "staff", "on": on, "determination": found}
    life.do(AT, RecordDetermination.model_validate(action))
    event = life.events[-1]
    assert isinstance(event, OmbudsmanDetermined)
    return event


def test_a_determination_is_put_right_by_recording_it_again() -> None:
    life = withdrawn()
    life.do(AT, InvolveOmbudsman(key="o", by="staff", on=date(2028, 3, 7)))
    first, again = determine(life, "mediated"), determine(life, "service-failure")
    assert (first.corrected, again.corrected) == (False, True)
    position = life.complaint.position()
    assert (position.with_ombudsman, position.determined) == (False, True)


def test_a_second_case_has_a_determination_of_its_own() -> None:
    life = withdrawn()
    for number in (1, 2):
        life.do(AT, InvolveOmbudsman(key=f"o{number}", by="staff", on=date(2028, 3, 7)))
        assert not determine(life, "mediated").corrected
