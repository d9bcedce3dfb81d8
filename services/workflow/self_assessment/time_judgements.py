"""What a policy says of time against the Code: how soon, and how far put off, at which stage.

The Code counts a response from its acknowledgement; a policy that counts from the receipt or the
request gives the landlord less time, and so is within the Code when its span is.
"""

from collections.abc import Iterator
from functools import partial

from services.workflow.policy import Policy
from services.workflow.self_assessment.code_stages import of_stage_1, of_stage_2, of_stage_2_on
from services.workflow.self_assessment.judgement import (
    BY_LENGTH,
    NOT_STATED,
    Check,
    Judgement,
    Verdict,
    ombudsman_in,
)
from services.workflow.self_assessment.span_comparison import compare
from services.workflow.spans import Span
from services.workflow.stages import Hearing, Stage
from services.workflow.toml_source import Place
from services.workflow.wording import said

TO_ACKNOWLEDGE = Span(count=5, unit="working-days")
"""The time to acknowledge either stage (6.2, 6.11)."""

STAGE_1 = Span(count=10, unit="working-days")
"""The time to answer stage 1, and how far it is put off (6.3, 6.4)."""

STAGE_2 = Span(count=20, unit="working-days")
"""The time to answer stage 2, and how far it is put off (6.14, 6.15)."""


def acknowledged(_policy: Policy, stage: Stage) -> Iterator[Judgement]:
    """Judges how soon a stage is acknowledged (6.2, 6.11)."""
    clock = stage.acknowledge
    if clock is None:
        yield NOT_STATED
        return
    verdict = _from_the_start(stage, BY_LENGTH[compare(clock.within, TO_ACKNOWLEDGE)])
    yield Judgement(verdict, said(clock), ("stages", stage.name, "acknowledge", "within")).by(clock)


def answered(time: Span, _policy: Policy, stage: Stage) -> Iterator[Judgement]:
    """Judges how soon a stage is answered (6.3, 6.14)."""
    clock, place = stage.respond, ("stages", stage.name, "respond", "within")
    if stage.hearing is not None:
        yield _after_hearing(stage, stage.hearing, time)
        return
    verdict, value = BY_LENGTH[compare(clock.within, time)], said(clock)
    if clock.anchor == stage.begins:
        verdict = _from_the_start(stage, verdict)
    if stage.agreed_date is not None:
        value += ", or a date agreed with the resident"
        verdict = "judge" if verdict == "met" else verdict
    yield Judgement(verdict, value, place).by(clock)


def _after_hearing(stage: Stage, hearing: Hearing, time: Span) -> Judgement:
    """Judges a response that counts from a hearing: bounded only where the hearing has a time."""
    arrange, respond = hearing.arrange, stage.respond
    place = ("stages", stage.name, "respond", "within")
    value = f"{stage.title}: {said(respond)}"
    if not arrange.stated:
        return Judgement("not-met", f"{value}, for which no time is set", place).by(respond)
    # Its date is set by then, but nothing says how soon after that the hearing has to be.
    late = "beyond" in {compare(respond.within, time), compare(arrange.within, time)}
    value += f", whose date is set within {said(arrange)}"
    return Judgement("not-met" if late else "judge", value, place).by(respond)


def put_off(time: Span, _policy: Policy, stage: Stage) -> Iterator[Judgement]:
    """Judges how far the answer to a stage may be put off (6.4, 6.15)."""
    extension, place = stage.extension, ("stages", stage.name, "extension", "at_most")
    if extension is None:
        yield from _agreed(stage)
    elif extension.at_most == "uncapped":
        yield Judgement("not-met", "no cap", place).by(extension)
    else:
        agreed = ", if the resident agrees" if extension.needs_agreement else ""
        verdict = BY_LENGTH[compare(extension.at_most, time)]
        yield Judgement(verdict, f"at most {extension.at_most}{agreed}", place).by(extension)


def _agreed(stage: Stage) -> Iterator[Judgement]:
    if stage.agreed_date is None:
        yield NOT_STATED
        return
    value = "whatever date is agreed with the resident"
    place = ("stages", stage.name, "agreed_date")
    yield Judgement("judge", value, place).by(stage.agreed_date)


def extension_letter(policy: Policy, stage: Stage) -> Iterator[Judgement]:
    """Judges whether the letter that puts a stage off gives the Ombudsman's details (6.5, 6.16)."""
    if stage.extension is None:
        yield NOT_STATED
        return
    signpost = ombudsman_in(policy, stage=stage.name, notice="extension")
    if signpost is None:
        yield Judgement("not-met", "the letter names no Ombudsman", ("signposts",))
        return
    value = f"the letter names the {signpost.name}"
    if stage.extension.tells_ombudsman:
        place: Place = ("stages", stage.name, "extension", "tells_ombudsman")
        yield Judgement("met", value, place).by(stage.extension)
    else:
        place = ("signposts", signpost.name, "name")
        yield Judgement("not-stated", f"our reading: {value}", place)


def _from_the_start(stage: Stage, verdict: Verdict) -> Verdict:
    """Returns the verdict on a time that counts from the start of a stage.

    The Code's time starts with the receipt or the request; a stage that is entered otherwise may
    start later.
    """
    entered = stage.admission in {"on-receipt", "on-request"}
    return "judge" if verdict == "met" and not entered else verdict


CHECKS: dict[str, Check] = {
    "6.2": of_stage_1(acknowledged),
    "6.3": of_stage_1(partial(answered, STAGE_1)),
    "6.4": of_stage_1(partial(put_off, STAGE_1)),
    "6.5": of_stage_1(extension_letter),
    "6.11": of_stage_2(acknowledged),
    "6.14": of_stage_2_on(partial(answered, STAGE_2)),
    "6.15": of_stage_2_on(partial(put_off, STAGE_2)),
    "6.16": of_stage_2_on(extension_letter),
}
"""Which provision each function judges."""
