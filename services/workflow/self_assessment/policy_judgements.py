"""What a policy says against the Code apart from its stages: what is a complaint, what is refused.

Beside sections 1 to 3 these are the rules on behaviour, records, priority and remedies.
"""

from collections.abc import Iterable, Iterator

from services.workflow.policy import Exclusion, Policy
from services.workflow.self_assessment.judgement import (
    BY_LENGTH,
    NOT_STATED,
    Check,
    Judgement,
    met_if,
    ombudsman_in,
)
from services.workflow.self_assessment.span_comparison import compare
from services.workflow.spans import Span
from services.workflow.toml_source import Place

THE_CODES_GROUNDS = frozenset({"age", "legal-proceedings", "already-considered"})
"""The kinds of reason for which the Code lets a complaint be refused (2.2)."""

TWELVE_MONTHS = Span(count=12, unit="months")


def definition(policy: Policy) -> Iterator[Judgement]:
    """Judges what counts as a complaint (1.2)."""
    if policy.scope is None:
        yield NOT_STATED
        return
    same = policy.scope.definition == "as-the-code"
    value = "defined as in the Code" if same else "defined more narrowly than in the Code"
    yield Judgement(met_if(same), value, ("scope", "definition")).by(policy.scope)


def who_complains(policy: Policy) -> Iterator[Judgement]:
    """Judges whether others may complain for a resident; the other half takes a person (1.3)."""
    yield Judgement("judge", words="Nobody needs to say 'complaint'")
    words = "Others may complain for a resident"
    if policy.scope is None:
        yield NOT_STATED._replace(words=words)
        return
    others = policy.scope.third_parties
    consent = ", with the resident's consent" if policy.scope.needs_consent else ""
    value = f"they may{consent}" if others else "only residents may"
    yield Judgement(met_if(others), value, ("scope", "third_parties"), words).by(policy.scope)


def service_requests(policy: Policy) -> Iterator[Judgement]:
    """Judges whether requests for a service are told apart from complaints (1.4)."""
    request = policy.feedback_of("service-request")
    if request is None:
        yield NOT_STATED
        return
    value = "recorded as a request, and passed on" if request.passed_on else "recorded as a request"
    yield Judgement("met", value, ("feedback", "service-request", "kind")).by(request)


def unhappy_requests(policy: Policy) -> Iterator[Judgement]:
    """Judges whether dissatisfaction with a request becomes a complaint (1.5)."""
    request = policy.feedback_of("service-request")
    if request is None:
        yield NOT_STATED
        return
    becomes = request.may_become_complaint
    value = "it becomes a complaint" if becomes else "it does not become a complaint"
    place = ("feedback", "service-request", "may_become_complaint")
    yield Judgement(met_if(becomes), value, place).by(request)


def valid_reasons(policy: Policy) -> Iterator[Judgement]:
    """Judges whether a complaint is refused for the Code's reasons only (2.1)."""
    stated = _stated_refusals(policy)
    if not stated:
        yield NOT_STATED
        return
    extra = [each for each in stated if each.ground not in THE_CODES_GROUNDS]
    place = ("exclusions", (extra or stated)[0].code)
    if extra:
        value = f"{len(extra)} of {len(stated)} reasons for refusing are not among the Code's"
        yield Judgement("judge", value, place)
    else:
        yield Judgement("met", "refused for the Code's reasons only", place)


def reasons_set_out(policy: Policy) -> Iterator[Judgement]:
    """Judges each reason for refusing except age, which has a provision of its own (2.2)."""
    reasons = [each for each in _refusals(policy) if each.older_than is None]
    if not reasons:
        yield NOT_STATED
    for reason in reasons:
        in_court = reason.ground == "legal-proceedings"
        known = reason.filed_at_court if in_court else reason.ground in THE_CODES_GROUNDS
        place = ("exclusions", reason.code, "wording")
        yield Judgement("met" if known else "judge", _quoted(reason.wording), place).by(reason)


def age_limit(policy: Policy) -> Iterator[Judgement]:
    """Judges the age from which a complaint is refused, and its exceptions (2.3)."""
    limits = [each for each in _refusals(policy) if each.older_than is not None]
    if not limits:
        yield NOT_STATED
    for limit in limits:
        yield from _one_age_limit(limit)


def _one_age_limit(limit: Exclusion) -> Iterator[Judgement]:
    if limit.older_than is None:
        return
    # It is the landlord's limit that must not be shorter, so the Code's has to lie within it.
    verdict = BY_LENGTH[compare(TWELVE_MONTHS, limit.older_than)]
    place: Place = ("exclusions", limit.code, "older_than")
    yield Judgement(verdict, str(limit.older_than), place).by(limit)
    words = "An older complaint is accepted all the same where there is good reason"
    if limit.stated and not limit.exceptions:
        yield NOT_STATED._replace(words=words)
    for exception in limit.exceptions:
        place = ("exclusions", limit.code, "exceptions", exception.code, "wording")
        found = Judgement("met", _quoted(exception.wording), place, words)
        yield found.by(limit, exception)


