"""The proof of what was sent to whom, and what follows when it was not. Pure."""

from datetime import datetime

from services.notify.contents import LetterToPost, Undeliverable
from services.notify.contract import Notice, Settled
from services.shared.events import NoticeSettled
from services.workflow.complaint import ITSELF, Complaint
from services.workflow.turn import Turn, about_and_role

AT_A_LOSS: frozenset[str] = frozenset({"refused", "uncertain"})
"""Outcomes after which a person has to see to it that it arrives."""


def settle(complaint: Complaint, notice: Notice, settled: Settled, now: datetime) -> Turn:
    """Records what became of a notice; the complaints officer hears of what needs a person."""
    turn = Turn(complaint, now, ITSELF)
    about, role = notice.content.about, notice.to.role
    _record(turn, notice.stage, settled, about, role)
    if settled.outcome in AT_A_LOSS and about != "undeliverable":
        turn.write_to_staff(
            "complaints-officer",
            Undeliverable(notice=notice.key, notice_about=about, notice_to=role),
        )
    if settled.outcome == "to-print":
        turn.write_to_staff(
            "complaints-officer", LetterToPost(notice=notice.key, notice_about=about)
        )
    return turn


def hear(complaint: Complaint, news: Settled, now: datetime) -> Turn | None:
    """Records what became of a notice later; None for what is no news of this complaint's.

    Notify itself tells the complaints officer of mail that came back.
    """
    heard = f"{news.key} {news.outcome}"
    found = about_and_role(complaint, news.key)
    if found is None or heard in complaint.heard:
        return None
    complaint.heard.append(heard)
    turn = Turn(complaint, now, ITSELF)
    _record(turn, complaint.stage_name, news, *found)
    return turn


def _record(turn: Turn, stage: str, settled: Settled, about: str, role: str) -> None:
    turn.record(
        NoticeSettled,
        stage=stage,
        notice=settled.key,
        about=about,
        to=role,
        outcome=settled.outcome,
        settled_at=settled.at,
    )
