"""Whole lives of complaints and feedback on the time-skipping server: recorded and replayed.

Every life begins on the same days of 2028, so that the same code gives the same commands.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from services.notify.contract import NEWS_OF_NOTICE, Addressee, Settled
from services.shared.encryption import KeyRing
from services.shared.errors import MendRequest
from services.shared.events import Outcome
from services.shared.temporal import data_converter
from services.workflow import contract, feedback_contract
from services.workflow.activities import work_out_due_dates
from services.workflow.contract import (
    Acknowledge,
    AddPoints,
    AgreeDate,
    Answer,
    AnyAction,
    AskHelp,
    Assign,
    Confirm,
    Decline,
    Escalate,
    Extend,
    LogContact,
    NewComplaint,
    Position,
    Refer,
    Respond,
    SendOn,
    SetHearing,
    TellOfMail,
    Triage,
    Withdraw,
)
from services.workflow.feedback_contract import NewFeedback
from services.workflow.feedback_process import FeedbackProcess
from services.workflow.process import ComplaintProcess
from tests.days import london
from tests.engine import server_time, settled, skipping_time, sleep_until, workflow_settled
from tests.workflow.neighbours import Neighbours

CONVERTER: DataConverter = data_converter(
    KeyRing("recorded:cHV0cmlnaHQtcmVjb3JkZWQtaGlzdG9yaWVzLWtleSE=")
)
"""The key of the recorded histories: it guards invented complaints and is no secret."""

BEGIN = "Mon 2028-03-06 10:00"
REFERENCE = "PR-LIFE-0001"
PATIENCE = timedelta(seconds=30)


class Life:
    """One complaint, or feedback, that acts at given moments of skipped time."""

    def __init__(self, env: WorkflowEnvironment, neighbours: Neighbours) -> None:
        self.neighbours = neighbours
        self.workflow_id = contract.workflow_id(REFERENCE)
        self._env = env
        self._client = env.client
        self._keys = iter(range(1, 1000))

    async def at(self, moment: str) -> None:
        """Lets time pass until then; what the clocks do on the way is told before it returns."""
        await sleep_until(self._env, london(moment))
        await workflow_settled(self._client, self.workflow_id)

    async def receive_feedback(self, received: str) -> None:
        """Starts, now, feedback that is no complaint and was received then."""
        received_at, now = london(received), london(BEGIN)
        new = NewFeedback(
            reference=REFERENCE,
            promise=feedback_contract.promise(
                "nacro", "compliment", received_at, now, can_be_written_to=True
            ),
            received_at=received_at,
            entered_at=now,
            channel="web",
            entered_by="web",
            addressee=Addressee(name="Ada Bell", email="ada@example.org"),
            service_area="Repairs",
            region="Midlands",
        )
        self.workflow_id = feedback_contract.workflow_id(REFERENCE)
        await feedback_contract.start(self._client, new, patience=PATIENCE)
        await workflow_settled(self._client, self.workflow_id)

    async def news(self, key: str, outcome: Outcome) -> None:
        """Tells of a notice what became of it later."""
        news = Settled(key=key, outcome=outcome, at=await server_time(self._env))
        await self._client.get_workflow_handle(self.workflow_id).signal(NEWS_OF_NOTICE, news)
        await workflow_settled(self._client, self.workflow_id)

    async def receive(self, policy: str, *, texts: bool = False) -> None:
        """Starts the complaint now, of a resident who may have asked to be reminded by text."""
        now = london(BEGIN)
        new = NewComplaint(
            reference=REFERENCE,
            promise=contract.promise(policy, now, now),
            received_at=now,
            entered_at=now,
            channel="web",
            entered_by="web",
            addressee=Addressee(
                name="Ada Bell", email="ada@example.org", phone="01632 960123", texts=texts
            ),
            anonymous=False,
            service_area="Repairs",
            region="Midlands",
        )
        await contract.start(self._client, new, patience=PATIENCE)
        await settled(self._client, REFERENCE)

    async def act(self, action: AnyAction) -> Position:
        """Acts, and waits until all that follows from it has been told."""
        keyed = action.model_copy(update={"key": f"key-{next(self._keys)}"})
        position = await contract.act(self._client, REFERENCE, keyed, patience=PATIENCE)
        await settled(self._client, REFERENCE)
        return position

    async def cancel(self) -> None:
        """Asks the workflow to cancel, as the Temporal UI can."""
        await self._client.get_workflow_handle(contract.workflow_id(REFERENCE)).cancel()
        await settled(self._client, REFERENCE)

    async def assign(self, investigator: str, together_with: str | None = None) -> None:
        """Puts somebody in charge."""
        await self.act(
            Assign(key="", by="staff", investigator=investigator, together_with=together_with)
        )

    async def acknowledge(self) -> None:
        """Acknowledges with two points."""
        await self.act(
            Acknowledge(
                key="",
                by="staff",
                definition="Damp in the bedroom was not treated.",
                points=("The mould came back.", "Nobody rang."),
                outcomes_sought="A lasting repair.",
            )
        )

    async def contact(self) -> None:
        """Logs a telephone call made now."""
        now = await server_time(self._env)
        await self.act(LogContact(key="", by="staff", outcome="made", how="phone", happened_at=now))

    async def respond(self, *points: str) -> None:
        """Answers these points, or else both of the acknowledgement."""
        answers = tuple(
            Answer(point=point, text="…", decision="upheld", reasons="Our records agree.")
            for point in points or ("1", "2")
        )
        await self.act(
            Respond(key="", by="staff", definition="Damp was not treated.", answers=answers)
        )


async def in_time(life: Life) -> None:
    """The shortest good life: received, assigned, acknowledged, contacted, answered, closed."""
    await life.receive("housing-ombudsman")
    await life.at("Mon 2028-03-06 11:00")
    await life.assign("sam-okafor")
    await life.at("Tue 2028-03-07 10:00")
    await life.acknowledge()
    await life.at("Wed 2028-03-08 10:00")
    await life.contact()
    await life.at("Thu 2028-03-09 10:00")
    await life.respond()
    await life.at("Mon 2029-03-12 12:00")


async def never_answered(life: Life) -> None:
    """Nobody does anything: every clock is missed and climbs to the top of its ladder."""
    await life.receive("nacro")
    for moment in ("Tue 2028-03-14 12:00", "Mon 2028-03-20 12:00", "Fri 2028-03-31 12:00"):
        await life.at(moment)
    await life.act(Withdraw(key="", by="staff"))


async def to_stage_2(life: Life) -> None:
    """Extended at stage 1, then stage 2 by another person, to the final response."""
    await life.receive("nacro")
    await life.act(Triage(key="", by="staff", decision="accept", priority="high"))
    await life.assign("sam-okafor")
    await life.acknowledge()
    await life.act(Extend(key="", by="staff", reason="A survey.", until=date(2028, 3, 31)))
    await life.at("Thu 2028-03-30 10:00")
    await life.respond()
    await life.at("Mon 2028-04-03 10:00")
    await life.act(Escalate(key="", by="staff"))
    await life.assign("priya-nair")
    await life.acknowledge()
    await life.contact()
    await life.at("Thu 2028-04-27 10:00")
    await life.respond()


async def refused(life: Life) -> None:
    """Triage refuses it."""
    await life.receive("housing-ombudsman")
    await life.act(
        Triage(
            key="",
            by="staff",
            decision="refuse",
            reason="over-12-months",
            explanation="It happened in 2025.",
            issue_on=date(2025, 11, 3),
            no_exception=True,
        )
    )


async def to_the_panel(life: Life) -> None:
    """Not resolved first time, an agreed date, stage 2 with evidence, referred, heard, answered."""
    await life.receive("review-panel")
    await life.at("Fri 2028-03-10 10:00")
    await life.assign("sam-okafor")
    await life.act(
        AgreeDate(key="", by="staff", until=date(2028, 3, 31), agreed_on=date(2028, 3, 10))
    )
    await life.acknowledge()
    await life.act(AddPoints(key="", by="staff", points=("The landing is damp too.",)))
    await life.contact()
    await life.respond("1", "2", "3")
    await life.at("Mon 2028-03-13 10:00")
    await life.act(Escalate(key="", by="staff", offers=("further-evidence",)))
    await life.assign("omar-haddad")
    await life.contact()
    await life.act(Refer(key="", by="staff"))
    await life.assign("nina-costa", "edith-owusu")
    await life.act(SetHearing(key="", by="staff", on=date(2028, 4, 5)))
    await life.at("Wed 2028-04-05 15:00")
    await life.respond("1")


async def declined(life: Life) -> None:
    """Stage 2 is declined, the resident answers that, it is granted and answered by two."""
    await life.receive("nottingham")
    await life.assign("sam-okafor")
    await life.acknowledge()
    await life.contact()
    await life.respond()
    await life.act(Escalate(key="", by="staff", offers=("reasons",)))
    await life.act(
        Decline(key="", by="leo-marsh", reason="insufficient-grounds", explanation="Nothing new.")
    )
    await life.at("Wed 2028-03-08 10:00")
    await life.act(Escalate(key="", by="staff", offers=("outcome",)))
    await life.assign("nina-costa", "leo-marsh")
    await life.acknowledge()
    await life.at("Wed 2028-03-29 10:00")
    await life.respond()


async def requested_late(life: Life) -> None:
    """The time to ask passes, the complaint closes, and a late request sets it going again."""
    await life.receive("manchester")
    await life.act(Triage(key="", by="staff", decision="accept", priority="high", at_once=2))
    await life.assign("sam-okafor")
    await life.acknowledge()
    await life.contact()
    await life.respond()
    await life.at("Wed 2028-04-05 10:00")
    await life.act(Escalate(key="", by="staff", considered_late=True))
    await life.act(Withdraw(key="", by="staff"))


async def sent_on(life: Life) -> None:
    """Straight to the Ombudsman after stage 1, by a senior leader's authority."""
    await life.receive("manchester")
    await life.assign("sam-okafor")
    await life.acknowledge()
    await life.contact()
    await life.respond()
    await life.act(
        SendOn(key="", by="staff", authorised_by="paul-whelan", explanation="We cannot agree.")
    )


