"""What is learnt of a notice after it was settled: written into the ledger first, then told.

A mail comes back, a provider says what became of it, a letter is posted. A crash between writing
and telling loses nothing, because whoever brings the news brings it again: the same call then
changes nothing and tells.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, update
from sqlmodel import col
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from services.notify.contents import Content, HeldMail, Undeliverable
from services.notify.contract import TASK_QUEUE, Letterhead, Notice, Settled, ToStaff
from services.notify.news_workflow import NEWS_WORKFLOW, News
from services.notify.tables import NoticeRow
from services.shared.database import Database
from services.shared.errors import AgainstTheRules, NotThere, TryLater
from services.shared.events import Outcome
from services.shared.temporal import AWAY

CAN_BECOME: Mapping[str, frozenset[Outcome]] = {
    "sent": frozenset({"posted", "bounced", "refused"}),
    "to-print": frozenset({"posted"}),
    "by-hand": frozenset({"bounced", "refused"}),
    "uncertain": frozenset({"sent", "bounced", "refused"}),
}
"""What a settled notice can still become; `posted` only where it is a letter."""

AT_A_LOSS: frozenset[Outcome] = frozenset({"bounced", "refused", "uncertain"})
"""Outcomes after which a person has to see to it that it arrives."""

OF_THE_INSTALLATION = Letterhead(landlord="Putright", policy_name="complaints", stage=None)
"""Heads what belongs to no one landlord, and news of notices whose landlord was not kept."""

NEVER_TOLD_OF = frozenset({"undeliverable", "held-mail", "letter-to-post"})
"""Notes to the complaints officer that are about notices: were the officer told of their loss too,
by the same mail, one lost note would call for the next without end."""

PATIENCE = timedelta(seconds=3)
"""How long Temporal may take to answer."""

NO_STAGE = "mail"
"""Stands in a notice where those of a complaint name its stage."""

log = structlog.get_logger()


async def learnt(  # noqa: PLR0913 — what, of what, when, in whose words
    database: Database, client: Client, key: str, *, outcome: Outcome, at: datetime, answer: str
) -> None:
    """Writes down what a notice has become at `at` (aware), and tells whom it concerns.

    `answer` is what the other side said of it: it stays in the ledger. The same news again changes
    nothing and is told again, which nobody hears twice. Raises NotThere `unknown-notice`, TryLater
    `notice-not-settled` while it is still on its way, AgainstTheRules `not-possible-any-more` for
    what cannot follow what it is, and TryLater `engine-away` when it is written but not told.
    """
    row = await _written(database, key, outcome, at, answer)
    log.info("notice-news", key=key, outcome=outcome)
    await tell(client, row)


async def noted(database: Database, key: str, answer: str) -> None:
    """Keeps what another service said of a notice that stays what it is."""
    async with database.session() as session:
        await session.exec(update(NoticeRow).where(col(NoticeRow.key) == key).values(answer=answer))


async def tell(client: Client, row: NoticeRow) -> None:
    """Tells what a settled notice has become. Raises TryLater `engine-away`."""
    settled = Settled.model_validate({"key": row.key, "outcome": row.state, "at": row.settled_at})
    lost = settled.outcome in AT_A_LOSS and row.about not in NEVER_TOLD_OF
    content = Undeliverable.model_validate(
        {
            "notice": row.key,
            "notice_about": row.about,
            "notice_to": row.to_role,
            "outcome": settled.outcome if lost else None,
            "reader": row.staff_id,
        }
    )
    news = News(
        settled=settled,
        asked_by=row.asked_by,
        to_officer=_to_officer(row, row.state, content) if lost else None,
    )
    await _start(client, f"news-{row.mark}-{row.state}", news)


async def tell_of_unreadable(client: Client, at: datetime, *, received_on: date, why: str) -> bool:
    """Tells the complaints officer that returned mail could not be read: once in the hour of `at`.

    `received_on` is the day on which the oldest came, `why` goes into the note. Returns False when
    the hour (UTC) has had its note. Raises TryLater `engine-away`.
    """
    key = f"returned-mail-{at.astimezone(UTC):%Y-%m-%dT%H}"
    notice = Notice(
        key=key,
        reference=None,
        stage=NO_STAGE,
        to=ToStaff(role="complaints-officer", investigator=None, service_area=None),
        letterhead=OF_THE_INSTALLATION,
        content=HeldMail(received_on=received_on, why=why, returned=True),
    )
    news = News(settled=None, asked_by=None, to_officer=notice)
    return await _start(client, f"news-{key}", news)


def _to_officer(row: NoticeRow, what: str, content: Content) -> Notice:
    # Notices of before migration 0002 kept none.
    kept = Letterhead.model_validate(row.letterhead) if row.letterhead else OF_THE_INSTALLATION
    return Notice(
        key=f"{row.key}:{what}",
        reference=row.reference,
        stage=row.stage,
        to=ToStaff(role="complaints-officer", investigator=None, service_area=row.service_area),
        letterhead=kept,
        content=content,
    )


async def _written(
    database: Database, key: str, outcome: Outcome, at: datetime, answer: str
) -> NoticeRow:
    """Changes the row if it may be changed so, or finds it so already."""
    before = [state for state, after in CAN_BECOME.items() if outcome in after]
    allowed: list[ColumnElement[bool]] = [col(NoticeRow.state).in_(before)]
    if outcome == "posted":
        allowed.append(col(NoticeRow.way) == "letter")
    async with database.session() as session:
        changed = await session.exec(
            update(NoticeRow)
            .where(col(NoticeRow.key) == key, col(NoticeRow.settled_at).is_not(None), *allowed)
            .values(state=outcome, settled_at=at, answer=answer)
        )
        row = await session.get(NoticeRow, key, populate_existing=True)
    if row is None:
        raise NotThere("unknown-notice", "No notice has this key.")
    if row.settled_at is None:
        raise TryLater("notice-not-settled", "The notice is still on its way.")
    if not changed.rowcount and row.state != outcome:
        raise AgainstTheRules(
            "not-possible-any-more", f"The notice is {row.state} and cannot become {outcome}."
        )
    return row


async def _start(client: Client, workflow_id: str, news: News) -> bool:
    """Has a piece of news told; returns False when that was begun before."""
    try:
        await client.start_workflow(
            NEWS_WORKFLOW,
            news,
            id=workflow_id,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            rpc_timeout=PATIENCE,
        )
    except WorkflowAlreadyStartedError:
        return False
    except RPCError as error:
        if error.status not in AWAY:
            raise
        raise TryLater("engine-away", "Temporal does not answer.") from error
    return True