def refusal_letter(policy: Policy) -> Iterator[Judgement]:
    """Judges whether a refusal says that the Ombudsman can be asked (2.4)."""
    if not _stated_refusals(policy):
        yield NOT_STATED
        return
    signpost = ombudsman_in(policy, stage=policy.stages[0].name, notice="refusal")
    if signpost is None:
        yield Judgement("not-met", "the letter names no Ombudsman", ("signposts",))
    else:
        place = ("signposts", signpost.name, "name")
        yield Judgement("met", f"the letter names the {signpost.name}", place)


def blanket_exclusions(policy: Policy) -> Iterator[Judgement]:
    """Shows which reasons for refusing know no exception; a person judges the cases (2.5)."""
    stated = _stated_refusals(policy)
    if not stated:
        yield NOT_STATED
        return
    without = [each.code for each in stated if not each.exceptions]
    if without:
        value = f"no exceptions from: {_list(without)}"
        yield Judgement("judge", value, ("exclusions", without[0], "code"))
    else:
        yield Judgement("judge", "every reason has exceptions", ("exclusions",))


def channels(policy: Policy) -> Iterator[Judgement]:
    """Judges whether there is more than one way to complain (3.1)."""
    if policy.channels is None:
        yield NOT_STATED
        return
    named = policy.channels.named
    place = ("channels", "named")
    yield Judgement(met_if(len(named) > 1), _list(named), place).by(policy.channels)


def records(policy: Policy) -> Iterator[Judgement]:
    """Shows how long case files are kept; what is in them a person judges (5.12)."""
    kept = policy.retention
    if kept is None:
        yield Judgement("judge")
    else:
        value = f"the case file is kept for {kept.case_file}"
        yield Judgement("judge", value, ("retention", "case_file"))


def restrictions(policy: Policy) -> Iterator[Judgement]:
    """Judges whether restrictions for unacceptable behaviour are reviewed (5.14)."""
    behaviour = policy.unacceptable_behaviour
    if behaviour is None or not behaviour.reviewed:
        yield NOT_STATED
        return
    value = f"reviewed after {behaviour.lasts}" if behaviour.lasts else "reviewed"
    yield Judgement("met", value, ("unacceptable_behaviour", "reviewed")).by(behaviour)


def triage(policy: Policy) -> Iterator[Judgement]:
    """Shows what gives a complaint priority; a person judges whether that is all (6.1)."""
    if policy.priority is None and policy.at_once is None:
        yield NOT_STATED
    for key, rule in (("priority", policy.priority), ("at_once", policy.at_once)):
        if rule is not None:
            value = " ".join(ground.wording for ground in rule.grounds)
            yield Judgement("judge", value, (key, "grounds")).by(rule)


def further_complaints(policy: Policy) -> Iterator[Judgement]:
    """Judges whether a further complaint joins an open one (6.8)."""
    rule = policy.further_complaints
    if rule is None:
        yield NOT_STATED
        return
    joins = rule.join_before_response
    value = "it joins while the response is not out" if joins else "it never joins"
    place = ("further_complaints", "join_before_response")
    yield Judgement(met_if(joins), value, place).by(rule)


def remedies(policy: Policy) -> Iterator[Judgement]:
    """Shows what can put a complaint right; a person judges whether that is all it takes (7.1)."""
    if not policy.remedies:
        yield NOT_STATED
        return
    value = "; ".join(_quoted(remedy.wording) for remedy in policy.remedies)
    yield Judgement("judge", value, ("remedies",)).by(*policy.remedies)


def _refusals(policy: Policy) -> list[Exclusion]:
    """Returns the reasons for refusing a complaint; to say that it is none is no refusal (1.4)."""
    return [each for each in policy.exclusions if each.ground != "not-a-complaint"]


def _stated_refusals(policy: Policy) -> list[Exclusion]:
    return [each for each in _refusals(policy) if each.stated]


def _quoted(wording: str) -> str:
    """Returns words for the resident as a value, which ends without a full stop."""
    return wording.removesuffix(".")


def _list(codes: Iterable[str]) -> str:
    return ", ".join(code.replace("-", " ") for code in codes)


CHECKS: dict[str, Check] = {
    "1.2": definition,
    "1.3": who_complains,
    "1.4": service_requests,
    "1.5": unhappy_requests,
    "2.1": valid_reasons,
    "2.2": reasons_set_out,
    "2.3": age_limit,
    "2.4": refusal_letter,
    "2.5": blanket_exclusions,
    "3.1": channels,
    "5.12": records,
    "5.14": restrictions,
    "6.1": triage,
    "6.8": further_complaints,
    "7.1": remedies,
}
"""Which provision each function judges."""