async def mail_away(life: Life) -> None:
    """Mail is away at the first try of every notice; each is delivered in its own time."""
    life.neighbours.queue_first_try = True
    await life.receive("housing-ombudsman")
    await life.assign("sam-okafor")
    await life.acknowledge()
    await life.act(Withdraw(key="", by="staff"))


async def meddled_with(life: Life) -> None:
    """A request to cancel it is refused, and so is an investigator whom nobody knows."""
    await life.receive("housing-ombudsman")
    await life.cancel()
    with suppress(MendRequest):
        await life.assign("no-such-person")
    await life.at("Tue 2028-03-14 12:00")
    await life.acknowledge()
    await life.act(Withdraw(key="", by="staff"))


async def in_charge(life: Life) -> None:
    """Confirmed, help asked for, mail from the resident, a bounce, words kept back, a reminder."""
    await life.receive("review-panel", texts=True)
    life.neighbours.posting_is_away = True
    await life.assign("sam-okafor")
    life.neighbours.posting_is_away = False
    await life.act(Confirm(key="", by="sam-okafor"))
    await life.act(AskHelp(key="", by="sam-okafor", help="records", note="I cannot open it."))
    await life.act(TellOfMail(key="", by="mailbox"))
    await life.news(f"{REFERENCE}/3/receipt/resident", "bounced")
    await life.contact()
    await life.respond("1")
    await life.at("Fri 2028-03-24 12:00")
    await life.act(Withdraw(key="", by="staff"))


