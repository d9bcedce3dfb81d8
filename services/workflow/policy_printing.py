"""One policy for people: what it takes in, its stages with their clocks, and the rest."""

from collections.abc import Iterator
from typing import get_args

from services.shared.events import ClockName
from services.workflow.policy import Exclusion, Feedback, Policy
from services.workflow.printing import Row, listed, print_rows
from services.workflow.stages import Extension, Stage
from services.workflow.wording import NEEDS, one_of, said, said_day


def policy(rules: Policy) -> None:
    """Prints one policy."""
    print_rows(_rows(rules))


def _rows(rules: Policy) -> Iterator[Row]:
    yield from _opening_rows(rules)
    for stage in rules.stages:
        yield Row("", "")
        yield from _stage_rows(rules, stage)
    yield Row("", "")
    yield from listed(
        "if missed", (f"{_working_days(rung.after)} later: {rung.tell}" for rung in rules.ladder)
    )
    yield from listed("may be refused", map(_exclusion, rules.exclusions))
    if rules.priority:
        yield from listed("priority", (ground.wording for ground in rules.priority.grounds))
    if rules.at_once:
        yield Row(
            "sent up at once", f"to {rules.at_once.tell} if {rules.at_once.at_least} or more hold"
        )
        yield from listed("", (ground.wording for ground in rules.at_once.grounds))
    yield from listed("signposts", (signpost.name for signpost in rules.signposts))
    yield from listed("remedies", (remedy.wording for remedy in rules.remedies))
    if rules.unacceptable_behaviour:
        measures = rules.unacceptable_behaviour.measures
        yield from listed("restrictions", (measure.wording for measure in measures))


def _opening_rows(rules: Policy) -> Iterator[Row]:
    yield Row("policy", f"{rules.name}, in force from {said_day(rules.effective)}", "heading")
    yield Row("title", rules.title)
    yield Row("landlord", rules.landlord)
    yield Row("nation", rules.nation)
    yield from listed("closed on", map(said_day, sorted(rules.closure_days)))
    if rules.close_of_business:
        yield Row("day ends", f"{rules.close_of_business:%H:%M}")
    if rules.channels:
        yield Row("complaints by", one_of(rules.channels.named))
    yield from listed("no complaint", map(_feedback, rules.feedback))


def _feedback(feedback: Feedback) -> str:
    gets = [f"thanked within {said(feedback.thanks)}"] if feedback.thanks else []
    gets += ["passed on"] if feedback.passed_on else []
    gets += ["a procedure of its own"] if feedback.procedure else []
    kind = feedback.kind.replace("-", " ")
    return f"{kind}: {', '.join(gets)} ({feedback.clause})"


def _exclusion(found: Exclusion) -> str:
    unless = one_of([reason.code for reason in found.exceptions]) if found.exceptions else ""
    return f"{found.code}{f', unless {unless}' if unless else ''} ({found.clause})"


def _stage_rows(rules: Policy, stage: Stage) -> Iterator[Row]:
    yield Row("stage", f"{stage.name}: {stage.title}", "heading")
    yield Row("  entered", stage.admission.replace("-", " "))
    reminders = rules.reminders.model_dump()
    for name in get_args(ClockName):
        clock = stage.clock(name)
        if clock is None:
            continue
        yield Row(f"  {name}", f"{said(clock)} ({clock.clause})")
        yield from listed(
            "", (f"reminder {_working_days(count)} before" for count in reminders.get(name, ()))
        )
    yield from _request_rows(stage)
    yield from _answer_rows(stage)


def _request_rows(stage: Stage) -> Iterator[Row]:
    """Returns what going to the stage takes."""
    if stage.request and stage.request.needs:
        yield Row("  asked for with", ", ".join(NEEDS[need] for need in stage.request.needs))
    if stage.request:
        yield from listed("  declined for", (reason.code for reason in stage.request.declines))


def _answer_rows(stage: Stage) -> Iterator[Row]:
    """Returns who answers the stage, after what, and how far that may be put off."""
    who = stage.answered_by
    if who and who.roles:
        yield Row("  investigator", one_of(who.roles))
    if who and who.not_previously_involved:
        yield Row("  investigator", "somebody not previously involved")
    if who and who.together_with:
        yield Row("  together with", one_of(who.together_with))
    if stage.contact and stage.contact.before_response:
        yield Row("  contact", "made or attempted before the response")
    if stage.agreed_date:
        yield Row("  agreed date", f"counts in the clock's place ({stage.agreed_date.clause})")
    if stage.extension:
        yield Row("  extension", f"{_cap(stage.extension)} ({stage.extension.clause})")
    if stage.send_on:
        yield Row("  sent on by", one_of(stage.send_on.roles))


def _cap(extension: Extension) -> str:
    uncapped = extension.at_most == "uncapped"
    return "without a cap" if uncapped else f"at most {extension.at_most}"


def _working_days(count: int) -> str:
    return f"{count} working day{'' if count == 1 else 's'}"
