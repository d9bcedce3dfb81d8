"""Lessons from a complaint, in words to be published: recorded, put right, taken back. Pure.

Lessons are numbered from 1 within the complaint. A number is given once: one that was taken back
is never used again.
"""

from services.shared.errors import MendRequest
from services.shared.events import LessonLearned, LessonWithdrawn
from services.workflow.complaint import Complaint
from services.workflow.messages import LearnLesson
from services.workflow.turn import Turn


def check(complaint: Complaint, lesson: LearnLesson) -> None:
    """Refuses a lesson without its words, and a number under which none stands."""
    words = (lesson.theme, lesson.heard, lesson.done)
    if lesson.withdraw and lesson.number is None:
        raise MendRequest("number-needed", "Say by its number which lesson is taken back.")
    if lesson.withdraw and any(word is not None for word in words):
        raise MendRequest("words-not-wanted", "A lesson that is taken back has no words.")
    if not lesson.withdraw and None in words:
        raise MendRequest("words-needed", "A lesson has a theme, what was heard and what was done.")
    if lesson.number is not None and lesson.number not in complaint.lessons_standing:
        raise MendRequest(
            "unknown-lesson",
            "No lesson of that number stands.",
            numbers=[*complaint.lessons_standing],
        )


def carry_out(turn: Turn, lesson: LearnLesson) -> None:
    """Records a lesson, new or in the place of an earlier one, or takes one back."""
    complaint = turn.complaint
    if lesson.withdraw and lesson.number is not None:
        complaint.lessons_withdrawn.append(lesson.number)
        turn.record(LessonWithdrawn, number=lesson.number)
        return
    if lesson.number is None:
        complaint.lessons += 1
    turn.record(
        LessonLearned,
        number=lesson.number or complaint.lessons,
        theme=lesson.theme,
        heard=lesson.heard,
        done=lesson.done,
    )
