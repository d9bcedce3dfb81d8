"""What a policy's stages say against the Code: how many there are, how one goes on, who answers."""

from collections.abc import Iterator, Sequence

from services.workflow.policy import Policy
from services.workflow.self_assessment.code_stages import code_stages, of_stage_2
from services.workflow.self_assessment.judgement import (
    NOT_STATED,
    Check,
    Judgement,
    met_if,
    ombudsman_in,
)
from services.workflow.self_assessment.policy_judgements import THE_CODES_GROUNDS
from services.workflow.stages import Admission, Stage
from services.workflow.toml_source import Place
from services.workflow.wording import NEEDS, one_of, said


def informal_stages(policy: Policy) -> Iterator[Judgement]:
    """Judges whether anything comes before stage 1 (5.2)."""
    if policy.scope is not None and policy.scope.informal_first:
        value = "an informal attempt comes before a formal complaint"
        yield Judgement("not-met", value, ("scope", "informal_first")).by(policy.scope)
        return
    informal, first, _ = code_stages(policy)
    shown = informal[0] if informal else first
    value = f"{_titles(informal or (first,))} comes first"
    yield Judgement(met_if(not informal), value, ("stages", shown.name, "title"))


def number_of_stages(policy: Policy) -> Iterator[Judgement]:
    """Judges how many stages there are (5.3)."""
    stages = policy.stages
    value = f"{len(stages)} stage{'' if len(stages) == 1 else 's'}: {_titles(stages)}"
    yield Judgement(met_if(len(stages) <= 2), value, ("stages", stages[-1].name, "title"))


def declined_requests(policy: Policy) -> Iterator[Judgement]:
    """Judges for what a request for the next stage is declined.

    The valid reasons are those for which a complaint may be refused at all (5.11 with 2.2).
    """
    valid = {each.code for each in policy.exclusions if each.ground in THE_CODES_GROUNDS}
    asked = [stage for stage in policy.stages if stage.admission == "on-request"]
    if not asked:
        yield NOT_STATED
    for stage in asked:
        if stage.request is None:
            yield NOT_STATED
            continue
        if not stage.request.declines:
            place: Place = ("stages", stage.name, "request")
            yield Judgement("met", "never declined", place).by(stage.request)
        for reason in stage.request.declines:
            place = ("stages", stage.name, "request", "declines", reason.code, "wording")
            value = reason.wording.removesuffix(".")
            yield Judgement(met_if(reason.code in valid), value, place).by(stage.request, reason)


def going_on(policy: Policy) -> Iterator[Judgement]:
    """Judges whether what is unresolved reaches stage 2, and what may stand in its way (6.10)."""
    _, first, later = code_stages(policy)
    if not later:
        yield Judgement("not-met", f"{first.title} is the last", ("stages", first.name, "title"))
        return
    ways: dict[Admission, str] = {
        "on-request": "on request",
        "on-referral": "only when it is passed on",
    }
    way = later[0].admission
    yield Judgement(met_if(way == "on-request"), ways[way], ("stages", later[0].name, "admission"))
    if first.escalate is not None and first.escalate.stated:
        late = ", and later ones are considered" if first.escalate.late_within else ""
        yield Judgement(
            "judge",
            f"{said(first.escalate)}{late}",
            ("stages", first.name, "escalate", "within"),
            "The Code sets no time within which stage 2 has to be asked for",
        )
    if first.send_on is not None:
        yield Judgement(
            "judge",
            f"past stage 2 to the Ombudsman, by authority of {one_of(first.send_on.roles)}",
            ("stages", first.name, "send_on", "roles"),
            "Stage 2 is not left out",
        ).by(first.send_on)


def needs_of_requests(_policy: Policy, stage: Stage) -> Iterator[Judgement]:
    """Judges what asking for stage 2 takes, and whether the landlord tries to understand (6.12)."""
    asks = "Nobody has to give reasons for wanting stage 2"
    place = ("stages", stage.name, "request", "needs")
    if stage.request is None:
        yield NOT_STATED._replace(words=asks)
    elif not stage.request.needs:
        yield Judgement("met", "nothing is asked for", place, asks).by(stage.request)
    else:
        for need in stage.request.needs:
            yield Judgement("not-met", f"asks for {NEEDS[need]}", place, asks).by(stage.request)
    tries = "The landlord tries to understand why the resident is still unhappy"
    if stage.contact is None or not stage.contact.before_response:
        yield Judgement("judge", words=tries)
    else:
        value = "the resident is spoken to before the answer"
        yield Judgement("met", value, ("stages", stage.name, "contact"), tries).by(stage.contact)


def somebody_else(_policy: Policy, stage: Stage) -> Iterator[Judgement]:
    """Judges who answers stage 2 (6.13)."""
    who = stage.answered_by
    if who is None or not (who.roles or who.not_previously_involved):
        yield NOT_STATED
        return
    people = f"{one_of(who.roles)}, " if who.roles else "somebody "
    rule = ("stages", stage.name, "answered_by")
    if who.not_previously_involved:
        value, place = f"{people}not previously involved", (*rule, "not_previously_involved")
        yield Judgement("met", value, place).by(who)
    else:
        yield Judgement("judge", one_of(who.roles), (*rule, "roles")).by(who)


def final_letter(policy: Policy, stage: Stage) -> Iterator[Judgement]:
    """Judges whether the letter that ends stage 2 names the Ombudsman (6.19)."""
    yield Judgement("judge", words="The stage 2 letter says what was decided and why")
    words = "The stage 2 letter says how to reach the Ombudsman"
    signpost = ombudsman_in(policy, stage=stage.name, notice="response")
    if signpost is None:
        yield Judgement("not-met", "the letter names no Ombudsman", ("signposts",), words)
    else:
        place = ("signposts", signpost.name, "name")
        yield Judgement("met", f"the letter names the {signpost.name}", place, words)


def final_stage(policy: Policy) -> Iterator[Judgement]:
    """Judges whether stage 2 is the end of the landlord's procedure (6.20)."""
    _, _, later = code_stages(policy)
    if not later:
        yield NOT_STATED
    elif len(later) == 1:
        place = ("stages", later[0].name, "title")
        yield Judgement("met", f"{later[0].title} is the last", place)
    else:
        place = ("stages", later[1].name, "title")
        yield Judgement("not-met", f"{_titles(later[1:])} comes after it", place)


def _titles(stages: Sequence[Stage]) -> str:
    return ", ".join(stage.title for stage in stages)


CHECKS: dict[str, Check] = {
    "5.2": informal_stages,
    "5.3": number_of_stages,
    "5.11": declined_requests,
    "6.10": going_on,
    "6.12": of_stage_2(needs_of_requests),
    "6.13": of_stage_2(somebody_else),
    "6.19": of_stage_2(final_letter),
    "6.20": final_stage,
}
"""Which provision each function judges."""
