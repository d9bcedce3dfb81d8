"""The life of one complaint as a durable workflow.

One timer is armed at a time, for the next thing due. People act by updates, which the rules check
before anything is written to the history; what happens then is pure code in `actions.py` and
`moments.py`. A complaint ends when its procedure has ended and everything has been told.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

# ruff: noqa: PLR0402 — `from package import module` would run the module anew in every sandbox,
# which costs each workflow ten times what it costs by itself (tests/project/test_sandbox.py).

with workflow.unsafe.imports_passed_through():
    import services.workflow.actions as actions
    import services.workflow.aftercare as aftercare
    import services.workflow.glance as glance
    import services.workflow.handover as handover
    import services.workflow.moments as moments
    import services.workflow.proof as proof
    import services.workflow.recount as recount
    import services.workflow.rules as rules
    from services.notify.contract import (
        NEWS_OF_NOTICE,
        Notice,
        PersonFound,
        Settled,
        find_person,
    )
    from services.shared.errors import PutrightError, TryLater
    from services.shared.temporal import from_across, raise_across
    from services.workflow.activities import recount_due_dates, work_out_due_dates
    from services.workflow.clocks import DueQuestion
    from services.workflow.complaint import Moment
    from services.workflow.contract import POSITION, WORKFLOW
    from services.workflow.handover import Handover
    from services.workflow.messages import (
        Acknowledge,
        AddPoints,
        AgreeDate,
        AnswerSurvey,
        AnyAction,
        AskHelp,
        Assign,
        Classify,
        Confirm,
        Decline,
        Escalate,
        Extend,
        InvolveOmbudsman,
        KeepPromise,
        LearnLesson,
        LogContact,
        LogResponse,
        NewComplaint,
        Position,
        RecordDetermination,
        Refer,
        Respond,
        SendOn,
        SetHearing,
        TellOfMail,
        Triage,
        Withdraw,
    )
    from services.workflow.outbox import Outbox, Unsent
    from services.workflow.recount_messages import (
        CALENDAR_CHANGED,
        COUNTING,
        CalendarChanged,
        Counting,
    )
    from services.workflow.turn import Turn


NOT_WORKED_OUT = TryLater(
    "not-worked-out", "The due dates were not worked out, so nothing was done. Try again."
)
"""What an action answers when its due dates could not be worked out."""

NOT_WORKED_OUT_PAUSE = timedelta(hours=1)
"""How long a clock waits before its next due dates are worked out again."""

SOON_OR_NOT_AT_ALL = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), backoff_coefficient=2, maximum_attempts=3
)
"""How due dates are asked for. The turn is held meanwhile, and clocks wait for turns; and the SDK
goes on trying a local activity beyond its schedule-to-close timeout, so the attempts are counted.
"""

AFTERCARE = "aftercare"
"""The patch of complaints that listen on after their end; those that ended before it do not."""

Question = TypeVar("Question")
Answer = TypeVar("Answer")


@workflow.defn(name=WORKFLOW)
class ComplaintProcess:
    """One complaint, from receipt to closing."""

    @workflow.init
    def __init__(self, new: NewComplaint) -> None:
        self._turns = asyncio.Lock()
        if new.carried is None:
            self._complaint, first = actions.receive(new)
            self._outbox = Outbox(Unsent(), self._settle)
            self._outbox.put(first)
        else:
            handed_on = handover.read(new.carried)
            self._complaint = handed_on.complaint
            self._outbox = Outbox(handed_on.unsent, self._settle)
        self._listed = self._complaint.listing()
        workflow.set_current_details(glance.at_a_glance(self._complaint))

    @workflow.run
    async def run(self, new: NewComplaint) -> Position:
        """Keeps the clocks until the complaint is over; returns where it then stands."""
        self._outbox.start()
        try:
            await self._live()
        except asyncio.CancelledError:
            # An eviction cancels too, and has to get through.
            if workflow.cancellation_reason() is None:
                raise
            # A complaint ends by its procedure, never by a click: withdrawing it is an action.
            workflow.logger.warning("a request to cancel was refused: the clocks go on")
            await self._live()
        if not (self._complaint.finished and self._outbox.empty):
            carried = handover.write(Handover(self._complaint, self._outbox.unsent))
            workflow.continue_as_new(new.model_copy(update={"carried": carried}))
        return self._complaint.position()

    @workflow.query(name=POSITION)
    def position(self) -> Position:
        """Where the complaint stands."""
        return self._complaint.position()

    @workflow.query(name=COUNTING)
    def counting(self, change: CalendarChanged) -> Counting:
        """By which calendar it is counted, and what a recount did."""
        return recount.counting(self._complaint, change.version)

    @workflow.signal(name=CALENDAR_CHANGED)
    async def calendar_changed(self, change: CalendarChanged) -> None:
        """Count anew by a newer calendar. When that cannot be done now, everything stays."""
        async with self._turns:
            try:
                await self._catch_up()
                await self._recount(change)
            except ApplicationError as error:
                # In a signal it would fail the whole complaint. Whoever sent it asks again.
                workflow.logger.warning("not counted anew: %s", error.type)

    @workflow.signal(name=NEWS_OF_NOTICE)
    def news_of_notice(self, news: Settled) -> None:
        """Something became known later of a notice that was sent."""
        turn = proof.hear(self._complaint, news, workflow.now())
        if turn is not None:
            self._publish(turn)

    @workflow.update
    async def triage(self, action: Triage) -> Position:
        """Take the complaint in, or refuse it."""
        return await self._act(action)

    @workflow.update
    async def classify(self, action: Classify) -> Position:
        """Say what it is about, where, and how the home is held."""
        return await self._act(action)

    @workflow.update
    async def assign(self, action: Assign) -> Position:
        """Put a named investigator in charge."""
        return await self._act(action)

    @workflow.update
    async def acknowledge(self, action: Acknowledge) -> Position:
        """Acknowledge the stage, with definition, points and outcomes sought."""
        return await self._act(action)

    @workflow.update
    async def add_points(self, action: AddPoints) -> Position:
        """Join a further complaint to this one."""
        return await self._act(action)

    @workflow.update
    async def log_contact(self, action: LogContact) -> Position:
        """Log a contact, made, attempted or left out."""
        return await self._act(action)

    @workflow.update
    async def extend(self, action: Extend) -> Position:
        """Take more time to respond."""
        return await self._act(action)

    @workflow.update
    async def agree_date(self, action: AgreeDate) -> Position:
        """Go by a date agreed with the resident."""
        return await self._act(action)

    @workflow.update
    async def set_hearing(self, action: SetHearing) -> Position:
        """Give the hearing a date."""
        return await self._act(action)

    @workflow.update
    async def respond(self, action: Respond) -> Position:
        """Answer every point."""
        return await self._act(action)

    @workflow.update
    async def escalate(self, action: Escalate) -> Position:
        """Go to the next stage, as the resident asked."""
        return await self._act(action)

    @workflow.update
    async def decline(self, action: Decline) -> Position:
        """Decline the request for this stage."""
        return await self._act(action)

    @workflow.update
    async def refer(self, action: Refer) -> Position:
        """Pass the complaint on to the next stage."""
        return await self._act(action)

    @workflow.update
    async def send_on(self, action: SendOn) -> Position:
        """End the procedure: straight to the Ombudsman."""
        return await self._act(action)

    @workflow.update
    async def withdraw(self, action: Withdraw) -> Position:
        """Take the complaint back."""
        return await self._act(action)

    @workflow.update
    async def confirm(self, action: Confirm) -> Position:
        """Confirm that it is theirs."""
        return await self._act(action)

    @workflow.update
    async def ask_help(self, action: AskHelp) -> Position:
        """Ask for help with it."""
        return await self._act(action)

    @workflow.update
    async def tell_of_mail(self, action: TellOfMail) -> Position:
        """The resident has written."""
        return await self._act(action)

    @workflow.update
    async def log_response(self, action: LogResponse) -> Position:
        """Log a response that went out by other means."""
        return await self._act(action)

    @workflow.update
    async def keep_promise(self, action: KeepPromise) -> Position:
        """Record that a promised action was done."""
        return await self._act(action)

    @workflow.update
    async def involve_ombudsman(self, action: InvolveOmbudsman) -> Position:
        """Record that the Ombudsman has it."""
        return await self._act(action)

    @workflow.update
    async def record_determination(self, action: RecordDetermination) -> Position:
        """Record what the Ombudsman found."""
        return await self._act(action)

    @workflow.update
    async def answer_survey(self, action: AnswerSurvey) -> Position:
        """Record the resident's answer to the survey."""
        return await self._act(action)

    @workflow.update
    async def learn_lesson(self, action: LearnLesson) -> Position:
        """Record what was learnt."""
        return await self._act(action)

    @triage.validator
    def _check_triage(self, action: Triage) -> None:
        self._check(action)

    @classify.validator
    def _check_classify(self, action: Classify) -> None:
        self._check(action)

    @assign.validator
    def _check_assign(self, action: Assign) -> None:
        self._check(action)

    @acknowledge.validator
    def _check_acknowledge(self, action: Acknowledge) -> None:
        self._check(action)

    @add_points.validator
    def _check_add_points(self, action: AddPoints) -> None:
        self._check(action)

    @log_contact.validator
    def _check_log_contact(self, action: LogContact) -> None:
        self._check(action)

    @extend.validator
    def _check_extend(self, action: Extend) -> None:
        self._check(action)

    @agree_date.validator
    def _check_agree_date(self, action: AgreeDate) -> None:
        self._check(action)

    @set_hearing.validator
    def _check_set_hearing(self, action: SetHearing) -> None:
        self._check(action)

    @respond.validator
    def _check_respond(self, action: Respond) -> None:
        self._check(action)

    @escalate.validator
    def _check_escalate(self, action: Escalate) -> None:
        self._check(action)

    @decline.validator
    def _check_decline(self, action: Decline) -> None:
        self._check(action)

    @refer.validator
    def _check_refer(self, action: Refer) -> None:
        self._check(action)

    @send_on.validator
    def _check_send_on(self, action: SendOn) -> None:
        self._check(action)

    @withdraw.validator
    def _check_withdraw(self, action: Withdraw) -> None:
        self._check(action)

    @confirm.validator
    def _check_confirm(self, action: Confirm) -> None:
        self._check(action)

    @ask_help.validator
    def _check_ask_help(self, action: AskHelp) -> None:
        self._check(action)

    @tell_of_mail.validator
    def _check_tell_of_mail(self, action: TellOfMail) -> None:
        self._check(action)

    @log_response.validator
    def _check_log_response(self, action: LogResponse) -> None:
        self._check(action)

    @keep_promise.validator
    def _check_keep_promise(self, action: KeepPromise) -> None:
        self._check(action)

    @involve_ombudsman.validator
    def _check_involve_ombudsman(self, action: InvolveOmbudsman) -> None:
        self._check(action)

    @record_determination.validator
    def _check_record_determination(self, action: RecordDetermination) -> None:
        self._check(action)

    @answer_survey.validator
    def _check_answer_survey(self, action: AnswerSurvey) -> None:
        self._check(action)

    @learn_lesson.validator
    def _check_learn_lesson(self, action: LearnLesson) -> None:
        self._check(action)

    async def _live(self) -> None:
        """Goes on until everything is over and told, or it is time to hand over to a new run."""
        while True:
            await self._keep_time()
            await workflow.wait_condition(lambda: self._all_told() or self._may_hand_over())
            await self._outbox.stop()
            if workflow.all_handlers_finished():
                return
            # An action came in meanwhile, and may have to wait for the directory: clocks must not.
            self._outbox.start()

    async def _keep_time(self) -> None:
        """Arms one timer for the next thing due and lets it pass, until over or handed over."""
        while not (self._complaint.finished or self._may_hand_over()):
            if self._turns.locked():
                # While due dates are worked out, the next thing due is not known. A timer armed and
                # taken back within one workflow task is lost on replay if a query cut that short.
                await workflow.wait_condition(lambda: not self._turns.locked())
                continue
            moment = self._complaint.next_moment()
            if moment is None:
                await workflow.wait_condition(self._something_changed_from(None))
                continue
            left = self._left_until(moment)
            if left > timedelta(0):
                try:
                    await workflow.wait_condition(
                        self._something_changed_from(moment),
                        timeout=left,
                        timeout_summary=glance.next_thing(moment),
                    )
                    continue
                except TimeoutError:
                    pass
            try:
                async with self._turns:
                    await self._catch_up(moment)
            except ApplicationError:
                # Without a calendar for those days nothing can be counted; once there is one it
                # goes on from here. People can act meanwhile, so the turn is not kept.
                await workflow.sleep(NOT_WORKED_OUT_PAUSE, summary="waits for a newer calendar")

    async def _catch_up(self, until: Moment | None = None) -> None:
        """Lets everything pass that is due by now, and `until` in any case.

        Raises ApplicationError when a due date that follows cannot be worked out.
        """
        now = workflow.now()
        if until is not None:
            # Its timer has fired. Were the clock behind that, a reminder would be due for ever.
            now = max(now, until.at)
        while (moment := self._complaint.next_moment()) and moment.at <= now:
            dues = await self._work_out(moments.question(self._complaint, moment, now))
            self._publish(moments.pass_moment(self._complaint, moment, now, dues))

    @staticmethod
    def _left_until(moment: Moment) -> timedelta:
        return moment.at - workflow.now()

    def _something_changed_from(self, moment: Moment | None) -> Callable[[], bool]:
        return lambda: (
            self._outbox.is_telling()
            and (
                self._complaint.finished
                or self._may_hand_over()
                or self._complaint.next_moment() != moment
            )
        )

    def _all_told(self) -> bool:
        return self._outbox.is_telling() and self._outbox.empty and workflow.all_handlers_finished()

    @staticmethod
    def _may_hand_over() -> bool:
        """Whether the history has grown long, and no action is under way that would be lost."""
        return workflow.info().is_continue_as_new_suggested() and workflow.all_handlers_finished()

    def _check(self, action: AnyAction, found: Mapping[str, PersonFound] | None = None) -> None:
        if action.key in self._complaint.done:
            return
        try:
            rules.check(self._complaint, action, workflow.now())
            if found is not None:
                rules.check_people(self._complaint, action, found)
        except PutrightError as error:
            raise_across(error)

    async def _act(self, action: AnyAction) -> Position:
        # Outside the turn: the directory may take its time, and clocks must not wait for it.
        found = await self._look_up(action)
        async with self._turns:
            # What is due comes first, also when this action and a timer wake the worker together.
            with suppress(ApplicationError):
                # What cannot be counted yet goes on waiting; the action need not wait with it.
                await self._catch_up()
            if action.key not in self._complaint.done:
                # The complaint may have moved on between the validator and this turn.
                self._check(action, found)
                now = workflow.now()
                dues = await self._work_out(actions.question(self._complaint, action, now))
                self._publish(actions.carry_out(self._complaint, action, now, dues))
        return self._complaint.position()

    async def _look_up(self, action: AnyAction) -> dict[str, PersonFound]:
        if action.key in self._complaint.done:
            return {}
        people = rules.people(self._complaint, action)
        return {staff_id: await find_person(staff_id) for staff_id in people}

    async def _work_out(self, question: DueQuestion | None) -> actions.Dues:
        if question is None:
            return {}
        summary = f"when is {question.clock or question.stage} due?"
        answer = await _asked(work_out_due_dates, question, summary)
        return {due.clock: due for due in answer.dues}

    async def _recount(self, change: CalendarChanged) -> None:
        now = workflow.now()
        question = recount.question(self._complaint, change.version, now)
        if question is None:
            return
        summary = f"counted anew by the calendar of {change.version}"
        answer = await _asked(recount_due_dates, question, summary)
        self._publish(recount.carry_out(self._complaint, answer, now))

    def _publish(self, turn: Turn) -> None:
        if turn.ends and not workflow.patched(AFTERCARE):
            aftercare.close_at_once(self._complaint)
        self._outbox.put(turn)
        listing = self._complaint.listing()
        if changes := self._listed.changes(listing):
            workflow.upsert_search_attributes(changes)
            self._listed = listing
        workflow.set_current_details(glance.at_a_glance(self._complaint))

    def _settle(self, notice: Notice, settled: Settled) -> Turn:
        return proof.settle(self._complaint, notice, settled, workflow.now())


async def _asked(
    activity: Callable[[Question], Awaitable[Answer]], question: Question, summary: str
) -> Answer:
    """Asks a local activity. Raises ApplicationError, its refusal's or `not-worked-out`."""
    try:
        return await workflow.execute_local_activity(
            activity,
            question,
            start_to_close_timeout=timedelta(seconds=5),
            retry_policy=SOON_OR_NOT_AT_ALL,
            summary=summary,
        )
    except (ActivityError, ApplicationError) as error:
        # What the activity itself raised comes bare, a time-out comes wrapped.
        cause = error.cause if isinstance(error, ActivityError) else error
        refusal = from_across(cause) if isinstance(cause, ApplicationError) else None
        # Anything but ApplicationError would fail the task for ever instead of the update.
        raise_across(refusal or NOT_WORKED_OUT)
