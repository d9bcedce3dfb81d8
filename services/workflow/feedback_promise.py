"""What feedback that is no complaint gets under a policy, and by when. Pure: no Temporal, no IO."""

from datetime import datetime, timedelta

from services.shared.errors import MendRequest
from services.shared.events import FeedbackKind, ThanksPromised
from services.shared.local_time import end_of, local_date, morning
from services.shared.working_days import WorkingDays, working_days
from services.workflow.counting import day_1_and_last
from services.workflow.feedback_messages import FeedbackPromise
from services.workflow.policy import Policy
from services.workflow.stages import Clock


def promise(
    rules: Policy,
    kind: FeedbackKind,
    received_at: datetime,
    entered_at: datetime,
    *,
    can_be_written_to: bool,
) -> FeedbackPromise:
    """Returns what feedback received at `received_at` (aware) gets under a policy.

    Raises MendRequest `unknown-feedback-kind` where the policy is silent about the kind, and
    `beyond-the-calendar`.
    """
    rule = rules.feedback_of(kind)
    if rule is None:
        known = [each.kind for each in rules.feedback]
        raise MendRequest(
            "unknown-feedback-kind",
            f"The policy says what becomes of these kinds: {', '.join(known) or 'none'}.",
            kinds=[*known],
        )
    thanks = late_told_at = None
    if rule.thanks is not None and can_be_written_to:
        days = working_days(rules.nation, rules.closure_days)
        thanks = _thanks(rules, rule.thanks, days, received_at)
        # Nobody can be told of a miss before the feedback has been entered.
        late_told_at = morning(days.after(max(thanks.on, local_date(entered_at)), 1))
    return FeedbackPromise(
        policy=rules.name,
        policy_effective=rules.effective,
        policy_title=rules.title,
        landlord=rules.landlord,
        kind=kind,
        thanks=thanks,
        late_told_at=late_told_at,
        passed_on=rule.passed_on,
        procedure=rule.procedure,
        may_become_complaint=rule.may_become_complaint,
    )


def _thanks(
    rules: Policy, clock: Clock, days: WorkingDays, received_at: datetime
) -> ThanksPromised:
    day_1, last = day_1_and_last(clock, days, received_at)
    passes_at = end_of(last, rules.close_of_business)
    skipped: tuple[str, ...] = ()
    if clock.within.unit == "hours":
        passes_at = received_at + timedelta(hours=clock.within.count)
    elif clock.within.unit == "working-days":
        off = days.skipped(local_date(received_at), last)
        skipped = tuple(f"{day} {why}" for day, why in off)
    return ThanksPromised(
        on=last,
        passes_at=passes_at,
        day_1=day_1,
        skipped=skipped,
        calendar=days.version,
        clause=clock.clause,
    )
