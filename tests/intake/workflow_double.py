"""A stand-in for the complaint workflow: it runs on the real engine and keeps the contract.

It holds none of the rules. Three investigators make it answer as the real one may: `nobody` is
unknown, `away` finds the directory away the first time, `broken` makes it fail at the update.
Whoever is in charge can confirm, and nobody can put an answer off beyond the last extension.
"""

from datetime import UTC, date, datetime, timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from services.shared.errors import AgainstTheRules, MendRequest, TryLater
from services.shared.temporal import raise_across
from services.workflow import contract, held_mail_contract
from services.workflow.contract import Position

LATE = datetime(2027, 1, 1, tzinfo=UTC)
"""Until when it considers late requests, once it is closed."""


@workflow.defn(name=contract.WORKFLOW, sandboxed=False)
class ComplaintDouble:
    @workflow.init
    def __init__(self, new: contract.NewComplaint) -> None:
        self.new = new
        self.stage = new.promise.stage
        self.status: contract.Status = "received"
        self.points: tuple[str, ...] = ()
        self.together_with: str | None = None
        self.hearing_on: date | None = None
        self.contacts = 0
        self.investigator: str | None = None
        self.confirmed: tuple[str, ...] = ()
        self.respond_by = {due.clock: due.on for due in new.promise.dues}.get("respond")
        self.carried_out: list[contract.Action] = []
        self.asked_while_away = 0
        self.promises: tuple[contract.PromisePosition, ...] = ()
        self.with_ombudsman = False

    @workflow.run
    async def run(self, _new: contract.NewComplaint) -> Position:
        await workflow.wait_condition(lambda: self.status == "withdrawn")
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.position()

    @workflow.query(name=contract.POSITION)
    def position(self) -> Position:
        return Position(
            reference=self.new.reference,
            policy=self.new.promise.policy,
            policy_effective=self.new.promise.policy_effective,
            stage=self.stage,
            stage_title=f"The double's {self.stage}",
            status=self.status,
            priority="standard",
            investigator=self.investigator,
            together_with=self.together_with,
            confirmed=self.confirmed,
            points=self.points,
            contacts=self.contacts,
            hearing_on=self.hearing_on,
            late_requests_until=LATE if self.status == "closed" else None,
            promises=self.promises,
            with_ombudsman=self.with_ombudsman,
            clocks=tuple(
                contract.ClockPosition(
                    stage=self.stage,
                    clock=due.clock,
                    due=self.respond_by or due.on if due.clock == "respond" else due.on,
                    passes_at=due.passes_at,
                    state="running",
                    met_at=None,
                    missed_at=None,
                    reminders_sent=0,
                    rungs_climbed=0,
                    latest_extension=due.latest_extension,
                )
                for due in self.new.promise.dues
            ),
            next_due=None,
            overdue=False,
        )

    @workflow.query
    def told(self) -> contract.NewComplaint:
        return self.new

    @workflow.query
    def log(self) -> list[str]:
        """What was carried out, in order, as Python reads it."""
        return [repr(action) for action in self.carried_out]

    @workflow.update
    async def triage(self, action: contract.Triage) -> Position:
        self.status = "accepted"
        return self._done(action)

    @triage.validator
    def _check_triage(self, action: contract.Triage) -> None:
        if action.decision == "refuse" and action.reason is None:
            raise_across(MendRequest("reason-needed", "Say why.", reasons=["none-of-ours"]))

    @workflow.update
    async def classify(self, action: contract.Classify) -> Position:
        return self._done(action)

    @workflow.update
    async def assign(self, action: contract.Assign) -> Position:
        if action.investigator == "nobody":
            raise_across(MendRequest("unknown-staff", "No such person."))
        if action.investigator == "away":
            self.asked_while_away += 1
            if self.asked_while_away == 1:
                raise_across(TryLater("directory-away", "The directory did not answer."))
        if action.investigator == "broken":
            raise ApplicationError("broken", type="broken", non_retryable=True)
        self.investigator = action.investigator
        self.together_with = action.together_with or self.together_with
        return self._done(action)

    @workflow.update
    async def acknowledge(self, action: contract.Acknowledge) -> Position:
        self.status = "acknowledged"
        self.points = tuple(str(number) for number in range(1, len(action.points) + 1))
        return self._done(action)

    @workflow.update
    async def add_points(self, action: contract.AddPoints) -> Position:
        self.points += tuple(f"{len(self.points) + n}" for n in range(1, len(action.points) + 1))
        return self._done(action)

    @workflow.update
    async def log_contact(self, action: contract.LogContact) -> Position:
        self.contacts += 1
        return self._done(action)

    @workflow.update
    async def extend(self, action: contract.Extend) -> Position:
        self.respond_by = action.until
        return self._done(action)

    @extend.validator
    def _check_extend(self, action: contract.Extend) -> None:
        latest = [due.latest_extension for due in self.new.promise.dues if due.clock == "respond"]
        if latest and latest[0] is not None and action.until > latest[0]:
            raise_across(AgainstTheRules("beyond-the-cap", "The latest date is another."))

    @workflow.update
    async def confirm(self, action: contract.Confirm) -> Position:
        self.confirmed = (*self.confirmed, action.by)
        return self._done(action)

    @confirm.validator
    def _check_confirm(self, action: contract.Confirm) -> None:
        if action.by not in {self.investigator, self.together_with}:
            raise_across(AgainstTheRules("not-in-charge", "Somebody else is."))

    @workflow.update
    async def ask_help(self, action: contract.AskHelp) -> Position:
        return self._done(action)

    @workflow.update
    async def tell_of_mail(self, action: contract.TellOfMail) -> Position:
        return self._done(action)

    @tell_of_mail.validator
    def _check_tell_of_mail(self, action: contract.TellOfMail) -> None:  # noqa: ARG002 — the update's
        if self.status == "closed":
            raise_across(AgainstTheRules("complaint-ended", "The complaint is closed."))

    @workflow.update
    async def agree_date(self, action: contract.AgreeDate) -> Position:
        return self._done(action)

    @workflow.update
    async def set_hearing(self, action: contract.SetHearing) -> Position:
        self.hearing_on = action.on
        return self._done(action)

    @workflow.update
    async def respond(self, action: contract.Respond) -> Position:
        self.status = "answered"
        self.promises += tuple(
            contract.PromisePosition(number=number, stage=self.stage, by=one.by, done_on=None)
            for number, one in enumerate(action.actions, len(self.promises) + 1)
        )
        return self._done(action)

    @workflow.update
    async def log_response(self, action: contract.LogResponse) -> Position:
        return self._done(action)

    @workflow.update
    async def keep_promise(self, action: contract.KeepPromise) -> Position:
        return self._done(action)

    @workflow.update
    async def involve_ombudsman(self, action: contract.InvolveOmbudsman) -> Position:
        self.with_ombudsman = True
        return self._done(action)

    @workflow.update
    async def record_determination(self, action: contract.RecordDetermination) -> Position:
        return self._done(action)

    @workflow.update
    async def answer_survey(self, action: contract.AnswerSurvey) -> Position:
        return self._done(action)

    @workflow.update
    async def learn_lesson(self, action: contract.LearnLesson) -> Position:
        return self._done(action)

    @workflow.update
    async def escalate(self, action: contract.Escalate) -> Position:
        if self.status != "answered":
            raise_across(AgainstTheRules("not-answered", "Not answered yet."))
        self.stage, self.status, self.points = "stage-2", "escalated", ()
        return self._done(action)

    @workflow.update
    async def decline(self, action: contract.Decline) -> Position:
        self.status = "declined"
        return self._done(action)

    @workflow.update
    async def refer(self, action: contract.Refer) -> Position:
        self.stage, self.status, self.points = f"after-{self.stage}", "escalated", ()
        return self._done(action)

    @workflow.update
    async def send_on(self, action: contract.SendOn) -> Position:
        self.status = "closed"
        return self._done(action)

    @workflow.update
    async def withdraw(self, action: contract.Withdraw) -> Position:
        self.status = "withdrawn"
        return self._done(action)

    def _done(self, action: contract.Action) -> Position:
        self.carried_out.append(action)
        return self.position()


@workflow.defn(name=held_mail_contract.WORKFLOW, sandboxed=False)
class HeldMailDouble:
    """Keeps the note that the complaints officer would get."""

    @workflow.run
    async def run(self, note: held_mail_contract.HeldMailNote) -> held_mail_contract.HeldMailNote:
        return note


def worker(client: Client) -> Worker:
    """Returns the worker that plays the workflow service."""
    return Worker(
        client,
        task_queue=contract.TASK_QUEUE,
        workflows=[ComplaintDouble, HeldMailDouble],
        workflow_runner=UnsandboxedWorkflowRunner(),
        graceful_shutdown_timeout=timedelta(seconds=1),
    )
