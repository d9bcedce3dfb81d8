"""The Regulator's measures: the disputed choices are switches, and rates are rounded half up."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from services.reporting.measures.measure import Measure, Verdict, met, not_met, out
from services.reporting.measures.switches import Switches
from services.reporting.measures.tenant_satisfaction import measures, per_1000_homes

COMPLAINT = {
    "code_stage": "1",
    "state": "closed",
    "tenure": "rented",
    "decline_reason": None,
    "responded_by_code": "in-time",
}


def judged(name: str, switches: Switches, **facts: str | None) -> Verdict:
    found: dict[str, Measure] = {measure.name: measure for measure in measures(switches)}
    measure = found[name]
    given = {**COMPLAINT, **facts}
    return measure.rule(SimpleNamespace(**{fact: given[fact] for fact in measure.reads}))


@pytest.mark.parametrize(
    ("switches", "verdict"),
    [
        (Switches(), not_met("unanswered")),
        (Switches(ch02_of="received"), not_met("unanswered")),
        (Switches(ch02_of="responded"), out("unanswered")),
    ],
)
def test_what_is_not_answered_counts_by_the_denominator_chosen(
    switches: Switches, verdict: Verdict
) -> None:
    assert judged("ch02-1", switches, responded_by_code="none") == verdict
    assert judged("ch02-1", switches) == met("in-time")
    assert judged("ch02-1", switches, responded_by_code="extended") == met("extended")
    assert judged("ch02-1", switches, responded_by_code="late") == not_met("late")


@pytest.mark.parametrize("name", ["ch01-1", "ch02-1"])
def test_refused_declined_and_withdrawn_complaints_count_as_the_switches_say(name: str) -> None:
    assert judged(name, Switches(), state="refused") == out("refused")
    assert judged(name, Switches(), state="withdrawn").standing == "met"
    assert judged(name, Switches(), decline_reason="no-grounds") == out("declined")
    turned = Switches(refused_count=True, withdrawn_count=False, declined_count=True)
    assert judged(name, turned, decline_reason="no-grounds").standing == "met"
    assert judged(name, turned, state="refused").standing == "met"
    assert judged(name, turned, state="withdrawn") == out("withdrawn")


def test_an_extension_that_is_longer_than_the_code_allows_counts_as_the_switch_says() -> None:
    agreed, read_so = (
        {"responded_by_code": "extended-by-agreement"},
        Switches(agreed_extensions_count=True),
    )
    assert judged("ch02-1", Switches(), **agreed) == not_met("extended-by-agreement")
    assert judged("ch02-1", read_so, **agreed) == met("extended-by-agreement")
    for never in ("extended-beyond-the-code", "extension-not-told"):
        assert judged("ch02-1", read_so, responded_by_code=never) == not_met(never)


def test_only_the_stage_and_the_homes_that_are_meant_count() -> None:
    switches = Switches()
    assert judged("ch01-2", switches) == out("not-this-stage")
    assert judged("ch01-2", switches, code_stage="2") == met("received")
    assert judged("ch01-1", switches, code_stage=None) == out("not-this-stage")
    assert judged("ch01-1", switches, tenure=None) == out("tenure-not-recorded")
    assert judged("ch01-1", switches, tenure="other") == out("not-a-relevant-home")
    assert judged("ch01-1", switches, tenure="shared-ownership") == met("received")


def test_each_sentence_says_how_its_switches_are_set() -> None:
    (said,) = [one.says for one in measures(Switches(ch02_of="responded")) if one.name == "ch02-1"]
    assert "complaints responded" in said
    assert "refused do not count" in said
    assert "declined do not count" in said
    assert "to which the resident agreed, does not count" in said
    assert "withdrawn count" in said


@pytest.mark.parametrize(
    ("complaints", "homes", "rate"),
    [
        (135, 2836, "47.6"),
        (1, 8000, "0.1"),  # 0.125
        (1, 4000, "0.3"),  # 0.25, half up and not to the even digit
        (0, 100, "0.0"),
        (5, 0, None),
    ],
)
def test_a_rate_for_a_thousand_homes_has_one_decimal(
    complaints: int, homes: int, rate: str | None
) -> None:
    assert per_1000_homes(complaints, homes) == (None if rate is None else Decimal(rate))
