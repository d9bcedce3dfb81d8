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
    """Records what became of a notice; the complaints officer hears of what needs a person.

    What was learnt later may have come before this, when both had to wait for the workflow.
    """
    turn = Turn(complaint, now, ITSELF)
    about, role = notice.content.about, notice.to.role
    _record(turn, notice.stage, settled, about, role)
    if any(heard.startswith(f"{notice.key} ") for heard in complaint.heard):
        return turn
    if settled.outcome in AT_A_LOSS and about != "undeliverable":
        turn.write_to_staff("complaints-officer", undeliverable(notice, settled))
    if settled.outcome == "to-print":
        turn.write_to_staff(
            "complaints-officer", LetterToPost(notice=notice.key, notice_about=about)
        )
    return turn


def undeliverable(notice: Notice, settled: Settled) -> Undeliverable:
    """Returns what the complaints officer is told of a notice that a person must see to."""
    return Undeliverable.model_validate(
        {
            "notice": notice.key,
            "notice_about": notice.content.about,
            "notice_to": notice.to.role,
            "outcome": settled.outcome,
        }
    )


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
    stage, _ = complaint.settled.get(news.key, (complaint.stage_name, None))
    _record(turn, stage, news, *found)
    return turn


def _record(turn: Turn, stage: str, settled: Settled, about: str, role: str) -> None:
    known = turn.complaint.settled
    _, was = known.get(settled.key, (stage, None))
    turn.record(
        NoticeSettled,
        stage=stage,
        notice=settled.key,
        about=about,
        to=role,
        outcome=settled.outcome,
        settled_at=settled.at,
        was=was,
    )
    if settled.outcome != "queued":
        known[settled.key] = (stage, settled.outcome)