async def feedback(life: Life) -> None:
    """A compliment is thanked for in time, and passed on."""
    await life.receive_feedback(BEGIN)


async def feedback_late(life: Life) -> None:
    """A compliment is entered after its time: late at once, and the officer told next morning."""
    await life.receive_feedback("Mon 2028-02-14 10:00")
    await life.at("Tue 2028-03-07 12:00")


LIVES: dict[str, Callable[[Life], Awaitable[None]]] = {
    "in-time": in_time,
    "never-answered": never_answered,
    "to-stage-2": to_stage_2,
    "refused": refused,
    "to-the-panel": to_the_panel,
    "declined": declined,
    "requested-late": requested_late,
    "sent-on": sent_on,
    "mail-away": mail_away,
    "meddled-with": meddled_with,
    "in-charge": in_charge,
    "feedback": feedback,
    "feedback-late": feedback_late,
}


async def live(name: str, process: type = ComplaintProcess) -> WorkflowHistory:
    """Lives one life from its beginning and returns the history of its workflow."""
    async with skipping_time(CONVERTER) as env:
        neighbours = Neighbours(partial(server_time, env))
        notify, reporting = neighbours.workers(env.client)
        worker = Worker(
            env.client,
            task_queue=contract.TASK_QUEUE,
            workflows=[process, FeedbackProcess],
            activities=[work_out_due_dates],
        )
        async with worker, notify, reporting:
            await sleep_until(env, london(BEGIN))
            life = Life(env, neighbours)
            await LIVES[name](life)
            handle = env.client.get_workflow_handle(life.workflow_id)
            return await handle.fetch_history()
